//! What is looked for, and what takes its place.
//!
//! A token is a record id, a bar and a secret part; a copy without id and bar works as well, and so may a token of
//! another shape: then all of it is the secret part.

use std::fmt;
use std::sync::{Arc, OnceLock};

use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

/// The shortest secret part. Shorter ones might stand anywhere by chance.
const MIN_SECRET_CHARS: usize = 16;

/// How many characters of a secret part are random, before the checksum.
const BODY_CHARS: usize = 40;

/// Why a text is no token that can be put into files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// It may stand anywhere by chance.
    #[error("it is too short")]
    TooShort,
    /// It has characters that are written differently from file to file.
    #[error("it has other characters than letters, digits, - and _")]
    Characters,
}

/// The token that is to be replaced. `Debug` is redacted.
#[derive(Clone)]
pub struct OldToken {
    id: Option<String>,
    last_eight: [u8; 8],
    proof: Proof,
}

#[derive(Clone)]
enum Proof {
    Secret(SecretString),
    /// With the secret part that proved itself, once it was seen; clones share it.
    Checksum(Arc<OnceLock<SecretString>>),
}

/// The token that takes its place. `Debug` is redacted.
#[derive(Clone)]
pub struct NewToken {
    id: Option<String>,
    secret: SecretString,
}

impl OldToken {
    /// A token whose text is known.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn known(token: &SecretString) -> Result<Self, TokenError> {
        let NewToken { id, secret } = NewToken::new(token)?;
        let last = secret.expose_secret().as_bytes().last_chunk::<8>();
        let last_eight = *last.ok_or(TokenError::TooShort)?;
        Ok(Self {
            id,
            last_eight,
            proof: Proof::Secret(secret),
        })
    }

    /// A token of which only the record id and the last 8 characters are known: what ends in them counts when they
    /// are the checksum of the 40 characters before them.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn by_checksum(id: &str, last_eight: &str) -> Result<Self, TokenError> {
        let last = last_eight.as_bytes().try_into();
        let last_eight: [u8; 8] = last.map_err(|_| TokenError::TooShort)?;
        let is_checksum = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if !last_eight.iter().all(is_checksum) {
            return Err(TokenError::Characters);
        }
        Ok(Self {
            id: Some(id.to_owned()),
            last_eight,
            proof: Proof::Checksum(Arc::default()),
        })
    }

    /// Its whole text; none as long as nothing was seen that its checksum proves.
    #[must_use]
    pub fn text(&self) -> Option<SecretString> {
        let secret = match &self.proof {
            Proof::Secret(secret) => secret,
            Proof::Checksum(seen) => seen.get()?,
        };
        let secret = secret.expose_secret();
        Some(match &self.id {
            Some(id) => SecretString::from(format!("{id}|{secret}")),
            None => SecretString::from(secret),
        })
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub(crate) fn last_eight(&self) -> [u8; 8] {
        self.last_eight
    }

    /// How many characters the secret part has.
    pub(crate) fn secret_chars(&self) -> usize {
        match &self.proof {
            Proof::Secret(secret) => secret.expose_secret().len(),
            Proof::Checksum(_) => BODY_CHARS + self.last_eight.len(),
        }
    }

    /// Whether this is its secret part.
    pub(crate) fn is(&self, secret: &[u8]) -> bool {
        match &self.proof {
            Proof::Secret(known) => known.expose_secret().as_bytes() == secret,
            Proof::Checksum(seen) => {
                let parts = secret.split_at_checked(BODY_CHARS);
                let is_proved = parts.is_some_and(|(body, last)| {
                    body.iter().all(u8::is_ascii_alphanumeric)
                        && last == self.last_eight
                        && last == format!("{:08x}", crc32fast::hash(body)).as_bytes()
                });
                if is_proved && let Ok(text) = std::str::from_utf8(secret) {
                    seen.get_or_init(|| SecretString::from(text));
                }
                is_proved
            }
        }
    }
}

impl NewToken {
    /// A token.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn new(token: &SecretString) -> Result<Self, TokenError> {
        let text = token.expose_secret();
        let (id, secret) = match text.split_once('|') {
            Some((id, secret)) => (Some(id.to_owned()), secret),
            None => (None, text),
        };
        if secret.len() < MIN_SECRET_CHARS {
            return Err(TokenError::TooShort);
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !secret
            .bytes()
            .chain(id.iter().flat_map(|id| id.bytes()))
            .all(is_plain)
        {
            return Err(TokenError::Characters);
        }
        Ok(Self {
            id,
            secret: SecretString::from(secret),
        })
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub(crate) fn secret(&self) -> &[u8] {
        self.secret.expose_secret().as_bytes()
    }
}

impl fmt::Debug for OldToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OldToken").finish_non_exhaustive()
    }
}

impl fmt::Debug for NewToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewToken").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_in_what_is_printed() {
        let token = SecretString::from("7|aaaabbbbccccddddeeee");
        let printed = format!(
            "{:?} {:?}",
            OldToken::known(&token).unwrap(),
            NewToken::new(&token).unwrap()
        );
        assert!(
            !printed.contains("aaaa") && !printed.contains("eeee"),
            "{printed}"
        );
    }

    #[test]
    fn what_may_stand_anywhere_is_no_token() {
        let error = |text: &str| NewToken::new(&SecretString::from(text)).unwrap_err();
        assert_eq!(error("7|short"), TokenError::TooShort);
        assert_eq!(error("7|aaaabbbbccccdddd+eee"), TokenError::Characters);
        assert!(OldToken::by_checksum("7", "ab12").is_err());
        assert!(OldToken::by_checksum("7", "zzzzzzzz").is_err());
    }

    #[test]
    fn only_its_own_checksum_proves_a_token() {
        let body = "aB3d".repeat(10);
        let last = format!("{:08x}", crc32fast::hash(body.as_bytes()));
        let old = OldToken::by_checksum("7", &last).unwrap();
        assert!(old.text().is_none(), "nothing was seen yet");
        assert!(old.is(format!("{body}{last}").as_bytes()));
        let text = old.clone().text().unwrap();
        assert_eq!(text.expose_secret(), format!("7|{body}{last}"));
        assert!(!old.is(format!("{}{last}", "aB3e".repeat(10)).as_bytes()));
    }
}
