//! Where keys are used on this machine, and which key a text holds.

use std::path::PathBuf;

use crate::app::PulseKeys;
use crate::view::*;
use crate::{keys, recognise, usage};

impl PulseKeys {
    /// Searches this machine for keys. Whole snapshots go to `on_progress`, at most ten a second. A search that is under
    /// way for any of the keys is stopped.
    ///
    /// # Errors
    /// When the account or the keys are not known, or the search breaks. That findings can't be kept is no error.
    pub async fn usage_search(
        &self,
        request: &UsageRequest,
        on_progress: impl Fn(UsageProgress) + Send + Sync,
    ) -> Result<UsageSearched, UiError> {
        keys::search::usage_search(&self.ctx, request, on_progress).await
    }

    /// Stops what is running for any of these keys; without keys everything of the account. What was found stands.
    pub fn usage_cancel(&self, request: &KeysRequest) {
        usage::search::usage_cancel(&self.ctx, request);
    }

    /// What the last search found of a key, with its time, and what earlier ones found that counts still; none where
    /// there was no search.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn usage_last(&self, request: &KeyRequest) -> Result<Option<UsageReport>, UiError> {
        usage::search::usage_last(&self.ctx, request).await
    }

    /// The uses of a key that this app came to know of.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_uses(&self, request: &KeyRequest) -> Result<LastUses, UiError> {
        usage::search::last_uses(&self.ctx, request).await
    }

    /// Does something about a finding of the last report of a key.
    ///
    /// # Errors
    /// When no report of the key has it, this can't be done about it, or the system can't do it.
    pub async fn open_finding(&self, request: &FindingRequest) -> Result<(), UiError> {
        usage::actions::open_finding(&self.ctx, request).await
    }

    /// Works out where in the history of its repository a finding is.
    ///
    /// # Errors
    /// When no report of the key has it, it is in no repository, or git can't tell.
    pub async fn locate_finding(&self, request: &LocateRequest) -> Result<GitLocation, UiError> {
        usage::actions::locate_finding(&self.ctx, request).await
    }

    /// The checklist of a key.
    ///
    /// # Errors
    /// When the account is not known, or the database fails.
    pub async fn checklist(&self, request: &KeyRequest) -> Result<Checklist, UiError> {
        usage::checklist::checklist(&self.ctx, request).await
    }

    /// Ticks a line, or takes its tick away.
    ///
    /// # Errors
    /// When the account is not known, or the database fails; nothing has changed then.
    pub async fn tick_checklist(&self, request: &TickRequest) -> Result<Checklist, UiError> {
        usage::checklist::tick_checklist(&self.ctx, request).await
    }

    /// Says what a text or a file holds.
    ///
    /// # Errors
    /// When the text or the file is too large, the file can't be read, or the database fails.
    pub async fn recognise(&self, request: RecogniseRequest) -> Result<Recognised, UiError> {
        recognise::recognise(&self.ctx, request).await
    }

    /// A file was dropped on the window. Its name, for the page.
    pub fn note_dropped(&self, path: PathBuf) -> String {
        recognise::note_dropped(&self.ctx, path)
    }
}
