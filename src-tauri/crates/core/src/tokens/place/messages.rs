//! The words around putting a token in place.

use std::collections::BTreeSet;

use jiff::Timestamp;
use replace::{Consent, Failure, Plan, Reason, TokenError, VersionControl};

use crate::base::error::{ErrorCode, UiError};
use crate::base::text::{listed, sanitized};
use crate::custody::records::Record;
use crate::host::Question;
use crate::records::names::{named_as, tail};
use crate::tokens::place::purpose::Purpose;
use crate::tokens::place::wire::PlaceResult;
use crate::usage::messages::HEADINGS;
use crate::usage::wire::{Finding, FindingHeading, FindingKind};

/// How many files a question or the journal names.
const MAX_NAMED: usize = 6;
const MAX_JOURNALLED: usize = 20;

/// A time between two things that is worth telling, in seconds.
const MAX_TOLD_SECONDS: i64 = 3600;

/// What a question says of the files that were ticked.
pub(super) struct ChosenFacts {
    pub(super) files: Vec<String>,
    pub(super) consents: BTreeSet<(Consent, String)>,
}

pub(super) fn in_place(purpose: &Purpose) -> &'static str {
    if purpose.is_back() {
        "The old token is in it again."
    } else {
        "The new token is in it."
    }
}

pub(super) fn title(heading: FindingHeading) -> String {
    let titles = HEADINGS.iter();
    let mut titles = titles.filter(|(of, _)| *of == heading);
    titles
        .next()
        .map_or_else(String::new, |(_, title)| (*title).to_owned())
}

pub(super) fn question(record: &Record, chosen: &ChosenFacts, purpose: &Purpose) -> Question {
    let count = chosen.files.len();
    let token = named_as(&record.name, &record.last_eight);
    let (headline, instead) = match purpose {
        Purpose::Back(_) => (
            format!("Write the old token of {token} back into {}?", files(count)),
            "the token of its sibling",
        ),
        Purpose::Sibling(_) => (
            format!("Write the token of {token} into {}?", files(count)),
            "the token of the old key",
        ),
        Purpose::Rotation(_) | Purpose::None => (
            format!("Write the new token of {token} into {}?", files(count)),
            "the old token",
        ),
    };
    let keeps = match purpose {
        Purpose::Sibling(swap) if swap.old_token.is_none() => Some(format!(
            "The old token, as it stands there, goes into your keychain until the swap is over: so this can be undone, and \
             the token can be seen to get 401 once {} is deleted.",
            named_as(&swap.name, &swap.last_eight)
        )),
        _ => None,
    };
    let paragraphs = [
        Some(list(chosen)),
        Some(format!(
            "In each, {instead} is replaced by the one that ends in {}, and nothing else. A file that somebody changes \
             meanwhile stays as they left it.",
            tail(&record.last_eight)
        )),
        keeps,
    ];
    Question {
        title: if purpose.is_back() {
            "Put the old token back"
        } else {
            "Put the new token in place"
        }
        .to_owned(),
        headline,
        paragraphs: paragraphs.into_iter().flatten().collect(),
        yes: format!("Write {}", files(count)),
        alternative: None,
        no: "Cancel".to_owned(),
    }
}

fn list(chosen: &ChosenFacts) -> String {
    let count = chosen.files.len();
    let mut named: Vec<String> = chosen.files.iter().take(MAX_NAMED).cloned().collect();
    if count > MAX_NAMED {
        named.push(format!("and {} more", count - MAX_NAMED));
    }
    named.join("\n")
}

/// What the question about a rotation says of the files that get the new token.
pub(super) fn in_question(chosen: &ChosenFacts) -> String {
    format!(
        "Right after that, the new token takes the place of the old one in {}:\n{}",
        files(chosen.files.len()),
        list(chosen)
    )
}

/// A file is not what was planned on any more, and nothing has been sent yet.
pub(super) fn changed_since(short_path: &str, why: Reason) -> UiError {
    let message = match why {
        Reason::NotThere | Reason::Gone => format!("{short_path} changed since it was looked at."),
        other => format!("{short_path} can’t be written now: {}", reason(other)),
    };
    UiError::new(
        ErrorCode::Other,
        format!("{message} Nothing was sent."),
        "Look at the files again, and choose.",
    )
}

