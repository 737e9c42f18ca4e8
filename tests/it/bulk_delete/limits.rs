//! Waiting as long as the server says, and neither for ever nor without being asked.

use std::sync::Mutex;
use std::time::Duration;

use pulse_keys_core::view::{BulkProgress, BulkResultKind};
use pulseapi::Clock as _;
use sandbox::faults::{Fault, Rule};

use super::{Ended, deletion, key, path, until};
use crate::world::{World, always, status};

use BulkResultKind::{Deleted, NotDeleted, NotTried};

#[tokio::test]
async fn a_deletion_that_was_refused_with_a_time_is_sent_again_then_and_not_before() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(2).await;
    let limited = Fault::Status {
        status: 429,
        retry_after: Some(30),
    };
    world.fault(Rule::once("DELETE", &path(ids[0]), limited));
    world.bulk_card(account, &ids).await;
    world.time.is_kept();
    let snapshots = Mutex::new(Vec::<BulkProgress>::new());
    let waits = || {
        let snapshots = snapshots.lock().unwrap();
        snapshots
            .last()
            .and_then(|last| Some((last.current.clone()?, last.waiting_until?)))
    };
    let request = deletion(account, &ids, None);
    let run = world.app.delete_keys(&request, |snapshot| {
        snapshots.lock().unwrap().push(snapshot);
    });
    let passing = async {
        until(|| waits().is_some()).await;
        let (current, waiting_until) = waits().unwrap();
        assert_eq!(current, key(ids[0]));
        let wait = waiting_until.duration_since(world.time.now());
        assert!(
            (28..32).contains(&wait.as_secs()),
            "{wait:?} are left to wait"
        );
        world.time.passes(Duration::from_secs(29)).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(world.deletes_seen(), 1, "too early");
        world.time.passes(Duration::from_secs(2)).await;
    };
    let (outcome, ()) = tokio::join!(run, passing);
    assert_eq!(Ended::of(outcome.unwrap()).kinds(), [Deleted, Deleted]);
    assert_eq!(
        world.deletes_of(ids[0]),
        [(None, Some(429)), (Some(204), Some(204))]
    );
    assert_eq!(world.deletes_of(ids[1]).len(), 1);
    assert_eq!(
        world.journalled_deletions().await,
        ["deleted: record gone"; 2]
    );
}

#[tokio::test]
async fn a_wait_that_nobody_means_stops_the_run_with_its_time() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(2).await;
    let limited = Fault::Status {
        status: 429,
        retry_after: Some(3600),
    };
    world.fault(Rule::once("DELETE", &path(ids[0]), limited));
    let ended = world.delete_all(account, &ids).await;
    assert_eq!(ended.kinds(), [NotDeleted, NotTried]);
    assert!(
        ended.message.contains("PulseAPI asks to wait until"),
        "{}",
        ended.message
    );
    assert_eq!(world.deletes_seen(), 1);
}

#[tokio::test]
async fn a_server_that_refuses_without_end_is_not_asked_without_end() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(2).await;
    world.fault(always("DELETE", &path(ids[0]), status(429)));
    let ended = world.delete_all(account, &ids).await;
    assert_eq!(ended.kinds(), [NotDeleted, NotTried]);
    assert_eq!(world.deletes_seen(), 6);
    assert!(world.exists(ids[0]).await);
}
