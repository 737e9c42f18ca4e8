//! When keys were used, as lists reported it; and what goes of the searches when a key goes.

use jiff::Timestamp;
use pulseapi::KeyId;
use rusqlite::{Transaction, params};
use serde::Serialize;

use crate::base::database::{Database, DatabaseError};
use crate::base::ids::AccountId;
use crate::base::text::whole_second;
use crate::records::key::KeyRow;

/// The list was fetched: each use that it tells of and that was not known is added.
pub(crate) fn note_uses(
    transaction: &Transaction<'_>,
    account: &str,
    uses: &[(String, Timestamp)],
    seen_at: Timestamp,
) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare(
        "INSERT OR IGNORE INTO last_use (account, key_id, used_at, seen_at) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut trim = transaction.prepare(
        "DELETE FROM last_use WHERE account = ?1 AND key_id = ?2 AND used_at NOT IN (
             SELECT used_at FROM last_use WHERE account = ?1 AND key_id = ?2 ORDER BY used_at DESC LIMIT ?3
         )",
    )?;
    for (key, used_at) in uses {
        // To the second, so that their order as text is their order in time.
        let used_at = whole_second(*used_at).to_string();
        if insert.execute(params![account, key, used_at, seen_at.to_string()])? > 0 {
            trim.execute(params![account, key, MOST_USES])?;
        }
    }
    Ok(())
}

/// What [`note_uses`] takes from a list.
pub(crate) fn uses_of(keys: &[KeyRow]) -> Vec<(String, Timestamp)> {
    keys.iter()
        .filter_map(|key| Some((key.id.as_str().to_owned(), key.last_used_at?)))
        .collect()
}

/// The uses of a key, newest first.
pub(crate) async fn uses(
    database: &Database,
    account: AccountId,
    key: &KeyId,
) -> Result<Vec<LastUse>, DatabaseError> {
    let (account, key) = (account.0.to_string(), key.as_str().to_owned());
    let rows: Vec<(String, String)> = database
        .run(move |transaction| {
            let mut statement = transaction.prepare(
                "SELECT used_at, seen_at FROM last_use WHERE account = ?1 AND key_id = ?2 ORDER BY used_at DESC",
            )?;
            let rows = statement.query_map([&account, &key], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        })
        .await?;
    let uses = rows.iter().filter_map(|(used_at, seen_at)| {
        Some(LastUse {
            used_at: used_at.parse().ok()?,
            seen_at: seen_at.parse().ok()?,
        })
    });
    Ok(uses.collect())
}

/// A key is gone.
pub(crate) fn forget_key(
    transaction: &Transaction<'_>,
    account: &str,
    key: &str,
) -> rusqlite::Result<()> {
    for table in TABLES {
        transaction.execute(
            &format!("DELETE FROM {table} WHERE account = ?1 AND key_id = ?2"),
            [account, key],
        )?;
    }
    drop_searches_of_no_key(transaction, account)
}

/// The list of an account is whole and new: what is not on it is gone.
pub(crate) fn forget_absent(transaction: &Transaction<'_>, account: &str) -> rusqlite::Result<()> {
    for table in TABLES {
        transaction.execute(
            &format!(
                "DELETE FROM {table} WHERE account = ?1
                 AND key_id NOT IN (SELECT id FROM cached_key WHERE account = ?1)"
            ),
            [account],
        )?;
    }
    drop_searches_of_no_key(transaction, account)
}

/// An account is gone.
pub(crate) fn forget_account(transaction: &Transaction<'_>, account: &str) -> rusqlite::Result<()> {
    for table in TABLES {
        transaction.execute(
            &format!("DELETE FROM {table} WHERE account = ?1"),
            [account],
        )?;
    }
    drop_searches_of_no_key(transaction, account)
}

pub(crate) fn drop_searches_of_no_key(
    transaction: &Transaction<'_>,
    account: &str,
) -> rusqlite::Result<()> {
    transaction.execute(
        "DELETE FROM usage_search WHERE account = ?1
         AND id NOT IN (SELECT search FROM usage_of_key WHERE account = ?1)",
        [account],
    )?;
    Ok(())
}

/// A use of a key, as this app came to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LastUse {
    /// When the service saw it used.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub used_at: Timestamp,
    /// When this app first read that.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub seen_at: Timestamp,
}

/// How many uses of a key are remembered.
const MOST_USES: u32 = 50;

/// Where something is kept of a key of the list.
const TABLES: [&str; 4] = ["usage_of_key", "last_use", "checklist_tick", "own_call"];
