//! Writes whose outcome is not known yet: noted before they are sent, closed once the outcome is proved.
//!
//! An open intent after a crash or a lost answer is a question that is put to the keychain and the service until the
//! answer is proof (`reconcile`, `watch`), and never a guess. One whose token was found to be lost stays for as long as
//! its notice does: a keychain that finds the token later can still give it back. A row that cannot be read is told
//! and stays.

mod model;
pub(crate) mod schedule;
mod settler;
pub(crate) mod stored;

pub use model::RotateReason;
pub(crate) use model::{
    AccountWas, Creation, Deletion, Intent, Intents, KnownToken, Open, Rotation, Unreadable,
};
pub(crate) use settler::Settle;

use jiff::Timestamp;
use pulseapi::KeyId;
use rusqlite::{Transaction, params};
use uuid::Uuid;

use crate::base::database::{Database, DatabaseError};
use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::accounts::{self};
use crate::records::intents::stored::{FORM, Stored};
use crate::records::journal::{Action, Entry};

/// Notes a write before it is sent.
///
/// # Errors
/// When the database fails; what cannot be noted is not sent, and the error says so.
pub(crate) async fn note<W>(database: &Database, intent: &Intent<W>) -> Result<(), UiError>
where
    W: Stored + Clone + Send + 'static,
{
    let intent = intent.clone();
    let noted = database
        .run(move |transaction| {
            let (label, base_url) = match intent.account_was {
                Some(was) => (Some(was.label), Some(was.base_url)),
                None => (None, None),
            };
            transaction.execute(
                "INSERT INTO intent (id, at, account, action, what, form, account_label, base_url)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    intent.id.to_string(),
                    intent.at.to_string(),
                    intent.account.0.to_string(),
                    W::ACTION,
                    text(&intent.what)?,
                    FORM,
                    label,
                    base_url,
                ],
            )?;
            Ok(())
        })
        .await;
    noted.map_err(|error| {
        let mut told = UiError::from(error);
        told.message.push_str(" Nothing was sent.");
        told
    })
}

fn text(what: &impl Stored) -> rusqlite::Result<String> {
    what.to_text()
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// The outcome is known: the question is closed.
pub(crate) fn settle(transaction: &Transaction<'_>, id: Uuid) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM intent WHERE id = ?1", [id.to_string()])?;
    Ok(())
}

/// After an answer that leaves nothing open: it is told in any case. An intent that could not be closed stays, and a later
/// look at the service closes it.
pub(crate) fn closed_or_left_open(closed: Result<(), UiError>) {
    if let Err(error) = closed {
        tracing::warn!("an answered request stays open for now: {}", error.message);
    }
}

/// A key is gone: no question about it matters any more.
pub(crate) fn settle_of_key(
    transaction: &Transaction<'_>,
    account: AccountId,
    key: &KeyId,
) -> rusqlite::Result<()> {
    for row in rows(transaction)? {
        let Some(open) = row.any() else {
            continue;
        };
        if open.account() == account && open.key() == Some(key) {
            settle(transaction, open.id())?;
        }
    }
    Ok(())
}

/// Some rotation of the key took place, and `lost` is told to have lost its token. Requests that were sent after it are
/// closed: which of them it was cannot be told. Those before it had not acted when it was sent, and are still watched
/// with the key as it is now.
pub(crate) fn lost_one_of(
    transaction: &Transaction<'_>,
    lost: (Uuid, Timestamp),
    (account, key): (AccountId, &KeyId),
    token: &KnownToken,
) -> rusqlite::Result<()> {
    for row in rows(transaction)? {
        let Some(Open::Rotate(intent)) = row.any() else {
            continue;
        };
        let is_other = intent.id != lost.0;
        if is_other
            && intent.account == account
            && intent.what.key.id == *key
            && intent.at >= lost.1
        {
            settle(transaction, intent.id)?;
        }
    }
    supersede(transaction, account, key, lost.0, token)
}

/// The answer did not tell the outcome. The first time counts.
pub(crate) fn mark_unknown(
    transaction: &Transaction<'_>,
    id: Uuid,
    at: Timestamp,
) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE intent SET unknown_since = coalesce(unknown_since, ?2) WHERE id = ?1",
        params![id.to_string(), at.to_string()],
    )?;
    Ok(())
}

