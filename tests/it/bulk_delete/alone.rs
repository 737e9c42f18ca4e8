//! A run beside everything else: other runs, open dialogs, a kill, signing out; and its messages.

use std::sync::Mutex;
use std::time::Instant;

use pulse_keys_core::view::{BulkResultKind, DeleteOutcome};
use sandbox::faults::{Fault, Rule};

use super::{Ended, deletion, key, path, until};
use crate::world::{World, cut_off, request};

use BulkResultKind::{Deleted, NotTried};

#[tokio::test]
async fn one_run_at_a_time_and_nobody_else_at_its_keys() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(3).await;
    let free = world.idle_key(200).await.id;
    world.bulk_card(account, &ids).await;
    let slow = Fault::Delay { milliseconds: 200 };
    world.fault(Rule::once("DELETE", &path(ids[0]), slow));
    let request_of_all = deletion(account, &ids, None);
    let (outcome, ()) = tokio::join!(world.app.delete_keys(&request_of_all, |_| {}), async {
        until(|| world.deletes_seen() == 1).await;
        let second = world.app.delete_keys(&request_of_all, |_| {}).await;
        let error = second.unwrap_err();
        assert_eq!(
            error.message,
            "Keys of this account are being deleted already."
        );
        let single = pulse_keys_core::view::DeleteRequest {
            account,
            key: key(ids[2]),
            typed: None,
        };
        assert!(world.app.delete_key(&single).await.is_err());
        assert_eq!(world.deletes_of(free).len(), 0);
        let outcome = world.delete(account, free).await;
        assert!(
            matches!(outcome, DeleteOutcome::Deleted { .. }),
            "{outcome:?}"
        );
    });
    assert_eq!(Ended::of(outcome.unwrap()).kinds(), [Deleted; 3]);
    for id in ids {
        assert_eq!(world.deletes_of(id).len(), 1);
    }
}

#[tokio::test]
async fn a_key_with_an_open_dialog_keeps_the_run_from_beginning() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(2).await;
    world.bulk_card(account, &ids).await;
    let slow = Fault::Delay { milliseconds: 200 };
    world.fault(Rule::once("DELETE", &path(ids[1]), slow));
    let single = request(account, ids[1]);
    let single = pulse_keys_core::view::DeleteRequest {
        account: single.account,
        key: single.key,
        typed: None,
    };
    let (outcome, ()) = tokio::join!(world.app.delete_key(&single), async {
        until(|| world.deletes_seen() == 1).await;
        let all = deletion(account, &ids, None);
        let error = world.app.delete_keys(&all, |_| {}).await.unwrap_err();
        assert_eq!(
            error.message,
            "Something is being done with “Old importer” already. No key was deleted."
        );
    });
    assert!(outcome.is_ok());
    assert!(world.exists(ids[0]).await);
}

#[tokio::test]
async fn a_kill_in_the_middle_leaves_one_question_that_the_next_start_answers() {
    for acted in [true, false] {
        let (mut world, account) = World::with_keychain().await;
        let ids = world.idle_keys(4).await;
        world.bulk_card(account, &ids).await;
        let fault = if acted {
            Fault::HangAfter
        } else {
            Fault::Delay {
                milliseconds: 60_000,
            }
        };
        world.fault(Rule::once("DELETE", &path(ids[1]), fault));
        let request = deletion(account, &ids, None);
        cut_off(world.app.delete_keys(&request, |_| {}), || {
            let seen = world.deletes_of(ids[1]);
            seen.iter().any(|(done, _)| done.is_some() || !acted)
        })
        .await;
        world.restart();
        // After this the deletion is not expected to take effect any more.
        world.time.is_later(jiff::SignedDuration::from_mins(10));

        let [notice] = &world.notices().await[..] else {
            panic!("one key was in doubt");
        };
        let said = if acted {
            "was deleted: the answer had been lost"
        } else {
            "was not deleted: the request was interrupted"
        };
        assert!(notice.message.contains(said), "{notice:?}");
        let exist = [
            world.exists(ids[0]).await,
            world.exists(ids[1]).await,
            world.exists(ids[2]).await,
        ];
        assert_eq!(exist, [false, !acted, true]);
        assert_eq!(world.notices().await, [], "told once");
        assert_eq!(world.deletes_seen(), 2);
        // What is left can be deleted now.
        let rest: Vec<i64> = ids
            .iter()
            .copied()
            .skip(if acted { 2 } else { 1 })
            .collect();
        let ended = world.delete_all(account, &rest).await;
        assert_eq!(ended.count(Deleted), rest.len());
    }
}

#[tokio::test]
async fn progress_is_told_whole_not_too_often_and_to_the_end() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(40).await;
    world.bulk_card(account, &ids).await;
    let snapshots = Mutex::new(Vec::new());
    let began = Instant::now();
    let request = deletion(account, &ids, None);
    let outcome = world
        .app
        .delete_keys(&request, |snapshot| {
            snapshots.lock().unwrap().push(snapshot);
        })
        .await;
    let most = began.elapsed().as_millis() / 100 + 2;
    let ended = Ended::of(outcome.unwrap());
    let snapshots = snapshots.into_inner().unwrap();
    assert!(
        snapshots.len() as u128 <= most,
        "{} snapshots, at most {most}",
        snapshots.len()
    );
    let mut told = Vec::new();
    for snapshot in &snapshots {
        assert_eq!(snapshot.total, 40);
        told.extend(snapshot.results.iter().cloned());
        assert_eq!(snapshot.done as usize, told.len());
    }
    assert_eq!(told, ended.results);
    let last = snapshots.last().unwrap();
    assert_eq!(
        (last.done, &last.current, last.waiting_until),
        (40, &None, None)
    );
}

#[tokio::test]
async fn signing_out_in_the_middle_ends_the_run() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(3).await;
    world.bulk_card(account, &ids).await;
    let slow = Fault::Delay { milliseconds: 150 };
    world.fault(Rule::once("DELETE", &path(ids[0]), slow));
    let request = deletion(account, &ids, None);
    let (outcome, ()) = tokio::join!(world.app.delete_keys(&request, |_| {}), async {
        until(|| world.deletes_seen() == 1).await;
        world.app.sign_out(account).await.unwrap();
    });
    let ended = Ended::of(outcome.unwrap());
    assert_eq!(ended.kinds(), [Deleted, NotTried, NotTried]);
    assert_eq!(world.deletes_seen(), 1);
}
