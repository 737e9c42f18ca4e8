//! The words around deleting several keys: phrase, obstacles, the one native question, what changed, and how it ended.
//!
//! Evidence is told in the words of the single deletion (`delete_words`). Left out: deciding anything.

use jiff::Timestamp;

use crate::bulk_delete::{Change, MOST};
use crate::delete_words::last_used;
use crate::host::Question;
use crate::text::{ago, exact};
use crate::usage_words;
use crate::view::{
    BulkResult, BulkResultKind, BulkRow, ErrorCode, KeyRow, KeyUsage, UiError, UsageVerdict,
    Verification,
};
use crate::words::{capitalised, named, tail};

/// How many keys the native question names.
const NAMED_IN_A_QUESTION: usize = 5;

pub(crate) const CONSEQUENCE: &str = "Whatever still uses one of them gets 401 Unauthorized the moment it is deleted. There is no undo.";

pub(crate) const OWN_KEY: &str = "Pulse Keys signs in with it; delete it by itself.";

pub(crate) const GONE: &str = "It was gone already: somebody else had deleted it.";

pub(crate) const NO_RECORD: &str = "PulseAPI no longer has this key.";

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
        format!("More than {MOST} keys are not deleted at once."),
        "Choose fewer, and delete the others afterwards.",
    )
}

/// A dialog for this key is open, or a request about it is on its way.
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
        .take(NAMED_IN_A_QUESTION)
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
            format!("{risk} {}", usage_words::of_keys(&usage)),
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
        (0, possible) => format!(", possibly found in {}", usage_words::places(possible)),
        (places, _) => format!(", found in {}", usage_words::places(places)),
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
        (Change::Rotated, [row]) => format!(
            "{} has another token than on the card: somebody rotated it.",
            name(row)
        ),
        (Change::Rotated, _) => {
            format!("{many} have other tokens than on the card: somebody rotated them.")
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
        return format!("What was typed is not “{phrase}”.");
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
        Verification::RecordGone => "PulseAPI no longer has it",
        Verification::AnswerOnly => "PulseAPI confirmed it, and could not be asked again",
    };
    format!("Deleted {}: {known}.", exact(at))
}

