//! How quiet is quiet enough, by times alone.

use jiff::{SignedDuration, Timestamp};
use pulseapi::KeyId;
use usage::Verdict;
use uuid::Uuid;

use super::*;
use crate::base::ids::CustodyId;
use crate::keys::delete::friction;
use crate::keys::delete::wire::Friction;
use crate::keys::swap::quiet::LastSeen;
use crate::keys::swap::wire::SwapStepState;
use crate::preferences::wire::Strictness;
use crate::records::uses::LastUse;

fn now() -> Timestamp {
    "2026-11-22T14:00:00Z".parse().unwrap()
}

fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

/// Uses so many hours ago.
fn uses_of(ago: &[i64]) -> Vec<LastUse> {
    let uses = ago.iter().map(|ago| LastUse {
        used_at: now() - hours(*ago),
        seen_at: now(),
    });
    uses.collect()
}

/// A swap that is watched since 4 days ago and has to be quiet for 3.
fn watched() -> Swap {
    Swap {
        account: AccountId(Uuid::nil()),
        key: KeyId::parse("7").unwrap(),
        name: "CI".to_owned(),
        last_eight: "ab12cd34".to_owned(),
        way: Way::Swap,
        begun_at: now() - hours(97),
        sibling_name: "CI (Nov 2026)".to_owned(),
        sibling: Some(Sibling {
            key: KeyId::parse("8").unwrap(),
            last_eight: "cd34ab12".to_owned(),
            token: CustodyId(Uuid::nil()),
        }),
        places: Vec::new(),
        watched_since: Some(now() - hours(96)),
        quiet_days: 3,
        advised_days: 3,
        told: None,
        old_token: None,
        deleted_at: None,
        refused_at: None,
        of_later_version: serde_json::Map::new(),
    }
}

fn seen(used_ago: Option<i64>) -> LastSeen {
    LastSeen {
        used_at: used_ago.map(|ago| now() - hours(ago)),
        is_told: true,
        read_at: now(),
    }
}

fn stage(swap: &Swap, seen: &LastSeen) -> SwapStage {
    quiet::standing(swap, Some(seen), true).stage
}

#[test]
fn at_least_three_times_the_longest_known_gap_is_advised() {
    let advised = |ago: &[i64]| quiet::advised_days(&uses_of(ago), now());
    assert_eq!(advised(&[1, 3, 9]), 1, "6 hours apart");
    assert_eq!(advised(&[1, 3, 15]), 3, "12 hours apart: 36 are needed");
    assert_eq!(advised(&[1, 25, 49]), 3);
    assert_eq!(advised(&[1, 25, 97]), 14, "3 days apart: 9 are needed");
    assert_eq!(advised(&[50, 51, 52]), 7, "the gap that goes on counts too");
    assert_eq!(
        advised(&[1, 24 * 40, 24 * 41]),
        30,
        "no longer one is offered"
    );
}

#[test]
fn with_too_few_known_uses_a_week_is_advised() {
    let advised = |ago: &[i64]| quiet::advised_days(&uses_of(ago), now());
    assert_eq!(advised(&[]), 7);
    assert_eq!(advised(&[1]), 7);
    assert_eq!(advised(&[1, 2]), 7);
    assert_eq!(advised(&[24 * 200]), 30);
}

#[test]
fn it_is_quiet_only_up_to_the_last_reading() {
    let swap = watched();
    assert_eq!(stage(&swap, &seen(Some(100))), SwapStage::Ready);
    assert_eq!(stage(&swap, &seen(None)), SwapStage::Ready);
    let old_reading = LastSeen {
        read_at: now() - hours(40),
        ..seen(Some(100))
    };
    assert_eq!(stage(&swap, &old_reading), SwapStage::Watching);
    let before_the_watch = LastSeen {
        read_at: now() - hours(99),
        ..seen(Some(100))
    };
    let standing = quiet::standing(&swap, Some(&before_the_watch), true);
    assert_eq!(standing.quiet_for, SignedDuration::ZERO);
}

#[test]
fn a_use_after_the_swap_wakes_it_until_it_was_quiet_again() {
    let swap = watched();
    let standing = quiet::standing(&swap, Some(&seen(Some(2))), true);
    assert_eq!(standing.stage, SwapStage::Woken);
    assert_eq!(standing.woken_at, Some(now() - hours(2)));
    let quiet_again = quiet::standing(&swap, Some(&seen(Some(73))), true);
    assert_eq!(quiet_again.stage, SwapStage::Ready);
}

#[test]
fn a_service_that_does_not_tell_of_use_never_makes_it_ready() {
    let untold = LastSeen {
        is_told: false,
        ..seen(None)
    };
    assert_eq!(stage(&watched(), &untold), SwapStage::Watching);
}

#[test]
fn each_stage_is_where_it_was_left() {
    let begun = Swap {
        sibling: None,
        ..watched()
    };
    assert_eq!(stage(&begun, &seen(None)), SwapStage::Begun);
    let placing = Swap {
        watched_since: None,
        ..watched()
    };
    assert_eq!(stage(&placing, &seen(Some(1))), SwapStage::Placing);
    let deleted = Swap {
        deleted_at: Some(now()),
        ..watched()
    };
    assert_eq!(stage(&deleted, &seen(None)), SwapStage::Gone);
    assert_eq!(
        quiet::standing(&watched(), None, false).stage,
        SwapStage::Gone,
        "the list does not have it any more"
    );
}

#[test]
fn a_key_that_is_deleted_before_it_was_quiet_is_not_said_to_have_been() {
    let states = |told| {
        let deleted = Swap {
            deleted_at: Some(now()),
            refused_at: Some(now()),
            told,
            ..watched()
        };
        let standing = quiet::standing(&deleted, None, false);
        let steps = messages::steps(&deleted, &standing);
        steps.iter().map(|step| step.state).collect::<Vec<_>>()
    };
    use SwapStepState::{Ahead, Done};
    assert_eq!(states(Some(Told::Ready)), [Done; 5]);
    assert_eq!(states(None), [Done, Done, Ahead, Ahead, Done]);
    assert_eq!(states(Some(Told::Woken)), [Done, Done, Ahead, Ahead, Done]);
}

fn level(proof: &QuietProof, used_ago: i64, verdict: Verdict) -> Friction {
    let key = KeyRow {
        last_used_at: Some(now() - hours(used_ago)),
        ..crate::tests::row("7", "CI")
    };
    friction::level_with(&key, verdict, Strictness::Standard, Some(proof), now())
}

#[test]
fn only_a_proof_takes_friction_away_and_only_that_of_the_times() {
    let proof = |is_woken, is_proved| QuietProof {
        words: String::new(),
        is_woken,
        is_proved,
        is_watched: true,
    };
    let (waiting, proved, woken) = (proof(false, false), proof(false, true), proof(true, false));
    let nothing = Verdict::NothingFound;
    assert_eq!(level(&proved, 100, nothing), Friction::SpelledOut);
    assert_eq!(
        level(&proved, 100, Verdict::Confirmed),
        Friction::TypePhraseStrongly
    );
    assert_eq!(level(&waiting, 100, nothing), Friction::TypePhrase);
    assert_eq!(
        level(&waiting, 24 * 200, nothing),
        Friction::TypePhrase,
        "not quiet for as long as was asked"
    );
    assert_eq!(level(&woken, 48, nothing), Friction::TypePhraseStrongly);
}

#[test]
fn what_was_asked_may_be_shorter_than_advised_but_proves_nothing_then() {
    assert_eq!(quiet::choice(0), 1);
    assert_eq!(quiet::choice(5), 7);
    assert_eq!(quiet::choice(900), 30);
}
