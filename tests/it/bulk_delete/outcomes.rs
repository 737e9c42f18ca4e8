//! How each key of a run ends, and what ends the run: the truth is asked for, with one DELETE each.

use pulse_keys_core::view::{BulkResultKind, ErrorCode, Verification};
use pulseapi::KeyId;
use sandbox::faults::{Fault, Faults, Rule};

use super::{keys, path};
use crate::world::{World, always, id_of, status};

use BulkResultKind::{Changed, Deleted, GoneAlready, NotDeleted, NotTried, Unknown};

#[tokio::test]
async fn each_key_ends_as_the_truth_is_with_one_delete_each() {
    let (world, account) = World::signed_in().await;
    let cases = [
        (None, Deleted),
        (Some(status(403)), NotDeleted),
        (Some(Fault::StatusAfter { status: 404 }), GoneAlready),
        (Some(status(500)), Unknown),
        (Some(Fault::StatusAfter { status: 500 }), Deleted),
        (Some(Fault::DropAfter), Deleted),
        (Some(Fault::DropBefore), Unknown),
        (Some(Fault::HangAfter), Deleted),
        (Some(Fault::Html), Unknown),
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
        let is_error = matches!(result.kind, NotDeleted | Unknown);
        assert_eq!(result.error.is_some(), is_error);
        if result.kind == Deleted {
            assert!(result.message.starts_with("Deleted "), "{result:?}");
            assert!(result.message.contains(" UTC: "), "{result:?}");
        }
    }
    assert_eq!(
        ended.message,
        "Deleted 5 of 10 keys. 1 was gone already, 1 was not deleted. Of 3 it is not known yet whether they were deleted."
    );
    assert_eq!(world.journalled_deletions().await.len(), ids.len());
    assert_eq!(world.notices().await.len(), 3, "what is in doubt is told");
    world.time.is_later(jiff::SignedDuration::from_mins(10));
    for notice in world.notices().await {
        assert!(notice.message.contains("was not deleted"), "{notice:?}");
    }
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
        [Unknown, Deleted, Unknown, Unknown, Unknown, NotTried]
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
    // The look right before the deletion still gets its answer.
    let look = Fault::Delay { milliseconds: 0 };
    world.fault(Rule::once("GET", &path(ids[1]), look));
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

#[tokio::test]
async fn a_key_that_is_not_what_was_shown_is_left_alone_and_the_others_go() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(4).await;
    world.bulk_card(account, &ids).await;
    let mut renamed = serde_json::to_value(world.faults().key(ids[1]).await.unwrap()).unwrap();
    renamed["name"] = "production master".into();
    let mut used = serde_json::to_value(world.faults().key(ids[2]).await.unwrap()).unwrap();
    used["last_used_at"] = jiff::Timestamp::now().to_string().into();
    let changes = [(ids[1], renamed), (ids[2], used)];
    world.meanwhile(move |faults| {
        for (id, key) in &changes {
            let body = serde_json::json!({ "data": key });
            let answer = Fault::Answer { status: 200, body };
            faults
                .inject(Rule::once("GET", &path(*id), answer))
                .unwrap();
        }
    });
    let ended = super::Ended::of(world.delete_shown(account, &ids, None).await);
    assert_eq!(ended.kinds(), [Deleted, Changed, Changed, Deleted]);
    let renamed = &ended.results[1].message;
    assert!(renamed.starts_with("Left alone. "), "{renamed}");
    assert!(
        renamed.contains("It was called “Old importer” before."),
        "{renamed}"
    );
    let used = &ended.results[2].message;
    assert!(used.contains("Something used it at "), "{used}");
    assert_eq!(
        ended.message,
        "Deleted 2 of 4 keys. 2 were left alone for having changed."
    );
    for id in &ids[1..3] {
        assert!(world.exists(*id).await);
        assert_eq!(world.deletes_of(*id).len(), 0);
    }
}

