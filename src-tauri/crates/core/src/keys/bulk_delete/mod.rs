//! Deleting several keys: look at all of them, ask once, then one after the other.
//!
//! 1. The card: what the service says of each key now. It is remembered here, for only what was shown may be deleted.
//! 2. When the user says *Delete*, the service is asked once more. A key that is not as shown brings back the
//!    card; so does a missing phrase.
//! 3. The host asks the user once, for all of them. Anything but an explicit yes ends it, and so does a search of this
//!    machine that has found one of them meanwhile; nothing was sent.
//! 4. Each key goes the way of the single deletion (`bulk_run`), which looks at it once more: one that has changed since
//!    is left alone, the others go on.
//!
//! The service is asked in whichever way takes fewer requests: each key by itself, or the whole list a hundred keys at
//! a time. Most accounts fit on one page, so even two keys are cheaper as one listing, and what the evidence spares
//! of the rate limit the deletions have. A few keys of an account with thousands are asked one by one. How long the
//! list is, is taken from its last reading; a guess that is wrong costs requests, nothing else. A key that is missing
//! in one way is asked for in the other, and told as gone only when both agree.
//!
//! The key that the app signs in with is never among them: without it the rest could not be deleted. Left out: the
//! words (`messages`) and the run itself (`bulk_delete::run`).

pub(crate) mod messages;
mod model;
mod progress;
pub(crate) mod run;
pub(crate) mod wire;

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use pulseapi::{Client, Error as ApiError, KeyId, Operation};
use tokio::sync::watch;

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::base::ids::AccountId;
use crate::base::text::as_typed;
use crate::context::Context;
use crate::host::Reply;
use crate::keys::bulk_delete::model::{Change, MAX_KEYS};
use crate::keys::bulk_delete::run::Run;
use crate::keys::bulk_delete::wire::{
    BulkCard, BulkCardRequest, BulkDeleteRequest, BulkOutcome, BulkProgress, BulkRow,
};
use crate::keys::changes::{KeyChange, Shown};
use crate::keys::delete::wire::{DeleteCard, Friction};
use crate::keys::list::{self, row, unknown_row};
use crate::keys::verify::Proof;
use crate::keys::{self, changes, delete};
use crate::operation_lock::{self, OperationLock, Subject};
use crate::records::accounts::Account;
use crate::records::key::KeyRow;
use crate::records::key_cache;
use crate::usage::report::not_searched;

/// What the service says of a key.
#[expect(clippy::large_enum_variant, reason = "one at a time, and gone at once")]
enum Found {
    There(KeyRow),
    Gone,
    /// Its answers contradict each other.
    InDoubt,
}

/// A run that may begin, until it is dropped.
struct Registered<'a> {
    app: &'a Context,
    account: AccountId,
    cancelled: watch::Receiver<bool>,
    _lock: OperationLock<'a>,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.app
            .lock(&self.app.of::<BulkState>().runs)
            .remove(&self.account);
    }
}

/// What is shown before several keys are deleted, asked of the service now.
///
/// # Errors
/// When no keys or too many are named, and what the service reports.
pub(crate) async fn bulk_card(
    ctx: &Context,
    request: &BulkCardRequest,
) -> Result<BulkCard, UiError> {
    let keys = named_once(&request.keys)?;
    let (account, client) = keys::signed_in_to(ctx, request.account, Operation::Delete).await?;
    let before = key_cache::cached_keys(ctx, account.id).await?.keys;
    let rows = bulk_rows(ctx, &account, &client, &keys, &before).await?;
    Ok(shown(ctx, account.id, rows))
}

