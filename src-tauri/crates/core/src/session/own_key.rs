//! The key that the app itself signs in with: moving an account to a new token of it.
//!
//! The order is what makes it safe: the new token is in custody, it is tried, it is stored as the account's in place
//! of the old one, and only then is the rotation's intent fulfilled. Signing in while that intent is open goes
//! through here first, so a crash at any step is finished before the old token would be used. Left out: rotating
//! (`rotate`).

use std::time::Duration;

use pulseapi::{BearerToken, Client, Error as ApiError};

use crate::base::error::UiError;
use crate::base::errors::{accounts_not_written, at_work};
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::credential::secret_name;
use crate::custody::in_process::InProcess;
use crate::custody::{self, InKeychain, arrival};
use crate::operation_lock;
use crate::records::accounts::{self, Account, OwnKey};
use crate::records::intents::{self, Intent, Open, Rotation};
use crate::session::clients::{clients, options};

/// How long signing in waits for a custodian that is still at work on the account's own key. Real time.
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);

/// Makes a token in custody the account's, once it worked. May be repeated.
///
/// # Errors
/// When the token does not work or cannot be tried, or keychain or accounts cannot be written. The account then
/// still has what it had, and the token is still in custody.
pub(crate) async fn adopt(
    ctx: &Context,
    account: AccountId,
    token: &BearerToken,
) -> Result<Client, UiError> {
    let account = accounts::find(ctx, account)?;
    let client = client_of(ctx, &account, token.clone()).await?;
    client
        .check_token()
        .await
        .map_err(|error| at_work(&error))?;
    store_credential(ctx, &account, token).await?;
    clients(ctx).insert(account.id, client.clone());
    Ok(client)
}

/// Puts a token that worked in the place of the account's, and remembers which key it belongs to.
pub(crate) async fn store_credential(
    ctx: &Context,
    account: &Account,
    token: &BearerToken,
) -> Result<(), UiError> {
    ctx.vault()
        .store(&secret_name(account.id), token.secret().clone())
        .await?;
    note_own_key(ctx, account.id, token)
}

/// Remembers which key the account's token belongs to, if that is not known already.
pub(crate) fn note_own_key(
    ctx: &Context,
    account: AccountId,
    token: &BearerToken,
) -> Result<(), UiError> {
    let own_key = OwnKey::of(token);
    let mut accounts = accounts::list(ctx);
    let is_known = accounts
        .find(account)
        .is_none_or(|account| account.own_key == own_key);
    if is_known {
        return Ok(());
    }
    accounts
        .update(account, |account| account.own_key = own_key)
        .map_err(|error| accounts_not_written(&error))
}

/// A client of an account's service with a token of its own.
pub(crate) async fn client_of(
    ctx: &Context,
    account: &Account,
    token: BearerToken,
) -> Result<Client, UiError> {
    let base = match account.sandbox() {
        None => account.base_url.clone(),
        // A sandbox answers at another port after each start.
        Some(sandbox) => ctx.host.sandbox(sandbox).await?,
    };
    Client::new(base, token, options(ctx, account.kind)).map_err(|error| at_work(&error))
}

/// Finishes a rotation of the account's own key whose token is in the keychain or held here, if one was left half
/// way.
///
/// # Errors
/// When a custodian is still at work on one, the token cannot be tried, or keychain or files fail.
pub(crate) async fn finish_own_rotation(ctx: &Context, account: AccountId) -> Result<(), UiError> {
    for open in intents::open(&ctx.database).await? {
        let Open::Rotate(intent) = open else {
            continue;
        };
        let is_meant = intent.account == account && intent.what.key.own;
        if !is_meant || operation_lock::is_in_flight(ctx, intent.id) {
            continue;
        }
        let Some(_claim) = custody::client::claim_intent(ctx, intent.id, LOCK_TIMEOUT).await?
        else {
            // Its token may be in force any moment, or is and waits for the keychain; until then the stored one
            // may still work.
            continue;
        };
        finish_claimed_own_rotation(ctx, &intent).await?;
    }
    Ok(())
}

/// The same for one rotation that no custodian is at work on.
pub(crate) async fn finish_claimed_own_rotation(
    ctx: &Context,
    intent: &Intent<Rotation>,
) -> Result<(), UiError> {
    let held = ctx.of::<InProcess>().held(intent.custody());
    let is_held = held.is_some();
    let token = match held {
        Some(token) => token,
        None => match custody::token_in_keychain(ctx, intent.account, intent.custody()).await {
            InKeychain::Yes(token) => token,
            InKeychain::No => return Ok(()),
            InKeychain::NotKnown(error) => return Err(error),
        },
    };
    let account = accounts::find(ctx, intent.account)?;
    let client = client_of(ctx, &account, token.clone()).await?;
    match client.check_token().await {
        Ok(accepted) => {
            // Pasted by the user, and of somebody else: it is kept as any token, and does not sign in.
            if account.is_of(accepted.user().as_ref()) == Some(false) {
                return if is_held {
                    Ok(())
                } else {
                    arrival::rotation_found_in_keychain(ctx, intent, &token).await
                };
            }
        }
        // Rotated or deleted again since: the stored one is as good or as bad as before.
        Err(ApiError::Unauthorized) if is_held => return Ok(()),
        Err(ApiError::Unauthorized) => {
            return arrival::rotation_found_in_keychain(ctx, intent, &token).await;
        }
        Err(error) => return Err(at_work(&error)),
    }
    store_credential(ctx, &account, &token).await?;
    clients(ctx).insert(account.id, client);
    if is_held {
        // It is still the user's to store; as long as it is nowhere else, its intent stays open.
        return Ok(());
    }
    arrival::rotation_found_in_keychain(ctx, intent, &token).await
}
