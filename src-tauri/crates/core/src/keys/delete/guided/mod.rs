//! Deleting a key in the browser, where the service has no endpoints for keys: the same card and the same friction, then
//! the user's own hand, then the proof.
//!
//! 1. The card shows what the user's own list says of the key, with the day on which it was noted. Phrase and level are those
//!    of every deletion (`friction`).
//! 2. Once the phrase is right, the way to the browser is open (`begin`), for as long as the key is what was shown.
//! 3. The token of the key is tried (`check`), now and on the schedule of `revocation`: once it gets 401, the key leaves the
//!    list. As long as it is accepted, the key is not deleted.
//! 4. Where no token can show it, the user's word does (`confirm`), after the host's question. That is the only step here in
//!    which something goes that nothing proves, and so the only one with the question.
//!
//! Where the service lists keys and only can't delete them, it is asked itself whether the key is gone (`at_service`).
//!
//! Left out: trying, and what a 401 proves (`revocation::in_browser`), and the list itself (`keys::guided`).

mod at_service;
mod messages;
pub(crate) mod passed;
pub(crate) mod wire;

use pulseapi::KeyId;

use crate::base::error::UiError;
use crate::base::ids::{AccountId, KeyRequest};
use crate::context::Context;
use crate::host::Reply;
use crate::keys::changes::{KeyChange, Shown};
use crate::keys::delete::card::{self, Cards};
use crate::keys::delete::guided::passed::{Allowed, not_allowed};
use crate::keys::delete::guided::wire::{
    GuidedCheck, GuidedCheckRequest, GuidedConfirmation, GuidedDeletion,
};
use crate::keys::delete::wire::{DeleteCard, DeleteRequest};
use crate::keys::guided::gone;
use crate::keys::revocation::{self, in_browser};
use crate::operation_lock::{self, Subject};
use crate::records::accounts::{Account, BrowserOperation, KeyAccess};
use crate::records::journal::{self, Action, Entry};
use crate::records::key::KeyRow;
use crate::records::revocations::{self, InBrowser, OpenRevocation};
use crate::records::{intents, key_cache, notices, own_calls};
use crate::{session, usage};

/// What is shown before a key is deleted in the browser, from the user's own list.
///
/// # Errors
/// When the list does not have the key any more, or the database fails.
pub(super) async fn card(ctx: &Context, request: &KeyRequest) -> Result<DeleteCard, UiError> {
    let (account, key) = listed(ctx, request.account, &request.key).await?;
    let card = card::card(ctx, account.id, key);
    ctx.of::<Cards>().show(account.id, &card);
    Ok(card)
}

/// Leads to the browser, where the phrase is right and the key is as it was shown. Nothing is changed.
///
/// # Errors
/// When the account is not guided, the list does not have the key any more, or the database fails.
pub(crate) async fn begin(
    ctx: &Context,
    request: &DeleteRequest,
) -> Result<GuidedDeletion, UiError> {
    let (account, key) = listed(ctx, request.account, &request.key).await?;
    let card = card::card(ctx, account.id, key);
    if let Some(message) = card::objection(ctx, account.id, &card, request.typed.as_deref()) {
        return Ok(GuidedDeletion::CardChanged { card, message });
    }
    let id = (account.id, request.key.clone());
    ctx.of::<Allowed>().insert(id, Shown::from(&card));
    let last_eight = &card.key.last_eight;
    let source = in_browser::source(ctx, &account, &request.key, last_eight).await?;
    Ok(GuidedDeletion::Open { source })
}

/// Tries the token of a key whose deletion passed the card, now and until it gets 401.
///
/// # Errors
/// As for [`begin`].
pub(crate) async fn check(
    ctx: &Context,
    request: &GuidedCheckRequest,
) -> Result<GuidedCheck, UiError> {
    if let Some(shown) = at_service::shown(ctx, request)? {
        return at_service::check(ctx, request.account, shown).await;
    }
    let (account, key) = listed(ctx, request.account, &request.key).await?;
    if let Some((card, message)) = not_allowed(ctx, &account, &key, KeyChange::is_of_identity) {
        return Ok(GuidedCheck::CardChanged { card, message });
    }
    if let Some(pasted) = &request.token {
        let token = match in_browser::token_of(&key, pasted) {
            Ok(token) => token,
            Err(message) => return Ok(GuidedCheck::Refused { message }),
        };
        in_browser::begin_with(ctx, account.id, &key.id, token).await?;
    }
    Ok(if in_browser::check(ctx, &account, &key).await? {
        GuidedCheck::Tried
    } else {
        GuidedCheck::NoToken
    })
}

