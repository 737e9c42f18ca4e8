//! What can happen, as data: made at random, made smaller when something breaks, and written down by hand in the
//! regression tests.

use std::fmt;

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

use crate::keychain::Mood;
use crate::process::Moment;

/// One of the things that are there when a step begins, counted from the first again after the last.
pub(crate) type Pick = u8;

/// What becomes of the write of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Write {
    #[default]
    Ok,
    /// The connection breaks before the server acts.
    CutBefore,
    /// The server acts, and the connection breaks before the answer.
    CutAfter,
    /// The server acts, and half of the answer arrives.
    Halved,
    /// The server acts and never answers.
    Hangs,
    /// The server acts so many seconds after the client has given up.
    Late(u16),
    /// The server takes so many seconds.
    Slow(u16),
    /// A gateway answers 404 in its own form.
    Gateway404,
    /// The server fails without acting.
    Fails,
    /// The server acts and then fails.
    FailsAfter,
    /// A page of somebody else's network.
    Portal,
}

/// What becomes of the reads before or after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Read {
    #[default]
    Ok,
    /// The server fails.
    Fails,
    /// The connection breaks.
    Cut,
    /// A cache answers with what it was before.
    Stale,
    /// A gateway answers 404 in its own form.
    Gateway404,
    /// A lone 401.
    Refused,
    /// The list lacks a row that it counts.
    Short,
}

/// Something that goes on for so many reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    pub(crate) what: Read,
    pub(crate) times: u8,
}

/// What somebody else does with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Other {
    Uses(Pick),
    Rotates(Pick),
    Renames(Pick),
    Deletes(Pick),
    /// Makes a key that is called like one that we make.
    Creates(u8),
}

/// What happens while the native question is on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meanwhile {
    Other(Other),
    /// So many seconds pass.
    Passes(u16),
    Keychain(Mood),
}

/// What the user answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Says {
    #[default]
    Yes,
    /// The second way, where there is one.
    Alternative,
    No,
}

/// What goes wrong around something that the app does.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) before: Reads,
    pub(crate) write: Write,
    pub(crate) after: Reads,
    /// A cache still accepts tokens that it has seen.
    pub(crate) accepts_dead: bool,
    /// At which read somebody else does what.
    pub(crate) between: Option<(u8, Other)>,
    pub(crate) kill: Option<Moment>,
}

impl fmt::Debug for Trouble {
    /// Only what is not as usual, as it is written in a regression test.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = Self::default();
        let mut told = f.debug_struct("Trouble");
        if self.before != usual.before {
            told.field("before", &self.before);
        }
        if self.write != usual.write {
            told.field("write", &self.write);
        }
        if self.after != usual.after {
            told.field("after", &self.after);
        }
        if self.accepts_dead {
            told.field("accepts_dead", &true);
        }
        if self.between.is_some() {
            told.field("between", &self.between);
        }
        if self.kill.is_some() {
            told.field("kill", &self.kill);
        }
        told.finish_non_exhaustive()
    }
}

/// How a question goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dialog {
    pub(crate) says: Says,
    pub(crate) meanwhile: Option<Meanwhile>,
}

/// One step of a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Create(u8, Trouble),
    Rotate(Pick, Dialog, Trouble),
    Delete(Pick, Dialog, Trouble),
    Bulk(Vec<Pick>, Dialog, Trouble),
    Refresh(Trouble),
    /// What the page asks at its start, and after a refresh that has settled something.
    Reconcile(Trouble),
    Reveal(Pick),
    Test(Pick),
    Keep(Pick),
    Stored(Pick),
    SignOut(Dialog, Trouble),
    SignIn,
    Restart,
    /// *Go on for this session*.
    GoOn,
    Keychain(Mood),
    Other(Other),
    Passes(u16),
    /// Every notice was read.
    Dismiss,
}

/// A sequence of steps.
pub(crate) fn sequence() -> impl Strategy<Value = Vec<Step>> {
    vec(step(), 1..=25)
}