/// The service acted, and the token that it issued is nowhere. The row stays until its notice was read.
pub(crate) fn mark_lost(
    transaction: &Transaction<'_>,
    id: Uuid,
    at: Timestamp,
) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE intent SET lost_at = ?2 WHERE id = ?1",
        params![id.to_string(), at.to_string()],
    )?;
    Ok(())
}

/// The request had no effect for as long as it was watched. The row stays for a while: a cache that is older than the
/// watch can hide an effect.
pub(crate) fn mark_not_done(
    transaction: &Transaction<'_>,
    id: Uuid,
    at: Timestamp,
) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE intent SET not_done_at = ?2 WHERE id = ?1",
        params![id.to_string(), at.to_string()],
    )?;
    Ok(())
}

/// Nobody looks any more whether requests of this account were done after all.
pub(crate) fn forget_not_done(
    transaction: &Transaction<'_>,
    account: AccountId,
) -> rusqlite::Result<()> {
    transaction.execute(
        "DELETE FROM intent WHERE account = ?1 AND not_done_at IS NOT NULL",
        [account.0.to_string()],
    )?;
    Ok(())
}

/// A token of this key has arrived, by the request `but`. Older rotations of it that were found to be lost, or were
/// called not done, are closed.
/// Open ones are still watched, for a request may take effect late; from now on the record is compared with the token
/// that has arrived.
pub(crate) fn supersede(
    transaction: &Transaction<'_>,
    account: AccountId,
    key: &KeyId,
    but: Uuid,
    token: &KnownToken,
) -> rusqlite::Result<()> {
    for row in rows(transaction)? {
        let Some(Open::Rotate(intent)) = row.any() else {
            continue;
        };
        if intent.account != account || intent.what.key.id != *key || intent.id == but {
            continue;
        }
        if intent.lost_at.is_some() || intent.not_done_at.is_some() {
            settle(transaction, intent.id)?;
            continue;
        }
        let what = Rotation {
            token: token.clone(),
            ..intent.what
        };
        transaction.execute(
            "UPDATE intent SET what = ?2, form = ?3 WHERE id = ?1",
            params![intent.id.to_string(), text(&what)?, FORM],
        )?;
    }
    Ok(())
}

/// A key is the work of the request `by`: no other open creation of its account can have made it.
pub(crate) fn is_made_by(
    transaction: &Transaction<'_>,
    account: AccountId,
    key: &KeyId,
    by: Uuid,
) -> rusqlite::Result<()> {
    for row in rows(transaction)? {
        let Some(Open::Create(intent)) = row.any() else {
            continue;
        };
        if intent.account != account || intent.id == by || intent.what.known.contains(key) {
            continue;
        }
        let mut what = intent.what;
        what.known.push(key.clone());
        transaction.execute(
            "UPDATE intent SET what = ?2, form = ?3 WHERE id = ?1",
            params![intent.id.to_string(), text(&what)?, FORM],
        )?;
    }
    Ok(())
}

/// Closes what was found to be lost and has no notice any more: it was read, or its advice was followed.
pub(crate) fn close_read(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute(
        "DELETE FROM intent WHERE lost_at IS NOT NULL AND id NOT IN (SELECT id FROM notice)",
        [],
    )?;
    Ok(())
}

struct Row {
    id: String,
    at: String,
    account: String,
    action: String,
    what: String,
    form: u32,
    account_was: Option<AccountWas>,
    unknown_since: Option<String>,
    lost_at: Option<String>,
    not_done_at: Option<String>,
}

impl Row {
    fn read<W: Stored>(&self) -> Option<Intent<W>> {
        if self.action != W::ACTION {
            return None;
        }
        let time = |text: &Option<String>| match text {
            Some(text) => text.parse().map(Some).ok(),
            None => Some(None),
        };
        Some(Intent {
            id: self.id.parse().ok()?,
            at: self.at.parse().ok()?,
            account: AccountId(self.account.parse().ok()?),
            account_was: self.account_was.clone(),
            unknown_since: time(&self.unknown_since)?,
            lost_at: time(&self.lost_at)?,
            not_done_at: time(&self.not_done_at)?,
            what: W::from_text(self.form, &self.what)?,
        })
    }

