//! API keys and lists of them, as the window sees them.

use jiff::Timestamp;
use serde::Serialize;

use crate::records::key::KeyRow;

/// What keys are called is on the clipboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KeyLabelsCopied {
    /// In words.
    pub message: String,
}

/// A page of the list as it arrives from the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KeyPageArrived {
    /// The rows of this page.
    pub keys: Vec<KeyRow>,
    /// How many have arrived so far, this page included.
    pub loaded: u32,
    /// How many there are, when the service says.
    pub total: Option<u32>,
}

/// The list has arrived. If it is whole, rows that were in no page are gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KeysRefreshed {
    /// When, as this machine's clock says.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub fetched_at: Timestamp,
    /// How many keys there are.
    pub total: u32,
    /// True when it answered a question that an interrupted request had left open: there may be notices.
    pub settled: bool,
    /// In words, when keys may be missing from the list even after it was read twice. Then no key is gone because it
    /// was in no page: the list as it is now is the remembered one.
    pub incomplete: Option<String>,
    /// True when the list was read twice. The pages that were told are those of the first time: the list as it is now
    /// is the remembered one.
    pub read_twice: bool,
}
