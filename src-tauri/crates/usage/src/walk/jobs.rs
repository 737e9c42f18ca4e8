//! What is to be done of a walk: a stack that all its threads share.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::crew::Crew;
use crate::disk::Folder;
use crate::search::Search;

/// How long a thread without work sleeps before it looks whether the search was stopped.
const STOP_CHECK_INTERVAL: Duration = Duration::from_millis(20);

/// Something to do.
pub(super) enum Job {
    Folder(PathBuf),
    /// What has not been listed yet of a folder that is not small.
    Rest(Box<Listed>),
    /// Some of the files of a folder.
    Files(PathBuf, Vec<OsString>),
}

/// A folder whose entries are being listed.
pub(super) struct Listed {
    pub(super) folder: Folder,
    pub(super) path: PathBuf,
    pub(super) is_root: bool,
    pub(super) is_store: bool,
}

/// What is to be done, for all threads. The last one put there is taken first: that keeps it short.
pub(super) struct Work {
    state: Mutex<State>,
    more: Condvar,
}

struct State {
    jobs: Vec<Job>,
    /// Folders that links led to.
    linked: HashSet<PathBuf>,
    busy: usize,
    idle: usize,
    crew: Crew,
}

impl Work {
    /// For so many threads, on a machine of so many processors.
    pub(super) fn new(threads: usize, processors: usize) -> Self {
        Self {
            state: Mutex::new(State {
                jobs: Vec::new(),
                linked: HashSet::new(),
                busy: 0,
                idle: 0,
                crew: Crew::new(threads, processors),
            }),
            more: Condvar::new(),
        }
    }

    pub(super) fn push(&self, jobs: impl IntoIterator<Item = Job>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.jobs.extend(jobs);
        // One is taken by who put it there. To wake a thread for nothing costs more than to read a file.
        let free = state.crew.size().saturating_sub(state.busy);
        let wanted = state.idle.min(state.jobs.len().saturating_sub(1)).min(free);
        drop(state);
        for _ in 0..wanted {
            self.more.notify_one();
        }
    }

    /// The next job; `None` when all is done or the search was stopped.
    pub(super) fn next(&self, search: &Search) -> Option<Job> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if search.is_stopped() {
                return None;
            }
            state.crew.fit();
            if state.busy < state.crew.size()
                && let Some(job) = state.jobs.pop()
            {
                state.busy += 1;
                return Some(job);
            }
            if state.busy == 0 {
                return None;
            }
            state.idle += 1;
            state = match self.more.wait_timeout(state, STOP_CHECK_INTERVAL) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
            state.idle -= 1;
        }
    }

    /// A folder that a link leads to, unless another link did.
    pub(super) fn push_linked(&self, folder: PathBuf) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = state.linked.insert(folder.clone());
        drop(state);
        if is_new {
            self.push([Job::Folder(folder)]);
        }
    }

    fn done(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.busy -= 1;
        let is_over = state.busy == 0 && state.jobs.is_empty();
        drop(state);
        if is_over {
            self.more.notify_all();
        }
    }
}

/// A job counts as done even if it panics, or the others would wait for it for ever.
pub(super) struct Doing<'work>(pub(super) &'work Work);

impl Drop for Doing<'_> {
    fn drop(&mut self) {
        self.0.done();
    }
}
