//! Dates as a web screen or a person writes them. What can be read in two ways is not read.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// What stands in a field for a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Never,
    At(Timestamp),
    /// Some time on the day that begins then (UTC).
    On(Timestamp),
}

impl When {
    /// As the last use: of a whole day its last second, since a later use asks for more care. None for never.
    pub(crate) fn at_the_latest(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::At(at) => Some(at),
            Self::On(day) => Some((day + DAY - SignedDuration::from_secs(1)).min(now.max(day))),
        }
    }

    /// As the time of creation.
    pub(crate) fn at_the_earliest(self) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::At(at) | Self::On(at) => Some(at),
        }
    }
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

const DAYS: [&str; 6] = [
    "%Y-%m-%d",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d. %B %Y",
];
const TIMES: [&str; 4] = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];

/// Reads a date, a time, how long ago something was, or "never". None where it can't be read, or in two ways.
pub(crate) fn read(text: &str, now: Timestamp) -> Option<When> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = text.to_lowercase();
    match lower.as_str() {
        "never" | "never used" | "not used" | "unused" | "not used yet" => {
            return Some(When::Never);
        }
        "just now" | "now" | "moments ago" => return Some(When::At(now)),
        "today" => return Some(When::On(day_of(now))),
        "yesterday" => return Some(When::On(day_of(now) - DAY)),
        _ => {}
    }
    if let Some(past) = lower.strip_suffix(" ago") {
        return long_ago(past, now);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(When::At(at));
    }
    let text = text.strip_suffix(" UTC").unwrap_or(&text);
    for day in DAYS {
        if let Ok(date) = Date::strptime(day, text) {
            return utc(date.at(0, 0, 0, 0)).map(When::On);
        }
        for time in TIMES {
            for between in [" ", ", ", " at ", "T"] {
                let format = format!("{day}{between}{time}");
                if let Ok(at) = DateTime::strptime(&format, text) {
                    return utc(at).map(When::At);
                }
            }
        }
    }
    None
}

fn long_ago(past: &str, now: Timestamp) -> Option<When> {
    let (count, unit) = past.split_once(' ')?;
    let count: i64 = match count {
        "a" | "an" => 1,
        count => count
            .parse()
            .ok()
            .filter(|count| (0..100_000).contains(count))?,
    };
    let hours = match unit.strip_suffix('s').unwrap_or(unit) {
        "second" | "sec" | "minute" | "min" => return Some(When::At(now)),
        "hour" | "hr" => 1,
        "day" => 24,
        "week" => 24 * 7,
        "month" => 24 * 30,
        "year" => 24 * 365,
        _ => return None,
    };
    let past = SignedDuration::from_hours(count.checked_mul(hours)?);
    now.checked_sub(past).ok().map(When::At)
}

fn day_of(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(24 * 60 * 60)).unwrap_or(now)
}

fn utc(at: DateTime) -> Option<Timestamp> {
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn dates_are_read_as_web_screens_write_them() {
        let now = at("2026-11-22T14:03:00Z");
        for (text, expected) in [
            ("Never", When::Never),
            ("2 days ago", When::At(at("2026-11-20T14:03:00Z"))),
            ("an hour ago", When::At(at("2026-11-22T13:03:00Z"))),
            ("5 minutes ago", When::At(now)),
            ("Nov 20, 2026", When::On(at("2026-11-20T00:00:00Z"))),
            ("20 November 2026", When::On(at("2026-11-20T00:00:00Z"))),
            ("2026-11-20", When::On(at("2026-11-20T00:00:00Z"))),
            ("2026-11-20 09:30", When::At(at("2026-11-20T09:30:00Z"))),
            (
                "Nov 20, 2026, 9:30 AM",
                When::At(at("2026-11-20T09:30:00Z")),
            ),
            ("2026-11-20T09:30:00Z", When::At(at("2026-11-20T09:30:00Z"))),
            ("yesterday", When::On(at("2026-11-21T00:00:00Z"))),
        ] {
            assert_eq!(read(text, now), Some(expected), "{text}");
        }
        // The first could be of two months; the others are none.
        for text in ["11/12/2026", "", "CI", "ab12cd34", "monitors:read", "12"] {
            assert_eq!(read(text, now), None, "{text}");
        }
    }

    #[test]
    fn of_a_day_the_last_use_is_its_end_and_never_after_now() {
        let now = at("2026-11-22T14:03:00Z");
        let day = |text| read(text, now).unwrap().at_the_latest(now).unwrap();
        assert_eq!(day("2026-11-20"), at("2026-11-20T23:59:59Z"));
        assert_eq!(day("2026-11-22"), now);
    }
}
