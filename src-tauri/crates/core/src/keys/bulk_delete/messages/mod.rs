//! The words around deleting several keys: phrase, obstacles, the one native question, what changed, and how it ended.
//!
//! Evidence is told in the words of the single deletion (`messages`). Left out: deciding anything.

use jiff::Timestamp;

use crate::base::error::{ErrorCode, UiError};
use crate::base::text::{ago, exact};
use crate::host::Question;
use crate::keys::bulk_delete::model::{Change, MAX_KEYS};
use crate::keys::bulk_delete::wire::{BulkResult, BulkResultKind, BulkRow};
use crate::keys::changes;
use crate::keys::changes::KeyChange;
use crate::keys::delete::messages::last_used;
use crate::keys::delete::wire::Verification;
use crate::records::key::KeyRow;
use crate::records::names::{capitalised, named, tail};
use crate::usage::messages;
use crate::usage::wire::{KeyUsage, UsageVerdict};

/// How many keys the native question names.
const MAX_NAMED: usize = 5;

pub(crate) const CONSEQUENCE: &str = "Whatever still uses one of them gets 401 Unauthorized the moment it is deleted. There is no undo.";

pub(crate) const OWN_KEY: &str = "Pulse Keys signs in with it; delete it by itself.";

pub(crate) const GONE: &str = "It was gone already: it had been deleted before.";

pub(crate) const NO_RECORD: &str = "PulseAPI no longer has this key.";

pub(crate) const IN_DOUBT: &str = "It is not known whether it is still there.";

pub(crate) const CONTRADICTION: &str =
    "PulseAPI says that it has no such key, but its list does not say the same.";

/// "1 key", "7 keys".
pub(crate) fn keys(count: usize) -> String {
    if count == 1 {
        "1 key".to_owned()
    } else {
        format!("{count} keys")
    }
}

/// "1 was", "7 were".
fn were(count: usize) -> String {
    if count == 1 {
        "1 was".to_owned()
    } else {
        format!("{count} were")
    }
}

/// What has to be typed when one of so many keys may still be in use.
pub(crate) fn phrase(count: usize) -> String {
    format!("delete {}", keys(count))
}

pub(crate) fn none_chosen() -> UiError {
    UiError::new(ErrorCode::Other, "No key is chosen.", "Choose some first.")
}

pub(crate) fn too_many() -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!("More than {MAX_KEYS} keys are not deleted at once."),
        "Choose fewer, and delete the others afterwards.",
    )
}

/// A dialog for this key is open, or a request about it is in flight.
pub(crate) fn busy(key: Option<&KeyRow>) -> UiError {
    let key = key.map_or_else(|| "one of these keys".to_owned(), named);
    UiError::new(
        ErrorCode::Other,
        format!("Something is being done with {key} already. No key was deleted."),
        "Answer the dialog that is open for it, or wait a moment.",
    )
}

/// The native question. Every fact in it is of now.
pub(crate) fn question(rows: &[BulkRow], now: Timestamp) -> Question {
    let count = keys(rows.len());
    // The ones that matter most must not be behind "and 195 more".
    let (risky, calm): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.risky);
    let mut lines: Vec<String> = risky
        .iter()
        .chain(&calm)
        .take(MAX_NAMED)
        .map(|row| line(row, now))
        .collect();
    if rows.len() > lines.len() {
        lines.push(format!("and {} more", rows.len() - lines.len()));
    }
    let risk = match risky.len() {
        0 => "None of them was used in the last 7 days, as far as PulseAPI knows.".to_owned(),
        risky if risky == rows.len() => match risky {
            1 => "It may still be in use.".to_owned(),
            _ => "All of them may still be in use.".to_owned(),
        },
        1 => "1 of them may still be in use. It is named first.".to_owned(),
        risky => format!("{risky} of them may still be in use. They are named first."),
    };
    let usage: Vec<&KeyUsage> = rows.iter().map(|row| &row.usage).collect();
    Question {
        title: "Delete API keys".to_owned(),
        headline: format!("Delete {count}?"),
        paragraphs: vec![
            lines.join("\n"),
            format!("{risk} {}", messages::of_keys(&usage)),
            CONSEQUENCE.to_owned(),
        ],
        yes: format!("Delete {count}"),
        alternative: None,
        no: "Cancel".to_owned(),
    }
}

