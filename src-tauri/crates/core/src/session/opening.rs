//! The keychain's first answer. Until it is there, the window shows what the app's own files say.
//!
//! A keychain may ask for a password before it answers anything, and takes as long as the user does. So nothing that
//! the first screen shows waits for it: `session::state` says that it waits, and whoever needs the answer awaits
//! [`open`]. That asks the questions that the window's first requests would ask anyway: whether there is a keychain,
//! and for the credential of the account in use. Left out: what is done with the credential (`session::signed_in`).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use vault::VaultError;

use crate::base::ids::AccountId;
use crate::context::Context;
use crate::credential::secret_name;
use crate::records::accounts;

/// Whether the keychain has answered since the start of the app, and what it refused.
#[derive(Default)]
pub(crate) struct Opening {
    has_answered: AtomicBool,
    asking: tokio::sync::Mutex<()>,
    /// The user has just dismissed the prompt for the credential of this account.
    dismissed: Mutex<Option<AccountId>>,
}

impl Opening {
    /// Whether it has answered, whatever it said.
    pub(crate) fn has_answered(&self) -> bool {
        self.has_answered.load(Ordering::Acquire)
    }

    /// It has: something was stored in it or read from it.
    pub(crate) fn answered(&self) {
        self.has_answered.store(true, Ordering::Release);
    }

    /// Whether the user has just dismissed the prompt for this account's credential. True once: the request that
    /// follows at once fails with it instead of asking again, and the next one asks.
    pub(crate) fn take_dismissed(&self, account: AccountId) -> bool {
        let mut dismissed = self
            .dismissed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        dismissed.take_if(|of| *of == account).is_some()
    }
}

/// Waits for the keychain's first answer; at once where it has answered.
pub(crate) async fn open(ctx: &Context) {
    let opening = ctx.of::<Opening>();
    let _one_at_a_time = opening.asking.lock().await;
    if opening.has_answered() {
        return;
    }
    let vault = ctx.vault();
    let in_use = accounts::list(ctx).in_use(vault.is_session_only());
    if vault.check().await.is_ok()
        && let Some(account) = in_use
        && vault.load(&secret_name(account)).await.err() == Some(VaultError::Denied)
    {
        let mut dismissed = opening
            .dismissed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *dismissed = Some(account);
    }
    opening.answered();
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_dismissed_prompt_spares_the_next_request_of_its_account_and_no_other() {
        let opening = Opening::default();
        let (account, other) = (AccountId(Uuid::nil()), AccountId(Uuid::max()));
        *opening.dismissed.lock().unwrap() = Some(account);
        assert!(!opening.take_dismissed(other));
        assert!(opening.take_dismissed(account));
        assert!(
            !opening.take_dismissed(account),
            "the user asked for the second one"
        );
    }
}
