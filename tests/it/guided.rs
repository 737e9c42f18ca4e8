//! Guided mode: a service without endpoints for keys, and the list that the user keeps instead.

use pulse_keys_core::host::Reply;
use pulse_keys_core::view::{
    AccountId, CachedKeys, KeyRequest, KeyRow, NoteField, NoteKeyRequest, NoteKeysRequest,
    NoteOutcome, NotedKey, SearchTier, TableRead, TableRequest, TableRow, UsageRequest,
};
use sandbox::Settings;
use secrecy::{ExposeSecret, SecretString};

use crate::world::World;

/// An app that is signed in to a server without key endpoints.
async fn guided() -> (World, AccountId) {
    let world = World::with(Settings {
        key_endpoints: false,
        ..Settings::default()
    })
    .await;
    let state = world.connect(&world.sandbox.base_url()).await.unwrap();
    (world, state.active.unwrap())
}

pub(crate) fn typed(account: AccountId, name: &str, last_eight: &str) -> NoteKeyRequest {
    NoteKeyRequest {
        account,
        key: None,
        name: name.to_owned(),
        last_eight: last_eight.to_owned(),
        abilities: "monitors:read".to_owned(),
        team: None,
        last_used: "Never".to_owned(),
        created: "2026-01-02".to_owned(),
    }
}

