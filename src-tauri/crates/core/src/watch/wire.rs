//! How the watch stands, as the page shows it.

use jiff::Timestamp;
use serde::Serialize;

/// How the watch over this machine stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct WatchView {
    /// Whether it looks at this moment.
    pub is_looking: bool,
    /// When it looked last, to the end; none where it never did.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub looked_at: Option<Timestamp>,
}
