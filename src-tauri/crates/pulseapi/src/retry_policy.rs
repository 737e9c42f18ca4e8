//! The one retry policy.
//!
//! 1. Only reads are repeated. A write goes out once: whether a failed one took effect is for the
//!    caller to find out ([`Error::outcome_unknown`]), never for a second attempt.
//! 2. A read is repeated after 429, 5xx, when no connection came about, and when the connection
//!    broke during the answer. Not after a timeout once the request was sent: the user has
//!    waited the whole 20 s already. Not after a TLS failure or a refusal: they don't go away.
//! 3. After 429 we wait until the moment that the server names (see `rate_limit`), and at least as
//!    long as after any other failure; a little jitter comes on top, so that many clients released
//!    at the same moment don't come back at the same moment.
//! 4. After anything else we wait `first_delay`, doubled each time up to `longest_delay`, of which
//!    half is fixed and half is jitter.
//! 5. A call gives up after `max_retries` repetitions, or as soon as the next wait would bring it
//!    past `longest_wait` since it began. It then returns the last failure; for a rate limit that
//!    is `RateLimited { until }`, so that the user can be told.
//! 6. A caller that shows the user its waits, and lets them be called off, may send a request again that
//!    was refused with 429, a write too: `max_rate_limit_retries` times, each after at most
//!    `longest_rate_limit_wait` ([`RetryPolicy::rate_limit_delay`]).
//! 7. Later pages of a list may take `longest_page_wait` instead: the earlier ones are on screen
//!    already, and a long list must survive one full rate-limit window.
//!
//! The HTTP library's own retries are turned off. There is no circuit breaker; for
//! pacing ahead of a limit a caller has [`Client::advised_wait`](crate::Client::advised_wait).

use std::time::Duration;

use jiff::Timestamp;

use crate::error::Error;

/// The numbers of the policy; its rules are the module's prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often one call is repeated at most. 3.
    pub max_retries: u32,
    /// The first wait after a failure. 500 ms.
    pub first_delay: Duration,
    /// The longest wait after a failure other than 429. 8 s.
    pub longest_delay: Duration,
    /// How long after its beginning a call may still be repeated. 30 s.
    pub longest_wait: Duration,
    /// The same for the second and later pages of a list. 90 s.
    pub longest_page_wait: Duration,
    /// How often a caller that shows its waits sends one request again after 429. 5.
    pub max_rate_limit_retries: u32,
    /// The longest of those waits. 15 min: after more the user should look at the evidence again.
    pub longest_rate_limit_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 3,
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(8),
            longest_wait: Duration::from_secs(30),
            longest_page_wait: Duration::from_secs(90),
            max_rate_limit_retries: 5,
            longest_rate_limit_wait: Duration::from_secs(15 * 60),
        }
    }
}

impl RetryPolicy {
    /// Asks once.
    #[must_use]
    pub fn none() -> Self {
        Self {
            max_retries: 0,
            ..Self::default()
        }
    }

    /// How long a caller that shows its waits waits after `refusal` before it sends the request again, a
    /// write too; `None` when it gives up. `retry` (from 0) and `fraction` are as in [`Self::delay`].
    #[must_use]
    pub fn rate_limit_delay(
        &self,
        refusal: &Error,
        retry: u32,
        now: Timestamp,
        fraction: f64,
    ) -> Option<Duration> {
        if retry >= self.max_rate_limit_retries || !matches!(refusal, Error::RateLimited { .. }) {
            return None;
        }
        let delay = self.delay(refusal, retry, now, fraction)?;
        (delay <= self.longest_rate_limit_wait).then_some(delay)
    }

    /// How long to wait after `error` before repetition number `retry` (from 0); `None` when it is
    /// not repeated. `fraction` is the jitter, from 0 to 1.
    ///
    /// For a write only `RateLimited` may be waited for: it alone says that nothing was done.
    #[must_use]
    pub fn delay(
        &self,
        error: &Error,
        retry: u32,
        now: Timestamp,
        fraction: f64,
    ) -> Option<Duration> {
        let factor = 2_u32.saturating_pow(retry);
        let backoff = self
            .first_delay
            .saturating_mul(factor)
            .min(self.longest_delay);
        match error {
            Error::RateLimited { until } => {
                let named = Duration::try_from(until.duration_since(now)).unwrap_or_default();
                Some(
                    named
                        .max(backoff)
                        .saturating_add(self.first_delay.mul_f64(fraction)),
                )
            }
            Error::Server { .. }
            | Error::Offline { .. }
            | Error::ConnectionLost { .. }
            | Error::Timeout { sent: false } => Some(backoff.mul_f64(0.5 + fraction / 2.0)),
            _ => None,
        }
    }
}
