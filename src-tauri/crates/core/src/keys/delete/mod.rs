//! Deleting a key: look, ask, note, act, check the truth, write it down.
//!
//! 1. The service is asked for the key again, so that the evidence is of now and not of when the list was read.
//! 2. The level of friction is computed from that evidence, what a search of this machine has found so far, and what the
//!    user chose, and enforced: the phrase has to match.
//! 3. The host asks the user. Anything but an explicit yes ends it; nothing was sent. So does a record that is not
//!    what the page shows: another name or token, say.
//! 4. The deletion goes its way (`deletion`): the key is looked at once more, and anything that is not as it was shown
//!    brings back the card, with what changed.
//!
//! A key that something uses every few seconds would never be as it was shown. So after a use has stopped a deletion,
//! the next question says that the key is in use, and that another use meanwhile will not stop it.
//!
//! Where the service has no endpoints for keys, the user deletes in the browser, and what is seen of it decides (`guided`).
//!
//! Left out: how the level is computed (`friction`), the words (`messages`), many keys at once (`bulk_delete`), and
//! what a later start does with an open intent (`reconcile`).

pub(crate) mod card;
pub mod friction;
pub(crate) mod guided;
pub(crate) mod messages;
pub(crate) mod model;
pub(crate) mod result;
pub(crate) mod send;
pub(crate) mod wire;

use pulseapi::{Client, Error as ApiError, KeyId, Operation};

use crate::base::error::UiError;
use crate::base::errors::{at_work, sent_but_not_written};
use crate::base::ids::{AccountId, KeyRequest};
use crate::context::Context;
use crate::host::Reply;
use crate::keys::changes::{KeyChange, Shown};
use crate::keys::delete::card::Cards;
use crate::keys::delete::guided::passed::Allowed;
use crate::keys::delete::result::{DeletionResult, Doubt};
use crate::keys::delete::send::{Confirmed, Sent, Unwritten};
use crate::keys::delete::wire::{DeleteCard, DeleteOutcome, DeleteRequest};
use crate::keys::list::{row, unknown_row};
use crate::keys::verify::{NoWait, Proof};
use crate::keys::{self, revocation};
use crate::operation_lock::{self, Subject};
use crate::records::accounts::{self, Account, BrowserOperation};
use crate::records::intents::Settle;
use crate::records::key_cache;
use crate::session::in_browser;

/// What is shown before a key is deleted, asked of the service now.
///
/// # Errors
/// What the service reports; with the code "other" when the key is gone already.
pub(crate) async fn delete_card(
    ctx: &Context,
    request: &KeyRequest,
) -> Result<DeleteCard, UiError> {
    let account = accounts::find(ctx, request.account)?;
    let in_browser = in_browser::operations(ctx, &account);
    if in_browser.contains(&BrowserOperation::Delete) {
        return guided::card(ctx, request).await;
    }
    let (account, client) = keys::signed_in_to(ctx, request.account, Operation::Delete).await?;
    let key = client
        .key(&request.key)
        .await
        .map_err(|error| at_work(&error))?;
    let card = card::card(ctx, account.id, row(&key, &account));
    ctx.of::<Cards>().show(account.id, &card);
    Ok(card)
}

