//! Signing in and out: what was typed is judged at its field, and nothing is kept that did not work.

use pulse_keys_core::view::{
    AppState, ErrorCode, KeyAccess, KeychainView, SignOutOutcome, UiError,
};
use sandbox::faults::{Fault, Rule, VerbatimKey};
use sandbox::{Plan, Settings};
use secrecy::ExposeSecret as _;

use crate::world::{WHOLE_SANDBOX, World, always, request, status};

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

/// A server that has its keys on a web screen only.
fn without_key_endpoints() -> Settings {
    Settings {
        key_endpoints: false,
        ..Settings::default()
    }
}

#[tokio::test]
async fn a_server_without_key_endpoints_is_connected_and_what_needs_them_says_so() {
    let world = World::with(without_key_endpoints()).await;
    let state = world.connect(&world.sandbox.base_url()).await.unwrap();
    let account = &state.accounts[0];
    assert_eq!(account.keys, KeyAccess::Guided);
    assert_eq!(account.user_email, "ops@acme.example");
    let key = world
        .faults()
        .insert_key(VerbatimKey::named("CI"))
        .await
        .unwrap();
    world.faults().clear_requests();

    let refused = [
        world
            .app
            .refresh_keys(account.id, |_| {})
            .await
            .unwrap_err(),
        world
            .app
            .rotate_card(&request(account.id, key.id))
            .await
            .unwrap_err(),
        world.app.create_form(account.id).await.unwrap_err(),
    ];

    for error in refused {
        assert!(error.message.contains("no endpoints"), "{error:?}");
        assert!(error.hint.contains("Settings → API Keys"), "{error:?}");
    }
    assert_eq!(world.faults().requests(), [], "nothing is asked in vain");
}

#[tokio::test]
async fn what_the_server_can_do_is_known_after_a_restart_too() {
    let (mut world, with_endpoints) = World::with_keychain().await;
    let other = World::with(without_key_endpoints()).await;
    let credential = other.credential.expose_secret();
    world
        .connect_with(&other.sandbox.base_url(), credential)
        .await
        .unwrap();
    world.restart();
    for account in world.app.state().await.accounts {
        let expected = if account.id == with_endpoints {
            KeyAccess::Endpoints
        } else {
            KeyAccess::Guided
        };
        assert_eq!(account.keys, expected);
    }
}

#[tokio::test]
async fn a_refused_token_is_told_where_there_are_no_key_endpoints_too() {
    let world = World::with(without_key_endpoints()).await;
    let unknown = "1|pulse_0123456789abcdefghijABCDEFGHIJ0123456789a1b2c3d4";
    let error = world
        .connect_with(&world.sandbox.base_url(), unknown)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Credential);
    assert!(error.message.contains("does not accept"), "{error:?}");
}

#[tokio::test]
async fn where_nobody_tells_whose_a_token_is_two_tokens_are_two_accounts() {
    let world = World::with(without_key_endpoints()).await;
    let absent = || Fault::Answer {
        status: 404,
        body: serde_json::json!({"message": "Not found."}),
    };
    world.fault(always("GET", "/user", absent()));
    let base = world.sandbox.base_url();
    let other = world.sandbox.mint_credential().await.unwrap();
    for _ in 0..2 {
        world.connect(&base).await.unwrap();
        world
            .connect_with(&base, other.expose_secret())
            .await
            .unwrap();
    }
    let state = world.app.state().await;
    assert_eq!(state.accounts.len(), 2, "{:?}", state.accounts);
}

#[tokio::test]
async fn a_list_that_fails_by_chance_makes_no_account_without_key_endpoints() {
    for fault in [status(500), status(503), Fault::Html, Fault::DropBefore] {
        let world = World::new().await;
        world.fault(always("GET", "/api-keys", fault.clone()));
        let base = world.sandbox.base_url();
        assert!(world.connect(&base).await.is_err(), "{fault:?}");
        assert_eq!(world.app.state().await.accounts, []);
    }
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
    let first = world.app.try_sandbox(&WHOLE_SANDBOX).await.unwrap();
    let second = world.app.try_sandbox(&WHOLE_SANDBOX).await.unwrap();
    assert_eq!(first.keychain, KeychainView::SessionOnly);
    assert_eq!(second.accounts.len(), 1);
    assert_eq!(first.active, second.active);
}

/// The tests' server speaks the whole API whatever it is asked for; what counts here is who is asked for.
#[tokio::test]
async fn a_sandbox_account_leads_to_its_own_web_screen() {
    let world = World::new().await;
    let state = world.app.try_sandbox(&WHOLE_SANDBOX).await.unwrap();
    let screen = world.app.web_screen(state.active.unwrap()).await.unwrap();
    assert_eq!(screen, world.sandbox.web_screen());

    let real = world.connect(&world.sandbox.base_url()).await.unwrap();
    let screen = world.app.web_screen(real.active.unwrap()).await.unwrap();
    let base = world.sandbox.base_url();
    let address = base.strip_suffix("/v1").unwrap();
    assert_eq!(screen, format!("{address}/settings/api-keys"));
}

#[tokio::test]
async fn several_accounts_are_kept_apart() {
    let (world, first) = World::signed_in().await;
    let second = world
        .app
        .try_sandbox(&WHOLE_SANDBOX)
        .await
        .unwrap()
        .active
        .unwrap();
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
