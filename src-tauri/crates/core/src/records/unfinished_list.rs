//! How far the reading of a list came, so that it can go on from there after a failure or a restart.
//!
//! At most one reading of each account is kept. Whatever this app changes of an account's keys ends it: its rows would
//! bring back what was before.

use jiff::Timestamp;
use pulseapi::Checkpoint;
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::base::database::{Database, DatabaseError};
use crate::base::ids::AccountId;
use crate::records::key::KeyRow;
use crate::records::stored_key::{StoredKey, written};

/// A list that was not read to its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnfinishedList {
    /// When its first page was asked for (UTC).
    pub(crate) began_at: Timestamp,
    /// The keys of the pages that were read, in their order.
    pub(crate) keys: Vec<KeyRow>,
    /// The last of these pages.
    pub(crate) checkpoint: Checkpoint,
}

/// Writes down keys of a reading that began at `began_at`: those behind the first `known`, which stand there already, up
/// to the page of `checkpoint`. Nothing, where they don't: the account's keys were changed meanwhile, or another reading
/// took its place.
pub(crate) async fn keep(
    database: &Database,
    account: AccountId,
    began_at: Timestamp,
    known: usize,
    keys: &[KeyRow],
    checkpoint: &Checkpoint,
) -> Result<(), DatabaseError> {
    let (account, began_at) = (account.0.to_string(), began_at.to_string());
    let rows: Vec<String> = keys.iter().map(written).collect::<Result<_, _>>()?;
    let checkpoint = serde_json::to_string(checkpoint)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    database
        .run(move |transaction| {
            if known == 0 {
                forget(transaction, &account)?;
                transaction.execute(
                    "INSERT INTO unfinished_list (account, began_at, checkpoint) VALUES (?1, ?2, ?3)",
                    params![account, began_at, checkpoint],
                )?;
            } else {
                let stands: i64 = transaction.query_row(
                    "SELECT count(*) FROM unfinished_key JOIN unfinished_list USING (account)
                     WHERE account = ?1 AND began_at = ?2",
                    [&account, &began_at],
                    |row| row.get(0),
                )?;
                if usize::try_from(stands) != Ok(known) {
                    return Ok(());
                }
                transaction.execute(
                    "UPDATE unfinished_list SET checkpoint = ?2 WHERE account = ?1",
                    [&account, &checkpoint],
                )?;
            }
            let mut insert = transaction.prepare(
                "INSERT INTO unfinished_key (account, position, row) VALUES (?1, ?2, ?3)",
            )?;
            for (row, position) in rows.iter().zip(known..) {
                let position = i64::try_from(position).unwrap_or(i64::MAX);
                insert.execute(params![account, position, row])?;
            }
            Ok(())
        })
        .await
}

/// What is kept of a reading of an account's list. None where part of it can't be read any more: the list is then read
/// from its beginning.
pub(crate) async fn load(
    database: &Database,
    account: AccountId,
) -> Result<Option<UnfinishedList>, DatabaseError> {
    let account = account.0.to_string();
    database
        .run(move |transaction| {
            let kept: Option<(String, String)> = transaction
                .query_row(
                    "SELECT began_at, checkpoint FROM unfinished_list WHERE account = ?1",
                    [&account],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let Some((began_at, checkpoint)) = kept else {
                return Ok(None);
            };
            let mut statement = transaction
                .prepare("SELECT row FROM unfinished_key WHERE account = ?1 ORDER BY position")?;
            let rows: rusqlite::Result<Vec<String>> =
                statement.query_map([&account], |row| row.get(0))?.collect();
            Ok(read(&began_at, &checkpoint, &rows?))
        })
        .await
}

fn read(began_at: &str, checkpoint: &str, rows: &[String]) -> Option<UnfinishedList> {
    let keys: Result<Vec<KeyRow>, _> = rows
        .iter()
        .map(|row| serde_json::from_str::<StoredKey>(row).map(KeyRow::from))
        .collect();
    Some(UnfinishedList {
        began_at: began_at.parse().ok()?,
        keys: keys.ok()?,
        checkpoint: serde_json::from_str(checkpoint).ok()?,
    })
}

/// The list was read to its end, or its keys were changed.
pub(crate) fn forget(transaction: &Transaction<'_>, account: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM unfinished_list WHERE account = ?1", [account])?;
    Ok(())
}
