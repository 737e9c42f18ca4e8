//! The journal's end, which the keychain knows: removed rows are told, and the keychain's troubles cost nothing.

use std::time::Duration;

use pulse_keys_core::view::{
    ChainView, DeleteOutcome, EndView, JournalVerified, LossView, NotCheckedView,
};
use rusqlite::Connection;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::journal::lived;
use crate::keychain::Refuses;
use crate::world::World;

async fn verified(world: &World) -> JournalVerified {
    world.app.verify_journal(|_| {}).await.unwrap()
}

/// The keychain's note, once it speaks of so many rows: it follows the journal by itself.
async fn noted(world: &World, rows: i64) -> Value {
    loop {
        if let Some(note) = note(world).filter(|note| note["rows"] == rows) {
            return note;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn note(world: &World) -> Option<Value> {
    let held = world
        .keychain()
        .holds(&world.keychain().name_with("journal/")?)?;
    Some(serde_json::from_str(held.expose_secret()).unwrap())
}

/// Removes the newest rows, as somebody with an editor for SQLite would.
fn cut_off(file: &std::path::Path, after: i64) {
    let file = Connection::open(file).unwrap();
    file.execute_batch(&format!(
        "DROP TRIGGER IF EXISTS journal_rows_stay; DELETE FROM journal WHERE number > {after}"
    ))
    .unwrap();
}

fn losses(verified: &JournalVerified) -> &[LossView] {
    match &verified.end {
        EndView::Lost { losses } => losses,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn removed_newest_rows_are_told_for_good_though_the_chain_is_whole() {
    let (mut world, account, _) = lived().await;
    // Nobody has to look at the journal for that.
    noted(&world, 7).await;
    world.restart_after(|folders| cut_off(&folders.database_file(), 5));

    let told = verified(&world).await;
    assert_eq!((told.rows, told.chain), (5, ChainView::Whole));
    let [loss] = losses(&told) else {
        panic!("{told:?}");
    };
    assert_eq!((loss.rows, loss.left), (7, 5));

    for name in ["one", "two", "three"] {
        world.created(account, name).await;
    }
    noted(&world, 8).await;
    world.restart();
    let told = verified(&world).await;
    assert_eq!(told.chain, ChainView::Whole);
    assert_eq!(losses(&told).len(), 1, "later rows don't cover it");

    world.restart_after(|folders| cut_off(&folders.database_file(), 7));
    assert_eq!(losses(&verified(&world).await).len(), 2);
}

#[tokio::test]
async fn rows_written_in_the_place_of_removed_ones_are_told() {
    let (mut world, account, _) = lived().await;
    noted(&world, 7).await;
    world.restart_after(|folders| cut_off(&folders.database_file(), 5));
    // As many as before, and the chain is whole, before anybody looks.
    world.created(account, "one").await;
    world.created(account, "two").await;
    let told = verified(&world).await;
    assert_eq!((told.rows, told.chain), (7, ChainView::Whole));
    assert_eq!(losses(&told)[0].rows, 7);
}

#[tokio::test]
async fn an_old_copy_of_the_database_and_a_new_one_are_told() {
    let (mut world, account, _) = lived().await;
    noted(&world, 7).await;
    let copy = world.folder().join("copy.sqlite");
    let database = world.folders().database_file();
    let open = Connection::open(&database).unwrap();
    open.execute("VACUUM INTO ?1", [copy.to_str().unwrap()])
        .unwrap();
    drop(open);
    world.created(account, "one").await;
    noted(&world, 8).await;
    world.restart_after(|folders| {
        std::fs::copy(&copy, folders.database_file()).unwrap();
    });
    assert_eq!(losses(&verified(&world).await)[0].rows, 8);

    world.restart_after(|folders| std::fs::remove_file(folders.database_file()).unwrap());
    let told = verified(&world).await;
    assert_eq!(told.rows, 0);
    let last = losses(&told).last().unwrap();
    assert_eq!((last.rows, last.left), (7, 0));
}

#[tokio::test]
async fn a_note_that_is_behind_the_journal_is_no_loss() {
    let (mut world, _, _) = lived().await;
    let newest = noted(&world, 7).await;
    let name = world.keychain().name_with("journal/").unwrap();
    let journal = world.app.journal().await.unwrap();
    let mut behind = newest.clone();
    behind["rows"] = 4.into();
    behind["hash"] = journal.rows[3].hash.clone().into();
    // As after a crash between the append and its note.
    world.keychain().put(&name, Some(&behind.to_string()));
    world.restart();
    let told = verified(&world).await;
    assert!(
        matches!(told.end, EndView::AsNoted { rows_then: 0, .. }),
        "{told:?}"
    );
    assert_eq!(note(&world), Some(newest));
}

#[tokio::test]
async fn a_journal_that_is_older_than_its_note_is_believed_from_then_on() {
    let (mut world, account, _) = lived().await;
    noted(&world, 7).await;
    let name = world.keychain().name_with("journal/").unwrap();
    world.keychain().put(&name, None);
    world.restart();
    let told = verified(&world).await;
    assert!(
        matches!(told.end, EndView::AsNoted { rows_then: 7, .. }),
        "{told:?}"
    );
    world.created(account, "one").await;
    noted(&world, 8).await;
    world.restart_after(|folders| cut_off(&folders.database_file(), 7));
    assert_eq!(losses(&verified(&world).await)[0].rows, 8);
}

#[tokio::test]
async fn a_keychain_that_refuses_or_hangs_blocks_no_deletion_and_is_caught_up_with() {
    let (mut world, account) = World::with_keychain().await;
    world.refreshed(account).await;
    noted(&world, 1).await;
    let (refused, hanging) = (world.idle_key(400).await, world.idle_key(400).await);

    world.keychain().refuses(Refuses::Everything);
    let outcome = world.delete(account, refused.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::Deleted { .. }),
        "{outcome:?}"
    );
    let told = verified(&world).await;
    let why = NotCheckedView::Unavailable;
    assert_eq!(told.end, EndView::NotChecked { why });
    assert_eq!(told.chain, ChainView::Whole);

    world.keychain().refuses(Refuses::Nothing);
    world.keychain().stops_after_storing("journal/");
    let outcome = world.delete(account, hanging.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::Deleted { .. }),
        "{outcome:?}"
    );
    while !world.keychain().has_stopped() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    world.restart();
    let told = verified(&world).await;
    assert!(
        matches!(told.end, EndView::AsNoted { rows_then: 0, .. }),
        "{told:?}"
    );
    assert_eq!(noted(&world, 3).await["losses"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn what_the_keychain_holds_of_a_later_version_is_left_as_it_is() {
    let (mut world, account, _) = lived().await;
    noted(&world, 7).await;
    let name = world.keychain().name_with("journal/").unwrap();
    for strange in ["{\"form\":2,\"tree\":[]}", "no note"] {
        world.keychain().put(&name, Some(strange));
        world.restart();
        world.created(account, "one").await;
        let why = NotCheckedView::Unreadable;
        assert_eq!(verified(&world).await.end, EndView::NotChecked { why });
        let held = world.keychain().holds(&name).unwrap();
        assert_eq!(held.expose_secret(), strange);
    }
}

#[tokio::test]
async fn a_session_without_a_keychain_says_that_the_end_is_not_verified() {
    let (world, _) = World::signed_in().await;
    let why = NotCheckedView::SessionOnly;
    assert_eq!(verified(&world).await.end, EndView::NotChecked { why });
}