/// Takes a key off the list as deleted, on the user's word, where no token can show it.
///
/// # Errors
/// As for [`begin`], and when something is being done with the key already.
pub(crate) async fn confirm(
    ctx: &Context,
    request: &KeyRequest,
) -> Result<GuidedConfirmation, UiError> {
    let _lock =
        operation_lock::lock_operation(ctx, Subject::Key(request.account, request.key.clone()))?;
    let (account, key) = listed(ctx, request.account, &request.key).await?;
    if let Some((card, message)) = not_allowed(ctx, &account, &key, |_| true) {
        return Ok(GuidedConfirmation::CardChanged { card, message });
    }
    if account.keys == KeyAccess::Endpoints && !key.own {
        let message = messages::service_knows();
        return Ok(GuidedConfirmation::CheckFirst { message });
    }
    let open = revocations::find(&ctx.database, account.id, &key.id).await?;
    if let Some(message) = must_be_checked(ctx, &account, &key, open.as_ref()).await? {
        return Ok(GuidedConfirmation::CheckFirst { message });
    }
    let question = messages::question(&key, open.as_ref());
    if ctx.host.ask(question).await != Reply::Yes {
        return Ok(GuidedConfirmation::Cancelled);
    }

    // The dialog may have been open for long: the list and what was seen of the token, as they are now.
    let (account, now) = listed(ctx, request.account, &request.key).await?;
    if let Some((card, message)) = not_allowed(ctx, &account, &now, |_| true) {
        return Ok(GuidedConfirmation::CardChanged { card, message });
    }
    let seen = revocations::find(&ctx.database, account.id, &now.id).await?;
    if let Some(message) = must_be_checked(ctx, &account, &now, seen.as_ref()).await? {
        return Ok(GuidedConfirmation::CheckFirst { message });
    }
    take_off(ctx, &account, &now, seen.as_ref()).await
}

/// The key is off the list: journal, list, notices and the watch over its token change together. No token goes: nothing
/// shows that it is dead.
async fn take_off(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
    open: Option<&OpenRevocation>,
) -> Result<GuidedConfirmation, UiError> {
    let entry = Entry {
        key: Some(key.into()),
        ..session::entry(ctx, account, Action::DeleteKey, messages::journalled(open))
    };
    let at = entry.at;
    let (of, id, last_eight) = (account.id, key.id.clone(), key.last_eight.clone());
    let is_off = ctx
        .database
        .run(move |transaction| {
            if !key_cache::has(transaction, of, id.as_str(), &last_eight)? {
                return Ok(false);
            }
            intents::settle_of_key(transaction, of, &id)?;
            revocations::remove(transaction, of, &id)?;
            key_cache::remove_key(transaction, of, id.as_str())?;
            notices::remove_of_key(transaction, of, id.as_str())?;
            journal::append(transaction, &entry)?;
            Ok(true)
        })
        .await?;
    if !is_off {
        return Err(gone());
    }
    in_browser::forget(ctx, account.id, &key.id);
    revocation::revocations_changed(ctx);
    let id = (account.id, key.id.clone());
    ctx.of::<Allowed>().remove(&id);
    ctx.of::<Cards>().forget(account.id, &key.id);
    let source = in_browser::source(ctx, account, &key.id, &key.last_eight).await?;
    Ok(GuidedConfirmation::Noted {
        at,
        message: messages::noted(key, source.is_some()),
    })
}

/// A key as the user's own list has it, or the service where that lists keys; and in memory what is known of its use: the card depends on that.
async fn listed(ctx: &Context, id: AccountId, key: &KeyId) -> Result<(Account, KeyRow), UiError> {
    let account = session::in_browser::account(ctx, id, BrowserOperation::Delete)?;
    if account.keys == KeyAccess::Endpoints {
        return at_service::look(ctx, id, key).await;
    }
    usage::search::recall_findings(ctx, id).await?;
    own_calls::recall(ctx, id).await?;
    let listed = key_cache::cached_keys(ctx, id).await?.keys;
    let row = listed.into_iter().find(|row| row.id == *key);
    let row = row.ok_or_else(gone)?;
    // The account may have got another credential since the key was noted.
    let own = account.own_key.is_token(Some(&row.id), &row.last_eight);
    Ok((account, KeyRow { own, ..row }))
}

/// Why the user's word is not enough: a token of the key can show more.
async fn must_be_checked(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
    open: Option<&OpenRevocation>,
) -> Result<Option<String>, UiError> {
    let Some(open) = open else {
        let source = in_browser::source(ctx, account, &key.id, &key.last_eight).await?;
        return Ok(source.map(|_| messages::check_first(key)));
    };
    let was_accepted =
        open.trouble.is_none() && open.in_browser != Some(InBrowser::RefusedUnproved);
    Ok(was_accepted.then(|| messages::still_accepted(open)))
}