fn step() -> impl Strategy<Value = Step> {
    let pick = || any::<Pick>();
    prop_oneof![
        6 => (0..2_u8, trouble()).prop_map(|(name, trouble)| Step::Create(name, trouble)),
        7 => (pick(), dialog(), trouble()).prop_map(|(key, dialog, trouble)| Step::Rotate(key, dialog, trouble)),
        6 => (pick(), dialog(), trouble()).prop_map(|(key, dialog, trouble)| Step::Delete(key, dialog, trouble)),
        3 => (vec(pick(), 1..=3), dialog(), trouble()).prop_map(|(keys, dialog, trouble)| Step::Bulk(keys, dialog, trouble)),
        5 => quiet().prop_map(Step::Refresh),
        5 => quiet().prop_map(Step::Reconcile),
        3 => pick().prop_map(Step::Reveal),
        2 => pick().prop_map(Step::Test),
        2 => pick().prop_map(Step::Keep),
        2 => pick().prop_map(Step::Stored),
        2 => (dialog(), quiet()).prop_map(|(dialog, trouble)| Step::SignOut(dialog, trouble)),
        2 => Just(Step::SignIn),
        4 => Just(Step::Restart),
        1 => Just(Step::GoOn),
        4 => mood().prop_map(Step::Keychain),
        4 => other().prop_map(Step::Other),
        3 => passes().prop_map(Step::Passes),
        1 => Just(Step::Dismiss),
    ]
}

fn mood() -> impl Strategy<Value = Mood> {
    prop_oneof![
        5 => Just(Mood::Up),
        1 => Just(Mood::Locked),
        1 => Just(Mood::Gone),
        1 => Just(Mood::Full),
        1 => Just(Mood::Forgetting),
    ]
}

fn other() -> impl Strategy<Value = Other> {
    prop_oneof![
        any::<Pick>().prop_map(Other::Uses),
        any::<Pick>().prop_map(Other::Rotates),
        any::<Pick>().prop_map(Other::Renames),
        any::<Pick>().prop_map(Other::Deletes),
        (0..2_u8).prop_map(Other::Creates),
    ]
}

fn passes() -> impl Strategy<Value = u16> {
    select(vec![1_u16, 3, 15, 45, 200, 900])
}

fn dialog() -> impl Strategy<Value = Dialog> {
    let says = prop_oneof![
        8 => Just(Says::Yes),
        1 => Just(Says::Alternative),
        1 => Just(Says::No),
    ];
    let meanwhile = prop_oneof![
        4 => other().prop_map(Meanwhile::Other),
        1 => passes().prop_map(Meanwhile::Passes),
        1 => mood().prop_map(Meanwhile::Keychain),
    ];
    (says, weighted(0.25, meanwhile)).prop_map(|(says, meanwhile)| Dialog { says, meanwhile })
}

fn write() -> impl Strategy<Value = Write> {
    let late = || select(vec![1_u16, 5, 20, 90, 400]);
    prop_oneof![
        8 => Just(Write::Ok),
        1 => Just(Write::CutBefore),
        2 => Just(Write::CutAfter),
        1 => Just(Write::Halved),
        1 => Just(Write::Hangs),
        2 => late().prop_map(Write::Late),
        1 => select(vec![2_u16, 15, 40]).prop_map(Write::Slow),
        1 => Just(Write::Gateway404),
        1 => Just(Write::Fails),
        1 => Just(Write::FailsAfter),
        1 => Just(Write::Portal),
    ]
}

fn reads() -> impl Strategy<Value = Reads> {
    let what = prop_oneof![
        Just(Read::Fails),
        Just(Read::Cut),
        Just(Read::Stale),
        Just(Read::Gateway404),
        Just(Read::Refused),
        Just(Read::Short),
    ];
    prop_oneof![
        4 => Just(Reads::default()),
        1 => (what, select(vec![1_u8, 2, 200])).prop_map(|(what, times)| Reads { what, times }),
    ]
}

fn moment() -> impl Strategy<Value = Moment> {
    prop_oneof![
        (1..6_u8).prop_map(Moment::Arrived),
        (1..6_u8).prop_map(Moment::Acted),
        Just(Moment::Asked),
        (1..4_u8).prop_map(Moment::Kept),
        (1..40_u8).prop_map(Moment::Polled),
    ]
}

fn trouble() -> impl Strategy<Value = Trouble> {
    let calm_before = prop_oneof![5 => Just(Reads::default()), 1 => reads()];
    let between = (1..5_u8, other());
    (
        calm_before,
        write(),
        reads(),
        proptest::bool::weighted(0.15),
        weighted(0.1, between),
        weighted(0.12, moment()),
    )
        .prop_map(
            |(before, write, after, accepts_dead, between, kill)| Trouble {
                before,
                write,
                after,
                accepts_dead,
                between,
                kill,
            },
        )
}

/// Around what writes nothing.
fn quiet() -> impl Strategy<Value = Trouble> {
    trouble().prop_map(|trouble| Trouble {
        write: Write::Ok,
        ..trouble
    })
}
