//! The journal, as the window sees it.

use serde::{Deserialize, Serialize};

use crate::journal::JournalRow;

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
    },
}

/// The whole journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct JournalView {
    /// Newest first.
    pub rows: Vec<JournalRow>,
    /// Verified just now, over all rows.
    pub chain: ChainView,
}

/// In which form the journal is written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum JournalFormat {
    /// A line for each row (RFC 4180), with a head line.
    Csv,
    /// One array of objects.
    Json,
}

/// Write the journal to a file that the person chooses in the native dialog.
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
    /// The person chose no file; nothing was written.
    Cancelled,
}
