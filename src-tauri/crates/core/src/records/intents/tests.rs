use super::*;

use crate::records::key::KeyRow;
use crate::tests::{database, row};

fn intent<W>(number: u128, what: W) -> Intent<W> {
    Intent {
        id: Uuid::from_u128(number),
        at: "2026-11-22T14:00:00Z".parse().unwrap(),
        account: AccountId(Uuid::nil()),
        account_was: Some(AccountWas {
            label: "Work".to_owned(),
            base_url: "https://api.pulseapi.io/v1".to_owned(),
        }),
        unknown_since: None,
        lost_at: None,
        not_done_at: None,
        what,
    }
}

fn rotation(number: u128) -> Intent<Rotation> {
    let key = row("7", "CI");
    intent(
        number,
        Rotation {
            pasted: false,
            token: KnownToken::of(&key),
            key,
            reason: RotateReason::Leaked,
        },
    )
}

async fn insert(database: &Database, action: &'static str, what: &'static str, form: u32) {
    database
        .run(move |transaction| {
            transaction.execute(
                "INSERT INTO intent (id, at, account, action, what, form) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    Uuid::new_v4().to_string(),
                    "2026-11-22T14:00:00Z",
                    Uuid::nil().to_string(),
                    action,
                    what,
                    form
                ],
            )
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn an_intent_of_each_kind_stays_open_until_it_is_settled() {
    let (_folder, database) = database();
    let deletion = intent(
        1,
        Deletion {
            key: row("7", "CI"),
        },
    );
    let rotation = rotation(2);
    let creation = intent(
        3,
        Creation {
            name: "CI".to_owned(),
            abilities: vec!["*".to_owned()],
            team: None,
            known: vec![row("7", "CI").id],
            all_known: true,
            pasted: None,
        },
    );
    note(&database, &deletion).await.unwrap();
    note(&database, &rotation).await.unwrap();
    note(&database, &creation).await.unwrap();
    let all = vec![
        Open::Delete(deletion),
        Open::Rotate(rotation),
        Open::Create(creation),
    ];
    assert_eq!(open(&database).await.unwrap(), all);
    for intent in all {
        database
            .run(move |transaction| settle(transaction, intent.id()))
            .await
            .unwrap();
    }
    assert_eq!(open(&database).await.unwrap(), []);
}

/// What version 0.1.0 wrote: its rows are the wire format of its page.
#[tokio::test]
async fn rows_of_the_first_form_are_read() {
    let (_folder, database) = database();
    const KEY: &str = r#"{"id":"7","name":"CI","lastEight":"ab12cd34","abilities":["monitors:read"],"team":null,
        "lastUsedAt":null,"lastUseKnown":true,"createdAt":null,"rotatedAt":null,"own":false}"#;
    insert(&database, "delete_key", KEY, 1).await;
    let rotate = concat!(
        r#"{"key":{"id":"7","name":"CI","lastEight":"ab12cd34","abilities":[],"team":{"id":"1","name":"Team","role":null},"#,
        r#""lastUsedAt":null,"lastUseKnown":true,"createdAt":null,"rotatedAt":null,"own":true},"reason":"lost_token"}"#
    );
    insert(&database, "rotate_key", rotate, 1).await;
    let create = r#"{"name":"CI","abilities":["*"],"team":null,"namesakes":["7"]}"#;
    insert(&database, "create_key", create, 1).await;

    let read = all(&database).await.unwrap();

    assert_eq!(read.unreadable, []);
    let [
        Open::Delete(deletion),
        Open::Rotate(rotation),
        Open::Create(creation),
    ] = &sorted(read.open)[..]
    else {
        panic!("one of each kind");
    };
    let read = KeyRow {
        rotation_known: false,
        ..row("7", "CI")
    };
    assert_eq!(deletion.what.key, read);
    assert_eq!(rotation.what.reason, RotateReason::LostToken);
    assert_eq!(rotation.what.token.last_eight, "ab12cd34");
    assert!(rotation.what.key.own);
    assert_eq!(creation.what.known, [row("7", "CI").id]);
    assert!(!creation.what.all_known);
}

fn sorted(mut open: Vec<Open>) -> Vec<Open> {
    open.sort_by_key(|open| match open {
        Open::Delete(_) => 0,
        Open::Rotate(_) => 1,
        Open::Create(_) => 2,
    });
    open
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_told_and_stays() {
    let (_folder, database) = database();
    insert(&database, "rotate_key", "{}", 2).await;
    insert(&database, "rotate_key", r#"{"key":{"id":"7"}}"#, 99).await;
    insert(&database, "move_key", "{}", 2).await;
    for _ in 0..2 {
        let read = all(&database).await.unwrap();
        assert_eq!((read.open.len(), read.unreadable.len()), (0, 3));
    }
}

#[tokio::test]
async fn an_older_rotation_is_compared_with_the_token_that_arrived_since() {
    let (_folder, database) = database();
    let (open_one, lost) = (rotation(1), rotation(2));
    note(&database, &open_one).await.unwrap();
    note(&database, &lost).await.unwrap();
    let at = lost.at;
    let arrived = KnownToken {
        last_eight: "ee55ff66".to_owned(),
        rotated_at: None,
    };
    let token = arrived.clone();
    let but = Uuid::from_u128(3);
    database
        .run(move |transaction| {
            mark_lost(transaction, lost.id, at)?;
            supersede(
                transaction,
                AccountId(Uuid::nil()),
                &row("7", "").id,
                but,
                &token,
            )
        })
        .await
        .unwrap();

    let read = all(&database).await.unwrap();

    assert_eq!(read.lost, []);
    let [Open::Rotate(still_open)] = &read.open[..] else {
        panic!("{read:?}");
    };
    assert_eq!(still_open.id, open_one.id);
    assert_eq!(still_open.what.token, arrived);
}

#[test]
fn the_last_eight_characters_tell_tokens_apart_and_times_only_without_them() {
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let known = KnownToken {
        last_eight: "ab12cd34".to_owned(),
        rotated_at: at("2026-11-22T14:00:00Z"),
    };
    let mut key = row("7", "CI");
    key.rotated_at = at("2026-11-22T14:00:01Z");
    assert!(known.is_of(&key), "another clock wrote the time");
    key.last_eight = "ee55ff66".to_owned();
    assert!(!known.is_of(&key));
    key.last_eight = String::new();
    assert!(!known.is_of(&key));
    key.rotated_at = known.rotated_at;
    assert!(known.is_of(&key));
}
