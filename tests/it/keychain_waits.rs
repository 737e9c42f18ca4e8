//! A keychain that takes its time with its first answer, as one that asks for its password does: what the app shows
//! until then, and what it leaves alone.

use std::time::Duration;

use pulse_keys_core::view::{AppState, KeychainView};
use sandbox::faults::VerbatimKey;

use crate::keychain::Refuses;
use crate::world::World;

/// An app that is started anew on the files of one that was signed in, in front of a keychain that does not answer.
async fn held_back() -> (World, AppState) {
    let (mut world, account) = World::with_keychain().await;
    world.app.refresh_keys(account, |_| {}).await.unwrap();
    world.keychain().holds_back();
    world.restart();
    let first = world.app.first_state().await;
    assert_eq!(first.active, Some(account));
    (world, first)
}

/// Whether a call gets on within a moment in which everything would, but for the keychain.
async fn is_waiting<T>(work: impl Future<Output = T>) -> bool {
    tokio::time::timeout(Duration::from_millis(100), work)
        .await
        .is_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_screen_does_not_wait_for_the_keychain() {
    let (world, first) = held_back().await;
    assert_eq!(first.keychain, KeychainView::Waiting);
    let account = first.active.unwrap();
    let cached = world.app.cached_keys(account).await.unwrap();
    assert!(!cached.keys.is_empty());

    let given = world.app.handover().await;
    assert_eq!(given.state, first);
    assert_eq!(given.keys.unwrap().keys, cached.keys);
    assert!(given.custody.unwrap().tokens.is_empty());

    assert!(is_waiting(world.app.state()).await);
    // What changes nothing in the keychain gets on meanwhile.
    let preferences = world.app.preferences();
    let changed = world.app.write_preferences(preferences).await.unwrap();
    assert_eq!(changed.keychain, KeychainView::Waiting);
    let switched = world.app.switch_account(account).await.unwrap();
    assert_eq!(switched.keychain, KeychainView::Waiting);

    world.keychain().answers();
    assert_eq!(world.app.state().await.keychain, KeychainView::Ready);
    assert!(world.app.refresh_keys(account, |_| {}).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_counts_as_lost_before_the_keychain_has_answered() {
    let (mut world, account) = World::with_keychain().await;
    let made = world.created(account, "Fresh").await;
    world.keychain().holds_back();
    world.restart();

    assert_eq!(world.app.custody().await.unwrap().tokens.len(), 1);
    let given = world.app.handover().await.custody.unwrap();
    assert_eq!(given.tokens, [made]);
    assert!(is_waiting(world.app.state()).await);

    world.keychain().answers();
    assert_eq!(world.app.state().await.keychain, KeychainView::Ready);
    assert_eq!(world.app.reconcile().await.unwrap(), []);
    let token = given.tokens[0].id;
    assert!(world.app.reveal_token(token).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keychain_that_answers_with_a_refusal_is_told_as_such() {
    let (world, first) = held_back().await;
    assert_eq!(first.keychain, KeychainView::Waiting);
    world.keychain().refuses(Refuses::Everything);
    world.keychain().answers();
    let state = world.app.state().await;
    assert!(matches!(state.keychain, KeychainView::Unavailable { .. }));
    let state = world.app.continue_for_this_session().await;
    assert_eq!(state.keychain, KeychainView::SessionOnly);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_screen_shows_at_once_where_no_account_is_signed_in() {
    let (mut world, _) = World::with_keychain().await;
    world.keychain().holds_back();
    world.restart_after(|folders| std::fs::remove_file(folders.accounts_file()).unwrap());
    let first = world.app.first_state().await;
    assert_eq!(first.accounts, []);
    assert_eq!(first.keychain, KeychainView::Waiting);
    assert!(!first.begins_in_sandbox);

    world.app.begin_in_sandbox();
    assert!(world.app.first_state().await.begins_in_sandbox);
    world.keychain().answers();
    let state = world.app.state().await;
    assert_eq!(state.accounts.len(), 1);
    assert!(!state.begins_in_sandbox);
}

#[tokio::test]
async fn a_long_list_is_given_by_its_first_rows() {
    let (mut world, account) = World::with_keychain().await;
    for number in 0..120 {
        let key = VerbatimKey::named(&format!("{number}"));
        world.faults().insert_key(key).await.unwrap();
    }
    world.app.refresh_keys(account, |_| {}).await.unwrap();
    world.restart();
    let keys = world.app.handover().await.keys.unwrap();
    let cached = world.app.cached_keys(account).await.unwrap();
    assert_eq!((keys.keys.len(), keys.total), (100, cached.keys.len()));
    assert_eq!(keys.fetched_at, cached.fetched_at);
    let latest = cached.keys.iter().filter_map(|key| key.last_used_at).max();
    assert_eq!(keys.keys[0].last_used_at, latest);
}
