//! Times as servers write them: read where there is one way to read them, otherwise unknown.
//!
//! A time that can't be read is no error: one odd date must not hide a key, and with it a whole list. Nor is it a
//! missing one: *last used* that we can't read must not turn into *never used*.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer};
use serde_json::{Number, Value};

/// 2000-01-01 in Unix seconds. A smaller number counts something else, or is a zero that means "none".
const EARLIEST: i64 = 946_684_800;

/// The same in milliseconds.
const EARLIEST_MILLISECOND: i64 = EARLIEST * 1000;

/// 10,000-01-01 in Unix seconds, and so more than any time.
const SECONDS_END: i64 = 253_402_300_800;

/// What an answer tells of a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ServerTime {
    /// Nothing: the field is not there.
    #[default]
    Nothing,
    /// That there was none: `null`.
    Never,
    /// When it was (UTC).
    At(Timestamp),
    /// Something that can't be read.
    Unreadable,
}

impl ServerTime {
    /// The moment, if one can be read.
    pub(crate) fn time(self) -> Option<Timestamp> {
        match self {
            Self::At(time) => Some(time),
            _ => None,
        }
    }

    /// Whether it is known when, or that never.
    pub(crate) fn is_reported(self) -> bool {
        matches!(self, Self::Never | Self::At(_))
    }
}

impl<'de> Deserialize<'de> for ServerTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = match Value::deserialize(deserializer)? {
            Value::Null => return Ok(Self::Never),
            Value::String(text) => instant(text.trim()),
            Value::Number(number) => whole(&number).and_then(unix),
            _ => None,
        };
        Ok(read.map_or(Self::Unreadable, Self::At))
    }
}

/// RFC 3339 is what we expect; a date and time without an offset is UTC (how a database column looks when it is passed
/// on as it is). A date alone is none: it would pass a use of this evening for one of last night.
fn instant(text: &str) -> Option<Timestamp> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return unix(text.parse().ok()?);
    }
    if !text.contains(':') {
        return None;
    }
    let time = text.parse().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })?;
    // A zero that a database made a date of means "none", or nothing.
    (time.as_second() >= EARLIEST).then_some(time)
}

/// Unix seconds, or milliseconds where seconds would lie beyond the calendar.
fn unix(number: i64) -> Option<Timestamp> {
    match number {
        EARLIEST..SECONDS_END => Timestamp::from_second(number).ok(),
        EARLIEST_MILLISECOND.. => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

/// A number without its fraction.
fn whole(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let seconds = SignedDuration::try_from_secs_f64(number.as_f64()?).ok()?;
        Some(seconds.as_secs())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(value: Value) -> ServerTime {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_time_is_read_where_there_is_one_way_to_read_it() {
        let noon: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        for value in [
            json!("2026-03-01T12:00:00Z"),
            json!(" 2026-03-01T12:00:00Z "),
            json!("2026-03-01T13:00:00.000000+01:00"),
            json!("2026-03-01T13:00:00+0100"),
            json!("2026-03-01 12:00:00"),
            json!("2026-03-01T12:00:00.000000"),
            json!(noon.as_second()),
            json!(noon.as_second().to_string()),
            json!(noon.as_millisecond()),
            json!(1_772_366_400.75_f64),
        ] {
            assert_eq!(told(value.clone()), ServerTime::At(noon), "{value}");
        }
    }

    #[test]
    fn what_can_not_be_read_is_neither_never_nor_a_time() {
        for value in [
            json!(""),
            json!("yesterday"),
            json!("2 hours ago"),
            json!("2026-03-01"),
            json!("20260301"),
            json!("01/03/2026 12:00:00"),
            json!("0000-00-00 00:00:00"),
            json!("2026-02-30 12:00:00"),
            json!("1970-01-01 00:00:00"),
            json!(0),
            json!(-5),
            json!(7),
            json!(i64::MAX),
            json!(1e300),
            json!(true),
            json!([]),
            json!({"date": "2026-03-01 12:00:00.000000"}),
        ] {
            let read = told(value.clone());
            assert_eq!(read, ServerTime::Unreadable, "{value}");
            assert!(!read.is_reported(), "{value}");
        }
        assert_eq!(told(Value::Null), ServerTime::Never);
    }
}
