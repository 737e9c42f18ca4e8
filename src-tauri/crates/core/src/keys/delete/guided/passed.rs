//! The keys whose deletion in the browser passed the card, and whether they are still what it showed.

use std::collections::HashMap;
use std::sync::Mutex;

use pulseapi::KeyId;

use crate::base::ids::AccountId;
use crate::context::Context;
use crate::keys::changes::{self, KeyChange, Shown};
use crate::keys::delete::card::{self, Cards};
use crate::keys::delete::guided::messages;
use crate::keys::delete::wire::DeleteCard;
use crate::records::accounts::Account;
use crate::records::key::KeyRow;

/// Keys whose deletion passed the card, as they were shown then.
#[derive(Default)]
pub(crate) struct Allowed(Mutex<HashMap<(AccountId, KeyId), Shown>>);

impl Allowed {
    fn held(&self) -> std::sync::MutexGuard<'_, HashMap<(AccountId, KeyId), Shown>> {
        // Every change under this lock is one call on a map, so what a panicking thread leaves behind is sound.
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(super) fn shown(&self, account: AccountId, key: &KeyId) -> Option<Shown> {
        self.held().get(&(account, key.clone())).cloned()
    }

    /// Nobody is signed in to the account any more.
    pub(crate) fn forget_account(&self, account: AccountId) {
        self.held().retain(|(of, _), _| *of != account);
    }

    pub(super) fn insert(&self, id: (AccountId, KeyId), shown: Shown) {
        self.held().insert(id, shown);
    }

    pub(super) fn remove(&self, id: &(AccountId, KeyId)) {
        self.held().remove(id);
    }
}

/// The card to go back to, where the key did not pass it, or is not what was shown there in a way that counts.
pub(super) fn not_allowed(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
    counts: impl Fn(&KeyChange) -> bool,
) -> Option<(DeleteCard, String)> {
    let card = card::card(ctx, account.id, key.clone());
    let message = match ctx.of::<Allowed>().shown(account.id, &key.id) {
        None => messages::card_first(),
        Some(shown) => {
            let mut changes = changes::changes(&shown, &Shown::from(&card));
            changes.retain(counts);
            match changes.is_empty() {
                // Written down anew, be it in the same words: what was agreed to was the note before.
                true if shown.key.noted_at != key.noted_at => messages::noted_anew(key),
                true => return None,
                false => changes::since_the_card(key, &changes),
            }
        }
    };
    ctx.of::<Cards>().show(account.id, &card);
    Some((card, message))
}