/// What is out of the ordinary is asked by itself.
pub(super) fn question_of_consent(chosen: &ChosenFacts) -> Option<Question> {
    let of = |consent: Consent| -> Vec<&str> {
        let of_it = chosen.consents.iter().filter(|(of, _)| *of == consent);
        of_it.map(|(_, path)| path.as_str()).collect()
    };
    let paragraph = |words: &str, paths: &[&str]| {
        let more = paths.len().saturating_sub(MAX_NAMED);
        let mut lines: Vec<String> = vec![words.to_owned()];
        lines.extend(paths.iter().take(MAX_NAMED).map(|path| (*path).to_owned()));
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        lines.join("\n")
    };
    let (outside, linked) = (of(Consent::Outside), of(Consent::HardLinks));
    let mut paragraphs = Vec::new();
    if !outside.is_empty() {
        paragraphs.push(paragraph(
            "Outside the folders that are searched:",
            &outside,
        ));
    }
    if !linked.is_empty() {
        paragraphs.push(paragraph(
            "With other names, which see the change too. They are written as they are, not exchanged:",
            &linked,
        ));
    }
    (!paragraphs.is_empty()).then(|| Question {
        title: "Put the new token in place".to_owned(),
        headline: "Write these files too?".to_owned(),
        paragraphs,
        yes: "Write these too".to_owned(),
        alternative: None,
        no: "Cancel".to_owned(),
    })
}

/// What is worth knowing of a file before it is written.
pub(super) fn remarks(plan: &Plan) -> Vec<String> {
    let mut remarks = Vec::new();
    if plan.path() != plan.target() {
        remarks.push(format!(
            "It is a link to {}.",
            sanitized(&plan.target().to_string_lossy())
        ));
    }
    match plan.version_control() {
        Some(VersionControl::Tracked) => {
            remarks.push("Git tracks it: the new token would be in your next commit.".to_owned());
        }
        Some(VersionControl::TrackedChanged) => remarks.push(
            "Git tracks it, and it has changes of yours: the new token would be in your next commit.".to_owned(),
        ),
        Some(VersionControl::Untracked) | None => {}
    }
    for consent in plan.consents() {
        remarks.push(
            match consent {
                Consent::Outside => {
                    "It is outside your search folders, so it is asked about by itself."
                }
                Consent::HardLinks => {
                    "It has other names, which see the change too, so it is asked about by itself."
                }
            }
            .to_owned(),
        );
    }
    remarks
}

/// Why a file is not written.
pub(super) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::History => "A history: it says what was typed.",
        Reason::Log => "A log: it says what was.",
        Reason::GitData => "Git’s own data.",
        Reason::Archive => "An archive.",
        Reason::Generated => "Written by a program that keeps its own account of it.",
        Reason::Database => "A program’s database.",
        Reason::Trash => "In the trash.",
        Reason::Store => "In a store whose files never change.",
        Reason::Binary => "No text.",
        Reason::Special => "No regular file.",
        Reason::TooLarge => "Larger than 16 MiB.",
        Reason::Gone => "It is not there any more.",
        Reason::NotThere => {
            "Nothing proves that this is an older token of the key, or it is not in it any more."
        }
        Reason::Split => "The token is written in parts, or in lines that can’t be kept.",
        Reason::NotReadable => "You may not read it.",
        Reason::NotWritable => "You may not write it, or not into its folder.",
        Reason::OtherOwner => "It belongs to another user.",
        Reason::ReadOnly => "On a disk that can only be read.",
        Reason::Immutable => "Marked as not to be changed.",
        Reason::MountPoint => "Something is mounted in its place.",
        Reason::NoSpace => "There is no room left on its disk.",
        Reason::NoExchange => "Its disk can’t exchange two files in one step.",
        Reason::Attributes => "Its owner, rights or attributes can’t be kept.",
        Reason::HardLinks => "It has other names, and the new token is not as long as the old one.",
        Reason::Busy => "A program has it open for writing.",
        Reason::System => "Not offered on this system.",
        Reason::Failed => "The system refused.",
    }
}

