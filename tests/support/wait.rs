//! Waiting for something to become true. The only place with a pause in it: nothing here or in the
//! tests waits for time to pass, only for conditions.

use std::time::{Duration, Instant};

/// How long a condition may take before the test gives up; generous, as it only costs time when a
/// test fails, and a busy machine takes long to bring up a dialog. Seconds of wall time.
pub const WAIT_TIMEOUT: Duration = Duration::from_secs(60);

const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Asks `condition` again and again until it gives something.
///
/// # Panics
/// With `what` when [`WAIT_TIMEOUT`] runs out.
pub fn until<T>(what: &str, condition: impl FnMut() -> Option<T>) -> T {
    within(WAIT_TIMEOUT, condition)
        .unwrap_or_else(|| panic!("waited {} s in vain: {what}", WAIT_TIMEOUT.as_secs()))
}

/// Like [`until`] for a plain yes or no.
///
/// # Panics
/// With `what` when [`WAIT_TIMEOUT`] runs out.
pub fn until_true(what: &str, mut condition: impl FnMut() -> bool) {
    until(what, || condition().then_some(()));
}

/// Asks `condition` again and again for at most `limit`; `None` when it never gave anything.
pub fn within<T>(limit: Duration, mut condition: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = condition() {
            return Some(found);
        }
        if Instant::now() >= deadline {
            return None;
        }
        std::thread::sleep(POLL_INTERVAL);
    }
}
