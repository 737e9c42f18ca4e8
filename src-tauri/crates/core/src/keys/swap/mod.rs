//! Swapping a key without a gap, and retiring one: the grace period that the service does not have.
//!
//! 1. A sibling is made, with the abilities and the team of the key (`keys::create`). Both work.
//! 2. Its token is put where the old one stands (`tokens::place`), or the user does that by hand.
//! 3. The user says that all is in place. From then on the old key should be quiet: its last use is read (`watch`).
//! 4. Once it has been quiet for as long as was asked, it is ready. A use after 3 is told with its time.
//! 5. It is deleted like any key (`keys::delete`), whose card and question know of the watch ([`quiet_proof`]).
//!
//! Retiring begins at 3. Every step can be gone back from, nothing is deleted here, and all of it survives the app: see
//! `records::swaps`. Left out: how quiet a key is (`quiet`), the words (`messages`), what a sibling is called (`names`).

mod messages;
mod names;
mod quiet;
mod standing;
pub(crate) mod watch;
pub(crate) mod wire;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use pulseapi::Operation;

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::base::ids::{AccountId, KeyRequest};
use crate::base::text::sanitized;
use crate::context::Context;
use crate::custody;
use crate::custody::wire::{TokenInCustody, TokenOrigin};
use crate::keys::create::wire::{CreateOutcome, CreateRequest};
use crate::keys::delete::messages::evidence_without_own;
use crate::keys::list::row;
use crate::keys::swap::quiet::Standing;
use crate::keys::swap::standing::{Seen, entry, last_seen, note, standings};
use crate::keys::swap::wire::{
    BeginSwapRequest, QuietProof, QuietRequest, SwapBegun, SwapCard, SwapPlaceRequest,
    SwapPlaceView, SwapSibling, SwapStage, SwapView, SwapWay, Swaps,
};
use crate::keys::{self, create};
use crate::notes;
use crate::operation_lock::{self, Subject};
use crate::records::accounts::{self, Account, BrowserOperation, KeyAccess};
use crate::records::intents::{self, Open};
use crate::records::journal::{self, Entry};
use crate::records::key::KeyRow;
use crate::records::key_cache;
use crate::records::swaps::{self, Sibling, Swap, Told, Way};
use crate::records::{own_calls, uses};
use crate::session::in_browser;

/// The keys that are to go once they have been quiet, and how far each is.
///
/// # Errors
/// When the database fails.
pub(crate) async fn swaps(ctx: &Context) -> Result<Swaps, UiError> {
    adopt_siblings(ctx).await?;
    watch::note_standings(ctx).await?;
    let tokens = custody::custody(ctx).await?.tokens;
    let mut views = Vec::new();
    for (swap, standing, seen) in standings(ctx).await? {
        views.push(view(&swap, &standing, seen.as_ref(), &tokens));
    }
    Ok(Swaps { swaps: views })
}

fn view(
    swap: &Swap,
    standing: &Standing,
    seen: Option<&Seen>,
    tokens: &[TokenInCustody],
) -> SwapView {
    let is_here = |id| tokens.iter().any(|token| token.id == id);
    let last = seen.map(|seen| &seen.last);
    let is_rotated = seen.is_some_and(|seen| seen.last_eight != swap.last_eight);
    SwapView {
        account: swap.account,
        key: swap.key.clone(),
        name: swap.name.clone(),
        last_eight: swap.last_eight.clone(),
        way: match swap.way {
            Way::Swap => SwapWay::Swap,
            Way::Retire => SwapWay::Retire,
        },
        stage: standing.stage,
        steps: messages::steps(swap, standing),
        mark: messages::mark(swap, standing),
        sentence: messages::sentence(swap, standing, last, is_rotated),
        sibling_name: swap.sibling_name.clone(),
        sibling: swap.sibling.as_ref().map(|sibling| SwapSibling {
            key: sibling.key.clone(),
            name: swap.sibling_name.clone(),
            last_eight: sibling.last_eight.clone(),
            token: Some(sibling.token).filter(|id| is_here(*id)),
        }),
        places: swap
            .places
            .iter()
            .map(|place| SwapPlaceView {
                short_path: place.short_path.clone(),
                done: place.is_done,
                ours: place.is_ours,
            })
            .collect(),
        quiet_days: swap.quiet_days,
        advised_days: swap.advised_days,
        old_token: swap.old_token.map(|kept| kept.id).filter(|id| is_here(*id)),
        can_undo: standing.stage != SwapStage::Gone
            && swap
                .places
                .iter()
                .any(|place| place.is_ours && place.is_done),
    }
}

