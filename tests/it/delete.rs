//! Deleting a key against a real server: what is asked first, what is sent, and what is true afterwards.

use jiff::{SignedDuration, Timestamp};
use pulse_keys_core::view::{
    DeleteOutcome, DeleteRequest, ErrorCode, Friction, KeyRequest, Verification,
};
use sandbox::faults::{Fault, Rule, VerbatimKey};

use crate::world::{World, request};

const KEY: &str = "/api-keys/*";

#[tokio::test]
async fn a_deleted_key_gets_401_and_every_other_key_still_works() {
    let (world, account) = World::signed_in().await;
    let (doomed, other) = (world.idle_key(200).await, world.idle_key(200).await);
    assert_eq!(world.status_with(&doomed.token).await, 200);
    let outcome = {
        // Using it just now made it risky, so its name is asked.
        world
            .delete_typing(account, doomed.id, Some("Old importer"))
            .await
    };
    let DeleteOutcome::Deleted {
        verification,
        signed_out,
        ..
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert_eq!(verification, Verification::RecordGone);
    assert_eq!(signed_out, None);
    assert_eq!(world.status_with(&doomed.token).await, 401);
    assert_eq!(world.status_with(&other.token).await, 200);
    assert_eq!(world.journalled_deletions().await, ["deleted: record gone"]);
}

#[tokio::test]
async fn no_leaves_the_key_alive_and_sends_nothing() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    world.says_no();
    assert_eq!(
        world.delete(account, key.id).await,
        DeleteOutcome::Cancelled
    );
    assert!(world.exists(key.id).await);
    assert_eq!(world.deletes_seen(), 0);
}

#[tokio::test]
async fn the_question_names_the_key_its_tail_and_its_last_use_as_they_are_now() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(120).await;
    world.says_no();
    world.delete(account, key.id).await;
    let question = world.questions().pop().unwrap();
    let tail = world
        .faults()
        .key(key.id)
        .await
        .unwrap()
        .unwrap()
        .last_eight;
    assert_eq!(question.headline, "Delete “Old importer”?");
    assert_eq!(question.yes, "Delete key");
    let text = question.paragraphs.join("\n");
    for fact in [&format!("…{tail}"), "120 days ago", "401 Unauthorized"] {
        assert!(text.contains(fact), "{fact} is not in: {text}");
    }
}

#[tokio::test]
async fn a_key_that_is_in_use_cannot_be_deleted_without_typing_its_name() {
    let (world, account) = World::signed_in().await;
    let key = world.key_used(SignedDuration::from_hours(1)).await;
    for typed in [None, Some(""), Some("old importer"), Some("Old importer!")] {
        let outcome = world.delete_typing(account, key.id, typed).await;
        let DeleteOutcome::CardChanged { card, .. } = outcome else {
            panic!("{typed:?}: {outcome:?}");
        };
        assert_eq!(card.friction, Friction::TypePhraseStrongly);
        assert_eq!(card.phrase.as_deref(), Some("Old importer"));
    }
    assert_eq!(world.questions(), [], "nobody was asked");
    assert!(world.exists(key.id).await);

    let outcome = world
        .delete_typing(account, key.id, Some("  Old   importer "))
        .await;
    assert!(
        matches!(outcome, DeleteOutcome::Deleted { .. }),
        "{outcome:?}"
    );
}

