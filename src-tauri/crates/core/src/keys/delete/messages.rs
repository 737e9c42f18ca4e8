//! The words around a deletion: evidence, consequence, the native question, and how it ended.
//!
//! Core says them because the native dialog and the page must say the same. Left out: deciding anything.

use jiff::Timestamp;
use pulseapi::Error as ApiError;

use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::{asked_again, at_work};
use crate::base::text::{ago, clock_time, date, exact};
use crate::host::Question;
use crate::keys::changes::KeyChange;
use crate::keys::delete::model::DeletedBy;
use crate::keys::delete::wire::{DeleteCard, Friction, Verification};
use crate::keys::revocation::Trial;
use crate::keys::swap::wire::QuietProof;
use crate::records::key::KeyRow;
use crate::records::names::{capitalised, named, tail};
use crate::records::own_calls::ByOthers;
use crate::usage::wire::UsageVerdict;

/// What is known of its use, in one sentence.
pub(crate) fn evidence(key: &KeyRow, now: Timestamp) -> String {
    if let Some(noted) = key.noted_at {
        return noted_evidence(key, noted, now);
    }
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

/// The same where the user wrote it down: their word, as of then.
fn noted_evidence(key: &KeyRow, noted: Timestamp, now: Timestamp) -> String {
    let day = date(noted);
    match key.last_used_at {
        Some(used) => {
            let when = ago(used, now);
            format!(
                "As you noted on {day}, something used this key {when}. What used it since then, this app can’t see."
            )
        }
        None if key.last_use_known => {
            format!(
                "As you noted on {day}, this key had never been used. Whether it was used since then, this app can’t see."
            )
        }
        None => format!(
            "You noted this key on {day}, and not when it was last used. This app can’t see that."
        ),
    }
}

/// The same without the app's own calls, which are told beside it.
pub(crate) fn evidence_without_own(by_others: &ByOthers, now: Timestamp) -> String {
    let ByOthers { key, own_call } = by_others;
    if key.own {
        return "Pulse Keys itself uses this key with every look at it, which hides when anything else did."
            .to_owned();
    }
    with_own_call(evidence(key, now), *own_call)
}

fn with_own_call(evidence: String, own_call: Option<Timestamp>) -> String {
    match own_call {
        Some(at) => format!(
            "{evidence} Not counted: your test of its token in Pulse Keys ({}).",
            exact(at)
        ),
        None => evidence,
    }
}

/// The same, with what the watch over a key that is to go says of it.
pub(crate) fn evidence_of(
    by_others: &ByOthers,
    quiet: Option<&QuietProof>,
    now: Timestamp,
) -> String {
    match quiet {
        // It says when the key was last used.
        Some(quiet) if quiet.is_watched => with_own_call(quiet.words.clone(), by_others.own_call),
        Some(quiet) => format!("{} {}", quiet.words, evidence_without_own(by_others, now)),
        None => evidence_without_own(by_others, now),
    }
}

/// The use of a key that a search of this machine should explain. The app knows who uses its own key.
pub(crate) fn unexplained(by_others: &KeyRow) -> Option<Timestamp> {
    by_others.last_used_at.filter(|_| !by_others.own)
}

/// What deleting does.
pub(crate) fn consequence(key: &KeyRow, level: Friction) -> String {
    if key.own && key.noted_at.is_some() {
        return "Pulse Keys signs in with this key. Once it is seen to get 401 Unauthorized, this app is signed out of \
                the account, and your own list goes with it, notes too. There is no undo."
            .to_owned();
    }
    if key.own {
        return "Pulse Keys signs in with this key: deleting it signs this app out, your notes about this account's \
                keys go, and whatever else still uses it gets 401 Unauthorized at once. There is no undo."
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
            "What you typed is not the last 8 characters of this key.".to_owned()
        }
        Some(_) => "What you typed is not the name of this key.".to_owned(),
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

/// The native question. Every fact in it is of now. `expects_use`: a use has stopped the deletion before.
pub(crate) fn question(card: &DeleteCard, expects_use: bool, now: Timestamp) -> Question {
    let key = &card.key;
    let last_used = last_used(key, now);
    let in_use = expects_use.then(|| {
        "Something keeps using this key. Another use while the dialog is open will not stop the deletion.".to_owned()
    });
    Question {
        title: "Delete API key".to_owned(),
        headline: format!("Delete {}?", named(key)),
        paragraphs: [
            Some(format!(
                "Token: …{}\nLast used: {last_used}\n{}",
                tail(&key.last_eight),
                card.usage.words
            )),
            card.quiet.clone(),
            in_use,
            Some(card.consequence.clone()),
        ]
        .into_iter()
        .flatten()
        .collect(),
        yes: "Delete key".to_owned(),
        alternative: Some("Rotate instead…".to_owned()),
        no: "Cancel".to_owned(),
    }
}

/// The toast after a deletion: what was seen, and what is only expected.
pub(crate) fn deleted(key: &KeyRow, trial: &Trial, signed_out: bool) -> String {
    let name = named(key);
    match trial {
        Trial::Refused { is_current: true } if signed_out => {
            format!("Deleted {name}. Its token gets 401: this app is signed out of the account.")
        }
        Trial::Refused { is_current: true } => {
            format!("Deleted {name}. Its token was tried and gets 401.")
        }
        Trial::Accepted => {
            format!("Deleted {name}. PulseAPI still accepts its token. {TRIED_AGAIN}")
        }
        Trial::NotKnown(_) => {
            format!("Deleted {name}. PulseAPI no longer has it; its token could not be tried yet.")
        }
        Trial::NoToken | Trial::Refused { .. } => format!(
            "Deleted {name}. PulseAPI no longer has it; whatever still uses it should get 401."
        ),
    }
}

/// What happens with a token that is still accepted.
const TRIED_AGAIN: &str = "It is tried again until it gets 401.";

/// The toast when it had been deleted before.
pub(crate) fn gone_already(key: Option<&KeyRow>, trial: &Trial) -> String {
    let name = key.map_or_else(|| "this key".to_owned(), named);
    let gone = format!(
        "{} was gone already: it had been deleted before.",
        capitalised(&name)
    );
    match trial {
        Trial::Accepted => format!("{gone} PulseAPI still accepts its token. {TRIED_AGAIN}"),
        Trial::Refused { is_current: true } => format!("{gone} Its token gets 401."),
        _ => gone,
    }
}

/// How the journal says that the key is gone.
pub(crate) fn journalled(by: DeletedBy, verification: Verification, trial: &Trial) -> String {
    let how = match (verification, trial) {
        (Verification::TokenRefused, _) => Some("401 confirmed"),
        (Verification::TokenAccepted, _) => Some("record gone, its token is still accepted"),
        (Verification::RecordGone, Trial::NotKnown(_)) => {
            Some("record gone, its token could not be tried")
        }
        (Verification::RecordGone, _) => (by != DeletedBy::SomebodyElse).then_some("record gone"),
    };
    let what = match by {
        DeletedBy::Us => "deleted",
        DeletedBy::UserInBrowser => "deleted in the browser",
        DeletedBy::SomebodyElse => "gone already",
    };
    how.map_or_else(|| what.to_owned(), |how| format!("{what}: {how}"))
}

/// How the journal says that a deletion was stopped because the key is not what was shown.
pub(crate) fn journalled_change(changes: &[KeyChange]) -> String {
    let what: Vec<&str> = changes
        .iter()
        .map(|change| match change {
            KeyChange::Token { .. } => "another token",
            KeyChange::Created => "created at another time",
            KeyChange::Name { .. } => "another name",
            KeyChange::Team { .. } => "another team",
            KeyChange::Abilities { .. } => "other abilities",
            KeyChange::Own { .. } => "this app signs in otherwise",
            KeyChange::Used { .. } => "used since",
            KeyChange::LastUse => "another last use",
            KeyChange::Found { .. } | KeyChange::PossiblyFound { .. } => "found in more places",
            KeyChange::CloserLook => "needs a closer look",
        })
        .collect();
    format!("not deleted: it changed after the yes: {}", what.join(", "))
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

/// The answer was lost, and the key is still there.
pub(crate) fn watched(error: &ApiError, now: Timestamp) -> UiError {
    let told = at_work(error);
    UiError::new(
        told.code,
        format!(
            "{} The request had been sent. The key was still there at {}, but PulseAPI may still delete it.",
            told.message,
            clock_time(now)
        ),
        "Pulse Keys asks again for 10 minutes, and tells you. It will not send the deletion twice.",
    )
}

/// A later look found the key, and the request may still take effect.
pub(crate) fn still_watched(key: &KeyRow, now: Timestamp) -> String {
    format!(
        "{} was still there at {}. The deletion may still take effect, so Pulse Keys asks again.",
        capitalised(&named(key)),
        clock_time(now)
    )
}

/// Nobody here can ask any more.
pub(crate) fn signed_out_since(key: &KeyRow) -> String {
    format!(
        "It is not known whether {} was deleted: its account is signed out since. Look in PulseAPI’s dashboard.",
        named(key)
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

/// The deletion was confirmed, and the key could not be looked at afterwards.
pub(crate) fn confirmed_but_not_seen(error: &ApiError) -> UiError {
    let told = at_work(error);
    UiError::new(
        told.code,
        format!(
            "PulseAPI answered that the key is deleted, but it could not be seen whether it is gone. {}",
            told.message
        ),
        "Pulse Keys asks again at the next refresh and at the next start. Nothing of the key was removed here.",
    )
}

/// The app's own token gets 401, which a deleted key explains, and so does a gateway.
pub(crate) fn own_key_in_doubt() -> UiError {
    UiError::new(
        ErrorCode::Unauthorized,
        "PulseAPI does not accept this app's token now. The deletion may be the reason, but that is not proved.",
        "The credential stays in the keychain. Refresh to try it again, or sign out.",
    )
}

/// The record is not found, but the list has it.
pub(crate) fn listed_but_not_found(key: &KeyRow, was_sent: bool) -> UiError {
    not_known_whether_gone(
        key,
        "says that it has no such key, but still lists it.",
        was_sent,
    )
}

/// The record is not found, and there is no whole list that says the same.
pub(crate) fn not_found_not_proved(key: &KeyRow, why: &UiError, was_sent: bool) -> UiError {
    let said = format!(
        "says that it has no such key, but its list could not confirm that. {}",
        why.message
    );
    UiError {
        code: why.code,
        ..not_known_whether_gone(key, &said, was_sent)
    }
}

fn not_known_whether_gone(key: &KeyRow, said: &str, was_sent: bool) -> UiError {
    let sent = if was_sent { "" } else { " Nothing was sent." };
    UiError::new(
        ErrorCode::Other,
        format!(
            "It is not known whether {} is gone: PulseAPI {said}{sent}",
            named(key)
        ),
        "Refresh in a minute. Nothing of the key was removed here.",
    )
}

/// The deletion was answered with 404, and the key is there.
pub(crate) fn not_found_but_there(key: &KeyRow) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!(
            "PulseAPI answered the deletion of {} with “not found”, but still has the key. The key was not deleted.",
            named(key)
        ),
        "Try again in a few minutes.",
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
        "It is not known yet whether {} was deleted. {} {}",
        named(key),
        error.message,
        asked_again(error)
    )
}
