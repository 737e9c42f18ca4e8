//! What is kept with a key until the key is gone: the last findings, the uses that the list reported, the ticks of the
//! checklist.
//!
//! Findings are paths, lines and masks; no secret is in them. What another version wrote and this one can't read is not
//! shown, and counts as something that may be anything. Left out: who decides that a key is gone (`key_cache` calls
//! here wherever it takes a key off the list).

use jiff::Timestamp;
use pulseapi::KeyId;
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::base::database::{Database, DatabaseError};
use crate::base::ids::AccountId;
use crate::records::uses;
use crate::usage::evidence::{KeyFindings, SearchMeta};
use crate::usage::wire::SearchState;

/// Keeps what a search found, for each of its keys. A search that did not come to its end and found nothing of a key
/// does not take the place of what is kept of it, unless more counts by now than is kept.
pub(crate) async fn keep(
    database: &Database,
    account: AccountId,
    meta: SearchMeta,
    keys: Vec<KeyFindings>,
) -> Result<(), DatabaseError> {
    database
        .run(move |transaction| {
            let (account, search) = (account.0.to_string(), Uuid::new_v4().to_string());
            transaction.execute(
                "INSERT INTO usage_search (id, account, told) VALUES (?1, ?2, ?3)",
                params![search, account, json(&meta)?],
            )?;
            let upsert = |or: &str| {
                format!("INSERT OR {or} INTO usage_of_key (account, key_id, search, about) VALUES (?1, ?2, ?3, ?4)")
            };
            let mut replace = transaction.prepare(&upsert("REPLACE"))?;
            let mut ignore = transaction.prepare(&upsert("IGNORE"))?;
            for findings in &keys {
                let weak = meta.state() != SearchState::Finished
                    && findings.found.is_empty()
                    && is_kept(transaction, &account, findings)?;
                let statement = if weak { &mut ignore } else { &mut replace };
                statement.execute(params![
                    account,
                    findings.key.as_str(),
                    search,
                    json(findings)?
                ])?;
            }
            uses::drop_searches_of_no_key(transaction, &account)
        })
        .await
}

/// Whether all that counts of a key is kept already, or nothing counts.
fn is_kept(
    transaction: &Transaction<'_>,
    account: &str,
    findings: &KeyFindings,
) -> rusqlite::Result<bool> {
    let kept: Option<String> = transaction
        .query_row(
            "SELECT about FROM usage_of_key WHERE account = ?1 AND key_id = ?2",
            [account, findings.key.as_str()],
            |row| row.get(0),
        )
        .optional()?;
    let kept = kept.and_then(|kept| serde_json::from_str::<KeyFindings>(&kept).ok());
    let has = |id: &str| {
        let mut kept = kept.iter().flat_map(KeyFindings::all_found);
        kept.any(|found| found.id == id)
    };
    let mut all = findings.all_found();
    Ok(all.all(|found| has(&found.id)))
}

