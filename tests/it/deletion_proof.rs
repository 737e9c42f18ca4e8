//! What is believed of a key that seems to be gone, and what goes with it: a gateway says 404 and 401, too.

use pulse_keys_core::view::{DeleteOutcome, ErrorCode, Verification};
use sandbox::faults::{Fault, Rule};
use serde_json::json;

use crate::world::{KEY, KEYS, World, always, cut_off, id_of, status};

/// Something in front of the service says this, and the service never hears of it.
fn gateway(status: u16) -> Fault {
    Fault::Answer {
        status,
        body: json!({"message": "Not Found"}),
    }
}

fn unknown(outcome: DeleteOutcome) -> pulse_keys_core::view::UiError {
    match outcome {
        DeleteOutcome::Unknown { error } => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_404_of_a_gateway_to_the_deletion_erases_nothing_of_a_key_that_lives() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let id = id_of(&token);
    world.refreshed(account).await;
    world.fault(Rule::once("DELETE", KEY, gateway(404)));
    let outcome = world.delete_typing(account, id, Some("CI")).await;
    assert!(
        !matches!(
            outcome,
            DeleteOutcome::Deleted { .. } | DeleteOutcome::GoneAlready { .. }
        ),
        "{outcome:?}"
    );
    assert!(world.exists(id).await);
    assert_eq!(
        world.only_token().await.id,
        token.id,
        "its token is still in custody"
    );
    assert_eq!(world.status_of(&token).await, 200);
    assert!(
        world
            .cached(account)
            .await
            .iter()
            .any(|row| row.own || row.name == "CI")
    );
    assert!(
        world
            .cached(account)
            .await
            .iter()
            .any(|row| row.name == "CI")
    );
}

#[tokio::test]
async fn a_404_before_anything_was_sent_is_believed_only_with_the_list() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let id = id_of(&token);
    world.refreshed(account).await;
    for list in [None, Some(status(503))] {
        world.fault(Rule::once("GET", KEY, gateway(404)));
        if let Some(fault) = list {
            world.fault(always("GET", KEYS, fault));
        }
        let error = unknown(world.delete_typing(account, id, Some("CI")).await);
        assert!(
            error
                .message
                .contains("It is not known whether “CI” is gone"),
            "{error:?}"
        );
        assert!(error.message.ends_with("Nothing was sent."), "{error:?}");
        world.faults().clear();
        assert_eq!(world.deletes_seen(), 0);
        assert_eq!(world.only_token().await.id, token.id);
        assert!(
            world
                .cached(account)
                .await
                .iter()
                .any(|row| row.name == "CI")
        );
    }
}

#[tokio::test]
async fn a_key_that_is_neither_found_nor_listed_was_gone_already_and_its_token_is_tried() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    world.refreshed(account).await;
    let elsewhere = format!("{}/api-keys/{}", world.sandbox.base_url(), id_of(&token));
    let auditor = world.sandbox.mint_credential().await.unwrap();
    let somebody = reqwest::Client::new()
        .delete(elsewhere)
        .bearer_auth(secrecy::ExposeSecret::expose_secret(&auditor));
    assert_eq!(somebody.send().await.unwrap().status(), 204);

    let outcome = world
        .delete_typing(account, id_of(&token), Some("CI"))
        .await;
    let DeleteOutcome::GoneAlready { message, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(message.ends_with("Its token gets 401."), "{message}");
    assert_eq!(world.custody().await, [], "a dead token is forgotten");
    assert_eq!(
        world.journalled_deletions().await,
        ["gone already: 401 confirmed"]
    );
}

#[tokio::test]
async fn a_404_after_a_lost_answer_is_a_doubt_that_the_list_settles() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let id = id_of(&token);
    world.meanwhile(|faults| {
        // The look before it still sees the key.
        let look = Fault::Delay { milliseconds: 0 };
        faults.inject(Rule::once("GET", KEY, look)).unwrap();
        faults
            .inject(Rule::once("DELETE", KEY, Fault::DropBefore))
            .unwrap();
        faults.inject(always("GET", KEY, gateway(404))).unwrap();
    });
    unknown(world.delete_typing(account, id, Some("CI")).await);
    assert!(world.exists(id).await);
    assert_eq!(world.only_token().await.id, token.id);
    let [notice] = &world.notices().await[..] else {
        panic!("the deletion is open");
    };
    assert!(notice.message.contains("It is not known yet"), "{notice:?}");

    world.faults().clear();
    let [notice] = &world.notices().await[..] else {
        panic!("the deletion is still open");
    };
    assert!(
        notice.message.contains("may still take effect"),
        "{notice:?}"
    );
    world.time.is_later(jiff::SignedDuration::from_mins(10));
    let [notice] = &world.notices().await[..] else {
        panic!("the deletion is still open");
    };
    assert!(notice.message.contains("was not deleted"), "{notice:?}");
    assert_eq!(world.only_token().await.id, token.id);
    assert_eq!(world.deletes_seen(), 1);
}

