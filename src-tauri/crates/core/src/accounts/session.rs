//! Who is signed in: the first state of the window, an account with its client, and what goes when an account goes.

use crate::accounts::connect;
use crate::accounts::own_key;
use crate::accounts::wire::{AppState, KeychainView};
use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::accounts_not_written;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::keys::delete::Cards;
use crate::keys::revocation;
use crate::preferences;
use crate::records::accounts;
use crate::records::accounts::Account;
use crate::records::accounts::AccountKind;
use crate::records::damaged::Damaged;
use crate::records::journal;
use crate::records::journal::{Action, Entry, Journal};
use crate::records::key_cache;
use crate::records::notices::Notice;
use crate::records::revocations;
use crate::usage;
use crate::usage::searches::Searches;
use pulseapi::{BaseUrl, BearerToken, Client};
use secrecy::ExposeSecret as _;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard};
use vault::{SecretName, Vault, VaultError};

/// Whoever is signed in nowhere yet begins in the sandbox, not with the form. Asked for on the command line.
pub(crate) fn begin_in_sandbox(ctx: &Context) {
    ctx.of::<BeginsInSandbox>().0.store(true, Ordering::Relaxed);
}

/// What the window shows when it opens. Where the sandbox was asked for and cannot be had, that is the form, or
/// what is missing for a keychain.
pub(crate) async fn first_state(ctx: &Context) -> AppState {
    let state = state(ctx).await;
    let wants_sandbox = ctx.of::<BeginsInSandbox>().0.swap(false, Ordering::Relaxed);
    if !wants_sandbox || !state.accounts.is_empty() {
        return state;
    }
    match connect::try_sandbox(ctx).await {
        Ok(state) => state,
        Err(error) => {
            tracing::warn!("{}", error.message);
            state
        }
    }
}

/// Everything the window shows before any list.
pub(crate) async fn state(ctx: &Context) -> AppState {
    let vault = ctx.vault();
    let keychain = if vault.is_session_only() {
        KeychainView::SessionOnly
    } else {
        match vault.check().await {
            Ok(()) => KeychainView::Ready,
            Err(error) => KeychainView::Unavailable {
                problem: error.into(),
            },
        }
    };
    let (accounts, active) = accounts::list(ctx).views(vault.is_session_only());
    AppState {
        accounts,
        active,
        keychain,
        preferences: preferences::preferences(ctx),
        places: preferences::places(ctx),
        documented_base_url: BaseUrl::DOCUMENTED.to_owned(),
        version: ctx.version.to_owned(),
    }
}

/// From now on secrets live in this process only. Accounts of the keychain stay there, unshown, until the next
/// start.
pub(crate) async fn continue_for_this_session(ctx: &Context) -> AppState {
    {
        let mut vault = ctx.lock(&ctx.vault);
        if !vault.is_session_only() {
            *vault = Vault::session_only();
        }
    }
    state(ctx).await
}

/// The whole journal in memory, oldest row first, with its chain verified. Not for the window.
///
/// # Errors
/// When the database fails.
pub(crate) async fn journal(ctx: &Context) -> Result<Journal, UiError> {
    Ok(journal::read(&ctx.database).await?)
}

/// Files that could not be read at the start and were renamed, as notices.
pub(crate) fn notices_of_damage(ctx: &Context) -> impl Iterator<Item = Notice> + '_ {
    ctx.of::<Vec<Damaged>>().iter().map(Damaged::notice)
}

/// An account and a client that is signed in to it.
pub(crate) async fn signed_in(ctx: &Context, id: AccountId) -> Result<(Account, Client), UiError> {
    let account = accounts::find(ctx, id)?;
    // Whatever is done next may depend on what was found of a key.
    usage::search::recall_findings(ctx, id).await?;
    if let Some(client) = clients(ctx).get(&id) {
        return Ok((account, client.clone()));
    }
    own_key::finish_own_rotation(ctx, id).await?;
    let token = credential(ctx, id).await?;
    let client = own_key::client_of(ctx, &account, token.clone()).await?;
    // A crash between storing a token and writing down whose it is would leave the badge on the wrong key.
    own_key::note_own_key(ctx, id, &token)?;
    clients(ctx).insert(id, client.clone());
    Ok((accounts::find(ctx, id)?, client))
}

/// The stored credential of an account.
pub(crate) async fn credential(ctx: &Context, id: AccountId) -> Result<BearerToken, UiError> {
    let secret = ctx.vault().load(&secret_name(id)).await?;
    BearerToken::parse(secret.expose_secret()).map_err(|_| {
        UiError::new(
            ErrorCode::Unauthorized,
            "What the keychain holds for this account is no token.",
            "Sign in again.",
        )
    })
}

/// Everything of an account goes: credential, list, entry. The credential goes first: an entry without one can
/// be signed in to again, a credential without an entry would be left behind.
pub(crate) async fn forget_account(
    ctx: &Context,
    account: &Account,
    why: &str,
) -> Result<(), UiError> {
    match ctx.vault().forget(&secret_name(account.id)).await {
        Ok(()) | Err(VaultError::None) => {}
        Err(error) => return Err(error.into()),
    }
    clients(ctx).remove(&account.id);
    crate::keys::bulk_delete::forget_account(ctx, account.id);
    ctx.of::<Searches>().forget(account.id);
    ctx.of::<Cards>().forget_account(account.id);
    let entry = entry(ctx, account, Action::SignOut, why);
    let id = account.id.0.to_string();
    ctx.database
        .run(move |transaction| {
            key_cache::remove_list(transaction, &id)?;
            revocations::remove_account(transaction, &id)?;
            journal::append(transaction, &entry)
        })
        .await?;
    revocation::revocations_changed(ctx);
    accounts::list(ctx)
        .remove(account.id)
        .map_err(|error| accounts_not_written(&error))?;
    preferences::forget_list_preferences(ctx, account.id);
    if account.kind == AccountKind::Sandbox {
        ctx.host.discard_sandbox().await;
    }
    Ok(())
}

/// A journal row about an account, now.
pub(crate) fn entry(ctx: &Context, account: &Account, action: Action, outcome: &str) -> Entry {
    Entry {
        at: ctx.now(),
        account: account.id,
        account_label: account.label.clone(),
        action,
        key: None,
        outcome: outcome.to_owned(),
        request_id: None,
    }
}

/// Under which name an account's credential is kept.
pub(crate) fn secret_name(id: AccountId) -> SecretName {
    SecretName::account(&id.0.to_string())
}

/// Whether the window begins in the sandbox where no account is signed in.
#[derive(Debug, Default)]
pub(crate) struct BeginsInSandbox(AtomicBool);

/// Clients that are signed in, kept so that connections are reused; an account's goes when its credential does.
#[derive(Default)]
pub(crate) struct Clients(Mutex<HashMap<AccountId, Client>>);

pub(crate) fn clients(ctx: &Context) -> MutexGuard<'_, HashMap<AccountId, Client>> {
    ctx.lock(&ctx.of::<Clients>().0)
}
