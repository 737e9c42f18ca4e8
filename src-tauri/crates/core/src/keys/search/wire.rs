//! A search of this machine, as the window sees it: what was found, and what it means for the deletions on screen.

use serde::Serialize;

use crate::keys::bulk_delete::wire::BulkRow;
use crate::keys::delete::wire::DeleteCard;
use crate::usage::wire::UsageReport;

/// What was shown last before a deletion, as what is known of the use changes it. A card that is not open is to be ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OpenCards {
    /// The card of the only key that is searched for.
    pub one: Option<DeleteCard>,
    /// Rows of the card of several keys.
    pub many: Vec<BulkRow>,
}

/// A whole picture of what a search has found so far, and the cards that it changed since the picture before. About ten a
/// second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UsageProgress {
    /// The folder that was begun last; empty before the first.
    pub folder: String,
    /// What was found so far, with what still counts of what was known before.
    pub report: UsageReport,
    /// The cards that changed.
    pub cards: OpenCards,
}

/// A search at its end. Whatever of its progress arrives later is older.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UsageSearched {
    /// What was found, with what still counts of what was known before.
    pub report: UsageReport,
    /// The cards of the keys, changed or not.
    pub cards: OpenCards,
}
