//! The token that a key had before it was rotated in the browser, where it is known here.

use pulseapi::BearerToken;
use secrecy::ExposeSecret as _;

use crate::base::ids::CustodyId;
use crate::context::Context;
use crate::records::accounts::Account;
use crate::records::key::KeyRow;
use crate::{credential, custody};
/// The record id that the token of a key had before, where it is known here.
pub(super) async fn record_before(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
) -> Option<String> {
    let of_own = account.own_key.record_of(&key.last_eight);
    if let Some(id) = of_own {
        return Some(id.as_str().to_owned());
    }
    let (token, _) = old_token(ctx, account, key).await?;
    token.record_id().map(ToOwned::to_owned)
}

/// The token that a key of the list had until now, where this app knows it, and under which id it is in custody.
pub(super) async fn old_token(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
) -> Option<(BearerToken, Option<CustodyId>)> {
    let tokens = match custody::custody(ctx).await {
        Ok(custody) => custody.tokens,
        Err(error) => {
            tracing::warn!("{}", error.message);
            Vec::new()
        }
    };
    let in_custody = tokens
        .into_iter()
        .find(|token| token.account == account.id && token.last_eight == key.last_eight);
    let id = in_custody.map(|token| token.id);
    if key.own
        && let Ok(credential) = credential::load(ctx, account.id).await
    {
        return Some((credential, id));
    }
    let (_, secret) = custody::open_token(ctx, id?).await.ok()?;
    let token = BearerToken::parse(secret.expose_secret()).ok()?;
    Some((token, id))
}
