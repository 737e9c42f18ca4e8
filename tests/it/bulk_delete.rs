//! Deleting several keys against a real server: what is asked first, what is sent and in which order, what is true
//! afterwards, and how a run through many keys lives with a rate limit.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use pulse_keys_core::view::{
    AccountId, BulkCard, BulkCardRequest, BulkDeleteRequest, BulkOutcome, BulkProgress, BulkResult,
    BulkResultKind, BulkRow, DeleteOutcome, ErrorCode, Friction, Verification,
};
use pulseapi::{Clock as _, KeyId};
use sandbox::Settings;
use sandbox::faults::{Fault, Rule};
use secrecy::ExposeSecret as _;

use crate::world::{World, always, cut_off, id_of, request, status};

use BulkResultKind::{Deleted, GoneAlready, NotDeleted, NotTried, Unknown};

fn key(id: i64) -> KeyId {
    KeyId::parse(&id.to_string()).unwrap()
}

fn keys(ids: &[i64]) -> Vec<KeyId> {
    ids.iter().map(|id| key(*id)).collect()
}

fn path(id: i64) -> String {
    format!("/api-keys/{id}")
}

/// The end of a run.
#[derive(Debug)]
struct Ended {
    results: Vec<BulkResult>,
    cancelled: bool,
    message: String,
}

impl Ended {
    fn of(outcome: BulkOutcome) -> Self {
        match outcome {
            BulkOutcome::Finished {
                results,
                cancelled,
                message,
            } => Self {
                results,
                cancelled,
                message,
            },
            other => panic!("{other:?}"),
        }
    }

    fn kinds(&self) -> Vec<BulkResultKind> {
        self.results.iter().map(|result| result.kind).collect()
    }

    fn count(&self, kind: BulkResultKind) -> usize {
        self.kinds().iter().filter(|found| **found == kind).count()
    }
}

impl World {
    /// Idle keys, so that no phrase is asked.
    async fn idle_keys(&self, count: usize) -> Vec<i64> {
        let mut ids = Vec::new();
        for _ in 0..count {
            ids.push(self.idle_key(200).await.id);
        }
        ids
    }

    async fn bulk_card(&self, account: AccountId, ids: &[i64]) -> BulkCard {
        let keys = keys(ids);
        let request = BulkCardRequest { account, keys };
        self.app.bulk_card(&request).await.unwrap()
    }

    /// Deletes what a card showed before.
    async fn delete_shown(
        &self,
        account: AccountId,
        ids: &[i64],
        typed: Option<&str>,
    ) -> BulkOutcome {
        let request = deletion(account, ids, typed);
        self.app.delete_keys(&request, |_| {}).await.unwrap()
    }

    /// Opens a card and deletes all of it, with the phrase.
    async fn delete_all(&self, account: AccountId, ids: &[i64]) -> Ended {
        self.bulk_card(account, ids).await;
        let phrase = format!("delete {} keys", ids.len());
        Ended::of(self.delete_shown(account, ids, Some(&phrase)).await)
    }

    /// What the app sent to delete a key, as the server saw it: what it came to, and what it answered.
    fn deletes_of(&self, id: i64) -> Vec<(Option<u16>, Option<u16>)> {
        let requests = self.faults().requests();
        requests
            .iter()
            .filter(|seen| seen.method == "DELETE" && seen.path.ends_with(&path(id)))
            // The test's own requests have none.
            .filter(|seen| seen.idempotency_key.is_some())
            .map(|seen| (seen.acted, seen.answered))
            .collect()
    }

    /// How many requests reached the server, by what they asked.
    fn asked(&self, method: &str, is_meant: impl Fn(&str) -> bool) -> usize {
        let requests = self.faults().requests();
        requests
            .iter()
            .filter(|seen| seen.method == method && is_meant(&seen.path))
            .count()
    }
}

fn deletion(account: AccountId, ids: &[i64], typed: Option<&str>) -> BulkDeleteRequest {
    BulkDeleteRequest {
        account,
        keys: keys(ids),
        typed: typed.map(str::to_owned),
    }
}

fn row(card: &BulkCard, id: i64) -> &BulkRow {
    card.rows.iter().find(|row| row.key.id == key(id)).unwrap()
}

