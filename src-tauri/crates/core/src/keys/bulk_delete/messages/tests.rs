use super::*;
use jiff::SignedDuration;

use crate::keys::delete::wire::Friction;
use crate::tests::row as key;
use crate::usage::report::not_searched;

fn now() -> Timestamp {
    "2026-11-22T14:00:00Z".parse().unwrap()
}

fn row(id: &str, name: &str, hours_idle: i64) -> BulkRow {
    let used = now() - SignedDuration::from_hours(hours_idle);
    let risky = hours_idle < 24 * 7;
    BulkRow {
        number: 1,
        key: KeyRow {
            last_used_at: Some(used),
            ..key(id, name)
        },
        friction: Friction::Dialog,
        risky,
        evidence: "Something used this key just now.".to_owned(),
        usage: not_searched(&key(id, name)),
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
        "What you typed is not “delete 2 keys”."
    );
}

#[test]
fn the_end_is_told_in_numbers() {
    use BulkResultKind::{Changed, Deleted, GoneAlready, NotDeleted, NotTried, Unknown};
    assert_eq!(
        finished(&results(&[(Deleted, 7)]), false, None),
        "Deleted 7 keys. Whatever still uses them should get 401."
    );
    assert_eq!(
        finished(&results(&[(Deleted, 1)]), false, None),
        "Deleted 1 key. Whatever still uses it should get 401."
    );
    let seen = |verification, count| {
        let result = BulkResult {
            verification: Some(verification),
            ..result(Deleted)
        };
        vec![result; count]
    };
    assert_eq!(
        finished(&seen(Verification::TokenRefused, 2), false, None),
        "Deleted 2 keys. Their tokens get 401."
    );
    let mut accepted = seen(Verification::RecordGone, 2);
    accepted.extend(seen(Verification::TokenAccepted, 1));
    accepted.push(result(Changed));
    assert_eq!(
        finished(&accepted, false, None),
        "Deleted 3 of 4 keys. The token of 1 is still accepted: it is tried again until it gets 401. 1 was left \
         alone for having changed."
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
