//! The list of keys as it was last seen, so that the app has something to show before the service answers.
//!
//! Left out: fetching (`list`), and secrets, which a list never holds.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::base::database::{Database, DatabaseError};
use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::accounts::{self, KeyAccess};
use crate::records::key::{CachedKeys, KeyRow};
use crate::records::stored_key::{StoredKey, written};
use crate::records::{key_notes, swaps, unfinished_list, uses};

/// What is known of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Cached {
    /// Its keys, in its order.
    pub(crate) keys: Vec<KeyRow>,
    /// When it was whole; nothing if it never was, or if a row of it can't be read any more.
    pub(crate) whole_at: Option<Timestamp>,
    /// How many rows of it can't be read any more.
    pub(crate) unreadable: usize,
}

/// Stands in place of a time for a list that never was whole.
const NEVER_WHOLE: &str = "never whole";

/// The rows of an account's list as they are stored, in the service's order.
pub(super) fn stored(
    transaction: &Transaction<'_>,
    account: &str,
) -> rusqlite::Result<Vec<String>> {
    let mut statement =
        transaction.prepare("SELECT row FROM cached_key WHERE account = ?1 ORDER BY position")?;
    let rows = statement.query_map([account], |row| row.get(0))?;
    rows.collect()
}

/// When an account's list was whole.
pub(super) fn whole_at(
    transaction: &Transaction<'_>,
    account: &str,
) -> rusqlite::Result<Option<Timestamp>> {
    let whole_at: Option<String> = transaction
        .query_row(
            "SELECT fetched_at FROM cached_list WHERE account = ?1",
            [account],
            |row| row.get(0),
        )
        .optional()?;
    Ok(whole_at.and_then(|at| at.parse().ok()))
}

/// The list of an account. A row that can't be read stays where it is and is not shown; the list is not called whole
/// then, until the service is asked again.
pub(crate) async fn load(database: &Database, account: AccountId) -> Result<Cached, DatabaseError> {
    let account = account.0.to_string();
    database
        .run(move |transaction| {
            let rows = stored(transaction, &account)?;
            let mut cached = Cached {
                keys: Vec::with_capacity(rows.len()),
                whole_at: whole_at(transaction, &account)?,
                unreadable: 0,
            };
            for row in &rows {
                match serde_json::from_str::<StoredKey>(row) {
                    Ok(key) => cached.keys.push(key.into()),
                    Err(_) => {
                        cached.whole_at = None;
                        cached.unreadable += 1;
                    }
                }
            }
            Ok(cached)
        })
        .await
}

/// Puts a whole list in place of the one before. What is kept with a key that is not in it goes, but for what the user
/// wrote about it; a use that it tells of is noted.
pub(crate) async fn replace(
    database: &Database,
    account: AccountId,
    keys: Vec<KeyRow>,
    fetched_at: Timestamp,
) -> Result<(), DatabaseError> {
    let account = account.0.to_string();
    database
        .run(move |transaction| {
            transaction.execute("DELETE FROM cached_list WHERE account = ?1", [&account])?;
            transaction.execute(
                "INSERT INTO cached_list (account, fetched_at) VALUES (?1, ?2)",
                params![account, fetched_at.to_string()],
            )?;
            put_in_order(transaction, &account, &keys)?;
            unfinished_list::forget(transaction, &account)?;
            uses::forget_absent(transaction, &account)?;
            uses::note_uses(transaction, &account, &uses::uses_of(&keys), fetched_at)
        })
        .await
}

/// Puts the keys of a list that is not whole before those that are known already. None goes, nor what is kept with it,
/// and the list was whole when it was before; a use that it reports is noted.
pub(crate) async fn add(
    database: &Database,
    account: AccountId,
    keys: Vec<KeyRow>,
    fetched_at: Timestamp,
) -> Result<(), DatabaseError> {
    let account = account.0.to_string();
    database
        .run(move |transaction| {
            transaction.execute(
                "INSERT OR IGNORE INTO cached_list (account, fetched_at) VALUES (?1, ?2)",
                params![account, NEVER_WHOLE],
            )?;
            let amount = i64::try_from(keys.len()).unwrap_or(i64::MAX);
            transaction.execute(
                "UPDATE cached_key SET position = position
                     + ?2 - (SELECT min(position) FROM cached_key WHERE account = ?1)
                 WHERE account = ?1",
                params![account, amount],
            )?;
            put_in_order(transaction, &account, &keys)?;
            unfinished_list::forget(transaction, &account)?;
            uses::note_uses(transaction, &account, &uses::uses_of(&keys), fetched_at)
        })
        .await
}

fn put_in_order(
    transaction: &Transaction<'_>,
    account: &str,
    keys: &[KeyRow],
) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare(
        "INSERT OR REPLACE INTO cached_key (account, position, id, row) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (key, position) in keys.iter().zip(0_i64..) {
        insert.execute(params![account, position, key.id.as_str(), written(key)?])?;
    }
    Ok(())
}

