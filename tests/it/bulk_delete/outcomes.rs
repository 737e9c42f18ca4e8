//! How each key of a run ends, and what ends the run: the truth is asked for, with one DELETE each.

use pulse_keys_core::view::{BulkResultKind, ErrorCode, Verification};
use pulseapi::KeyId;
use sandbox::faults::{Fault, Rule};

use super::{keys, path};
use crate::world::{World, always, id_of, status};

use BulkResultKind::{Deleted, GoneAlready, NotDeleted, NotTried, Unknown};

#[tokio::test]
async fn each_key_ends_as_the_truth_is_with_one_delete_each() {
    let (world, account) = World::signed_in().await;
    let cases = [
        (None, Deleted),
        (Some(status(403)), NotDeleted),
        (Some(Fault::StatusAfter { status: 404 }), GoneAlready),
        (Some(status(500)), NotDeleted),
        (Some(Fault::StatusAfter { status: 500 }), Deleted),
        (Some(Fault::DropAfter), Deleted),
        (Some(Fault::DropBefore), NotDeleted),
        (Some(Fault::HangAfter), Deleted),
        (Some(Fault::Html), NotDeleted),
        (None, Deleted),
    ];
    let ids = world.idle_keys(cases.len()).await;
    for (id, (fault, _)) in ids.iter().zip(&cases) {
        if let Some(fault) = fault {
            world.fault(Rule::once("DELETE", &path(*id), fault.clone()));
        }
    }
    world.refreshed(account).await;

    let ended = world.delete_all(account, &ids).await;

    let expected: Vec<BulkResultKind> = cases.iter().map(|(_, kind)| *kind).collect();
    assert_eq!(ended.kinds(), expected);
    let order: Vec<KeyId> = ended.results.iter().map(|one| one.key.clone()).collect();
    assert_eq!(order, keys(&ids), "in the order of the list");
    let cached = world.cached(account).await;
    for (result, id) in ended.results.iter().zip(&ids) {
        let is_gone = matches!(result.kind, Deleted | GoneAlready);
        assert_eq!(world.exists(*id).await, !is_gone, "{result:?}");
        let is_cached = cached.iter().any(|row| row.id == result.key);
        assert_eq!(is_cached, !is_gone, "{result:?}");
        assert_eq!(world.deletes_of(*id).len(), 1, "{result:?}");
        assert_eq!(result.at.is_some(), result.kind == Deleted);
        assert_eq!(result.error.is_some(), result.kind == NotDeleted);
        if result.kind == Deleted {
            assert!(result.message.starts_with("Deleted "), "{result:?}");
            assert!(result.message.contains(" UTC: "), "{result:?}");
        }
    }
    assert_eq!(
        ended.message,
        "Deleted 5 of 10 keys. 1 was gone already, 4 were not deleted."
    );
    assert_eq!(world.journalled_deletions().await.len(), ids.len());
    assert_eq!(world.notices().await, []);
}

#[tokio::test]
async fn a_refused_credential_stops_the_run() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(4).await;
    world.fault(Rule::once("DELETE", &path(ids[1]), status(401)));
    let ended = world.delete_all(account, &ids).await;
    assert_eq!(ended.kinds(), [Deleted, NotDeleted, NotTried, NotTried]);
    assert!(!ended.cancelled);
    for result in &ended.results[1..] {
        let error = result.error.as_ref().unwrap();
        assert_eq!(error.code, ErrorCode::Unauthorized, "{result:?}");
        assert!(
            result
                .message
                .contains("PulseAPI does not accept this token"),
            "{result:?}"
        );
    }
    assert!(
        ended
            .message
            .starts_with("Deleted 1 of 4 keys. 1 was not deleted, 2 were not tried."),
        "{}",
        ended.message
    );
    assert_eq!(world.deletes_seen(), 2);
}

#[tokio::test]
async fn a_server_that_keeps_failing_is_left_in_peace() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(6).await;
    // One that works in between is a good sign.
    for id in [ids[0], ids[2], ids[3], ids[4]] {
        world.fault(Rule::once("DELETE", &path(id), status(503)));
    }
    let ended = world.delete_all(account, &ids).await;
    assert_eq!(
        ended.kinds(),
        [
            NotDeleted, Deleted, NotDeleted, NotDeleted, NotDeleted, NotTried
        ]
    );
    assert!(
        ended.message.contains("failed 3 times in a row"),
        "{}",
        ended.message
    );
}

#[tokio::test]
async fn an_outcome_that_cannot_be_asked_for_is_left_open_and_ends_the_run() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(3).await;
    world.fault(Rule::once("DELETE", &path(ids[1]), Fault::DropAfter));
    world.fault(always("GET", &path(ids[1]), Fault::DropBefore));
    let ended = world.delete_all(account, &ids).await;
    assert_eq!(ended.kinds(), [Deleted, Unknown, NotTried]);
    assert_eq!(
        ended.results[2].error.as_ref().unwrap().code,
        ErrorCode::Offline
    );
    assert!(world.exists(ids[2]).await);

    world.faults().clear();
    let [notice] = &world.notices().await[..] else {
        panic!("one deletion is open");
    };
    assert!(notice.message.contains("was deleted"), "{notice:?}");
    assert_eq!(world.deletes_seen(), 2);
}

#[tokio::test]
async fn a_key_whose_token_is_known_is_proved_dead_with_it() {
    let (world, account) = World::signed_in().await;
    let token = world.created(account, "CI").await;
    let made = id_of(&token);
    let other = world.idle_key(200).await.id;
    let ended = world.delete_all(account, &[made, other]).await;
    let known: Vec<_> = ended
        .results
        .iter()
        .map(|one| one.verification.unwrap())
        .collect();
    assert_eq!(
        known,
        [Verification::TokenRefused, Verification::RecordGone]
    );
    assert!(ended.results[0].message.ends_with(": its token gets 401."));
    assert_eq!(world.custody().await, [], "a dead token is forgotten");
}
