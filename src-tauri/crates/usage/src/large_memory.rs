//! Much memory is taken by one thread of a search at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A thread's right to have much in memory, which it has or has not.
#[derive(Debug)]
pub(crate) struct LargeMemory<'search> {
    right: &'search Mutex<()>,
    held: Option<MutexGuard<'search, ()>>,
}

impl<'search> LargeMemory<'search> {
    /// The right, not taken yet.
    pub(crate) fn new(right: &'search Mutex<()>) -> Self {
        Self { right, held: None }
    }

    /// Waits until no other thread has much in memory. Says whether this one has the right only now: then the caller is
    /// to give it back.
    pub(crate) fn take(&mut self) -> bool {
        if self.held.is_some() {
            return false;
        }
        let held = self.right.lock();
        self.held = Some(held.unwrap_or_else(PoisonError::into_inner));
        true
    }

    /// Lets the other threads have it. Says whether this one had it.
    pub(crate) fn give_back(&mut self) -> bool {
        self.held.take().is_some()
    }
}
