//! The handle that tests hold: rules, the log, and what is behind both.

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::watch;

use super::log::{LogEntry, SeenRequest, lock};
use super::rule::{InvalidRule, Rule};
use super::watched::{Counters, Watched};
use crate::api::App;

/// A handle on the test switches of one sandbox.
#[derive(Debug, Clone)]
pub struct Faults(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) app: App,
    pub(super) stopped: watch::Receiver<bool>,
    pub(super) rules: Mutex<Vec<Rule>>,
    /// A request at work holds its own entry, so emptying the log can't mix entries up.
    pub(super) log: Mutex<Vec<LogEntry>>,
    pub(super) at_work: Arc<Counters>,
    pub(super) watched: Mutex<Watched>,
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

    pub(super) fn rules_mut(&self) -> MutexGuard<'_, Vec<Rule>> {
        lock(&self.0.rules)
    }

    pub(super) fn log_mut(&self) -> MutexGuard<'_, Vec<LogEntry>> {
        lock(&self.0.log)
    }
}
