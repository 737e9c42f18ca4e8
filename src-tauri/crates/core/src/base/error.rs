//! An error as the window shows it: what happened, what state things are in, what to do.

use serde::Serialize;

/// What the window does about an error, beyond showing its words. A code exists only if the page acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Shown at the address field of the connect form.
    Address,
    /// Shown at the credential field of the connect form.
    Credential,
    /// Shown at the name field of the form for a new key.
    Name,
    /// Shown at the abilities of the form for a new key, which are asked for again.
    Abilities,
    /// Shown at the summary of the form for a new key.
    Team,
    /// The service answered 401 to the stored credential: the page offers to sign in again.
    Unauthorized,
    /// The service could not be reached or did not answer: the page keeps the cached list and offers *Retry*.
    Offline,
    /// The service asked to wait: the page offers *Retry*.
    RateLimited,
    /// The keychain cannot be used: the page offers *Try again* and *Continue for this session only*.
    Keychain,
    /// The keychain has no such token: the page offers to remove it from the list.
    TokenMissing,
    /// The account or key is not known to the app any more: the page reloads its state.
    Stale,
    /// The service has no call for this: the page leads to the browser.
    InBrowser,
    /// Nothing beyond the words.
    Other,
}

/// An error in words. Never holds a secret or a response body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UiError {
    /// What the page does about it.
    pub code: ErrorCode,
    /// What happened, and what state the key or the account is in now. One or two sentences.
    pub message: String,
    /// What to do about it. One sentence, or empty when the message says it all.
    pub hint: String,
}
