//! The words around a deletion: evidence, consequence, the native question, and how it ended.
//!
//! Core says them because the native dialog and the page must say the same. Left out: deciding anything.

use jiff::Timestamp;
use pulseapi::Error as ApiError;

use crate::errors::at_work;
use crate::host::Question;
use crate::text::{ago, exact};
use crate::view::{DeleteCard, ErrorCode, Friction, KeyRow, UiError, UsageVerdict, Verification};
use crate::words::{capitalised, named, tail};

/// What is known of its use, in one sentence.
pub(crate) fn evidence(key: &KeyRow, now: Timestamp) -> String {
    match (key.last_used_at, key.created_at) {
        (Some(used), _) => match ago(used, now).as_str() {
            "just now" => "Something used this key just now.".to_owned(),
            when => format!("Something used this key {when}."),
        },
        (None, _) if !key.last_use_known => {
            "PulseAPI does not say when this key was last used.".to_owned()
        }
        (None, Some(created)) => format!(
            "PulseAPI has never seen this key used since it was created {}.",
            ago(created, now)
        ),
        (None, None) => "PulseAPI has never seen this key used.".to_owned(),
    }
}

/// What deleting does.
pub(crate) fn consequence(key: &KeyRow, level: Friction) -> String {
    if key.own {
        return "Pulse Keys signs in with this key: deleting it signs this app out, and whatever else still uses it \
                gets 401 Unauthorized at once. There is no undo."
            .to_owned();
    }
    match level {
        Friction::Dialog => "Whatever still uses it gets 401 Unauthorized at once. There is no undo.",
        Friction::SpelledOut => {
            "The moment it is deleted, every program, pipeline or integration that still uses it gets \
             401 Unauthorized, and no one can bring the key back."
        }
        Friction::TypePhrase | Friction::TypePhraseStrongly | Friction::OwnKey => {
            "Whatever still uses it gets 401 Unauthorized the moment it is deleted. There is no undo."
        }
    }
    .to_owned()
}

/// Why the card came back instead of the native dialog.
pub(crate) fn phrase_missing(card: &DeleteCard, typed: Option<&str>) -> String {
    match typed {
        None if card.usage.verdict >= UsageVerdict::Possible => format!(
            "{} {} This needs a closer look than before.",
            card.evidence, card.usage.words
        ),
        None => format!("{} This needs a closer look than before.", card.evidence),
        Some(_) if card.phrase_is_last_eight => {
            "What was typed is not the last 8 characters of this key.".to_owned()
        }
        Some(_) => "What was typed is not the name of this key.".to_owned(),
    }
}

/// When it was last used, for a dialog.
pub(crate) fn last_used(key: &KeyRow, now: Timestamp) -> String {
    match key.last_used_at {
        Some(used) => format!("{} ({})", ago(used, now), exact(used)),
        None if key.last_use_known => "never, as far as PulseAPI knows".to_owned(),
        None => "not reported by PulseAPI".to_owned(),
    }
}

/// The native question. Every fact in it is of now.
pub(crate) fn question(card: &DeleteCard, now: Timestamp) -> Question {
    let key = &card.key;
    let last_used = last_used(key, now);
    Question {
        title: "Delete API key".to_owned(),
        headline: format!("Delete {}?", named(key)),
        paragraphs: vec![
            format!(
                "Token: …{}\nLast used: {last_used}\n{}",
                tail(&key.last_eight),
                card.usage.words
            ),
            card.consequence.clone(),
        ],
        yes: "Delete key".to_owned(),
        alternative: Some("Rotate instead…".to_owned()),
        no: "Cancel".to_owned(),
    }
}

/// The toast after a deletion.
pub(crate) fn deleted(key: &KeyRow, signed_out: bool) -> String {
    let name = named(key);
    if signed_out {
        format!("Deleted {name}. This app is signed out of the account.")
    } else {
        format!("Deleted {name}. Whatever still uses it gets 401 now.")
    }
}

/// The toast when somebody else was faster.
pub(crate) fn gone_already(key: Option<&KeyRow>) -> String {
    match key {
        Some(key) => format!(
            "{} was gone already: somebody else had deleted it.",
            capitalised(&named(key))
        ),
        None => "This key was gone already: somebody else had deleted it.".to_owned(),
    }
}

/// How the journal says that the key is gone.
pub(crate) fn journalled(verification: Verification) -> &'static str {
    match verification {
        Verification::TokenRefused => "deleted: 401 confirmed",
        Verification::RecordGone => "deleted: record gone",
        Verification::AnswerOnly => "deleted: as answered, not checked",
    }
}

/// The answer was lost and the service cannot be asked.
pub(crate) fn unknown(error: &ApiError) -> UiError {
    let told = at_work(error);
    UiError::new(
        told.code,
        format!(
            "{} The request had been sent, so it is not known whether the key was deleted.",
            told.message
        ),
        "Pulse Keys asks again at the next refresh and at the next start. It will not send the deletion twice.",
    )
}

/// The service contradicts itself.
pub(crate) fn still_listed() -> UiError {
    UiError::new(
        ErrorCode::Other,
        "PulseAPI answered that the key is deleted, but still shows it. It is not known whether it works.",
        "Refresh in a minute. If it is still there, look at it in PulseAPI's dashboard.",
    )
}

/// What a later look found out, for a deletion whose answer was lost.
pub(crate) fn found_gone(key: &KeyRow) -> String {
    format!(
        "{} was deleted: the answer had been lost, and PulseAPI no longer has the key.",
        capitalised(&named(key))
    )
}

/// The same, when the key is still there.
pub(crate) fn found_alive(key: &KeyRow) -> String {
    format!(
        "{} was not deleted: the request was interrupted, and the key is still alive.",
        capitalised(&named(key))
    )
}

/// The same, when the service still cannot be asked.
pub(crate) fn still_unknown(key: &KeyRow, error: &UiError) -> String {
    format!(
        "It is not known yet whether {} was deleted. {} Pulse Keys asks again at the next refresh.",
        named(key),
        error.message
    )
}
