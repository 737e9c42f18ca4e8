//! The journal: what was done stands in it, changes are noticed, it can be taken away as a file, and holds no secret.

use std::fs;
use std::path::{Path, PathBuf};

use pulse_keys_core::view::{AccountId, ChainView, ExportOutcome, JournalFormat};
use rusqlite::Connection;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::world::{World, id_of};

/// A life of a few keys, and every token that there was.
async fn lived() -> (World, AccountId, Vec<SecretString>) {
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
    let journal = world.app.journal_view().await.unwrap();
    assert_eq!(journal.chain, ChainView::Whole);
    let rows: Vec<_> = journal
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
        let journal = world.app.journal_view().await.unwrap();
        assert_eq!(journal.chain, ChainView::Broken { at: 3 });
        assert_eq!(journal.rows.len(), 7, "it is still shown");
        world.restart();
    }
    world.created(account, "CI").await;
    let journal = world.app.journal_view().await.unwrap();
    assert_eq!(
        journal.chain,
        ChainView::Broken { at: 3 },
        "later rows don't mend it"
    );
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
    let rows = json.as_array().unwrap();
    assert_eq!(rows.len(), 7);
    for pair in rows.windows(2) {
        assert_eq!(
            pair[0]["hash"], pair[1]["previousHash"],
            "the chain can be followed"
        );
    }
    assert_eq!(rows[1]["keyName"], "=HYPERLINK(\"x\"), \"quoted\"");

    let path = world.folder().join("journal.csv");
    let csv = export(&world, JournalFormat::Csv, &path).await;
    assert_eq!(csv.matches("\r\n").count(), 8, "{csv}");
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
