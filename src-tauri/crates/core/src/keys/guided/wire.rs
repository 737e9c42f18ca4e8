//! The user's own list of keys, as it crosses to the page and back.

use jiff::Timestamp;
use pulseapi::KeyId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::base::ids::AccountId;
use crate::records::key::CachedKeys;

/// A key as the user describes it, read and checked. Both ways: core reads it out of a table, the page gives back what
/// the user has ticked, and core checks it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NotedKey {
    /// Its name; may be empty.
    pub name: String,
    /// The last 8 characters of its token.
    pub last_eight: String,
    /// What it may do.
    pub abilities: Vec<String>,
    /// The record id of its team; none where that is not known.
    pub team: Option<String>,
    /// When it was last used; none if never, or not known.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub last_used_at: Option<Timestamp>,
    /// Whether the user knows of its last use: else "never" would be a guess.
    pub last_use_known: bool,
    /// When it was made.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub created_at: Option<Timestamp>,
}

/// A key as the user types it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NoteKeyRequest {
    /// In whose list.
    pub account: AccountId,
    /// The one that is described anew; none for another one.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub key: Option<KeyId>,
    /// Its name.
    pub name: String,
    /// The last 8 characters, with or without dots before them.
    pub last_eight: String,
    /// Abilities, with commas between them.
    pub abilities: String,
    /// The record id of its team.
    pub team: Option<String>,
    /// "Never", a date, "2 days ago", or nothing.
    pub last_used: String,
    /// A date, or nothing.
    pub created: String,
}

/// A field of the form for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are those of the request")]
pub enum NoteField {
    Name,
    LastEight,
    Abilities,
    LastUsed,
    Created,
}

/// What is wrong in a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FieldProblem {
    /// Where.
    pub field: NoteField,
    /// In words.
    pub message: String,
    /// Whether a whole token was in it: then what stands there goes.
    pub holds_token: bool,
    /// The last 8 characters of the key that it is about, where several were sent.
    pub last_eight: Option<String>,
}

/// What came of writing a key down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoteOutcome {
    /// It is in the list.
    Noted {
        /// The list as it is now.
        list: CachedKeys,
    },
    /// It is not; nothing was changed.
    Refused {
        /// Why.
        problems: Vec<FieldProblem>,
    },
    /// The user said no in the native dialog.
    Cancelled,
}

/// A table of keys to be read.
#[derive(Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TableRequest {
    /// As copied from the web screen. A secret: nobody knows what else was copied.
    Text {
        /// For whose list.
        account: AccountId,
        /// The text.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        text: SecretString,
    },
    /// Out of a file that the user chooses in a native dialog.
    Choose {
        /// For whose list.
        account: AccountId,
    },
}

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TableRead {
    /// The user chose no file.
    Cancelled,
    /// It was read. Nothing of it is in the list yet.
    Read {
        /// What looks like a key, in the table's order.
        rows: Vec<TableRow>,
        /// What is to be known of the whole, in sentences.
        notes: Vec<String>,
    },
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct TableRow {
    /// The line it begins on, from 1.
    pub line: u32,
    /// The key; none where it can't be taken.
    pub key: Option<NotedKey>,
    /// Why it can't be taken.
    pub problem: Option<String>,
    /// What of it was not understood, in sentences.
    pub remarks: Vec<String>,
    /// True when the list has a key with these last 8 characters, which is described anew.
    pub replaces: bool,
}

/// Puts keys into the user's own list.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct NoteKeysRequest {
    /// Whose list.
    pub account: AccountId,
    /// Those that the user has ticked.
    pub keys: Vec<NotedKey>,
}
