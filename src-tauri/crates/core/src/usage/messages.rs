//! The words around a search of this machine: what it says of a key, what it could not look into, its headings.
//!
//! Never the word "safe", and never "used nowhere": a search sees only the places it looked into. Left out: deciding.

use usage::{Reason, Verdict};

use crate::base::text::sanitized;
use crate::usage::evidence::Evidence;
use crate::usage::found::small;
use crate::usage::outcome::{BrokeOff, Why};
use crate::usage::protocol::NotSearched;
use crate::usage::wire::{FindingHeading, KeyUsage, SearchState, SkippedPlace, UsageVerdict};

pub(crate) const NOT_SEARCHED: &str = "This machine was not searched.";

const UNREADABLE: &str = "An earlier search may have found it; what it found can’t be read by this version. Search again.";

/// The headings in the help article's order, and one more.
pub(crate) const HEADINGS: [(FindingHeading, &str); 5] = [
    (
        FindingHeading::Environment,
        "Application environment variables",
    ),
    (FindingHeading::Ci, "CI/CD pipeline secrets"),
    (FindingHeading::Integration, "Third-party integrations"),
    (FindingHeading::Script, "Automation scripts"),
    (FindingHeading::Elsewhere, "Elsewhere"),
];

/// "1 place", "3 places".
pub(crate) fn places(count: u32) -> String {
    counted(count.into(), "place", "places")
}

fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {many}")
    }
}

/// What comes first in mind before a key is deleted.
fn in_production(evidence: &Evidence) -> String {
    match evidence.in_production {
        0 => String::new(),
        all if all == evidence.places => ", in production".to_owned(),
        some => format!(", {some} of them in production"),
    }
}

/// What is known of a key, in one sentence or two.
pub(crate) fn of_key(evidence: &Evidence) -> String {
    if evidence.is_unreadable && evidence.places + evidence.possible_places == 0 {
        return UNREADABLE.to_owned();
    }
    let found = match evidence.verdict {
        Verdict::NotSearched if evidence.state == SearchState::BrokenOff => {
            return "The search broke off before its end; the rest of this machine was not searched."
                .to_owned();
        }
        Verdict::NotSearched => return NOT_SEARCHED.to_owned(),
        Verdict::NothingFound => {
            return match evidence.state {
                SearchState::Running => "Nothing found so far; the search is still running.",
                SearchState::Stopped | SearchState::BrokenOff => {
                    "Nothing found before the search was stopped."
                }
                SearchState::Finished if evidence.gaps => {
                    "Nothing found in the places searched; some were skipped."
                }
                SearchState::Finished => "Nothing found in the places searched.",
            }
            .to_owned();
        }
        Verdict::Possible => format!(
            "Possibly found in {} on this machine.",
            places(evidence.possible_places)
        ),
        Verdict::Confirmed if evidence.possible_places > 0 => format!(
            "Found in {} on this machine{}, and possibly in {} more.",
            places(evidence.places),
            in_production(evidence),
            evidence.possible_places
        ),
        Verdict::Confirmed => format!(
            "Found in {} on this machine{}.",
            places(evidence.places),
            in_production(evidence)
        ),
    };
    match evidence.state {
        SearchState::Running => format!("{found} The search is still running."),
        SearchState::BrokenOff => format!("{found} The rest was not searched."),
        SearchState::Stopped | SearchState::Finished if evidence.is_earlier => {
            format!(
                "{found} An earlier search found that; the last one did not look there to the end."
            )
        }
        SearchState::Stopped | SearchState::Finished => found,
    }
}

/// What is known of several keys together, for their native question.
pub(crate) fn of_keys(keys: &[&KeyUsage]) -> String {
    let with = |verdict| {
        keys.iter()
            .filter(move |key| key.verdict == verdict)
            .count()
    };
    let (confirmed, possible) = (with(UsageVerdict::Confirmed), with(UsageVerdict::Possible));
    let not_searched = with(UsageVerdict::NotSearched);
    if not_searched == keys.len() {
        return "This machine was not searched for them.".to_owned();
    }
    let places_of: u32 = keys
        .iter()
        .map(|key| key.places + key.possible_places)
        .fold(0, u32::saturating_add);
    let mut sentences = Vec::new();
    let was = |count: usize| {
        if count == 1 {
            "1 of them was".to_owned()
        } else {
            format!("{count} of them were")
        }
    };
    match (confirmed, possible) {
        (0, 0) => sentences.push("None of them was found in the places searched.".to_owned()),
        (0, possible) => sentences.push(format!(
            "{} possibly found on this machine, in {}.",
            was(possible),
            places(places_of)
        )),
        (confirmed, 0) => sentences.push(format!(
            "{} found on this machine, in {}.",
            was(confirmed),
            places(places_of)
        )),
        (confirmed, possible) => sentences.push(format!(
            "{} found on this machine and {possible} possibly, in {} together.",
            was(confirmed),
            places(places_of)
        )),
    }
    if not_searched > 0 {
        sentences.push(format!(
            "This machine was not searched for {not_searched} of them."
        ));
    }
    sentences.join(" ")
}