#[tokio::test]
async fn a_key_that_waited_for_a_rate_limit_is_looked_at_again() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(1).await;
    world.bulk_card(account, &ids).await;
    let mut renamed = serde_json::to_value(world.faults().key(ids[0]).await.unwrap()).unwrap();
    renamed["name"] = "production master".into();
    world.meanwhile(move |faults| {
        let look = Fault::Delay { milliseconds: 0 };
        let limited = Fault::Status {
            status: 429,
            retry_after: Some(60),
        };
        let body = serde_json::json!({ "data": renamed });
        let answer = Fault::Answer { status: 200, body };
        faults
            .inject(Rule::once("GET", &path(ids[0]), look))
            .unwrap();
        faults
            .inject(Rule::once("DELETE", &path(ids[0]), limited))
            .unwrap();
        faults
            .inject(Rule::once("GET", &path(ids[0]), answer))
            .unwrap();
    });
    let ids = world.ids_of("Old importer").await;
    let ended = super::Ended::of(world.delete_shown(account, &ids, None).await);
    assert_eq!(ended.kinds(), [Changed]);
    assert_eq!(world.deletes_seen(), 1, "the one that was refused");
    assert!(world.exists(ids[0]).await);
    assert_eq!(world.notices().await, [], "nothing is in doubt");
}

#[tokio::test]
async fn doubtful_keys_share_one_list_and_a_gateways_404_is_not_believed() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(4).await;
    world.bulk_card(account, &ids).await;
    let body = serde_json::json!({"message": "Not Found"});
    let gateway = Fault::Answer { status: 404, body };
    let acted = Fault::StatusAfter { status: 404 };
    world.fault(Rule::once("DELETE", &path(ids[0]), acted));
    world.fault(always("GET", &path(ids[1]), gateway));
    world.fault(Rule::once(
        "DELETE",
        &path(ids[3]),
        Fault::StatusAfter { status: 500 },
    ));
    world.meanwhile(Faults::clear_requests);
    let ended = super::Ended::of(world.delete_shown(account, &ids, None).await);
    assert_eq!(ended.kinds(), [GoneAlready, Unknown, Deleted, Deleted]);
    let unknown = &ended.results[1].message;
    assert!(unknown.contains("still lists it"), "{unknown}");
    assert!(world.exists(ids[1]).await);
    let lists = world.asked("GET", |path| path.ends_with("/api-keys"));
    assert_eq!(lists, 1, "one list for all three");
    let requests = world.faults().requests();
    let last = requests.last().unwrap();
    assert!(
        last.path.ends_with("/api-keys"),
        "{last:?}: after the last doubt"
    );
    assert_eq!(world.deletes_of(ids[1]).len(), 0);
    let cached = world.refreshed(account).await;
    assert!(cached.iter().any(|row| row.id == ended.results[1].key));
}

#[tokio::test]
async fn a_token_that_is_still_accepted_is_named_at_its_key_and_counted() {
    let (world, account) = World::with_keychain().await;
    let (dead, stale) = (
        world.created(account, "Dead").await,
        world.created(account, "Stale").await,
    );
    let stale = id_of(&stale);
    assert!(world.faults().keep_accepting(stale, 100).await.unwrap());
    let ended = world.delete_all(account, &[id_of(&dead), stale]).await;
    let known: Vec<_> = ended.results.iter().map(|one| one.verification).collect();
    assert_eq!(
        known,
        [
            Some(Verification::TokenRefused),
            Some(Verification::TokenAccepted)
        ]
    );
    let told = &ended.results[1].message;
    assert!(
        told.ends_with(": but its token is still accepted."),
        "{told}"
    );
    assert_eq!(
        ended.message,
        "Deleted 2 keys. The token of 1 is still accepted: it is tried again until it gets 401."
    );
    assert_eq!(
        id_of(&world.only_token().await),
        stale,
        "it stays in custody"
    );
}
