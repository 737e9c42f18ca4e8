//! Sequences that once broke a rule, each under the name of the fault that it found.
//!
//! After the first refresh the list is: the app's own key, Charlie, Bravo, Alpha.

use crate::keychain::Mood;
use crate::process::Moment;
use crate::run::take;
use crate::steps::{Dialog, Meanwhile, Other, Read, Reads, Says, Step, Trouble, Write};

use Step::{Bulk, Create, Delete, GoOn, Keep, Keychain, Passes, Reconcile, Refresh, Reveal};
use Step::{Restart, Rotate, SignOut, Test};

/// Fails with all that happened when a rule is broken.
fn holds(steps: &[Step]) {
    if let Err((broken, trace)) = take(steps) {
        panic!("{}: {}\n{}", broken.rule, broken.what, trace.join("\n"));
    }
}

const OWN: u8 = 0;
const CHARLIE: u8 = 1;
const BRAVO: u8 = 2;

const READS: Reads = Reads {
    what: Read::Ok,
    times: 0,
};

const OK: Trouble = Trouble {
    before: READS,
    write: Write::Ok,
    after: READS,
    accepts_dead: false,
    between: None,
    kill: None,
};

const YES: Dialog = Dialog {
    says: Says::Yes,
    meanwhile: None,
};

const fn write(write: Write) -> Trouble {
    Trouble { write, ..OK }
}

/// After the write, reads go like this.
const fn then(trouble: Trouble, what: Read, times: u8) -> Trouble {
    Trouble {
        after: Reads { what, times },
        ..trouble
    }
}

const fn meanwhile(other: Other) -> Dialog {
    Dialog {
        meanwhile: Some(Meanwhile::Other(other)),
        ..YES
    }
}

#[test]
fn nothing_happens() {
    holds(&[]);
}

#[test]
fn an_older_rotation_that_is_settled_late_leaves_the_newer_token_alone() {
    holds(&[
        Refresh(OK),
        Rotate(BRAVO, YES, then(write(Write::CutBefore), Read::Fails, 200)),
        Rotate(BRAVO, YES, OK),
        Keep(0),
        Refresh(OK),
    ]);
}

#[test]
fn nothing_is_sent_for_a_token_that_the_keychain_would_not_take() {
    for mood in [Mood::Locked, Mood::Gone, Mood::Full] {
        holds(&[Keychain(mood), Create(0, OK)]);
        holds(&[Refresh(OK), Keychain(mood), Rotate(BRAVO, YES, OK)]);
    }
}

#[test]
fn nothing_is_sent_when_the_keychain_is_locked_during_the_question() {
    let locks = Dialog {
        meanwhile: Some(Meanwhile::Keychain(Mood::Locked)),
        ..YES
    };
    holds(&[Refresh(OK), Rotate(BRAVO, locks, OK)]);
}

#[test]
fn a_keychain_that_answers_not_found_costs_no_record() {
    holds(&[Create(0, OK), Keychain(Mood::Forgetting), Reveal(0)]);
    holds(&[Create(0, OK), Keychain(Mood::Forgetting), Test(0)]);
}

#[test]
fn a_session_without_a_keychain_costs_no_record_of_the_keychain() {
    holds(&[
        Create(0, OK),
        Keychain(Mood::Gone),
        Restart,
        GoOn,
        Reveal(0),
    ]);
}

#[test]
fn a_late_creation_is_not_told_as_not_done() {
    holds(&[Create(0, write(Write::Late(5)))]);
    holds(&[Create(0, write(Write::Late(90))), Restart, Reconcile(OK)]);
}

#[test]
fn a_late_rotation_is_not_told_as_not_done() {
    holds(&[Refresh(OK), Rotate(BRAVO, YES, write(Write::Late(5)))]);
    holds(&[
        Refresh(OK),
        Rotate(BRAVO, YES, write(Write::Late(90))),
        Refresh(OK),
    ]);
}

#[test]
fn a_late_deletion_is_not_told_as_not_done() {
    holds(&[Refresh(OK), Delete(BRAVO, YES, write(Write::Late(5)))]);
    holds(&[Refresh(OK), Bulk(vec![BRAVO], YES, write(Write::Late(5)))]);
}

