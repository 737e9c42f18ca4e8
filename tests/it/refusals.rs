//! Refusals that have to be told as what they are: of the token, of the plan, and a success that is none yet.

use pulse_keys_core::view::{CreateOutcome, DeleteOutcome, ErrorCode};
use sandbox::faults::{Fault, Rule};
use serde_json::json;

use crate::world::{KEY, KEYS, World, always};

#[tokio::test]
async fn a_token_that_is_answered_with_the_way_to_a_login_page_is_told_as_the_token() {
    let world = World::new().await;
    let login = Fault::Redirect {
        location: "/login".to_owned(),
    };
    world.fault(always("GET", "/user", login.clone()));
    let error = world.connect(&world.sandbox.base_url()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Credential);
    assert!(error.message.contains("asks to sign in"), "{error:?}");
    assert!(error.hint.contains("refuse a token"), "{error:?}");

    world.faults().clear();
    let state = world.connect(&world.sandbox.base_url()).await.unwrap();
    world.fault(always("GET", KEYS, login));
    let account = state.active.unwrap();
    let error = world.app.refresh_keys(account, |_| {}).await.unwrap_err();
    assert_eq!(
        error.code,
        ErrorCode::Unauthorized,
        "the page offers to sign in again"
    );
}

#[tokio::test]
async fn what_the_plan_does_not_allow_is_told_in_the_services_own_words() {
    let (world, account) = World::signed_in().await;
    for status in [402, 403] {
        let words = "Your plan allows 5 API keys.";
        let answer = Fault::Answer {
            status,
            body: json!({"message": words}),
        };
        world.fault(Rule::once("POST", KEYS, answer));
        let outcome = world.create(account, "CI").await;
        let CreateOutcome::NotCreated { errors } = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(
            errors[0].message,
            format!("PulseAPI refused: {words} Nothing was created.")
        );
        assert!(!errors[0].hint.contains("API access"), "{errors:?}");
    }
}

#[tokio::test]
async fn a_deletion_that_is_only_queued_is_not_told_as_done() {
    for status in [202, 207] {
        let (world, account) = World::signed_in().await;
        let key = world.idle_key(200).await;
        let answer = Fault::Answer {
            status,
            body: json!({"message": "Queued."}),
        };
        world.fault(Rule::once("DELETE", KEY, answer));
        let outcome = world.delete(account, key.id).await;
        let DeleteOutcome::Unknown { error } = outcome else {
            panic!("{outcome:?}");
        };
        assert!(
            error.message.contains("does not say that it is done"),
            "{error:?}"
        );
        assert_eq!(world.status_with(&key.token).await, 200);
    }
}
