//! Swapping and retiring keys, as the window sees it. No secret crosses here.

use pulseapi::KeyId;
use serde::{Deserialize, Serialize};

use crate::base::error::UiError;
use crate::base::ids::{AccountId, CustodyId};
use crate::custody::wire::TokenInCustody;
use crate::records::key::KeyRow;
use crate::records::notices::NextStep;

/// How a key is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SwapWay {
    /// Another key takes its place.
    Swap,
    /// None does.
    Retire,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SwapStage {
    /// The sibling is not known to be made.
    Begun,
    /// The sibling is there, and goes into its places.
    Placing,
    /// The old key should be quiet, and is so far.
    Watching,
    /// Something used the old key after that.
    Woken,
    /// The old key has been quiet for long enough.
    Ready,
    /// The old key is gone.
    Gone,
}

/// How a step of the way stands to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SwapStepState {
    /// Behind.
    Done,
    /// This is where it is.
    Now,
    /// The same, and something is wrong.
    Trouble,
    /// Ahead.
    Ahead,
}

/// One step of the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SwapStep {
    /// In a few words ("In place (2 of 3)").
    pub title: String,
    /// What is known of it, in one sentence; may be empty.
    pub detail: String,
    /// How it stands.
    pub state: SwapStepState,
}

/// The key that takes the place of the old one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SwapSibling {
    /// Its record id.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// Its name.
    pub name: String,
    /// The last 8 characters of its token.
    pub last_eight: String,
    /// Its token in custody; none once that has left.
    pub token: Option<CustodyId>,
}

/// A place of this machine that has to do with a swap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SwapPlaceView {
    /// Its path, with `~` for the home folder.
    pub short_path: String,
    /// Whether the new token is in it.
    pub done: bool,
    /// Whether this app put it there; otherwise the user says whether it is done.
    pub ours: bool,
}

/// A key that is to go once it has been quiet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SwapView {
    /// Whose.
    pub account: AccountId,
    /// The old key.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// Its name.
    pub name: String,
    /// The last 8 characters of its token.
    pub last_eight: String,
    /// How it is to go.
    pub way: SwapWay,
    /// How far it is.
    pub stage: SwapStage,
    /// The whole way, in its order.
    pub steps: Vec<SwapStep>,
    /// Where it is, in a few words, for the list ("Swap: in place (2 of 3)").
    pub mark: String,
    /// What is known and what comes next, in a sentence or two.
    pub sentence: String,
    /// What it is called that takes the place of the old one, or is to; empty where nothing does.
    pub sibling_name: String,
    /// That key; none as long as it is not known to be made, and where nothing takes its place.
    pub sibling: Option<SwapSibling>,
    /// The places of this machine that have to do with it.
    pub places: Vec<SwapPlaceView>,
    /// For how many days it has to be quiet.
    pub quiet_days: u16,
    /// How many are advised by how it was used before.
    pub advised_days: u16,
    /// The old token in custody, with which the swap can be undone; none where only the user can.
    pub old_token: Option<CustodyId>,
    /// Whether this app has put the new token anywhere, so that there is something to undo.
    pub can_undo: bool,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Swaps {
    /// Of all accounts, oldest first.
    pub swaps: Vec<SwapView>,
}

/// What is shown before a key is swapped or retired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SwapCard {
    /// The key as the list knows it.
    pub key: KeyRow,
    /// What is known of its use, in one sentence.
    pub evidence: String,
    /// A name for the sibling, which it can keep.
    pub suggested_name: String,
    /// Why it ends as it does, and what becomes of it.
    pub name_remark: String,
    /// For how many days a key can be asked to be quiet.
    pub quiet_choices: Vec<u16>,
    /// Which of them is advised.
    pub advised_days: u16,
    /// Why, in one sentence.
    pub advice: String,
    /// Why it can't be swapped; none where it can.
    pub obstacle: Option<String>,
}

/// Make a sibling that takes the place of a key.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BeginSwapRequest {
    /// Whose.
    pub account: AccountId,
    /// The old key.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// What the sibling is called; checked as the name of any new key.
    pub name: String,
    /// For how many days the old one has to be quiet.
    pub quiet_days: u16,
}

/// How beginning a swap ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SwapBegun {
    /// The sibling is made, and its token is in custody.
    Begun {
        /// The token, without its text.
        token: Box<TokenInCustody>,
        /// All swaps, with this one.
        swaps: Swaps,
    },
    /// Nothing was made, and nothing has begun. An error for each field that is not acceptable, or one for all.
    NotBegun {
        /// With the code of the field: `name`, `abilities` or `team`.
        errors: Vec<UiError>,
    },
    /// The service made the sibling, but its token never arrived. Nothing has begun.
    TokenLost {
        /// What happened and what to do, in words.
        message: String,
        /// Deleting that sibling, when it is clear which one it is.
        next: Option<NextStep>,
    },
    /// It is not known whether the sibling was made. The swap waits for that.
    Unknown {
        /// What is known, and what now.
        error: UiError,
        /// All swaps, with this one.
        swaps: Swaps,
    },
}

/// A key has to be quiet for so long.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct QuietRequest {
    /// Whose.
    pub account: AccountId,
    /// Which one.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// One of the choices.
    pub quiet_days: u16,
}

/// A place that the user changes by hand.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SwapPlaceRequest {
    /// Whose.
    pub account: AccountId,
    /// The old key.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// Which place, as it is shown.
    pub short_path: String,
    /// Whether the new token is there.
    pub done: bool,
}

/// What a watch over a key says to the card before its deletion. It does not cross.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QuietProof {
    /// In a sentence.
    pub(crate) words: String,
    /// Whether it was used when it should have been quiet.
    pub(crate) is_woken: bool,
    /// Whether it has been quiet for as long as it was advised to be, and asked to be.
    pub(crate) is_proved: bool,
    /// Whether it should be quiet by now.
    pub(crate) is_watched: bool,
}
