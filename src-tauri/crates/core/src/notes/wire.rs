//! The user's notes about keys, as they cross to the page and back.

use jiff::Timestamp;
use jiff::civil::Date;
use pulseapi::KeyId;
use serde::{Deserialize, Serialize};

use crate::base::ids::AccountId;
use crate::records::key_notes::StoredNote;

/// What the user knows of a key and no service tells. It stays on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KeyNote {
    /// Of which key: its record id.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// What the key is for; may be empty, as each of the others.
    pub purpose: String,
    /// Whom to ask about it.
    pub owner: String,
    /// Where the user keeps its token by hand.
    pub stored_in: String,
    /// The day on which the user wants to look at it again (2027-03-01).
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub review_on: Option<Date>,
    /// When it was written.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub written_at: Timestamp,
}

impl From<StoredNote> for KeyNote {
    fn from(note: StoredNote) -> Self {
        Self {
            key: note.key,
            purpose: note.text.purpose,
            owner: note.text.owner,
            stored_in: note.text.stored_in,
            review_on: note.text.review_on,
            written_at: note.written_at,
        }
    }
}

/// The notes about the keys of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct KeyNotes {
    /// Whose.
    pub account: AccountId,
    /// One for each key that has one.
    pub notes: Vec<KeyNote>,
}

/// A note as the user types it. Nothing in all of its fields takes the note away.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct EditNoteRequest {
    /// Whose key.
    pub account: AccountId,
    /// The key.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// What it is for.
    pub purpose: String,
    /// Whom to ask.
    pub owner: String,
    /// Where its token is kept by hand.
    pub stored_in: String,
    /// A date, "in 3 months", or nothing.
    pub review_on: String,
}

/// A field of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are those of the request")]
pub enum KeyNoteField {
    Purpose,
    Owner,
    StoredIn,
    ReviewOn,
}

/// What is wrong in a field of a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KeyNoteProblem {
    /// Where.
    pub field: KeyNoteField,
    /// In words.
    pub message: String,
    /// Whether a whole token was in it: then what stands there goes.
    pub holds_token: bool,
}

/// What came of writing a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EditNoteOutcome {
    /// It is written, or gone where it said nothing.
    Written {
        /// The notes of the account as they are now.
        notes: KeyNotes,
    },
    /// It is not; nothing was changed.
    Refused {
        /// Why.
        problems: Vec<KeyNoteProblem>,
    },
}

/// What a table of notes holds. Nothing of it is written yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NotesRead {
    /// The user chose no file.
    Cancelled,
    /// It was read.
    Read {
        /// The rows that would change something, and those that can't be taken, in the table's order.
        rows: Vec<NotesRow>,
        /// What is to be known of the whole, in sentences.
        remarks: Vec<String>,
    },
}

/// A row of a table of notes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NotesRow {
    /// The line it begins on, from 1.
    pub line: u32,
    /// Which key it is about, in words; empty where that can't be told.
    pub title: String,
    /// The note, and its key in the list; none where it can't be taken.
    pub note: Option<ImportedNote>,
    /// Why it can't be taken.
    pub problem: Option<String>,
    /// The note that it would take the place of.
    pub replaces: Option<KeyNote>,
}

/// A note out of a table. Both ways: core reads it, the page gives back what the user has ticked, and core checks it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ImportedNote {
    /// Whose key.
    pub account: AccountId,
    /// The key.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// What it is for.
    pub purpose: String,
    /// Whom to ask.
    pub owner: String,
    /// Where its token is kept by hand.
    pub stored_in: String,
    /// When to look at it again.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub review_on: Option<Date>,
    /// When the note was written that it takes the place of, as it was shown; none where there was none.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub over: Option<Timestamp>,
}

/// Writes the notes of a table.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ImportNotesRequest {
    /// Those that the user has ticked.
    pub notes: Vec<ImportedNote>,
}

/// What came of that: all or nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NotesImported {
    /// They are written.
    Imported {
        /// The notes of the accounts that they are of, as they are now.
        accounts: Vec<KeyNotes>,
    },
    /// Something is not as it was shown; nothing was written.
    Changed {
        /// In words.
        message: String,
    },
}
