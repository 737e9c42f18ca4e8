//! What the user wrote about keys.

use crate::app::PulseKeys;
use crate::notes;
use crate::view::*;

impl PulseKeys {
    /// The notes about the keys of an account.
    ///
    /// # Errors
    /// When the account is not known any more, or the database fails.
    pub async fn key_notes(&self, id: AccountId) -> Result<KeyNotes, UiError> {
        notes::key_notes(&self.ctx, id).await
    }

    /// Writes a note about a key in place of the one before; one that says nothing takes it away.
    ///
    /// # Errors
    /// When the account is not known any more, its list does not have the key, or the database fails. What is wrong in a
    /// field is an outcome.
    pub async fn edit_note(&self, request: &EditNoteRequest) -> Result<EditNoteOutcome, UiError> {
        notes::edit_note(&self.ctx, request).await
    }

    /// Writes a table with a row for each key of each account, noted or not, to a file that the user chooses.
    ///
    /// # Errors
    /// When the database fails, or the file cannot be written; then there is no new file.
    pub async fn export_notes(&self) -> Result<ExportOutcome, UiError> {
        notes::export_notes(&self.ctx).await
    }

    /// Reads a table of notes out of a file that the user chooses. Nothing is written.
    ///
    /// # Errors
    /// When the file is too large or can't be read, or the database fails.
    pub async fn read_notes(&self) -> Result<NotesRead, UiError> {
        notes::import::read_notes(&self.ctx).await
    }

    /// Writes the notes of a table that the user has ticked: all of them, or none.
    ///
    /// # Errors
    /// When there are too many, one of them holds what no note may, an account is not known any more, or the database
    /// fails; nothing was written then.
    pub async fn import_notes(
        &self,
        request: &ImportNotesRequest,
    ) -> Result<NotesImported, UiError> {
        notes::import::import_notes(&self.ctx, request).await
    }
}
