//! What an answer says about when to ask again: `Retry-After` (RFC 9110 §10.2.3, seconds or an
//! HTTP date), then `X-RateLimit-Reset` (the vendor's help: a timestamp; read as Unix seconds or
//! RFC 3339). And what any answer says about how much may still be asked: `X-RateLimit-Remaining`.
//!
//! Left out: pacing. The client only tells what it knows ([`Client::advised_wait`](crate::Client::advised_wait)); a
//! refusal alone is certain.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// How long to keep away when the server does not say: the usual window of a rate limit.
const WINDOW: Duration = Duration::from_secs(60);

/// What an answer says is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    remaining: u32,
    /// When there is more again (UTC).
    reset: Timestamp,
}

impl Allowance {
    /// None where an answer does not say both.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        Some(Self {
            remaining: text(headers, "x-ratelimit-remaining")?.parse().ok()?,
            reset: reset(text(headers, "x-ratelimit-reset")?)?,
        })
    }
}

/// What an answer says of rate limits, as numbers. `None` is for what it does not say, or in no way that can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// How many requests are allowed in the window.
    pub limit: Option<u32>,
    /// How many of them are left.
    pub remaining: Option<u32>,
    /// In how long the window ends.
    pub resets_in: Option<Duration>,
    /// How long to wait, where it refuses.
    pub retry_after: Option<Duration>,
}

impl Limits {
    pub(crate) fn of(headers: &HeaderMap, now: Timestamp) -> Self {
        let number = |name| text(headers, name)?.parse().ok();
        let from_now = |at: Timestamp| Duration::try_from(at.duration_since(now)).ok();
        Self {
            limit: number("x-ratelimit-limit"),
            remaining: number("x-ratelimit-remaining"),
            resets_in: text(headers, "x-ratelimit-reset")
                .and_then(reset)
                .and_then(from_now),
            retry_after: text(headers, RETRY_AFTER.as_str())
                .and_then(|value| retry_after(value, now))
                .and_then(from_now),
        }
    }
}

/// What the last answers said is left: reads and writes apart, since limits vary by endpoint (documented), and what
/// is left for looking says little about deleting.
#[derive(Debug, Default)]
pub(crate) struct Left {
    of_reads: Mutex<Option<Allowance>>,
    of_writes: Mutex<Option<Allowance>>,
}

impl Left {
    pub(crate) fn note(&self, is_read: bool, headers: &HeaderMap) {
        let left = if is_read {
            &self.of_reads
        } else {
            &self.of_writes
        };
        if let Some(allowance) = Allowance::of(headers) {
            *left.lock().unwrap_or_else(PoisonError::into_inner) = Some(allowance);
        }
    }

    /// Until when there is not enough for so many requests; none when nothing that is known speaks against them.
    pub(crate) fn too_little_until(&self, requests: u32, now: Timestamp) -> Option<Timestamp> {
        [&self.of_reads, &self.of_writes]
            .into_iter()
            .filter_map(|left| *left.lock().unwrap_or_else(PoisonError::into_inner))
            .filter(|left| left.remaining < requests && left.reset > now)
            .map(|left| left.reset)
            .max()
    }
}

/// When to ask again (UTC). Never before `now`.
pub(crate) fn until(headers: &HeaderMap, now: Timestamp) -> Timestamp {
    text(headers, RETRY_AFTER.as_str())
        .and_then(|value| retry_after(value, now))
        .or_else(|| text(headers, "x-ratelimit-reset").and_then(reset))
        .unwrap_or_else(|| later(now, WINDOW))
        .max(now)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn retry_after(value: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(seconds) = value.parse() {
        return Some(later(now, Duration::from_secs(seconds)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Timestamp::try_from(date).ok()
}

fn reset(value: &str) -> Option<Timestamp> {
    match value.parse() {
        Ok(seconds) => Timestamp::from_second(seconds).ok(),
        Err(_) => value.parse().ok(),
    }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(remaining: &str, reset: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-remaining", remaining.parse().unwrap());
        headers.insert("x-ratelimit-reset", reset.parse().unwrap());
        headers
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn too_little_lasts_until_the_reset_and_no_longer() {
        let left = Left::default();
        assert_eq!(left.too_little_until(2, at(0)), None);
        left.note(true, &answer("1", "60"));
        assert_eq!(left.too_little_until(1, at(0)), None);
        assert_eq!(left.too_little_until(2, at(0)), Some(at(60)));
        assert_eq!(left.too_little_until(2, at(60)), None);
    }

    #[test]
    fn plenty_of_reads_does_not_hide_that_writes_are_used_up() {
        let left = Left::default();
        left.note(false, &answer("0", "1970-01-01T00:01:30Z"));
        left.note(true, &answer("500", "60"));
        assert_eq!(left.too_little_until(1, at(0)), Some(at(90)));
        left.note(false, &answer("59", "150"));
        assert_eq!(left.too_little_until(1, at(0)), None);
    }

    #[test]
    fn an_answer_that_says_half_of_it_or_nonsense_changes_nothing() {
        let left = Left::default();
        left.note(true, &answer("0", "60"));
        left.note(true, &HeaderMap::new());
        left.note(true, &answer("none", "120"));
        left.note(true, &answer("9", "soon"));
        assert_eq!(left.too_little_until(1, at(0)), Some(at(60)));
    }
}