fn changed(outcome: BulkOutcome) -> (BulkCard, String) {
    match outcome {
        BulkOutcome::CardChanged { card, message } => (card, message),
        other => panic!("{other:?}"),
    }
}

fn ticked(card: &BulkCard) -> Vec<KeyId> {
    let rows = card.rows.iter().filter(|row| row.ticked);
    rows.map(|row| row.key.id.clone()).collect()
}

async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn the_card_shows_each_key_as_it_is_now_and_ticks_what_is_calm() {
    let (world, account) = World::signed_in().await;
    let own = world.refreshed(account).await;
    let own = own.iter().find(|row| row.own).unwrap();
    let own: i64 = own.id.as_str().parse().unwrap();
    let idle = world.idle_key(200).await.id;
    let busy = world.key_used(SignedDuration::from_mins(12)).await.id;
    let gone = world.idle_key(200).await.id;
    world.refreshed(account).await;
    world.delete(account, gone).await;

    let card = world.bulk_card(account, &[busy, idle, own, gone]).await;

    let order: Vec<KeyId> = card.rows.iter().map(|row| row.key.id.clone()).collect();
    assert_eq!(order, keys(&[busy, idle, own, gone]));
    assert_eq!(ticked(&card), keys(&[idle]));
    let busy = row(&card, busy);
    assert!(busy.risky && busy.obstacle.is_none());
    assert_eq!(busy.friction, Friction::TypePhraseStrongly);
    assert_eq!(busy.evidence, "Something used this key 12 minutes ago.");
    let own = row(&card, own);
    assert_eq!(
        own.obstacle.as_deref(),
        Some("Pulse Keys signs in with it; delete it by itself.")
    );
    let gone = row(&card, gone);
    let obstacle = gone.obstacle.as_deref().unwrap();
    assert!(obstacle.starts_with("It was gone already"), "{obstacle}");
    assert!(card.consequence.contains("401 Unauthorized"));
}

#[tokio::test]
async fn evidence_is_asked_for_in_whichever_way_takes_fewer_requests() {
    let world = World::with(Settings {
        keys: Some(250),
        ..Settings::default()
    })
    .await;
    let state = world.connect(&world.sandbox.base_url()).await.unwrap();
    let account = state.active.unwrap();
    let listed = world.refreshed(account).await;
    let ids: Vec<i64> = listed
        .iter()
        .map(|row| row.id.as_str().parse().unwrap())
        .collect();
    for (chosen, pages, singles) in [(&ids[..3], 0, 3), (&ids[..4], 3, 0)] {
        world.faults().clear_requests();
        let card = world.bulk_card(account, chosen).await;
        assert_eq!(card.rows.len(), chosen.len());
        let is_list = |path: &str| path.ends_with("/api-keys");
        assert_eq!(world.asked("GET", is_list), pages);
        assert_eq!(world.asked("GET", |path| !is_list(path)), singles);
    }
}

#[tokio::test]
async fn no_deletes_nothing_and_the_question_says_what_it_is_about() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(7).await;
    world.bulk_card(account, &ids).await;
    world.says_no();
    let outcome = world.delete_shown(account, &ids, None).await;
    assert_eq!(outcome, BulkOutcome::Cancelled);
    assert_eq!(world.deletes_seen(), 0);
    assert_eq!(world.journalled_deletions().await, [""; 0]);
    let [question] = &world.questions()[..] else {
        panic!("one question for all");
    };
    assert_eq!(question.headline, "Delete 7 keys?");
    assert_eq!(
        (question.yes.as_str(), question.no.as_str()),
        ("Delete 7 keys", "Cancel")
    );
    assert_eq!(question.alternative, None);
    let tail = world.faults().key(ids[0]).await.unwrap().unwrap();
    let text = question.paragraphs.join("\n");
    for fact in [
        &*format!("“Old importer” …{}", tail.last_eight),
        "200 days ago",
        "and 2 more",
        "None of them was used",
        "401 Unauthorized",
    ] {
        assert!(text.contains(fact), "{fact} is not in: {text}");
    }
}

