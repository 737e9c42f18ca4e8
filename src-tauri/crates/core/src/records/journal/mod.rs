//! The journal: what was done with which key and how it ended, row after row, nothing ever changed.
//!
//! Each row carries the SHA-256 of its content and of the row before, so that a row that was changed, removed or
//! put in between is noticed; that none is missing at the end, the keychain knows (`journal_head`). Rows are numbered in
//! the order in which they were written, whatever the clock said then, and everything goes by the number. This shows
//! tampering by anything that does not rewrite the whole rest of the chain; it is no defence against somebody who does,
//! and who reaches the keychain too. No secrets are in it. Left out: verifying (`check`), finding rows
//! (`pages`) and exporting them (`export`).

pub(crate) mod check;
pub(crate) mod export;
pub(crate) mod head;
pub(crate) mod pages;
pub(crate) mod wire;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::base::database::{Database, DatabaseError};
use crate::base::ids::AccountId;
use crate::base::text::whole_second;
use crate::records::key::KeyRow;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An account's credential was put into the keychain.
    SignIn,
    /// An account's credential was taken out of the keychain.
    SignOut,
    /// An account was called something else.
    RenameAccount,
    /// Another credential took the place of an account's.
    ReplaceCredential,
    /// A key was to be deleted.
    DeleteKey,
    /// A key was to be made.
    CreateKey,
    /// A key was to be rotated.
    RotateKey,
    /// A fresh token left custody.
    StoreToken,
    /// A fresh token stays in the keychain.
    KeepToken,
    /// The token of a deleted key was tried again.
    TryToken,
    /// A token was put into files in place of an older one.
    PutInPlace,
    /// A secret of a CI pipeline was to be set to a token.
    SetSecret,
    /// A sibling takes the place of a key, or a key is retired: how far that is.
    SwapKey,
}

impl Action {
    fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignOut => "sign_out",
            Self::RenameAccount => "rename_account",
            Self::ReplaceCredential => "replace_credential",
            Self::DeleteKey => "delete_key",
            Self::CreateKey => "create_key",
            Self::RotateKey => "rotate_key",
            Self::StoreToken => "store_token",
            Self::KeepToken => "keep_token",
            Self::TryToken => "try_token",
            Self::PutInPlace => "put_in_place",
            Self::SetSecret => "set_secret",
            Self::SwapKey => "swap_key",
        }
    }
}

/// How a row names a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyNamed {
    /// The record id; none for a key that was not made, or whose id never arrived.
    pub id: Option<String>,
    /// The name.
    pub name: String,
    /// The last 8 characters of its token.
    pub last_eight: String,
}

impl From<&KeyRow> for KeyNamed {
    fn from(key: &KeyRow) -> Self {
        Self {
            id: Some(key.id.as_str().to_owned()),
            name: key.name.clone(),
            last_eight: key.last_eight.clone(),
        }
    }
}

/// A row to be added.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When, UTC.
    pub at: Timestamp,
    /// For which account.
    pub account: AccountId,
    /// What the user called it then.
    pub account_label: String,
    /// What was done.
    pub action: Action,
    /// With which key, when with one.
    pub key: Option<KeyNamed>,
    /// How it ended, in a few words.
    pub outcome: String,
    /// The server's or our own id of the request, when there was one.
    pub request_id: Option<String>,
}

/// A row as it stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct JournalRow {
    /// 1 for the oldest.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub number: i64,
    /// When, RFC 3339, UTC.
    pub at: String,
    /// The account's id.
    pub account: String,
    /// What the account was called then.
    pub account_label: String,
    /// `sign_in`, `delete_key`, … as the actions are called in the database.
    pub action: String,
    /// The key's record id.
    pub key_id: Option<String>,
    /// The key's name.
    pub key_name: Option<String>,
    /// The last 8 characters of its token.
    pub last_eight: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// The id of the request.
    pub request_id: Option<String>,
    /// The hash of the row before; empty for the first.
    pub previous_hash: String,
    /// SHA-256 in lower-case hex of everything above.
    #[serde(skip)]
    pub hash: String,
}

impl JournalRow {
    /// The hash that this content must have.
    fn expected_hash(&self) -> String {
        // Serializing plain strings and numbers cannot fail; an empty text would only break the chain visibly.
        hex::encode(Sha256::digest(serde_json::to_vec(self).unwrap_or_default()))
    }

    /// Whether this is the row that was written after `before` rows, of which the last one has this hash.
    pub(crate) fn follows(&self, before: i64, previous_hash: &str) -> bool {
        self.number == before + 1
            && self.previous_hash == previous_hash
            && self.hash == self.expected_hash()
    }

    /// From a row of [`COLUMNS`].
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            at: row.get(1)?,
            account: row.get(2)?,
            account_label: row.get(3)?,
            action: row.get(4)?,
            key_id: row.get(5)?,
            key_name: row.get(6)?,
            last_eight: row.get(7)?,
            outcome: row.get(8)?,
            request_id: row.get(9)?,
            previous_hash: row.get(10)?,
            hash: row.get(11)?,
        })
    }
}

/// What [`JournalRow::read`] wants of a query.
pub(crate) const COLUMNS: &str = "number, at, account, account_label, action, key_id, key_name, last_eight, outcome, \
     request_id, previous_hash, hash";

