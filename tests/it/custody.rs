//! Where a fresh token is until the user has stored it: it survives the app, and leaves only when told to.

use pulse_keys_core::host::Reply;
use pulse_keys_core::view::{
    CustodyId, CustodyPlace, CustodyState, DeleteOutcome, ErrorCode, RotateOutcome, SignOutOutcome,
    TokenInCustody, TokenVerdict, Verification,
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::keychain::Refuses;
use crate::world::{World, id_of, same};

async fn is_gone(world: &World, token: CustodyId) {
    let error = world.app.reveal_token(token).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Stale, "{error:?}");
    assert!(
        !world
            .custody()
            .await
            .iter()
            .any(|listed| listed.id == token)
    );
}

/// A new key whose token the keychain does not take.
async fn refused() -> (World, TokenInCustody, SecretString) {
    let (world, account) = World::with_keychain().await;
    world.keychain().refuses(Refuses::StoringSecrets);
    let token = world.created(account, "CI").await;
    let text = world.reveal(token.id).await;
    (world, token, text)
}

#[tokio::test]
async fn a_stored_token_leaves_the_keychain_and_works_on() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let text = world.reveal(token.id).await;
    assert_eq!(world.app.token_stored(token.id).await.unwrap().tokens, []);
    assert_eq!(world.keychain().tokens(), 0);
    is_gone(&world, token.id).await;
    assert_eq!(world.status_with(&text).await, 200);
    assert_eq!(world.journalled("store_token").await, ["stored elsewhere"]);
}

#[tokio::test]
async fn a_kept_token_stays_and_stands_behind_those_that_wait() {
    let (mut world, account) = World::with_keychain().await;
    let first = world.created(account, "First").await;
    let second = world.created(account, "Second").await;
    let third = world.created(account, "Third").await;
    let custody = world.app.keep_token(third.id).await.unwrap().tokens;
    let shown: Vec<_> = custody
        .iter()
        .map(|token| (token.id, token.state))
        .collect();
    let expected = [
        (second.id, CustodyState::Waiting),
        (first.id, CustodyState::Waiting),
        (third.id, CustodyState::Kept),
    ];
    assert_eq!(shown, expected);
    world.restart();
    let shown: Vec<_> = world
        .custody()
        .await
        .into_iter()
        .map(|token| (token.id, token.state))
        .collect();
    assert_eq!(shown, expected, "after the next start too");
    world.app.token_stored(third.id).await.unwrap();
    is_gone(&world, third.id).await;
    assert_eq!(world.journalled("keep_token").await.len(), 1);
}

#[tokio::test]
async fn waiting_tokens_are_there_after_the_next_start() {
    let (mut world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    let created = world.created(account, "CI").await;
    let rotated = world.rotated(account, key.id).await;
    let text = world.reveal(created.id).await;

    world.restart();

    assert_eq!(world.notices().await, []);
    let custody = world.custody().await;
    let ids: Vec<_> = custody.iter().map(|token| token.id).collect();
    assert_eq!(ids, [rotated.id, created.id]);
    assert_eq!(custody[1], created, "nothing about it is forgotten");
    for token in &custody {
        assert_eq!(world.status_of(token).await, 200);
    }
    assert!(same(&world.reveal(created.id).await, &text));
}

#[tokio::test]
async fn a_token_that_the_keychain_refused_is_held_and_told_as_that() {
    let (world, token, text) = refused().await;
    assert_eq!(world.status_with(&text).await, 200);
    assert_eq!(token.place, CustodyPlace::Memory);
    assert_eq!(
        token.trouble.as_ref().map(|trouble| trouble.code),
        Some(ErrorCode::Keychain)
    );
    let question = world
        .app
        .question_before_closing()
        .expect("closing would lose it");
    assert_eq!(question.headline, "Close and lose 1 token?");
    assert!(question.paragraphs[0].contains("“CI”"), "{question:?}");
    assert_eq!(world.only_token().await.place, CustodyPlace::Memory);
    assert_eq!(
        world.notices().await,
        [],
        "it is nobody's to settle while it is held"
    );
}

#[tokio::test]
async fn keeping_tries_the_keychain_again() {
    let (mut world, token, text) = refused().await;
    let error = world.app.keep_token(token.id).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Keychain);
    assert!(
        world.app.question_before_closing().is_some(),
        "it is still only here"
    );

    world.keychain().refuses(Refuses::Nothing);
    let kept = world
        .app
        .keep_token(token.id)
        .await
        .unwrap()
        .tokens
        .remove(0);
    assert_eq!(
        (kept.state, kept.place),
        (CustodyState::Kept, CustodyPlace::Keychain)
    );
    assert_eq!(kept.trouble, None);
    assert_eq!(world.app.question_before_closing(), None);
    world.restart();
    assert_eq!(world.notices().await, []);
    assert!(same(&world.reveal(token.id).await, &text));
}

