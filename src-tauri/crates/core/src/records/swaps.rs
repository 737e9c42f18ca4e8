//! Keys that are to go once they have been quiet: a sibling takes their place (a swap), or nothing does (retiring).
//!
//! A row for each, as JSON, from the moment at which the user begins until they put it away. It never holds a token. What
//! follows from it (how quiet a key is, what is said, when it is looked at) is `keys::swap`. It stands here because putting
//! tokens in place and deleting keys write into it too.

use std::path::PathBuf;
use std::sync::Mutex;

use jiff::Timestamp;
use pulseapi::KeyId;
use rusqlite::{OptionalExtension as _, Transaction, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base::database::DatabaseError;
use crate::base::ids::{AccountId, CustodyId};
use crate::context::Context;

/// What is known of the swaps, for what can't wait for the database.
#[derive(Default)]
pub(crate) struct Swaps {
    known: Mutex<Vec<Swap>>,
    /// Told after every change of what is written down.
    pub(crate) changed: tokio::sync::Notify,
}

/// How a key is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// Another key takes its place.
    Swap,
    /// None does.
    Retire,
}

/// A key that is to go. Field names are those that earlier versions wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Swap {
    pub(crate) account: AccountId,
    pub(crate) key: KeyId,
    pub(crate) name: String,
    pub(crate) last_eight: String,
    pub(crate) way: Way,
    pub(crate) begun_at: Timestamp,
    /// What the sibling is called, or is to be.
    #[serde(default)]
    pub(crate) sibling_name: String,
    /// None as long as it is not known to be made.
    #[serde(default)]
    pub(crate) sibling: Option<Sibling>,
    /// Every place of this machine that has to do with it.
    #[serde(default)]
    pub(crate) places: Vec<SwapPlace>,
    /// Since when it should be quiet; none as long as its places are being changed.
    #[serde(default)]
    pub(crate) watched_since: Option<Timestamp>,
    /// For how long it has to be quiet.
    pub(crate) quiet_days: u16,
    /// What was advised for that, by how it was used before.
    pub(crate) advised_days: u16,
    /// What the journal and the user were told last of its being quiet.
    #[serde(default)]
    pub(crate) told: Option<Told>,
    /// Its token in custody.
    #[serde(default)]
    pub(crate) old_token: Option<OldTokenKept>,
    #[serde(default)]
    pub(crate) deleted_at: Option<Timestamp>,
    /// When its token got 401.
    #[serde(default)]
    pub(crate) refused_at: Option<Timestamp>,
    /// What a later version wrote beside all of that. It stays.
    #[serde(flatten)]
    pub(crate) of_later_version: Map<String, Value>,
}

/// The key that takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sibling {
    pub(crate) key: KeyId,
    pub(crate) last_eight: String,
    pub(crate) token: CustodyId,
}

/// A place of this machine where the old token stands, or stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SwapPlace {
    pub(crate) path: PathBuf,
    pub(crate) short_path: String,
    /// Under which heading of the help article; as the page's word for it.
    pub(crate) heading: String,
    /// Whether the new token is in it.
    pub(crate) is_done: bool,
    /// Whether this app put it there, and so can put the old one back.
    #[serde(default)]
    pub(crate) is_ours: bool,
}

/// What was told of a key that is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    /// It has been quiet for long enough.
    Ready,
    /// Something used it.
    Woken,
}

/// The old token, kept for the time of the swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OldTokenKept {
    pub(crate) id: CustodyId,
    /// Whether it was put there for the swap, and goes with it.
    pub(crate) for_swap: bool,
}

impl Swap {
    pub(crate) fn is_sibling(&self, key: &KeyId) -> bool {
        let sibling = self.sibling.as_ref();
        sibling.is_some_and(|sibling| sibling.key == *key)
    }

    /// Notes a place as it is now.
    pub(crate) fn put_place(&mut self, place: SwapPlace) {
        match self
            .places
            .iter_mut()
            .find(|known| known.path == place.path)
        {
            Some(known) => *known = place,
            None => self.places.push(place),
        }
    }
}

/// All of them, oldest first. What a later version wrote and this one can't read is counted by [`unreadable`], and stays.
///
/// # Errors
/// When the database fails.
pub(crate) async fn all(ctx: &Context) -> Result<Vec<Swap>, DatabaseError> {
    let rows: Vec<String> = ctx
        .database
        .run(|transaction| {
            let mut statement = transaction.prepare("SELECT about FROM swap ORDER BY rowid")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect()
        })
        .await?;
    let swaps = rows.iter().filter_map(|about| {
        let swap = serde_json::from_str(about);
        if swap.is_err() {
            tracing::warn!("a swap was written by another version");
        }
        swap.ok()
    });
    let swaps: Vec<Swap> = swaps.collect();
    ctx.lock(&ctx.of::<Swaps>().known).clone_from(&swaps);
    Ok(swaps)
}

/// The swap of a key, as it is known without waiting.
pub(crate) fn known(ctx: &Context, account: AccountId, key: &KeyId) -> Option<Swap> {
    let known = ctx.lock(&ctx.of::<Swaps>().known);
    known
        .iter()
        .find(|swap| swap.account == account && swap.key == *key)
        .cloned()
}

/// The swap of a key, or the one that it is the sibling of.
///
/// # Errors
/// When the database fails.
pub(crate) async fn find(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
) -> Result<Option<Swap>, DatabaseError> {
    let mut all = all(ctx).await?;
    all.retain(|swap| swap.account == account);
    let place = all.iter().position(|swap| swap.key == *key);
    let place = place.or_else(|| all.iter().position(|swap| swap.is_sibling(key)));
    Ok(place.map(|place| all.swap_remove(place)))
}