#[tokio::test]
async fn a_refresh_that_lacks_the_key_settles_it_only_if_the_service_has_no_record_either() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    world.meanwhile(|faults| {
        faults
            .inject(Rule::once("GET", KEY, Fault::Delay { milliseconds: 0 }))
            .unwrap();
        faults
            .inject(Rule::once("DELETE", KEY, Fault::DropBefore))
            .unwrap();
        faults
            .inject(always("GET", KEY, Fault::DropBefore))
            .unwrap();
    });
    unknown(world.delete(account, key.id).await);
    world.faults().clear();
    // A list out of a cache: whole in itself, and without the key.
    let list = Fault::Answer {
        status: 200,
        body: json!({"data": [], "meta": {"current_page": 1, "last_page": 1, "per_page": 100, "total": 0}}),
    };
    world.fault(Rule::once("GET", KEYS, list));
    world.refreshed(account).await;
    let last = world.journalled_deletions().await.pop().unwrap();
    assert!(last.starts_with("unknown: "), "{last}");

    world.time.is_later(jiff::SignedDuration::from_mins(10));
    world.refreshed(account).await;
    let last = world.journalled_deletions().await.pop().unwrap();
    assert_eq!(last, "not deleted: interrupted, the key is alive");
}

#[tokio::test]
async fn a_lone_401_to_the_apps_own_key_proves_nothing_after_silence() {
    let (world, account) = World::with_keychain().await;
    let own = world.refreshed(account).await;
    let own = own.iter().find(|row| row.own).unwrap().clone();
    let id: i64 = own.id.as_str().parse().unwrap();
    world.meanwhile(|faults| {
        faults
            .inject(Rule::once("GET", KEY, Fault::Delay { milliseconds: 0 }))
            .unwrap();
        faults
            .inject(Rule::once("DELETE", KEY, Fault::DropBefore))
            .unwrap();
        faults.inject(Rule::once("GET", KEY, status(401))).unwrap();
    });
    let error = unknown(world.delete_typing(account, id, Some(&own.name)).await);
    assert_eq!(error.code, ErrorCode::Unauthorized);
    assert!(
        world.signs_in_with(account, &world.credential),
        "the credential stays"
    );
    assert_eq!(world.app.state().await.active, Some(account));
    // It works: the next look finds the key, and the last one says so.
    world.time.is_later(jiff::SignedDuration::from_mins(10));
    let [notice] = &world.notices().await[..] else {
        panic!("the deletion is open");
    };
    assert!(notice.message.contains("was not deleted"), "{notice:?}");
}

#[tokio::test]
async fn a_confirmed_deletion_that_cannot_be_seen_is_not_called_done() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let id = id_of(&token);
    world.meanwhile(|faults| {
        faults
            .inject(Rule::once("GET", KEY, Fault::Delay { milliseconds: 0 }))
            .unwrap();
        faults
            .inject(always("GET", KEY, Fault::DropBefore))
            .unwrap();
    });
    let error = unknown(world.delete_typing(account, id, Some("CI")).await);
    assert!(
        error
            .message
            .contains("could not be seen whether it is gone"),
        "{error:?}"
    );
    assert_eq!(world.custody().await.len(), 1);
    world.faults().clear();
    let [notice] = &world.notices().await[..] else {
        panic!("the deletion is open");
    };
    assert!(notice.message.contains("was deleted"), "{notice:?}");
    assert_eq!(world.custody().await, [], "its token got 401");
    assert_eq!(
        world.journalled_deletions().await.pop().unwrap(),
        "deleted: 401 confirmed"
    );
}

/// A token that was rotated away was dead before, and its 401 says nothing of the one that the key had at last.
#[tokio::test]
async fn the_401_of_an_older_token_confirms_nothing() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let id = id_of(&token);
    let rotate = format!("{}/api-keys/{id}/rotate", world.sandbox.base_url());
    let auditor = world.sandbox.mint_credential().await.unwrap();
    let somebody = reqwest::Client::new()
        .post(rotate)
        .bearer_auth(secrecy::ExposeSecret::expose_secret(&auditor));
    assert_eq!(somebody.send().await.unwrap().status(), 200);
    let outcome = world.delete_typing(account, id, Some("CI")).await;
    let DeleteOutcome::Deleted { verification, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(verification, Verification::RecordGone);
}

#[tokio::test]
async fn a_deletion_is_told_also_when_the_list_finds_out_before_anybody_asks() {
    let (mut world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    world.fault(Rule::once("DELETE", KEY, Fault::HangAfter));
    cut_off(world.delete(account, key.id), || world.deletes_seen() == 1).await;
    world.restart();
    world.refreshed(account).await;
    let notices = world.notices().await;
    let [notice] = &notices[..] else {
        panic!("{notices:?}");
    };
    assert!(
        !notice.needs_attention && notice.message.contains("was deleted"),
        "{notice:?}"
    );
}
