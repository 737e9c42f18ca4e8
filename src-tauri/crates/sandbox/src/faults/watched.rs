//! What a test that watches the whole server needs: a say in every request, what the server is at work on, which tokens
//! it gave out, and the answers that a cache would still have.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::Request;
use axum::http::{Method, header};
use secrecy::SecretString;
use serde_json::Value;

use super::log::SeenRequest;
use super::rule::Fault;

/// Says what goes wrong with a request, if anything does.
pub type Judge = Arc<dyn Fn(&SeenRequest) -> Option<Fault> + Send + Sync>;

/// How many requests the server has that it has not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtWork {
    /// Those that it is at work on.
    pub working: usize,
    /// Those that it leaves without an answer, for a while or for good, because a fault says so.
    pub withheld: usize,
}

/// A token that the server gave out over the API.
#[derive(Debug, Clone)]
pub struct Issued {
    /// Of which key.
    pub key: i64,
    /// The whole text.
    pub token: SecretString,
    /// Of the request that it was given for.
    pub idempotency_key: Option<String>,
}

#[derive(Default)]
pub(super) struct Watched {
    pub(super) judge: Option<Judge>,
    pub(super) issued: Vec<Issued>,
    /// The bodies of the last good answers, as long as there is a judge.
    pub(super) answers: HashMap<Asked, Value>,
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").finish_non_exhaustive()
    }
}

/// What a cache goes by: who asked, and for what.
pub(super) type Asked = (Option<String>, String, Option<String>);

/// Whose read a request is; none for writes.
#[derive(Clone)]
pub(super) struct Caller(Option<Option<String>>);

impl Caller {
    pub(super) fn of(request: &Request) -> Self {
        if request.method() != Method::GET {
            return Self(None);
        }
        let value = request.headers().get(header::AUTHORIZATION);
        Self(Some(
            value
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
        ))
    }

    pub(super) fn asked(&self, seen: &SeenRequest) -> Option<Asked> {
        let caller = self.0.clone()?;
        Some((caller, seen.path.clone(), seen.query.clone()))
    }
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) working: AtomicUsize,
    pub(super) withheld: AtomicUsize,
}

/// Counts a request for as long as it is held.
pub(super) struct Progress(Arc<Counters>);

/// Counts a request as left alone, not as worked on, for as long as it is held.
pub(super) struct Withheld(Arc<Counters>);

impl Progress {
    pub(super) fn working(counters: &Arc<Counters>) -> Self {
        counters.working.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(counters))
    }

    pub(super) fn withheld(&self) -> Withheld {
        self.0.withheld.fetch_add(1, Ordering::SeqCst);
        Withheld(Arc::clone(&self.0))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.working.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Drop for Withheld {
    fn drop(&mut self) {
        self.0.withheld.fetch_sub(1, Ordering::SeqCst);
    }
}
