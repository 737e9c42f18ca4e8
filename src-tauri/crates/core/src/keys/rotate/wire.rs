//! Rotating a key, as it crosses to the page.

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::custody::wire::TokenInCustody;
use crate::records::intents::RotateReason;
use crate::records::key::KeyRow;
use crate::records::notices::NextStep;
use crate::tokens::place::wire::PlacesWritten;
use jiff::Timestamp;
use pulseapi::KeyId;
use serde::{Deserialize, Serialize};

/// A reason to choose, and what rotating means then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RotateReasonView {
    /// Which.
    pub reason: RotateReason,
    /// In a few words ("The token leaked").
    pub label: String,
    /// What happens and what it means, in one or two sentences; says that the old token stops at once.
    pub consequence: String,
}

/// What is shown before a key is rotated. Asked of the service anew each time it opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RotateCard {
    /// The key as the service described it just now.
    pub key: KeyRow,
    /// What is known of its use, in one sentence.
    pub evidence: String,
    /// The reasons, in the order in which they are offered.
    pub reasons: Vec<RotateReasonView>,
    /// When the service was asked.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub asked_at: Timestamp,
}

/// Rotate a key. The native dialog follows; the page cannot skip it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RotateRequest {
    /// Whose.
    pub account: AccountId,
    /// Which one.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// Why.
    pub reason: RotateReason,
    /// The files that get the new token right after: of the plan that was shown last.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<String>>"))]
    pub files: Vec<String>,
}

/// How a rotation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RotateOutcome {
    /// Rotated, and the new token is in custody.
    Rotated {
        /// The token, without its text.
        token: Box<TokenInCustody>,
        /// What the user should know beside, such as trouble in moving the app itself to the new token.
        trouble: Option<UiError>,
        /// What became of the files that were ticked; none where none was, or where none could be written.
        written: Option<PlacesWritten>,
    },
    /// The user said no in the native dialog; nothing was sent.
    Cancelled,
    /// The key changed while the user was asked. Nothing was sent.
    CardChanged {
        /// The card as it is now.
        card: Box<RotateCard>,
        /// What changed, in words.
        message: String,
    },
    /// The key is as it was and its old token still works; the error says why.
    NotRotated {
        /// Why, and what now.
        error: UiError,
    },
    /// The service rotated the key, but the new token never arrived and cannot be shown again. The old one is dead.
    TokenLost {
        /// What happened and what to do, in words.
        message: String,
        /// Rotating again, or another credential when it was the app's own key.
        next: Option<NextStep>,
    },
    /// The key was deleted by somebody else.
    Gone {
        /// In words.
        message: String,
    },
    /// It is not known whether the service acted. It is asked again by itself; nothing is sent twice.
    Unknown {
        /// What is known, and what now.
        error: UiError,
    },
}