/// Puts a key in the place that it has in the list, or at its top, as the service lists new ones. A list that was
/// never fetched stays unknown; one that is the user's own begins with its first key.
pub(crate) fn put_key(
    transaction: &Transaction<'_>,
    account: AccountId,
    key: &KeyRow,
) -> rusqlite::Result<()> {
    let account = account.0.to_string();
    unfinished_list::forget(transaction, &account)?;
    if key.noted_at.is_some() {
        transaction.execute(
            "INSERT OR IGNORE INTO cached_list (account, fetched_at) VALUES (?1, ?2)",
            params![account, NEVER_WHOLE],
        )?;
    }
    let row = written(key)?;
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

/// Writes down keys of a list that is the user's own: those that it has in their places, the others at its top, in their
/// order.
pub(crate) fn note(
    transaction: &Transaction<'_>,
    account: AccountId,
    keys: &[KeyRow],
) -> rusqlite::Result<()> {
    keys.iter()
        .rev()
        .try_for_each(|key| put_key(transaction, account, key))
}

/// Whether the list has a key with this token, as of this transaction.
pub(crate) fn has(
    transaction: &Transaction<'_>,
    account: AccountId,
    id: &str,
    last_eight: &str,
) -> rusqlite::Result<bool> {
    let row: Option<String> = transaction
        .query_row(
            "SELECT row FROM cached_key WHERE account = ?1 AND id = ?2",
            [&account.0.to_string(), id],
            |row| row.get(0),
        )
        .optional()?;
    let key = row.and_then(|row| serde_json::from_str::<StoredKey>(&row).ok());
    Ok(key.is_some_and(|key| KeyRow::from(key).last_eight == last_eight))
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
    unfinished_list::forget(transaction, &account)?;
    uses::forget_key(transaction, &account, id)?;
    key_notes::forget_key(transaction, &account, id)
}

/// Takes a whole list away, when its account goes.
pub(crate) fn remove_list(transaction: &Transaction<'_>, account: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM cached_list WHERE account = ?1", [account])?;
    unfinished_list::forget(transaction, account)?;
    uses::forget_account(transaction, account)?;
    key_notes::forget_account(transaction, account)
}

/// The list as it was last seen; without a time when it never was whole.
///
/// # Errors
/// When the account is not known any more, or the database fails.
pub(crate) async fn cached_keys(ctx: &Context, id: AccountId) -> Result<CachedKeys, UiError> {
    let is_own = accounts::find(ctx, id)?.keys == KeyAccess::Guided;
    let cached = load(&ctx.database, id).await?;
    Ok(CachedKeys {
        account: id,
        keys: cached.keys,
        fetched_at: cached.whole_at,
        incomplete: with_later_versions(ctx, id, incomplete(cached.unreadable, is_own)).await?,
    })
}

/// What is told beside that of swaps and notes that a later version wrote. They stay as they are.
async fn with_later_versions(
    ctx: &Context,
    id: AccountId,
    told: Option<String>,
) -> Result<Option<String>, UiError> {
    let counts = ctx.database.run(move |transaction| {
        Ok((
            swaps::unreadable(transaction, id)?,
            key_notes::unreadable(transaction, &id.0.to_string())?,
        ))
    });
    let (swaps, notes) = counts.await?;
    let of = |count: usize, one: &str, more: &str| match count {
        0 => None,
        1 => Some(format!(
            "{one} of this list was written by a later version of Pulse Keys. This one can't show it, and leaves it as it is."
        )),
        count => Some(format!(
            "{count} {more} of this list were written by a later version of Pulse Keys. This one can't show them, and leaves \
             them as they are."
        )),
    };
    let told = [
        told,
        of(swaps, "The swap of a key", "swaps of keys"),
        of(notes, "The note about a key", "notes about keys"),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    Ok((!told.is_empty()).then(|| told.join(" ")))
}

/// What is told of stored rows that can't be read. They stay stored: a later version may read them.
fn incomplete(unreadable: usize, is_own: bool) -> Option<String> {
    let what = match unreadable {
        0 => return None,
        1 => "One key of this list can't be read on this machine any more, and is not shown."
            .to_owned(),
        more => format!(
            "{more} keys of this list can't be read on this machine any more, and are not shown."
        ),
    };
    Some(if is_own {
        format!("{what} Compare the list with the web screen, and add what is missing.")
    } else {
        what
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{database, row};

    const ACCOUNT: AccountId = AccountId(uuid::Uuid::nil());

    fn whole(keys: Vec<KeyRow>, at: Timestamp) -> Cached {
        Cached {
            keys,
            whole_at: Some(at),
            unreadable: 0,
        }
    }

    #[tokio::test]
    async fn a_list_comes_back_in_its_order_with_its_time() {
        let (_folder, database) = database();
        assert_eq!(load(&database, ACCOUNT).await.unwrap(), Cached::default());
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        let keys = vec![row("9", "b"), row("2", "a")];
        replace(&database, ACCOUNT, keys.clone(), now)
            .await
            .unwrap();
        assert_eq!(load(&database, ACCOUNT).await.unwrap(), whole(keys, now));
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
        assert_eq!(load(&database, ACCOUNT).await.unwrap(), Cached::default());
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        let keys = [row("9", "b"), row("2", "a")];
        replace(&database, ACCOUNT, keys.to_vec(), now)
            .await
            .unwrap();
        put(row("2", "changed")).await;
        put(row("11", "new")).await;
        let expected = vec![row("11", "new"), row("9", "b"), row("2", "changed")];
        assert_eq!(
            load(&database, ACCOUNT).await.unwrap(),
            whole(expected, now)
        );
    }

    #[tokio::test]
    async fn a_new_list_leaves_nothing_of_the_old_one() {
        let (_folder, database) = database();
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        replace(&database, ACCOUNT, vec![row("9", "b"), row("2", "a")], now)
            .await
            .unwrap();
        replace(&database, ACCOUNT, vec![row("2", "a")], now)
            .await
            .unwrap();
        database
            .run(|transaction| remove_key(transaction, ACCOUNT, "2"))
            .await
            .unwrap();
        assert_eq!(load(&database, ACCOUNT).await.unwrap(), whole(vec![], now));
    }

    #[tokio::test]
    async fn a_list_that_is_not_whole_takes_no_key_away() {
        let (_folder, database) = database();
        let (before, now): (Timestamp, Timestamp) = (
            "2026-11-22T14:00:00Z".parse().unwrap(),
            "2026-11-22T15:00:00Z".parse().unwrap(),
        );
        add(&database, ACCOUNT, vec![row("1", "a")], before)
            .await
            .unwrap();
        let cached = load(&database, ACCOUNT).await.unwrap();
        assert_eq!((cached.keys.len(), cached.whole_at), (1, None));

        let known = [row("9", "b"), row("2", "a"), row("5", "c")];
        replace(&database, ACCOUNT, known.to_vec(), before)
            .await
            .unwrap();
        database
            .run(|transaction| put_key(transaction, ACCOUNT, &row("11", "made here")))
            .await
            .unwrap();
        let arrived = [row("12", "new"), row("2", "changed")];
        add(&database, ACCOUNT, arrived.to_vec(), now)
            .await
            .unwrap();

        let expected = vec![
            row("12", "new"),
            row("2", "changed"),
            row("11", "made here"),
            row("9", "b"),
            row("5", "c"),
        ];
        assert_eq!(
            load(&database, ACCOUNT).await.unwrap(),
            whole(expected, before)
        );
    }

    #[tokio::test]
    async fn a_row_that_can_not_be_read_hides_no_other_and_stays() {
        let (_folder, database) = database();
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        let keys = [row("9", "b"), row("2", "a"), row("5", "c")];
        replace(&database, ACCOUNT, keys.to_vec(), now)
            .await
            .unwrap();
        let stored = database
            .run(|transaction| {
                transaction.execute("UPDATE cached_key SET row = '{' WHERE id = '2'", [])?;
                Ok(())
            })
            .await;
        stored.unwrap();

        let cached = load(&database, ACCOUNT).await.unwrap();
        assert_eq!(cached.keys, [row("9", "b"), row("5", "c")]);
        assert_eq!(cached.whole_at, None, "it is not called whole");
        assert_eq!(cached.unreadable, 1);
        let rows: i64 = database
            .run(|transaction| {
                transaction.query_row("SELECT count(*) FROM cached_key", [], |row| row.get(0))
            })
            .await
            .unwrap();
        assert_eq!(rows, 3);
    }

    #[tokio::test]
    async fn a_list_of_an_earlier_or_later_version_is_read() {
        let (_folder, database) = database();
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        replace(&database, ACCOUNT, vec![row("9", "b"), row("2", "a")], now)
            .await
            .unwrap();
        let earlier = r#"{"id":"9","name":"b","lastEight":"ab12cd34","abilities":["*"],
            "team":{"id":"3","name":"Platform","role":null},"lastUsedAt":null,"lastUseKnown":true,
            "createdAt":"2026-01-05T10:00:00Z","rotatedAt":null,"own":true}"#;
        let later = r#"{"id":"2","name":"a","lastEight":"ab12cd34","expiresAt":"soon"}"#;
        database
            .run(move |transaction| {
                for (id, row) in [("9", earlier), ("2", later)] {
                    transaction
                        .execute("UPDATE cached_key SET row = ?2 WHERE id = ?1", [id, row])?;
                }
                Ok(())
            })
            .await
            .unwrap();
        let cached = load(&database, ACCOUNT).await.unwrap();
        assert_eq!(cached.whole_at, Some(now));
        let [first, second] = &cached.keys[..] else {
            panic!("{cached:?}")
        };
        assert!(first.own && first.last_use_known && !first.rotation_known);
        assert_eq!(first.team.as_ref().unwrap().name, "Platform");
        assert!(!second.last_use_known, "what is missing claims nothing");
    }
}
