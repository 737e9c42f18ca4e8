//! Switches for tests: lost answers, bad answers, a log of what arrived, keys written verbatim.
//!
//! They exist only when [`Settings::faults`](crate::Settings::faults) is set, as methods of [`Faults`]
//! and as HTTP calls under `/testing`, outside the API and without authentication. Otherwise those paths
//! are not found.
//!
//! | call | does |
//! | --- | --- |
//! | `POST /testing/faults` [`Rule`] | queues a rule |
//! | `GET /testing/faults` | the rules that still wait |
//! | `DELETE /testing/faults` | forgets them |
//! | `GET /testing/requests` | every API request so far, see [`SeenRequest`] |
//! | `DELETE /testing/requests` | empties that log |
//! | `POST /testing/credentials` | mints one more credential, answers `{token}` |
//! | `POST /testing/keys` [`VerbatimKey`] | writes a key unchecked, answers `{id, token}` |
//! | `GET /testing/keys/{id}` | that key's state, without counting as a use of it |
//! | `POST /testing/keys/{id}/stale` `{times}` | its token outlives the key for so many requests |

mod answer;
mod layer;
mod others;
mod records;
mod routes;
mod rule;
mod watched;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{Router, middleware};
use tokio::sync::watch;

use crate::api::App;

pub use records::{InsertedKey, VerbatimKey};
pub use rule::{Fault, InvalidRule, Rule};
pub use watched::{AtWork, Issued, Judge};

/// A handle on the test switches of one sandbox.
#[derive(Debug, Clone)]
pub struct Faults(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    app: App,
    stopped: watch::Receiver<bool>,
    rules: Mutex<Vec<Rule>>,
    /// A request at work holds its own entry, so emptying the log can't mix entries up.
    log: Mutex<Vec<LogEntry>>,
    at_work: Arc<watched::Counters>,
    watched: Mutex<watched::Watched>,
}

/// A place in the log.
type LogEntry = Arc<Mutex<SeenRequest>>;

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

impl Faults {
    pub(crate) fn new(app: App, stopped: watch::Receiver<bool>) -> Self {
        let (rules, log) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Inner {
            app,
            stopped,
            rules,
            log,
            at_work: Arc::default(),
            watched: Mutex::default(),
        }))
    }

    /// Queues a rule. The first rule that fits a request applies to it.
    ///
    /// # Errors
    /// [`InvalidRule`] when it could never apply, or asks for an impossible answer.
    pub fn inject(&self, rule: Rule) -> Result<(), InvalidRule> {
        rule.check()?;
        self.rules_mut().push(rule);
        Ok(())
    }

    /// The rules that still wait, with how often each will apply.
    pub fn rules(&self) -> Vec<Rule> {
        self.rules_mut().clone()
    }

    /// Forgets every rule.
    pub fn clear(&self) {
        self.rules_mut().clear();
    }

    /// Every request to the API so far, oldest first.
    pub fn requests(&self) -> Vec<SeenRequest> {
        let log = self.log_mut();
        log.iter().map(|entry| lock(entry).clone()).collect()
    }

    /// Empties the log.
    pub fn clear_requests(&self) {
        self.log_mut().clear();
    }

    fn rules_mut(&self) -> MutexGuard<'_, Vec<Rule>> {
        lock(&self.0.rules)
    }

    fn log_mut(&self) -> MutexGuard<'_, Vec<LogEntry>> {
        lock(&self.0.log)
    }
}

/// Nothing here is left half-changed by a panic, so a poisoned lock is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts the rules and the log around the API, and the switches beside it.
pub(crate) fn attach(api: Router, faults: &Faults) -> Router {
    api.layer(middleware::from_fn_with_state(faults.clone(), layer::apply))
        .merge(routes::router(faults.clone()))
}