/// Adds a row at the end of the chain, within a transaction that may do more.
pub(crate) fn append(transaction: &Transaction<'_>, entry: &Entry) -> rusqlite::Result<()> {
    let Tip { rows, hash } = tip(transaction)?;
    let (number, previous_hash) = (rows + 1, hash);
    let mut row = JournalRow {
        number,
        at: whole_second(entry.at).to_string(),
        account: entry.account.0.to_string(),
        account_label: entry.account_label.clone(),
        action: entry.action.word().to_owned(),
        key_id: entry.key.as_ref().and_then(|key| key.id.clone()),
        key_name: entry.key.as_ref().map(|key| key.name.clone()),
        last_eight: entry.key.as_ref().map(|key| key.last_eight.clone()),
        outcome: entry.outcome.clone(),
        request_id: entry.request_id.clone(),
        previous_hash,
        hash: String::new(),
    };
    row.hash = row.expected_hash();
    transaction.execute(
        &format!("INSERT INTO journal ({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"),
        params![
            row.number,
            row.at,
            row.account,
            row.account_label,
            row.action,
            row.key_id,
            row.key_name,
            row.last_eight,
            row.outcome,
            row.request_id,
            row.previous_hash,
            row.hash
        ],
    )?;
    Ok(())
}

/// Where the journal ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tip {
    /// The number of the newest row: how many there are, if none was removed. 0 for an empty journal.
    pub(crate) rows: i64,
    /// The hash of that row; empty without one.
    pub(crate) hash: String,
}

/// Where the journal ends now.
pub(crate) fn tip(transaction: &Transaction<'_>) -> rusqlite::Result<Tip> {
    let newest = transaction.query_row(
        "SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1",
        [],
        |row| {
            Ok(Tip {
                rows: row.get(0)?,
                hash: row.get(1)?,
            })
        },
    );
    Ok(newest.optional()?.unwrap_or_default())
}

/// The hash that a row carries, if there is a row of that number.
pub(crate) fn hash_of(
    transaction: &Transaction<'_>,
    number: i64,
) -> rusqlite::Result<Option<String>> {
    let found = transaction.query_row(
        "SELECT hash FROM journal WHERE number = ?1",
        [number],
        |row| row.get(0),
    );
    found.optional()
}

/// So many rows after the one of this number, oldest first.
pub(crate) fn rows_after(
    transaction: &Transaction<'_>,
    number: i64,
    limit: u32,
) -> rusqlite::Result<Vec<JournalRow>> {
    transaction
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM journal WHERE number > ?1 ORDER BY number LIMIT ?2"
        ))?
        .query_map(params![number, limit], JournalRow::read)?
        .collect()
}

/// All rows, oldest first, and the number of the first one that breaks the chain, if one does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// Oldest first.
    pub rows: Vec<JournalRow>,
    /// The first row whose hash, or whose link to the row before, is wrong.
    pub broken_at: Option<i64>,
}

/// Reads the whole journal into memory and verifies its chain. For journals that are known to be short: the app itself
/// reads pages, and verifies in steps.
///
/// # Errors
/// When the database fails.
pub async fn read(database: &Database) -> Result<Journal, DatabaseError> {
    let rows = database
        .run(|transaction| rows_after(transaction, 0, u32::MAX))
        .await?;
    let mut broken_at = None;
    let mut previous = "";
    for (row, before) in rows.iter().zip(0..) {
        if !row.follows(before, previous) {
            broken_at = Some(row.number);
            break;
        }
        previous = &row.hash;
    }
    Ok(Journal { rows, broken_at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{database, row};

    async fn with_three_rows() -> (tempfile::TempDir, Database) {
        let (folder, database) = database();
        for outcome in ["deleted", "not deleted: offline", "gone already"] {
            let entry = Entry {
                at: "2026-11-22T14:00:00Z".parse().unwrap(),
                account: AccountId(uuid::Uuid::nil()),
                account_label: "ops@acme.example".to_owned(),
                action: Action::DeleteKey,
                key: Some((&row("7", "CI")).into()),
                outcome: outcome.to_owned(),
                request_id: None,
            };
            database
                .run(move |transaction| append(transaction, &entry))
                .await
                .unwrap();
        }
        (folder, database)
    }

    /// Changes the file as somebody with an editor for SQLite would: past the triggers.
    async fn tamper(database: &Database, sql: &'static str) {
        let all = format!(
            "DROP TRIGGER journal_rows_stay; DROP TRIGGER journal_rows_do_not_change; {sql}"
        );
        database
            .run(move |transaction| transaction.execute_batch(&all))
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn an_untouched_chain_is_whole() {
        let (_folder, database) = with_three_rows().await;
        let journal = read(&database).await.unwrap();
        assert_eq!(journal.broken_at, None);
        let outcomes: Vec<_> = journal
            .rows
            .iter()
            .map(|row| row.outcome.as_str())
            .collect();
        assert_eq!(
            outcomes,
            ["deleted", "not deleted: offline", "gone already"]
        );
    }

    #[tokio::test]
    async fn a_changed_row_is_noticed() {
        let (_folder, database) = with_three_rows().await;
        tamper(
            &database,
            "UPDATE journal SET outcome = 'deleted' WHERE number = 2",
        )
        .await;
        assert_eq!(read(&database).await.unwrap().broken_at, Some(2));
    }

    #[tokio::test]
    async fn a_removed_row_is_noticed() {
        let (_folder, database) = with_three_rows().await;
        tamper(&database, "DELETE FROM journal WHERE number = 2").await;
        assert_eq!(read(&database).await.unwrap().broken_at, Some(3));
    }

    #[tokio::test]
    async fn sql_that_changes_or_removes_a_row_is_refused() {
        let (_folder, database) = with_three_rows().await;
        for sql in ["DELETE FROM journal", "UPDATE journal SET outcome = ''"] {
            let refused = database
                .run(move |transaction| transaction.execute(sql, []))
                .await;
            assert!(refused.is_err(), "{sql} was let through");
        }
    }
}
