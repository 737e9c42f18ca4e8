//! The client goes by the contract of its account: what it sends, what it finds in the answers, and what it leaves.

use futures_util::StreamExt as _;
use pulseapi::{Client, Contract, Error, IdempotencyKey, KeyId, NewKey, Operation, Options};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::contract::{by, refusal};
use crate::support::{FRESH, Reply, Server, base, client_with, options, token};

#[tokio::test]
async fn nothing_is_sent_by_a_contract_that_can_not_be_used() {
    let server = Server::replying(vec![Reply::message(404, "Not found.")]).await;
    let options = Options {
        contract: Contract::refused(refusal("[calls]\nlist = 5")),
        ..options().0
    };
    let refused = Client::new(server.base("/v1"), token(), options.clone()).unwrap_err();
    let told = refused.to_string();
    assert!(told.contains("contract.toml, line 2"), "{told}");
    assert!(!refused.outcome_unknown());
    let found = pulseapi::discover(&server.base("/v1"), &token(), &options).await;
    assert_eq!(found.unwrap_err(), refused);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_call_that_there_is_not_is_not_made() {
    let server = Server::replying(vec![Reply::message(404, "Not found.")]).await;
    let client = client_with(&server, by("[calls]\nrotate = false\nuser = false"));
    let id = KeyId::parse("41").unwrap();
    let refused = client
        .rotate_key(&id, IdempotencyKey::random())
        .await
        .unwrap_err();
    assert_eq!(refused, client.offers(Operation::Rotate).unwrap_err());
    assert!(matches!(refused, Error::NotOffered { .. }), "{refused}");
    assert!(!refused.outcome_unknown());
    assert!(client.user().await.is_err());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_key_is_found_in_the_list_where_there_is_no_call_for_one() {
    let key = crate::support::key(41);
    let page = json!({"data": [key], "meta": {"current_page": 1, "last_page": 1, "total": 1}});
    let server = Server::replying(vec![Reply::json(200, &page)]).await;
    let client = client_with(&server, by("[calls]\nkey = false"));
    let found = client.key(&KeyId::parse("41").unwrap()).await.unwrap();
    assert_eq!(found.name, "Key 41");
    let lacking = client.key(&KeyId::parse("42").unwrap()).await;
    assert_eq!(lacking.unwrap_err(), Error::NotFound);
    assert!(
        server
            .requests()
            .iter()
            .all(|asked| asked.path() == "/v1/api-keys")
    );
}

const CAMEL: &str = r#"
[answers]
list = "items"
record = "item"
token = "secret"
message = "error"

[key]
id = "tokenId"
last_eight = "lastEight"
last_used_at = "lastUsedAt"
team = "workspace"

[team]
id = "workspaceId"
"#;

#[tokio::test]
async fn a_departure_is_told_in_the_names_of_the_server() {
    let reads = |body: Value| async move {
        let server = Server::replying(vec![Reply::json(200, &body)]).await;
        let client = client_with(&server, by(CAMEL));
        client.keys().next().await.unwrap()
    };
    let key = json!({"tokenId": 1, "lastEight": "a1b2c3d4", "lastUsedAt": null,
        "workspace": {"workspaceId": 3, "name": "Ops"}});
    let page = reads(json!({"items": [key.clone()]})).await.unwrap();
    assert_eq!(page.keys[0].team.as_ref().unwrap().name, "Ops");
    assert!(page.keys[0].last_use_reported);

    let mut without = key.clone();
    without.as_object_mut().unwrap().remove("lastEight");
    let told = reads(json!({"items": [without]}))
        .await
        .unwrap_err()
        .to_string();
    assert!(told.contains("items[0].lastEight"), "{told}");
    let mut other = key;
    other["workspace"]["workspaceId"] = json!([]);
    let told = reads(json!({"items": [other]}))
        .await
        .unwrap_err()
        .to_string();
    assert!(told.contains("items[0].workspace.workspaceId"), "{told}");
}

#[tokio::test]
async fn a_fresh_token_is_found_under_the_servers_name_and_still_under_every_known_one() {
    for (name, odd) in [
        ("secret", true),
        ("plainTextToken", true),
        ("whatever", false),
    ] {
        let text = if odd { "no-form-of-ours" } else { FRESH };
        let body = json!({"item": {"tokenId": 41, "lastEight": "cb4a95b9"}, name: text});
        let server = Server::replying(vec![Reply::json(201, &body)]).await;
        let client = client_with(&server, by(CAMEL));
        let new = NewKey {
            name: "CI".into(),
            abilities: vec!["*".into()],
            team: None,
        };
        let made = client
            .create_key(&new, IdempotencyKey::random())
            .await
            .unwrap();
        assert_eq!(made.token.secret().expose_secret(), text, "{name}");
        assert_eq!(made.key.unwrap().id.as_str(), "41");
    }
}

#[tokio::test]
async fn accepted_means_deleted_only_where_the_contract_says_so() {
    let id = KeyId::parse("41").unwrap();
    for (contract, is_done) in [("", false), ("[answers]\ndeleted = [202]", true)] {
        for reply in [Reply::empty(202), Reply::message(202, "Accepted.")] {
            let server = Server::replying(vec![reply]).await;
            let client = client_with(&server, by(contract));
            let deleted = client.delete_key(&id, IdempotencyKey::random()).await;
            assert_eq!(deleted.is_ok(), is_done, "{contract}");
        }
    }
}

const BY_CURSOR: &str = "[pages]\nby = \"cursor\"\nsize_parameter = \"limit\"\ncursor_parameter = \"after\"\n\
                         next_cursor = \"page.next\"\n";

async fn whole_list(pages: Vec<Value>) -> (Vec<bool>, Vec<String>) {
    let replies = pages.iter().map(|page| Reply::json(200, page)).collect();
    let server = Server::replying(replies).await;
    let client = client_with(&server, by(BY_CURSOR));
    let pages: Vec<_> = client.keys().collect().await;
    let adds_up = pages.into_iter().map(|page| page.unwrap().adds_up);
    let asked = server
        .requests()
        .iter()
        .map(|asked| asked.target.clone())
        .collect();
    (adds_up.collect(), asked)
}

#[tokio::test]
async fn pages_by_cursor_begin_without_a_number_and_end_where_no_cursor_leads_on() {
    let key = crate::support::key;
    let (adds_up, asked) = whole_list(vec![
        json!({"data": [key(1)], "page": {"next": "b c"}}),
        json!({"data": [key(2)], "page": {}}),
    ])
    .await;
    assert_eq!(adds_up, [true, true]);
    assert_eq!(
        asked,
        ["/v1/api-keys?limit=100", "/v1/api-keys?after=b+c&limit=100"]
    );
    let (adds_up, _) = whole_list(vec![json!({"data": [key(1)], "page": {"next": null}})]).await;
    assert_eq!(adds_up, [true]);
}

#[tokio::test]
async fn a_list_that_never_speaks_of_a_cursor_is_no_proof_of_anything() {
    let (adds_up, asked) = whole_list(vec![json!({"data": [crate::support::key(1)]})]).await;
    assert_eq!(adds_up, [false]);
    assert_eq!(asked.len(), 1);
}

#[tokio::test]
async fn the_prefixes_of_a_contract_are_tried_at_the_same_origin() {
    let server = Server::replying(vec![Reply::message(404, "Not found.")]).await;
    let address = server.base("");
    let options = by("[address]\nprefixes = [\"/v2\"]");
    let _ = pulseapi::discover(&address, &token(), &options).await;
    let asked: Vec<_> = server
        .requests()
        .iter()
        .map(|asked| asked.path().to_owned())
        .collect();
    assert!(asked.iter().any(|path| path == "/v2/api-keys"), "{asked:?}");
    assert!(
        !asked.iter().any(|path| path.starts_with("/v1")),
        "{asked:?}"
    );
    let documented = base("https://api.example.com").candidates();
    assert_eq!(documented.len(), 3);
}

#[tokio::test]
async fn another_process_of_the_app_goes_by_the_same_contract() {
    for text in ["", CAMEL, "[calls]\nrotate = false"] {
        let contract = Contract::read(text, "contract.toml").unwrap();
        let handed_over = serde_json::to_string(&contract).unwrap();
        let there: Contract = serde_json::from_str(&handed_over).unwrap();
        assert_eq!(there.is_built_in(), text.is_empty());
        assert_eq!(
            there.offers(Operation::Rotate),
            contract.offers(Operation::Rotate)
        );
        assert_eq!(serde_json::to_string(&there).unwrap(), handed_over);
    }
}
