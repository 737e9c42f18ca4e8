//! What arrived at the API, and what became of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A place in the log.
pub(super) type LogEntry = Arc<Mutex<SeenRequest>>;

/// One request to the API, as the server saw it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SeenRequest {
    /// In upper case.
    pub method: String,
    /// With the prefix, without the query.
    pub path: String,
    /// What follows the `?`.
    pub query: Option<String>,
    /// The header of that name.
    pub idempotency_key: Option<String>,
    /// The status that the API came to, whether or not the answer was sent. `None`: it was never asked,
    /// or is still at work.
    pub acted: Option<u16>,
    /// The status that was sent. `None`: no answer left the server (yet).
    pub answered: Option<u16>,
    /// Whether the API has yet to be asked, although nobody waits for its answer any more.
    pub to_come: bool,
}

/// Nothing here is left half-changed by a panic, so a poisoned lock is as good as any.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
