//! Intents: what is about to be written to the service, noted before it leaves this machine.
//!
//! An intent stays until its outcome is known, so that a timeout or a crash leaves a question that the next
//! reconciliation asks the service, and never a guess. Left out: asking (`reconcile`).

use jiff::Timestamp;
use rusqlite::{Transaction, params};
use uuid::Uuid;

use crate::database::{Database, DatabaseError};
use crate::view::{AccountId, KeyRow};

const DELETE_KEY: &str = "delete_key";

/// A deletion whose outcome is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Intent {
    /// Also sent as the `Idempotency-Key`.
    pub(crate) id: Uuid,
    /// When it was noted, UTC.
    pub(crate) at: Timestamp,
    pub(crate) account: AccountId,
    /// The key as it was just before.
    pub(crate) key: KeyRow,
}

/// Notes a deletion before it is sent.
pub(crate) async fn note(database: &Database, intent: &Intent) -> Result<(), DatabaseError> {
    let intent = intent.clone();
    database
        .run(move |transaction| {
            let key = serde_json::to_string(&intent.key)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            transaction.execute(
                "INSERT INTO intent (id, at, account, action, key) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    intent.id.to_string(),
                    intent.at.to_string(),
                    intent.account.0.to_string(),
                    DELETE_KEY,
                    key
                ],
            )?;
            Ok(())
        })
        .await
}

/// The outcome is known: the question is closed.
pub(crate) fn settle(transaction: &Transaction<'_>, id: Uuid) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM intent WHERE id = ?1", [id.to_string()])?;
    Ok(())
}

/// The open ones, oldest first; of all accounts, since a crash does not care which was shown.
pub(crate) async fn open(database: &Database) -> Result<Vec<Intent>, DatabaseError> {
    let rows = database
        .run(|transaction| {
            let mut statement = transaction.prepare(
                "SELECT id, at, account, key FROM intent WHERE action = ?1 ORDER BY at, id",
            )?;
            statement
                .query_map([DELETE_KEY], |row| {
                    Ok((
                        row.get::<_, String>(0)?,
                        row.get::<_, String>(1)?,
                        row.get::<_, String>(2)?,
                        row.get::<_, String>(3)?,
                    ))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        })
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, at, account, key)| {
            Some(Intent {
                id: id.parse().ok()?,
                at: at.parse().ok()?,
                account: AccountId(account.parse().ok()?),
                key: serde_json::from_str(&key).ok()?,
            })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{database, row};

    #[tokio::test]
    async fn an_intent_stays_open_until_it_is_settled() {
        let (_folder, database) = database();
        let intent = Intent {
            id: Uuid::from_u128(1),
            at: "2026-11-22T14:00:00Z".parse().unwrap(),
            account: AccountId(Uuid::nil()),
            key: row("7", "CI"),
        };
        note(&database, &intent).await.unwrap();
        assert_eq!(
            open(&database).await.unwrap(),
            std::slice::from_ref(&intent)
        );
        database
            .run(|transaction| settle(transaction, Uuid::from_u128(1)))
            .await
            .unwrap();
        assert_eq!(open(&database).await.unwrap(), []);
    }
}