/// Whether what stands there is no token that anything uses.
pub(super) fn only_tells(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::History
            | Reason::Log
            | Reason::GitData
            | Reason::Archive
            | Reason::Trash
            | Reason::Gone
            | Reason::NotThere
    )
}

/// What to do about a file that is not written.
pub(super) fn steps(reason: Reason) -> &'static str {
    match reason {
        Reason::History => "Delete the line, if you want the old token out of it.",
        Reason::Log | Reason::GitData | Reason::Trash => {
            "Nothing to update: it only tells what was."
        }
        Reason::Archive => {
            "Unpack it, put the new token there, and pack it again, if it is still used."
        }
        Reason::Generated => "Put the new token into its source, and generate it again.",
        Reason::Database => "Put the new token in with the program that it belongs to.",
        Reason::Store => "Put the new token into what it is built from, and build it again.",
        Reason::Busy => "Save and close it there, then look again.",
        Reason::NoSpace => "Make room, then look again.",
        Reason::NotThere | Reason::Gone => "Search again, or look at it yourself.",
        Reason::Binary
        | Reason::Special
        | Reason::TooLarge
        | Reason::Split
        | Reason::NotReadable
        | Reason::NotWritable
        | Reason::OtherOwner
        | Reason::ReadOnly
        | Reason::Immutable
        | Reason::MountPoint
        | Reason::NoExchange
        | Reason::Attributes
        | Reason::HardLinks
        | Reason::System
        | Reason::Failed => "Put the new token there by hand.",
    }
}

/// Why what is no file is not written.
pub(super) fn reason_of_kind(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Process => "A running program has it in its environment.",
        FindingKind::Environment => "This app has it in its own environment.",
        FindingKind::Crontab => "Your table of timed jobs.",
        FindingKind::Registry => "The registry of Windows.",
        FindingKind::Git => reason(Reason::GitData),
        FindingKind::Archive => reason(Reason::Archive),
        FindingKind::File => "Its name is not valid text.",
    }
}

pub(super) fn steps_of_kind(finding: &Finding) -> String {
    match finding.kind {
        FindingKind::Process => match &finding.process {
            Some(process) => format!("Restart {process} after its file has the new token."),
            None => "Restart it after its file has the new token.".to_owned(),
        },
        FindingKind::Environment => {
            "Restart the app after your shell’s file has the new token.".to_owned()
        }
        FindingKind::Crontab => "Run crontab -e, and put the new token there.".to_owned(),
        FindingKind::Registry => {
            "Put the new token there with regedit, then restart what uses it.".to_owned()
        }
        FindingKind::Git => steps(Reason::GitData).to_owned(),
        FindingKind::Archive => steps(Reason::Archive).to_owned(),
        FindingKind::File => "Put the new token there by hand.".to_owned(),
    }
}

/// Why a file does not have the new token, and what it has.
pub(super) fn failed(failure: &Failure) -> String {
    match failure {
        Failure::Changed | Failure::Refused(Reason::NotThere | Reason::Gone) => {
            "Changed meanwhile. It is as somebody else left it.".to_owned()
        }
        Failure::Refused(why) => format!("{} It is as it was.", reason(*why)),
        Failure::LeftBeside(other) => format!(
            "Changed meanwhile, twice. It is as somebody else left it last; what they wrote before that is in {}.",
            sanitized(&other.to_string_lossy())
        ),
        Failure::Unfinished(why) => format!(
            "It broke off: {} It has the old token or the new one, whole. The next start of Pulse Keys ends it.",
            reason(*why)
        ),
    }
}

/// In how many files, and how soon. `trouble` is what kept that from being written down.
pub(super) fn ended(
    results: &[PlaceResult],
    purpose: &Purpose,
    (arrived, now): (Timestamp, Timestamp),
    trouble: Option<&UiError>,
) -> String {
    let done = in_how_many(results, purpose, arrived, now);
    match trouble {
        None => done,
        Some(UiError { message, hint, .. }) => {
            format!("{done} The journal does not say so yet. {message} {hint}")
        }
    }
}

