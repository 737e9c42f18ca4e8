//! Whether another credential is of the same user, also where the service does not tell whose a token is.

use std::collections::HashSet;

use futures_util::StreamExt as _;
use pulseapi::Connection;

use crate::base::error::UiError;
use crate::base::errors::while_connecting;
use crate::context::Context;
use crate::records::accounts::Account;
use crate::records::key_cache;

/// Whether a credential that has just worked is of the account's user: as the service says, or else by its list, which is
/// personal and so has a key in common with the one that is remembered.
///
/// # Errors
/// What the service or the database reports.
pub(crate) async fn is_of_same_user(
    ctx: &Context,
    account: &Account,
    connection: &Connection,
) -> Result<bool, UiError> {
    if let Some(is_same) = account.is_of(connection.user.as_ref()) {
        return Ok(is_same);
    }
    let remembered = key_cache::cached_keys(ctx, account.id).await?.keys;
    let remembered: HashSet<_> = remembered.into_iter().map(|key| key.id).collect();
    if remembered.is_empty() {
        return Ok(true);
    }
    let mut pages = connection.client.keys();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| while_connecting(&error))?;
        if page.keys.iter().any(|key| remembered.contains(&key.id)) {
            return Ok(true);
        }
    }
    Ok(false)
}
