//! Rate limits: a window of 60 seconds for each key, and one for all unauthenticated requests.
//!
//! A window opens with its first request. Real limits vary by endpoint (documented); these don't.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue, header};
use jiff::{SignedDuration, Timestamp};

const WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// Counts requests.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    limit: u32,
    windows: Mutex<HashMap<Option<i64>, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    opened: Timestamp,
    used: u32,
}

/// What is left after a request was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// Requests in a window.
    pub(crate) limit: u32,
    /// Requests left in this window.
    pub(crate) remaining: u32,
    /// When the next window may open: seconds since 1970-01-01 UTC.
    pub(crate) reset: i64,
    /// Seconds until then when this request is over the limit.
    pub(crate) retry_after: Option<i64>,
}

impl RateLimiter {
    /// A limiter that lets `per_minute` requests through in each window.
    pub(crate) fn new(per_minute: u32) -> Self {
        Self {
            limit: per_minute,
            windows: Mutex::default(),
        }
    }

    /// Counts a request of a key (`None`: unauthenticated).
    pub(crate) fn take(&self, key: Option<i64>, now: Timestamp) -> Allowance {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Window {
            opened: now,
            used: 0,
        };
        let window = windows.entry(key).or_insert(fresh);
        let age = now.duration_since(window.opened);
        if age >= WINDOW || age.is_negative() {
            *window = fresh;
        }
        let refused = window.used >= self.limit;
        window.used = window.used.saturating_add(1).min(self.limit);
        // Rounded up, so that a client that waits until the reset is let through.
        let reset =
            (window.opened.as_millisecond() + WINDOW.as_secs() * 1000 + 999).div_euclid(1000);
        Allowance {
            limit: self.limit,
            remaining: self.limit - window.used,
            reset,
            retry_after: refused.then(|| (reset - now.as_second()).max(1)),
        }
    }
}

impl Allowance {
    /// Writes the three documented headers, and `Retry-After` when there is something to wait for.
    pub(crate) fn write_to(&self, headers: &mut HeaderMap) {
        headers.insert("x-ratelimit-limit", self.limit.into());
        headers.insert("x-ratelimit-remaining", self.remaining.into());
        headers.insert("x-ratelimit-reset", HeaderValue::from(self.reset));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}