#[test]
fn a_stale_answer_after_a_lost_one_is_not_told_as_not_done() {
    let stale = then(write(Write::CutAfter), Read::Stale, 2);
    holds(&[Refresh(OK), Delete(BRAVO, YES, stale)]);
    holds(&[Refresh(OK), Rotate(BRAVO, YES, stale)]);
}

#[test]
fn a_rotation_that_an_old_cache_hid_is_told_after_all() {
    let stale = Trouble {
        before: Reads {
            what: Read::Stale,
            times: 2,
        },
        ..OK
    };
    holds(&[
        Refresh(OK),
        Rotate(OWN, YES, write(Write::CutAfter)),
        Restart,
        Reconcile(OK),
        Refresh(stale),
    ]);
}

#[test]
fn signing_out_while_a_token_arrives_loses_nothing_and_says_nothing_false() {
    let slow = Trouble {
        kill: Some(Moment::Arrived(2)),
        ..write(Write::Slow(15))
    };
    let passes = Dialog {
        meanwhile: Some(Meanwhile::Passes(45)),
        ..YES
    };
    holds(&[Create(0, slow), SignOut(YES, OK), Reconcile(OK)]);
    holds(&[Create(0, slow), SignOut(passes, OK), Reconcile(OK)]);
    holds(&[Create(0, slow), SignOut(YES, OK), Passes(45), Reconcile(OK)]);
}

#[test]
fn a_key_that_changed_during_the_question_is_not_deleted() {
    // Of all keys on the server, newest first, as the list has them.
    for other in [
        Other::Uses(BRAVO),
        Other::Rotates(BRAVO),
        Other::Renames(BRAVO),
    ] {
        holds(&[Refresh(OK), Delete(BRAVO, meanwhile(other), OK)]);
        holds(&[Refresh(OK), Bulk(vec![BRAVO, 3], meanwhile(other), OK)]);
    }
}

#[test]
fn a_404_of_a_gateway_is_not_taken_for_absence() {
    let gateway = write(Write::Gateway404);
    holds(&[Refresh(OK), Delete(BRAVO, YES, gateway)]);
    holds(&[Refresh(OK), Delete(OWN, YES, gateway)]);
    holds(&[Refresh(OK), Rotate(BRAVO, YES, gateway)]);
    holds(&[Refresh(OK), Bulk(vec![BRAVO], YES, gateway)]);
    holds(&[Create(0, OK), Refresh(OK), Delete(0, YES, gateway)]);
    let looks = then(write(Write::CutBefore), Read::Gateway404, 1);
    holds(&[Refresh(OK), Delete(BRAVO, YES, looks)]);
    holds(&[Refresh(OK), Rotate(BRAVO, YES, looks)]);
}

#[test]
fn a_lone_401_to_the_own_credential_is_no_proof() {
    let refused = then(write(Write::CutBefore), Read::Refused, 1);
    holds(&[Refresh(OK), Delete(OWN, YES, refused)]);
    holds(&[Refresh(OK), Rotate(OWN, YES, refused)]);
}

#[test]
fn a_short_list_is_no_proof() {
    let short = then(write(Write::CutBefore), Read::Short, 200);
    holds(&[Refresh(OK), Delete(3, YES, short), Refresh(OK)]);
}

#[test]
fn a_deleted_token_that_is_still_accepted_is_told_so() {
    let cached = Trouble {
        accepts_dead: true,
        ..OK
    };
    holds(&[Create(0, OK), Test(0), Refresh(OK), Delete(0, YES, cached)]);
    holds(&[Create(0, OK), Test(0), Refresh(OK), Delete(1, YES, cached)]);
}

#[test]
fn advice_never_names_the_key_of_somebody_else() {
    holds(&[
        Step::Other(Other::Creates(1)),
        Create(1, write(Write::Fails)),
    ]);
    holds(&[
        Refresh(OK),
        Step::Other(Other::Creates(1)),
        Create(1, write(Write::CutBefore)),
    ]);
}

#[test]
fn an_earlier_orphan_is_not_taken_for_what_the_next_creation_made() {
    holds(&[
        Create(0, write(Write::CutAfter)),
        Create(0, write(Write::Late(1))),
    ]);
}