#[tokio::test]
async fn keys_in_use_need_the_phrase_with_the_right_number() {
    let (world, account) = World::signed_in().await;
    let mut ids = world.idle_keys(2).await;
    ids.push(world.key_used(SignedDuration::from_hours(1)).await.id);
    world.bulk_card(account, &ids).await;
    for typed in [
        None,
        Some(""),
        Some("delete 2 keys"),
        Some("Delete 3 keys"),
        Some("delete 3"),
    ] {
        let (card, message) = changed(world.delete_shown(account, &ids, typed).await);
        assert!(message.contains("“delete 3 keys”"), "{typed:?}: {message}");
        assert_eq!(ticked(&card), keys(&ids), "what was ticked stays ticked");
    }
    assert_eq!(world.questions(), [], "nobody was asked");
    assert_eq!(world.deletes_seen(), 0);

    let ended = Ended::of(
        world
            .delete_shown(account, &ids, Some(" delete  3 keys "))
            .await,
    );
    assert_eq!(ended.kinds(), [Deleted; 3]);
    let [question] = &world.questions()[..] else {
        panic!("one question for all");
    };
    assert!(question.paragraphs[1].starts_with("1 of them may still be in use."));
    assert_eq!(
        ended.message,
        "Deleted 3 keys. Whatever still uses them gets 401 now."
    );
}

#[tokio::test]
async fn one_key_is_told_in_the_singular() {
    let (world, account) = World::signed_in().await;
    let id = world.key_used(SignedDuration::from_hours(1)).await.id;
    world.bulk_card(account, &[id]).await;
    let (_, message) = changed(world.delete_shown(account, &[id], None).await);
    assert!(message.contains("“delete 1 key”"), "{message}");
    let outcome = world
        .delete_shown(account, &[id], Some("delete 1 key"))
        .await;
    assert_eq!(Ended::of(outcome).kinds(), [Deleted]);
}

#[tokio::test]
async fn the_apps_own_key_is_never_among_them() {
    let (world, account) = World::signed_in().await;
    let own = world.refreshed(account).await;
    let own = own.iter().find(|row| row.own).unwrap();
    let own: i64 = own.id.as_str().parse().unwrap();
    let other = world.idle_key(200).await.id;
    world.bulk_card(account, &[own, other]).await;
    let phrase = Some("delete 2 keys");
    let (card, message) = changed(world.delete_shown(account, &[own, other], phrase).await);
    assert!(message.contains("Pulse Keys signs in with it"), "{message}");
    assert_eq!(ticked(&card), keys(&[other]));
    assert_eq!(world.questions(), []);
    assert_eq!(world.status_with(&world.credential).await, 200);
}

#[tokio::test]
async fn only_what_was_shown_is_deleted() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(2).await;
    let (card, _) = changed(world.delete_shown(account, &ids, None).await);
    assert_eq!(ticked(&card), keys(&ids));

    let more = world.idle_key(200).await.id;
    let (card, message) = changed(world.delete_shown(account, &[more, ids[0]], None).await);
    assert!(message.contains("was not on the card yet"), "{message}");
    let shown: HashSet<KeyId> = card.rows.iter().map(|row| row.key.id.clone()).collect();
    assert_eq!(shown, keys(&[ids[0], ids[1], more]).into_iter().collect());
    assert_eq!(world.questions(), []);

    // Now it was.
    let outcome = world.delete_shown(account, &[more, ids[0]], None).await;
    assert_eq!(Ended::of(outcome).kinds(), [Deleted, Deleted]);
    assert!(world.exists(ids[1]).await);

    // A run uses its card up.
    let outcome = world.delete_shown(account, &[ids[1]], None).await;
    assert!(matches!(outcome, BulkOutcome::CardChanged { .. }));
}

#[tokio::test]
async fn a_key_that_is_used_rotated_or_deleted_behind_the_card_brings_it_back() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(2).await;
    let used = world.idle_key(200).await;
    let (rotated, gone) = (world.idle_key(200).await.id, world.idle_key(200).await.id);
    let all = [ids[0], used.id, rotated, gone, ids[1]];
    world.bulk_card(account, &all).await;
    assert_eq!(world.status_with(&used.token).await, 200);
    world.rotated(account, rotated).await;
    world.delete(account, gone).await;
    let asked = world.questions().len();

    let (card, message) = changed(world.delete_shown(account, &all, None).await);

    assert_eq!(ticked(&card), keys(&ids), "{message}");
    for reason in [
        "“Old importer” was gone already.",
        "somebody rotated it",
        "needs a closer look: Something used this key just now.",
        "2 keys are still ticked.",
    ] {
        assert!(message.contains(reason), "{reason} is not in: {message}");
    }
    assert_eq!(world.questions().len(), asked, "nobody was asked");
    let outcome = world.delete_shown(account, &ids, None).await;
    assert_eq!(Ended::of(outcome).kinds(), [Deleted, Deleted]);
}

