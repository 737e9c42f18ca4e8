//! The changelog, which is written once, in Debian's form: its newest date, the notes of the
//! newest release, and the same in the form of rpm.

use std::env;
use std::path::Path;

use crate::bundle::inputs::read;
use crate::command::Command;
use crate::error::Result;

/// The time of everything in the packages, in seconds since 1970.
///
/// # Errors
/// When the changelog does not read as one.
pub(super) fn epoch(words: &Path) -> Result<String> {
    if let Ok(epoch) = env::var("SOURCE_DATE_EPOCH") {
        return Ok(epoch);
    }
    let call = Command::new("dpkg-parsechangelog").arg("-l");
    let answer = call
        .arg(words.join("changelog"))
        .args(["-S", "Timestamp"])
        .read()?;
    Ok(answer.trim().to_owned())
}

/// The date of the newest entry, such as `23 Nov 2026`.
///
/// # Errors
/// When the changelog cannot be read.
pub(super) fn newest_date(words: &Path) -> Result<String> {
    let text = read(&words.join("changelog"))?;
    let signature = text.lines().find_map(Signature::read);
    Ok(signature.map_or_else(String::new, |signature| signature.date.join(" ")))
}

/// All entries, in the form of rpm.
///
/// # Errors
/// When the changelog cannot be read.
pub(super) fn for_rpm(words: &Path) -> Result<String> {
    Ok(converted(&read(&words.join("changelog"))?))
}

/// What the newest entry says, as a list in Markdown: the notes of its release.
///
/// # Errors
/// When the changelog cannot be read.
pub(super) fn notes(words: &Path) -> Result<String> {
    Ok(newest_as_markdown(&read(&words.join("changelog"))?))
}

fn newest_as_markdown(text: &str) -> String {
    let mut notes = String::new();
    for line in text.lines() {
        if Signature::read(line).is_some() {
            break;
        } else if let Some(change) = line.strip_prefix("  * ") {
            notes += &format!("- {change}\n");
        } else if let Some(more) = line.strip_prefix("    ") {
            notes += &format!("  {more}\n");
        }
    }
    notes
}

/// The last line of an entry: who made it and when.
struct Signature<'a> {
    maintainer: &'a str,
    weekday: &'a str,
    /// Day, month and year.
    date: Vec<&'a str>,
}

impl<'a> Signature<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (maintainer, date) = line.strip_prefix(" -- ")?.split_once("  ")?;
        let (weekday, date) = date.split_once(", ")?;
        let date = date.split(' ').take(3).collect();
        Some(Self {
            maintainer,
            weekday,
            date,
        })
    }
}

fn converted(text: &str) -> String {
    let (mut entries, mut changes, mut version) = (String::new(), String::new(), "");
    for line in text.lines() {
        if let Some(signature) = Signature::read(line) {
            let [day, month, year] = signature.date[..] else {
                continue;
            };
            let Signature {
                maintainer,
                weekday,
                ..
            } = signature;
            entries += &format!(
                "* {weekday} {month} {day} {year} {maintainer} - {version}-1\n{changes}\n"
            );
            changes.clear();
        } else if let Some(change) = line.strip_prefix("  * ") {
            changes += &format!("- {change}\n");
        } else if let Some(more) = line.strip_prefix("    ") {
            changes += &format!("  {more}\n");
        } else if let Some((_, rest)) = line.split_once(" (") {
            version = rest.split(')').next().unwrap_or_default();
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "\
pulse-keys (0.2.0) unstable; urgency=medium

  * One thing,
    at length.
  * Another.

 -- Ada <ada@example.org>  Tue, 05 Jan 2027 10:00:00 +0000

pulse-keys (0.1.0) unstable; urgency=medium

  * The first.

 -- Bob <bob@example.org>  Mon, 23 Nov 2026 08:00:00 +0000
";

    #[test]
    fn the_notes_of_a_release_are_its_entry_alone() {
        assert_eq!(
            newest_as_markdown(TWO),
            "- One thing,\n  at length.\n- Another.\n"
        );
    }

    #[test]
    fn entries_become_those_of_rpm_newest_first() {
        assert_eq!(
            converted(TWO),
            "* Tue Jan 05 2027 Ada <ada@example.org> - 0.2.0-1\n- One thing,\n  at length.\n- Another.\n\n\
             * Mon Nov 23 2026 Bob <bob@example.org> - 0.1.0-1\n- The first.\n\n"
        );
    }
}
