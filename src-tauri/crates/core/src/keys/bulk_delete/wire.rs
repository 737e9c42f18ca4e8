//! Deleting several keys, as the window sees it: the card before, the progress, the outcome of each.

use jiff::Timestamp;
use pulseapi::KeyId;
use serde::{Deserialize, Serialize};

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::keys::delete::wire::{Friction, Verification};
use crate::records::key::KeyRow;
use crate::usage::wire::KeyUsage;

/// Look at several keys before they are deleted.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BulkCardRequest {
    /// Whose.
    pub account: AccountId,
    /// Which ones, in the order in which they are listed; 1 to 500.
    #[cfg_attr(feature = "typescript", ts(type = "Array<string>"))]
    pub keys: Vec<KeyId>,
}

/// One of several keys that are to be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BulkRow {
    /// Of two rows of a key the one with the higher number is the newer.
    pub number: u32,
    /// The key as the service described it just now; as it was last seen when it is gone.
    pub key: KeyRow,
    /// How much would stand before its deletion, were it deleted by itself.
    pub friction: Friction,
    /// True when somebody may notice: the phrase must be typed if this one is ticked.
    pub risky: bool,
    /// What the evidence says, in one sentence ("Something used this key 12 minutes ago.").
    pub evidence: String,
    /// What a search of this machine says, as of now; the friction follows it.
    pub usage: KeyUsage,
    /// Whether it is ticked when the card opens. Risky keys are not.
    pub ticked: bool,
    /// Why it can't be ticked, in words; none when it can.
    pub obstacle: Option<String>,
}

/// What is shown before several keys are deleted. Asked of the service anew each time it opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BulkCard {
    /// A row for each key that was asked for, in that order.
    pub rows: Vec<BulkRow>,
    /// What deleting does, in one or two sentences; names `401 Unauthorized`.
    pub consequence: String,
    /// When the service was asked.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub asked_at: Timestamp,
}

/// Delete several keys of the card that was shown last. The native dialog follows; the page cannot skip it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BulkDeleteRequest {
    /// Whose.
    pub account: AccountId,
    /// The ticked ones, in the order in which they are listed.
    #[cfg_attr(feature = "typescript", ts(type = "Array<string>"))]
    pub keys: Vec<KeyId>,
    /// What the user typed. When any ticked key is risky it must be "delete 7 keys", with the number of ticked ones
    /// ("delete 1 key"); checked in core.
    pub typed: Option<String>,
}

/// How it ended for one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum BulkResultKind {
    /// Gone, by this deletion.
    Deleted,
    /// Somebody else had deleted it before.
    GoneAlready,
    /// It was not what had been shown when its turn came: nothing was sent about it.
    Changed,
    /// It was tried, and it was not deleted.
    NotDeleted,
    /// It is not known whether the key is gone. Where something was sent it is asked again by itself; nothing is sent
    /// twice.
    Unknown,
    /// Nothing was sent about it.
    NotTried,
}

/// One key, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BulkResult {
    /// The record id.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// Its name; may be empty.
    pub name: String,
    /// The last 8 characters of its token.
    pub last_eight: String,
    /// How it ended.
    pub kind: BulkResultKind,
    /// In words; for a deleted one with the time.
    pub message: String,
    /// When it was known to be deleted, as this machine's clock says; for deleted ones only.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub at: Option<Timestamp>,
    /// What was seen of it; for deleted ones only.
    pub verification: Option<Verification>,
    /// Why it was not deleted or not tried, where there is a reason beyond the user's own word.
    pub error: Option<UiError>,
}

/// How far it is. A whole snapshot, but for the results, which are those since the snapshot before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BulkProgress {
    /// How many keys there are to delete.
    pub total: u32,
    /// How many have a result.
    pub done: u32,
    /// The key that is being deleted now.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub current: Option<KeyId>,
    /// Until when nothing is sent, because the service allows no more now.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub waiting_until: Option<Timestamp>,
    /// The results since the last snapshot. In order, but for keys about which a list has to say: they come last.
    pub results: Vec<BulkResult>,
}

/// How the deletion of several keys ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum BulkOutcome {
    /// It ran, to its end or to where it stopped.
    Finished {
        /// A result for each ticked key, in their order.
        results: Vec<BulkResult>,
        /// True when the user ended it before its end.
        cancelled: bool,
        /// All of it in words ("Deleted 5 of 7 keys. 2 were not tried.").
        message: String,
    },
    /// The user said no in the native dialog; nothing was sent.
    Cancelled,
    /// The card is not what was shown, or more is asked than was given. Nothing was sent.
    CardChanged {
        /// The card as it is now, with what the user had ticked and may still have ticked.
        card: BulkCard,
        /// Why, in one or two sentences.
        message: String,
    },
}
