//! Making a key, rotating one, and the tokens that come of it, as the window sees them.
//!
//! A token itself crosses in one place only: [`RevealedToken`], the answer to *Reveal*.

use jiff::Timestamp;
use pulseapi::KeyId;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crate::base::error::UiError;
use crate::base::ids::{AccountId, CustodyId};

/// Where a token in custody is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CustodyPlace {
    /// In the operating system's keychain: it survives the app.
    Keychain,
    /// In this process only: it is lost when the app ends, and the window asks before it closes.
    Memory,
}

/// What the user has decided about a token in custody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CustodyState {
    /// Nothing yet: it waits to be stored or kept.
    Waiting,
    /// It stays in the keychain until it is taken out.
    Kept,
}

/// How a token came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TokenOrigin {
    /// With a new key.
    Created,
    /// In place of an older token.
    Rotated,
    /// It was read at a place of this machine, before another token took its place there.
    Found,
}

/// A fresh token that the app looks after, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct TokenInCustody {
    /// Identifies it.
    pub id: CustodyId,
    /// For which account; it may be signed out since.
    pub account: AccountId,
    /// What the user called the account then.
    pub account_label: String,
    /// The key's record, when it is known.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub key: Option<KeyId>,
    /// The key's name.
    pub name: String,
    /// The last 8 characters.
    pub last_eight: String,
    /// The token with dots for everything secret ("1042|••••••••ab12cd34").
    pub masked: String,
    /// How it came to be.
    pub origin: TokenOrigin,
    /// When it arrived.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub arrived_at: Timestamp,
    /// What the user has decided.
    pub state: CustodyState,
    /// Where it is kept.
    pub place: CustodyPlace,
    /// Why it is in memory only, when the keychain refused it.
    pub trouble: Option<UiError>,
    /// True when the app itself signs in with it.
    pub own: bool,
    /// True when *Test it* can also show that the token before it is refused.
    pub old_token_known: bool,
    /// A command that uses the token from the variable; holds no secret.
    pub curl: String,
    /// The line for an `.env` file, masked.
    pub env_masked: String,
}

/// All tokens in custody, those that wait first, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Custody {
    /// Of all accounts, signed out ones too.
    pub tokens: Vec<TokenInCustody>,
}

/// Names a token in custody.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TokenRequest {
    /// Which one.
    pub token: CustodyId,
}

/// The text of a token, for the user who pressed *Reveal*. The only secret that ever crosses to the window, and
/// the only secret type that serializes.
#[derive(Debug)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(type = "string"))]
pub struct RevealedToken(pub SecretString);

impl Serialize for RevealedToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose_secret())
    }
}

/// What of a token is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CopyForm {
    /// The token alone.
    Token,
    /// The line for an `.env` file; holds the token.
    Env,
    /// The curl command; holds no secret.
    Curl,
}

/// Copy a token. Happens in Rust: the page never holds it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CopyRequest {
    /// Which one.
    pub token: CustodyId,
    /// In which form.
    pub form: CopyForm,
}

/// Something was copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Copied {
    /// In words, for the eye and for screen readers ("Copied. The clipboard is cleared in 45 seconds.").
    pub message: String,
    /// After how many seconds the clipboard is cleared if it still holds this; none when it is left alone.
    pub clears_after: Option<u32>,
}

/// What the service made of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TokenVerdict {
    /// 200.
    Accepted,
    /// 401.
    Refused,
    /// It could not be asked, or answered something else.
    NotKnown,
}

/// One call with one token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TokenTried {
    /// What came of it.
    pub verdict: TokenVerdict,
    /// In words ("200: the token works.").
    pub message: String,
    /// When it was answered.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub at: Timestamp,
}

/// What *Test it* found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TokenTest {
    /// The token itself.
    pub new: TokenTried,
    /// The one before it, where the app knows it: it must be refused.
    pub old: Option<TokenTried>,
}
