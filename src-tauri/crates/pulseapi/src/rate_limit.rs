//! What an answer says about when to ask again: `Retry-After` (RFC 9110 §10.2.3, seconds or an
//! HTTP date), then `X-RateLimit-Reset` (the vendor's help: a timestamp; read as Unix seconds or
//! RFC 3339).
//!
//! The remaining allowance is not looked at: the client does not pace itself ahead of a refusal.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// How long to keep away when the server does not say: the usual window of a rate limit.
const WINDOW: Duration = Duration::from_secs(60);

/// When to ask again (UTC). Never before `now`.
pub(crate) fn until(headers: &HeaderMap, now: Timestamp) -> Timestamp {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    text(RETRY_AFTER.as_str())
        .and_then(|value| retry_after(value, now))
        .or_else(|| text("x-ratelimit-reset").and_then(reset))
        .unwrap_or_else(|| later(now, WINDOW))
        .max(now)
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
