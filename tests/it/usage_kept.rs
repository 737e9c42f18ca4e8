//! What earlier searches found counts: after a restart, and after searches that did not look there again. And what the
//! keychain does not say while a search asks it changes nothing.

use std::fs;

use pulse_keys_core::view::{
    AccountId, BulkCardRequest, DeleteOutcome, Friction, KeysRequest, Preferences, SearchFolders,
    SearchState, SearchTier, UsageRequest,
};
use sandbox::faults::InsertedKey;

use crate::keychain::Refuses;
use crate::usage_home::{keys, plant, search};
use crate::world::{World, id_of, request};

/// An app with a keychain, which outlives it, and an idle key that was found in three places.
async fn found() -> (World, AccountId, InsertedKey) {
    let (world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    plant(&world, &key);
    let report = search(&world, account, &[key.id], SearchTier::Folders).await;
    assert_eq!(report.keys[0].places, 3);
    (world, account, key)
}

async fn friction(world: &World, account: AccountId, key: &InsertedKey) -> Friction {
    let card = world.app.delete_card(&request(account, key.id)).await;
    card.unwrap().friction
}

async fn choose(world: &World, search: SearchFolders) {
    let preferences = Preferences {
        search,
        ..world.app.preferences()
    };
    world.app.write_preferences(preferences).await.unwrap();
}

#[tokio::test]
async fn a_restart_asks_for_no_less_than_before() {
    let (mut world, account, key) = found().await;
    world.restart();
    let DeleteOutcome::CardChanged { card, message } = world.delete(account, key.id).await else {
        panic!("a found key was deleted without its name");
    };
    assert_eq!(card.friction, Friction::TypePhraseStrongly);
    assert!(
        message.contains("Found in 3 places on this machine."),
        "{message}"
    );
    assert_eq!(world.questions(), []);
    assert!(world.exists(key.id).await);
    assert_eq!(world.deletes_seen(), 0);

    world.restart();
    let several = BulkCardRequest {
        account,
        keys: keys(&[key.id]),
    };
    let card = world.app.bulk_card(&several).await.unwrap();
    assert!(card.rows[0].risky && !card.rows[0].ticked, "{card:?}");
}

#[tokio::test]
async fn only_a_search_that_looks_there_again_asks_for_less() {
    let (mut world, account, key) = found().await;
    world.restart();
    // Less far, even to its end.
    let shallow = search(&world, account, &[key.id], SearchTier::Named).await;
    assert_eq!(shallow.state, SearchState::Finished);
    let strongly = Friction::TypePhraseStrongly;
    assert_eq!(friction(&world, account, &key).await, strongly);
    world.restart();
    assert_eq!(friction(&world, account, &key).await, strongly);
    // As far, in another folder.
    fs::create_dir(world.home().join("elsewhere")).unwrap();
    let elsewhere = SearchFolders {
        roots: vec!["~/elsewhere".to_owned()],
        ..SearchFolders::default()
    };
    choose(&world, elsewhere).await;
    let other = search(&world, account, &[key.id], SearchTier::Everything).await;
    assert_eq!(other.state, SearchState::Finished);
    assert_eq!(
        other.message,
        "Found in 3 places on this machine. An earlier search found that; the last one did not look there to the end."
    );
    assert_eq!(friction(&world, account, &key).await, strongly);
    // As far and there, without the folder that it was in.
    let without = SearchFolders {
        excluded: vec!["~/shop".to_owned()],
        ..SearchFolders::default()
    };
    choose(&world, without).await;
    search(&world, account, &[key.id], SearchTier::Everything).await;
    world.restart();
    assert_eq!(friction(&world, account, &key).await, strongly);
    // Stopped.
    choose(&world, SearchFolders::default()).await;
    fs::remove_dir_all(world.home().join("shop")).unwrap();
    let wanted = UsageRequest {
        account,
        keys: keys(&[key.id]),
        tier: SearchTier::Everything,
    };
    let stopped = world.app.usage_search(&wanted, |_| {
        world.app.usage_cancel(&KeysRequest {
            account,
            keys: vec![],
        });
    });
    assert_eq!(stopped.await.unwrap().report.state, SearchState::Stopped);
    world.restart();
    assert_eq!(friction(&world, account, &key).await, strongly);
    let kept = world.app.usage_last(&request(account, key.id)).await;
    assert_eq!(kept.unwrap().unwrap().keys[0].places, 3);
    // There again and to the end, where it is not any more.
    search(&world, account, &[key.id], SearchTier::Everything).await;
    assert_eq!(friction(&world, account, &key).await, Friction::Dialog);
    world.restart();
    assert_eq!(friction(&world, account, &key).await, Friction::Dialog);
}

#[tokio::test]
async fn what_was_found_and_can_not_be_read_any_more_may_be_anything() {
    let (mut world, account, key) = found().await;
    world.restart_after(|folders| {
        let database = rusqlite::Connection::open(folders.database_file()).unwrap();
        let changed = database.execute("UPDATE usage_of_key SET about = '{\"version\":9}'", []);
        assert_eq!(changed.unwrap(), 1);
    });
    let card = world.app.delete_card(&request(account, key.id)).await;
    let card = card.unwrap();
    assert_eq!(card.friction, Friction::TypePhrase);
    assert!(
        card.usage.words.contains("can’t be read by this version"),
        "{:?}",
        card.usage
    );
    fs::remove_dir_all(world.home().join("shop")).unwrap();
    search(&world, account, &[key.id], SearchTier::Folders).await;
    assert_eq!(friction(&world, account, &key).await, Friction::Dialog);
}

#[tokio::test]
async fn a_keychain_that_can_not_be_asked_changes_nothing_and_is_told() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let id = id_of(&token);
    world.refreshed(account).await;
    let words = "1 token in the keychain that could not be read, to be compared with what is found";

    world.keychain().refuses(Refuses::Everything);
    let report = search(&world, account, &[id], SearchTier::Folders).await;
    assert_eq!(report.skipped[0].words, words);
    assert!(report.incomplete && report.skipped[0].is_gap, "{report:?}");
    assert_eq!(
        report.message,
        "Nothing found in the places searched; some were skipped."
    );
    world.keychain().refuses(Refuses::Nothing);
    assert_eq!(world.only_token().await.id, token.id);
    let report = search(&world, account, &[id], SearchTier::Folders).await;
    assert_eq!(report.skipped, []);
    assert_eq!(report.message, "Nothing found in the places searched.");

    // It answers, and does not have it: it may have been another one for a moment.
    world.keychain().lose_tokens();
    let report = search(&world, account, &[id], SearchTier::Folders).await;
    assert_eq!(report.skipped[0].words, words);
    assert_eq!(world.only_token().await.id, token.id);
}