/// What is kept of the keys of an account; none for a key whose findings can't be read.
pub(crate) async fn all(
    database: &Database,
    account: AccountId,
) -> Result<Vec<(KeyId, Option<(SearchMeta, KeyFindings)>)>, DatabaseError> {
    let account = account.0.to_string();
    let rows: Vec<(String, Option<String>, String)> = database
        .run(move |transaction| {
            let mut statement = transaction.prepare(
                "SELECT key_id, told, about FROM usage_of_key LEFT JOIN usage_search ON usage_search.id = search
                 WHERE usage_of_key.account = ?1",
            )?;
            let rows = statement.query_map([&account], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
            rows.collect()
        })
        .await?;
    let rows = rows.into_iter().filter_map(|(key, meta, findings)| {
        // What is no id is of no key in any list.
        let key = KeyId::parse(&key).ok()?;
        let kept = meta.and_then(|meta| {
            // Told to the user as something that can't be read: see `Searches::recall`.
            let read = (serde_json::from_str(&meta), serde_json::from_str(&findings));
            match read {
                (Ok(meta), Ok(findings)) => Some((meta, findings)),
                _ => None,
            }
        });
        Some((key, kept))
    });
    Ok(rows.collect())
}

/// What the last search found of a key, and when.
pub(crate) async fn last(
    database: &Database,
    account: AccountId,
    key: &KeyId,
) -> Result<Option<(SearchMeta, KeyFindings)>, DatabaseError> {
    let (account, key) = (account.0.to_string(), key.as_str().to_owned());
    let found: Option<(String, String)> = database
        .run(move |transaction| {
            transaction
                .query_row(
                    "SELECT told, about FROM usage_of_key JOIN usage_search ON usage_search.id = search
                     WHERE usage_of_key.account = ?1 AND key_id = ?2",
                    [&account, &key],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()
        })
        .await?;
    Ok(found.and_then(|(meta, findings)| {
        Some((
            serde_json::from_str(&meta).ok()?,
            serde_json::from_str(&findings).ok()?,
        ))
    }))
}

/// The ticks of a key's checklist: which place, and when.
pub(crate) fn ticks(
    transaction: &Transaction<'_>,
    account: &str,
    key: &str,
) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = transaction.prepare(
        "SELECT place, ticked_at FROM checklist_tick WHERE account = ?1 AND key_id = ?2",
    )?;
    let rows = statement.query_map([account, key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// Ticks a place, or takes its tick away. One that is ticked already keeps its time.
pub(crate) fn tick(
    transaction: &Transaction<'_>,
    account: &str,
    key: &str,
    place: &str,
    at: Option<Timestamp>,
) -> rusqlite::Result<()> {
    match at {
        Some(at) => transaction.execute(
            "INSERT OR IGNORE INTO checklist_tick (account, key_id, place, ticked_at) VALUES (?1, ?2, ?3, ?4)",
            params![account, key, place, at.to_string()],
        )?,
        None => transaction.execute(
            "DELETE FROM checklist_tick WHERE account = ?1 AND key_id = ?2 AND place = ?3",
            [account, key, place],
        )?,
    };
    Ok(())
}

fn json(what: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(what)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::key_cache as cache;
    use crate::tests::{database, row};

    const ACCOUNT: AccountId = AccountId(Uuid::nil());

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn meta(stopped: bool) -> SearchMeta {
        SearchMeta {
            reach: crate::usage::evidence::Reach::default(),
            begun_at: at(1),
            ended_at: Some(at(2)),
            stopped,
            broke_off: None,
            milliseconds: 1000,
            read: crate::usage::wire::UsageTotals::default(),
            skipped: vec![],
            hints: vec![],
        }
    }

    async fn count(database: &Database, table: &'static str) -> u32 {
        let sql = format!("SELECT count(*) FROM {table}");
        let counted = database
            .run(move |transaction| transaction.query_row(&sql, [], |row| row.get(0)))
            .await;
        counted.unwrap()
    }

    #[tokio::test]
    async fn everything_of_a_key_goes_when_the_key_does() {
        let (_folder, database) = database();
        let keys = [row("7", "a"), row("8", "b")];
        let findings: Vec<KeyFindings> =
            keys.iter().map(|key| KeyFindings::of(key, true)).collect();
        cache::replace(&database, ACCOUNT, keys.to_vec(), at(0))
            .await
            .unwrap();
        keep(&database, ACCOUNT, meta(false), findings)
            .await
            .unwrap();
        let account = ACCOUNT.0.to_string();
        database
            .run(move |transaction| {
                tick(transaction, &account, "7", "hosting", Some(at(3)))?;
                uses::note_uses(transaction, &account, &[("7".to_owned(), at(3))], at(4))
            })
            .await
            .unwrap();
        assert!(
            last(&database, ACCOUNT, &keys[0].id)
                .await
                .unwrap()
                .is_some()
        );
        cache::replace(&database, ACCOUNT, keys[1..].to_vec(), at(5))
            .await
            .unwrap();
        assert_eq!(last(&database, ACCOUNT, &keys[0].id).await.unwrap(), None);
        assert_eq!(count(&database, "checklist_tick").await, 0);
        assert_eq!(count(&database, "last_use").await, 0);
        assert_eq!(count(&database, "usage_search").await, 1);
        database
            .run(|transaction| cache::remove_key(transaction, ACCOUNT, "8"))
            .await
            .unwrap();
        assert_eq!(count(&database, "usage_search").await, 0);
    }

    #[tokio::test]
    async fn a_stopped_search_without_findings_replaces_nothing() {
        let (_folder, database) = database();
        let key = row("7", "a");
        for stopped in [false, true] {
            let findings = vec![KeyFindings::of(&key, true)];
            keep(&database, ACCOUNT, meta(stopped), findings)
                .await
                .unwrap();
        }
        let (kept, _) = last(&database, ACCOUNT, &key.id).await.unwrap().unwrap();
        assert!(!kept.stopped);
        assert_eq!(count(&database, "usage_search").await, 1);
    }

    #[tokio::test]
    async fn uses_are_kept_newest_first_each_once_and_not_for_ever() {
        let (_folder, database) = database();
        for second in (0..60).chain(50..60) {
            let seen = at(100 + second);
            database
                .run(move |transaction| {
                    let uses = [("7".to_owned(), at(second))];
                    uses::note_uses(transaction, &ACCOUNT.0.to_string(), &uses, seen)
                })
                .await
                .unwrap();
        }
        let uses = uses::uses(&database, ACCOUNT, &row("7", "").id)
            .await
            .unwrap();
        assert_eq!(uses.len(), 50);
        assert_eq!((uses[0].used_at, uses[0].seen_at), (at(59), at(159)));
        assert_eq!(uses[49].used_at, at(10));
    }
}
