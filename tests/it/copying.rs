//! Copying a token: which text, kept out of the clipboard's history, and taken off it again when that is safe.

use std::time::Duration;

use pulse_keys_core::view::{
    Copied, CopyForm, CopyRequest, CustodyId, ErrorCode, KeyRow, KeysRequest,
};
use pulseapi::KeyId;
use secrecy::ExposeSecret as _;

use crate::keychain::Refuses;
use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);

async fn copy(world: &World, token: CustodyId, form: CopyForm) -> Copied {
    let copied = world
        .app
        .copy_token(&CopyRequest { token, form })
        .await
        .unwrap();
    // The clearing task begins to wait.
    world.time.passes(Duration::ZERO).await;
    copied
}

/// A world in which time passes as the test says, and a token of it.
async fn world_with_token() -> (World, CustodyId, String) {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let text = world.reveal(token.id).await.expose_secret().to_owned();
    world.time.is_kept();
    (world, token.id, text)
}

#[tokio::test]
async fn each_form_is_what_it_says() {
    let (world, token, text) = world_with_token().await;
    let copied = copy(&world, token, CopyForm::Token).await;
    assert!(world.clipboard_holds(&text) && world.clipboard_is_secret());
    assert_eq!(copied.clears_after, Some(45));
    assert!(
        copied.message.contains("cleared in 45 seconds"),
        "{copied:?}"
    );

    copy(&world, token, CopyForm::Env).await;
    let line = format!("PULSEAPI_TOKEN='{text}'");
    assert!(world.clipboard_holds(&line) && world.clipboard_is_secret());

    let copied = copy(&world, token, CopyForm::Curl).await;
    let curl = world.only_token().await.curl;
    assert!(curl.contains("$PULSEAPI_TOKEN") && !curl.contains(&text));
    assert!(world.clipboard_holds(&curl) && !world.clipboard_is_secret());
    assert_eq!(copied.clears_after, None);
    world.time.passes(100 * SECOND).await;
    assert!(world.clipboard_holds(&curl), "it holds no secret");
}

#[tokio::test]
async fn a_copied_token_goes_after_three_quarters_of_a_minute() {
    for form in [CopyForm::Token, CopyForm::Env] {
        let (world, token, _) = world_with_token().await;
        copy(&world, token, form).await;
        world.time.passes(44 * SECOND).await;
        assert!(!world.clipboard_is_empty());
        world.time.passes(SECOND).await;
        assert!(world.clipboard_is_empty(), "{form:?}");
    }
}

#[tokio::test]
async fn what_somebody_else_copied_stays() {
    let (world, token, _) = world_with_token().await;
    copy(&world, token, CopyForm::Token).await;
    world.copies_elsewhere("a shopping list");
    world.time.passes(60 * SECOND).await;
    assert!(world.clipboard_holds("a shopping list"));
}

#[tokio::test]
async fn copying_again_starts_the_time_again() {
    let (world, token, _) = world_with_token().await;
    copy(&world, token, CopyForm::Token).await;
    world.time.passes(30 * SECOND).await;
    copy(&world, token, CopyForm::Token).await;
    world.time.passes(30 * SECOND).await;
    assert!(
        !world.clipboard_is_empty(),
        "the first copy's time is over, the second's is not"
    );
    world.time.passes(15 * SECOND).await;
    assert!(world.clipboard_is_empty());
}

#[tokio::test]
async fn a_token_that_was_stored_meanwhile_still_goes() {
    let (world, token, _) = world_with_token().await;
    copy(&world, token, CopyForm::Token).await;
    world.app.token_stored(token).await.unwrap();
    world.time.passes(45 * SECOND).await;
    assert!(world.clipboard_is_empty());
}

#[tokio::test]
async fn a_token_that_exists_nowhere_else_is_never_taken_away() {
    let (world, account) = World::with_keychain().await;
    world.keychain().refuses(Refuses::StoringSecrets);
    let token = world.created(account, "CI").await;
    world.time.is_kept();
    let copied = copy(&world, token.id, CopyForm::Token).await;
    assert_eq!(copied.clears_after, None);
    assert!(copied.message.contains("exists nowhere else"), "{copied:?}");
    world.time.passes(100 * SECOND).await;
    assert!(!world.clipboard_is_empty());

    world.keychain().refuses(Refuses::Nothing);
    world.app.keep_token(token.id).await.unwrap();
    let copied = copy(&world, token.id, CopyForm::Token).await;
    assert_eq!(copied.clears_after, Some(45), "the keychain has it by now");
    world.time.passes(45 * SECOND).await;
    assert!(world.clipboard_is_empty());
}

/// The clipboard is held by another program.
fn hold(world: &World, is_held: bool) {
    world.host.clipboard.lock().unwrap().is_held = is_held;
}

fn told(world: &World) -> Vec<String> {
    world.host.clipboard.lock().unwrap().not_cleared.clone()
}