#[test]
fn a_key_that_a_later_creation_made_is_nobodys_orphan() {
    holds(&[
        Create(0, write(Write::Gateway404)),
        Create(0, OK),
        Step::Stored(0),
    ]);
}

#[test]
fn what_we_deleted_while_its_rotation_was_open_is_told_so() {
    holds(&[
        Refresh(OK),
        Rotate(BRAVO, YES, write(Write::Fails)),
        Bulk(vec![BRAVO], YES, write(Write::Late(5))),
        Restart,
    ]);
}

#[test]
fn signing_out_counts_a_token_that_is_not_on_record_yet() {
    let killed = Trouble {
        kill: Some(Moment::Acted(2)),
        ..OK
    };
    holds(&[Create(0, killed), Passes(1), SignOut(YES, OK)]);
    holds(&[
        Create(1, OK),
        Create(0, killed),
        Passes(1),
        SignOut(YES, OK),
    ]);
}

#[test]
fn a_rotation_that_is_lost_after_an_open_one_is_told_truly() {
    holds(&[
        Refresh(OK),
        Rotate(BRAVO, YES, then(write(Write::CutBefore), Read::Fails, 1)),
        Rotate(BRAVO, YES, write(Write::CutAfter)),
    ]);
}

#[test]
fn of_two_open_rotations_that_both_take_effect_neither_is_told_as_not_done() {
    holds(&[
        Refresh(OK),
        Rotate(BRAVO, YES, write(Write::Late(1))),
        Refresh(OK),
        Rotate(BRAVO, YES, then(write(Write::Late(400)), Read::Refused, 2)),
    ]);
}

#[test]
fn a_list_of_long_ago_is_no_proof_that_a_key_was_rotated() {
    let old = Trouble {
        before: Reads {
            what: Read::Stale,
            times: 2,
        },
        ..OK
    };
    holds(&[
        Refresh(OK),
        Rotate(BRAVO, YES, OK),
        Rotate(BRAVO, YES, write(Write::Portal)),
        Refresh(old),
    ]);
}

#[test]
fn a_key_that_is_listed_after_a_short_list_before_is_not_told_as_absent() {
    let short = Trouble {
        before: Reads {
            what: Read::Short,
            times: 2,
        },
        ..write(Write::CutAfter)
    };
    holds(&[Create(0, short)]);
}

#[test]
fn two_401_are_no_proof_that_the_own_key_was_rotated() {
    holds(&[
        Refresh(OK),
        Rotate(OWN, YES, write(Write::Gateway404)),
        Rotate(3, YES, then(OK, Read::Refused, 2)),
    ]);
}

#[test]
fn deleting_the_own_key_is_told_though_the_keychain_refuses() {
    holds(&[
        Refresh(OK),
        Keychain(Mood::Locked),
        Delete(OWN, YES, write(Write::CutAfter)),
    ]);
    for mood in [Mood::Locked, Mood::Full, Mood::Gone] {
        holds(&[Refresh(OK), Keychain(mood), Delete(OWN, YES, OK)]);
    }
}

#[test]
fn what_we_deleted_ourselves_is_not_told_as_somebody_elses_deed() {
    let refused = then(write(Write::CutAfter), Read::Refused, 200);
    holds(&[
        Refresh(OK),
        Bulk(vec![CHARLIE], YES, refused),
        Rotate(CHARLIE, YES, OK),
    ]);
    holds(&[
        Refresh(OK),
        Bulk(vec![CHARLIE], YES, refused),
        Delete(CHARLIE, YES, OK),
    ]);
}

#[test]
fn a_kill_at_any_moment_of_a_rotation_costs_no_token() {
    for moment in [
        Moment::Arrived(2),
        Moment::Acted(2),
        Moment::Kept(1),
        Moment::Polled(9),
    ] {
        let kill = Trouble {
            kill: Some(moment),
            ..OK
        };
        holds(&[Refresh(OK), Rotate(BRAVO, YES, kill)]);
        holds(&[Refresh(OK), Rotate(OWN, YES, kill)]);
    }
}
