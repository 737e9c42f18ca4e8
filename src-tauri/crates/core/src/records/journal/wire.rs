//! The journal, as the window sees it.

use serde::{Deserialize, Serialize};

use crate::base::ids::KeyRequest;
use crate::records::journal::JournalRow;

/// Which rows of the journal are wanted.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct JournalRequest {
    /// Only rows of smaller numbers; from the newest on when none.
    #[cfg_attr(feature = "typescript", ts(type = "number | null"))]
    pub before: Option<i64>,
    /// So many at the most.
    pub limit: u32,
    /// Only those of this action.
    pub action: Option<String>,
    /// Only those whose key's name, last 8 characters or id hold each of these words.
    pub text: String,
    /// Only those of this key.
    pub of_key: Option<KeyRequest>,
}

/// A page of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct JournalPage {
    /// Newest first.
    pub rows: Vec<JournalRow>,
    /// Whether there are older ones that fit.
    pub has_more: bool,
    /// The number of the newest row of all: how many there are, where none was removed. 0 without any.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub newest: i64,
}

/// How far the verification of the journal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct JournalVerifying {
    /// Rows that were verified.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub done: i64,
    /// Rows that there are.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub of: i64,
}

/// What the verification of the journal came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct JournalVerified {
    /// How many rows there are.
    pub rows: u32,
    /// Whether each row is as it was written.
    pub chain: ChainView,
    /// Whether rows are missing at the end.
    pub end: EndView,
    /// Which actions there are, and how often.
    pub actions: Vec<ActionRows>,
    /// Whether the rows are of several accounts.
    pub has_many_accounts: bool,
}

/// How many rows there are of one action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ActionRows {
    /// As it stands in the journal.
    pub action: String,
    /// How many.
    pub rows: u32,
}

/// Whether the journal's chain of hashes holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChainView {
    /// Every row is as it was written.
    Whole,
    /// Something was changed, removed or put in between.
    Broken {
        /// The number of the first row that does not fit.
        at: u32,
        /// The number of the last row before it; 0 where there is none. Up to there all are as they were written.
        sound: u32,
    },
}

/// What the keychain says about the journal's end: a chain of hashes does not show that its newest rows were removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum EndView {
    /// None is missing of the rows that the keychain knows of.
    AsNoted {
        /// Since when the keychain knows of them, RFC 3339.
        since: String,
        /// How many there were already: whether others had been removed before, it does not know.
        rows_then: u32,
    },
    /// Some were removed or replaced, or an old copy of the database was put back.
    Lost {
        /// Each time that this was noticed, oldest first. Never empty.
        losses: Vec<LossView>,
    },
    /// The keychain was not asked, or did not answer.
    NotChecked {
        /// Why.
        why: NotCheckedView,
    },
}

/// The journal did not end as the keychain knew it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LossView {
    /// The number of the row that was the newest one: it is missing, or another one stands in its place.
    pub rows: u32,
    /// How many rows there were when that was noticed.
    pub left: u32,
    /// When that was, RFC 3339.
    pub noticed_at: String,
}

/// Why the keychain does not say whether rows are missing at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NotCheckedView {
    /// This session goes without one.
    SessionOnly,
    /// It is locked; its password is not asked for because of this.
    Locked,
    /// There is none, or it failed, or it did not answer in time.
    Unavailable,
    /// What it holds was written by a later version of the app, or by something else.
    Unreadable,
}

/// In which form the journal is written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum JournalFormat {
    /// A line for each row (RFC 4180), with a head line, and a last line about the journal's end.
    Csv,
    /// One object: what is known of the journal's end, and an array of all rows.
    Json,
}

/// Write the journal to a file that the user chooses in the native dialog.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ExportRequest {
    /// In which form.
    pub format: JournalFormat,
}

/// How an export ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExportOutcome {
    /// Written.
    Saved {
        /// Where.
        path: String,
        /// How many rows.
        rows: u32,
    },
    /// The user chose no file; nothing was written.
    Cancelled,
}
