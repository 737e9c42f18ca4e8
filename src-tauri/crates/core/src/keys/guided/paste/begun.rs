//! The key as it was when its rotation in the browser began. Where the service lists keys, the list may know the new token
//! before it is pasted here.

use std::collections::HashMap;
use std::sync::Mutex;

use pulseapi::KeyId;

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::keys;
use crate::keys::guided::gone;
use crate::keys::list::row;
use crate::records::accounts::{Account, KeyAccess};
use crate::records::key::KeyRow;
use crate::records::key_cache;

/// Keys whose rotation in the browser began in this run, as the service had them then.
#[derive(Default)]
pub(crate) struct Begun(Mutex<HashMap<(AccountId, KeyId), KeyRow>>);

/// Nobody is signed in to the account any more.
pub(crate) fn forget_account(ctx: &Context, account: AccountId) {
    ctx.lock(&ctx.of::<Begun>().0)
        .retain(|(of, _), _| *of != account);
}

/// The key as it is now: by the user's own list, or by the service where that has one.
pub(super) async fn begin(ctx: &Context, account: &Account, id: &KeyId) -> Result<KeyRow, UiError> {
    if account.keys == KeyAccess::Guided {
        return listed(ctx, account, id).await;
    }
    let (account, client) = keys::signed_in(ctx, account.id).await?;
    let key = client.key(id).await.map_err(|error| at_work(&error))?;
    let key = row(&key, &account);
    ctx.lock(&ctx.of::<Begun>().0)
        .insert((account.id, id.clone()), key.clone());
    Ok(key)
}

/// The key as it was when its rotation began.
pub(super) async fn key_before(
    ctx: &Context,
    account: &Account,
    id: &KeyId,
) -> Result<KeyRow, UiError> {
    let begun = ctx
        .lock(&ctx.of::<Begun>().0)
        .get(&(account.id, id.clone()))
        .cloned();
    match begun {
        Some(key) => Ok(key),
        None => listed(ctx, account, id).await,
    }
}

/// Its rotation is done: the next one begins with what the key is now.
pub(super) fn end(ctx: &Context, account: AccountId, id: &KeyId) {
    ctx.lock(&ctx.of::<Begun>().0)
        .remove(&(account, id.clone()));
}

async fn listed(ctx: &Context, account: &Account, id: &KeyId) -> Result<KeyRow, UiError> {
    let listed = key_cache::cached_keys(ctx, account.id).await?.keys;
    listed
        .into_iter()
        .find(|row| row.id == *id)
        .ok_or_else(gone)
}
