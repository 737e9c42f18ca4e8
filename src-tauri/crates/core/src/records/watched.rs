//! What is kept between two looks at this machine while it is watched: when, which files were read, where keys were.
//!
//! All of it goes when the watch is switched off. Left out: looking, and what is told of it (`watch`).

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, params};
use serde::{Deserialize, Serialize};
use usage::FileIndex;

use crate::base::database::{Database, DatabaseError};
use crate::base::ids::AccountId;

/// When the keys of an account were looked for last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// To the end; none before the first that came to it.
    pub(crate) finished_at: Option<Timestamp>,
    /// At all.
    pub(crate) tried_at: Timestamp,
}

/// One key in one place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyInPlace {
    pub(crate) key: String,
    pub(crate) last_eight: String,
    pub(crate) place: String,
}

/// Who else can see a key where it stands, as far as this machine tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SeenBy {
    /// Every user of this machine.
    EveryUser,
    /// Perhaps whoever sees what the repository was pushed to on this server.
    Remote(String),
}

/// Where keys are, with who else can see each there.
pub(crate) type Places = HashMap<KeyInPlace, BTreeSet<SeenBy>>;

/// When the keys of an account were looked for last; none where they never were.
pub(crate) async fn last_look(
    database: &Database,
    account: AccountId,
) -> Result<Option<Look>, DatabaseError> {
    let account = account.0.to_string();
    let row: Option<(Option<String>, String)> = database
        .run(move |transaction| {
            let sql = "SELECT finished_at, tried_at FROM watch_look WHERE account = ?1";
            transaction
                .query_row(sql, [&account], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        })
        .await?;
    Ok(row.and_then(|(finished_at, tried_at)| {
        Some(Look {
            finished_at: finished_at.and_then(|at| at.parse().ok()),
            // What nobody can read is looked for anew.
            tried_at: tried_at.parse().ok()?,
        })
    }))
}

/// What the last look read, and where it found keys. What can't be read is as if it were not there: everything is read anew.
pub(crate) async fn known(
    database: &Database,
    account: AccountId,
) -> Result<(FileIndex, Places), DatabaseError> {
    let account = account.0.to_string();
    database
        .run(move |transaction| {
            let files: Option<String> = transaction
                .query_row(
                    "SELECT files FROM watch_look WHERE account = ?1",
                    [&account],
                    |row| row.get(0),
                )
                .optional()?;
            let files = files.and_then(|files| serde_json::from_str(&files).ok());
            let mut statement = transaction.prepare(
                "SELECT key_id, last_eight, place, seen_by FROM watch_place WHERE account = ?1",
            )?;
            let places = statement.query_map([&account], |row| {
                let place = KeyInPlace {
                    key: row.get(0)?,
                    last_eight: row.get(1)?,
                    place: row.get(2)?,
                };
                let seen_by: String = row.get(3)?;
                Ok((place, serde_json::from_str(&seen_by).unwrap_or_default()))
            })?;
            Ok((files.unwrap_or_default(), places.collect::<Result<_, _>>()?))
        })
        .await
}

/// A look begins.
pub(crate) async fn tried(
    database: &Database,
    account: AccountId,
    at: Timestamp,
) -> Result<(), DatabaseError> {
    let account = account.0.to_string();
    database
        .run(move |transaction| {
            transaction.execute(
                "INSERT INTO watch_look (account, tried_at, files) VALUES (?1, ?2, '{}')
                 ON CONFLICT (account) DO UPDATE SET tried_at = ?2",
                params![account, at.to_string()],
            )?;
            Ok(())
        })
        .await
}

/// What a look read.
pub(crate) fn put_files(
    transaction: &Transaction<'_>,
    account: AccountId,
    files: &FileIndex,
) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE watch_look SET files = ?2 WHERE account = ?1",
        params![account.0.to_string(), json(files)?],
    )?;
    Ok(())
}

/// A look came to its end, and found keys here and nowhere else.
pub(crate) fn finished(
    transaction: &Transaction<'_>,
    account: AccountId,
    at: Timestamp,
    places: &Places,
) -> rusqlite::Result<()> {
    let account = account.0.to_string();
    transaction.execute(
        "UPDATE watch_look SET finished_at = ?2 WHERE account = ?1",
        params![account, at.to_string()],
    )?;
    transaction.execute("DELETE FROM watch_place WHERE account = ?1", [&account])?;
    let mut insert = transaction.prepare(
        "INSERT INTO watch_place (account, key_id, last_eight, place, seen_by) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (at, seen_by) in places {
        insert.execute(params![
            account,
            at.key,
            at.last_eight,
            at.place,
            json(seen_by)?
        ])?;
    }
    Ok(())
}

/// The watch is switched off: nothing of it stays.
pub(crate) async fn remove_all(database: &Database) -> Result<(), DatabaseError> {
    database
        .run(|transaction| {
            transaction.execute("DELETE FROM watch_look", [])?;
            transaction.execute("DELETE FROM watch_place", [])?;
            Ok(())
        })
        .await
}

/// An account is gone.
pub(crate) fn remove_account(transaction: &Transaction<'_>, account: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM watch_look WHERE account = ?1", [account])?;
    transaction.execute("DELETE FROM watch_place WHERE account = ?1", [account])?;
    Ok(())
}

fn json(what: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(what)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}
