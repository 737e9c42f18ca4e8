//! The token of a deleted key that is still accepted: told as that, tried again in time, and called dead only once it is.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use pulse_keys_core::view::{AccountId, DeleteOutcome, Revocations, Verification};
use pulseapi::Clock as _;
use sandbox::ManualClock;
use sandbox::faults::Rule;

use crate::world::{World, id_of, request, status};

/// An app with a keychain whose time passes only as the test says.
async fn world() -> (World, AccountId) {
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let (world, account) = World::with_keychain_and_clock(clock).await;
    world.time.is_kept();
    (world, account)
}

/// Deletes a fresh key whose token is accepted for so many requests after that.
async fn deleted(world: &World, account: AccountId, times: u32) -> (i64, DeleteOutcome) {
    let token = world.created(account, "CI").await;
    let id = id_of(&token);
    assert!(world.faults().keep_accepting(id, times).await.unwrap());
    (id, world.delete_typing(account, id, Some("CI")).await)
}

fn verification(outcome: &DeleteOutcome) -> Verification {
    match outcome {
        DeleteOutcome::Deleted { verification, .. } => *verification,
        other => panic!("{other:?}"),
    }
}

/// What was told while somebody watched and this was done.
pub(crate) async fn watched(world: &World, doing: impl AsyncFnOnce(&Told)) {
    let told = Told::default();
    let watch = world.app.watch_revocations(|snapshot| {
        told.0.lock().unwrap().push(snapshot);
        true
    });
    tokio::select! {
        ended = watch => panic!("it ended: {ended:?}"),
        () = doing(&told) => {}
    }
}

/// What the window was told of the tokens of deleted keys.
#[derive(Default)]
pub(crate) struct Told(Mutex<Vec<Revocations>>);

impl Told {
    /// Waits until the last snapshot is so.
    pub(crate) async fn until(&self, is_so: impl Fn(&Revocations) -> bool) -> Revocations {
        loop {
            if let Some(last) = self.0.lock().unwrap().last()
                && is_so(last)
            {
                return last.clone();
            }
            tokio::task::yield_now().await;
        }
    }

    /// Waits until the one that is open was tried at this time.
    async fn tried_at(&self, at: Timestamp) -> Option<Timestamp> {
        let now = self
            .until(|now| now.open.iter().any(|open| open.tried_at == at))
            .await;
        assert!(now.open[0].accepted, "{now:?}");
        now.open[0].next_at
    }

    pub(crate) async fn confirmed(&self) -> Revocations {
        self.until(|now| !now.confirmed.is_empty()).await
    }
}

#[tokio::test]
async fn a_token_that_is_still_accepted_is_told_and_tried_again_until_it_gets_401() {
    let (world, account) = world().await;
    let (_, outcome) = deleted(&world, account, 4).await;
    assert_eq!(verification(&outcome), Verification::TokenAccepted);
    let DeleteOutcome::Deleted { at, message, .. } = outcome else {
        unreachable!()
    };
    assert_eq!(
        message,
        "Deleted “CI”. PulseAPI still accepts its token. It is tried again until it gets 401."
    );
    let token = world.only_token().await;
    let after = |seconds| at + SignedDuration::from_secs(seconds);

    watched(&world, async |told| {
        assert_eq!(told.tried_at(at).await, Some(after(5)));
        for (seconds, passes, next) in [
            (5, 5, Some(after(15))),
            (15, 10, Some(after(60))),
            (60, 45, Some(after(300))),
        ] {
            world.time.passes(Duration::from_secs(passes)).await;
            assert_eq!(told.tried_at(after(seconds)).await, next);
            assert_eq!(world.only_token().await.id, token.id, "it stays in custody");
        }
        world.time.passes(Duration::from_secs(240)).await;
        let now = told.confirmed().await;
        assert_eq!(now.open, []);
        let [confirmed] = &now.confirmed[..] else {
            panic!("{now:?}");
        };
        assert_eq!(confirmed.at, after(300));
        assert_eq!(confirmed.message, "The token of “CI” gets 401 now.");
    })
    .await;

    assert_eq!(world.custody().await, [], "a dead token is forgotten");
    assert_eq!(
        world.journalled_deletions().await,
        ["deleted: record gone, its token is still accepted"]
    );
    assert_eq!(
        world.journalled("try_token").await,
        [
            "its token is still accepted",
            "its token is still accepted",
            "its token is still accepted",
            "401 confirmed"
        ]
    );
    let journal = world.app.journal().await.unwrap().rows;
    let times: Vec<Timestamp> = journal
        .iter()
        .filter(|row| row.action == "try_token")
        .map(|row| row.at.parse().unwrap())
        .collect();
    let seconds = |time: Timestamp| time.as_second();
    assert_eq!(
        times.into_iter().map(seconds).collect::<Vec<_>>(),
        [after(5), after(15), after(60), after(300)].map(seconds)
    );
}