#[tokio::test]
async fn storing_a_held_token_wipes_it_and_closing_asks_nothing_more() {
    let (mut world, token, _) = refused().await;
    assert_eq!(world.app.token_stored(token.id).await.unwrap().tokens, []);
    assert_eq!(world.app.question_before_closing(), None);
    is_gone(&world, token.id).await;
    world.restart();
    assert_eq!(
        world.notices().await,
        [],
        "it was stored, so it is not lost"
    );
}

#[tokio::test]
async fn a_held_token_that_goes_with_the_app_is_told_as_lost() {
    let (mut world, token, _) = refused().await;
    world.restart();
    let [notice] = &world.notices().await[..] else {
        panic!("one token was lost");
    };
    assert!(
        notice.needs_attention && notice.next.is_some(),
        "{notice:?}"
    );
    assert!(notice.message.contains(&token.last_eight), "{notice:?}");
    assert_eq!(world.custody().await, []);
}

#[tokio::test]
async fn without_a_keychain_a_token_is_held_and_cannot_be_kept() {
    let (world, account) = World::signed_in().await;
    let token = world.created(account, "CI").await;
    assert_eq!((token.place, &token.trouble), (CustodyPlace::Memory, &None));
    assert_eq!(world.status_of(&token).await, 200);
    assert!(world.app.question_before_closing().is_some());
    let error = world.app.keep_token(token.id).await.unwrap_err();
    assert!(
        error.message.contains("no keychain in this session"),
        "{error:?}"
    );
    assert_eq!(world.only_token().await.id, token.id);
    world.app.token_stored(token.id).await.unwrap();
    is_gone(&world, token.id).await;
    assert_eq!(world.app.question_before_closing(), None);
}

#[tokio::test]
async fn without_a_keychain_a_rotation_ends_the_held_token_before_it() {
    let (world, account) = World::signed_in().await;
    let first = world.created(account, "CI").await;
    let second = world.rotated(account, id_of(&first)).await;
    assert_eq!(world.only_token().await.id, second.id);
    assert_eq!(world.status_of(&second).await, 200);
    let question = world.app.question_before_closing().unwrap();
    assert_eq!(question.headline, "Close and lose 1 token?");
}

