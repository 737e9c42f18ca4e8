//! Signing in and out: what was typed is judged at its field, and nothing is kept that did not work.

use pulse_keys_core::view::{AppState, ErrorCode, KeychainView, SignOutOutcome, UiError};
use sandbox::faults::{Fault, Rule, VerbatimKey};
use sandbox::{Plan, Settings};
use secrecy::ExposeSecret as _;

use crate::world::World;

fn code(answer: Result<AppState, UiError>) -> ErrorCode {
    answer.expect_err("signing in must fail").code
}

#[tokio::test]
async fn either_documented_prefix_and_the_bare_origin_work() {
    for path in ["/v1", "/api/v1", "", "/"] {
        let world = World::new().await;
        let origin = world.sandbox.base_url().trim_end_matches("/v1").to_owned();
        let state = world.connect(&format!("{origin}{path}")).await.unwrap();
        assert_eq!(state.accounts.len(), 1, "{path:?}");
        assert!(
            state.accounts[0].base_url.ends_with("/v1"),
            "{:?}",
            state.accounts
        );
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_told_at_its_field_before_anything_is_sent() {
    let world = World::new().await;
    for address in [
        "",
        "not an address",
        "http://api.pulseapi.io/v1",
        "ftp://api.pulseapi.io",
        "https://user:password@api.pulseapi.io/v1",
        "https://api.pulseapi.io/v1?key=1",
        "https://api.pulseapi.io/v1#x",
    ] {
        assert_eq!(
            code(world.connect(address).await),
            ErrorCode::Address,
            "{address}"
        );
    }
    assert_eq!(world.faults().requests(), []);
}

#[tokio::test]
async fn a_credential_that_cannot_work_is_told_at_its_field() {
    let world = World::new().await;
    let base = world.sandbox.base_url();
    let whole = world.credential.expose_secret().to_owned();
    let (head, tail) = whole.split_at(20);
    for credential in [
        "",
        "   ",
        &format!("{head} {tail}"),
        &format!("{head}\n{tail}"),
        "1|wrong",
        "“1|quoted”",
    ] {
        assert_eq!(
            code(world.connect_with(&base, credential).await),
            ErrorCode::Credential,
            "{credential}"
        );
    }
    let pasted = format!("\n  Bearer {whole}\n");
    assert!(
        world.connect_with(&base, &pasted).await.is_ok(),
        "white space around it is no error"
    );
}

#[tokio::test]
async fn a_key_that_may_not_manage_keys_is_told_what_it_lacks() {
    let world = World::new().await;
    let key = world
        .faults()
        .insert_key(VerbatimKey::named("Reader"))
        .await
        .unwrap();
    let error = world
        .connect_with(&world.sandbox.base_url(), key.token.expose_secret())
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Credential);
    assert!(error.hint.contains("api-keys:manage"), "{error:?}");
}

#[tokio::test]
async fn a_plan_without_api_access_is_told_as_that() {
    let world = World::with(Settings {
        plan: Plan::Free,
        ..Settings::default()
    })
    .await;
    let error = world.connect(&world.sandbox.base_url()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Credential);
    assert!(error.hint.contains("Starter"), "{error:?}");
}

#[tokio::test]
async fn something_that_is_not_pulseapi_is_told_at_the_address() {
    for fault in [
        Fault::Html,
        Fault::WrongShape,
        Fault::HugeBody {
            bytes: 20_000_000,
            announced: true,
        },
    ] {
        let world = World::new().await;
        world.fault(Rule {
            method: None,
            path: None,
            times: 50,
            fault: fault.clone(),
        });
        let error = world.connect(&world.sandbox.base_url()).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Address, "{fault:?}: {error:?}");
        assert_eq!(world.app.state().await.accounts, []);
    }
}

#[tokio::test]
async fn nobody_listening_is_told_as_unreachable() {
    let world = World::new().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert_eq!(
        code(world.connect(&format!("http://{free}/v1")).await),
        ErrorCode::Offline
    );
}

#[tokio::test]
async fn signing_in_again_replaces_the_credential_and_not_the_account() {
    let (world, account) = World::signed_in().await;
    let fresh = world.sandbox.mint_credential().await.unwrap();
    let state = world
        .connect_with(&world.sandbox.base_url(), fresh.expose_secret())
        .await
        .unwrap();
    assert_eq!(state.accounts.len(), 1);
    assert_eq!(state.active, Some(account));
    world.app.refresh_keys(account, |_| {}).await.unwrap();
    let keys = world.app.cached_keys(account).await.unwrap().keys;
    let own: Vec<_> = keys.iter().filter(|key| key.own).collect();
    let tail = &fresh.expose_secret()[fresh.expose_secret().len() - 8..];
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].last_eight, tail);
}

#[tokio::test]
async fn signing_out_asks_first_and_leaves_the_key_alive() {
    let (world, account) = World::signed_in().await;
    world.app.refresh_keys(account, |_| {}).await.unwrap();
    world.says_no();
    assert_eq!(
        world.app.sign_out(account).await.unwrap(),
        SignOutOutcome::Cancelled
    );
    assert_eq!(world.app.state().await.active, Some(account));

    let world = World::signed_in().await.0;
    let account = world.app.state().await.active.unwrap();
    let SignOutOutcome::SignedOut { state } = world.app.sign_out(account).await.unwrap() else {
        panic!("the user said yes");
    };
    assert_eq!((state.accounts, state.active), (vec![], None));
    assert_eq!(
        world.status_with(&world.credential).await,
        200,
        "the key itself lives on"
    );
    assert!(
        world.app.cached_keys(account).await.is_err(),
        "its list is gone"
    );
}

#[tokio::test]
async fn the_sandbox_is_tried_with_one_call_and_stays_one_account() {
    let world = World::new().await;
    let first = world.app.try_sandbox().await.unwrap();
    let second = world.app.try_sandbox().await.unwrap();
    assert_eq!(first.keychain, KeychainView::SessionOnly);
    assert_eq!(second.accounts.len(), 1);
    assert_eq!(first.active, second.active);
}

#[tokio::test]
async fn several_accounts_are_kept_apart() {
    let (world, first) = World::signed_in().await;
    let second = world.app.try_sandbox().await.unwrap().active.unwrap();
    assert_ne!(first, second);
    world.app.refresh_keys(first, |_| {}).await.unwrap();
    assert_eq!(
        world.app.cached_keys(second).await.unwrap().fetched_at,
        None
    );
    assert_eq!(
        world.app.switch_account(first).await.unwrap().active,
        Some(first)
    );
}