#[tokio::test]
async fn a_schedule_that_ended_without_401_goes_on_when_the_person_says_so() {
    let (world, account) = world().await;
    let (id, outcome) = deleted(&world, account, 5).await;
    assert_eq!(verification(&outcome), Verification::TokenAccepted);
    watched(&world, async |told| {
        world.time.passes(Duration::from_secs(3600)).await;
        let now = told.until(|now| now.open[0].next_at.is_none()).await;
        assert!(now.open[0].accepted);
        for _ in 0..3 {
            let key = request(account, id);
            world.app.try_revocation(&key).await.unwrap();
        }
        world
            .app
            .try_revocation(&request(account, id))
            .await
            .unwrap();
        assert_eq!(told.confirmed().await.open, []);
    })
    .await;
    assert_eq!(world.custody().await, []);
}

#[tokio::test]
async fn an_open_watch_is_taken_up_at_the_next_start() {
    let (mut world, account) = world().await;
    let (_, outcome) = deleted(&world, account, 1).await;
    assert_eq!(verification(&outcome), Verification::TokenAccepted);
    world.time.passes(Duration::from_secs(600)).await;
    world.restart();
    let now = world.time.now();
    watched(&world, async |told| {
        let told = told.confirmed().await;
        assert_eq!(told.confirmed[0].at, now, "at once");
    })
    .await;
    assert_eq!(world.custody().await, []);
    // And told once.
    watched(&world, async |told| {
        let told = told.until(|_| true).await;
        assert_eq!((told.open, told.confirmed), (vec![], vec![]));
    })
    .await;
}

#[tokio::test]
async fn a_token_that_could_not_be_tried_is_told_as_that_and_not_as_dead() {
    let (world, account) = world().await;
    let token = world.created(account, "CI").await;
    world.fault(Rule::once("GET", "/user", status(503)));
    let outcome = world
        .delete_typing(account, id_of(&token), Some("CI"))
        .await;
    assert_eq!(verification(&outcome), Verification::RecordGone);
    assert_eq!(world.only_token().await.id, token.id);
    watched(&world, async |told| {
        let now = told.until(|now| !now.open.is_empty()).await;
        assert!(!now.open[0].accepted);
        assert!(
            now.open[0].message.contains("could not be tried"),
            "{now:?}"
        );
        world.time.passes(Duration::from_secs(5)).await;
        told.confirmed().await;
    })
    .await;
    assert_eq!(world.custody().await, []);
}

#[tokio::test]
async fn a_keychain_that_says_no_makes_no_token_dead() {
    let (world, account) = world().await;
    let token = world.created(account, "CI").await;
    let id = id_of(&token);
    world
        .keychain()
        .refuses(crate::keychain::Refuses::Everything);
    let outcome = world.delete_typing(account, id, Some("CI")).await;
    world.keychain().refuses(crate::keychain::Refuses::Nothing);
    assert_eq!(verification(&outcome), Verification::RecordGone);
    assert_eq!(world.only_token().await.id, token.id);
    assert_eq!(
        world.journalled_deletions().await,
        ["deleted: record gone, its token could not be tried"]
    );
}

#[tokio::test]
async fn stopping_ends_the_tries_and_leaves_the_token_in_custody() {
    let (world, account) = world().await;
    let (id, _) = deleted(&world, account, 100).await;
    watched(&world, async |told| {
        told.until(|now| !now.open.is_empty()).await;
        world
            .app
            .stop_revocation(&request(account, id))
            .await
            .unwrap();
        told.until(|now| now.open.is_empty()).await;
    })
    .await;
    assert_eq!(world.custody().await.len(), 1);
    assert_eq!(
        world.journalled("try_token").await,
        ["stopped trying: its token was still accepted"]
    );
}

#[tokio::test]
async fn the_apps_own_key_signs_out_only_once_its_token_got_401() {
    let (world, account) = world().await;
    let own = world.refreshed(account).await;
    let own = own.iter().find(|row| row.own).unwrap().clone();
    let id: i64 = own.id.as_str().parse().unwrap();
    // The look after the deletion, and the first try.
    assert!(world.faults().keep_accepting(id, 2).await.unwrap());
    let outcome = world.delete_typing(account, id, Some(&own.name)).await;
    assert_eq!(verification(&outcome), Verification::TokenAccepted);
    assert!(matches!(
        outcome,
        DeleteOutcome::Deleted {
            signed_out: None,
            ..
        }
    ));
    assert!(world.signs_in_with(account, &world.credential));
    watched(&world, async |told| {
        told.until(|now| now.open.iter().any(|open| open.own)).await;
        world.time.passes(Duration::from_secs(5)).await;
        let now = told.confirmed().await;
        let state = now.confirmed[0].signed_out.as_ref().unwrap();
        assert_eq!(state.active, None);
    })
    .await;
    assert!(!world.signs_in_with(account, &world.credential));
}
