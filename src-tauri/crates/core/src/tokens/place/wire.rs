//! Putting a token in place, as the window sees it: paths to read and masks, never the token. The page names files of the
//! plan that it was shown.

use pulseapi::KeyId;
use serde::{Deserialize, Serialize};

use crate::base::ids::CustodyId;
use crate::usage::wire::{FindingEncoding, FindingHeading};

/// Where a token can be put in place of an older one of its key: one in custody, or the one that a rotation will bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// False where this machine was never searched for the key.
    pub searched: bool,
    /// The key whose token stands there now: the same key's, unless another key takes its place.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub of_key: Option<KeyId>,
    /// Whether a token is put back where it stood before.
    pub is_back: bool,
    /// The files that can be written; all that could fail was tried.
    pub files: Vec<PlaceFile>,
    /// The places that are the user's to change.
    pub by_hand: Vec<PlaceByHand>,
}

/// A file that can be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PlaceFile {
    /// Names it in a request.
    pub id: String,
    /// Its path; stripped of control and direction characters.
    pub path: String,
    /// The same, with `~` for the home folder.
    pub short_path: String,
    /// Under which heading of the help article it belongs.
    pub heading: FindingHeading,
    /// As the help article writes it.
    pub title: String,
    /// The old token there, masked.
    pub before: String,
    /// The new token, masked; none while there is none yet.
    pub after: Option<String>,
    /// Where in the file it stands.
    pub spots: Vec<PlaceSpot>,
    /// What is worth knowing before it is written, a sentence each.
    pub remarks: Vec<String>,
    /// Whether it is written only after a question of its own: it is not ticked by itself.
    pub needs_consent: bool,
}

/// One place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PlaceSpot {
    /// The line, counted from 1.
    pub line: u32,
    /// The name on the left of it, as the search saw it.
    pub variable: Option<String>,
    /// How it is written there, which it stays.
    pub encoding: FindingEncoding,
}

/// A place that this app does not write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PlaceByHand {
    /// Its path, or the name of what has none.
    pub path: String,
    /// The same, with `~` for the home folder; a running program with its number.
    pub short_path: String,
    /// The first line, where there are lines.
    pub line: Option<u32>,
    /// The name on the left of it.
    pub variable: Option<String>,
    /// Why it is not written.
    pub reason: String,
    /// What to do instead.
    pub steps: String,
    /// Whether the token has to be changed there; false for what only tells what was.
    pub needs_change: bool,
}

/// Put a token into these files.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PutInPlaceRequest {
    /// Which token.
    pub token: CustodyId,
    /// Which files of the plan that was shown last.
    pub files: Vec<String>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PutOutcome {
    /// The user did not say yes; nothing was changed.
    Cancelled,
    /// Each file was written or not.
    Ended(PlacesWritten),
}

/// What became of the files of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlacesWritten {
    /// In how many the new token is, and how soon, in a sentence.
    pub message: String,
    /// Each file.
    pub results: Vec<PlaceResult>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PlaceResult {
    /// Which file of the plan.
    pub id: String,
    /// Its path.
    pub path: String,
    /// The same, with `~` for the home folder.
    pub short_path: String,
    /// Under which heading of the help article it belongs.
    pub heading: FindingHeading,
    /// As the help article writes it.
    pub title: String,
    /// Whether the new token is in it.
    pub done: bool,
    /// What happened, and what is in it now.
    pub message: String,
    /// What has to be restarted, where the path tells.
    pub restart: Option<PlaceRestart>,
}

/// What has to be restarted before the new token counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlaceRestart {
    /// In a sentence.
    pub what: String,
    /// The command that does it, to be copied.
    pub command: Option<String>,
}
