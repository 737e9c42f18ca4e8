//! Tokens that are still accepted although their key is gone: a cache that has not heard of it yet. For tests only.

use std::sync::{Arc, Mutex, PoisonError};

use crate::store::accounts::Credential;
use crate::token::{Presented, TokenHash};

/// What the cache remembers. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct StaleTokens(Arc<Mutex<Vec<Remembered>>>);

#[derive(Debug)]
struct Remembered {
    hash: TokenHash,
    credential: Credential,
    /// How many requests it is still accepted for.
    left: u32,
}

impl StaleTokens {
    /// Remembers a token for so many requests after its key is gone.
    pub(crate) fn remember(&self, hash: TokenHash, credential: Credential, times: u32) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|known| known.hash != hash);
        all.push(Remembered {
            hash,
            credential,
            left: times,
        });
    }

    /// Forgets the tokens of a key. Whether it knew any.
    pub(crate) fn forget(&self, key: i64) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = all.len();
        all.retain(|known| known.credential.key_id != key);
        all.len() < before
    }

    /// The credential of a token that the database does not know any more, which uses up one of its requests.
    pub(crate) fn take(&self, presented: &Presented) -> Option<Credential> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.iter_mut().find(|known| known.hash == presented.hash)?;
        known.left = known.left.checked_sub(1)?;
        Some(known.credential.clone())
    }
}