    fn any(&self) -> Option<Open> {
        self.read()
            .map(Open::Delete)
            .or_else(|| self.read().map(Open::Rotate))
            .or_else(|| self.read().map(Open::Create))
    }
}

fn rows(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<Row>> {
    let mut statement = transaction.prepare(
        "SELECT id, at, account, action, what, form, account_label, base_url, unknown_since, lost_at,
                not_done_at
         FROM intent ORDER BY at, rowid",
    )?;
    statement
        .query_map([], |row| {
            let was: (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
            Ok(Row {
                id: row.get(0)?,
                at: row.get(1)?,
                account: row.get(2)?,
                action: row.get(3)?,
                what: row.get(4)?,
                form: row.get(5)?,
                account_was: match was {
                    (Some(label), Some(base_url)) => Some(AccountWas { label, base_url }),
                    _ => None,
                },
                unknown_since: row.get(8)?,
                lost_at: row.get(9)?,
                not_done_at: row.get(10)?,
            })
        })?
        .collect()
}

/// All rows, oldest first.
pub(crate) async fn all(database: &Database) -> Result<Intents, DatabaseError> {
    let rows = database.run(rows).await?;
    let mut intents = Intents::default();
    for row in rows {
        match row.any() {
            Some(open) if open.lost_at().is_some() => intents.lost.push(open),
            Some(open) if open.not_done_at().is_some() => intents.not_done.push(open),
            Some(open) => intents.open.push(open),
            None => intents.unreadable.push(Unreadable {
                id: row.id,
                at: row.at,
                action: row.action,
            }),
        }
    }
    Ok(intents)
}

/// One of those that wait for an outcome, as it is now.
pub(crate) async fn open_one(database: &Database, id: Uuid) -> Result<Option<Open>, DatabaseError> {
    let open = open(database).await?;
    Ok(open.into_iter().find(|open| open.id() == id))
}

/// Those that wait for an outcome, oldest first.
pub(crate) async fn open(database: &Database) -> Result<Vec<Open>, DatabaseError> {
    Ok(all(database).await?.open)
}

/// An intent has been opened or its outcome has become unknown: it is to be watched.
#[derive(Debug, Default)]
pub(crate) struct OutcomeUnknown(pub(crate) tokio::sync::Notify);

/// From now on it counts how long the outcome of an intent has been unknown, and it is watched.
pub(crate) async fn outcome_unknown<W: Clone>(
    ctx: &Context,
    intent: &Intent<W>,
) -> Result<Intent<W>, UiError> {
    let (id, at) = (intent.id, ctx.now());
    ctx.database
        .run(move |transaction| mark_unknown(transaction, id, at))
        .await?;
    ctx.of::<OutcomeUnknown>().0.notify_one();
    Ok(Intent {
        unknown_since: Some(intent.unknown_since.unwrap_or(at)),
        ..intent.clone()
    })
}

/// What an intent's account is called, signed in or not.
pub(crate) fn account_was<W>(ctx: &Context, intent: &Intent<W>) -> AccountWas {
    match (accounts::find(ctx, intent.account), &intent.account_was) {
        (Ok(account), _) => AccountWas::of(&account),
        (Err(_), Some(was)) => was.clone(),
        (Err(_), None) => AccountWas {
            label: "an account that is signed out".to_owned(),
            base_url: String::new(),
        },
    }
}

/// A journal row about an intent, now.
pub(crate) fn entry_of<W>(
    ctx: &Context,
    intent: &Intent<W>,
    action: Action,
    outcome: &str,
) -> Entry {
    Entry {
        at: ctx.now(),
        account: intent.account,
        account_label: account_was(ctx, intent).label,
        action,
        key: None,
        outcome: outcome.to_owned(),
        request_id: None,
    }
}

#[cfg(test)]
mod tests;
