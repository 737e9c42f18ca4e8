//! No fresh token is lost when the keychain says no, when requests overlap, or when the app is left meanwhile.
//!
//! Left out: kills at random instants (`killed`), and sequences that nobody wrote down (the model).

use jiff::SignedDuration;
use pulse_keys_core::host::Reply;
use pulse_keys_core::view::{
    CreateOutcome, CustodyState, ErrorCode, RotateOutcome, RotateReason, SignOutOutcome,
};
use sandbox::faults::{Fault, Rule};

use crate::keychain::Refuses;
use crate::world::{KEY, KEYS, ROTATE, World, always, cut_off, id_of, new_key, rotation, status};

/// After this long a request that had no effect yet is not expected to take effect any more.
const WATCHED: SignedDuration = SignedDuration::from_mins(10);

#[tokio::test]
async fn an_older_open_rotation_does_not_cost_the_token_of_a_newer_one() {
    let (world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    // Cut before the server acts, and then the key cannot be looked at.
    world.fault(Rule::once("POST", ROTATE, Fault::DropBefore));
    world.meanwhile(|faults| {
        // The look before the request still gets its answer.
        let look = Fault::Delay { milliseconds: 0 };
        faults.inject(Rule::once("GET", KEY, look)).unwrap();
        faults.inject(always("GET", KEY, status(503))).unwrap();
    });
    let first = world.rotate(account, key.id).await;
    assert!(matches!(first, RotateOutcome::Unknown { .. }), "{first:?}");
    world.faults().clear();

    let token = world.rotated(account, key.id).await;
    world.app.keep_token(token.id).await.unwrap();
    for _ in 0..2 {
        world.refreshed(account).await;
        world.notices().await;
        let kept = world.only_token().await;
        assert_eq!((kept.id, kept.state), (token.id, CustodyState::Kept));
        assert_eq!(world.status_of(&kept).await, 200);
        world.time.is_later(WATCHED);
    }
    let journal = world.journalled("rotate_key").await;
    assert!(
        journal.iter().all(|row| !row.contains("did not arrive")),
        "{journal:?}"
    );
}

#[tokio::test]
async fn a_rotation_whose_last_one_cannot_be_settled_is_not_sent() {
    let (world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    world.fault(Rule::once("POST", ROTATE, Fault::DropAfter));
    world.meanwhile(|faults| {
        let look = Fault::Delay { milliseconds: 0 };
        faults.inject(Rule::once("GET", KEY, look)).unwrap();
        faults.inject(always("GET", KEY, status(503))).unwrap();
    });
    let first = world.rotate(account, key.id).await;
    assert!(matches!(first, RotateOutcome::Unknown { .. }), "{first:?}");
    let sent = world.posts_seen();
    let RotateOutcome::NotRotated { error } = world.rotate(account, key.id).await else {
        panic!("what the last one did is not known");
    };
    assert!(error.message.contains("It is not known yet"), "{error:?}");
    assert_eq!(world.posts_seen(), sent);
}

#[tokio::test]
async fn a_keychain_that_cannot_store_ends_a_write_before_anything_is_sent() {
    for refuses in [Refuses::Storing, Refuses::Everything] {
        let (world, account) = World::with_keychain().await;
        let key = world.idle_key(200).await;
        world.refreshed(account).await;
        world.keychain().refuses(refuses);

        let CreateOutcome::NotCreated { errors } = world.create(account, "CI").await else {
            panic!("{refuses:?}");
        };
        assert_eq!(errors[0].code, ErrorCode::Keychain, "{errors:?}");
        let RotateOutcome::NotRotated { error } = world.rotate(account, key.id).await else {
            panic!("{refuses:?}");
        };
        assert_eq!(error.code, ErrorCode::Keychain, "{error:?}");

        assert_eq!(world.posts_seen(), 0, "{refuses:?}");
        assert_eq!(world.status_with(&key.token).await, 200);
    }
}

#[tokio::test]
async fn the_keychain_holds_nothing_of_the_proof_that_it_stores() {
    let (world, account) = World::with_keychain().await;
    world.created(account, "CI").await;
    assert!(world.keychain().holds("probe").is_none());
}

/// A session without a keychain knows nothing of what the keychain holds, so it concludes nothing from it.
#[tokio::test]
async fn going_on_without_a_keychain_costs_no_token_that_is_in_it() {
    let (mut world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    world.keychain().refuses(Refuses::Everything);
    world.restart();
    world.app.continue_for_this_session().await;
    world.notices().await;
    let error = world.app.reveal_token(token.id).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Keychain, "{error:?}");
    assert!(world.app.token_stored(token.id).await.is_err());
    assert_eq!(world.only_token().await.id, token.id);

    world.keychain().refuses(Refuses::Nothing);
    world.restart();
    assert_eq!(world.only_token().await.id, token.id);
    assert_eq!(world.status_of(&token).await, 200);
}

/// The same for a token that reached the keychain before anything was written down.
#[tokio::test]
async fn an_open_creation_is_not_told_as_lost_in_a_session_without_the_keychain() {
    let (mut world, account) = World::with_keychain().await;
    world.keychain().stops_after_storing("token/");
    let request = new_key(account, "CI");
    cut_off(world.app.create_key(&request), || {
        world.keychain().has_stopped()
    })
    .await;
    world.keychain().refuses(Refuses::Everything);
    world.restart();
    world.app.continue_for_this_session().await;
    world.time.is_later(WATCHED);
    for notice in world.notices().await {
        assert!(!notice.message.contains("appeared"), "{notice:?}");
        assert_eq!(notice.next, None, "{notice:?}");
    }
    world.keychain().refuses(Refuses::Nothing);
    world.restart();
    world.notices().await;
    let token = world.only_token().await;
    assert_eq!(world.status_of(&token).await, 200);
}

/// A keychain that was the wrong one, or not whole, gives a token back after its loss was told.
#[tokio::test]
async fn a_token_that_was_told_as_lost_is_taken_back_when_the_keychain_has_it() {
    let (mut world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    world.keychain().stops_after_storing("token/");
    let request = rotation(account, key.id, RotateReason::Routine);
    cut_off(world.app.rotate_key(&request), || {
        world.keychain().has_stopped()
    })
    .await;
    let elsewhere = world.keychain().take_tokens();
    world.restart();
    let notices = world.notices().await;
    assert!(
        notices[0].message.contains("did not arrive here"),
        "{notices:?}"
    );
    world.keychain().give_back(elsewhere);
    world.restart();
    assert_eq!(world.notices().await, []);
    let token = world.only_token().await;
    assert_eq!(id_of(&token), key.id);
    assert_eq!(world.status_of(&token).await, 200);
}

#[tokio::test]
async fn signing_out_counts_a_token_that_is_not_on_record_yet() {
    let (mut world, account) = World::with_keychain().await;
    world.keychain().stops_after_storing("token/");
    let request = new_key(account, "CI");
    cut_off(world.app.create_key(&request), || {
        world.keychain().has_stopped()
    })
    .await;
    world.restart();
    world.says(Reply::Alternative);
    let ended = world.app.sign_out(account).await.unwrap();
    assert!(
        matches!(ended, SignOutOutcome::SignedOut { .. }),
        "{ended:?}"
    );
    let question = world.questions().pop().unwrap();
    assert_eq!(
        question.alternative.as_deref(),
        Some("Sign out, keep 1 token")
    );
    assert_eq!(world.notices().await, []);
    assert_eq!(world.keychain().tokens(), 1);
    assert_eq!(world.only_token().await.name, "CI");
}

/// A key that is looked at again right before its rotation, and is not what the user said yes to.
#[tokio::test]
async fn a_key_that_changed_while_the_user_was_asked_is_not_rotated() {
    let (world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    world.meanwhile(|faults| {
        let renamed = Fault::Replaced {
            pointer: "/data/name".to_owned(),
            value: "production master".into(),
        };
        faults.inject(Rule::once("GET", KEY, renamed)).unwrap();
    });
    let outcome = world.rotate(account, key.id).await;
    let RotateOutcome::CardChanged { card, message } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(card.key.name, "production master");
    assert!(message.contains("Nothing was rotated"), "{message}");
    assert_eq!(world.posts_seen(), 0);
    assert_eq!(world.status_with(&key.token).await, 200);
}

/// Of an earlier creation that came to nothing, and a later one of the same name whose token is stored by now.
#[tokio::test]
async fn a_key_that_a_later_creation_made_is_not_taken_for_the_lost_one() {
    let (world, account) = World::with_keychain().await;
    world.refreshed(account).await;
    world.fault(Rule::once("POST", KEYS, Fault::DropBefore));
    let first = world.create(account, "CI").await;
    assert!(matches!(first, CreateOutcome::Unknown { .. }), "{first:?}");
    let token = world.created(account, "CI").await;
    world.app.token_stored(token.id).await.unwrap();
    world.time.is_later(WATCHED);
    let notices = world.notices().await;
    assert!(
        notices[0].message.contains("was not created"),
        "{notices:?}"
    );
}
