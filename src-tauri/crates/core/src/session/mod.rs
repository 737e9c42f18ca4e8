//! Who is signed in: the first state of the window, an account with its client, and what goes when an account goes.

mod clients;
pub(crate) mod in_browser;
mod opening;
pub(crate) mod own_key;
pub(crate) mod wire;

use pulseapi::{BaseUrl, Client};
use vault::{Vault, VaultError};

use crate::base::error::UiError;
use crate::base::errors::accounts_not_written;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::accounts::{self, Account};
use crate::records::intents;
use crate::records::journal::{self, Action, Entry};
use crate::records::{key_cache, revocations, swaps, watched};
use crate::session::wire::{AppState, KeychainView};
use crate::{credential, preferences};

pub(crate) use clients::{Clients, clients, options};
pub(crate) use opening::{Opening, open};

/// Everything the window shows before any list. Before the keychain's first answer it does not wait for it.
pub(crate) async fn state(ctx: &Context) -> AppState {
    let vault = ctx.vault();
    let keychain = if vault.is_session_only() {
        KeychainView::SessionOnly
    } else if !ctx.of::<Opening>().has_answered() {
        KeychainView::Waiting
    } else {
        match vault.check().await {
            Ok(()) => KeychainView::Ready,
            Err(error) => KeychainView::Unavailable {
                problem: error.into(),
            },
        }
    };
    let (accounts, active) = accounts::list(ctx).views(vault.is_session_only(), |account| {
        in_browser::operations(ctx, account)
    });
    AppState {
        accounts,
        active,
        keychain,
        begins_in_sandbox: false,
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

/// An account and a client that is signed in to it.
pub(crate) async fn signed_in(ctx: &Context, id: AccountId) -> Result<(Account, Client), UiError> {
    let account = accounts::find(ctx, id)?;
    if let Some(client) = clients(ctx).get(&id) {
        return Ok((account, client.clone()));
    }
    if ctx.of::<Opening>().take_dismissed(id) {
        return Err(VaultError::Denied.into());
    }
    own_key::finish_own_rotation(ctx, id).await?;
    let token = credential::load(ctx, id).await?;
    let client = own_key::client_of(ctx, &account, token.clone()).await?;
    // A crash between storing a token and writing down whose it is would leave the badge on the wrong key.
    own_key::note_own_key(ctx, id, &token)?;
    clients(ctx).insert(id, client.clone());
    Ok((accounts::find(ctx, id)?, client))
}

/// Everything of an account goes: credential, list, entry. The credential goes first: an entry without one can
/// be signed in to again, a credential without an entry would be left behind.
pub(crate) async fn forget_account(
    ctx: &Context,
    account: &Account,
    why: &str,
) -> Result<(), UiError> {
    match ctx
        .vault()
        .forget(&credential::secret_name(account.id))
        .await
    {
        Ok(()) | Err(VaultError::None) => {}
        Err(error) => return Err(error.into()),
    }
    clients(ctx).remove(&account.id);
    in_browser::forget_account(ctx, account.id);
    for forget in &ctx.of::<WhenAccountGoes>().0 {
        forget(ctx, account.id);
    }
    let entry = entry(ctx, account, Action::SignOut, why);
    let gone = account.id;
    let id = gone.0.to_string();
    ctx.database
        .run(move |transaction| {
            key_cache::remove_list(transaction, &id)?;
            intents::forget_not_done(transaction, gone)?;
            revocations::remove_account(transaction, &id)?;
            swaps::remove_account(transaction, &id)?;
            watched::remove_account(transaction, &id)?;
            journal::append(transaction, &entry)
        })
        .await?;
    accounts::list(ctx)
        .remove(account.id)
        .map_err(|error| accounts_not_written(&error))?;
    preferences::forget_list_preferences(ctx, account.id);
    if let Some(sandbox) = account.sandbox() {
        ctx.host.discard_sandbox(sandbox).await;
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

/// What features do when an account goes: nothing that they keep of it between calls counts any more.
pub(crate) struct WhenAccountGoes(pub(crate) Vec<fn(&Context, AccountId)>);