/// A request whose answer got lost may have made a sibling after all: its token has come into custody since.
async fn adopt_siblings(ctx: &Context) -> Result<(), UiError> {
    let all = swaps::all(ctx).await?;
    if all
        .iter()
        .all(|swap| swap.way == Way::Retire || swap.sibling.is_some())
    {
        return Ok(());
    }
    let tokens = custody::custody(ctx).await?.tokens;
    for swap in all {
        if swap.way == Way::Retire || swap.sibling.is_some() {
            continue;
        }
        let made = tokens.iter().find(|token| {
            token.account == swap.account
                && token.origin == TokenOrigin::Created
                && token.name == swap.sibling_name
                && token.arrived_at >= swap.begun_at
                && token.key.is_some()
        });
        if let Some(token) = made {
            is_made(ctx, &swap, token).await?;
        }
    }
    Ok(())
}

/// The sibling is made, and its token is in custody.
async fn is_made(ctx: &Context, swap: &Swap, token: &TokenInCustody) -> Result<(), UiError> {
    let Some(key) = token.key.clone() else {
        return Ok(());
    };
    // Without it the swap is as good, and the old key still has it.
    if let Err(error) = notes::follow(ctx, swap.account, &swap.key, &key).await {
        tracing::warn!("the note did not follow: {}", error.message);
    }
    let sibling = Sibling {
        key,
        last_eight: token.last_eight.clone(),
        token: token.id,
    };
    let changed = swaps::change(ctx, swap.account, &swap.key, |swap| {
        swap.sibling = Some(sibling);
    });
    if let Some(swap) = changed.await? {
        note(ctx, &swap, &messages::journalled_begun(&swap)).await?;
    }
    Ok(())
}

/// What is shown before a key is swapped or retired.
///
/// # Errors
/// When the list does not have the key any more, or the database fails.
pub(crate) async fn swap_card(ctx: &Context, request: &KeyRequest) -> Result<SwapCard, UiError> {
    let account = accounts::find(ctx, request.account)?;
    own_calls::recall(ctx, account.id).await?;
    let list = key_cache::load(&ctx.database, account.id).await?;
    let key = list.keys.iter().find(|key| key.id == request.key);
    let key = key.cloned().ok_or_else(messages::not_listed)?;
    let now = ctx.now();
    let known = uses_by_others(ctx, account.id, &key).await?;
    let advised_days = quiet::advised_days(&known, now);
    let taken: Vec<String> = list.keys.iter().map(|key| key.name.clone()).collect();
    Ok(SwapCard {
        evidence: evidence_without_own(&own_calls::by_others(ctx, account.id, &key), now),
        suggested_name: names::suggested(&key.name, &taken, now),
        name_remark: messages::NAME_REMARK.to_owned(),
        quiet_choices: quiet::CHOICES.to_vec(),
        advised_days,
        advice: messages::advice(&known, quiet::longest_gap(&known), advised_days),
        obstacle: obstacle(ctx, &account, &key, Way::Swap),
        key,
    })
}

/// The uses of a key that this app knows of, without its own.
async fn uses_by_others(
    ctx: &Context,
    account: AccountId,
    key: &KeyRow,
) -> Result<Vec<uses::LastUse>, UiError> {
    let mut known = uses::uses(&ctx.database, account, &key.id).await?;
    known.retain(|used| {
        let at = Some(used.used_at);
        own_calls::last_use_by_others(ctx, account, &key.id, at) == at
    });
    Ok(known)
}

/// Why a key can't go in this way.
fn obstacle(ctx: &Context, account: &Account, key: &KeyRow, way: Way) -> Option<String> {
    if account.keys == KeyAccess::Guided {
        return Some(messages::is_guided());
    }
    if key.own {
        return Some(messages::own_key());
    }
    let in_browser = in_browser::operations(ctx, account);
    let needs_call = way == Way::Swap && in_browser.contains(&BrowserOperation::Create);
    needs_call.then(messages::no_sibling_here)
}

