//! Outcomes that an earlier run or a lost answer left open, settled by asking the keychain and the service.
//!
//! A token that reached the keychain settles its intent, whatever else was interrupted. Otherwise the service is asked:
//! each open intent by its record, and after a refresh the fresh list itself is the answer. "As it was" settles nothing
//! before the last look (`watch`). Nothing is ever sent again. What costs the user a token is kept as a notice until it
//! was read; as long as it is there, a keychain that finds the token after all takes it back.

mod by_list;
mod by_record;
mod order;
mod standing;
mod unreadable;
pub(crate) mod watch;

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use pulseapi::{Client, KeyId};

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::CustodyId;
use crate::context::Context;
use crate::custody::{self, InKeychain, arrival, lock};
use crate::keys::revocation::in_browser;
use crate::reconcile::order::{Undecided, unattended};
use crate::reconcile::standing::Standing;
use crate::records::accounts::Account;
use crate::records::damaged;
use crate::records::intents::{self, Open};
use crate::records::key::KeyRow;
use crate::records::notices::{self, Notice};
use crate::tokens::place::interrupted;
use crate::updates;

/// How long a start waits for a custodian of an earlier run that is still at work. Real time.
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);

/// Settles what can be settled, and tells what was found out. What costs the user a token is told until the notice
/// is dismissed, everything else once.
///
/// # Errors
/// When the app's own files fail. A service or keychain that cannot be asked is a notice, not an error.
pub(crate) async fn reconcile(ctx: &Context) -> Result<Vec<Notice>, UiError> {
    let _one_at_a_time = ctx.of::<Settling>().0.lock().await;
    custody::leaving::finish_all_leaving(ctx).await?;
    let mut told: Vec<Notice> = damaged::notices_of_damage(ctx).collect();
    told.extend(settle_all(ctx, LOCK_TIMEOUT).await?);
    told.extend(unreadable::notices(ctx).await?);
    told.extend(interrupted::finish(ctx).await?);
    in_browser::end_lost(ctx).await?;
    told.extend(notices::unread(&ctx.database).await?);
    Ok(told)
}

/// The same while nobody asks: what is found out is kept as a notice for the next
/// [`PulseKeys::reconcile`](crate::PulseKeys::reconcile), whatever happens to the app until then.
pub(crate) async fn look_again(ctx: &Context) -> Result<(), UiError> {
    let _one_at_a_time = ctx.of::<Settling>().0.lock().await;
    take_back_lost(ctx).await?;
    for (open, standing) in settle_each(ctx, Duration::ZERO, |_| true).await? {
        // The next reconciliation tells what is still open.
        standing.keep(ctx, &open).await?;
    }
    Ok(())
}

async fn settle_all(ctx: &Context, timeout: Duration) -> Result<Vec<Notice>, UiError> {
    take_back_lost(ctx).await?;
    let mut told = Vec::new();
    for (open, standing) in settle_each(ctx, timeout, |_| true).await? {
        let next = standing.next(open.account());
        if let Some((needs_attention, message)) = standing.told() {
            told.push(Notice {
                id: open.id().to_string(),
                needs_attention,
                message,
                next,
            });
        }
    }
    let open = intents::all(&ctx.database).await?;
    lock::sweep(&ctx.folders.custodian_locks(), |id| {
        open.open.iter().any(|open| open.id() == id)
            || open.unreadable.iter().any(|row| row.id == id.to_string())
    });
    Ok(told)
}

/// Settles the open intents that are meant, and tells where each stands, oldest first.
///
/// # Errors
/// When the app's own files fail.
async fn settle_each(
    ctx: &Context,
    timeout: Duration,
    is_meant: impl Fn(&Open) -> bool,
) -> Result<Vec<(Open, Standing)>, UiError> {
    let mut settled = Vec::new();
    let mut undecided = Undecided::default();
    for open in unattended(ctx).await? {
        if !is_meant(&open) || undecided.holds_back(&open) {
            continue;
        }
        let standing = by_record::settle(ctx, &open, timeout).await?;
        if standing.is_undecided() {
            undecided.note(&open);
        }
        settled.push((open, standing));
    }
    settled.reverse();
    Ok(settled)
}

/// Tokens that were found to be lost and that the keychain has after all: it was another one then, or not whole.
async fn take_back_lost(ctx: &Context) -> Result<(), UiError> {
    ctx.database.run(intents::close_read).await?;
    for lost in intents::all(&ctx.database).await?.lost {
        let id = CustodyId(lost.id());
        if let InKeychain::Yes(token) = custody::token_in_keychain(ctx, lost.account(), id).await {
            match &lost {
                Open::Rotate(intent) => {
                    arrival::rotation_found_in_keychain(ctx, intent, &token).await?;
                }
                Open::Create(intent) => {
                    arrival::creation_found_in_keychain(ctx, intent, &token).await?;
                }
                Open::Delete(_) => {}
            }
        }
    }
    Ok(())
}

/// Open intents are settled by one at a time, so that nothing is journalled twice.
#[derive(Debug, Default)]
pub(crate) struct Settling(tokio::sync::Mutex<()>);

/// A notice was read. One that is not kept, or not known, is no error.
///
/// # Errors
/// When the database fails; the notice comes back at the next start.
pub(crate) async fn dismiss_notice(ctx: &Context, id: &str) -> Result<(), UiError> {
    if id == updates::NOTICE {
        updates::dismiss_newer_version(ctx);
        return Ok(());
    }
    let id = id.to_owned();
    ctx.database
        .run(move |transaction| {
            transaction.execute("DELETE FROM notice WHERE id = ?1", [id])?;
            intents::close_read(transaction)
        })
        .await?;
    Ok(())
}

/// What settles open requests for the features below.
pub(crate) struct Settler;

#[async_trait]
impl intents::Settle for Settler {
    async fn before_write(
        &self,
        ctx: &Context,
        account: &Account,
        key: &KeyId,
    ) -> Result<Option<UiError>, UiError> {
        let _one_at_a_time = ctx.of::<Settling>().0.lock().await;
        let is_meant = |open: &Open| open.account() == account.id && open.key() == Some(key);
        let mut blocks = None;
        for (open, standing) in settle_each(ctx, Duration::ZERO, is_meant).await? {
            match standing.blocks() {
                Some(message) => {
                    blocks.get_or_insert(message);
                }
                None => standing.keep(ctx, &open).await?,
            }
        }
        Ok(blocks.map(|message| {
            UiError::new(
                ErrorCode::Other,
                format!("{message} Until then nothing else is sent about this key."),
                "Try again in a minute.",
            )
        }))
    }

    async fn by_list(
        &self,
        ctx: &Context,
        account: &Account,
        client: &Client,
        keys: &[KeyRow],
        asked_at: Timestamp,
    ) -> Result<bool, UiError> {
        let _one_at_a_time = ctx.of::<Settling>().0.lock().await;
        by_list::settle(ctx, account, client, keys, asked_at).await
    }
}