/// Deletes several keys, after the user has said yes to the host's question. Snapshots of how far it is go to
/// `on_progress`, at most about ten a second and always the last.
///
/// # Errors
/// When no keys or too many are named, something else is being done with them, the account is not known any more,
/// its credential cannot be read, or the service cannot be asked before anything was sent. From the first deletion
/// on everything is an outcome.
pub(crate) async fn delete_keys(
    ctx: &Context,
    request: &BulkDeleteRequest,
    on_progress: impl Fn(BulkProgress) + Send + Sync,
) -> Result<BulkOutcome, UiError> {
    let wanted = named_once(&request.keys)?;
    let run = register(ctx, request.account)?;
    let before = ctx
        .lock(&ctx.of::<BulkState>().cards)
        .get(&request.account)
        .cloned();
    let before = before.unwrap_or_default();
    let _turns = take_turns(ctx, request.account, &wanted, &before)?;
    let (account, client) = keys::signed_in_to(ctx, request.account, Operation::Delete).await?;

    let asked_for = both(&before, &wanted);
    let cached = key_cache::cached_keys(ctx, account.id).await?.keys;
    let seen: Vec<KeyRow> = before.iter().map(|row| row.key.clone()).collect();
    let known = [seen, cached].concat();
    let mut rows = bulk_rows(ctx, &account, &client, &asked_for, &known)
        .await
        .map_err(nothing_deleted)?;
    let changes = changes(&rows, &before, &wanted);
    for row in &mut rows {
        let change = changes.get(&row.key.id);
        row.ticked = row.obstacle.is_none()
            && wanted.contains(&row.key.id)
            && (change.is_none() || (change == Some(&Change::NotShown) && !row.risky));
    }
    let ticked: Vec<BulkRow> = in_order(&rows, &wanted);
    let asked_now = |message| BulkOutcome::CardChanged {
        card: shown(ctx, account.id, rows.clone()),
        message,
    };
    if !changes.is_empty() {
        let changed: Vec<_> = rows
            .iter()
            .filter_map(|row| Some((*changes.get(&row.key.id)?, row)))
            .collect();
        return Ok(asked_now(messages::changed(&changed, ticked.len())));
    }
    let typed = request.typed.as_deref().map(as_typed);
    if ticked.iter().any(|row| row.risky) && typed != Some(messages::phrase(ticked.len())) {
        return Ok(asked_now(messages::phrase_missing(
            &ticked,
            typed.as_deref(),
        )));
    }
    if *run.cancelled.borrow() {
        return Ok(BulkOutcome::Cancelled);
    }
    let reply = ctx.host.ask(messages::question(&ticked, ctx.now())).await;
    if reply != Reply::Yes || *run.cancelled.borrow() {
        return Ok(BulkOutcome::Cancelled);
    }
    if let Some((rows, message)) = found_meanwhile(ctx, &account, &rows, &ticked) {
        let card = shown(ctx, account.id, rows);
        return Ok(BulkOutcome::CardChanged { card, message });
    }

    // What the run leaves is looked at anew before it is tried again.
    ctx.lock(&ctx.of::<BulkState>().cards).remove(&account.id);
    let keys: Vec<Shown> = ticked.iter().map(Shown::from).collect();
    let run = Run::new(ctx, account.id, run.cancelled.clone(), keys.len());
    Ok(run.through(&keys, on_progress).await)
}

/// Ends the run of an account before its next key, or in the middle of a wait; the request that is in flight is
/// finished. Nothing happens where none runs.
pub(crate) fn cancel_delete_keys(ctx: &Context, account: AccountId) {
    if let Some(run) = ctx.lock(&ctx.of::<BulkState>().runs).get(&account) {
        run.send_replace(true);
    }
}

fn register(ctx: &Context, account: AccountId) -> Result<Registered<'_>, UiError> {
    let turn = operation_lock::lock_operation(ctx, Subject::ManyKeys(account))?;
    let (call_off, cancelled) = watch::channel(false);
    ctx.lock(&ctx.of::<BulkState>().runs)
        .insert(account, call_off);
    Ok(Registered {
        app: ctx,
        account,
        cancelled,
        _lock: turn,
    })
}

/// Nobody else writes about these keys meanwhile.
fn take_turns<'ctx>(
    ctx: &'ctx Context,
    account: AccountId,
    keys: &[KeyId],
    shown: &[BulkRow],
) -> Result<Vec<OperationLock<'ctx>>, UiError> {
    keys.iter()
        .map(|key| {
            operation_lock::lock_operation(ctx, Subject::Key(account, key.clone())).map_err(|_| {
                let shown = shown.iter().find(|row| row.key.id == *key);
                messages::busy(shown.map(|row| &row.key))
            })
        })
        .collect()
}

fn shown(ctx: &Context, account: AccountId, rows: Vec<BulkRow>) -> BulkCard {
    ctx.lock(&ctx.of::<BulkState>().cards)
        .insert(account, rows.clone());
    BulkCard {
        rows,
        consequence: messages::CONSEQUENCE.to_owned(),
        asked_at: ctx.now(),
    }
}

