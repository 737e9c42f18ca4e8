//! A bearer token (RFC 6750): what the user pastes, checked for what can be wrong with it.
//!
//! The checksum inside a Sanctum-shaped token is not looked at: older tokens have none, and only
//! the server can say whether a token works.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

/// The longest token that is read, in bytes. Servers refuse headers well before this.
const MAX_TOKEN_BYTES: usize = 4096;

/// A token as it goes into `Authorization: Bearer TOKEN`. `Debug` is redacted; there is no
/// `Display` and no `Serialize`.
#[derive(Clone)]
pub struct BearerToken(SecretString);

/// Why a text can't be a bearer token. Never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Nothing, or nothing but `Bearer`.
    #[error("Paste the token of an API key.")]
    Empty,
    /// A space, tab or line break inside: often two things pasted at once.
    #[error("A token has no spaces or line breaks in it. Paste the token alone.")]
    Whitespace,
    /// A control character inside.
    #[error("The token contains a character that can't be seen. Copy it again.")]
    Control,
    /// A character outside ASCII, such as a typographic quote or an ellipsis.
    #[error("The token contains a character that no token has. Copy it again.")]
    NotAscii,
    /// Longer than any token in use.
    #[error("This is too long for a token.")]
    TooLong,
}

impl BearerToken {
    /// Reads a pasted token: white space around it and a leading `Bearer ` are dropped.
    pub fn parse(pasted: &str) -> Result<Self, TokenError> {
        let token = without_scheme(pasted.trim());
        if token.is_empty() {
            return Err(TokenError::Empty);
        }
        if token.chars().any(char::is_whitespace) {
            return Err(TokenError::Whitespace);
        }
        if token.chars().any(char::is_control) {
            return Err(TokenError::Control);
        }
        if !token.is_ascii() {
            return Err(TokenError::NotAscii);
        }
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong);
        }
        Ok(Self(SecretString::from(token)))
    }

    /// The id of the key's record, when the token has Sanctum's form `ID|BODY`.
    #[must_use]
    pub fn record_id(&self) -> Option<&str> {
        let (id, body) = self.0.expose_secret().split_once('|')?;
        let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        (plain && !id.is_empty() && !body.is_empty()).then_some(id)
    }

    /// The last 8 characters, which the service shows for ever; `None` for a token so short that
    /// they would give most of it away.
    #[must_use]
    pub fn last_eight(&self) -> Option<String> {
        let token = self.0.expose_secret();
        let start = token.len().checked_sub(8).filter(|start| *start >= 8)?;
        Some(token[start..].to_owned())
    }

    /// The text with this token in it made unreadable: a server may repeat what it was sent.
    pub(crate) fn redact(&self, text: &str) -> String {
        let token = self.0.expose_secret();
        let body = token.split_once('|').map_or(token, |(_, body)| body);
        let text = text.replace(token, "[token]");
        if body.is_empty() {
            text
        } else {
            text.replace(body, "[token]")
        }
    }

    /// The token itself, for the keychain.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.0
    }
}

fn without_scheme(text: &str) -> &str {
    match text.get(..6) {
        Some(scheme) if scheme.eq_ignore_ascii_case("bearer") => {
            let rest = &text[6..];
            if rest.is_empty() || rest.starts_with(char::is_whitespace) {
                rest.trim_start()
            } else {
                text
            }
        }
        _ => text,
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken([REDACTED])")
    }
}
