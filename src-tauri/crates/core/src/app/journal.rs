//! The journal.

use crate::app::PulseKeys;
use crate::records::journal::{self, Journal};
use crate::view::*;

impl PulseKeys {
    /// Verifies the journal: each row that was not verified since the start of the app, and whether rows are missing at
    /// its end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_journal(
        &self,
        tell: impl Fn(JournalVerifying),
    ) -> Result<JournalVerified, UiError> {
        journal::export::verify_journal(&self.ctx, tell).await
    }

    /// Writes the journal to a file that the user chooses.
    ///
    /// # Errors
    /// When the database fails, or the file cannot be written; then there is no new file.
    pub async fn export_journal(&self, format: JournalFormat) -> Result<ExportOutcome, UiError> {
        journal::export::export_journal(&self.ctx, format).await
    }

    /// A page of the journal, newest row first: of all rows, or of those that fit.
    ///
    /// A search for text that a newer one has overtaken ends with what it has found.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn journal_page(&self, request: JournalRequest) -> Result<JournalPage, UiError> {
        journal::pages::journal_page(&self.ctx, request).await
    }

    /// The whole journal in memory, oldest row first, with its chain verified. Not for the window.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn journal(&self) -> Result<Journal, UiError> {
        Ok(journal::read(&self.ctx.database).await?)
    }
}
