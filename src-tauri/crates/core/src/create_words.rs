//! The words around a new key: what is wrong with the form, and how it ended.
//!
//! Left out: deciding anything.

use pulseapi::Error as ApiError;

use crate::errors::at_work;
use crate::view::{AccountId, ErrorCode, KeyRow, NextStep, UiError};
use crate::words::named_as;

/// How the journal says that it worked.
pub(crate) const CREATED: &str = "created";
/// How the journal says that the token of an interrupted creation was safe.
pub(crate) const FOUND_IN_KEYCHAIN: &str = "created: interrupted, the token was in the keychain";
/// How the journal says that there is no such key.
pub(crate) const NOT_CREATED: &str = "not created: interrupted, there is no such key";
/// How the journal says that nobody has the token.
pub(crate) const LOST: &str = "created: the token was lost in transit";

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
        "Pulse Keys looks for it at the next refresh and at the next start. It will not create it twice by itself.",
    )
}

/// The service made the key, and nobody has its token.
pub(crate) fn lost(
    name: &str,
    orphans: &[KeyRow],
    account: AccountId,
) -> (String, Option<NextStep>) {
    let [orphan] = orphans else {
        let message = format!(
            "{} keys called {} have appeared since the request was sent, and the token of one of them was lost on the \
             way. Delete the one that nobody uses, then create the key again.",
            orphans.len(),
            named_as(name, "")
        );
        return (message, None);
    };
    let message = format!(
        "{} was created (…{}), but its token was lost on the way, and PulseAPI never shows it again. Delete this key, \
         then create it again.",
        named_as(&orphan.name, &orphan.last_eight),
        orphan.last_eight
    );
    let next = NextStep::DeleteKey {
        account,
        key: orphan.id.clone(),
    };
    (message, Some(next))
}

/// A later look found no such key.
pub(crate) fn found_none(name: &str) -> String {
    format!(
        "{} was not created: the request was interrupted.",
        named_as(name, "")
    )
}

/// The service still cannot be asked.
pub(crate) fn still_unknown(name: &str, error: &UiError) -> String {
    format!(
        "It is not known yet whether {} was created. {} Pulse Keys looks for it at the next refresh.",
        named_as(name, ""),
        error.message
    )
}

/// Nobody here can ask any more.
pub(crate) fn signed_out_since(name: &str) -> String {
    format!(
        "Creating {} was interrupted, and its account is signed out since. If the key exists, nobody has its token: \
         delete it in PulseAPI’s dashboard.",
        named_as(name, "")
    )
}
