//! Keys that are gone while their token may still be accepted, and keys that are deleted in the browser, as the window sees
//! them.

use jiff::Timestamp;
use pulseapi::KeyId;
use serde::Serialize;

use crate::base::ids::AccountId;
use crate::session::wire::AppState;

/// Where the token comes from that can show that a key is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TokenSource {
    /// This app signs in with it.
    Own,
    /// It is in custody.
    Custody,
    /// The user pasted it; it is held in memory only.
    Pasted,
    /// It stands in a file that a search of this machine found, and is read there for each try.
    Found,
}

/// A key that is gone, and whose token was not seen to get 401 yet. It is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Revocation {
    /// Whose.
    pub account: AccountId,
    /// The record id that it had.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// Its name; may be empty.
    pub name: String,
    /// The last 8 characters of its token.
    pub last_eight: String,
    /// True when this app signs in with the token: it is signed out when the token gets 401.
    pub own: bool,
    /// When the token was tried last, as this machine's clock says.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub tried_at: Timestamp,
    /// What that found: true when the service accepted it. Where this and `refused` are false, it could not be tried.
    pub accepted: bool,
    /// True when it got 401 and that proves nothing, because nothing vouches for the token that was pasted.
    pub refused: bool,
    /// True when the key is deleted in the browser, and stands in the list until a 401 proves it.
    pub in_browser: bool,
    /// True when the token is held in memory only: closing the app ends the tries.
    pub in_memory: bool,
    /// When it is tried again by itself; none when only at the next start, or not at all.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub next_at: Option<Timestamp>,
    /// In words ("“CI” is deleted, but PulseAPI still accepts its token.").
    pub message: String,
}

/// A token of a deleted key that was seen to get 401.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RevocationConfirmed {
    /// Whose.
    pub account: AccountId,
    /// The record id that it had.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub key: KeyId,
    /// When, as this machine's clock says.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub at: Timestamp,
    /// True when the key was deleted in the browser: it has just left the list.
    pub in_browser: bool,
    /// In words ("The token of “CI” gets 401 now.").
    pub message: String,
    /// Set when it was the app's own: the account is signed out, and this is the state now.
    pub signed_out: Option<AppState>,
}

/// The tokens of deleted keys that are watched. A whole snapshot, but for the confirmed ones, which are those since
/// the snapshot before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Revocations {
    /// Those that did not get 401 yet, oldest first.
    pub open: Vec<Revocation>,
    /// Those that got it since the snapshot before.
    pub confirmed: Vec<RevocationConfirmed>,
}