/// Deletes a key, after the user has said yes to the host's question.
///
/// # Errors
/// When the account is not known any more, its credential cannot be read, a deletion of the same key is under
/// way, or the app's own files fail. Whatever the service says is an outcome, not an error.
pub(crate) async fn delete_key(
    ctx: &Context,
    request: &DeleteRequest,
) -> Result<DeleteOutcome, UiError> {
    let _lock =
        operation_lock::lock_operation(ctx, Subject::Key(request.account, request.key.clone()))?;
    let (account, client) = keys::signed_in_to(ctx, request.account, Operation::Delete).await?;
    if let Some(error) = ctx
        .of::<Box<dyn Settle>>()
        .before_write(ctx, &account, &request.key)
        .await?
    {
        return Ok(DeleteOutcome::NotDeleted {
            error: error.and_the_key_is_alive(),
        });
    }

    let key = match client.key(&request.key).await {
        Ok(key) => row(&key, &account),
        Err(ApiError::NotFound) => return gone_before(ctx, &account, &client, request).await,
        Err(error) => {
            return Ok(DeleteOutcome::NotDeleted {
                error: at_work(&error).and_the_key_is_alive(),
            });
        }
    };
    let card = card::card(ctx, account.id, key);
    let shown = Shown::from(&card);
    if let Some(message) = card::objection(ctx, account.id, &card, request.typed.as_deref()) {
        return Ok(DeleteOutcome::CardChanged { card, message });
    }
    let now = ctx.now();
    let expects_use = ctx.of::<Cards>().is_in_use(account.id, &request.key, now);
    match ctx
        .host
        .ask(messages::question(&card, expects_use, now))
        .await
    {
        Reply::Yes => {}
        Reply::Alternative => return Ok(DeleteOutcome::RotateInstead),
        Reply::No => return Ok(DeleteOutcome::Cancelled),
    }

    ctx.host.deletion_confirmed(account.id, &request.key);

    // The dialog may have been open for long: the account as it is now. Whatever may wait comes before the last look.
    let (account, client) = keys::signed_in(ctx, request.account).await?;
    let tokens = revocation::known_tokens(ctx, &account, &request.key, &shown.key.last_eight).await;
    let confirmed = Confirmed {
        shown,
        expects_use,
        tokens,
    };
    match deleted(ctx, &account, &client, &confirmed).await {
        Ok(result) => {
            remember(ctx, account.id, &request.key, &result);
            Ok(result.into())
        }
        Err(Unwritten::Before(error)) => Err(error),
        Err(Unwritten::After(error)) => Ok(DeleteOutcome::Unknown {
            error: sent_but_not_written(&error),
        }),
    }
}

/// Sends it, and settles what the answer leaves open.
async fn deleted(
    ctx: &Context,
    account: &Account,
    client: &Client,
    confirmed: &Confirmed,
) -> Result<DeletionResult, Unwritten> {
    match send::delete_confirmed(ctx, account, client, confirmed, &NoWait).await? {
        Sent::Ended(result) => Ok(result),
        Sent::Doubtful(doubt) => {
            let unwritten = if doubt.after.was_sent() {
                Unwritten::After
            } else {
                Unwritten::Before
            };
            let proof = Proof::fetch(client, account).await;
            let tokens = &confirmed.tokens;
            let settled = result::resolve_doubt(ctx, account, &doubt, &proof, tokens).await;
            settled.map_err(unwritten)
        }
    }
}

fn remember(ctx: &Context, account: AccountId, key: &KeyId, result: &DeletionResult) {
    match result {
        DeletionResult::Deleted { .. } | DeletionResult::GoneAlready { .. } => {
            ctx.of::<Cards>().forget(account, key);
        }
        DeletionResult::Changed { card, changes } => {
            ctx.of::<Cards>().show(account, card);
            if changes
                .iter()
                .any(|change| matches!(change, KeyChange::Used { .. }))
            {
                ctx.of::<Cards>().was_used(account, key, ctx.now());
            }
        }
        DeletionResult::NotDeleted { .. }
        | DeletionResult::Unknown { .. }
        | DeletionResult::Watched { .. } => {}
    }
}

/// The service had no such key when it was asked before anything was sent. Whether that is so, a list says.
async fn gone_before(
    ctx: &Context,
    account: &Account,
    client: &Client,
    request: &DeleteRequest,
) -> Result<DeleteOutcome, UiError> {
    let cached = key_cache::cached_keys(ctx, account.id)
        .await?
        .keys
        .into_iter();
    let known = cached
        .chain(
            ctx.of::<Cards>()
                .shown(account.id, &request.key)
                .map(|shown| shown.key),
        )
        .find(|row| row.id == request.key);
    let key = known.unwrap_or_else(|| unknown_row(&request.key));
    let tokens = revocation::known_tokens(ctx, account, &key.id, &key.last_eight).await;
    let proof = Proof::fetch(client, account).await;
    let doubt = Doubt::before_anything(key);
    let result = result::resolve_doubt(ctx, account, &doubt, &proof, &tokens).await?;
    remember(ctx, account.id, &request.key, &result);
    Ok(result.into())
}

/// Nothing that was shown of an account counts any more.
pub(crate) fn forget_account(ctx: &Context, account: AccountId) {
    ctx.of::<Allowed>().forget_account(account);
    ctx.of::<Cards>().forget_account(account);
}