/// Decomposed Hangul, a ligature, full-width letters: a keyboard types none of them so.
#[tokio::test]
async fn a_name_is_typed_as_a_keyboard_types_it_whatever_letters_it_is_stored_in() {
    let (world, account) = World::signed_in().await;
    for (stored, typed, wrong) in [
        (
            "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}",
            "한글",
            "한국",
        ),
        ("o\u{FB03}ce \u{FB01}les", "office files", "ofice files"),
        ("ＣＩ　ｄｅｐｌｏｙ", "CI deploy", "ci deploy"),
    ] {
        let used = Timestamp::now() - SignedDuration::from_hours(1);
        let key = VerbatimKey {
            last_used_at: Some(used.into()),
            ..VerbatimKey::named(stored)
        };
        let key = world.faults().insert_key(key).await.unwrap();
        let refused = world.delete_typing(account, key.id, Some(wrong)).await;
        let DeleteOutcome::CardChanged { card, .. } = refused else {
            panic!("{wrong:?}: {refused:?}");
        };
        assert!(!card.phrase_is_last_eight, "{stored:?}");
        let outcome = world.delete_typing(account, key.id, Some(typed)).await;
        assert!(
            matches!(outcome, DeleteOutcome::Deleted { .. }),
            "{typed:?}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_key_that_was_used_after_its_card_was_opened_is_looked_at_again() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    let card = world
        .app
        .delete_card(&request(account, key.id))
        .await
        .unwrap();
    assert_eq!(card.friction, Friction::Dialog);

    assert_eq!(world.status_with(&key.token).await, 200);

    let outcome = world.delete(account, key.id).await;
    let DeleteOutcome::CardChanged { card, message } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(card.friction, Friction::TypePhraseStrongly);
    assert!(message.contains("used this key"), "{message}");
    assert!(world.exists(key.id).await);
}

#[tokio::test]
async fn an_answer_lost_after_the_server_acted_ends_as_deleted_with_one_delete() {
    for fault in [
        Fault::DropAfter,
        Fault::HangAfter,
        Fault::StatusAfter { status: 500 },
        Fault::StatusAfter { status: 504 },
    ] {
        let (world, account) = World::signed_in().await;
        let key = world.idle_key(200).await;
        world.fault(Rule::once("DELETE", KEY, fault.clone()));
        let outcome = world.delete(account, key.id).await;
        assert!(
            matches!(
                outcome,
                DeleteOutcome::Deleted {
                    verification: Verification::RecordGone,
                    ..
                }
            ),
            "{fault:?}: {outcome:?}"
        );
        assert_eq!(world.deletes_seen(), 1, "{fault:?}");
        assert_eq!(world.status_with(&key.token).await, 401, "{fault:?}");
    }
}

#[tokio::test]
async fn a_request_lost_before_the_server_acted_ends_as_not_deleted_with_one_delete() {
    for fault in [
        Fault::DropBefore,
        Fault::Status {
            status: 500,
            retry_after: None,
        },
        Fault::Html,
        Fault::HugeBody {
            bytes: 20_000_000,
            announced: false,
        },
        Fault::Redirect {
            location: "https://elsewhere.example/".to_owned(),
        },
    ] {
        let (world, account) = World::signed_in().await;
        let key = world.idle_key(200).await;
        world.fault(Rule::once("DELETE", KEY, fault.clone()));
        let outcome = world.delete(account, key.id).await;
        let DeleteOutcome::Unknown { error } = outcome else {
            panic!("{fault:?}: {outcome:?}");
        };
        assert!(
            error.message.contains("but PulseAPI may still delete it"),
            "{fault:?}: {error:?}"
        );
        world.time.is_later(SignedDuration::from_mins(10));
        let notices = world.notices().await;
        assert!(
            notices[0].message.contains("was not deleted"),
            "{fault:?}: {notices:?}"
        );
        assert_eq!(world.deletes_seen(), 1, "{fault:?}");
        assert!(world.exists(key.id).await, "{fault:?}");
    }
}

#[tokio::test]
async fn a_refusal_leaves_the_key_and_says_what_to_do() {
    let cases = [
        (401, ErrorCode::Unauthorized),
        (403, ErrorCode::Other),
        (429, ErrorCode::RateLimited),
    ];
    for (status, code) in cases {
        let (world, account) = World::signed_in().await;
        let key = world.idle_key(200).await;
        world.fault(Rule::once(
            "DELETE",
            KEY,
            Fault::Status {
                status,
                retry_after: None,
            },
        ));
        let outcome = world.delete(account, key.id).await;
        let DeleteOutcome::NotDeleted { error } = outcome else {
            panic!("{status}: {outcome:?}");
        };
        assert_eq!(error.code, code, "{error:?}");
        assert!(!error.hint.is_empty(), "{status}");
        assert_eq!(world.deletes_seen(), 1);
        assert!(world.exists(key.id).await);
        assert_eq!(world.journalled_deletions().await.len(), 1);
    }
}

#[tokio::test]
async fn an_unreachable_server_leaves_the_key_and_nobody_is_asked() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    world.fault(Rule {
        times: 20,
        ..Rule::once("GET", KEY, Fault::DropBefore)
    });
    let outcome = world.delete(account, key.id).await;
    let DeleteOutcome::NotDeleted { error } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(error.code, ErrorCode::Offline);
    assert_eq!(world.questions(), []);
    assert_eq!(world.deletes_seen(), 0);
}

#[tokio::test]
async fn a_key_that_somebody_else_deleted_was_gone_already() {
    let (world, account) = World::signed_in().await;

    let before = world.idle_key(200).await;
    world.delete(account, before.id).await;
    let outcome = world.delete(account, before.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::GoneAlready { .. }),
        "{outcome:?}"
    );

    // While the request was on its way: it is gone, and the answer says that it was.
    let during = world.idle_key(200).await;
    let gone = Fault::StatusAfter { status: 404 };
    world.fault(Rule::once("DELETE", KEY, gone));
    let outcome = world.delete(account, during.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::GoneAlready { .. }),
        "{outcome:?}"
    );
    assert_eq!(
        world.journalled_deletions().await,
        ["deleted: record gone", "gone already", "gone already"]
    );
}

