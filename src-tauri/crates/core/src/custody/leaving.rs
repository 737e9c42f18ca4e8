//! How tokens leave custody: stored by the user, kept for good, dead, or given up on signing out.
//!
//! A token is marked as leaving before the keychain forgets it, so that a crash in the middle is finished at the next
//! start. Left out: how they arrive (`custody`).

use std::time::Duration;

use jiff::Timestamp;
use pulseapi::KeyId;

use crate::base::error::UiError;
use crate::base::ids::{AccountId, CustodyId};
use crate::context::Context;
use crate::custody::in_process::InProcess;
use crate::custody::records::{self, Record, Stage, Store};
use crate::custody::{self, InKeychain, arrival, client, messages, token_name};
use crate::operation_lock;
use crate::records::accounts::Account;
use crate::records::intents::{self, Open};
use crate::records::journal::{self, Action, Entry};
use crate::records::notices::{self, Kept, NextStep};

/// How long signing out waits for a custodian that is still at work. Real time.
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);

/// What signing out of an account could cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokensOfAccount {
    /// Which are in custody.
    pub(crate) in_custody: Vec<CustodyId>,
    /// How many requests have not brought theirs yet.
    pub(crate) in_flight: usize,
}

/// The record goes, from memory too, and the journal says why. The keychain is done with already. An account that
/// has yet to move to this token can't do so any more: that is told.
pub(crate) async fn drop_record(
    ctx: &Context,
    record: &Record,
    outcome: &str,
) -> Result<(), UiError> {
    let id = record.id;
    let entry = custody_entry(ctx, record, Action::StoreToken, outcome);
    let left_behind = has_more_to_do(ctx, record).await?.then(|| Kept {
        id: id.0,
        at: ctx.now(),
        account: record.account,
        key: record.key.clone(),
        message: messages::left_behind(&record.name, &record.last_eight),
        next: Some(NextStep::ReplaceCredential {
            account: record.account,
        }),
        is_calm: false,
    });
    ctx.database
        .run(move |transaction| {
            records::remove(transaction, id)?;
            intents::settle(transaction, id.0)?;
            if let Some(notice) = &left_behind {
                notices::add(transaction, notice)?;
            }
            journal::append(transaction, &entry)
        })
        .await?;
    ctx.of::<InProcess>().remove(id);
    ctx.of::<InProcess>().previous().remove(&id);
    Ok(())
}

/// Whether the account has yet to move to this token: then its intent is not fulfilled by storing it.
pub(crate) async fn has_more_to_do(ctx: &Context, record: &Record) -> Result<bool, UiError> {
    let open = intents::open(&ctx.database).await?;
    Ok(open.iter().any(|open| match open {
        Open::Rotate(intent) => intent.custody() == record.id && intent.what.key.own,
        _ => false,
    }) && !custody::token_view(ctx, record).own)
}

/// Tokens that stopped working, because their key was deleted or rotated: nobody needs them any more.
/// `but` is the one that works.
pub(crate) async fn forget_dead_tokens(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
    but: Option<CustodyId>,
) -> Result<(), UiError> {
    take_out_all(ctx, |record| {
        record.account == account && record.key.as_ref() == Some(key) && Some(record.id) != but
    })
    .await
}

/// Tokens of a key that arrived before a time, and which a rotation since then has replaced. What arrived later is
/// not touched.
pub(crate) async fn forget_tokens_before(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
    at: Timestamp,
) -> Result<(), UiError> {
    take_out_all(ctx, |record| {
        record.account == account && record.key.as_ref() == Some(key) && record.arrived_at <= at
    })
    .await
}

async fn take_out_all(ctx: &Context, is_meant: impl Fn(&Record) -> bool) -> Result<(), UiError> {
    let mut meant: Vec<Record> = {
        let live = ctx.of::<InProcess>().live();
        live.values().map(|live| live.record.clone()).collect()
    };
    meant.extend(records::all(&ctx.database).await?);
    meant.retain(is_meant);
    for record in meant {
        take_out(ctx, &record).await?;
    }
    Ok(())
}

