//! What was found out while nobody looked and has to be read: kept until it was, whatever happens to the app.
//!
//! Left out: finding it out (`reconcile`).

use jiff::Timestamp;
use pulseapi::KeyId;
use rusqlite::{Transaction, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::database::{Database, DatabaseError};
use crate::base::ids::AccountId;

/// What is to be kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// The id of the request that it is about.
    pub(crate) id: Uuid,
    pub(crate) at: Timestamp,
    pub(crate) account: AccountId,
    pub(crate) key: Option<KeyId>,
    pub(crate) message: String,
    pub(crate) next: Option<NextStep>,
    /// Good to know, and nothing to do about.
    pub(crate) is_calm: bool,
}

/// Adds one, within the transaction that settles what it is about. One about the same request is replaced.
pub(crate) fn add(transaction: &Transaction<'_>, notice: &Kept) -> rusqlite::Result<()> {
    let next = notice
        .next
        .as_ref()
        .map(serde_json::to_string)
        .transpose()
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    transaction.execute(
        "INSERT OR REPLACE INTO notice (id, at, account, key_id, message, next, calm) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            notice.id.to_string(),
            notice.at.to_string(),
            notice.account.0.to_string(),
            notice.key.as_ref().map(KeyId::as_str),
            notice.message,
            next,
            notice.is_calm
        ],
    )?;
    Ok(())
}

/// What a notice told is not so any more.
pub(crate) fn remove(transaction: &Transaction<'_>, id: Uuid) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM notice WHERE id = ?1", [id.to_string()])?;
    Ok(())
}

/// What they advised about a key was done.
pub(crate) fn remove_of_key(
    transaction: &Transaction<'_>,
    account: AccountId,
    key: &str,
) -> rusqlite::Result<()> {
    transaction.execute(
        "DELETE FROM notice WHERE account = ?1 AND key_id = ?2",
        params![account.0.to_string(), key],
    )?;
    Ok(())
}

/// What they advised was done: exactly this step.
pub(crate) fn remove_advising(
    transaction: &Transaction<'_>,
    step: &NextStep,
) -> rusqlite::Result<()> {
    let step = serde_json::to_string(step)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    transaction.execute("DELETE FROM notice WHERE next = ?1", [step])?;
    Ok(())
}

/// Those that were not read yet, newest first.
pub(crate) async fn unread(database: &Database) -> Result<Vec<Notice>, DatabaseError> {
    database
        .run(|transaction| {
            let mut statement = transaction
                .prepare("SELECT id, message, next, calm FROM notice ORDER BY at DESC, id")?;
            statement
                .query_map([], |row| {
                    let next: Option<String> = row.get(2)?;
                    Ok(Notice {
                        id: row.get(0)?,
                        needs_attention: !row.get::<_, bool>(3)?,
                        message: row.get(1)?,
                        // A step that another version wrote and this one does not know is left out.
                        next: next.and_then(|next| serde_json::from_str(&next).ok()),
                    })
                })?
                .collect()
        })
        .await
}

/// Something that was settled without the user looking: an outcome found out at the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// Identifies it, for the page's list of them.
    pub id: String,
    /// True when the user still has to do something.
    pub needs_attention: bool,
    /// What was found out, in one or two sentences.
    pub message: String,
    /// The one thing to do about it, when there is one.
    pub next: Option<NextStep>,
}

/// Names a notice that was read.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct NoticeRequest {
    /// Which one.
    pub notice: String,
}

/// The one thing to do next, offered as a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NextStep {
    /// Rotate the key once more: the last token of it never arrived.
    Rotate {
        /// Whose.
        account: AccountId,
        /// Which one.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        key: KeyId,
    },
    /// Delete a key whose token nobody has, then create it again.
    DeleteKey {
        /// Whose.
        account: AccountId,
        /// Which one.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        key: KeyId,
    },
    /// Show what is known of a key.
    Details {
        /// Whose.
        account: AccountId,
        /// Which one.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        key: KeyId,
    },
    /// Put another credential in place of the account's.
    ReplaceCredential {
        /// Which account.
        account: AccountId,
    },
}
