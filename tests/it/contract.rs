//! A server whose paths and names all differ, and the file in the configuration folder that describes it.

use std::sync::{Arc, Mutex};

use pulse_keys_core::view::{
    BrowserOperation, CreateOutcome, DeleteOutcome, ErrorCode, RotateOutcome, RotateReason, UiError,
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::proxy::{end_of_head, request as read_request};
use crate::world::{WHOLE_SANDBOX, World, new_key, request, rotation};

/// The file that makes the app work with [`Elsewhere`].
const DESCRIPTION: &str = r#"
[calls]
user = "GET /v2/me"
list = "GET /v2/tokens"
key = "GET /v2/tokens/{id}"
abilities = "GET /v2/scopes"
create = "PUT /v2/tokens"
rotate = "PATCH /v2/tokens/{id}/secret"
delete = "DELETE /v2/tokens/{id}"
monitors = false
incidents = false

[pages]
by = "cursor"
size = 2
size_parameter = "pageSize"
cursor_parameter = "after"
next_cursor = "nextCursor"

[answers]
list = "items"
record = "item"
token = "secret"
message = "reason"
deleted = [202]

[key]
id = "tokenId"
name = "title"
last_eight = "lastEight"
abilities = "scopes"
team = "workspace"
last_used_at = "lastUsedAt"
created_at = "createdAt"
rotated_at = "rotatedAt"

[user]
name = "displayName"
current_team = "workspace"
teams = "workspaces"

[team]
id = "workspaceId"
name = "title"

[ability]
name = "scope"
description = "meaning"

[new_key]
name = "title"
abilities = "scopes"
team_id = "workspaceId"
"#;

const CREDENTIAL: &str = "1|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9";

/// Keys, newest first, with their secrets; and what was asked, as method and target.
#[derive(Default)]
struct State {
    keys: Vec<Value>,
    made: u32,
    asked: Vec<String>,
    /// It says that it has accepted a deletion, and does nothing.
    forgets_deletions: bool,
}

/// A server of another mind. It stops when it is dropped.
struct Elsewhere {
    address: String,
    state: Arc<Mutex<State>>,
    listening: JoinHandle<()>,
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Elsewhere {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let keys = [5, 4, 3, 2]
            .map(|id| key(id, &format!("Token {id}"), "01234567"))
            .into_iter()
            .chain([key(1, "Pulse Keys", "cb4a95b9")]);
        let state = Arc::new(Mutex::new(State {
            keys: keys.collect(),
            made: 5,
            ..State::default()
        }));
        let listening = tokio::spawn({
            let state = Arc::clone(&state);
            async move {
                while let Ok((near, _)) = listener.accept().await {
                    tokio::spawn(answer(near, Arc::clone(&state)));
                }
            }
        });
        Self {
            address,
            state,
            listening,
        }
    }

    fn titles(&self) -> Vec<String> {
        let state = self.state.lock().unwrap();
        let title = |key: &Value| key["title"].as_str().unwrap().to_owned();
        state.keys.iter().map(title).collect()
    }

    fn was_asked(&self, call: &str) -> bool {
        let state = self.state.lock().unwrap();
        state.asked.iter().any(|asked| asked.starts_with(call))
    }
}

fn key(id: u32, title: &str, last_eight: &str) -> Value {
    json!({
        "tokenId": id,
        "title": title,
        "lastEight": last_eight,
        "scopes": ["everything"],
        "workspace": {"workspaceId": "w1", "title": "Ops"},
        "lastUsedAt": null,
        "createdAt": "2026-01-05T10:00:00Z",
        "rotatedAt": null,
    })
}

async fn answer(mut near: TcpStream, state: Arc<Mutex<State>>) {
    let Some(whole) = read_request(&mut near).await else {
        return;
    };
    let head_end = end_of_head(&whole).unwrap();
    let head = String::from_utf8_lossy(&whole[..head_end]).into_owned();
    let (method, target) = {
        let mut line = head.lines().next().unwrap().split(' ');
        (line.next().unwrap(), line.next().unwrap())
    };
    let body = serde_json::from_slice(&whole[head_end..]).unwrap_or(Value::Null);
    let (status, body) = if head.contains(&format!("Bearer {CREDENTIAL}")) {
        reply(&mut state.lock().unwrap(), method, target, &body)
    } else {
        (401, json!({"reason": "Who are you?"}))
    };
    let body = body.to_string();
    let told = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let _ = near.write_all(told.as_bytes()).await;
    let _ = near.shutdown().await;
}

fn reply(state: &mut State, method: &str, target: &str, body: &Value) -> (u16, Value) {
    state.asked.push(format!("{method} {target}"));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let place = |id: &str, keys: &[Value]| {
        keys.iter()
            .position(|key| key["tokenId"].as_u64() == id.parse().ok())
    };
    match (method, &parts[..]) {
        ("GET", ["v2", "me"]) => (
            200,
            json!({"item": {"id": 9, "displayName": "Ada", "email": "ada@example.com",
                "workspaces": [{"workspaceId": "w1", "title": "Ops", "role": "owner"}],
                "workspace": {"workspaceId": "w1", "title": "Ops"}}}),
        ),
        ("GET", ["v2", "scopes"]) => (
            200,
            json!({"items": [{"scope": "everything", "meaning": "All of it"}]}),
        ),
        ("GET", ["v2", "tokens"]) => page(state, query),
        ("GET", ["v2", "tokens", id]) => match place(id, &state.keys) {
            Some(place) => (200, json!({"item": state.keys[place]})),
            None => (404, json!({"reason": "No such token."})),
        },
        ("PUT", ["v2", "tokens"]) => {
            state.made += 1;
            let secret = format!("{}-key-of-no-known-form", state.made);
            let mut made = key(
                state.made,
                body["title"].as_str().unwrap(),
                &secret[secret.len() - 8..],
            );
            made["scopes"] = body["scopes"].clone();
            state.keys.insert(0, made.clone());
            (201, json!({"item": made, "secret": secret}))
        }
        ("PATCH", ["v2", "tokens", id, "secret"]) => match place(id, &state.keys) {
            Some(place) => {
                let secret = format!("{id}-another-of-no-known-form!");
                let secret = secret.trim_end_matches('!').to_owned();
                state.keys[place]["lastEight"] = json!(secret[secret.len() - 8..]);
                state.keys[place]["rotatedAt"] = json!("2026-11-01T10:00:00Z");
                (200, json!({"item": state.keys[place], "secret": secret}))
            }
            None => (404, json!({"reason": "No such token."})),
        },
        ("DELETE", ["v2", "tokens", id]) => match place(id, &state.keys) {
            Some(place) => {
                if !state.forgets_deletions {
                    state.keys.remove(place);
                }
                (202, json!({"state": "accepted"}))
            }
            None => (404, json!({"reason": "No such token."})),
        },
        _ => (404, json!({"reason": "There is nothing here."})),
    }
}

fn page(state: &State, query: &str) -> (u16, Value) {
    let parameter = |name: &str| {
        let mut all = query.split('&').filter_map(|pair| pair.split_once('='));
        all.find_map(|(key, value)| (key == name).then_some(value))
    };
    let known = ["pageSize", "after"];
    let is_known = |pair: &str| {
        pair.split_once('=')
            .is_some_and(|(name, _)| known.contains(&name))
    };
    if !query.split('&').all(is_known) {
        return (422, json!({"reason": "What is that?"}));
    }
    let size: usize = parameter("pageSize").unwrap().parse().unwrap();
    let from: usize = parameter("after").map_or(0, |cursor| cursor.parse().unwrap());
    let items: Vec<&Value> = state.keys.iter().skip(from).take(size).collect();
    let next = from + items.len();
    let next = (next < state.keys.len()).then(|| next.to_string());
    (200, json!({"items": items, "nextCursor": next}))
}

/// An app without a keychain that was started with this file in its configuration folder.
async fn started_with(contract: &str) -> World {
    let mut world = World::new().await;
    world.restart_after(|folders| {
        std::fs::write(folders.contract_file(), contract).unwrap();
    });
    world
}

async fn refused(world: &World, address: &str) -> UiError {
    world.connect_with(address, CREDENTIAL).await.unwrap_err()
}

#[tokio::test]
async fn a_file_makes_the_app_work_where_every_path_and_name_differs() {
    let elsewhere = Elsewhere::start().await;
    let world = started_with(DESCRIPTION).await;
    let state = world
        .connect_with(&elsewhere.address, CREDENTIAL)
        .await
        .unwrap();
    let account = state.active.unwrap();
    assert_eq!(state.accounts[0].teams[0].name, "Ops");
    assert_eq!(state.accounts[0].user_name, "Ada");

    let told = world.app.refresh_keys(account, |_| {}).await.unwrap();
    assert_eq!((told.total, told.incomplete), (5, None));
    let rows = world.cached(account).await;
    assert_eq!(rows.iter().filter(|row| row.own).count(), 1);
    assert_eq!(rows[0].name, "Token 5");

    let form = world.app.create_form(account).await.unwrap();
    assert_eq!(form.groups[0].abilities[0].name, "everything");
    let made = world
        .app
        .create_key(&new_key(account, "Fresh"))
        .await
        .unwrap();
    let CreateOutcome::Created { token } = made else {
        panic!("{made:?}");
    };
    let text = world.reveal(token.id).await;
    assert_eq!(text.expose_secret(), "6-key-of-no-known-form");
    assert_eq!(token.name, "Fresh");

    let rotated = world
        .app
        .rotate_key(&rotation(account, 4, RotateReason::Routine))
        .await;
    let RotateOutcome::Rotated {
        token,
        trouble: None,
        ..
    } = rotated.unwrap()
    else {
        panic!("it was not rotated");
    };
    let text = world.reveal(token.id).await;
    assert_eq!(text.expose_secret(), "4-another-of-no-known-form");

    let card = world.app.delete_card(&request(account, 3)).await.unwrap();
    assert_eq!(card.key.name, "Token 3");
    let outcome = world
        .delete_typing(account, 3, card.phrase.as_deref())
        .await;
    assert!(
        matches!(outcome, DeleteOutcome::Deleted { .. }),
        "{outcome:?}"
    );
    assert_eq!(
        elsewhere.titles(),
        ["Fresh", "Token 5", "Token 4", "Token 2", "Pulse Keys"]
    );

    let asked = elsewhere.state.lock().unwrap().asked.clone();
    let known = |call: &String| call.contains(" /v2/");
    assert!(asked.iter().all(known), "{asked:?}");
}

#[tokio::test]
async fn accepted_is_no_proof_of_a_deletion_that_the_list_contradicts() {
    let elsewhere = Elsewhere::start().await;
    let world = started_with(DESCRIPTION).await;
    let state = world
        .connect_with(&elsewhere.address, CREDENTIAL)
        .await
        .unwrap();
    let account = state.active.unwrap();
    elsewhere.state.lock().unwrap().forgets_deletions = true;
    let card = world.app.delete_card(&request(account, 3)).await.unwrap();
    let outcome = world
        .delete_typing(account, 3, card.phrase.as_deref())
        .await;
    assert!(
        !matches!(outcome, DeleteOutcome::Deleted { .. }),
        "{outcome:?}"
    );
    assert!(elsewhere.was_asked("DELETE /v2/tokens/3"));
}

#[tokio::test]
async fn a_wrong_file_is_told_with_its_line_and_the_server_is_not_met_as_another() {
    let (mut world, account) = World::with_keychain().await;
    let listed = world.refreshed(account).await.len();
    world.restart_after(|folders| {
        std::fs::write(
            folders.contract_file(),
            "[calls]\nlist = \"GET //else.where\"\n",
        )
        .unwrap();
    });
    let asked = world.faults().requests().len();
    let error = world.app.refresh_keys(account, |_| {}).await.unwrap_err();
    assert!(
        error.message.contains("contract.toml, line 2"),
        "{}",
        error.message
    );
    assert!(error.hint.contains("Fix the file"), "{}", error.hint);
    // What was seen last is still there, the rest of the app works, and nothing at all was sent.
    assert_eq!(world.cached(account).await.len(), listed);
    assert!(world.app.delete_card(&request(account, 1)).await.is_err());
    assert!(world.app.create_key(&new_key(account, "No")).await.is_err());
    let base = world.sandbox.base_url();
    let refused = refused(&world, &base).await;
    assert!(
        refused.message.contains("contract.toml, line 2"),
        "{}",
        refused.message
    );
    assert_eq!(refused.code, ErrorCode::Address);
    assert_eq!(world.faults().requests().len(), asked);
    let places = world.app.state().await.places;
    let place = places
        .iter()
        .find(|place| place.path.contains("contract.toml"));
    assert!(place.unwrap().path.contains("can’t be used"));

    // Mended, the app is as before.
    world.restart_after(|folders| {
        std::fs::write(folders.contract_file(), "# all as built in\n").unwrap();
    });
    assert_eq!(world.refreshed(account).await.len(), listed);
}

#[tokio::test]
async fn the_sandbox_is_as_built_in_whatever_the_file_says_of_other_servers() {
    let world = started_with(DESCRIPTION).await;
    let state = world.app.try_sandbox(&WHOLE_SANDBOX).await.unwrap();
    let account = state.active.unwrap();
    assert!(!world.refreshed(account).await.is_empty());
    world.created(account, "From the sandbox").await;
}

#[tokio::test]
async fn an_action_that_the_server_has_not_is_refused_before_anything_is_asked_or_sent() {
    let (mut world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    world.restart_after(|folders| {
        let contract = "[calls]\nrotate = false\nabilities = false\n";
        std::fs::write(folders.contract_file(), contract).unwrap();
    });
    let card = world
        .app
        .rotate_card(&request(account, key.id))
        .await
        .unwrap_err();
    assert!(
        card.message.contains("cannot rotate keys"),
        "{}",
        card.message
    );
    assert_eq!(card.code, ErrorCode::Other);
    // The page does not come to ask for it: it leads to the browser.
    let state = world.app.state().await;
    assert_eq!(state.accounts[0].in_browser, [BrowserOperation::Rotate]);
    let guided = world
        .app
        .browser_rotate_card(&request(account, key.id))
        .await;
    assert_eq!(guided.unwrap().key.last_eight.len(), 8);
    let rotated = world
        .app
        .rotate_key(&rotation(account, key.id, RotateReason::Leaked))
        .await;
    assert_eq!(rotated.unwrap_err().message, card.message);
    assert!(world.host.asked.lock().unwrap().is_empty());
    // The form has what needs no list of abilities, and making a key works.
    assert!(world.app.create_form(account).await.is_ok());
    world.created(account, "Made").await;
    let outcome = world.delete(account, key.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::Deleted { .. }),
        "{outcome:?}"
    );
}