/// The rows as they are now, and why, where a search has found a key while the question was on screen: it named too
/// little then.
fn found_meanwhile(
    ctx: &Context,
    account: &Account,
    rows: &[BulkRow],
    ticked: &[BulkRow],
) -> Option<(Vec<BulkRow>, String)> {
    let ids: Vec<KeyId> = ticked.iter().map(|row| row.key.id.clone()).collect();
    let now = rows.iter().map(|row| match row.obstacle {
        None => BulkRow {
            ticked: row.ticked,
            ..row_with_findings(ctx, account.id, row)
        },
        Some(_) => row.clone(),
    });
    let mut now: Vec<BulkRow> = now.collect();
    let changes = changes(&now, rows, &ids);
    if changes.is_empty() {
        return None;
    }
    for row in &mut now {
        row.ticked &= !changes.contains_key(&row.key.id);
    }
    let left = now.iter().filter(|row| row.ticked).count();
    let changed = now
        .iter()
        .filter_map(|row| Some((*changes.get(&row.key.id)?, row)));
    let message = messages::changed(&changed.collect::<Vec<_>>(), left);
    Some((now, message))
}

async fn bulk_rows(
    ctx: &Context,
    account: &Account,
    client: &Client,
    keys: &[KeyId],
    known: &[KeyRow],
) -> Result<Vec<BulkRow>, UiError> {
    let mut found = found(ctx, account, client, keys).await?;
    let known = |key: &KeyId| known.iter().find(|row| row.id == *key);
    let rows = keys.iter().map(|key| match found.remove(key) {
        Some(Found::There(found)) => bulk_row(ctx, account, found),
        Some(Found::InDoubt) => {
            missing(known(key), key, messages::IN_DOUBT, messages::CONTRADICTION)
        }
        Some(Found::Gone) | None => missing(known(key), key, messages::GONE, messages::NO_RECORD),
    });
    Ok(rows.collect())
}

