//! Stopping a run: the request that is under way is finished, the rest is left alone.

use std::sync::Mutex;

use pulse_keys_core::view::{BulkOutcome, BulkResultKind};
use sandbox::faults::{Fault, Rule};

use super::{Ended, deletion, path, until};
use crate::world::World;

use BulkResultKind::{Deleted, NotDeleted, NotTried};

#[tokio::test]
async fn cancelling_finishes_the_request_and_leaves_the_rest_alone() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(3).await;
    world.bulk_card(account, &ids).await;
    let slow = Fault::Delay { milliseconds: 100 };
    world.fault(Rule::once("DELETE", &path(ids[1]), slow));
    let request = deletion(account, &ids, None);
    let (outcome, ()) = tokio::join!(world.app.delete_keys(&request, |_| {}), async {
        until(|| world.deletes_seen() == 2).await;
        world.app.cancel_delete_keys(account);
    });
    let ended = Ended::of(outcome.unwrap());
    assert_eq!(ended.kinds(), [Deleted, Deleted, NotTried]);
    assert!(ended.cancelled);
    assert_eq!(
        ended.message,
        "Cancelled. Deleted 2 of 3 keys. 1 was not tried."
    );
    assert_eq!(ended.results[2].error, None);
    assert!(world.exists(ids[2]).await);

    // Nothing of it is left: the next run runs.
    world.app.cancel_delete_keys(account);
    assert_eq!(
        world.delete_all(account, &ids[2..]).await.kinds(),
        [Deleted]
    );
}

#[tokio::test]
async fn cancelling_ends_a_wait() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(3).await;
    world.bulk_card(account, &ids).await;
    let limited = Fault::Status {
        status: 429,
        retry_after: Some(60),
    };
    world.fault(Rule::once("DELETE", &path(ids[1]), limited));
    world.time.is_kept();
    let is_waiting = Mutex::new(false);
    let request = deletion(account, &ids, None);
    let run = world.app.delete_keys(&request, |snapshot| {
        *is_waiting.lock().unwrap() = snapshot.waiting_until.is_some();
    });
    let (outcome, ()) = tokio::join!(run, async {
        until(|| *is_waiting.lock().unwrap()).await;
        world.app.cancel_delete_keys(account);
    });
    let ended = Ended::of(outcome.unwrap());
    // Its deletion had been sent and was refused.
    assert_eq!(ended.kinds(), [Deleted, NotDeleted, NotTried]);
    assert!(ended.cancelled);
    assert_eq!(world.deletes_seen(), 2);
    assert_eq!(world.notices().await, [], "nothing is in doubt");
}

#[tokio::test]
async fn cancelling_while_the_question_is_on_screen_is_a_no() {
    let (world, account) = World::signed_in().await;
    let world = std::sync::Arc::new(world);
    let ids = world.idle_keys(2).await;
    world.bulk_card(account, &ids).await;
    let weak = std::sync::Arc::downgrade(&world);
    world.meanwhile(move |_| {
        if let Some(world) = weak.upgrade() {
            world.app.cancel_delete_keys(account);
        }
    });
    let outcome = world.delete_shown(account, &ids, None).await;
    assert_eq!(outcome, BulkOutcome::Cancelled);
    assert_eq!(world.deletes_seen(), 0);
}
