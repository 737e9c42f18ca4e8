//! The words around a rotation: reasons and consequences, the native question, and how it ended.
//!
//! Core says them because the native dialog and the page must say the same. Left out: deciding anything.

use jiff::Timestamp;
use pulseapi::Error as ApiError;

use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::{asked_again, at_work};
use crate::base::ids::AccountId;
use crate::base::text::clock_time;
use crate::host::Question;
use crate::keys::changes;
use crate::keys::changes::KeyChange;
use crate::keys::delete::messages::last_used;
use crate::keys::rotate::wire::RotateReasonView;
use crate::records::intents::RotateReason;
use crate::records::key::KeyRow;
use crate::records::names::{capitalised, named, tail};
use crate::records::notices::NextStep;
use crate::tokens::place::Chosen;

/// How the journal says that the key is as it was.
pub(crate) const NOT_ROTATED: &str = "not rotated: interrupted, the key is as it was";
/// How the journal says that it can't be told.
pub(crate) const OTHER_TOKEN_SINCE: &str = "unknown: the key has another token since";
/// How the journal says that nobody has the token.
pub(crate) const LOST: &str = "unknown: another token since, which did not arrive here";

/// The reasons in the order in which they are offered, each with what rotating means then.
pub(crate) fn reasons(key: &KeyRow) -> Vec<RotateReasonView> {
    let labels = [
        (RotateReason::Leaked, "The token leaked, or may have"),
        (RotateReason::Routine, "Regular rotation"),
        (RotateReason::LostToken, "Nobody has the token any more"),
    ];
    labels
        .map(|(reason, label)| RotateReasonView {
            reason,
            label: label.to_owned(),
            consequence: consequence(key, reason),
        })
        .to_vec()
}

/// What rotating does.
fn consequence(key: &KeyRow, reason: RotateReason) -> String {
    let what = match reason {
        RotateReason::Leaked => {
            "The old token stops working at once: whoever has it is locked out. So is whatever of yours still uses \
             it: it gets 401 Unauthorized until you give it the new one."
        }
        RotateReason::Routine => {
            "The old token stops working at once. Whatever uses it gets 401 Unauthorized until you give it the new \
             one."
        }
        RotateReason::LostToken => {
            "The key gets a token that you can store this time. If something still uses the old one, it gets 401 \
             Unauthorized at once."
        }
    };
    if key.own {
        format!("{what} Pulse Keys signs in with this key and moves to the new token by itself.")
    } else {
        what.to_owned()
    }
}

/// The native question. Every fact in it is of now; `chosen` are the files that get the new token right after.
pub(crate) fn question(
    key: &KeyRow,
    reason: RotateReason,
    now: Timestamp,
    chosen: Option<&Chosen>,
) -> Question {
    let mut question = Question {
        title: "Rotate API key".to_owned(),
        headline: format!("Rotate {}?", named(key)),
        paragraphs: vec![
            format!(
                "Token: …{}\nLast used: {}",
                tail(&key.last_eight),
                last_used(key, now)
            ),
            consequence(key, reason),
        ],
        yes: "Rotate key".to_owned(),
        alternative: None,
        no: "Cancel".to_owned(),
    };
    if let Some(chosen) = chosen {
        question.paragraphs.push(chosen.in_question());
        question.yes = match chosen.count() {
            1 => "Rotate key, write 1 file".to_owned(),
            count => format!("Rotate key, write {count} files"),
        };
    }
    question
}

/// The token is there, and the files that were to get it are as they were.
pub(crate) fn not_put(error: UiError) -> UiError {
    UiError {
        message: format!(
            "The key was rotated, but its new token was not put in place. {}",
            error.message
        ),
        ..error
    }
}

/// How the journal says that it worked.
pub(crate) fn journalled(reason: RotateReason) -> &'static str {
    match reason {
        RotateReason::Leaked => "rotated: leaked",
        RotateReason::Routine => "rotated: routine",
        RotateReason::LostToken => "rotated: token lost",
    }
}

/// The same error, told as what it means for a key that was to be rotated.
pub(crate) fn not_rotated(mut error: UiError) -> UiError {
    error.message = format!(
        "{} The key was not rotated, its token is as it was.",
        error.message
    );
    error
}

/// The key is deleted, whoever did that.
pub(crate) fn gone(key: Option<&KeyRow>) -> String {
    match key {
        Some(key) => format!(
            "{} was deleted, so there is nothing to rotate.",
            capitalised(&named(key))
        ),
        None => "This key was deleted, so there is nothing to rotate.".to_owned(),
    }
}

/// The answer was lost and the service cannot be asked.
pub(crate) fn unknown(error: &ApiError) -> UiError {
    let told = at_work(error);
    UiError::new(
        told.code,
        format!(
            "{} The request had been sent, so it is not known whether the key was rotated.",
            told.message
        ),
        "Pulse Keys asks again by itself. It will not rotate twice.",
    )
}