/// A search for several keys, in one sentence.
pub(crate) fn of_search(keys: &[Evidence], state: SearchState, incomplete: bool) -> String {
    if let [key] = keys {
        return of_key(key);
    }
    let count = |verdict| keys.iter().filter(|key| key.verdict == verdict).count() as u64;
    let (confirmed, possible) = (count(Verdict::Confirmed), count(Verdict::Possible));
    let all = counted(keys.len() as u64, "key", "keys");
    let so_far = match state {
        SearchState::Running => " so far",
        SearchState::Stopped => " before the search was stopped",
        SearchState::BrokenOff => " before the search broke off",
        SearchState::Finished => "",
    };
    match (confirmed, possible) {
        (0, 0) if state == SearchState::Finished && incomplete => {
            format!("None of {all} was found in the places searched; some were skipped.")
        }
        (0, 0) if state == SearchState::Finished => {
            format!("None of {all} was found in the places searched.")
        }
        (0, 0) if state == SearchState::BrokenOff => format!(
            "The search for {all} broke off before its end; the rest of this machine was not searched."
        ),
        (0, 0) => format!("None of {all} was found{so_far}."),
        (0, possible) => format!("{possible} of {all} possibly found on this machine{so_far}."),
        (confirmed, 0) => format!("{confirmed} of {all} found on this machine{so_far}."),
        (confirmed, possible) => {
            format!("{confirmed} of {all} found on this machine, {possible} more possibly{so_far}.")
        }
    }
}

/// Why a search ended before its end, where, and what that means.
pub(crate) fn of_breaking_off(broke_off: &BrokeOff) -> String {
    let place = match broke_off.reading.as_slice() {
        [] => String::new(),
        [only] => format!(" while it was reading {only}"),
        [first, second] => format!(" while it was reading {first} and {second}"),
        [first, second, ..] => format!(" while it was reading {first}, {second} and others"),
    };
    let how = match broke_off.why {
        Why::NotStarted => {
            return "The search could not be started: this machine was not searched.".to_owned();
        }
        Why::Memory => format!("The search needed too much memory and broke off{place}."),
        Why::Hung => format!("The search got no further and was ended{place}."),
        Why::Ended | Why::Failed => format!("The search broke off{place}."),
    };
    format!("{how} What it found until then counts; the rest was not searched.")
}

/// Tokens that the app holds and could not compare with what was found.
pub(crate) fn not_compared(count: u64) -> SkippedPlace {
    let words = counted(
        count,
        "token in the keychain that could not be read, to be compared with what is found",
        "tokens in the keychain that could not be read, to be compared with what is found",
    );
    SkippedPlace {
        words,
        count: small(count),
        examples: Vec::new(),
        is_gap: true,
    }
}

/// What was not looked into, with words for the reason.
pub(crate) fn skipped(spots: &[NotSearched]) -> Vec<SkippedPlace> {
    spots
        .iter()
        .map(|spot| SkippedPlace {
            words: reason(spot),
            count: small(spot.count),
            examples: spot.examples.iter().map(|path| sanitized(path)).collect(),
            is_gap: spot.reason.is_gap(),
        })
        .collect()
}