/// The line of a key that the run did not reach; with what stopped it, or without when the person did.
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
        1 if total == 1 => "Deleted 1 key. Whatever still uses it gets 401 now.".to_owned(),
        _ if deleted == total => {
            format!(
                "Deleted {}. Whatever still uses them gets 401 now.",
                keys(total)
            )
        }
        _ => format!("Deleted {deleted} of {}.", keys(total)),
    });
    let others: Vec<String> = [
        (BulkResultKind::GoneAlready, "gone already"),
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
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::tests::row as key;
    use crate::usage_evidence::Evidence;
    use crate::view::Friction;

    fn now() -> Timestamp {
        "2026-11-22T14:00:00Z".parse().unwrap()
    }

    fn row(id: &str, name: &str, hours_idle: i64) -> BulkRow {
        let used = now() - SignedDuration::from_hours(hours_idle);
        let risky = hours_idle < 24 * 7;
        BulkRow {
            key: KeyRow {
                last_used_at: Some(used),
                ..key(id, name)
            },
            friction: Friction::Dialog,
            risky,
            evidence: "Something used this key just now.".to_owned(),
            usage: Evidence::none("ab12cd34").view(&key(id, name).id, false),
            ticked: !risky,
            obstacle: None,
        }
    }

    fn result(kind: BulkResultKind) -> BulkResult {
        BulkResult {
            key: key("7", "CI").id,
            name: "CI".to_owned(),
            last_eight: "ab12cd34".to_owned(),
            kind,
            message: String::new(),
            at: None,
            verification: None,
            error: None,
        }
    }

    fn results(kinds: &[(BulkResultKind, usize)]) -> Vec<BulkResult> {
        kinds
            .iter()
            .flat_map(|(kind, count)| std::iter::repeat_n(result(*kind), *count))
            .collect()
    }

    #[test]
    fn the_phrase_counts() {
        assert_eq!(phrase(1), "delete 1 key");
        assert_eq!(phrase(7), "delete 7 keys");
    }

    #[test]
    fn the_question_names_a_few_and_those_in_use_first() {
        let mut rows: Vec<BulkRow> = (1..=6)
            .map(|id| row(&id.to_string(), &format!("Old {id}"), 24 * 100))
            .collect();
        rows.push(row("7", "Busy", 2));
        let question = question(&rows, now());
        assert_eq!(question.headline, "Delete 7 keys?");
        assert_eq!(
            (question.yes.as_str(), question.no.as_str()),
            ("Delete 7 keys", "Cancel")
        );
        assert_eq!(question.alternative, None);
        assert_eq!(
            question.paragraphs[0],
            "“Busy” …ab12cd34, last used 2 hours ago\n\
             “Old 1” …ab12cd34, last used 100 days ago\n\
             “Old 2” …ab12cd34, last used 100 days ago\n\
             “Old 3” …ab12cd34, last used 100 days ago\n\
             “Old 4” …ab12cd34, last used 100 days ago\n\
             and 2 more"
        );
        assert!(question.paragraphs[1].starts_with("1 of them may still be in use."));
        assert!(question.paragraphs[2].contains("401 Unauthorized"));
    }

    #[test]
    fn a_question_about_idle_keys_says_so_and_counts_in_the_singular() {
        let one = question(&[row("1", "", 24 * 100)], now());
        assert_eq!(
            (one.headline.as_str(), one.yes.as_str()),
            ("Delete 1 key?", "Delete 1 key")
        );
        assert!(
            one.paragraphs[0].starts_with("The key without a name (…ab12cd34), last used 100"),
            "{one:?}"
        );
        assert!(one.paragraphs[1].starts_with("None of them was used in the last 7 days"));
    }

    #[test]
    fn what_changed_is_named_or_counted_and_what_is_left_too() {
        let (first, second) = (row("1", "CI", 0), row("2", "Zapier", 0));
        assert_eq!(
            changed(&[(Change::CloserLook, &first)], 3),
            "“CI” needs a closer look: Something used this key just now. 3 keys are still ticked."
        );
        assert_eq!(
            changed(&[(Change::Gone, &first), (Change::Gone, &second)], 1),
            "2 keys were gone already. 1 key is still ticked."
        );
        assert_eq!(
            changed(&[(Change::Rotated, &first), (Change::Own, &second)], 0),
            "“Zapier”: Pulse Keys signs in with it; delete it by itself. “CI” has another token than on the card: \
             somebody rotated it. No key is ticked now."
        );
    }

    #[test]
    fn a_missing_phrase_says_what_to_type() {
        let rows = [row("1", "CI", 0), row("2", "Old", 24 * 100)];
        assert_eq!(
            phrase_missing(&rows, None),
            "1 of these keys may still be in use: type “delete 2 keys” to delete them."
        );
        assert_eq!(
            phrase_missing(&rows, Some("delete 3 keys")),
            "What was typed is not “delete 2 keys”."
        );
    }

    #[test]
    fn the_end_is_told_in_numbers() {
        use BulkResultKind::{Deleted, GoneAlready, NotDeleted, NotTried, Unknown};
        assert_eq!(
            finished(&results(&[(Deleted, 7)]), false, None),
            "Deleted 7 keys. Whatever still uses them gets 401 now."
        );
        assert_eq!(
            finished(&results(&[(Deleted, 1)]), false, None),
            "Deleted 1 key. Whatever still uses it gets 401 now."
        );
        let mixed = results(&[
            (Deleted, 5),
            (GoneAlready, 1),
            (NotDeleted, 2),
            (Unknown, 1),
        ]);
        assert_eq!(
            finished(&mixed, false, None),
            "Deleted 5 of 9 keys. 1 was gone already, 2 were not deleted. Of 1 it is not known yet whether it was \
             deleted."
        );
        assert_eq!(
            finished(&results(&[(Deleted, 12), (NotTried, 188)]), true, None),
            "Cancelled. Deleted 12 of 200 keys. 188 were not tried."
        );
        let stop = keeps_failing(3);
        assert_eq!(
            finished(
                &results(&[(NotDeleted, 3), (NotTried, 1)]),
                false,
                Some(&stop)
            ),
            "No key was deleted. 3 were not deleted, 1 was not tried. PulseAPI failed 3 times in a row, so Pulse Keys \
             stopped."
        );
    }
}