pub(crate) fn list(outcome: NoteOutcome) -> CachedKeys {
    match outcome {
        NoteOutcome::Noted { list } => list,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn listed(world: &World, account: AccountId) -> Vec<KeyRow> {
    world.app.cached_keys(account).await.unwrap().keys
}

async fn table(world: &World, account: AccountId, text: &str) -> (Vec<TableRow>, Vec<String>) {
    let text = SecretString::from(text);
    let request = TableRequest::Text { account, text };
    match world.app.read_table(request).await.unwrap() {
        TableRead::Read { rows, notes } => (rows, notes),
        TableRead::Cancelled => panic!("nobody was asked"),
    }
}

#[tokio::test]
async fn a_key_is_written_down_described_anew_and_taken_off_the_list() {
    let (world, account) = guided().await;
    let keys = list(
        world
            .app
            .note_key(&typed(account, "CI", "…ab12cd34"))
            .await
            .unwrap(),
    )
    .keys;
    let [key] = keys.as_slice() else {
        panic!("{keys:?}")
    };
    assert_eq!(
        (key.name.as_str(), key.last_eight.as_str()),
        ("CI", "ab12cd34")
    );
    assert!(key.noted_at.is_some() && key.last_use_known && !key.own);

    let again = NoteKeyRequest {
        key: Some(key.id.clone()),
        last_used: String::new(),
        ..typed(account, "CI, main", "ab12cd34")
    };
    let keys = list(world.app.note_key(&again).await.unwrap()).keys;
    assert_eq!(keys[0].id, key.id);
    assert_eq!(keys[0].name, "CI, main");
    assert!(!keys[0].last_use_known);

    let request = KeyRequest {
        account,
        key: key.id.clone(),
    };
    *world.host.says.lock().unwrap() = Reply::No;
    let kept = world.app.unlist_key(&request).await.unwrap();
    assert_eq!(kept, NoteOutcome::Cancelled);
    assert_eq!(listed(&world, account).await.len(), 1);
    *world.host.says.lock().unwrap() = Reply::Yes;
    assert_eq!(list(world.app.unlist_key(&request).await.unwrap()).keys, []);
    let said = world
        .host
        .asked
        .lock()
        .unwrap()
        .last()
        .unwrap()
        .paragraphs
        .join(" ");
    assert!(said.contains("does not delete the key"), "{said}");
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_nothing_is_written_down() {
    let (world, account) = guided().await;
    list(
        world
            .app
            .note_key(&typed(account, "CI", "ab12cd34"))
            .await
            .unwrap(),
    );
    let token = world.credential.expose_secret();
    for (request, field) in [
        (typed(account, token, "ffee0011"), NoteField::Name),
        (typed(account, "CI", token), NoteField::LastEight),
        (typed(account, "CI", "short"), NoteField::LastEight),
        (typed(account, "Another", "ab12cd34"), NoteField::LastEight),
        (
            NoteKeyRequest {
                abilities: token.to_owned(),
                ..typed(account, "CI", "ffee0011")
            },
            NoteField::Abilities,
        ),
        (
            NoteKeyRequest {
                last_used: "11/12/2026".to_owned(),
                ..typed(account, "CI", "ffee0011")
            },
            NoteField::LastUsed,
        ),
    ] {
        let outcome = world.app.note_key(&request).await.unwrap();
        let NoteOutcome::Refused { problems } = outcome else {
            panic!("{field:?}")
        };
        assert_eq!(problems[0].field, field);
        assert!(!problems[0].message.contains(token));
    }
    assert_eq!(listed(&world, account).await.len(), 1);
}

#[tokio::test]
async fn a_pasted_table_is_shown_for_review_and_only_what_is_ticked_gets_into_the_list() {
    let (world, account) = guided().await;
    list(
        world
            .app
            .note_key(&typed(account, "Old name", "ab12cd34"))
            .await
            .unwrap(),
    );
    let token = world.credential.expose_secret();
    let text = format!(
        "Name\tToken\tLast used\tCreated\n\
         CI\t…ab12cd34\t2 days ago\t2026-01-02\n\
         Zapier\t…ffee0011\tNever\t2026-01-02\n\
         Leak\t{token}\tNever\t2026-01-02\n"
    );
    let (rows, notes) = table(&world, account, &text).await;
    assert_eq!(notes, Vec::<String>::new());
    let taken: Vec<_> = rows.iter().map(|row| row.key.is_some()).collect();
    assert_eq!(taken, [true, true, false]);
    assert!(rows[0].replaces && !rows[1].replaces);
    assert_eq!(listed(&world, account).await.len(), 1, "only read so far");

    let keys: Vec<NotedKey> = rows.into_iter().filter_map(|row| row.key).collect();
    let request = NoteKeysRequest { account, keys };
    let noted = list(world.app.note_keys(&request).await.unwrap());
    let names: Vec<_> = noted.keys.iter().map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["Zapier", "CI"], "what is new stands on top");
    assert_eq!(noted.fetched_at, None);
}

#[tokio::test]
async fn a_page_cannot_bring_in_what_the_fields_would_not_take() {
    let (world, account) = guided().await;
    let (rows, _) = table(&world, account, "CI\t…ab12cd34\n").await;
    let honest = rows[0].key.clone().unwrap();
    let token = world.credential.expose_secret().to_owned();
    let forged = NotedKey {
        name: token,
        ..honest.clone()
    };
    let request = NoteKeysRequest {
        account,
        keys: vec![honest, forged],
    };
    let NoteOutcome::Refused { problems } = world.app.note_keys(&request).await.unwrap() else {
        panic!("a whole token is no name");
    };
    let problem = (problems[0].holds_token, problems[0].last_eight.as_deref());
    assert_eq!(
        problem,
        (true, Some("ab12cd34")),
        "what is to be wiped is told"
    );
    assert_eq!(listed(&world, account).await, []);
}

#[tokio::test]
async fn the_key_that_the_app_signs_in_with_is_known_by_its_last_eight() {
    let (world, account) = guided().await;
    let token = world.credential.expose_secret();
    let tail = &token[token.len() - 8..];
    let keys = list(
        world
            .app
            .note_key(&typed(account, "This app", tail))
            .await
            .unwrap(),
    )
    .keys;
    assert!(keys[0].own);
    assert_eq!(Some(keys[0].id.as_str()), token.split('|').next());
}

#[tokio::test]
async fn a_token_of_a_noted_key_is_found_on_this_machine_whatever_its_record() {
    let (world, account) = guided().await;
    let key = world
        .faults()
        .insert_key(sandbox::faults::VerbatimKey::named("CI"))
        .await
        .unwrap();
    let token = key.token.expose_secret();
    std::fs::write(
        world.host.home.join(".env"),
        format!("PULSE_TOKEN={token}\n"),
    )
    .unwrap();
    let tail = &token[token.len() - 8..];
    let keys = list(
        world
            .app
            .note_key(&typed(account, "CI", tail))
            .await
            .unwrap(),
    )
    .keys;
    let request = UsageRequest {
        account,
        keys: vec![keys[0].id.clone()],
        tier: SearchTier::Folders,
    };
    let searched = world.app.usage_search(&request, |_| {}).await.unwrap();
    assert_eq!(searched.report.keys[0].places, 1);
}

/// Of the tokens on this machine, those that are in no list are offered with where they stand; none is tried.
#[tokio::test]
async fn genuine_tokens_on_this_machine_are_offered_to_the_list() {
    let (world, account) = guided().await;
    let insert = async |name: &str| {
        let key = sandbox::faults::VerbatimKey::named(name);
        world.faults().insert_key(key).await.unwrap().token
    };
    let (listed, unknown) = (insert("CI").await, insert("Zapier").await);
    let tail = |token: &SecretString| {
        let token = token.expose_secret();
        token[token.len() - 8..].to_owned()
    };
    let note = typed(account, "CI", &tail(&listed));
    list(world.app.note_key(&note).await.unwrap());
    let home = &world.host.home;
    let tokens = [&listed, &unknown, &world.credential].map(ExposeSecret::expose_secret);
    std::fs::write(
        home.join(".env"),
        tokens.map(|token| format!("T={token}\n")).concat(),
    )
    .unwrap();
    std::fs::create_dir(home.join("app")).unwrap();
    std::fs::write(home.join("app/.env"), format!("ZAPIER={}\n", tokens[1])).unwrap();

    let request = UsageRequest {
        account,
        keys: vec![],
        tier: SearchTier::Folders,
    };
    let report = world
        .app
        .usage_search(&request, |_| {})
        .await
        .unwrap()
        .report;
    assert_eq!(
        report.keys[0].places, 1,
        "what is listed is found as that key"
    );
    let offered: Vec<_> = report
        .tokens
        .iter()
        .map(|token| (token.last_eight.clone(), token.places, token.own))
        .collect();
    assert_eq!(
        offered,
        [
            (tail(&unknown), 2, false),
            (tail(&world.credential), 1, true)
        ]
    );
    assert!(
        format!("{report:?}").find(tokens[1]).is_none(),
        "only its last 8"
    );
    let variable = |at: usize| report.tokens[0].findings[at].variable.clone();
    assert!([variable(0), variable(1)].contains(&Some("ZAPIER".to_owned())));

    let one = UsageRequest {
        keys: vec![report.keys[0].key.clone()],
        ..request
    };
    let of_one = world.app.usage_search(&one, |_| {}).await.unwrap().report;
    assert_eq!(
        of_one.tokens,
        [],
        "the search for one key asks nothing else"
    );
}

#[tokio::test]
async fn the_list_survives_a_restart_and_goes_with_its_account() {
    let (mut world, first) = World::with_keychain().await;
    let other = World::with(Settings {
        key_endpoints: false,
        ..Settings::default()
    })
    .await;
    let state = world
        .connect_with(&other.sandbox.base_url(), other.credential.expose_secret())
        .await
        .unwrap();
    let account = state.active.unwrap();
    list(
        world
            .app
            .note_key(&typed(account, "CI", "ab12cd34"))
            .await
            .unwrap(),
    );
    assert!(
        world
            .app
            .note_key(&typed(first, "CI", "ab12cd34"))
            .await
            .is_err()
    );
    world.restart();
    assert_eq!(listed(&world, account).await[0].name, "CI");
}
