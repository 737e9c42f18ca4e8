//! Accounts, the keychain's state, and signing in and out, as the window sees them.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::base::ids::AccountId;
use crate::host::SandboxKind;
use crate::session::wire::AppState;

/// Sign in to an account.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ConnectRequest {
    /// As typed. HTTPS, or HTTP on loopback.
    pub base_url: String,
    /// As pasted: a bearer token with `api-keys:manage` or `*`.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub credential: SecretString,
}

/// Sign in to a server inside the app.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SandboxRequest {
    /// True for the one that speaks the whole API, false for the one that has its keys on a web screen only.
    pub has_key_endpoints: bool,
}

impl SandboxRequest {
    pub(crate) fn kind(self) -> SandboxKind {
        if self.has_key_endpoints {
            SandboxKind::Whole
        } else {
            SandboxKind::WithoutKeyEndpoints
        }
    }
}

/// Call an account something else.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RenameRequest {
    /// Which one.
    pub account: AccountId,
    /// As typed: 1 to 80 characters after trimming.
    pub label: String,
}

/// Sign in to the same account with another key.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ReplaceRequest {
    /// Which one.
    pub account: AccountId,
    /// As pasted: a bearer token of the same user, with `api-keys:manage` or `*`.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub credential: SecretString,
}

/// How signing out ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SignOutOutcome {
    /// The credential is out of the keychain and the account is off the list. The key itself still works.
    SignedOut {
        /// Everything as it is now.
        state: Box<AppState>,
    },
    /// The user said no; nothing changed.
    Cancelled,
}
