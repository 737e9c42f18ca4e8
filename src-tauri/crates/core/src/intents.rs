//! Intents: what is about to be written to the service, noted before it leaves this machine.
//!
//! An intent stays until its outcome is known, so that a timeout or a crash leaves a question that the next
//! reconciliation asks the service, and never a guess. Left out: asking (`reconcile`).

use jiff::Timestamp;
use pulseapi::KeyId;
use rusqlite::{Transaction, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::database::{Database, DatabaseError};
use crate::view::{AccountId, CustodyId, KeyRow, RotateReason, UiError};

/// A kind of write.
pub(crate) trait Write: Clone + Serialize + DeserializeOwned + Send + 'static {
    /// The word for it in the database.
    const ACTION: &'static str;
}

/// A key to be deleted, as it was just before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Deletion {
    pub(crate) key: KeyRow,
}

/// A key to be rotated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rotation {
    /// The key as it was just before: what it is compared with afterwards.
    pub(crate) key: KeyRow,
    pub(crate) reason: RotateReason,
}

/// A key to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Creation {
    pub(crate) name: String,
    pub(crate) abilities: Vec<String>,
    pub(crate) team: Option<String>,
    /// The keys of this name that were known before: none of them can be the one that was made.
    pub(crate) namesakes: Vec<KeyId>,
}

impl Write for Deletion {
    const ACTION: &'static str = "delete_key";
}

impl Write for Rotation {
    const ACTION: &'static str = "rotate_key";
}

impl Write for Creation {
    const ACTION: &'static str = "create_key";
}

/// A write whose outcome is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Intent<W> {
    /// Also sent as the `Idempotency-Key`, and the name under which the token that it brings is kept.
    pub(crate) id: Uuid,
    /// When it was noted, UTC.
    pub(crate) at: Timestamp,
    pub(crate) account: AccountId,
    pub(crate) what: W,
}

impl<W> Intent<W> {
    /// Under which id the token that it brings is in custody.
    pub(crate) fn custody(&self) -> CustodyId {
        CustodyId(self.id)
    }
}

/// An open intent of any kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    Delete(Intent<Deletion>),
    Rotate(Intent<Rotation>),
    Create(Intent<Creation>),
}

impl Open {
    pub(crate) fn id(&self) -> Uuid {
        match self {
            Self::Delete(intent) => intent.id,
            Self::Rotate(intent) => intent.id,
            Self::Create(intent) => intent.id,
        }
    }

    pub(crate) fn account(&self) -> AccountId {
        match self {
            Self::Delete(intent) => intent.account,
            Self::Rotate(intent) => intent.account,
            Self::Create(intent) => intent.account,
        }
    }
}

/// Notes a write before it is sent.
///
/// # Errors
/// When the database fails; what cannot be noted is not sent, and the error says so.
pub(crate) async fn note<W: Write>(database: &Database, intent: &Intent<W>) -> Result<(), UiError> {
    let intent = intent.clone();
    let noted = database
        .run(move |transaction| {
            let what = serde_json::to_string(&intent.what)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            transaction.execute(
                "INSERT INTO intent (id, at, account, action, what) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    intent.id.to_string(),
                    intent.at.to_string(),
                    intent.account.0.to_string(),
                    W::ACTION,
                    what
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

/// The outcome is known: the question is closed.
pub(crate) fn settle(transaction: &Transaction<'_>, id: Uuid) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM intent WHERE id = ?1", [id.to_string()])?;
    Ok(())
}

struct Stored {
    id: String,
    at: String,
    account: String,
    action: String,
    what: String,
}

impl Stored {
    fn read<W: Write>(&self) -> Option<Intent<W>> {
        if self.action != W::ACTION {
            return None;
        }
        Some(Intent {
            id: self.id.parse().ok()?,
            at: self.at.parse().ok()?,
            account: AccountId(self.account.parse().ok()?),
            what: serde_json::from_str(&self.what).ok()?,
        })
    }
}

/// The open ones, oldest first; of all accounts, since a crash does not care which was shown.
pub(crate) async fn open(database: &Database) -> Result<Vec<Open>, DatabaseError> {
    let rows = database
        .run(|transaction| {
            let mut statement = transaction
                .prepare("SELECT id, at, account, action, what FROM intent ORDER BY at, id")?;
            statement
                .query_map([], |row| {
                    Ok(Stored {
                        id: row.get(0)?,
                        at: row.get(1)?,
                        account: row.get(2)?,
                        action: row.get(3)?,
                        what: row.get(4)?,
                    })
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        })
        .await?;
    Ok(rows
        .iter()
        .filter_map(|row| {
            row.read()
                .map(Open::Delete)
                .or_else(|| row.read().map(Open::Rotate))
                .or_else(|| row.read().map(Open::Create))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{database, row};

    fn intent<W: Write>(number: u128, what: W) -> Intent<W> {
        Intent {
            id: Uuid::from_u128(number),
            at: "2026-11-22T14:00:00Z".parse().unwrap(),
            account: AccountId(Uuid::nil()),
            what,
        }
    }

    #[tokio::test]
    async fn an_intent_of_each_kind_stays_open_until_it_is_settled() {
        let (_folder, database) = database();
        let key = row("7", "CI");
        let deletion = intent(1, Deletion { key: key.clone() });
        let rotation = intent(
            2,
            Rotation {
                key: key.clone(),
                reason: RotateReason::Leaked,
            },
        );
        let creation = intent(
            3,
            Creation {
                name: "CI".to_owned(),
                abilities: vec!["*".to_owned()],
                team: None,
                namesakes: vec![key.id],
            },
        );
        note(&database, &deletion).await.unwrap();
        note(&database, &rotation).await.unwrap();
        note(&database, &creation).await.unwrap();
        let all = vec![
            Open::Delete(deletion),
            Open::Rotate(rotation),
            Open::Create(creation),
        ];
        assert_eq!(open(&database).await.unwrap(), all);
        for intent in all {
            database
                .run(move |transaction| settle(transaction, intent.id()))
                .await
                .unwrap();
        }
        assert_eq!(open(&database).await.unwrap(), []);
    }
}