#[tokio::test]
async fn evidence_that_cannot_be_asked_for_deletes_nothing() {
    let (world, account) = World::signed_in().await;
    let ids = world.idle_keys(2).await;
    world.bulk_card(account, &ids).await;
    world.fault(always("GET", "/api-keys", Fault::DropBefore));
    let request = deletion(account, &ids, None);
    let error = world.app.delete_keys(&request, |_| {}).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Offline);
    assert!(
        error.message.ends_with("No key was deleted."),
        "{}",
        error.message
    );
    assert_eq!((world.questions().len(), world.deletes_seen()), (0, 0));
}

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

/// The many runs that 200 keys take, for the table that the test prints.
struct Table(String);

impl Table {
    fn add(&mut self, run: &str, ended: &Ended, minutes: &str) {
        let mut kinds: BTreeMap<BulkResultKind, Vec<&BulkResult>> = BTreeMap::new();
        for result in &ended.results {
            kinds.entry(result.kind).or_default().push(result);
        }
        for (kind, results) in kinds {
            let words: HashSet<String> = results
                .iter()
                .map(|result| result.message.split(" UTC: ").last().unwrap().to_owned())
                .collect();
            let mut words: Vec<String> = words.into_iter().collect();
            words.sort();
            let kind = format!("{kind:?}");
            let words = words.join(" / ");
            let words: String = words.chars().take(170).collect();
            writeln!(
                self.0,
                "| {run} | {kind:<11} | {:>4} | {words}",
                results.len()
            )
            .unwrap();
        }
        writeln!(
            self.0,
            "| {run} | {minutes} of the server's clock: {}",
            ended.message
        )
        .unwrap();
    }
}

