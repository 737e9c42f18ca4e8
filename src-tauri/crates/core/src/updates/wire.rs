//! Whether a newer version of the app exists, as the window tells it.

use jiff::Timestamp;
use serde::Serialize;

/// What is known about newer versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum UpdatesView {
    /// The user has not turned it on: nobody was asked.
    Off,
    /// The last answer named no newer version.
    Newest {
        /// When that was.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        asked_at: Timestamp,
    },
    /// The last answer named a newer one.
    Newer {
        /// When that was.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        asked_at: Timestamp,
        /// Its number ("1.2.3").
        version: String,
        /// The host of the page with its packages; none where there is no page to open.
        page_host: Option<String>,
        /// Whether the user has put the notice of exactly this version away.
        dismissed: bool,
    },
    /// It was asked, and there is no answer that could be used. It is not asked again before the next day.
    NotKnown {
        /// When that was.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        asked_at: Timestamp,
        /// Why, in a sentence.
        problem: String,
    },
}