/// Makes a sibling of a key, which is to take its place.
///
/// # Errors
/// As for [`create::create_key`], and when the key is being swapped already.
pub(crate) async fn begin_swap(
    ctx: &Context,
    request: &BeginSwapRequest,
) -> Result<SwapBegun, UiError> {
    let _lock =
        operation_lock::lock_operation(ctx, Subject::Key(request.account, request.key.clone()))?;
    let (account, client) = keys::signed_in_to(ctx, request.account, Operation::Create).await?;
    let key = match client.key(&request.key).await {
        Ok(key) => row(&key, &account),
        Err(error) => {
            return Ok(SwapBegun::NotBegun {
                errors: vec![at_work(&error)],
            });
        }
    };
    if let Some(obstacle) = obstacle(ctx, &account, &key, Way::Swap) {
        return Err(messages::refused(obstacle));
    }
    not_begun_before(ctx, &account, &key).await?;
    let known = uses_by_others(ctx, account.id, &key).await?;
    let swap = Swap {
        sibling_name: sanitized(request.name.trim()),
        ..begun(ctx, &account, &key, Way::Swap, request.quiet_days, &known)
    };
    // Before the request leaves: whatever happens to the app, the sibling has its place.
    write(ctx, &swap, None).await?;
    let made = create::create_key(
        ctx,
        &CreateRequest {
            account: account.id,
            name: request.name.clone(),
            abilities: key.abilities.clone(),
            team: key.team.as_ref().map(|team| team.id.clone()),
        },
    )
    .await;
    match made {
        Ok(CreateOutcome::Created { token }) => {
            is_made(ctx, &swap, &token).await?;
            Ok(SwapBegun::Begun {
                token,
                swaps: swaps(ctx).await?,
            })
        }
        Ok(CreateOutcome::NotCreated { errors }) => {
            forget(ctx, &swap).await?;
            Ok(SwapBegun::NotBegun { errors })
        }
        Ok(CreateOutcome::TokenLost { message, next }) => {
            forget(ctx, &swap).await?;
            Ok(SwapBegun::TokenLost { message, next })
        }
        Ok(CreateOutcome::Unknown { error }) => Ok(SwapBegun::Unknown {
            error,
            swaps: swaps(ctx).await?,
        }),
        Err(error) => {
            forget(ctx, &swap).await?;
            Err(error)
        }
    }
}

/// A swap whose sibling was never made may begin anew, unless that is still open.
async fn not_begun_before(ctx: &Context, account: &Account, key: &KeyRow) -> Result<(), UiError> {
    adopt_siblings(ctx).await?;
    if swaps::is_of_later_version(ctx, account.id, &key.id).await? {
        return Err(messages::of_later_version());
    }
    let Some(before) = swaps::find(ctx, account.id, &key.id).await? else {
        return Ok(());
    };
    if before.key != key.id {
        // It is the sibling of another one: then it can go as well.
        return Ok(());
    }
    if before.way == Way::Retire || before.sibling.is_some() {
        return Err(messages::under_way(&before.name, &before.last_eight));
    }
    let open = intents::open(&ctx.database).await?;
    let is_open = open.iter().any(|open| match open {
        Open::Create(intent) => {
            intent.account == account.id && sanitized(&intent.what.name) == before.sibling_name
        }
        _ => false,
    });
    if is_open {
        return Err(messages::outcome_open(&before.sibling_name));
    }
    Ok(())
}

fn begun(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
    way: Way,
    quiet_days: u16,
    known: &[uses::LastUse],
) -> Swap {
    let now = ctx.now();
    Swap {
        account: account.id,
        key: key.id.clone(),
        name: key.name.clone(),
        last_eight: key.last_eight.clone(),
        way,
        begun_at: now,
        sibling_name: String::new(),
        sibling: None,
        places: Vec::new(),
        watched_since: (way == Way::Retire).then_some(now),
        quiet_days: quiet::choice(quiet_days),
        advised_days: quiet::advised_days(known, now),
        told: None,
        old_token: None,
        deleted_at: None,
        refused_at: None,
        of_later_version: serde_json::Map::new(),
    }
}

/// Marks a key for deletion once it has been quiet, with nothing in its place.
///
/// # Errors
/// When the list does not have the key any more, it is being swapped already, or the database fails.
pub(crate) async fn retire_key(ctx: &Context, request: &QuietRequest) -> Result<Swaps, UiError> {
    let account = accounts::find(ctx, request.account)?;
    own_calls::recall(ctx, account.id).await?;
    let list = key_cache::load(&ctx.database, account.id).await?;
    let key = list.keys.into_iter().find(|key| key.id == request.key);
    let key = key.ok_or_else(messages::not_listed)?;
    if let Some(obstacle) = obstacle(ctx, &account, &key, Way::Retire) {
        return Err(messages::refused(obstacle));
    }
    let before = swaps::find(ctx, account.id, &key.id).await?;
    if let Some(before) = before.filter(|before| before.key == key.id) {
        return Err(messages::under_way(&before.name, &before.last_eight));
    }
    let known = uses_by_others(ctx, account.id, &key).await?;
    let swap = begun(ctx, &account, &key, Way::Retire, request.quiet_days, &known);
    let entry = entry(ctx, &swap, &messages::journalled_begun(&swap));
    write(ctx, &swap, Some(entry)).await?;
    swaps(ctx).await
}

