//! The words around a new key: what is wrong with the form, and how it ended.
//!
//! Left out: deciding anything.

use jiff::Timestamp;
use pulseapi::Error as ApiError;

use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::{asked_again, at_work};
use crate::base::ids::AccountId;
use crate::base::text::clock_time;
use crate::records::key::KeyRow;
use crate::records::names::named_as;
use crate::records::notices::NextStep;

/// How the journal says that it worked.
pub(crate) const CREATED: &str = "created";
/// How the journal says that there is no such key.
pub(crate) const NOT_CREATED: &str = "not created: interrupted, there is no such key";
/// How the journal says that nobody has the token.
pub(crate) const LOST: &str = "unknown: such a key has appeared, and its token did not arrive here";
/// How the journal says that a key of this name has appeared, which may be another one.
pub(crate) const MAY_BE_LOST: &str = "unknown: no token came, a key of this name has appeared";

/// The name field is empty.
pub(crate) fn name_missing() -> UiError {
    UiError::new(ErrorCode::Name, "Give the key a name.", "")
}

/// The name has more characters than the service takes.
pub(crate) fn name_too_long(length: usize, longest: u32) -> UiError {
    UiError::new(
        ErrorCode::Name,
        format!("A name has at most {longest} characters; this one has {length}."),
        "",
    )
}

/// No ability was chosen.
pub(crate) fn no_ability() -> UiError {
    UiError::new(
        ErrorCode::Abilities,
        "Choose at least one ability: a key without any can do nothing.",
        "",
    )
}

/// The team is none that could exist.
pub(crate) fn no_such_team() -> UiError {
    UiError::new(
        ErrorCode::Team,
        "This team does not exist.",
        "Choose another one in the sidebar.",
    )
}

/// An ability that the service does not accept (any more).
pub(crate) fn ability_refused(ability: &str) -> String {
    format!("PulseAPI does not accept the ability {ability}.")
}

/// The same error, told as what it means for a key that was to be made.
pub(crate) fn not_created(mut error: UiError) -> UiError {
    error.message = format!("{} Nothing was created.", error.message);
    error
}

/// The answer was lost and the service cannot be asked.
pub(crate) fn unknown(error: &ApiError) -> UiError {
    let told = at_work(error);
    UiError::new(
        told.code,
        format!(
            "{} The request had been sent, so it is not known whether the key was created.",
            told.message
        ),
        "Pulse Keys looks for it again by itself. It will not create it twice.",
    )
}

/// The answer was lost, and there is no such key yet.
pub(crate) fn watched(error: &ApiError, now: Timestamp) -> UiError {
    let told = at_work(error);
    UiError::new(
        told.code,
        format!(
            "{} The request had been sent. PulseAPI had no such key at {}, but may still create it.",
            told.message,
            clock_time(now)
        ),
        "Pulse Keys looks for it again for 10 minutes, and tells you. It will not create it twice by itself.",
    )
}

/// A key that was not there before the request, and that nobody has the token of.
pub(crate) fn lost(orphan: &KeyRow, account: AccountId) -> (String, NextStep) {
    let message = format!(
        "{} (…{}) has appeared since the request was sent, with what you asked for. Most likely the request created \
         it, and its token was lost on the way: PulseAPI never shows it again. Delete this key if nobody else made it, \
         then create it again.",
        named_as(&orphan.name, &orphan.last_eight),
        orphan.last_eight
    );
    let next = NextStep::DeleteKey {
        account,
        key: orphan.id.clone(),
    };
    (message, next)
}

/// Keys that the request may have made.
pub(crate) fn may_be_lost<'a>(name: &str, orphans: impl Iterator<Item = &'a KeyRow>) -> String {
    let tails: Vec<String> = orphans
        .take(MAX_TAILS)
        .map(|key| format!("…{}", key.last_eight))
        .collect();
    format!(
        "The request to create {} brought no token. A key of this name may be the one that it made ({}), or somebody \
         else’s. Look in PulseAPI’s dashboard who made it before you delete anything.",
        named_as(name, ""),
        tails.join(", ")
    )
}

/// So many keys are named by their last 8 characters.
const MAX_TAILS: usize = 3;

/// A later look found no such key.
pub(crate) fn found_none(name: &str) -> String {
    format!(
        "{} was not created: the request was interrupted.",
        named_as(name, "")
    )
}

/// A later look found no such key, and the request may still take effect.
pub(crate) fn still_watched(name: &str, now: Timestamp) -> String {
    format!(
        "PulseAPI had not created {} at {}. The request may still take effect, so Pulse Keys looks again.",
        named_as(name, ""),
        clock_time(now)
    )
}

/// Another process still waits for its answer, or for the keychain.
pub(crate) fn in_flight(name: &str) -> String {
    format!(
        "Creating {} is still in progress: PulseAPI or the keychain has not answered yet. Its token is kept as soon as \
         it arrives. If the keychain is locked, unlock it.",
        named_as(name, "")
    )
}

/// The service still cannot be asked.
pub(crate) fn still_unknown(name: &str, error: &UiError) -> String {
    format!(
        "It is not known yet whether {} was created. {} {}",
        named_as(name, ""),
        error.message,
        asked_again(error)
    )
}

/// Nobody here can ask any more, and the keychain has no token of it.
pub(crate) fn signed_out_since(name: &str) -> String {
    format!(
        "Creating {} was interrupted, and its account is signed out since. The keychain has no token of it. If the key \
         exists, delete it in PulseAPI’s dashboard.",
        named_as(name, "")
    )
}
