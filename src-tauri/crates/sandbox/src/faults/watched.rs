//! What a test that watches the whole server needs: a say in every request, what the server is at work on, which tokens
//! it gave out, and the answers that a cache would still have.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::{IntoResponse as _, Response};
use secrecy::SecretString;
use serde_json::Value;

use super::{Fault, Faults, LogEntry, SeenRequest, lock};
use crate::store::accounts;
use crate::token::Presented;

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
    judge: Option<Judge>,
    issued: Vec<Issued>,
    /// The bodies of the last good answers, as long as there is a judge.
    answers: HashMap<Asked, Value>,
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").finish_non_exhaustive()
    }
}

/// What a cache goes by: who asked, and for what.
type Asked = (Option<String>, String, Option<String>);

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

    fn asked(&self, seen: &SeenRequest) -> Option<Asked> {
        let caller = self.0.clone()?;
        Some((caller, seen.path.clone(), seen.query.clone()))
    }
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    working: AtomicUsize,
    withheld: AtomicUsize,
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

impl Faults {
    /// From now on this says what goes wrong with each request, and no rule does; none brings the rules back.
    pub fn judged_by(&self, judge: Option<Judge>) {
        lock(&self.0.watched).judge = judge;
    }

    pub(super) fn judge(&self) -> Option<Judge> {
        lock(&self.0.watched).judge.clone()
    }

    /// What the server is at work on.
    pub fn at_work(&self) -> AtWork {
        let withheld = self.0.at_work.withheld.load(Ordering::SeqCst);
        let all = self.0.at_work.working.load(Ordering::SeqCst);
        AtWork {
            working: all.saturating_sub(withheld),
            withheld,
        }
    }

    /// The tokens that the API gave out, whether or not an answer with one arrived, oldest first.
    pub fn issued(&self) -> Vec<Issued> {
        lock(&self.0.watched).issued.clone()
    }

    /// Whether a token works, without counting as a use of it.
    pub fn accepts(&self, token: &str) -> bool {
        let Some(presented) = Presented::from_header(&format!("Bearer {token}")) else {
            return false;
        };
        let found = self
            .0
            .app
            .store
            .with(|database| accounts::credential(database, &presented));
        matches!(found, Ok(Some(_)))
    }

    /// Looks at what the API answered, and passes it on.
    pub(super) async fn watch(
        &self,
        entry: &LogEntry,
        caller: &Caller,
        response: Response,
    ) -> Response {
        if self.judge().is_none() || !response.status().is_success() {
            return response;
        }
        let (parts, body) = response.into_parts();
        let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
            return parts.into_response();
        };
        if let Ok(value) = serde_json::from_slice::<Value>(&bytes) {
            let seen = lock(entry).clone();
            let mut watched = lock(&self.0.watched);
            if let (Some(token), Some(key)) =
                (value["token"].as_str(), value["data"]["id"].as_i64())
            {
                watched.issued.push(Issued {
                    key,
                    token: token.to_owned().into(),
                    idempotency_key: seen.idempotency_key.clone(),
                });
            }
            if let Some(asked) = caller.asked(&seen) {
                watched.answers.insert(asked, value);
            }
        }
        Response::from_parts(parts, Body::from(bytes))
    }

    /// What a cache would answer.
    pub(super) fn answered_before(&self, seen: &SeenRequest, caller: &Caller) -> Option<Response> {
        let asked = caller.asked(seen)?;
        let body = lock(&self.0.watched).answers.get(&asked).cloned()?;
        Some(axum::Json(body).into_response())
    }
}
