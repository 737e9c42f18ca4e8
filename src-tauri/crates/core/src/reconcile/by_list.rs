//! Open intents of an account, settled by a whole list that was just fetched.

use std::time::Duration;

use jiff::Timestamp;
use pulseapi::Client;

use crate::base::error::UiError;
use crate::context::Context;
use crate::custody::{self, InKeychain, arrival};
use crate::keys::verify::{Looked, look};
use crate::keys::{create, rotate};
use crate::reconcile::by_record::{seen_alive, seen_gone};
use crate::reconcile::order::{Undecided, unattended};
use crate::records::accounts::Account;
use crate::records::intents::{self, Deletion, Intent, Open, schedule};
use crate::records::key::KeyRow;

/// The list answers questions about its account that were open before it was asked for, at `asked_at`. Whether there
/// was one.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn settle(
    ctx: &Context,
    account: &Account,
    client: &Client,
    keys: &[KeyRow],
    asked_at: Timestamp,
) -> Result<bool, UiError> {
    let mut any = false;
    let mut undecided = Undecided::default();
    for open in unattended(ctx).await? {
        if open.account() != account.id || undecided.holds_back(&open) {
            continue;
        }
        let claim = custody::client::claim_intent(ctx, open.id(), Duration::ZERO).await?;
        if open.open_since() > asked_at || open.brings_token() && claim.is_none() {
            undecided.note(&open);
            continue;
        }
        let Some(open) = intents::open_one(&ctx.database, open.id()).await? else {
            continue;
        };
        any = true;
        if !settle_one(ctx, account, client, &open, keys).await? {
            undecided.note(&open);
        }
    }
    correct_not_done(ctx, account, keys).await?;
    Ok(any)
}

/// Whether it could be asked for: nothing is concluded while the keychain does not say what it has.
async fn settle_one(
    ctx: &Context,
    account: &Account,
    client: &Client,
    open: &Open,
    keys: &[KeyRow],
) -> Result<bool, UiError> {
    match open {
        Open::Delete(intent) => settle_deletion(ctx, account, client, intent, keys).await?,
        Open::Rotate(intent) => {
            match custody::token_in_keychain(ctx, account.id, intent.custody()).await {
                InKeychain::Yes(token) if !intent.what.key.own => {
                    arrival::rotation_found_in_keychain(ctx, intent, &token).await?;
                }
                // The app's own is finished by signing in, which has happened before a list was read.
                InKeychain::Yes(_) | InKeychain::NotKnown(_) => return Ok(false),
                // Nothing was sent: what the list says of the key is the user's doing.
                InKeychain::No if intent.what.is_pasted() => return Ok(false),
                InKeychain::No => {
                    rotate::verify::settle_rotation_by_list(ctx, account, client, intent, keys)
                        .await?;
                }
            }
        }
        Open::Create(intent) => {
            match custody::token_in_keychain(ctx, account.id, intent.custody()).await {
                InKeychain::Yes(token) => {
                    arrival::creation_found_in_keychain(ctx, intent, &token).await?;
                }
                InKeychain::NotKnown(_) => return Ok(false),
                InKeychain::No if intent.what.pasted.is_some() => return Ok(false),
                InKeychain::No => {
                    create::verify::settle_creation_by_list(ctx, account, intent, keys).await?;
                }
            }
        }
    }
    Ok(true)
}

/// A key that is listed is alive. One that is not is gone when the service, asked for it, has no such record either.
async fn settle_deletion(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: &Intent<Deletion>,
    keys: &[KeyRow],
) -> Result<(), UiError> {
    let key = &intent.what.key;
    let standing = if keys.iter().any(|listed| listed.id == key.id) {
        seen_alive(ctx, account, intent).await?
    } else if let Looked::NoRecord = look(client, key).await {
        seen_gone(ctx, account, intent).await?
    } else {
        return Ok(());
    };
    standing.keep(ctx, &Open::Delete(intent.clone())).await
}

/// What was called not done, and is seen to be done after all, is told; a week later nobody looks any more.
async fn correct_not_done(
    ctx: &Context,
    account: &Account,
    keys: &[KeyRow],
) -> Result<(), UiError> {
    for told in intents::all(&ctx.database).await?.not_done {
        if told.account() != account.id {
            continue;
        }
        let end = told
            .not_done_at()
            .and_then(|at| at.checked_add(schedule::CORRECTED_WITHIN).ok());
        if end.is_none_or(|end| ctx.now() > end) {
            let id = told.id();
            ctx.database
                .run(move |transaction| intents::settle(transaction, id))
                .await?;
            continue;
        }
        match told {
            Open::Rotate(intent) => {
                rotate::verify::correct_not_rotated(ctx, account, &intent, keys).await?;
            }
            Open::Create(intent) => {
                create::verify::correct_not_created(ctx, &intent, keys).await?;
            }
            Open::Delete(_) => {}
        }
    }
    Ok(())
}
