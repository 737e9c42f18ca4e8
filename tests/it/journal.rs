//! The journal: what was done stands in it, changes are noticed, it can be taken away as a file, and holds no secret.
//! Left out: its end (`journal_end`).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::SignedDuration;
use pulse_keys_core::view::{
    AccountId, ChainView, EndView, ExportOutcome, JournalFormat, JournalRequest,
};
use rusqlite::Connection;
use sandbox::ManualClock;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::world::{World, id_of, request};

/// A life of a few keys, and every token that there was.
pub(crate) async fn lived() -> (World, AccountId, Vec<SecretString>) {
    let (world, account) = World::with_keychain().await;
    world.refreshed(account).await;
    let kept = world
        .created(account, "=HYPERLINK(\"x\"), \"quoted\"")
        .await;
    let stored = world.created(account, "CI").await;
    let mut tokens = vec![world.credential.clone()];
    tokens.push(world.reveal(kept.id).await);
    tokens.push(world.reveal(stored.id).await);
    world.app.keep_token(kept.id).await.unwrap();
    world.app.token_stored(stored.id).await.unwrap();
    let rotated = world.rotated(account, id_of(&stored)).await;
    tokens.push(world.reveal(rotated.id).await);
    world
        .delete_typing(account, id_of(&stored), Some("CI"))
        .await;
    (world, account, tokens)
}

#[tokio::test]
async fn everything_that_was_done_stands_in_it_newest_first() {
    let (world, _, _) = lived().await;
    let verified = world.app.verify_journal(|_| {}).await.unwrap();
    assert_eq!((verified.rows, verified.chain), (7, ChainView::Whole));
    let page = world.app.journal_page(all()).await.unwrap();
    assert!(!page.has_more);
    assert_eq!(page.newest, 7);
    assert!(
        page.rows.iter().all(|row| !row.at.contains('.')),
        "times are to the second"
    );
    let rows: Vec<_> = page
        .rows
        .iter()
        .map(|row| (row.number, row.action.as_str(), row.outcome.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            (7, "delete_key", "deleted: 401 confirmed"),
            (6, "rotate_key", "rotated: routine"),
            (5, "store_token", "stored elsewhere"),
            (4, "keep_token", "kept in the keychain"),
            (3, "create_key", "created"),
            (2, "create_key", "created"),
            (1, "sign_in", "signed in"),
        ]
    );
}

#[tokio::test]
async fn a_change_behind_its_back_is_told_with_its_place() {
    let (mut world, account, _) = lived().await;
    let file = Connection::open(world.folders().database_file()).unwrap();
    file.execute_batch(
        "DROP TRIGGER journal_rows_do_not_change;
         UPDATE journal SET key_name = 'Something else' WHERE number = 3;",
    )
    .unwrap();
    drop(file);
    for _ in 0..2 {
        assert_eq!(chain(&world).await, ChainView::Broken { at: 3, sound: 2 });
        let page = world.app.journal_page(all()).await.unwrap();
        assert_eq!(page.rows.len(), 7, "it is still shown");
        world.restart();
    }
    world.created(account, "CI").await;
    assert_eq!(
        chain(&world).await,
        ChainView::Broken { at: 3, sound: 2 },
        "later rows don't mend it"
    );
}

#[tokio::test]
async fn a_change_is_told_although_the_row_was_verified_before() {
    let (world, _, _) = lived().await;
    assert_eq!(chain(&world).await, ChainView::Whole);
    let file = Connection::open(world.folders().database_file()).unwrap();
    file.execute_batch(
        "DROP TRIGGER journal_rows_do_not_change;
         UPDATE journal SET outcome = 'deleted' WHERE number = 2;",
    )
    .unwrap();
    assert_eq!(chain(&world).await, ChainView::Broken { at: 2, sound: 1 });
}

async fn chain(world: &World) -> ChainView {
    world.app.verify_journal(|_| {}).await.unwrap().chain
}

/// The newest rows, whatever they are of.
fn all() -> JournalRequest {
    JournalRequest {
        limit: 100,
        ..JournalRequest::default()
    }
}

async fn numbers(world: &World, request: JournalRequest) -> (Vec<i64>, bool) {
    let page = world.app.journal_page(request).await.unwrap();
    let numbers = page.rows.iter().map(|row| row.number).collect();
    (numbers, page.has_more)
}

#[tokio::test]
async fn it_is_read_a_page_at_a_time_and_by_what_it_is_about() {
    let (world, account, _) = lived().await;
    let page = |before, limit| JournalRequest {
        before,
        limit,
        ..JournalRequest::default()
    };
    assert_eq!(numbers(&world, page(None, 3)).await, (vec![7, 6, 5], true));
    assert_eq!(
        numbers(&world, page(Some(5), 3)).await,
        (vec![4, 3, 2], true)
    );
    assert_eq!(numbers(&world, page(Some(2), 3)).await, (vec![1], false));
    assert_eq!(numbers(&world, page(Some(1), 3)).await, (vec![], false));

    let of_action = JournalRequest {
        action: Some("create_key".to_owned()),
        ..all()
    };
    assert_eq!(numbers(&world, of_action).await, (vec![3, 2], false));
    let with_text = |text: &str, limit| JournalRequest {
        text: text.to_owned(),
        limit,
        ..JournalRequest::default()
    };
    assert_eq!(
        numbers(&world, with_text("quoted hyper", 9)).await,
        (vec![4, 2], false)
    );
    assert_eq!(
        numbers(&world, with_text("ci", 2)).await,
        (vec![7, 6], true)
    );
    assert_eq!(
        numbers(&world, with_text("nothing", 9)).await,
        (vec![], false)
    );

    let rows = world.app.journal_page(all()).await.unwrap().rows;
    let key = rows[0].key_id.clone().unwrap();
    let of_key = JournalRequest {
        of_key: Some(request(account, key.parse().unwrap())),
        limit: 2,
        ..JournalRequest::default()
    };
    assert_eq!(numbers(&world, of_key).await, (vec![7, 6], true));
}