#[tokio::test]
async fn an_outcome_that_cannot_be_asked_for_stays_open_until_it_can() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    world.meanwhile(|faults| {
        // The look right before the deletion still gets its answer.
        let look = Fault::Delay { milliseconds: 0 };
        faults.inject(Rule::once("GET", KEY, look)).unwrap();
        faults
            .inject(Rule::once("DELETE", KEY, Fault::DropAfter))
            .unwrap();
        faults
            .inject(Rule {
                times: 50,
                ..Rule::once("GET", KEY, Fault::DropBefore)
            })
            .unwrap();
    });

    let outcome = world.delete(account, key.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::Unknown { .. }),
        "{outcome:?}"
    );
    let [notice] = &world.app.reconcile().await.unwrap()[..] else {
        panic!("one deletion is open");
    };
    assert!(notice.needs_attention);

    world.faults().clear();
    let [notice] = &world.app.reconcile().await.unwrap()[..] else {
        panic!("the deletion is still open");
    };
    assert!(!notice.needs_attention);
    assert!(
        notice.message.contains("“Old importer” was deleted"),
        "{}",
        notice.message
    );
    assert_eq!(world.app.reconcile().await.unwrap(), [], "told once");
    assert_eq!(world.deletes_seen(), 1);
}

#[tokio::test]
async fn a_fresh_list_settles_an_open_outcome() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    world.meanwhile(|faults| {
        // The look right before the deletion still gets its answer.
        let look = Fault::Delay { milliseconds: 0 };
        faults.inject(Rule::once("GET", KEY, look)).unwrap();
        faults
            .inject(Rule::once("DELETE", KEY, Fault::DropBefore))
            .unwrap();
        faults
            .inject(Rule {
                times: 50,
                ..Rule::once("GET", KEY, Fault::DropBefore)
            })
            .unwrap();
    });
    let outcome = world.delete(account, key.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::Unknown { .. }),
        "{outcome:?}"
    );
    world.faults().clear();
    world.time.is_later(SignedDuration::from_mins(10));

    world.app.refresh_keys(account, |_| {}).await.unwrap();

    // The card had said that it is not known.
    let notices = world.notices().await;
    let [notice] = &notices[..] else {
        panic!("{notices:?}");
    };
    assert!(
        notice.needs_attention && notice.message.contains("was not deleted"),
        "{notice:?}"
    );
    let last = world.journalled_deletions().await.pop().unwrap();
    assert_eq!(last, "not deleted: interrupted, the key is alive");
    assert!(world.exists(key.id).await);
}

#[tokio::test]
async fn deleting_the_apps_own_key_needs_its_name_and_signs_the_account_out() {
    let (world, account) = World::signed_in().await;
    world.app.refresh_keys(account, |_| {}).await.unwrap();
    let keys = world.app.cached_keys(account).await.unwrap().keys;
    let [own] = &keys.iter().filter(|key| key.own).collect::<Vec<_>>()[..] else {
        panic!("exactly one key is the app's own");
    };
    let id: i64 = own.id.as_str().parse().unwrap();

    let refused = world.delete(account, id).await;
    assert!(
        matches!(refused, DeleteOutcome::CardChanged { .. }),
        "{refused:?}"
    );

    let outcome = world.delete_typing(account, id, Some(&own.name)).await;
    let DeleteOutcome::Deleted {
        verification,
        signed_out: Some(state),
        ..
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert_eq!(verification, Verification::TokenRefused);
    assert_eq!((state.accounts, state.active), (vec![], None));
    assert_eq!(world.status_with(&world.credential).await, 401);
}

#[tokio::test]
async fn two_deletions_of_one_key_at_once_are_one() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    world.meanwhile(|faults| {
        let slow = Fault::Delay { milliseconds: 50 };
        faults.inject(Rule::once("DELETE", KEY, slow)).unwrap();
    });
    let KeyRequest { account, key } = request(account, key.id);
    let request = DeleteRequest {
        account,
        key,
        typed: None,
    };
    let (first, second) = tokio::join!(
        world.app.delete_key(&request),
        world.app.delete_key(&request)
    );
    assert!(
        matches!(first, Ok(DeleteOutcome::Deleted { .. })),
        "{first:?}"
    );
    assert!(second.is_err(), "{second:?}");
    assert_eq!(world.questions().len(), 1);
    assert_eq!(world.deletes_seen(), 1);
}

#[tokio::test]
async fn the_service_saying_yes_and_then_still_listing_the_key_is_no_success() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    let answer = Fault::Answer {
        status: 204,
        body: serde_json::Value::Null,
    };
    world.fault(Rule::once("DELETE", KEY, answer));
    let outcome = world.delete(account, key.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::Unknown { .. }),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn last_use_is_told_on_the_card_with_the_consequence() {
    let (world, account) = World::signed_in().await;
    let key = world.key_used(SignedDuration::from_mins(12)).await;
    let before = Timestamp::now();
    let card = world
        .app
        .delete_card(&request(account, key.id))
        .await
        .unwrap();
    assert_eq!(card.evidence, "Something used this key 12 minutes ago.");
    assert!(card.consequence.contains("401 Unauthorized"));
    assert!(card.asked_at >= before);
}