/// The service rotated the key, and nobody has the token; but for the app itself, where it signs in with it already.
pub(crate) fn lost(key: &KeyRow, account: AccountId, signs_in: bool) -> (String, NextStep) {
    let name = capitalised(&named(key));
    let rotate = NextStep::Rotate {
        account,
        key: key.id.clone(),
    };
    if signs_in {
        let message = format!(
            "{name} was rotated, and Pulse Keys signs in with its new token, but it was lost before you stored it. If \
             something else uses this key, rotate it again."
        );
        return (message, rotate);
    }
    let message = format!(
        "{name} has another token since the request was sent, and that token did not arrive here. The one before it is \
         dead. Rotate the key again to get one that works."
    );
    (message, rotate)
}

/// The answer was lost, and the key still has its token.
pub(crate) fn watched(error: &ApiError, key: &KeyRow, now: Timestamp) -> UiError {
    let told = at_work(error);
    UiError::new(
        told.code,
        format!(
            "{} The request had been sent. At {} the key still had its token …{}, but PulseAPI may still rotate it.",
            told.message,
            clock_time(now),
            key.last_eight
        ),
        "Pulse Keys asks again for 10 minutes, and tells you. It will not rotate twice by itself.",
    )
}

/// A later look found the key as it was, and the request may still take effect.
pub(crate) fn still_watched(key: &KeyRow, now: Timestamp) -> String {
    format!(
        "PulseAPI had not rotated {} at {}. The request may still take effect, so Pulse Keys asks again.",
        named(key),
        clock_time(now)
    )
}

/// Another process still waits for its answer, or for the keychain.
pub(crate) fn in_flight(key: &KeyRow) -> String {
    format!(
        "The rotation of {} is still in progress: PulseAPI or the keychain has not answered yet. Its token is kept as \
         soon as it arrives. If the keychain is locked, unlock it.",
        named(key)
    )
}

/// The app's own token is refused since the request was sent.
pub(crate) fn own_key_in_doubt() -> UiError {
    UiError::new(
        ErrorCode::Unauthorized,
        "PulseAPI does not accept the token that Pulse Keys signs in with. If the key was rotated, that is why.",
        "Replace this account’s credential: create a key in PulseAPI’s dashboard.",
    )
}

/// The key changed between the question and the yes.
pub(crate) fn changed(key: &KeyRow, changes: &[KeyChange]) -> String {
    format!(
        "Nothing was rotated: {} changed while the dialog was open. {}",
        named(key),
        changes::in_words(changes)
    )
}

/// The record names another token, and the one that is known works.
pub(crate) fn known_token_accepted() -> UiError {
    UiError::new(
        ErrorCode::Other,
        "PulseAPI names another token for this key, but still accepts the one that Pulse Keys has.",
        "Refresh in a minute, then try again.",
    )
}

/// The record names another token, and whether the one that is known works could not be found out.
pub(crate) fn known_token_not_tried(why: &str) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!(
            "PulseAPI names another token for this key, and the one that Pulse Keys has could not be tried. {why}"
        ),
        "Refresh in a minute, then try again.",
    )
}

/// The record is not there, and the list has it.
pub(crate) fn not_found_but_listed() -> UiError {
    UiError::new(
        ErrorCode::Other,
        "PulseAPI says that it has no such key, but still lists it.",
        "Refresh in a minute, then try again.",
    )
}

/// The record is not there, and no list could confirm that.
pub(crate) fn not_found_not_proved(error: &UiError) -> UiError {
    UiError::new(
        error.code,
        format!(
            "PulseAPI says that it has no such key, but no list could confirm it. {}",
            error.message
        ),
        "Refresh in a minute, then try again.",
    )
}

/// A later look found the key as it was.
pub(crate) fn found_unchanged(key: &KeyRow) -> String {
    format!(
        "{} was not rotated: the request was interrupted, and the key still has its token.",
        capitalised(&named(key))
    )
}

/// The service still cannot be asked.
pub(crate) fn still_unknown(key: &KeyRow, error: &UiError) -> String {
    format!(
        "It is not known yet whether {} was rotated. {} {}",
        named(key),
        error.message,
        asked_again(error)
    )
}

/// Nobody here can ask any more, and the keychain has no token of it.
pub(crate) fn signed_out_since(key: &KeyRow) -> String {
    format!(
        "A rotation of {} was interrupted, and its account is signed out since. The keychain has no token of it. If the \
         key’s token stopped working, rotate it in PulseAPI’s dashboard.",
        named(key)
    )
}

/// The app itself could not move to the new token.
pub(crate) fn not_adopted(mut error: UiError) -> UiError {
    error.message = format!(
        "The key was rotated and its token is safe, but Pulse Keys could not move to it yet. {}",
        error.message
    );
    "It tries again by itself. Keep the token until it works.".clone_into(&mut error.hint);
    error
}