/// From now on a key that is swapped should be quiet, for so long. One that is watched already stays so: only the time
/// that counts is another.
///
/// # Errors
/// When it is not being swapped or retired, or the database fails.
pub(crate) async fn watch_key(ctx: &Context, request: &QuietRequest) -> Result<Swaps, UiError> {
    let (now, quiet_days) = (ctx.now(), quiet::choice(request.quiet_days));
    let changed = swaps::change(ctx, request.account, &request.key, move |swap| {
        if swap.way == Way::Retire || swap.sibling.is_some() {
            swap.watched_since.get_or_insert(now);
        }
        swap.quiet_days = quiet_days;
        // It may not be ready by what is asked now; that it was used stays told.
        swap.told = swap.told.filter(|told| *told == Told::Woken);
    });
    let swap = changed.await?.ok_or_else(messages::not_under_way)?;
    note(ctx, &swap, &messages::journalled_watch(&swap)).await?;
    swaps(ctx).await
}

/// Back to its places: until it is watched again nobody expects it to be quiet.
///
/// # Errors
/// When it is not being swapped, or the database fails.
pub(crate) async fn unwatch_key(ctx: &Context, request: &KeyRequest) -> Result<Swaps, UiError> {
    let changed = swaps::change(ctx, request.account, &request.key, |swap| {
        if swap.way == Way::Swap {
            swap.watched_since = None;
            swap.told = None;
        }
    });
    let swap = changed.await?.ok_or_else(messages::not_under_way)?;
    note(ctx, &swap, messages::JOURNALLED_BACK).await?;
    swaps(ctx).await
}

/// A place that the user changes by hand is done, or is not.
///
/// # Errors
/// When it is not being swapped, or the database fails.
pub(crate) async fn tick_place(
    ctx: &Context,
    request: &SwapPlaceRequest,
) -> Result<Swaps, UiError> {
    let (short_path, done) = (request.short_path.clone(), request.done);
    let changed = swaps::change(ctx, request.account, &request.key, move |swap| {
        let mut places = swap.places.iter_mut();
        let place = places.find(|place| !place.is_ours && place.short_path == short_path);
        if let Some(place) = place {
            place.is_done = done;
        }
    });
    changed.await?.ok_or_else(messages::not_under_way)?;
    swaps(ctx).await
}

/// Puts a swap away. Both keys stay as they are, and so does the token of the sibling; the old token leaves custody where
/// it was there for the swap only.
///
/// # Errors
/// When the database fails.
pub(crate) async fn stop_swap(ctx: &Context, request: &KeyRequest) -> Result<Swaps, UiError> {
    let found = swaps::find(ctx, request.account, &request.key).await?;
    if let Some(swap) = found.filter(|swap| swap.key == request.key) {
        let is_gone = standings(ctx)
            .await?
            .iter()
            .any(|(of, standing, _)| of.key == swap.key && standing.stage == SwapStage::Gone);
        forget(ctx, &swap).await?;
        if let Some(kept) = swap.old_token.filter(|kept| kept.for_swap && !is_gone) {
            custody::leaving::forget_tokens(ctx, &[kept.id]).await?;
        }
        if !is_gone {
            let words = match swap.way {
                Way::Swap => messages::JOURNALLED_STOP,
                Way::Retire => messages::JOURNALLED_STOP_RETIRING,
            };
            note(ctx, &swap, words).await?;
        }
    }
    swaps(ctx).await
}

/// What the watch over a key says before its deletion, where the service was asked at that time.
pub(crate) fn quiet_proof(
    ctx: &Context,
    account: AccountId,
    key: &KeyRow,
    asked_at: Timestamp,
) -> Option<QuietProof> {
    let swap = swaps::known(ctx, account, &key.id)?;
    if swap.way == Way::Swap && swap.sibling.is_none() {
        return None;
    }
    let seen = last_seen(ctx, account, key, asked_at);
    let standing = quiet::standing(&swap, Some(&seen), true);
    Some(QuietProof {
        words: messages::proof(&swap, &standing, seen.used_at),
        is_woken: standing.stage == SwapStage::Woken,
        is_proved: standing.stage == SwapStage::Ready && swap.quiet_days >= swap.advised_days,
        is_watched: swap.watched_since.is_some(),
    })
}

async fn write(ctx: &Context, swap: &Swap, entry: Option<Entry>) -> Result<(), UiError> {
    let swap = swap.clone();
    let is_written = ctx
        .database
        .run(move |transaction| {
            let is_written = swaps::put(transaction, &swap)?;
            if let Some(entry) = entry.filter(|_| is_written) {
                journal::append(transaction, &entry)?;
            }
            Ok(is_written)
        })
        .await?;
    if !is_written {
        return Err(messages::of_later_version());
    }
    Ok(swaps::has_changed(ctx).await?)
}

async fn forget(ctx: &Context, swap: &Swap) -> Result<(), UiError> {
    let (account, key) = (swap.account, swap.key.clone());
    ctx.database
        .run(move |transaction| swaps::remove(transaction, account, &key))
        .await?;
    Ok(swaps::has_changed(ctx).await?)
}
