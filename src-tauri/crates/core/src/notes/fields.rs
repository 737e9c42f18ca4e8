//! What may stand in a note: one rule for what is typed, what a table holds and what the page sends back.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::base::dates::{self, When};
use crate::base::text::{collapsed, sanitized};
use crate::base::token_text::{WHOLE_TOKEN, has_token};
use crate::notes::wire::{KeyNoteField, KeyNoteProblem};
use crate::records::key_notes::NoteText;

/// The longest text of a field, in characters.
const MAX_PURPOSE_CHARS: usize = 500;
const MAX_CHARS: usize = 200;

/// The farthest review, in days, weeks, months or years from now.
const MAX_COUNT: i64 = 1_000;

const NO_DATE: &str = "Write a date as 2027-03-01, or “in 3 months”.";

/// A note as it is typed, field by field.
pub(crate) struct Typed<'a> {
    pub(crate) purpose: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) stored_in: &'a str,
    pub(crate) review_on: &'a str,
}

/// The note; or what is wrong, at its field.
pub(crate) fn read(typed: &Typed<'_>, now: Timestamp) -> Result<NoteText, Vec<KeyNoteProblem>> {
    let mut problems = Vec::new();
    let mut refuse = |field: KeyNoteField, message: String| {
        problems.push(KeyNoteProblem {
            field,
            holds_token: message == WHOLE_TOKEN,
            message,
        });
    };
    let mut text = |field: KeyNoteField, text: &str, limit: usize| {
        line(text, limit).unwrap_or_else(|problem| {
            refuse(field, problem);
            String::new()
        })
    };
    let purpose = text(KeyNoteField::Purpose, typed.purpose, MAX_PURPOSE_CHARS);
    let owner = text(KeyNoteField::Owner, typed.owner, MAX_CHARS);
    let stored_in = text(KeyNoteField::StoredIn, typed.stored_in, MAX_CHARS);
    let review_on = review(typed.review_on, now).unwrap_or_else(|problem| {
        refuse(KeyNoteField::ReviewOn, problem);
        None
    });
    if problems.is_empty() {
        Ok(NoteText {
            purpose,
            owner,
            stored_in,
            review_on,
        })
    } else {
        Err(problems)
    }
}

/// A text as it is kept: one line. What breaks a line becomes a space.
fn line(text: &str, limit: usize) -> Result<String, String> {
    if has_token(text) {
        return Err(WHOLE_TOKEN.to_owned());
    }
    let line = collapsed(&sanitized(&collapsed(text)));
    let length = line.chars().count();
    if length > limit {
        return Err(format!(
            "At most {limit} characters fit here; these are {length}."
        ));
    }
    Ok(line)
}

/// A day of the calendar; none where nothing stands there.
fn review(text: &str, now: Timestamp) -> Result<Option<Date>, String> {
    if has_token(text) {
        return Err(WHOLE_TOKEN.to_owned());
    }
    let text = collapsed(text);
    if text.is_empty() {
        return Ok(None);
    }
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let read = match dates::read(&text, now) {
        Some(When::At(at) | When::On(at)) => Some(day(at)),
        Some(When::Never) => None,
        None => later(&text.to_lowercase(), day(now)),
    };
    read.map(Some).ok_or_else(|| NO_DATE.to_owned())
}

/// "tomorrow", "in a year", "in 3 months".
fn later(text: &str, today: Date) -> Option<Date> {
    if text == "tomorrow" {
        return today.tomorrow().ok();
    }
    let (count, unit) = text.strip_prefix("in ")?.split_once(' ')?;
    let count: i64 = match count {
        "a" | "an" | "one" => 1,
        count => count
            .parse()
            .ok()
            .filter(|count| (0..=MAX_COUNT).contains(count))?,
    };
    let span = match unit.strip_suffix('s').unwrap_or(unit) {
        "day" => count.days(),
        "week" => count.weeks(),
        "month" => count.months(),
        "year" => count.years(),
        _ => return None,
    };
    today.checked_add(span).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Typed<'_> = Typed {
        purpose: "",
        owner: "",
        stored_in: "",
        review_on: "",
    };

    fn now() -> Timestamp {
        "2026-11-22T14:03:00Z".parse().unwrap()
    }

    #[test]
    fn a_whole_token_is_refused_in_each_field() {
        let token = "1042|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9";
        let typed = Typed {
            purpose: token,
            owner: token,
            stored_in: token,
            review_on: token,
        };
        let problems = read(&typed, now()).unwrap_err();
        assert_eq!(problems.len(), 4);
        for problem in &problems {
            assert!(problem.holds_token, "{problem:?}");
            assert_eq!(problem.message, WHOLE_TOKEN);
        }
    }

    #[test]
    fn a_text_is_one_line_without_what_deceives() {
        let typed = Typed {
            purpose: " Deploys\nthe shop\t \u{202E}now ",
            ..NOTHING
        };
        assert_eq!(read(&typed, now()).unwrap().purpose, "Deploys the shop now");
        let long = "ä ".repeat(120);
        let typed = Typed {
            owner: &long,
            ..NOTHING
        };
        let problems = read(&typed, now()).unwrap_err();
        assert_eq!(problems[0].field, KeyNoteField::Owner);
        assert!(problems[0].message.contains("these are 239"));
        assert!(!problems[0].holds_token);
    }

    #[test]
    fn a_review_is_a_day_or_some_time_from_now() {
        for (text, day) in [
            ("2027-03-01", "2027-03-01"),
            ("1 March 2027", "2027-03-01"),
            ("today", "2026-11-22"),
            ("Tomorrow", "2026-11-23"),
            ("in 3 months", "2027-02-22"),
            ("in a year", "2027-11-22"),
            ("in 10 days", "2026-12-02"),
        ] {
            assert_eq!(
                review(text, now()),
                Ok(Some(day.parse().unwrap())),
                "{text}"
            );
        }
        assert_eq!(review("  ", now()), Ok(None));
        // The first could be of two months.
        for text in ["01/02/2027", "never", "soon", "in 9999 years", "in -1 days"] {
            assert_eq!(review(text, now()), Err(NO_DATE.to_owned()), "{text}");
        }
    }
}
