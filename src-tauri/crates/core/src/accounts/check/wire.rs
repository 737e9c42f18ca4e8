//! The connection report, as the window asks for it and gets it.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::base::ids::AccountId;

/// Whose connection to look at.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum CheckRequest {
    /// That of an account.
    Account {
        /// Which one.
        account: AccountId,
    },
    /// That of what stands in a form and is no account yet.
    Typed {
        /// As typed.
        base_url: String,
        /// As pasted.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        credential: SecretString,
    },
}

/// What a look showed. No secret, name or id is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ConnectionReport {
    /// Whether every call that the app needs was answered as it should be.
    pub is_well: bool,
    /// The same in a sentence, with what to do.
    pub summary: String,
    /// The report, as it is copied and saved.
    pub text: String,
}

/// How saving a report ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReportSaved {
    /// Written.
    Saved {
        /// Where.
        path: String,
    },
    /// The user chose no file; nothing was written.
    Cancelled,
}
