//! How much stands between a user and a deletion: grows with the evidence that somebody would notice.
//!
//! Pure: evidence and a time in, a level and a phrase out. The table is the one of the design document; what the user
//! chose can only raise what it says. Left out: gathering the evidence, and showing the level.

use jiff::{SignedDuration, Timestamp};
use usage::Verdict;

use crate::base::text::{as_typed, collapsed, cut};
use crate::keys::delete::wire::Friction;
use crate::keys::swap::wire::QuietProof;
use crate::preferences::wire::Strictness;
use crate::records::key::KeyRow;

/// A longer name is not something to type; its last 8 characters are asked instead.
const MAX_TYPED_NAME_CHARS: usize = 80;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);
const QUARTER: SignedDuration = SignedDuration::from_hours(24 * 90);

/// The level for a key, given what a search on this machine said and how strict the user wants to be with
/// themselves.
#[must_use]
pub fn level(key: &KeyRow, verdict: Verdict, strictness: Strictness, now: Timestamp) -> Friction {
    level_with(key, verdict, strictness, None, now)
}

/// The same for a key over which a watch may have been kept. Only the times can count for less by it, and only once it was
/// seen to be quiet for as long as was advised; a use when it should have been quiet counts for most.
#[must_use]
pub(crate) fn level_with(
    key: &KeyRow,
    verdict: Verdict,
    strictness: Strictness,
    quiet: Option<&QuietProof>,
    now: Timestamp,
) -> Friction {
    if key.own {
        return Friction::OwnKey;
    }
    let from_search = match verdict {
        Verdict::NotSearched | Verdict::NothingFound => Friction::Dialog,
        Verdict::Possible => Friction::TypePhrase,
        Verdict::Confirmed => Friction::TypePhraseStrongly,
    };
    from_search
        .max(from_watch(from_times(key, now), quiet))
        .max(from_age_of_note(key, now))
        .max(from_choice(key, strictness))
}

fn from_watch(from_times: Friction, quiet: Option<&QuietProof>) -> Friction {
    match quiet {
        Some(quiet) if quiet.is_woken => Friction::TypePhraseStrongly,
        Some(quiet) if quiet.is_proved => from_times.min(Friction::SpelledOut),
        Some(quiet) if quiet.is_watched => from_times.max(Friction::TypePhrase),
        _ => from_times,
    }
}

/// What the user wrote down says nothing about use since then.
fn from_age_of_note(key: &KeyRow, now: Timestamp) -> Friction {
    match key.noted_at {
        Some(noted) if now.duration_since(noted).abs() >= DAY => Friction::TypePhrase,
        _ => Friction::Dialog,
    }
}

/// The least that the user's own choice asks for.
fn from_choice(key: &KeyRow, strictness: Strictness) -> Friction {
    let may_have_been_used = key.last_used_at.is_some() || !key.last_use_known;
    match strictness {
        Strictness::Strict => Friction::TypePhrase,
        Strictness::Careful if may_have_been_used => Friction::TypePhrase,
        Strictness::Careful | Strictness::Standard => Friction::Dialog,
    }
}

fn from_times(key: &KeyRow, now: Timestamp) -> Friction {
    // A duration since a time in the future is negative and so "just now": clocks differ, and caution costs little.
    match (key.last_used_at, key.created_at) {
        (Some(used), _) => match now.duration_since(used) {
            idle if idle < DAY => Friction::TypePhraseStrongly,
            idle if idle < WEEK => Friction::TypePhrase,
            idle if idle <= QUARTER => Friction::SpelledOut,
            _ => Friction::Dialog,
        },
        (None, _) if !key.last_use_known => Friction::TypePhrase,
        (None, Some(created)) if now.duration_since(created) > WEEK => Friction::Dialog,
        (None, _) => Friction::SpelledOut,
    }
}