/// What the service says of these keys now. A key that one way of asking lacks is asked for in the other way, too.
async fn found(
    ctx: &Context,
    account: &Account,
    client: &Client,
    keys: &[KeyId],
) -> Result<HashMap<KeyId, Found>, UiError> {
    let listed = key_cache::cached_keys(ctx, account.id).await?.keys.len();
    let pages = listed.div_ceil(Client::KEYS_PER_PAGE as usize).max(1);
    let mut found = HashMap::new();
    let mut proof = None;
    if keys.len() > pages {
        let list = list::fetch_whole(client, account).await?;
        proof = Some(Proof::of(&list));
        let there = list.keys.into_iter();
        found.extend(there.map(|row| (row.id.clone(), Found::There(row))));
    }
    let mut missing = Vec::new();
    for key in keys {
        if found.contains_key(key) {
            continue;
        }
        match client.key(key).await {
            Ok(there) => {
                found.insert(key.clone(), Found::There(row(&there, account)));
            }
            Err(ApiError::NotFound) => missing.push(key.clone()),
            Err(error) => return Err(at_work(&error)),
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let proof = match proof {
        Some(proof) => proof,
        None => Proof::fetch(client, account).await,
    };
    for key in missing {
        let is_gone = proof.lacks(&key) == Ok(true);
        let said = if is_gone { Found::Gone } else { Found::InDoubt };
        found.insert(key, said);
    }
    Ok(found)
}

/// The rows of these keys, or of all when none is named, that were shown last, where what is known of the use of their keys
/// has changed since, or in any case when `whole`. They count as shown from now on.
pub(crate) fn shown_with_findings(
    ctx: &Context,
    account: AccountId,
    keys: &[KeyId],
    whole: bool,
) -> Vec<BulkRow> {
    let mut cards = ctx.lock(&ctx.of::<BulkState>().cards);
    let rows = cards.get_mut(&account).into_iter().flatten();
    let asked: HashSet<&KeyId> = keys.iter().collect();
    let told = rows.filter_map(|row| {
        let can_change = row.obstacle.is_none();
        if !can_change || !(asked.is_empty() || asked.contains(&row.key.id)) {
            return None;
        }
        let now = row_with_findings(ctx, account, row);
        let is_news = now.usage != row.usage || now.friction != row.friction;
        if is_news || whole {
            *row = now;
            return Some(row.clone());
        }
        None
    });
    told.collect()
}

/// A row with what is known now of the use of its key. Nothing is asked of the service. A finding may take its tick away and
/// never ticks it: what was unticked for another reason stays so.
fn row_with_findings(ctx: &Context, account: AccountId, row: &BulkRow) -> BulkRow {
    let card = delete::card::card_as_of(ctx, account, row.key.clone(), ctx.now());
    let now = row_of(card);
    BulkRow {
        ticked: row.ticked && (row.risky || !now.risky),
        ..now
    }
}

fn bulk_row(ctx: &Context, account: &Account, key: KeyRow) -> BulkRow {
    row_of(delete::card::card(ctx, account.id, key))
}

fn row_of(card: DeleteCard) -> BulkRow {
    let risky = card.friction >= Friction::TypePhrase;
    BulkRow {
        number: card.number,
        friction: card.friction,
        risky,
        evidence: card.evidence,
        usage: card.usage,
        ticked: !risky,
        obstacle: card.key.own.then(|| messages::OWN_KEY.to_owned()),
        key: card.key,
    }
}

/// The row of a key that can't be deleted because the service does not show it.
fn missing(known: Option<&KeyRow>, id: &KeyId, obstacle: &str, evidence: &str) -> BulkRow {
    let key = known.cloned().unwrap_or_else(|| unknown_row(id));
    BulkRow {
        number: 0,
        usage: not_searched(&key),
        key,
        friction: Friction::Dialog,
        risky: false,
        evidence: evidence.to_owned(),
        ticked: false,
        obstacle: Some(obstacle.to_owned()),
    }
}

/// The keys in their order, each once.
fn named_once(keys: &[KeyId]) -> Result<Vec<KeyId>, UiError> {
    let mut seen = HashSet::new();
    let once: Vec<KeyId> = keys
        .iter()
        .filter(|key| seen.insert(*key))
        .cloned()
        .collect();
    match once.len() {
        0 => Err(messages::none_chosen()),
        1..=MAX_KEYS => Ok(once),
        _ => Err(messages::too_many()),
    }
}

/// What was shown, in its order, and after it what was not.
fn both(shown: &[BulkRow], wanted: &[KeyId]) -> Vec<KeyId> {
    let mut keys: Vec<KeyId> = shown.iter().map(|row| row.key.id.clone()).collect();
    let seen: HashSet<KeyId> = keys.iter().cloned().collect();
    keys.extend(wanted.iter().filter(|key| !seen.contains(key)).cloned());
    keys
}

/// Which of the wanted keys are not what was shown.
fn changes(now: &[BulkRow], shown: &[BulkRow], wanted: &[KeyId]) -> HashMap<KeyId, Change> {
    let wanted: HashSet<&KeyId> = wanted.iter().collect();
    let shown: HashMap<&KeyId, &BulkRow> = shown.iter().map(|row| (&row.key.id, row)).collect();
    now.iter()
        .filter(|row| wanted.contains(&row.key.id))
        .filter_map(|row| {
            let change = change(row, shown.get(&row.key.id).copied())?;
            Some((row.key.id.clone(), change))
        })
        .collect()
}

fn change(now: &BulkRow, shown: Option<&BulkRow>) -> Option<Change> {
    if now.key.own {
        return Some(Change::Own);
    }
    match now.obstacle.as_deref() {
        Some(messages::IN_DOUBT) => return Some(Change::InDoubt),
        Some(_) => return Some(Change::Gone),
        None => {}
    }
    let Some(shown) = shown else {
        return Some(Change::NotShown);
    };
    let changes = changes::changes(&Shown::from(shown), &Shown::from(now));
    let kinds = changes.iter().map(|change| match change {
        KeyChange::Token { .. } => Change::Rotated,
        KeyChange::Own { .. } => Change::Own,
        change if change.is_of_identity() => Change::Edited,
        _ => Change::CloserLook,
    });
    kinds.min()
}

/// The rows that are ticked, in the order of the keys.
fn in_order(rows: &[BulkRow], keys: &[KeyId]) -> Vec<BulkRow> {
    let by_id: HashMap<&KeyId, &BulkRow> = rows.iter().map(|row| (&row.key.id, row)).collect();
    keys.iter()
        .filter_map(|key| by_id.get(key).copied())
        .filter(|row| row.ticked)
        .cloned()
        .collect()
}

fn nothing_deleted(mut error: UiError) -> UiError {
    error.message.push_str(" No key was deleted.");
    error
}

/// What is kept of deleting many keys between calls.
#[derive(Debug, Default)]
pub(crate) struct BulkState {
    /// What was last shown of each account: only what was shown may be deleted.
    cards: Mutex<HashMap<AccountId, Vec<BulkRow>>>,
    /// The runs that are in flight, and how to call each off.
    runs: Mutex<HashMap<AccountId, watch::Sender<bool>>>,
}

/// Nothing that was shown of an account counts any more.
pub(crate) fn forget_account(ctx: &Context, account: AccountId) {
    ctx.lock(&ctx.of::<BulkState>().cards).remove(&account);
}

#[cfg(test)]
mod tests;