/// Changes what is written down of a key in one step, whatever else changes it meanwhile; nothing where there is no row.
/// Gives it as it is then.
///
/// # Errors
/// When the database fails.
pub(crate) async fn change(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
    change: impl FnOnce(&mut Swap) + Send + 'static,
) -> Result<Option<Swap>, DatabaseError> {
    let id = (account.0.to_string(), key.as_str().to_owned());
    let changed = ctx
        .database
        .run(move |transaction| {
            let mut statement =
                transaction.prepare("SELECT about FROM swap WHERE account = ?1 AND key_id = ?2")?;
            let mut rows = statement.query([&id.0, &id.1])?;
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            let about: String = row.get(0)?;
            let Ok(mut swap) = serde_json::from_str::<Swap>(&about) else {
                return Ok(None);
            };
            change(&mut swap);
            put(transaction, &swap)?;
            Ok(Some(swap))
        })
        .await?;
    has_changed(ctx).await?;
    Ok(changed)
}

/// How many swaps of keys of an account a later version wrote and this one can't read.
pub(crate) fn unreadable(
    transaction: &Transaction<'_>,
    account: AccountId,
) -> rusqlite::Result<usize> {
    let mut statement = transaction.prepare("SELECT about FROM swap WHERE account = ?1")?;
    let rows = statement.query_map([account.0.to_string()], |row| row.get::<_, String>(0))?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows.iter().filter(|about| !is_readable(about)).count())
}

/// Whether a later version wrote about the swap of this key what this one can't read.
///
/// # Errors
/// When the database fails.
pub(crate) async fn is_of_later_version(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
) -> Result<bool, DatabaseError> {
    let key = key.clone();
    ctx.database
        .run(move |transaction| is_kept_from_us(transaction, account, &key))
        .await
}

fn is_kept_from_us(
    transaction: &Transaction<'_>,
    account: AccountId,
    key: &KeyId,
) -> rusqlite::Result<bool> {
    let about: Option<String> = transaction
        .query_row(
            "SELECT about FROM swap WHERE account = ?1 AND key_id = ?2",
            [&account.0.to_string(), key.as_str()],
            |row| row.get(0),
        )
        .optional()?;
    Ok(about.is_some_and(|about| !is_readable(&about)))
}

fn is_readable(about: &str) -> bool {
    serde_json::from_str::<Swap>(about).is_ok()
}

/// Writes down a new one, or the same anew; never over what a later version wrote and this one can't read. Whether it did.
pub(crate) fn put(transaction: &Transaction<'_>, swap: &Swap) -> rusqlite::Result<bool> {
    if is_kept_from_us(transaction, swap.account, &swap.key)? {
        return Ok(false);
    }
    let about = serde_json::to_string(swap)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    transaction.execute(
        "INSERT INTO swap (account, key_id, about) VALUES (?1, ?2, ?3)
         ON CONFLICT (account, key_id) DO UPDATE SET about = ?3",
        params![swap.account.0.to_string(), swap.key.as_str(), about],
    )?;
    Ok(true)
}

/// It is put away.
pub(crate) fn remove(
    transaction: &Transaction<'_>,
    account: AccountId,
    key: &KeyId,
) -> rusqlite::Result<()> {
    transaction.execute(
        "DELETE FROM swap WHERE account = ?1 AND key_id = ?2",
        [&account.0.to_string(), key.as_str()],
    )?;
    Ok(())
}

/// An account is gone.
pub(crate) fn remove_account(transaction: &Transaction<'_>, account: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM swap WHERE account = ?1", [account])?;
    Ok(())
}

/// What is known without waiting is read anew, and whoever watches is told.
///
/// # Errors
/// When the database fails.
pub(crate) async fn has_changed(ctx: &Context) -> Result<(), DatabaseError> {
    all(ctx).await?;
    ctx.of::<Swaps>().changed.notify_waiters();
    Ok(())
}

/// A key is gone; whether its token got 401.
///
/// # Errors
/// When the database fails.
pub(crate) async fn key_is_gone(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
    at: Timestamp,
    is_refused: bool,
) -> Result<(), DatabaseError> {
    change(ctx, account, key, move |swap| {
        swap.deleted_at.get_or_insert(at);
        if is_refused {
            swap.refused_at.get_or_insert(at);
        }
    })
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::database;

    fn swap() -> Swap {
        let about = r#"{"account": "00000000-0000-0000-0000-000000000000", "key": "7", "name": "CI",
            "last_eight": "ab12cd34", "way": "retire", "begun_at": "2026-11-22T14:00:00Z", "quiet_days": 3,
            "advised_days": 3, "noticed_by": {"mail": true}}"#;
        serde_json::from_str(about).unwrap()
    }

    #[tokio::test]
    async fn what_a_later_version_wrote_stays() {
        let (_folder, database) = database();
        database
            .run(|transaction| {
                let account = AccountId(uuid::Uuid::nil());
                assert!(put(transaction, &swap())?);
                let about = |transaction: &Transaction<'_>| {
                    transaction
                        .query_row("SELECT about FROM swap", [], |row| row.get::<_, String>(0))
                };
                assert!(about(transaction)?.contains(r#""noticed_by":{"mail":true}"#));
                assert_eq!(unreadable(transaction, account)?, 0);

                transaction.execute(
                    "UPDATE swap SET about = replace(about, 'retire', 'hand_over')",
                    [],
                )?;
                let theirs = about(transaction)?;
                assert!(!put(transaction, &swap())?);
                assert_eq!(about(transaction)?, theirs);
                assert_eq!(unreadable(transaction, account)?, 1);
                Ok(())
            })
            .await
            .unwrap();
    }
}