/// What has to be typed at a level, and whether it is the last 8 characters and not the name.
#[must_use]
pub fn phrase(key: &KeyRow, level: Friction) -> Option<(String, bool)> {
    if level < Friction::TypePhrase {
        return None;
    }
    let name = collapsed(&key.name);
    let typed = as_typed(&name);
    let typeable = !name.is_empty()
        && typed.chars().count() <= MAX_TYPED_NAME_CHARS
        && typed
            .chars()
            .all(|character| character.is_alphanumeric() || character.is_ascii());
    if typeable {
        Some((name, false))
    } else if key.last_eight.is_empty() {
        Some((
            format!("key {}", cut(key.id.as_str(), MAX_TYPED_NAME_CHARS)),
            false,
        ))
    } else {
        Some((key.last_eight.clone(), true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::row;

    fn now() -> Timestamp {
        "2026-11-22T14:00:00Z".parse().unwrap()
    }

    fn used(hours_ago: i64) -> KeyRow {
        KeyRow {
            last_used_at: Some(now() - SignedDuration::from_hours(hours_ago)),
            ..row("7", "CI")
        }
    }

    fn never_used(days_old: i64) -> KeyRow {
        KeyRow {
            last_used_at: None,
            created_at: Some(now() - SignedDuration::from_hours(24 * days_old)),
            ..row("7", "CI")
        }
    }

    #[test]
    fn the_table_of_times() {
        let cases = [
            (used(0), Friction::TypePhraseStrongly),
            (used(-1), Friction::TypePhraseStrongly),
            (used(23), Friction::TypePhraseStrongly),
            (used(24), Friction::TypePhrase),
            (used(24 * 7 - 1), Friction::TypePhrase),
            (used(24 * 7), Friction::SpelledOut),
            (used(24 * 90), Friction::SpelledOut),
            (used(24 * 90 + 1), Friction::Dialog),
            (never_used(8), Friction::Dialog),
            (never_used(3), Friction::SpelledOut),
        ];
        for (key, expected) in cases {
            let found = level(&key, Verdict::NotSearched, Strictness::Standard, now());
            assert_eq!(
                found, expected,
                "{:?} {:?}",
                key.last_used_at, key.created_at
            );
        }
    }

    #[test]
    fn use_that_the_service_does_not_report_is_not_taken_for_no_use() {
        let silent = KeyRow {
            last_use_known: false,
            ..never_used(300)
        };
        assert_eq!(
            level(&silent, Verdict::NothingFound, Strictness::Standard, now()),
            Friction::TypePhrase
        );
    }

    #[test]
    fn what_was_written_down_long_ago_is_no_evidence_of_idleness() {
        let level = |noted: i64| {
            let key = KeyRow {
                noted_at: Some(now() - SignedDuration::from_hours(noted)),
                ..used(24 * 200)
            };
            level(&key, Verdict::NothingFound, Strictness::Standard, now())
        };
        assert_eq!(level(1), Friction::Dialog);
        assert_eq!(level(24), Friction::TypePhrase);
    }

    #[test]
    fn a_search_only_ever_raises_the_level() {
        assert_eq!(
            level(
                &used(24 * 200),
                Verdict::Possible,
                Strictness::Standard,
                now()
            ),
            Friction::TypePhrase
        );
        assert_eq!(
            level(
                &used(24 * 200),
                Verdict::Confirmed,
                Strictness::Standard,
                now()
            ),
            Friction::TypePhraseStrongly
        );
        assert_eq!(
            level(&used(1), Verdict::NothingFound, Strictness::Standard, now()),
            Friction::TypePhraseStrongly
        );
    }

    #[test]
    fn the_apps_own_key_is_its_own_level_whatever_its_age() {
        let own = KeyRow {
            own: true,
            ..used(24 * 300)
        };
        assert_eq!(
            level(&own, Verdict::NothingFound, Strictness::Standard, now()),
            Friction::OwnKey
        );
    }

    #[test]
    fn a_strict_user_is_asked_more_and_never_less() {
        let silent = KeyRow {
            last_use_known: false,
            ..never_used(300)
        };
        let cases = [
            (used(24 * 200), Friction::TypePhrase, Friction::TypePhrase),
            (used(24 * 20), Friction::TypePhrase, Friction::TypePhrase),
            (never_used(300), Friction::Dialog, Friction::TypePhrase),
            (never_used(1), Friction::SpelledOut, Friction::TypePhrase),
            (silent, Friction::TypePhrase, Friction::TypePhrase),
            (
                used(1),
                Friction::TypePhraseStrongly,
                Friction::TypePhraseStrongly,
            ),
        ];
        for (key, careful, strict) in cases {
            let at = |strictness| level(&key, Verdict::NothingFound, strictness, now());
            assert!(at(Strictness::Standard) <= careful);
            assert_eq!(at(Strictness::Careful), careful, "{key:?}");
            assert_eq!(at(Strictness::Strict), strict, "{key:?}");
        }
        let own = KeyRow {
            own: true,
            ..never_used(300)
        };
        let found = level(&own, Verdict::NothingFound, Strictness::Strict, now());
        assert_eq!(found, Friction::OwnKey);
    }

    #[test]
    fn low_levels_ask_for_no_phrase() {
        assert_eq!(phrase(&used(24 * 200), Friction::Dialog), None);
        assert_eq!(phrase(&used(24 * 20), Friction::SpelledOut), None);
    }

    #[test]
    fn a_name_that_cannot_be_typed_is_replaced_by_the_last_eight() {
        let last_eight = Some(("ab12cd34".to_owned(), true));
        for name in ["", "   ", "🔑 deploy", &"x".repeat(81)] {
            assert_eq!(
                phrase(&row("7", name), Friction::TypePhrase),
                last_eight,
                "{name:?}"
            );
        }
        for name in [
            "Cafe\u{301}",
            "ＣＩ",
            "o\u{FB03}ce",
            "\u{1112}\u{1161}\u{11AB}",
        ] {
            let as_stored = Some((name.to_owned(), false));
            assert_eq!(phrase(&row("7", name), Friction::TypePhrase), as_stored);
        }
        let spaced = phrase(&row("7", " CI \t pipeline "), Friction::TypePhrase);
        assert_eq!(spaced, Some(("CI pipeline".to_owned(), false)));
    }

    #[test]
    fn without_a_name_or_a_tail_the_record_id_is_asked() {
        let bare = KeyRow {
            last_eight: String::new(),
            ..row("7", "")
        };
        assert_eq!(
            phrase(&bare, Friction::OwnKey),
            Some(("key 7".to_owned(), false))
        );
    }
}