fn in_how_many(
    results: &[PlaceResult],
    purpose: &Purpose,
    arrived: Timestamp,
    now: Timestamp,
) -> String {
    let token = if purpose.is_back() { "old" } else { "new" };
    let done = results.iter().filter(|result| result.done).count();
    let seconds = now.as_second() - arrived.as_second();
    let when = if done > 0 && !purpose.is_back() && (0..MAX_TOLD_SECONDS).contains(&seconds) {
        format!(", {} after it arrived", seconds_in_words(seconds))
    } else {
        String::new()
    };
    match (done, results.len()) {
        (0, _) => format!("The {token} token is in none of these files."),
        (done, all) if done == all => format!("The {token} token is in {}{when}.", files(done)),
        (done, all) => format!("The {token} token is in {done} of {}{when}.", files(all)),
    }
}

fn seconds_in_words(seconds: i64) -> String {
    match seconds {
        0 => "less than a second".to_owned(),
        1 => "1 second".to_owned(),
        2..120 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds / 60),
    }
}

/// Paths and counts, no secret.
pub(super) fn journalled(results: &[PlaceResult], purpose: &Purpose) -> String {
    let places = results.iter();
    let places: Vec<(&str, bool)> = places
        .map(|result| (result.short_path.as_str(), result.done))
        .collect();
    journalled_places(&places, purpose.is_back())
}

/// What a later start saw of files that an earlier run was at.
pub(super) fn journalled_later(places: &[(&str, bool)], is_back: bool) -> String {
    format!(
        "{}; seen at the next start, as it was not written down before",
        journalled_places(places, is_back)
    )
}

fn journalled_places(places: &[(&str, bool)], is_back: bool) -> String {
    let put = if is_back { "put back" } else { "put in place" };
    let list = |done: bool| {
        let paths = places.iter().filter(|(_, is_done)| *is_done == done);
        let paths: Vec<&str> = paths.map(|(path, _)| *path).collect();
        listed(&paths, MAX_JOURNALLED)
    };
    let done = places.iter().filter(|(_, is_done)| *is_done).count();
    match (done, places.len()) {
        (0, all) => format!("not {put}: 0 of {}: {}", files(all), list(false)),
        (done, all) if done == all => format!("{put}: {}: {}", files(all), list(true)),
        (done, all) => format!(
            "{put}: {done} of {}: {}; not: {}",
            files(all),
            list(true),
            list(false)
        ),
    }
}

/// What became of files that were being written when the app was ended.
pub(super) fn interrupted(
    name: &str,
    last_eight: &str,
    new: &[String],
    old: &[String],
    beside: &[String],
    is_back: bool,
) -> String {
    let token = named_as(name, last_eight);
    let what = if is_back {
        format!("put the old token of {token} back")
    } else {
        format!("put the new token of {token} in place")
    };
    let mut told = format!("Pulse Keys was interrupted while it {what}. Each file is whole.");
    let list = |paths: &[String]| listed(paths, MAX_NAMED);
    if !new.is_empty() {
        let which = if is_back { "old" } else { "new" };
        told.push_str(&format!(" The {which} token is in {}.", list(new)));
    }
    if !old.is_empty() {
        told.push_str(&format!(
            " It is not in {}: put it {} again.",
            list(old),
            if is_back { "back" } else { "in place" }
        ));
    }
    if !beside.is_empty() {
        told.push_str(&format!(
            " What somebody else wrote meanwhile is in {}.",
            list(beside)
        ));
    }
    told
}

pub(super) fn not_plain(error: TokenError) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!("This token can’t be put into files: {error}."),
        "Put it in place by hand.",
    )
}

pub(super) fn not_looked() -> UiError {
    UiError::new(
        ErrorCode::Other,
        "The files could not be looked at. Nothing was changed.",
        "Try again.",
    )
}

pub(super) fn broke_off() -> UiError {
    UiError::new(
        ErrorCode::Other,
        "Writing broke off. Each file has the old token or the new one, whole.",
        "Restart Pulse Keys: it says which.",
    )
}

/// "1 file", "3 files".
fn files(count: usize) -> String {
    if count == 1 {
        "1 file".to_owned()
    } else {
        format!("{count} files")
    }
}