#[tokio::test]
async fn closing_while_a_token_may_arrive_asks_first() {
    let (world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    world.meanwhile(|faults| {
        let slow = sandbox::faults::Fault::Delay { milliseconds: 100 };
        faults
            .inject(sandbox::faults::Rule::once(
                "POST",
                crate::world::ROTATE,
                slow,
            ))
            .unwrap();
    });
    assert_eq!(world.app.question_before_closing(), None);
    let closing = async {
        while world.posts_seen() == 0 {
            tokio::task::yield_now().await;
        }
        world.app.question_before_closing()
    };
    let (_, question) = tokio::join!(world.rotated(account, key.id), closing);
    assert_eq!(
        question.unwrap().headline,
        "Close while PulseAPI is answering?"
    );
    assert_eq!(world.app.question_before_closing(), None);
}

#[tokio::test]
async fn a_token_that_the_keychain_does_not_find_stays_until_the_user_removes_it() {
    let (mut world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let kept = world.keychain().take_tokens();
    let error = world.app.reveal_token(token.id).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::TokenMissing);
    assert!(error.message.contains("“CI”"), "{error:?}");
    assert!(error.hint.contains("rotate"), "{error:?}");
    assert_eq!(world.only_token().await.id, token.id, "it stays on record");

    // It was another keychain: the usual one has it.
    world.restart();
    world.keychain().give_back(kept);
    assert_eq!(world.status_of(&token).await, 200);

    world.keychain().lose_tokens();
    world.app.token_stored(token.id).await.unwrap();
    assert_eq!(world.custody().await, []);
    assert_eq!(
        world.journalled("store_token").await,
        ["removed: the keychain had no such token"]
    );
}

#[tokio::test]
async fn a_keychain_that_cannot_be_asked_loses_nothing() {
    let (mut world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    world.keychain().refuses(Refuses::Everything);
    assert_eq!(
        world.app.reveal_token(token.id).await.unwrap_err().code,
        ErrorCode::Keychain
    );
    assert_eq!(
        world.app.token_stored(token.id).await.unwrap_err().code,
        ErrorCode::Keychain
    );
    world.restart();
    world.notices().await;
    assert_eq!(world.only_token().await.id, token.id);

    world.keychain().refuses(Refuses::Removing);
    assert_eq!(
        world.app.token_stored(token.id).await.unwrap_err().code,
        ErrorCode::Keychain
    );
    assert_eq!(world.only_token().await.state, CustodyState::Waiting);
    world.keychain().refuses(Refuses::Nothing);
    assert_eq!(world.status_of(&token).await, 200);
}

#[tokio::test]
async fn a_deleted_key_takes_its_token_along_and_the_token_is_the_proof() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let other = world.created(account, "Other").await;
    let outcome = world
        .delete_typing(account, id_of(&token), Some("CI"))
        .await;
    let DeleteOutcome::Deleted { verification, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(verification, Verification::TokenRefused);
    assert_eq!(
        world.journalled_deletions().await,
        ["deleted: 401 confirmed"]
    );
    assert_eq!(world.only_token().await.id, other.id);
    assert_eq!(world.keychain().tokens(), 1);
}

#[tokio::test]
async fn a_dead_token_that_the_keychain_will_not_give_up_goes_at_the_next_start() {
    let (mut world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    world.keychain().refuses(Refuses::Removing);
    world
        .delete_typing(account, id_of(&token), Some("CI"))
        .await;
    assert_eq!(world.custody().await, [], "nobody is offered a dead token");
    assert_eq!(world.keychain().tokens(), 1);

    world.keychain().refuses(Refuses::Nothing);
    world.restart();
    assert_eq!(world.notices().await, []);
    assert_eq!(world.keychain().tokens(), 0);
}

#[tokio::test]
async fn signing_out_asks_what_becomes_of_the_tokens() {
    let (world, account) = World::with_keychain().await;
    world.created(account, "First").await;
    world.created(account, "Second").await;
    world.says_no();
    assert_eq!(
        world.app.sign_out(account).await.unwrap(),
        SignOutOutcome::Cancelled
    );
    let question = world.questions().pop().unwrap();
    assert_eq!(question.yes, "Sign out, forget 2 tokens");
    assert_eq!(
        question.alternative.as_deref(),
        Some("Sign out, keep 2 tokens")
    );
    assert_eq!(world.custody().await.len(), 2);

    world.says(Reply::Yes);
    world.app.sign_out(account).await.unwrap();
    assert_eq!(world.custody().await, []);
    assert_eq!(world.keychain().tokens(), 0);
    assert_eq!(world.notices().await, [], "the user chose so");
}

#[tokio::test]
async fn tokens_stay_within_reach_after_signing_out() {
    let (mut world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    world.says(Reply::Alternative);
    world.app.sign_out(account).await.unwrap();
    assert_eq!(world.app.state().await.accounts, []);
    world.restart();
    assert_eq!(world.notices().await, []);
    let listed = world.only_token().await;
    assert_eq!(
        (listed.id, listed.account_label),
        (token.id, token.account_label.clone())
    );
    assert_eq!(world.status_of(&token).await, 200);
    let tried = world.app.test_token(token.id).await.unwrap();
    assert_eq!(tried.new.verdict, TokenVerdict::Accepted);
    world.app.token_stored(token.id).await.unwrap();
    assert_eq!(world.keychain().tokens(), 0);
}

#[tokio::test]
async fn without_a_keychain_signing_out_forgets_held_tokens_for_good_or_keeps_them() {
    for (reply, left) in [(Reply::Yes, 0), (Reply::Alternative, 1)] {
        let (mut world, account) = World::signed_in().await;
        let token = world.created(account, "CI").await;
        world.says(reply);
        world.app.sign_out(account).await.unwrap();
        assert_eq!(world.custody().await.len(), left);
        assert_eq!(world.app.question_before_closing().is_some(), left > 0);
        if left > 0 {
            assert_eq!(world.status_of(&token).await, 200);
            world.app.token_stored(token.id).await.unwrap();
        }
        world.restart();
        assert_eq!(world.notices().await, [], "{reply:?}: the user knows");
    }
}

#[tokio::test]
async fn a_token_is_tried_with_one_call_and_its_end_is_noticed() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let tried = world.app.test_token(token.id).await.unwrap();
    assert_eq!(
        (tried.new.verdict, tried.old),
        (TokenVerdict::Accepted, None)
    );
    assert!(
        tried.new.message.starts_with("200: "),
        "{}",
        tried.new.message
    );

    let here = format!("{}/api-keys/{}", world.sandbox.base_url(), id_of(&token));
    let elsewhere = reqwest::Client::new()
        .delete(here)
        .bearer_auth(world.credential.expose_secret());
    assert_eq!(elsewhere.send().await.unwrap().status(), 204);

    let tried = world.app.test_token(token.id).await.unwrap();
    assert_eq!(tried.new.verdict, TokenVerdict::Refused);
    assert!(
        tried.new.message.starts_with("401: "),
        "{}",
        tried.new.message
    );
}

#[tokio::test]
async fn the_token_before_a_rotation_is_shown_as_refused() {
    let (world, account) = World::with_keychain().await;
    let first = world.created(account, "CI").await;
    let outcome = world.rotate(account, id_of(&first)).await;
    let RotateOutcome::Rotated { token, .. } = outcome else {
        panic!("{outcome:?}");
    };
    let tried = world.app.test_token(token.id).await.unwrap();
    let verdicts = (tried.new.verdict, tried.old.map(|old| old.verdict));
    assert_eq!(
        verdicts,
        (TokenVerdict::Accepted, Some(TokenVerdict::Refused))
    );
}