#[tokio::test]
async fn a_clipboard_that_takes_nothing_leads_to_another_way_for_what_was_to_be_copied() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await.id;
    let text = world.reveal(token).await.expose_secret().to_owned();
    world.time.is_kept();
    world.app.refresh_keys(account, |_| {}).await.unwrap();
    let row = world.app.cached_keys(account).await.unwrap().keys.remove(0);
    hold(&world, true);
    let ways = [
        (CopyForm::Token, "Press Reveal and copy it by hand."),
        (CopyForm::Env, "Press Reveal and copy it by hand."),
        (CopyForm::Curl, "Select the line and copy it by hand."),
    ];
    for (form, way) in ways {
        let refused = world.app.copy_token(&CopyRequest { token, form }).await;
        let error = refused.unwrap_err();
        let message = "The clipboard could not be used: another program holds it.";
        assert_eq!(
            (error.message.as_str(), error.hint.as_str()),
            (message, way)
        );
    }
    let keys = vec![row.id];
    let refused = world.app.copy_labels(&KeysRequest { account, keys }).await;
    assert_eq!(
        refused.unwrap_err().hint,
        "Name and last 8 are in the list. Nothing was changed."
    );
    // What was not copied is not waited for.
    hold(&world, false);
    world.copies_elsewhere(&text);
    world.time.passes(100 * SECOND).await;
    assert!(world.clipboard_holds(&text));
    assert_eq!(world.reveal(token).await.expose_secret(), text);
}

#[tokio::test]
async fn a_clipboard_that_is_held_when_it_is_to_be_cleared_is_tried_again() {
    let (world, token, _) = world_with_token().await;
    copy(&world, token, CopyForm::Token).await;
    hold(&world, true);
    world.time.passes(45 * SECOND).await;
    hold(&world, false);
    world.time.passes(5 * SECOND).await;
    assert!(world.clipboard_is_empty());
    assert_eq!(told(&world), [""; 0]);
}

#[tokio::test]
async fn a_token_that_may_stay_on_the_clipboard_is_told() {
    let (world, token, text) = world_with_token().await;
    copy(&world, token, CopyForm::Token).await;
    hold(&world, true);
    for pause in [45, 5] {
        world.time.passes(pause * SECOND).await;
        assert_eq!(told(&world), [""; 0], "it is tried again");
    }
    world.time.passes(5 * SECOND).await;
    let said = "The clipboard could not be used: another program holds it. It may still hold the token that you \
        copied: copy something else over it.";
    assert_eq!(told(&world), [said]);
    assert_eq!(
        *world.host.notified.lock().unwrap(),
        ["The clipboard was not cleared"]
    );
    assert!(world.clipboard_holds(&text));
}

#[tokio::test]
async fn what_is_not_in_custody_cannot_be_copied() {
    let (world, token, _) = world_with_token().await;
    world.app.token_stored(token).await.unwrap();
    for form in [CopyForm::Token, CopyForm::Env, CopyForm::Curl] {
        let error = world
            .app
            .copy_token(&CopyRequest { token, form })
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::Stale);
    }
    assert!(world.clipboard_is_empty());
}

#[tokio::test]
async fn what_is_listed_holds_no_secret() {
    let (world, _, text) = world_with_token().await;
    let listed = serde_json::to_string(&world.app.custody().await.unwrap()).unwrap();
    let (id, body) = text.split_once('|').unwrap();
    assert!(listed.contains(&format!("{id}|•")), "{listed}");
    assert!(!listed.contains(&body[..16]) && !listed.contains(&body[8..24]));
}

#[tokio::test]
async fn what_keys_are_called_is_copied_without_any_secret() {
    let (world, account) = World::with_keychain().await;
    world.app.refresh_keys(account, |_| {}).await.unwrap();
    let rows = world.app.cached_keys(account).await.unwrap().keys;
    let request = |keys: &[&KeyRow]| KeysRequest {
        account,
        keys: keys.iter().map(|key| key.id.clone()).collect(),
    };
    let said = world.app.copy_labels(&request(&[&rows[0]])).await.unwrap();
    let line = format!("{} …{}", rows[0].name, rows[0].last_eight);
    assert!(world.clipboard_holds(&line) && !world.clipboard_is_secret());
    assert_eq!(said.message, format!("Copied {line}."));

    world
        .app
        .copy_labels(&request(&[&rows[1], &rows[0]]))
        .await
        .unwrap();
    let lines = format!("{} …{}\n{line}", rows[1].name, rows[1].last_eight);
    assert!(world.clipboard_holds(&lines));

    let nobody = KeysRequest {
        account,
        keys: vec![KeyId::parse("9999").unwrap()],
    };
    assert!(world.app.copy_labels(&nobody).await.is_err());
    assert!(world.clipboard_holds(&lines), "nothing was copied");
}
