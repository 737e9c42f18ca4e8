//! The rows that a list begins with, out of its cache: what one screen shows of it, without reading the rest of a long
//! list as a whole.
//!
//! The page sorts lists, by columns that have names of its own. Those whose order is plain are known here as well; where
//! a list is sorted by another one, or filtered, its first rows are not known. Left out: the whole list (`key_cache`).

use jiff::Timestamp;
use rusqlite::Transaction;
use serde::Deserialize;

use crate::base::database::{Database, DatabaseError};
use crate::base::ids::AccountId;
use crate::records::key::KeyRow;
use crate::records::key_cache;
use crate::records::stored_key::StoredKey;

/// How a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sorting {
    pub(crate) by: SortedBy,
    pub(crate) is_descending: bool,
}

/// The columns whose order is that of instants or plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SortedBy {
    LastUse,
    Creation,
    LastEight,
}

/// The rows that a list begins with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct FirstRows {
    /// All of a short list, in the service's order; of a longer one the first, as they are sorted.
    pub(crate) rows: Vec<KeyRow>,
    /// How many the list has.
    pub(crate) total: usize,
    /// When it was whole; nothing if it never was, or if a row of it can't be read any more.
    pub(crate) whole_at: Option<Timestamp>,
}

/// What of a stored row decides about its place.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    #[serde(borrow, default)]
    last_eight: std::borrow::Cow<'a, str>,
    #[serde(default)]
    last_used_at: Option<Timestamp>,
    #[serde(default)]
    last_use_known: bool,
    #[serde(default)]
    created_at: Option<Timestamp>,
}

/// The rows that an account's list begins with, at most `limit`. None of a longer list that is sorted in a way that is
/// not known here.
///
/// # Errors
/// When the database fails.
pub(crate) async fn load(
    database: &Database,
    account: AccountId,
    sorting: Option<Sorting>,
    limit: usize,
) -> Result<FirstRows, DatabaseError> {
    let account = account.0.to_string();
    database
        .run(move |transaction| read(transaction, &account, sorting, limit))
        .await
}

fn read(
    transaction: &Transaction<'_>,
    account: &str,
    sorting: Option<Sorting>,
    limit: usize,
) -> rusqlite::Result<FirstRows> {
    let total: i64 = transaction.query_row(
        "SELECT count(*) FROM cached_key WHERE account = ?1",
        [account],
        |row| row.get(0),
    )?;
    let total = usize::try_from(total).unwrap_or_default();
    let mut first = FirstRows {
        rows: Vec::new(),
        total,
        whole_at: key_cache::whole_at(transaction, account)?,
    };
    let chosen = if total <= limit {
        key_cache::stored(transaction, account)?
    } else {
        match sorting {
            Some(sorting) => in_order(transaction, account, sorting, limit)?,
            None => Vec::new(),
        }
    };
    for row in chosen {
        match serde_json::from_str::<StoredKey>(&row) {
            Ok(key) => first.rows.push(key.into()),
            Err(_) => first.whole_at = None,
        }
    }
    Ok(first)
}

/// What decides about the place of a key that is not in the order of the service: whether it is known, and then what.
type Rank = (bool, Option<i64>, String);

/// The first stored rows as the page sorts them: what is not known comes last, whichever way that goes, and equals stay
/// in the service's order. None where one of the list can't be read.
///
/// Every row is looked at where it stands, and only those that are wanted are taken out.
fn in_order(
    transaction: &Transaction<'_>,
    account: &str,
    sorting: Sorting,
    limit: usize,
) -> rusqlite::Result<Vec<String>> {
    let mut all =
        transaction.prepare("SELECT rowid, position, row FROM cached_key WHERE account = ?1")?;
    let mut all = all.query([account])?;
    let mut placed = Vec::new();
    while let Some(row) = all.next()? {
        let (id, position): (i64, i64) = (row.get(0)?, row.get(1)?);
        let Ok(place) = serde_json::from_str::<Place<'_>>(row.get_ref(2)?.as_str()?) else {
            return Ok(Vec::new());
        };
        placed.push((rank(&place, sorting.by), position, id));
    }
    let order = |one: &(Rank, i64, i64), other: &(Rank, i64, i64)| {
        let ((is_unknown, time, text), position, _) = one;
        let ((other_is_unknown, other_time, other_text), other_position, _) = other;
        let by_content = (time, text).cmp(&(other_time, other_text));
        let by_content = if sorting.is_descending {
            by_content.reverse()
        } else {
            by_content
        };
        is_unknown
            .cmp(other_is_unknown)
            .then(by_content)
            .then(position.cmp(other_position))
    };
    if placed.len() > limit {
        placed.select_nth_unstable_by(limit, order);
        placed.truncate(limit);
    }
    placed.sort_unstable_by(order);
    let mut one = transaction.prepare("SELECT row FROM cached_key WHERE rowid = ?1")?;
    let rows = placed
        .iter()
        .map(|(_, _, id)| one.query_row([id], |row| row.get(0)));
    rows.collect()
}