fn line(row: &BulkRow, now: Timestamp) -> String {
    let key = &row.key;
    let name = capitalised(&named(key));
    // A key without a name is named by its tail already.
    let tail = if name.ends_with(')') || key.last_eight.is_empty() {
        String::new()
    } else {
        format!(" …{}", tail(&key.last_eight))
    };
    let found = match (row.usage.places, row.usage.possible_places) {
        (0, 0) => String::new(),
        (0, possible) => format!(", possibly found in {}", messages::places(possible)),
        (places, _) => format!(", found in {}", messages::places(places)),
    };
    let used = match key.last_used_at {
        // The day and the second stand in the card; here one line is one key.
        Some(used) => format!("last used {}", ago(used, now)),
        None => format!("last used: {}", last_used(key, now)),
    };
    format!("{name}{tail}, {used}{found}")
}

/// Why the card came back: what is not as it was shown, and how many keys are left.
pub(crate) fn changed(changes: &[(Change, &BulkRow)], ticked: usize) -> String {
    let mut kinds: Vec<Change> = changes.iter().map(|(change, _)| *change).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut sentences: Vec<String> = kinds
        .into_iter()
        .map(|kind| {
            let rows = changes.iter().filter(|(change, _)| *change == kind);
            let rows: Vec<&BulkRow> = rows.map(|(_, row)| *row).collect();
            changed_so(kind, &rows)
        })
        .collect();
    sentences.push(match ticked {
        0 => "No key is ticked now.".to_owned(),
        1 => "1 key is still ticked.".to_owned(),
        _ => format!("{} are still ticked.", keys(ticked)),
    });
    sentences.join(" ")
}

fn changed_so(change: Change, rows: &[&BulkRow]) -> String {
    let name = |row: &BulkRow| capitalised(&named(&row.key));
    let many = keys(rows.len());
    match (change, rows) {
        (Change::NotShown, [row]) => format!("{} was not on the card yet.", name(row)),
        (Change::NotShown, _) => format!("{many} were not on the card yet."),
        (Change::Own, rows) => {
            let names: Vec<String> = rows.iter().map(|row| name(row)).collect();
            format!("{}: {OWN_KEY}", names.join(", "))
        }
        (Change::Gone, [row]) => format!("{} was gone already.", name(row)),
        (Change::Gone, _) => format!("{many} were gone already."),
        (Change::InDoubt, [row]) => format!(
            "It is not known whether {} is still there.",
            named(&row.key)
        ),
        (Change::InDoubt, _) => format!("It is not known whether {many} are still there."),
        (Change::Rotated, [row]) => format!(
            "{} has another token than on the card: somebody rotated it.",
            name(row)
        ),
        (Change::Rotated, _) => {
            format!("{many} have other tokens than on the card: somebody rotated them.")
        }
        (Change::Edited, [row]) => format!(
            "{} has another name, team or abilities than on the card.",
            name(row)
        ),
        (Change::Edited, _) => {
            format!("{many} have other names, teams or abilities than on the card.")
        }
        (Change::CloserLook, [row]) if row.usage.verdict >= UsageVerdict::Possible => format!(
            "{} needs a closer look: {} {}",
            name(row),
            row.evidence,
            row.usage.words
        ),
        (Change::CloserLook, [row]) => {
            format!("{} needs a closer look: {}", name(row), row.evidence)
        }
        (Change::CloserLook, _) => {
            format!("{many} need a closer look: they were used or found since the card was shown.")
        }
    }
}

/// Why the card came back although it is what was shown.
pub(crate) fn phrase_missing(ticked: &[BulkRow], typed: Option<&str>) -> String {
    let phrase = phrase(ticked.len());
    if typed.is_some() {
        return format!("What you typed is not “{phrase}”.");
    }
    match ticked.iter().filter(|row| row.risky).count() {
        1 => format!("1 of these keys may still be in use: type “{phrase}” to delete them."),
        risky => {
            format!("{risky} of these keys may still be in use: type “{phrase}” to delete them.")
        }
    }
}

