//! What happens to a key after the user said yes: nothing is deleted but what they saw.

use jiff::{SignedDuration, Timestamp};
use pulse_keys_core::view::{AccountId, DeleteCard, DeleteOutcome, Friction};
use sandbox::faults::{Fault, Faults, Rule};
use serde_json::{Value, json};

use crate::world::{KEY, World, request};

/// A key as the service describes it.
async fn described(faults: &Faults, id: i64) -> Value {
    serde_json::to_value(faults.key(id).await.unwrap().unwrap()).unwrap()
}

fn answer(key: &Value) -> Fault {
    Fault::Answer {
        status: 200,
        body: json!({ "data": key }),
    }
}

fn changed(outcome: DeleteOutcome) -> (DeleteCard, String) {
    match outcome {
        DeleteOutcome::CardChanged { card, message } => (card, message),
        other => panic!("{other:?}"),
    }
}

/// Deletes an idle key that is described otherwise from the question on.
async fn deleted_while(
    account: AccountId,
    world: &World,
    change: impl Fn(&mut Value),
) -> DeleteOutcome {
    let key = world.idle_key(200).await;
    let mut now = described(world.faults(), key.id).await;
    change(&mut now);
    world.meanwhile(move |faults| {
        let rule = Rule::once("GET", KEY, answer(&now));
        faults.inject(rule).unwrap();
    });
    let outcome = world.delete(account, key.id).await;
    assert!(world.exists(key.id).await, "{outcome:?}");
    outcome
}

#[tokio::test]
async fn a_key_that_changed_while_the_question_was_open_is_not_deleted() {
    let (world, account) = World::signed_in().await;
    let used = Timestamp::now() - SignedDuration::from_hours(24 * 100);
    let cases: [(&str, Value, &str); 6] = [
        (
            "last_eight",
            json!("00000000"),
            "It has another token (…00000000): somebody rotated it.",
        ),
        ("rotated_at", json!(used), "somebody rotated it."),
        (
            "name",
            json!("production master"),
            "It was called “Old importer” before.",
        ),
        (
            "abilities",
            json!(["*"]),
            "It has other abilities: now also *; no longer monitors:read.",
        ),
        (
            "team",
            json!({"id": 99, "name": "Payments"}),
            "It belongs to the team “Payments” now.",
        ),
        // Still idle: no more friction than before, and yet news.
        ("last_used_at", json!(used), "Something used it at "),
    ];
    let mut asked = 0;
    for (field, value, reason) in cases {
        let outcome = deleted_while(account, &world, |key| key[field] = value.clone()).await;
        let (card, message) = changed(outcome);
        assert!(
            message.starts_with("Nothing was deleted: "),
            "{field}: {message}"
        );
        assert!(message.contains(reason), "{field}: {message}");
        asked += 1;
        assert_eq!(world.questions().len(), asked);
        if field == "name" {
            assert_eq!(card.key.name, "production master", "the card is of now");
        }
    }
    assert_eq!(world.deletes_seen(), 0);
    let journal = world.journalled_deletions().await;
    assert_eq!(
        journal.first().map(String::as_str),
        Some("not deleted: it changed after the yes: another token")
    );
}

#[tokio::test]
async fn a_key_whose_use_is_no_longer_reported_is_not_deleted_unasked() {
    let (world, account) = World::signed_in().await;
    let outcome = deleted_while(account, &world, |key| {
        key.as_object_mut().unwrap().remove("last_used_at");
    })
    .await;
    let (card, message) = changed(outcome);
    assert!(
        message.contains("PulseAPI reports its last use differently"),
        "{message}"
    );
    assert_eq!(card.friction, Friction::TypePhrase);
}

#[tokio::test]
async fn a_real_use_and_a_real_rotation_behind_the_dialog_stop_it() {
    let (world, account) = World::signed_in().await;
    let used = world.idle_key(200).await;
    let answer = world.thinks();
    let request = pulse_keys_core::view::DeleteRequest {
        account,
        key: request(account, used.id).key,
        typed: None,
    };
    let (outcome, ()) = tokio::join!(world.app.delete_key(&request), async {
        while world.questions().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(world.status_with(&used.token).await, 200);
        answer.send(()).unwrap();
    });
    let (card, message) = changed(outcome.unwrap());
    assert!(message.contains("Something used it at "), "{message}");
    assert_eq!(card.friction, Friction::TypePhraseStrongly);
    assert_eq!(card.phrase.as_deref(), Some("Old importer"));
    assert!(world.exists(used.id).await);
    assert_eq!(world.deletes_seen(), 0);
}

/// Otherwise a key that is being abused could never be deleted.
#[tokio::test]
async fn a_key_that_something_keeps_using_can_be_deleted_once_the_user_knows() {
    let (world, account) = World::signed_in().await;
    let key = world.key_used(SignedDuration::from_hours(1)).await;
    let typed = Some("Old importer");
    let mut now = described(world.faults(), key.id).await;
    now["last_used_at"] = json!(Timestamp::now());
    world.meanwhile(move |faults| {
        faults.inject(Rule::once("GET", KEY, answer(&now))).unwrap();
    });
    changed(world.delete_typing(account, key.id, typed).await);
    let told = "Another use while the dialog is open will not stop the deletion.";
    let question = |index: usize| world.questions()[index].paragraphs.join("\n");
    assert!(!question(0).contains(told));

    let outcome = world.delete_typing(account, key.id, typed).await;
    assert!(
        matches!(outcome, DeleteOutcome::Deleted { .. }),
        "{outcome:?}"
    );
    assert!(question(1).contains(told), "{}", question(1));
}

#[tokio::test]
async fn another_name_than_on_the_card_brings_it_back_before_anybody_is_asked() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    let mut before = described(world.faults(), key.id).await;
    before["abilities"] = json!(["incidents:read"]);
    world.fault(Rule::once("GET", KEY, answer(&before)));
    world
        .app
        .delete_card(&request(account, key.id))
        .await
        .unwrap();
    let (_, message) = changed(world.delete(account, key.id).await);
    assert!(
        message.contains("changed since this card was opened"),
        "{message}"
    );
    assert_eq!(world.questions(), []);

    // Now it is what the card shows.
    let outcome = world.delete(account, key.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::Deleted { .. }),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_key_that_cannot_be_asked_for_after_the_yes_is_not_deleted() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    world.meanwhile(|faults| {
        let rule = Rule {
            times: 50,
            ..Rule::once("GET", KEY, Fault::DropBefore)
        };
        faults.inject(rule).unwrap();
    });
    let outcome = world.delete(account, key.id).await;
    let DeleteOutcome::NotDeleted { error } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        error.message.ends_with("The key was not deleted."),
        "{error:?}"
    );
    assert_eq!(world.deletes_seen(), 0);
    world.faults().clear();
    assert_eq!(world.notices().await, [], "nothing is in doubt");
}

#[tokio::test]
async fn the_last_request_before_a_deletion_is_the_look_at_its_key() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    world.delete(account, key.id).await;
    let requests = world.faults().requests();
    let at = requests
        .iter()
        .position(|seen| seen.method == "DELETE")
        .unwrap();
    let path = format!("/api-keys/{}", key.id);
    for seen in &requests[at - 1..=at] {
        assert!(seen.path.ends_with(&path), "{seen:?}");
    }
    assert_eq!(requests[at - 1].method, "GET");
}
