//! What may be deleted at once, and how a key can differ from what was shown.

/// More keys are not deleted at once.
pub(crate) const MAX_KEYS: usize = 500;

/// In what way a key that is to be deleted is not what was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// No card had it.
    NotShown,
    /// It is the app's own.
    Own,
    /// It is not there any more.
    Gone,
    /// It is not known whether it is there.
    InDoubt,
    /// Its token is another one.
    Rotated,
    /// It has another name, team, abilities or age.
    Edited,
    /// More stands before its deletion, or it was used or found since.
    CloserLook,
}
