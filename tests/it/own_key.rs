//! The key that the app itself signs in with: rotating it moves the account, whatever goes wrong on the way.

use pulse_keys_core::view::{
    AccountId, CustodyPlace, ErrorCode, KeyRow, NextStep, ReplaceRequest, RotateOutcome,
    RotateReason, TokenInCustody, TokenVerdict,
};
use sandbox::faults::{Fault, Rule};
use secrecy::{ExposeSecret as _, SecretString};

use crate::keychain::Refuses;
use crate::world::{ROTATE, World, always, cut_off, request, rotation, status};

const USER: &str = "/user";

/// The row with the badge.
async fn own(world: &World, account: AccountId) -> KeyRow {
    let mut rows = world.refreshed(account).await;
    rows.retain(|row| row.own);
    assert_eq!(rows.len(), 1, "exactly one key is the app's own");
    rows.remove(0)
}

pub(crate) async fn own_id(world: &World, account: AccountId) -> i64 {
    own(world, account).await.id.as_str().parse().unwrap()
}

/// Rotates the app's own key; what the user is told beside the token.
async fn rotated(world: &World, account: AccountId) -> (TokenInCustody, Option<String>) {
    let id = own_id(world, account).await;
    match world.rotate(account, id).await {
        RotateOutcome::Rotated { token, trouble, .. } => {
            (*token, trouble.map(|error| error.message))
        }
        other => panic!("{other:?}"),
    }
}

/// The account works with this token, here and after the next start.
async fn has_moved(world: &mut World, account: AccountId, token: &TokenInCustody) {
    assert_eq!(own(world, account).await.last_eight, token.last_eight);
    world.restart();
    assert_eq!(own(world, account).await.last_eight, token.last_eight);
    assert_eq!(world.notices().await, []);
}

#[tokio::test]
async fn the_account_moves_to_the_new_token() {
    let (mut world, account) = World::with_keychain().await;
    let (token, trouble) = rotated(&world, account).await;
    assert_eq!(trouble, None);
    assert!(token.own && token.old_token_known);
    let question = world.questions().pop().unwrap();
    let text = question.paragraphs.join("\n");
    assert!(text.contains("moves to the new token by itself"), "{text}");

    assert_eq!(world.status_with(&world.credential).await, 401);
    let badge: Vec<_> = world
        .cached(account)
        .await
        .into_iter()
        .filter(|row| row.own)
        .collect();
    assert_eq!(badge.len(), 1);
    assert_eq!(badge[0].last_eight, token.last_eight, "before any refresh");
    assert!(world.signs_in_with(account, &world.reveal(token.id).await));
    let tried = world.app.test_token(token.id).await.unwrap();
    assert_eq!(tried.new.verdict, TokenVerdict::Accepted);
    assert_eq!(tried.old.unwrap().verdict, TokenVerdict::Refused);

    world.app.token_stored(token.id).await.unwrap();
    has_moved(&mut world, account, &token).await;
}

#[tokio::test]
async fn without_a_keychain_the_account_moves_too() {
    let (world, account) = World::signed_in().await;
    let (token, trouble) = rotated(&world, account).await;
    assert_eq!((trouble, token.place), (None, CustodyPlace::Memory));
    world.app.token_stored(token.id).await.unwrap();
    assert_eq!(own(&world, account).await.last_eight, token.last_eight);
}

#[tokio::test]
async fn a_move_that_fails_is_told_and_made_up_for_by_itself() {
    let (mut world, account) = World::with_keychain().await;
    let id = own_id(&world, account).await;
    world.fault(always("GET", USER, status(503)));
    let RotateOutcome::Rotated { token, trouble, .. } = world.rotate(account, id).await else {
        panic!("the key was rotated");
    };
    let trouble = trouble.expect("the account could not move yet");
    assert!(trouble.message.contains("its token is safe"), "{trouble:?}");
    assert!(
        trouble.hint.contains("tries again by itself"),
        "{trouble:?}"
    );
    assert_eq!(token.place, CustodyPlace::Keychain);

    world.faults().clear();
    has_moved(&mut world, account, &token).await;
    assert_eq!(world.only_token().await.id, token.id);
}

#[tokio::test]
async fn without_a_keychain_a_move_that_fails_is_made_up_for_too() {
    let (world, account) = World::signed_in().await;
    let id = own_id(&world, account).await;
    world.fault(always("GET", USER, status(503)));
    let outcome = world.rotate(account, id).await;
    let RotateOutcome::Rotated { token, .. } = outcome else {
        panic!("{outcome:?}");
    };
    world.faults().clear();
    assert_eq!(own(&world, account).await.last_eight, token.last_eight);
}

/// The app ends as soon as this is true of a rotation of its own key.
async fn ends(world: &mut World, account: AccountId, has_come: impl Fn(&World) -> bool) {
    let id = own_id(world, account).await;
    let write = rotation(account, id, RotateReason::Leaked);
    cut_off(world.app.rotate_key(&write), || has_come(world)).await;
    world.restart();
}

#[tokio::test]
async fn a_crash_before_the_move_is_made_up_for_at_the_next_start() {
    for asks_first in [true, false] {
        let (mut world, account) = World::with_keychain().await;
        world.faults().clear_requests();
        world.fault(always("GET", USER, Fault::HangAfter));
        let tried = |world: &World| {
            let requests = world.faults().requests();
            requests.iter().any(|request| request.path.ends_with(USER))
        };
        ends(&mut world, account, tried).await;
        world.faults().clear();
        assert_eq!(world.status_with(&world.credential).await, 401);
        if asks_first {
            assert_eq!(world.notices().await, []);
        }
        let row = own(&world, account).await;
        let token = world.only_token().await;
        assert!(token.own);
        assert_eq!(token.last_eight, row.last_eight);
        has_moved(&mut world, account, &token).await;
        assert_eq!(world.journalled("rotate_key").await.len(), 1);
    }
}