/// 200 keys, a server that lets 60 requests through in a minute, and among the keys one refused (403), one that
/// somebody else deletes meanwhile (404), two failures (500, one of which acted), one more 429, and the credential
/// refused (401), which ends the run. A second run is cancelled in its middle, a third goes to the end.
#[tokio::test]
async fn two_hundred_keys_at_sixty_requests_a_minute() {
    let (world, account) = World::limited(60, 200).await;
    let ids: Vec<i64> = world
        .refreshed(account)
        .await
        .iter()
        .filter(|row| !row.own)
        .map(|row| row.id.as_str().parse().unwrap())
        .collect();
    assert_eq!(ids.len(), 200);
    let (forbidden, failing, acting, limited, missing, refused) =
        (ids[30], ids[60], ids[90], ids[100], ids[120], ids[140]);
    for (id, fault) in [
        (forbidden, status(403)),
        (failing, status(500)),
        (acting, Fault::StatusAfter { status: 500 }),
        (
            limited,
            Fault::Status {
                status: 429,
                retry_after: Some(17),
            },
        ),
        (refused, status(401)),
    ] {
        world.fault(Rule::once("DELETE", &path(id), fault));
    }
    let somebody_else = world.sandbox.mint_credential().await.unwrap();
    let mut table = Table(String::new());
    let began = Instant::now();
    let minutes = |since: jiff::Timestamp| {
        let passed = world.time.now().duration_since(since);
        format!("{:.1} min", passed.as_secs_f64() / 60.0)
    };

    let since = world.time.now();
    world.bulk_card(account, &ids).await;
    let request = deletion(account, &ids, Some("delete 200 keys"));
    let (outcome, ()) = tokio::join!(world.app.delete_keys(&request, |_| {}), async {
        until(|| world.deletes_seen() >= 5).await;
        let url = format!("{}{}", world.sandbox.base_url(), path(missing));
        let request = reqwest::Client::new()
            .delete(url)
            .bearer_auth(somebody_else.expose_secret());
        assert_eq!(request.send().await.unwrap().status(), 204);
    });
    let first = Ended::of(outcome.unwrap());
    table.add("1", &first, &minutes(since));
    for (index, (result, id)) in first.results.iter().zip(&ids).enumerate() {
        let expected = match *id {
            id if [forbidden, failing, refused].contains(&id) => NotDeleted,
            id if id == missing => GoneAlready,
            _ if index > 140 => NotTried,
            _ => Deleted,
        };
        assert_eq!(result.kind, expected, "{index}: {result:?}");
    }
    assert!(!first.cancelled);
    is_true(&world, account, &first).await;

    // The credential works again. What is left is looked at anew.
    let left: Vec<i64> = ids_of(&first, &[NotDeleted, NotTried]);
    assert_eq!(left.len(), 62);
    let since = world.time.now();
    world.bulk_card(account, &left).await;
    let before = world.deletes_seen();
    let request = deletion(account, &left, Some("delete 62 keys"));
    let (outcome, ()) = tokio::join!(world.app.delete_keys(&request, |_| {}), async {
        until(|| world.deletes_seen() >= before + 20).await;
        world.app.cancel_delete_keys(account);
    });
    let second = Ended::of(outcome.unwrap());
    table.add("2", &second, &minutes(since));
    assert!(second.cancelled);
    let done = second.count(Deleted);
    assert!(done >= 19, "{}", second.message);
    assert_eq!(second.count(NotTried), 62 - done);
    is_true(&world, account, &second).await;

    let left = ids_of(&second, &[NotTried]);
    let since = world.time.now();
    let third = world.delete_all(account, &left).await;
    table.add("3", &third, &minutes(since));
    assert_eq!(third.count(Deleted), left.len());
    is_true(&world, account, &third).await;

    let mut deletes: BTreeMap<String, usize> = BTreeMap::new();
    for id in &ids {
        assert!(!world.exists(*id).await);
        let seen = world.deletes_of(*id);
        let done = seen.iter().filter(|(acted, _)| *acted == Some(204)).count();
        assert_eq!(done, usize::from(*id != missing), "{id}: {seen:?}");
        // Whatever was sent again had been refused before.
        let refusals = seen
            .iter()
            .filter(|(_, answered)| matches!(answered, Some(401 | 403 | 429)))
            .count();
        let failures = usize::from(*id == failing);
        assert_eq!(seen.len() - refusals - failures, 1, "{id}: {seen:?}");
        let answers: Vec<String> = seen
            .iter()
            .map(|(_, answered)| answered.map_or("none".to_owned(), |status| status.to_string()))
            .collect();
        *deletes.entry(answers.join(", then ")).or_default() += 1;
    }
    let requests = world.faults().requests();
    let limited = requests
        .iter()
        .filter(|seen| seen.acted == Some(429))
        .count();
    println!("\n{}", table.0);
    println!("DELETEs of a key, by their answers: {deletes:?}");
    println!(
        "{} requests in all, {limited} refused by the limiter, {:.1?} of real time",
        requests.len(),
        began.elapsed()
    );
}

fn ids_of(ended: &Ended, kinds: &[BulkResultKind]) -> Vec<i64> {
    let results = ended.results.iter();
    results
        .filter(|result| kinds.contains(&result.kind))
        .map(|result| result.key.as_str().parse().unwrap())
        .collect()
}

/// What was told is so: at the server, in the cached list and in the journal; and nothing is in doubt.
async fn is_true(world: &World, account: AccountId, ended: &Ended) {
    let cached = world.cached(account).await;
    let journal = world.app.journal().await.unwrap();
    assert_eq!(journal.broken_at, None);
    for result in &ended.results {
        let is_gone = matches!(result.kind, Deleted | GoneAlready);
        let id: i64 = result.key.as_str().parse().unwrap();
        assert_eq!(world.exists(id).await, !is_gone, "{result:?}");
        let is_cached = cached.iter().any(|row| row.id == result.key);
        assert_eq!(is_cached, !is_gone, "{result:?}");
        let mut rows = journal.rows.iter().filter(|row| {
            row.action == "delete_key" && row.key_id.as_deref() == Some(result.key.as_str())
        });
        let outcome = rows.next_back().map(|row| row.outcome.as_str());
        match result.kind {
            Deleted => assert_eq!(outcome, Some("deleted: record gone")),
            GoneAlready => assert_eq!(outcome, Some("gone already")),
            NotDeleted => assert!(outcome.unwrap().starts_with("not deleted: ")),
            Unknown => panic!("{result:?}"),
            NotTried => assert!(outcome.is_none_or(|outcome| outcome.starts_with("not deleted"))),
        }
    }
    assert_eq!(world.notices().await, []);
}
