//! How far a run through several keys is, reported as often as eyes can follow.

use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::keys::bulk_delete::wire::{BulkProgress, BulkResult};
use crate::records::key::KeyRow;

/// Between two snapshots on screen. Real time, whatever clock the use cases go by: it is for eyes.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// The next snapshot, which changes as the run goes on.
pub(crate) struct Progress {
    now: Mutex<BulkProgress>,
    changed: Notify,
}

impl Progress {
    pub(crate) fn of(total: usize) -> Self {
        Self {
            now: Mutex::new(BulkProgress {
                total: u32::try_from(total).unwrap_or(u32::MAX),
                done: 0,
                current: None,
                waiting_until: None,
                results: Vec::new(),
            }),
            changed: Notify::new(),
        }
    }

    pub(crate) fn begin(&self, key: &KeyRow) {
        self.change(|now| now.current = Some(key.id.clone()));
    }

    pub(crate) fn wait_until(&self, until: Option<Timestamp>) {
        self.change(|now| now.waiting_until = until);
    }

    /// A key has no result yet, and nothing is done with it now.
    pub(crate) fn has_none_yet(&self) {
        self.change(|now| now.current = None);
    }

    pub(crate) fn add(&self, result: BulkResult) {
        self.change(|now| {
            now.current = None;
            now.done += 1;
            now.results.push(result);
        });
    }

    fn change(&self, change: impl FnOnce(&mut BulkProgress)) {
        change(&mut self.now.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_one();
    }

    /// The snapshot; the next one has only later results.
    pub(crate) fn take(&self) -> BulkProgress {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let results = std::mem::take(&mut now.results);
        BulkProgress {
            results,
            ..now.clone()
        }
    }

    pub(crate) async fn report_to(
        &self,
        on_progress: &(impl Fn(BulkProgress) + Send + Sync),
    ) -> Infallible {
        loop {
            self.changed.notified().await;
            on_progress(self.take());
            tokio::time::sleep(PROGRESS_INTERVAL).await;
        }
    }
}