#[tokio::test]
async fn a_crash_in_the_middle_of_the_move_is_made_up_for_at_the_next_start() {
    for stored in ["token/", "account/"] {
        let (mut world, account) = World::with_keychain().await;
        world.keychain().stops_after_storing(stored);
        ends(&mut world, account, |world| world.keychain().has_stopped()).await;
        assert_eq!(world.notices().await, [], "{stored}");
        let token = world.only_token().await;
        assert!(token.own, "{stored}");
        has_moved(&mut world, account, &token).await;
    }
}

#[tokio::test]
async fn a_service_that_is_down_at_the_next_start_delays_the_move() {
    let (mut world, account) = World::with_keychain().await;
    world.keychain().stops_after_storing("token/");
    ends(&mut world, account, |world| world.keychain().has_stopped()).await;
    world.fault(always("GET", USER, status(503)));
    let notices = world.notices().await;
    assert!(
        notices[0].message.contains("could not move to it yet"),
        "{notices:?}"
    );
    assert_eq!(world.keychain().tokens(), 1);
    world.faults().clear();
    assert_eq!(world.notices().await, []);
    let token = world.only_token().await;
    has_moved(&mut world, account, &token).await;
}

#[tokio::test]
async fn a_lost_token_of_the_own_key_ends_with_another_credential() {
    let (mut world, account) = World::with_keychain().await;
    let id = own_id(&world, account).await;
    world.fault(Rule::once("POST", ROTATE, Fault::DropAfter));
    let RotateOutcome::Unknown { .. } = world.rotate(account, id).await else {
        panic!("its token was lost, and a 401 is no proof");
    };
    let error = world.app.refresh_keys(account, |_| {}).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unauthorized);
    world.restart();
    let notices = world.notices().await;
    assert!(
        notices[0]
            .message
            .contains("does not accept the token that Pulse Keys signs in with"),
        "{notices:?}"
    );
    let replace = NextStep::ReplaceCredential { account };
    assert_eq!(notices[0].next, Some(replace));

    let credential = world.sandbox.mint_credential().await.unwrap();
    let request = ReplaceRequest {
        account,
        credential: credential.clone(),
    };
    world.app.replace_credential(&request).await.unwrap();
    let tail = own(&world, account).await.last_eight;
    assert!(credential.expose_secret().ends_with(&tail));
    let notices = world.notices().await;
    let key = pulseapi::KeyId::parse(&id.to_string()).unwrap();
    assert_eq!(notices[0].next, Some(NextStep::Rotate { account, key }));
}

#[tokio::test]
async fn a_keychain_that_refuses_the_new_token_delays_the_move() {
    let (mut world, account) = World::with_keychain().await;
    let id = own_id(&world, account).await;
    world.keychain().refuses(Refuses::StoringSecrets);
    let RotateOutcome::Rotated { token, trouble, .. } = world.rotate(account, id).await else {
        panic!("the key was rotated");
    };
    assert_eq!(
        (token.place, trouble.unwrap().code),
        (CustodyPlace::Memory, ErrorCode::Keychain)
    );
    assert!(world.app.question_before_closing().is_some());
    assert_eq!(world.status_of(&token).await, 200);

    world.keychain().refuses(Refuses::Nothing);
    world.app.keep_token(token.id).await.unwrap();
    has_moved(&mut world, account, &token).await;
    assert!(world.only_token().await.own);
}

#[tokio::test]
async fn a_token_that_was_stored_before_the_move_is_not_told_as_lost() {
    let (mut world, account) = World::with_keychain().await;
    let id = own_id(&world, account).await;
    world.fault(always("GET", USER, status(503)));
    let RotateOutcome::Rotated { token, .. } = world.rotate(account, id).await else {
        panic!("the key was rotated");
    };
    let text = world.reveal(token.id).await;
    world.app.token_stored(token.id).await.unwrap();
    world.faults().clear();
    world.restart();
    let [notice] = &world.notices().await[..] else {
        panic!("the account did not move");
    };
    assert_eq!(notice.next, Some(NextStep::ReplaceCredential { account }));
    assert!(!notice.message.contains("lost"), "{notice:?}");
    let error = world.app.refresh_keys(account, |_| {}).await.unwrap_err();
    assert_eq!(
        error.code,
        ErrorCode::Unauthorized,
        "the page offers to sign in again"
    );
    let request = ReplaceRequest {
        account,
        credential: text,
    };
    world.app.replace_credential(&request).await.unwrap();
    has_moved(&mut world, account, &token).await;
}

#[tokio::test]
async fn a_leaked_own_key_can_be_rotated_twice_in_a_row() {
    let (mut world, account) = World::with_keychain().await;
    let (first, _) = rotated(&world, account).await;
    let text: SecretString = world.reveal(first.id).await;
    let (second, trouble) = rotated(&world, account).await;
    assert_eq!(trouble, None);
    assert_eq!(world.status_with(&text).await, 401);
    assert_eq!(world.only_token().await.id, second.id);
    let card = own_id(&world, account).await;
    let card = world
        .app
        .rotate_card(&request(account, card))
        .await
        .unwrap();
    assert!(
        card.reasons
            .iter()
            .all(|reason| reason.consequence.contains("by itself"))
    );
    has_moved(&mut world, account, &second).await;
}