/// Out of memory, keychain and records, without a word in the journal. What the keychain refuses to forget is
/// tried again at the next start; a token that this process alone knew of is written down for that.
async fn take_out(ctx: &Context, record: &Record) -> Result<(), UiError> {
    let id = record.id;
    let leaving = Record {
        stage: Stage::Leaving,
        ..record.clone()
    };
    ctx.database
        .run(move |transaction| {
            records::add(transaction, &leaving)?;
            records::advance(transaction, id, Stage::Leaving)?;
            // Nobody needs to be told what became of a request whose token is not wanted any more.
            intents::settle(transaction, id.0)
        })
        .await?;
    ctx.of::<InProcess>().remove(id);
    ctx.of::<InProcess>().previous().remove(&id);
    finish_leaving(ctx, record).await
}

async fn finish_leaving(ctx: &Context, record: &Record) -> Result<(), UiError> {
    let id = record.id;
    let vault = ctx.vault();
    if record.store == Store::Keychain && vault.is_session_only() {
        tracing::warn!("a token stays in the keychain, which this session goes without");
        return Ok(());
    }
    if let Err(error) = vault.forget(&token_name(record.account, id)).await {
        tracing::warn!("a token stays in the keychain for now: {error}");
        return Ok(());
    }
    ctx.database
        .run(move |transaction| records::remove(transaction, id))
        .await?;
    Ok(())
}

/// Takes out what was in flight out of the keychain when the app stopped.
pub(crate) async fn finish_all_leaving(ctx: &Context) -> Result<(), UiError> {
    for record in records::all(&ctx.database).await? {
        if record.stage == Stage::Leaving {
            finish_leaving(ctx, &record).await?;
        }
    }
    Ok(())
}

/// The tokens of an account, after waiting a moment for those that are in flight to the keychain.
///
/// # Errors
/// When the database fails.
pub(crate) async fn tokens_of(
    ctx: &Context,
    account: &Account,
) -> Result<TokensOfAccount, UiError> {
    let mut in_flight = 0;
    for open in intents::open(&ctx.database).await? {
        if open.account() != account.id || !open.brings_token() || custody::is_held(ctx, open.id())
        {
            continue;
        }
        if operation_lock::is_in_flight(ctx, open.id()) {
            in_flight += 1;
            continue;
        }
        let Some(_claim) = client::claim_intent(ctx, open.id(), LOCK_TIMEOUT).await? else {
            in_flight += 1;
            continue;
        };
        let id = CustodyId(open.id());
        if let InKeychain::Yes(token) = custody::token_in_keychain(ctx, account.id, id).await {
            match &open {
                Open::Create(intent) => {
                    arrival::creation_found_in_keychain(ctx, intent, &token).await?;
                }
                Open::Rotate(intent) => {
                    arrival::rotation_found_in_keychain(ctx, intent, &token).await?;
                }
                Open::Delete(_) => {}
            }
        }
    }
    let all = custody::custody(ctx).await?.tokens;
    let of_account = all.iter().filter(|token| token.account == account.id);
    Ok(TokensOfAccount {
        in_custody: of_account.map(|token| token.id).collect(),
        in_flight,
    })
}

/// These tokens leave, without having been stored: the user chose so when signing out.
pub(crate) async fn forget_tokens(ctx: &Context, ids: &[CustodyId]) -> Result<(), UiError> {
    take_out_all(ctx, |record| ids.contains(&record.id)).await
}

pub(crate) fn custody_entry(
    ctx: &Context,
    record: &Record,
    action: Action,
    outcome: &str,
) -> Entry {
    Entry {
        at: ctx.now(),
        account: record.account,
        account_label: record.account_label.clone(),
        action,
        key: Some(journal::KeyNamed {
            id: record.key.as_ref().map(|key| key.as_str().to_owned()),
            name: record.name.clone(),
            last_eight: record.last_eight.clone(),
        }),
        outcome: outcome.to_owned(),
        request_id: None,
    }
}
