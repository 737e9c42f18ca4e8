use super::*;
use pulseapi::{ApiKey, KeyId, UserId};

use crate::tests::api_key;

fn now() -> Timestamp {
    "2026-11-22T14:00:00Z".parse().unwrap()
}

fn account(user: &str, token: &str) -> Account {
    let user = User {
        id: UserId::parse(user).unwrap(),
        name: "Olu\u{202E}".to_owned(),
        email: format!("{user}@acme.example"),
        plan: None,
        current_team: None,
        teams: vec![],
    };
    let token = BearerToken::parse(token).unwrap();
    let base = BaseUrl::parse("https://api.pulseapi.io/v1").unwrap();
    Account::new(
        base,
        AccountKind::Pulseapi,
        KeyAccess::Endpoints,
        Some(&user),
        &token,
    )
}

#[test]
fn accounts_and_the_one_in_use_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.json");
    let mut accounts = Accounts::read(&file, now()).unwrap().accounts;
    let (first, second) = (
        account("ada", "1|aaaaaaaaaaaaaaaa"),
        account("bob", "2|bbbbbbbbbbbbbbbb"),
    );
    accounts.put(first.clone()).unwrap();
    accounts.put(second.clone()).unwrap();
    accounts.switch(first.id).unwrap();

    let again = Accounts::read(&file, now()).unwrap().accounts;

    let (views, active) = again.views(false, |_| Vec::new());
    assert_eq!(
        views.iter().map(|view| view.id).collect::<Vec<_>>(),
        [first.id, second.id]
    );
    assert_eq!(active, Some(first.id));
}

#[test]
fn no_part_of_a_token_but_its_tail_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.json");
    let mut accounts = Accounts::read(&file, now()).unwrap().accounts;
    accounts
        .put(account("ada", "1|Zq8wRt5yU2iOp4aSdcafebabe"))
        .unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("cafebabe"));
    assert!(!text.contains("dcafebabe"), "{text}");
}

#[test]
fn accounts_of_a_session_are_never_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.json");
    let mut accounts = Accounts::read(&file, now()).unwrap().accounts;
    let session = Account {
        session_only: true,
        ..account("ada", "1|aaaaaaaaaaaaaaaa")
    };
    accounts.put(session.clone()).unwrap();
    assert_eq!(accounts.in_use(true), Some(session.id));
    assert_eq!(
        Accounts::read(&file, now())
            .unwrap()
            .accounts
            .of_mode(true)
            .count(),
        0
    );
    assert!(!std::fs::read_to_string(&file).unwrap().contains("ada"));
}

#[test]
fn an_unreadable_file_is_set_aside_and_a_newer_one_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.json");
    std::fs::write(&file, "{ half a file").unwrap();
    let read = Accounts::read(&file, now()).unwrap();
    assert_eq!(
        std::fs::read_to_string(read.damaged.unwrap()).unwrap(),
        "{ half a file"
    );

    let newer = r#"{"version": 2, "accounts": "in another form"}"#;
    std::fs::write(&file, newer).unwrap();
    assert!(Accounts::read(&file, now()).is_err());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), newer);
}

#[test]
fn the_own_key_is_told_by_its_tail_and_by_its_record_where_there_is_none() {
    let own = OwnKey::of(&BearerToken::parse("7|aaaaaaaaaaaaaaaaab12cd34").unwrap());
    let key = |id: &str, tail: &str| ApiKey {
        id: KeyId::parse(id).unwrap(),
        last_eight: tail.to_owned(),
        ..api_key(id, "CI")
    };
    assert!(own.is(&key("7", "ab12cd34")));
    assert!(own.is(&key("7", "")), "a service that shows no tail");
    assert!(
        own.is(&key("key_7", "ab12cd34")),
        "a service whose records have ids of another form than its tokens"
    );
    assert!(
        own.is(&key("8", "ab12cd34")),
        "a service that numbers them otherwise: guarded, as it may be the own one"
    );
    assert!(own.is(&key("7", "…cd34")) && own.is(&key("key_7", "****cd34")));
    assert!(
        !own.is(&key("8", "cd34")),
        "half of a checksum may be any key's"
    );
    assert!(!own.is(&key("key_7", "")) && !own.is(&key("8", "****")));
    assert!(
        !own.is(&key("7", "00000000")),
        "the same record after a rotation elsewhere"
    );
}

#[test]
fn an_account_is_found_by_its_label_whatever_its_capitals() {
    let folder = tempfile::tempdir().unwrap();
    let mut accounts = Accounts::read(&folder.path().join("accounts.json"), now())
        .unwrap()
        .accounts;
    let ada = account("ada", "1|aaaaaaaaaaaaaaaa");
    accounts.put(ada.clone()).unwrap();
    accounts.put(account("bob", "2|bbbbbbbbbbbbbbbb")).unwrap();
    assert_eq!(accounts.called(" Ada@ACME.example "), Some(ada.id));
    assert_eq!(accounts.called("ada"), None);
}