/// The line of a key that is gone by this deletion.
pub(crate) fn deleted(at: Timestamp, verification: Verification) -> String {
    let known = match verification {
        Verification::TokenRefused => "its token gets 401",
        Verification::TokenAccepted => "but its token is still accepted",
        Verification::RecordGone => "PulseAPI no longer has it",
    };
    format!("Deleted {}: {known}.", exact(at))
}

/// The line of a key that was left alone because it is not what was shown.
pub(crate) fn left_alone(changes: &[KeyChange]) -> String {
    format!("Left alone. {}", changes::in_words(changes))
}

/// The line of a key that the run did not reach; with what stopped it, or without when the user did.
pub(crate) fn not_tried(stopped_by: Option<&UiError>) -> String {
    match stopped_by {
        None => "Not tried: cancelled before its turn.".to_owned(),
        Some(error) => format!("Not tried. {}", error.message),
    }
}

/// The deletion left, and its outcome could not be written down.
pub(crate) fn not_written_down(error: &UiError) -> UiError {
    UiError::new(
        error.code,
        format!(
            "{} The deletion had been sent, and what became of it is not written down.",
            error.message
        ),
        "Refresh the list to see whether the key is gone.",
    )
}

/// Nobody is signed in any more who could ask whether a key is gone.
pub(crate) fn nobody_to_ask(key: &KeyRow) -> UiError {
    UiError::new(
        ErrorCode::Stale,
        format!(
            "It is not known whether {} is gone: you signed out before its list could say so.",
            named(key)
        ),
        "Sign in again and look at the list.",
    )
}

/// The run ends although each of its keys has an outcome.
pub(crate) fn keeps_failing(times: usize) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!("PulseAPI failed {times} times in a row, so Pulse Keys stopped."),
        "Try again in a few minutes.",
    )
}

/// All of it, in words.
pub(crate) fn finished(
    results: &[BulkResult],
    cancelled: bool,
    stopped_by: Option<&UiError>,
) -> String {
    let of = |kind| results.iter().filter(|result| result.kind == kind).count();
    let (total, deleted) = (results.len(), of(BulkResultKind::Deleted));
    let mut sentences = Vec::new();
    if cancelled {
        sentences.push("Cancelled.".to_owned());
    }
    sentences.push(match deleted {
        0 => "No key was deleted.".to_owned(),
        _ if deleted == total => format!("Deleted {}.", keys(total)),
        _ => format!("Deleted {deleted} of {}.", keys(total)),
    });
    let seen = |verification| {
        let with = results
            .iter()
            .filter(|result| result.verification == Some(verification));
        with.count()
    };
    let accepted = seen(Verification::TokenAccepted);
    let dead = seen(Verification::TokenRefused);
    match deleted {
        _ if deleted == 0 || deleted < total => {}
        1 if dead == 1 => sentences.push("Its token gets 401.".to_owned()),
        _ if dead == deleted => sentences.push("Their tokens get 401.".to_owned()),
        1 if accepted == 0 => sentences.push("Whatever still uses it should get 401.".to_owned()),
        _ if accepted == 0 => sentences.push("Whatever still uses them should get 401.".to_owned()),
        _ => {}
    }
    match accepted {
        0 => {}
        1 => sentences.push(
            "The token of 1 is still accepted: it is tried again until it gets 401.".to_owned(),
        ),
        _ => sentences.push(format!(
            "The tokens of {accepted} are still accepted: they are tried again until they get 401."
        )),
    }
    let others: Vec<String> = [
        (BulkResultKind::GoneAlready, "gone already"),
        (BulkResultKind::Changed, "left alone for having changed"),
        (BulkResultKind::NotDeleted, "not deleted"),
        (BulkResultKind::NotTried, "not tried"),
    ]
    .into_iter()
    .filter(|(kind, _)| of(*kind) > 0)
    .map(|(kind, words)| format!("{} {words}", were(of(kind))))
    .collect();
    if !others.is_empty() {
        sentences.push(format!("{}.", others.join(", ")));
    }
    match of(BulkResultKind::Unknown) {
        0 => {}
        1 => sentences.push("Of 1 it is not known yet whether it was deleted.".to_owned()),
        unknown => sentences.push(format!(
            "Of {unknown} it is not known yet whether they were deleted."
        )),
    }
    sentences.extend(stopped_by.map(|error| error.message.clone()));
    sentences.join(" ")
}

#[cfg(test)]
mod tests;
