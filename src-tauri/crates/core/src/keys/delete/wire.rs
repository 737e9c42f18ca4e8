//! Deleting a key, as the window sees it: the card before, the outcome after.

use jiff::Timestamp;
use pulseapi::KeyId;
use serde::{Deserialize, Serialize};

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::records::key::KeyRow;
use crate::session::wire::AppState;
use crate::usage::wire::KeyUsage;

/// How much stands between the user and the deletion. Computed and enforced in core; the page only shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Friction {
    /// The native dialog: never used and over 7 days old, or idle for over 90 days; nothing found.
    Dialog,
    /// The native dialog, with the consequence spelled out: idle for 7 to 90 days, or new and never used.
    SpelledOut,
    /// The card warns and the phrase must be typed: used in the last 7 days, or possibly found.
    TypePhrase,
    /// The same, and keeping the key is the primary button: used in the last 24 hours, or found.
    TypePhraseStrongly,
    /// The key that the app itself signs in with: the phrase must be typed, and the app is signed out.
    OwnKey,
}

/// What is shown before a key is deleted. Asked of the service anew each time it opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DeleteCard {
    /// Of two cards of a key the one with the higher number is the newer.
    pub number: u32,
    /// The key as the service described it just now.
    pub key: KeyRow,
    /// How much stands before the deletion.
    pub friction: Friction,
    /// What has to be typed, when something has to: the name, or the last 8 characters where the name is
    /// empty, too long or not typeable.
    pub phrase: Option<String>,
    /// True when the phrase is the last 8 characters and not the name.
    pub phrase_is_last_eight: bool,
    /// What the evidence says, in one sentence ("Something used this key 12 minutes ago.").
    pub evidence: String,
    /// What the watch over it says, which the evidence says too; none where it is not swapped or retired.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", ts(skip))]
    pub quiet: Option<String>,
    /// What a search of this machine says, as of now; the friction follows it.
    pub usage: KeyUsage,
    /// What deleting does, in one or two sentences; names `401 Unauthorized`.
    pub consequence: String,
    /// When the service was asked.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub asked_at: Timestamp,
}

/// Delete a key. The native dialog follows; the page cannot skip it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct DeleteRequest {
    /// Whose.
    pub account: AccountId,
    /// Which one.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// What the user typed, where the card asked for a phrase; checked in core.
    pub typed: Option<String>,
}

/// What was seen of a key that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// Its token was tried and got 401.
    TokenRefused,
    /// The service no longer has the record, but accepted its token when that was tried: it is tried again.
    TokenAccepted,
    /// The service no longer has the record. No token of it is known here, or none could be tried.
    RecordGone,
}

/// How a deletion ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum DeleteOutcome {
    /// Gone, by this deletion.
    Deleted {
        /// When it was known, as this machine's clock says.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        at: Timestamp,
        /// What was seen.
        verification: Verification,
        /// In words ("Deleted “CI”. Its token was tried and gets 401.").
        message: String,
        /// Set when it was the app's own key: the account is signed out, and this is the state now.
        signed_out: Option<AppState>,
    },
    /// Somebody else had deleted it before.
    GoneAlready {
        /// In words.
        message: String,
        /// Set when it was the app's own key: the account is signed out, and this is the state now.
        signed_out: Option<AppState>,
    },
    /// The user said no in the native dialog; nothing was sent.
    Cancelled,
    /// The user chose to rotate in the native dialog; nothing was sent, and the page opens the rotation.
    RotateInstead,
    /// More is asked than was given: the phrase is missing or differs, or the key is not what was shown, on the card or
    /// in the native dialog. Nothing was sent.
    CardChanged {
        /// The card as it is now.
        card: DeleteCard,
        /// Why, in a sentence for each change.
        message: String,
    },
    /// It was not deleted; the error says why.
    NotDeleted {
        /// Why, and what now.
        error: UiError,
    },
    /// It is not known whether the key is gone. Where something was sent it is asked again by itself; nothing is sent
    /// twice, and nothing of the key was removed here.
    Unknown {
        /// What is known, and what now.
        error: UiError,
    },
}
