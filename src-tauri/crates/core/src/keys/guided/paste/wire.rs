//! A token that the user pastes out of the browser, as it crosses to core, and what came of it.

use pulseapi::KeyId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::custody::wire::{TokenInCustody, TokenTest};
use crate::records::intents::RotateReason;
use crate::records::key::CachedKeys;

/// A new token, which the web screen shows once.
#[derive(Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PasteTokenRequest {
    /// In whose list its key is.
    pub account: AccountId,
    /// How it came to be.
    pub made: MadeInBrowser,
    /// As pasted.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub token: SecretString,
    /// The user goes on, though nothing in its form proves that it is whole.
    pub despite_doubt: bool,
}

/// What the user has done in the browser.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MadeInBrowser {
    /// Made a key.
    Created {
        /// Its name.
        name: String,
        /// Abilities, with commas between them.
        abilities: String,
        /// The record id of its team.
        team: Option<String>,
    },
    /// Rotated a key of the list.
    Rotated {
        /// Which one.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        key: KeyId,
        /// Why.
        reason: RotateReason,
    },
}

/// A field of the form for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are those of the request")]
pub enum PasteField {
    Name,
    Abilities,
    Token,
}

/// What is wrong in a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PasteProblem {
    /// Where.
    pub field: PasteField,
    /// In words.
    pub message: String,
}

/// What came of a pasted token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "one at a time, and gone at once")]
pub enum PasteOutcome {
    /// It was not taken; nothing was changed.
    Refused {
        /// Why.
        problems: Vec<PasteProblem>,
    },
    /// Nothing in its form proves that it is whole and new. It was not taken yet; the user may go on.
    InDoubt {
        /// What speaks against it, in words.
        message: String,
    },
    /// It is in custody, and was tried.
    Taken {
        /// The token, without its text.
        token: Box<TokenInCustody>,
        /// What the service made of it, and of the one before it where that is known here.
        tested: TokenTest,
        /// What the user has to know or do beside.
        trouble: Option<UiError>,
        /// The list as it is now.
        list: CachedKeys,
    },
}
