//! Accounts: what they are called, and which credential they sign in with.

use pulse_keys_core::view::{
    AccountId, AppState, ErrorCode, RenameRequest, ReplaceRequest, UiError,
};
use sandbox::faults::{Fault, Rule, VerbatimKey};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use crate::world::{WHOLE_SANDBOX, World, cut_off};

async fn rename(world: &World, account: AccountId, label: &str) -> Result<AppState, UiError> {
    let label = label.to_owned();
    world
        .app
        .rename_account(&RenameRequest { account, label })
        .await
}

async fn replace(
    world: &World,
    account: AccountId,
    credential: &SecretString,
) -> Result<AppState, UiError> {
    let credential = credential.clone();
    let request = ReplaceRequest {
        account,
        credential,
    };
    world.app.replace_credential(&request).await
}

async fn label(world: &World) -> String {
    world.app.state().await.accounts.remove(0).label
}

#[tokio::test]
async fn an_account_is_called_what_the_user_calls_it() {
    let (mut world, account) = World::with_keychain().await;
    assert_eq!(label(&world).await, "ops@acme.example");
    let state = rename(&world, account, "  Acme\u{202e} \n Ops ")
        .await
        .unwrap();
    assert_eq!(state.accounts[0].label, "Acme Ops");
    world.restart();
    assert_eq!(label(&world).await, "Acme Ops");
    assert_eq!(
        world.journalled("rename_account").await,
        ["renamed to Acme Ops"]
    );
    let token = world.created(account, "CI").await;
    assert_eq!(token.account_label, "Acme Ops");
}

#[tokio::test]
async fn a_name_that_cannot_be_shown_changes_nothing() {
    let (world, account) = World::with_keychain().await;
    for name in ["", " \n ", "\u{202e}", &"x".repeat(81)] {
        let error = rename(&world, account, name).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Name, "{name:?}");
        assert!(error.message.contains("1 to 80"), "{error:?}");
    }
    assert!(rename(&world, account, &"é".repeat(80)).await.is_ok());
    assert_eq!(world.journalled("rename_account").await.len(), 1);
}

#[tokio::test]
async fn another_credential_of_the_same_user_takes_the_place() {
    let (mut world, account) = World::with_keychain().await;
    rename(&world, account, "Acme").await.unwrap();
    let fresh = world.sandbox.mint_credential().await.unwrap();
    let state = replace(&world, account, &fresh).await.unwrap();
    assert_eq!((state.accounts.len(), state.active), (1, Some(account)));
    assert_eq!(state.accounts[0].label, "Acme");
    assert_eq!(
        world.status_with(&world.credential).await,
        200,
        "the old key lives on"
    );
    for _ in 0..2 {
        let rows = world.refreshed(account).await;
        let own: Vec<_> = rows.iter().filter(|row| row.own).collect();
        assert_eq!(own.len(), 1);
        assert!(fresh.expose_secret().ends_with(&own[0].last_eight));
        world.restart();
    }
    assert_eq!(world.journalled("replace_credential").await, ["replaced"]);
}

#[tokio::test]
async fn a_crash_while_a_credential_is_replaced_leaves_the_badge_on_the_right_key() {
    let (mut world, account) = World::with_keychain().await;
    let fresh = world.sandbox.mint_credential().await.unwrap();
    world.keychain().stops_after_storing("account/");
    cut_off(replace(&world, account, &fresh), || {
        world.keychain().has_stopped()
    })
    .await;
    world.restart();
    let mut own = world.refreshed(account).await;
    own.retain(|row| row.own);
    assert_eq!(own.len(), 1);
    assert!(fresh.expose_secret().ends_with(&own[0].last_eight));
}

#[tokio::test]
async fn a_credential_that_does_not_fit_leaves_the_old_one() {
    let (world, account) = World::with_keychain().await;
    let reader = world
        .faults()
        .insert_key(VerbatimKey::named("Reader"))
        .await
        .unwrap();
    let fresh = world.sandbox.mint_credential().await.unwrap();
    let wrong = ["", "two words", "1|wrong"].map(SecretString::from);
    for credential in wrong.iter().chain([&reader.token]) {
        let error = replace(&world, account, credential).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Credential, "{error:?}");
    }
    let somebody = json!({"data": {"id": 219, "name": "Mira", "email": "mira@acme.example"}});
    let answer = Fault::Answer {
        status: 200,
        body: somebody,
    };
    world.fault(Rule::once("GET", "/user", answer));
    let error = replace(&world, account, &fresh).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Credential);
    assert!(
        error.message.contains("belongs to somebody else"),
        "{error:?}"
    );

    let own: Vec<_> = world
        .refreshed(account)
        .await
        .into_iter()
        .filter(|row| row.own)
        .collect();
    assert!(
        world
            .credential
            .expose_secret()
            .ends_with(&own[0].last_eight)
    );
    assert!(world.signs_in_with(account, &world.credential));
    assert_eq!(world.journalled("replace_credential").await, [""; 0]);
}

#[tokio::test]
async fn a_dead_credential_can_be_replaced() {
    let (world, account) = World::with_keychain().await;
    let rows = world.refreshed(account).await;
    let own = rows.iter().find(|row| row.own).unwrap();
    let there = format!("{}/api-keys/{}", world.sandbox.base_url(), own.id.as_str());
    let elsewhere = reqwest::Client::new()
        .delete(there)
        .bearer_auth(world.credential.expose_secret());
    elsewhere.send().await.unwrap();
    let error = world.app.refresh_keys(account, |_| {}).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unauthorized);
    let fresh = world.sandbox.mint_credential().await.unwrap();
    replace(&world, account, &fresh).await.unwrap();
    assert_eq!(world.refreshed(account).await.len(), rows.len());
}

#[tokio::test]
async fn the_account_in_use_is_in_use_after_the_next_start() {
    let (mut world, first) = World::with_keychain().await;
    let second = world
        .app
        .try_sandbox(&WHOLE_SANDBOX)
        .await
        .unwrap()
        .active
        .unwrap();
    world.app.switch_account(first).await.unwrap();
    world.restart();
    let state = world.app.state().await;
    assert_eq!((state.accounts.len(), state.active), (2, Some(first)));

    let (of_first, of_second) = (
        world.created(first, "A").await,
        world.created(second, "B").await,
    );
    let listed: Vec<_> = world
        .custody()
        .await
        .iter()
        .map(|token| token.account)
        .collect();
    assert_eq!(listed, [second, first], "custody is of all accounts");
    world.app.sign_out(second).await.unwrap();
    assert_eq!(world.only_token().await.id, of_first.id);
    assert!(world.app.reveal_token(of_second.id).await.is_err());
}
