//! What happens when the service asks to wait (429) in the middle of a use case.
//!
//! A refusal with a time is the one failure of a write that may be followed by the same request: nothing was done, and
//! the service itself says when to come back. Left out: how long the wait is (`pulseapi::RetryPolicy`).

use async_trait::async_trait;
use pulseapi::Error as ApiError;

/// Whether and how a use case waits.
#[async_trait]
pub(crate) trait RateLimitWait: Send + Sync {
    /// The same request was refused with a time, before this `earlier` times in a row. Waits, and says whether it is
    /// to be sent again.
    async fn waits(&self, refusal: &ApiError, earlier: u32) -> bool;
}

/// Nobody waits: a refusal is the outcome, and the user decides.
pub(crate) struct NoWait;

#[async_trait]
impl RateLimitWait for NoWait {
    async fn waits(&self, _: &ApiError, _: u32) -> bool {
        false
    }
}
