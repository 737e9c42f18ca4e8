//! What accounts, keys and tokens in custody are called by: ids, and requests that name nothing else.

use pulseapi::KeyId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Identifies an account of this app on this machine (a random UUID; means nothing to PulseAPI).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct AccountId(#[cfg_attr(feature = "typescript", ts(type = "string"))] pub Uuid);

/// Names an account.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountRequest {
    /// Which one.
    pub account: AccountId,
}

/// Names a key of an account.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct KeyRequest {
    /// Whose.
    pub account: AccountId,
    /// Which one: the record id.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
}

/// Names several keys of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KeysRequest {
    /// Whose.
    pub account: AccountId,
    /// Which ones: their record ids.
    #[cfg_attr(feature = "typescript", ts(type = "Array<string>"))]
    pub keys: Vec<KeyId>,
}

/// Identifies a token in custody (a random UUID; means nothing to PulseAPI).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct CustodyId(#[cfg_attr(feature = "typescript", ts(type = "string"))] pub Uuid);
