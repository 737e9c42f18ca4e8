//! When the last use of a key that is to go is read: one list for each account that has such a key, at most every 15
//! minutes, and once after each start. Without such a key nobody is asked.
//!
//! The list itself is what `keys::list` fetches, so that a refresh by the user counts as well. Nothing is read before the
//! keychain has answered: it may ask for a password, and this must not be why.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::keys::list;
use crate::keys::swap::messages;
use crate::keys::swap::standing::{note, standings};
use crate::keys::swap::wire::SwapStage;
use crate::preferences;
use crate::records::key_cache;
use crate::records::swaps::{self, Swap, Swaps, Told};
use crate::session::Opening;

/// How long after a reading the next one is.
const READ_INTERVAL: SignedDuration = SignedDuration::from_mins(15);

/// How long after a start the first one is: the window's own refresh may come before and do.
const AFTER_START: SignedDuration = SignedDuration::from_secs(30);

/// A clock that jumps, or a machine that slept, is noticed after this long.
const MAX_SLEEP: Duration = Duration::from_secs(30);

/// When each account was read, or tried to be, since the start of the app.
#[derive(Default)]
pub(crate) struct Readings {
    tried: Mutex<HashMap<AccountId, Timestamp>>,
    noting: tokio::sync::Mutex<()>,
}

/// Reads the last use of keys that are to go when it is time, for as long as this is polled. After each reading that tells
/// something new `on_change` is called.
pub(crate) async fn watch_swaps(ctx: &Context, on_change: impl Fn() + Send + Sync) -> Infallible {
    let started = ctx.now();
    loop {
        let changed = ctx.of::<Swaps>().changed.notified();
        let next = match next_reading(ctx, started).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!("the swaps cannot be read: {}", error.message);
                None
            }
        };
        let Some((account, at)) = next else {
            changed.await;
            continue;
        };
        let wait = Duration::try_from(at.duration_since(ctx.now())).unwrap_or_default();
        if !wait.is_zero() {
            tokio::select! {
                () = changed => {}
                () = ctx.options.clock.sleep(wait.min(MAX_SLEEP)) => {}
            }
            continue;
        }
        if !ctx.of::<Opening>().has_answered() {
            ctx.options.clock.sleep(MAX_SLEEP).await;
            continue;
        }
        match read(ctx, account).await {
            Ok(()) => on_change(),
            Err(error) => tracing::info!("the last use was not read: {}", error.message),
        }
    }
}

/// Which account is read next, and when; none where no key is watched.
async fn next_reading(
    ctx: &Context,
    started: Timestamp,
) -> Result<Option<(AccountId, Timestamp)>, UiError> {
    let watched = swaps::all(ctx).await?.into_iter().filter(is_watched);
    let accounts: HashSet<AccountId> = watched.map(|swap| swap.account).collect();
    let mut next: Option<(AccountId, Timestamp)> = None;
    for account in accounts {
        let fetched = key_cache::load(&ctx.database, account).await?.whole_at;
        let fetched = fetched.filter(|fetched| *fetched >= started);
        let tried = ctx.lock(&ctx.of::<Readings>().tried).get(&account).copied();
        let at = match fetched.max(tried) {
            Some(last) => last.checked_add(READ_INTERVAL).unwrap_or(last),
            None => started.checked_add(AFTER_START).unwrap_or(started),
        };
        if next.is_none_or(|(_, earliest)| at < earliest) {
            next = Some((account, at));
        }
    }
    Ok(next)
}

fn is_watched(swap: &Swap) -> bool {
    swap.watched_since.is_some() && swap.deleted_at.is_none()
}

async fn read(ctx: &Context, account: AccountId) -> Result<(), UiError> {
    ctx.lock(&ctx.of::<Readings>().tried)
        .insert(account, ctx.now());
    list::refresh_keys(ctx, account, |_| {}).await?;
    note_standings(ctx).await
}

/// What is new about a key that is watched goes into the journal, and to the user where they want that: each once.
///
/// # Errors
/// When the database fails.
pub(crate) async fn note_standings(ctx: &Context) -> Result<(), UiError> {
    let _one_at_a_time = ctx.of::<Readings>().noting.lock().await;
    for (swap, standing, _) in standings(ctx).await? {
        let (told, words) = match (standing.stage, standing.woken_at) {
            (SwapStage::Ready, _) => (Told::Ready, messages::journalled_ready(&standing)),
            (SwapStage::Woken, Some(at)) => (Told::Woken, messages::journalled_woken(at)),
            _ => continue,
        };
        if swap.told == Some(told) {
            continue;
        }
        swaps::change(ctx, swap.account, &swap.key, move |swap| {
            swap.told = Some(told);
        })
        .await?;
        note(ctx, &swap, &words).await?;
        if preferences::preferences(ctx).tell_of_swaps {
            let (title, text) = messages::notification(&swap, &standing);
            ctx.host.notify(&title, &text);
        }
    }
    Ok(())
}
