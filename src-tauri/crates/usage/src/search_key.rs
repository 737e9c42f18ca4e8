//! What is looked for: a key as the list of keys shows it, never the token itself.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// A key to look for.
///
/// The digest is that of the secret part of the token (what follows the `|`), or of the whole token; it is only there
/// when the app holds the token, and it turns "probably" into "this key" where no checksum can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchKey {
    pub(crate) id: String,
    pub(crate) last_eight: [u8; 8],
    pub(crate) created_at: Option<SystemTime>,
    pub(crate) sha256: Option<[u8; 32]>,
}

/// Why something can't be looked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchKeyError {
    /// A search is anchored on exactly 8 visible ASCII characters.
    #[error(
        "the last characters of key {id} are not 8 visible ASCII characters, so it can't be searched for"
    )]
    LastEight {
        /// The record id of the key.
        id: String,
    },
    /// Not 64 hexadecimal digits.
    #[error("the digest of key {id} is not 64 hexadecimal digits")]
    Digest {
        /// The record id of the key.
        id: String,
    },
}

impl SearchKey {
    /// A key by its record id and the last 8 characters of its token.
    ///
    /// # Errors
    /// [`SearchKeyError::LastEight`] when they are not 8 visible ASCII characters.
    pub fn new(id: impl Into<String>, last_eight: &str) -> Result<Self, SearchKeyError> {
        let id = id.into();
        match <[u8; 8]>::try_from(last_eight.as_bytes()) {
            Ok(last_eight) if last_eight.iter().all(u8::is_ascii_graphic) => Ok(Self {
                id,
                last_eight,
                created_at: None,
                sha256: None,
            }),
            _ => Err(SearchKeyError::LastEight { id }),
        }
    }

    /// The same key with the SHA-256 of its secret part, in hexadecimal.
    ///
    /// # Errors
    /// [`SearchKeyError::Digest`] when it is not 64 hexadecimal digits.
    pub fn with_sha256(mut self, digits: &str) -> Result<Self, SearchKeyError> {
        let mut digest = [0; 32];
        if hex::decode_to_slice(digits, &mut digest).is_err() {
            return Err(SearchKeyError::Digest { id: self.id });
        }
        self.sha256 = Some(digest);
        Ok(self)
    }

    /// The same key with when it was made; a file untouched since before then can hardly hold it.
    #[must_use]
    pub fn created_at(mut self, at: Option<SystemTime>) -> Self {
        self.created_at = at;
        self
    }

    /// The record id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The last 8 characters.
    #[must_use]
    pub fn last_eight(&self) -> &str {
        // ASCII by construction.
        std::str::from_utf8(&self.last_eight).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{SearchKey, SearchKeyError};

    #[test]
    fn only_eight_visible_characters_are_an_anchor() {
        assert!(SearchKey::new("7", "ab12cd34").is_ok());
        for wrong in ["", "ab12cd3", "ab12cd345", "ab 2cd34", "äb12cd3"] {
            let expected = SearchKeyError::LastEight { id: "7".into() };
            assert_eq!(SearchKey::new("7", wrong).unwrap_err(), expected);
        }
    }

    #[test]
    fn a_digest_is_sixty_four_digits() {
        let key = SearchKey::new("7", "ab12cd34").unwrap();
        let digits = "0F".repeat(32);
        assert_eq!(
            key.clone().with_sha256(&digits).unwrap().sha256,
            Some([15; 32])
        );
        for wrong in ["0f", &"0g".repeat(32)] {
            assert!(key.clone().with_sha256(wrong).is_err());
        }
    }
}
