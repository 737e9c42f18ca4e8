//! How far every swap is, by the lists as they were last seen, and the journal's rows about it.

use std::collections::hash_map::{self, HashMap};

use jiff::Timestamp;

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::keys::swap::quiet::{self, LastSeen, Standing};
use crate::records::journal::{self, Action, Entry, KeyNamed};
use crate::records::key::KeyRow;
use crate::records::key_cache::{self, Cached};
use crate::records::swaps::{self, Swap};
use crate::records::{accounts, own_calls};
use crate::session;

/// What the last list said of a key.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) last: LastSeen,
    pub(super) last_eight: String,
}

/// Every swap with how far it is, by the list as it was last seen.
pub(super) async fn standings(
    ctx: &Context,
) -> Result<Vec<(Swap, Standing, Option<Seen>)>, UiError> {
    let mut lists: HashMap<AccountId, Cached> = HashMap::new();
    let mut all = Vec::new();
    for swap in swaps::all(ctx).await? {
        let account = swap.account;
        let list = match lists.entry(account) {
            hash_map::Entry::Occupied(list) => list.into_mut(),
            hash_map::Entry::Vacant(place) => {
                own_calls::recall(ctx, account).await?;
                place.insert(key_cache::load(&ctx.database, account).await?)
            }
        };
        let key = list.keys.iter().find(|key| key.id == swap.key);
        let seen = key.zip(list.whole_at).map(|(key, read_at)| Seen {
            last: last_seen(ctx, account, key, read_at),
            last_eight: key.last_eight.clone(),
        });
        let is_listed = key.is_some() || list.whole_at.is_none();
        let standing = quiet::standing(&swap, seen.as_ref().map(|seen| &seen.last), is_listed);
        all.push((swap, standing, seen));
    }
    Ok(all)
}

pub(super) fn last_seen(
    ctx: &Context,
    account: AccountId,
    key: &KeyRow,
    read_at: Timestamp,
) -> LastSeen {
    LastSeen {
        used_at: own_calls::last_use_by_others(ctx, account, &key.id, key.last_used_at),
        is_told: key.last_use_known,
        read_at,
    }
}

pub(super) async fn note(ctx: &Context, swap: &Swap, outcome: &str) -> Result<(), UiError> {
    let entry = entry(ctx, swap, outcome);
    ctx.database
        .run(move |transaction| journal::append(transaction, &entry))
        .await?;
    Ok(())
}

pub(super) fn entry(ctx: &Context, swap: &Swap, outcome: &str) -> Entry {
    let key = Some(KeyNamed {
        id: Some(swap.key.as_str().to_owned()),
        name: swap.name.clone(),
        last_eight: swap.last_eight.clone(),
    });
    match accounts::find(ctx, swap.account) {
        Ok(account) => Entry {
            key,
            ..session::entry(ctx, &account, Action::SwapKey, outcome)
        },
        Err(_) => Entry {
            at: ctx.now(),
            account: swap.account,
            account_label: String::new(),
            action: Action::SwapKey,
            key,
            outcome: outcome.to_owned(),
            request_id: None,
        },
    }
}