fn rank(place: &Place<'_>, by: SortedBy) -> Rank {
    // The page knows milliseconds. None is before any time: never used is older than any use.
    let instant = |time: Option<Timestamp>| time.map(Timestamp::as_millisecond);
    match by {
        SortedBy::LastUse => (
            place.last_used_at.is_none() && !place.last_use_known,
            instant(place.last_used_at),
            String::new(),
        ),
        SortedBy::Creation => (
            place.created_at.is_none(),
            instant(place.created_at),
            String::new(),
        ),
        SortedBy::LastEight => (false, None, place.last_eight.clone().into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{database, row};

    const ACCOUNT: AccountId = AccountId(uuid::Uuid::nil());

    fn used(id: &str, at: Option<&str>) -> KeyRow {
        KeyRow {
            last_used_at: at.map(|at| at.parse().unwrap()),
            last_use_known: true,
            ..row(id, "key")
        }
    }

    async fn ids(keys: Vec<KeyRow>, sorting: Option<Sorting>, limit: usize) -> Vec<String> {
        let (_folder, database) = database();
        let total = keys.len();
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        key_cache::replace(&database, ACCOUNT, keys.clone(), now)
            .await
            .unwrap();
        let first = load(&database, ACCOUNT, sorting, limit).await.unwrap();
        assert_eq!((first.total, first.whole_at), (total, Some(now)));
        let ids = first.rows.iter().map(|row| row.id.as_str().to_owned());
        ids.collect()
    }

    fn by(by: SortedBy, is_descending: bool) -> Option<Sorting> {
        Some(Sorting { by, is_descending })
    }

    fn some_keys() -> Vec<KeyRow> {
        vec![
            used("1", None),
            KeyRow {
                last_use_known: false,
                ..used("2", None)
            },
            used("3", Some("2026-11-20T10:00:00Z")),
            used("4", Some("2026-11-21T10:00:00Z")),
            used("5", Some("2026-11-20T10:00:00Z")),
        ]
    }

    #[tokio::test]
    async fn a_short_list_is_all_there_in_the_order_of_the_service() {
        let all = ["1", "2", "3", "4", "5"];
        assert_eq!(ids(some_keys(), None, 5).await, all);
        assert_eq!(ids(some_keys(), by(SortedBy::LastUse, true), 5).await, all);
    }

    #[tokio::test]
    async fn of_a_long_list_the_first_are_there_as_the_page_sorts_them() {
        let latest = ids(some_keys(), by(SortedBy::LastUse, true), 4).await;
        assert_eq!(latest, ["4", "3", "5", "1"]);
        let oldest = ids(some_keys(), by(SortedBy::LastUse, false), 4).await;
        assert_eq!(oldest, ["1", "3", "5", "4"], "what is not known comes last");
    }

    #[tokio::test]
    async fn of_a_long_list_with_a_row_that_can_not_be_read_none_is_there() {
        let (_folder, database) = database();
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        key_cache::replace(&database, ACCOUNT, some_keys(), now)
            .await
            .unwrap();
        let spoiled = database.run(|transaction| {
            transaction.execute("UPDATE cached_key SET row = '{' WHERE id = '5'", [])
        });
        spoiled.await.unwrap();
        let first = load(&database, ACCOUNT, by(SortedBy::LastUse, true), 4).await;
        let first = first.unwrap();
        assert_eq!((first.rows, first.total), (vec![], 5));
    }

    #[tokio::test]
    async fn of_a_long_list_in_another_order_none_is_there() {
        assert_eq!(ids(some_keys(), None, 4).await, [""; 0]);
    }
}
