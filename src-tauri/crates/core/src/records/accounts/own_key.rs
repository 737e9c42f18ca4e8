//! Which key of a list is the one that the app itself signs in with.

use pulseapi::{ApiKey, BearerToken, KeyId};
use serde::{Deserialize, Serialize};

/// What tells the app's own key in a list: the last 8 characters that its token shows, and its record id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwnKey {
    record_id: Option<String>,
    pub(super) last_eight: Option<String>,
}

impl OwnKey {
    pub(crate) fn of(token: &BearerToken) -> Self {
        Self {
            record_id: token.record_id().map(ToOwned::to_owned),
            last_eight: token.last_eight(),
        }
    }

    /// The last 8 characters of its token, where they are known.
    pub(crate) fn last_eight(&self) -> Option<&str> {
        self.last_eight.as_deref()
    }

    /// The record id, where it is known and these are the token's last 8 characters.
    pub(crate) fn record_of(&self, last_eight: &str) -> Option<KeyId> {
        let id = self.record_id.as_deref()?;
        let is_it = self.last_eight.as_deref() == Some(last_eight);
        is_it.then(|| KeyId::parse(id).ok()).flatten()
    }

    /// Whether a listed key is the one behind the token.
    pub(crate) fn is(&self, key: &ApiKey) -> bool {
        self.is_token(Some(&key.id), &key.last_eight)
    }

    /// Whether a token of this key and tail is the one, or has to be taken for it: a key that is guarded in vain costs
    /// a question, the app's own one unguarded costs the account.
    ///
    /// The last 8 characters decide, a checksum that no two tokens of an account share. The record id counts where they
    /// can't be compared, or not all 8 of them: a service may number its records otherwise than its tokens (`key_1`
    /// beside `1|…`), and then another id says nothing.
    pub(crate) fn is_token(&self, key: Option<&KeyId>, last_eight: &str) -> bool {
        let ids = self.record_id.as_deref().zip(key.map(KeyId::as_str));
        let same_record = ids.and_then(|(id, key)| same_id(id, key));
        // A service may show fewer, and mask the others.
        let shown = last_eight.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let tail = self.last_eight.as_deref().filter(|_| !shown.is_empty());
        match tail.map(|tail| (tail.ends_with(shown), shown.len() >= tail.len())) {
            Some((false, _)) => false,
            Some((true, true)) => true,
            Some((true, false)) => same_record != Some(false),
            None => same_record == Some(true),
        }
    }
}

/// Whether two ids are the same; nothing where they are of two forms, such as a number and a word.
fn same_id(one: &str, other: &str) -> Option<bool> {
    let is_number = |id: &str| id.bytes().all(|byte| byte.is_ascii_digit());
    let is_same = one == other;
    (is_same || is_number(one) == is_number(other)).then_some(is_same)
}