async fn export(world: &World, format: JournalFormat, path: &Path) -> String {
    world.saves_to(Some(path.to_owned()));
    let outcome = world.app.export_journal(format).await.unwrap();
    let saved = ExportOutcome::Saved {
        path: path.display().to_string(),
        rows: 7,
    };
    assert_eq!(outcome, saved);
    fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn it_is_exported_whole_in_either_form() {
    let (world, _, _) = lived().await;
    let path = world.folder().join("journal.json");
    let json: Value =
        serde_json::from_str(&export(&world, JournalFormat::Json, &path).await).unwrap();
    let rows = json["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 7);
    assert_eq!(json["head"]["rows"], 7);
    assert_eq!(json["head"]["hash"], rows[6]["hash"]);
    assert_eq!(json["head"]["end"]["kind"], "as_noted");
    for pair in rows.windows(2) {
        assert_eq!(
            pair[0]["hash"], pair[1]["previousHash"],
            "the chain can be followed"
        );
    }
    assert_eq!(rows[1]["keyName"], "=HYPERLINK(\"x\"), \"quoted\"");

    let path = world.folder().join("journal.csv");
    let csv = export(&world, JournalFormat::Csv, &path).await;
    assert_eq!(csv.matches("\r\n").count(), 9, "{csv}");
    let last = csv.lines().last().unwrap();
    assert!(
        last.starts_with("head,") && last.contains("the keychain knows it"),
        "{last}"
    );
    assert!(
        csv.starts_with("number,at,account,account_label,action,"),
        "{csv}"
    );
    assert!(
        csv.contains(",\"'=HYPERLINK(\"\"x\"\"), \"\"quoted\"\"\","),
        "{csv}"
    );
    let again = export(&world, JournalFormat::Csv, &path).await;
    assert_eq!(again, csv, "a file that is there is replaced");
}

#[tokio::test]
async fn a_closed_dialog_writes_nothing() {
    let (world, _, _) = lived().await;
    let before = files(world.folder());
    world.saves_to(None);
    let outcome = world.app.export_journal(JournalFormat::Csv).await.unwrap();
    assert_eq!(outcome, ExportOutcome::Cancelled);
    assert_eq!(files(world.folder()), before);
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_named_and_what_was_there_stays() {
    let (world, _, _) = lived().await;
    let taken = world.folder().join("journal.csv");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("kept"), "kept").unwrap();
    for path in [
        world.folder().join("nowhere/journal.csv"),
        taken.join("kept/journal.csv"),
        taken.clone(),
    ] {
        world.saves_to(Some(path.clone()));
        let error = world
            .app
            .export_journal(JournalFormat::Csv)
            .await
            .unwrap_err();
        let named = error.message.contains(&path.display().to_string());
        assert!(named && error.hint.contains("another place"), "{error:?}");
    }
    assert_eq!(fs::read_to_string(taken.join("kept")).unwrap(), "kept");
    assert_eq!(
        files(&taken),
        [taken.join("kept")],
        "nothing half written is left"
    );
}

#[tokio::test]
async fn no_token_stands_in_any_file() {
    let (world, _, tokens) = lived().await;
    for (name, format) in [
        ("j.csv", JournalFormat::Csv),
        ("j.json", JournalFormat::Json),
    ] {
        export(&world, format, &world.folder().join(name)).await;
    }
    let files = files(world.folder());
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        let bytes = fs::read(&file).unwrap();
        for token in &tokens {
            // A part is as telling as the whole; the last 8 characters are no secret.
            let body = token.expose_secret().split_once('|').unwrap().1;
            for part in [&body[..12], &body[body.len() - 20..body.len() - 8]] {
                let found = bytes
                    .windows(part.len())
                    .any(|bytes| bytes == part.as_bytes());
                assert!(!found, "{} holds a token", file.display());
            }
        }
    }
}

#[tokio::test]
async fn a_clock_that_goes_backwards_changes_neither_order_nor_verification() {
    let clock = Arc::new(ManualClock::new("2026-11-22T14:00:00Z".parse().unwrap()));
    let world = World::with_clock(Arc::clone(&clock)).await;
    let account = world
        .connect(&world.sandbox.base_url())
        .await
        .unwrap()
        .active
        .unwrap();
    world.created(account, "before").await;
    clock.advance(SignedDuration::from_hours(-48));
    world.created(account, "after").await;
    let rows = world.app.journal_page(all()).await.unwrap().rows;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.number, row.key_name.as_deref()))
        .collect();
    assert_eq!(told, [(3, Some("after")), (2, Some("before")), (1, None)]);
    assert!(rows[0].at < rows[2].at, "{rows:?}");
    let verified = world.app.verify_journal(|_| {}).await.unwrap();
    assert_eq!((verified.rows, verified.chain), (3, ChainView::Whole));
    assert!(matches!(verified.end, EndView::NotChecked { .. }));
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
