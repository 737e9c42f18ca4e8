//! Deleting a key in the browser, as the window sees it.

use jiff::Timestamp;
use pulseapi::KeyId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::base::ids::AccountId;
use crate::keys::delete::wire::DeleteCard;
use crate::keys::revocation::wire::TokenSource;
use crate::session::wire::AppState;

/// Whether the user may go on to the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "one at a time, and gone at once")]
pub enum GuidedDeletion {
    /// The phrase is right, and the key is as it was shown.
    Open {
        /// Which token can show that the key is gone; none where one has to be pasted.
        source: Option<TokenSource>,
    },
    /// More is asked than was given: the phrase is missing or differs, or the key is not what was shown.
    CardChanged {
        /// The card as it is now.
        card: DeleteCard,
        /// Why, in a sentence for each change.
        message: String,
    },
}

/// Try the token of a key that is deleted in the browser.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GuidedCheckRequest {
    /// Whose.
    pub account: AccountId,
    /// Which one.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// The key's token, where the user pasted it; held in memory only, and tried from now on.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub token: Option<SecretString>,
}

/// What came of that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GuidedCheck {
    /// It was tried. What that found is told to who watches.
    Tried,
    /// The service lists keys, and has it no more.
    Gone {
        /// In words.
        message: String,
        /// Everything as it is now, where the app is signed out by it.
        signed_out: Option<AppState>,
    },
    /// The service lists keys, and still has it.
    StillThere {
        /// In words, with the time.
        message: String,
    },
    /// No token of the key is known here: one has to be pasted.
    NoToken,
    /// What was pasted can't be the key's token. It was not tried.
    Refused {
        /// Why.
        message: String,
    },
    /// The key is not what was shown. Nothing was tried.
    CardChanged {
        /// The card as it is now.
        card: DeleteCard,
        /// Why.
        message: String,
    },
}

/// What came of the user's word that a key is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "one at a time, and gone at once")]
pub enum GuidedConfirmation {
    /// It is off the list.
    Noted {
        /// When, as this machine's clock says.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        at: Timestamp,
        /// In words, with what was not checked.
        message: String,
    },
    /// The user said no in the native dialog; nothing was changed.
    Cancelled,
    /// A token of the key is known, and has to be tried first, or was still accepted. Nothing was changed.
    CheckFirst {
        /// Which, in words.
        message: String,
    },
    /// The key is not what was shown. Nothing was changed.
    CardChanged {
        /// The card as it is now.
        card: DeleteCard,
        /// Why.
        message: String,
    },
}