fn reason(spot: &NotSearched) -> String {
    let (one, many) = match spot.reason {
        Reason::FolderDenied => (
            "folder that you may not read",
            "folders that you may not read",
        ),
        Reason::FileDenied => ("file that you may not read", "files that you may not read"),
        Reason::ProcessDenied => (
            "program that another user runs",
            "programs that another user runs",
        ),
        Reason::Missing => (
            "search folder that is not there",
            "search folders that are not there",
        ),
        Reason::Failed if spot.what.is_some() => (
            "thing that could not be read",
            "things that could not be read",
        ),
        Reason::Failed => (
            "file that failed to be read",
            "files that failed to be read",
        ),
        Reason::Changed => (
            "file that changed while it was read",
            "files that changed while they were read",
        ),
        Reason::Pruned => (
            "folder of what was downloaded or built",
            "folders of what was downloaded or built",
        ),
        Reason::Excluded => (
            "folder excluded in Preferences, or this app’s own",
            "folders excluded in Preferences, or this app’s own",
        ),
        Reason::TooLarge => ("file that is too large", "files that are too large"),
        Reason::Archive => (
            "archive that was not opened",
            "archives that were not opened",
        ),
        Reason::ArchiveCut => (
            "archive that was not read as a whole",
            "archives that were not read as a whole",
        ),
        Reason::Member => (
            "file in an archive that could not be opened",
            "files in archives that could not be opened",
        ),
        Reason::Encoded => (
            "encoded text that was not decoded to its end",
            "encoded texts that were not decoded to their end",
        ),
        Reason::Encrypted => ("encrypted file", "encrypted files"),
        Reason::Special => ("pipe, socket or device", "pipes, sockets and devices"),
        Reason::Link => ("link to a folder elsewhere", "links to folders elsewhere"),
        Reason::Mount => (
            "other disk or network folder",
            "other disks and network folders",
        ),
        Reason::Placeholder => (
            "file that lies in the cloud and was not downloaded",
            "files that lie in the cloud and were not downloaded",
        ),
        Reason::GitHistory => (
            "git repository whose history was not searched",
            "git repositories whose history was not searched",
        ),
        Reason::GitObject => (
            "object of git that is damaged, absent or too large",
            "objects of git that are damaged, absent or too large",
        ),
        Reason::Budget => (
            "thing too large for a search",
            "things too large for a search",
        ),
    };
    let words = counted(spot.count, one, many);
    match &spot.what {
        Some(what) => format!("{words} ({what})"),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::usage::report;

    fn evidence(places: u32, possible_places: u32, state: SearchState, gaps: bool) -> Evidence {
        Evidence {
            verdict: match (places, possible_places) {
                (0, 0) => Verdict::NothingFound,
                (0, _) => Verdict::Possible,
                _ => Verdict::Confirmed,
            },
            places,
            possible_places,
            in_production: 0,
            state,
            gaps,
            ..Evidence::none("ab12cd34")
        }
    }

    #[test]
    fn what_is_in_production_is_told_with_the_number_of_places() {
        let of = |places, in_production| {
            of_key(&Evidence {
                in_production,
                ..evidence(places, 0, SearchState::Finished, false)
            })
        };
        assert_eq!(
            of(3, 1),
            "Found in 3 places on this machine, 1 of them in production."
        );
        assert_eq!(of(1, 1), "Found in 1 place on this machine, in production.");
    }

    #[test]
    fn a_search_is_told_as_what_it_saw_and_no_more() {
        use SearchState::{Finished, Running, Stopped};
        assert_eq!(of_key(&Evidence::none("ab12cd34")), NOT_SEARCHED);
        let cases = [
            (
                (3, 0, Finished, false),
                "Found in 3 places on this machine.",
            ),
            (
                (1, 2, Finished, false),
                "Found in 1 place on this machine, and possibly in 2 more.",
            ),
            (
                (0, 1, Running, false),
                "Possibly found in 1 place on this machine. The search is still running.",
            ),
            (
                (0, 0, Finished, false),
                "Nothing found in the places searched.",
            ),
            (
                (0, 0, Finished, true),
                "Nothing found in the places searched; some were skipped.",
            ),
            (
                (0, 0, Running, false),
                "Nothing found so far; the search is still running.",
            ),
            (
                (0, 0, Stopped, false),
                "Nothing found before the search was stopped.",
            ),
        ];
        for ((places, possible, state, gaps), words) in cases {
            assert_eq!(of_key(&evidence(places, possible, state, gaps)), words);
        }
    }

    #[test]
    fn several_keys_are_told_in_numbers() {
        use SearchState::Finished;
        let nothing = evidence(0, 0, Finished, false);
        let found = evidence(2, 0, Finished, false);
        let possible = evidence(0, 1, Finished, false);
        assert_eq!(
            of_search(&[nothing.clone(), nothing.clone()], Finished, false),
            "None of 2 keys was found in the places searched."
        );
        assert_eq!(
            of_search(
                &[nothing.clone(), found.clone(), possible.clone()],
                Finished,
                false
            ),
            "1 of 3 keys found on this machine, 1 more possibly."
        );
        let view = |evidence: &Evidence| {
            report::of_key(
                evidence,
                &crate::tests::row("7", "CI").id,
                None,
                Timestamp::MIN,
            )
        };
        let (nothing, found, possible) = (view(&nothing), view(&found), view(&possible));
        let none = view(&Evidence::none("ab12cd34"));
        assert_eq!(
            of_keys(&[&none, &none]),
            "This machine was not searched for them."
        );
        assert_eq!(
            of_keys(&[&nothing, &nothing]),
            "None of them was found in the places searched."
        );
        assert_eq!(
            of_keys(&[&nothing, &found, &possible, &none]),
            "1 of them was found on this machine and 1 possibly, in 3 places together. This machine was not searched \
             for 1 of them."
        );
    }

    #[test]
    fn what_was_not_looked_into_is_counted_in_words() {
        let spot = |reason, count, what: Option<&str>| NotSearched {
            reason,
            what: what.map(str::to_owned),
            count,
            examples: vec!["/root".into()],
        };
        let meta = skipped(&[
            spot(Reason::FolderDenied, 3, None),
            spot(Reason::Pruned, 1, Some("node_modules")),
        ]);
        assert_eq!(meta[0].words, "3 folders that you may not read");
        assert_eq!(
            meta[1].words,
            "1 folder of what was downloaded or built (node_modules)"
        );
        assert!(meta[0].is_gap && !meta[1].is_gap);
        assert_eq!(meta[0].examples, ["/root"]);
    }
}
