//! The list of keys as it was last seen, so that the app has something to show before the service answers.
//!
//! Left out: fetching (`list`), and secrets, which a list never holds.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::database::{Database, DatabaseError};
use crate::usage_kept as kept;
use crate::view::{AccountId, KeyRow};

/// A list, and when it was whole; nothing if it never was.
pub(crate) type Cached = Option<(Vec<KeyRow>, Timestamp)>;

/// The list of an account.
pub(crate) async fn load(database: &Database, account: AccountId) -> Result<Cached, DatabaseError> {
    let account = account.0.to_string();
    let found = database
        .run(move |transaction| {
            let fetched_at: Option<String> = transaction
                .query_row(
                    "SELECT fetched_at FROM cached_list WHERE account = ?1",
                    [&account],
                    |row| row.get(0),
                )
                .optional()?;
            let Some(fetched_at) = fetched_at else {
                return Ok(None);
            };
            let mut statement = transaction
                .prepare("SELECT row FROM cached_key WHERE account = ?1 ORDER BY position")?;
            let rows = statement
                .query_map([&account], |row| row.get::<_, String>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(Some((rows, fetched_at)))
        })
        .await?;
    Ok(found.and_then(|(rows, fetched_at)| {
        // A cache written by another version may not be readable; then there is none.
        let rows = rows
            .iter()
            .map(|row| serde_json::from_str(row))
            .collect::<Result<_, _>>()
            .ok()?;
        Some((rows, fetched_at.parse().ok()?))
    }))
}

/// Puts a whole list in place of the one before. What is kept with a key that is not in it goes; a use that it tells
/// of is noted.
pub(crate) async fn replace(
    database: &Database,
    account: AccountId,
    keys: &[KeyRow],
    fetched_at: Timestamp,
) -> Result<(), DatabaseError> {
    let account = account.0.to_string();
    let uses = kept::uses_of(keys);
    let rows: Vec<_> = keys
        .iter()
        // Rows of plain text and times always serialize; one that did not would only be missing from the cache.
        .filter_map(|key| Some((key.id.as_str().to_owned(), serde_json::to_string(key).ok()?)))
        .collect();
    database
        .run(move |transaction| {
            transaction.execute("DELETE FROM cached_list WHERE account = ?1", [&account])?;
            transaction.execute(
                "INSERT INTO cached_list (account, fetched_at) VALUES (?1, ?2)",
                params![account, fetched_at.to_string()],
            )?;
            let mut insert = transaction
                .prepare("INSERT OR REPLACE INTO cached_key (account, position, id, row) VALUES (?1, ?2, ?3, ?4)")?;
            for ((id, row), position) in rows.iter().zip(0_i64..) {
                insert.execute(params![account, position, id, row])?;
            }
            kept::forget_absent(transaction, &account)?;
            kept::note_uses(transaction, &account, &uses, fetched_at)
        })
        .await
}

/// Puts a key in the place that it has in the list, or at its top, as the service lists new ones. A list that was
/// never fetched stays unknown.
pub(crate) fn put_key(
    transaction: &Transaction<'_>,
    account: AccountId,
    key: &KeyRow,
) -> rusqlite::Result<()> {
    let account = account.0.to_string();
    let row = serde_json::to_string(key)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let changed = transaction.execute(
        "UPDATE cached_key SET row = ?3 WHERE account = ?1 AND id = ?2",
        params![account, key.id.as_str(), row],
    )?;
    if changed == 0 {
        transaction.execute(
            "INSERT INTO cached_key (account, position, id, row)
             SELECT ?1, coalesce((SELECT min(position) FROM cached_key WHERE account = ?1), 1) - 1, ?2, ?3
             WHERE EXISTS (SELECT 1 FROM cached_list WHERE account = ?1)",
            params![account, key.id.as_str(), row],
        )?;
    }
    Ok(())
}

/// Takes one key off the list, with what is kept with it.
pub(crate) fn remove_key(
    transaction: &Transaction<'_>,
    account: AccountId,
    id: &str,
) -> rusqlite::Result<()> {
    let account = account.0.to_string();
    transaction.execute(
        "DELETE FROM cached_key WHERE account = ?1 AND id = ?2",
        [&account, id],
    )?;
    kept::forget_key(transaction, &account, id)
}

/// Takes a whole list away, when its account goes.
pub(crate) fn remove_list(transaction: &Transaction<'_>, account: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM cached_list WHERE account = ?1", [account])?;
    kept::forget_account(transaction, account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{database, row};

    const ACCOUNT: AccountId = AccountId(uuid::Uuid::nil());

    #[tokio::test]
    async fn a_list_comes_back_in_its_order_with_its_time() {
        let (_folder, database) = database();
        assert_eq!(load(&database, ACCOUNT).await.unwrap(), None);
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        let keys = vec![row("9", "b"), row("2", "a")];
        replace(&database, ACCOUNT, &keys, now).await.unwrap();
        assert_eq!(load(&database, ACCOUNT).await.unwrap(), Some((keys, now)));
    }

    #[tokio::test]
    async fn a_key_is_put_in_its_place_or_on_top() {
        let (_folder, database) = database();
        let put = |key: KeyRow| {
            let database = database.clone();
            async move {
                database
                    .run(move |transaction| put_key(transaction, ACCOUNT, &key))
                    .await
                    .unwrap();
            }
        };
        put(row("9", "before any list")).await;
        assert_eq!(load(&database, ACCOUNT).await.unwrap(), None);
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        let keys = [row("9", "b"), row("2", "a")];
        replace(&database, ACCOUNT, &keys, now).await.unwrap();
        put(row("2", "changed")).await;
        put(row("11", "new")).await;
        let expected = vec![row("11", "new"), row("9", "b"), row("2", "changed")];
        assert_eq!(
            load(&database, ACCOUNT).await.unwrap(),
            Some((expected, now))
        );
    }

    #[tokio::test]
    async fn a_new_list_leaves_nothing_of_the_old_one() {
        let (_folder, database) = database();
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        replace(&database, ACCOUNT, &[row("9", "b"), row("2", "a")], now)
            .await
            .unwrap();
        replace(&database, ACCOUNT, &[row("2", "a")], now)
            .await
            .unwrap();
        database
            .run(|transaction| remove_key(transaction, ACCOUNT, "2"))
            .await
            .unwrap();
        assert_eq!(load(&database, ACCOUNT).await.unwrap(), Some((vec![], now)));
    }
}
