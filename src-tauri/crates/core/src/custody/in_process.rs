//! What this process alone knows of tokens in custody: those that the keychain refused, those that could not be written
//! down, and the tokens before them.
//!
//! It is gone with the process; what follows from that is for `custody` and `closing`. Left out: what is written down
//! (`records`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use pulseapi::BearerToken;
use secrecy::ExposeSecret as _;
use vault::LockedSecret;

use crate::base::error::UiError;
use crate::base::ids::CustodyId;
use crate::custody::issued::Keeper;
use crate::custody::records::Record;

/// A token that this process knows more of than what is written down.
pub(crate) struct Live {
    pub(crate) record: Record,
    /// The token, when it is nowhere else; none when the keychain has it.
    pub(crate) secret: Option<LockedSecret>,
    /// Why it is not where it should be.
    pub(crate) trouble: Option<UiError>,
    /// The custodian that has it too, and goes on asking the keychain when this process ends.
    pub(crate) keeper: Option<Keeper>,
}

/// A lock as it is now. None when somebody holds it, who may be the one that asks.
pub(crate) fn without_waiting<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(held) => Some(held),
        Err(TryLockError::Poisoned(held)) => Some(held.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// What this process alone knows of tokens in custody. Shared with the timer that clears the clipboard.
#[derive(Clone, Default)]
pub(crate) struct InProcess {
    live: Arc<Mutex<HashMap<CustodyId, Live>>>,
    /// The tokens before them, to show that they are refused.
    previous: Arc<Mutex<HashMap<CustodyId, BearerToken>>>,
}

impl InProcess {
    /// Every change under this lock is one call on the map, so what a panicking thread leaves behind is sound.
    pub(crate) fn live(&self) -> MutexGuard<'_, HashMap<CustodyId, Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether some token exists nowhere but here. None when that cannot be told without waiting.
    pub(crate) fn holds_any(&self) -> Option<bool> {
        let live = without_waiting(&self.live)?;
        Some(live.values().any(|live| live.secret.is_some()))
    }

    pub(crate) fn previous(&self) -> MutexGuard<'_, HashMap<CustodyId, BearerToken>> {
        self.previous.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a token exists nowhere but here.
    pub(crate) fn is_only_here(&self, id: CustodyId) -> bool {
        self.live()
            .get(&id)
            .is_some_and(|live| live.secret.is_some())
    }

    /// A token that exists nowhere but here.
    pub(crate) fn held(&self, id: CustodyId) -> Option<BearerToken> {
        let held = self.live().get(&id)?.secret.as_ref()?.copy();
        BearerToken::parse(held.expose_secret()).ok()
    }

    pub(crate) fn token_before(&self, id: CustodyId) -> Option<BearerToken> {
        self.previous().get(&id).cloned()
    }

    /// What could not be written down at first is written down by now.
    pub(crate) fn forget_if_written(&self, id: CustodyId) {
        if !self.is_only_here(id) {
            self.remove(id);
        }
    }

    /// The token is safe elsewhere, or nobody needs it any more.
    pub(crate) fn remove(&self, id: CustodyId) {
        let removed = self.live().remove(&id);
        if let Some(keeper) = removed.and_then(|live| live.keeper) {
            keeper.release();
        }
    }

    pub(crate) fn remember_token_before(&self, id: CustodyId, token: BearerToken) {
        self.previous().insert(id, token);
    }
}
