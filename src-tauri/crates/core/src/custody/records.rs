//! What is written down about the tokens in custody: everything but their text.
//!
//! Left out: the text, which is in the keychain, and what may be done with a token (`custody`).

use jiff::Timestamp;
use pulseapi::{BearerToken, KeyId};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use crate::base::database::{Database, DatabaseError};
use crate::base::ids::{AccountId, CustodyId};
use crate::custody::wire::TokenOrigin;
use crate::records::intents::AccountWas;

/// Stands for the part of a token that is secret.
const DOTS: &str = "••••••••••••";

/// How far a token is in flight through custody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing is decided.
    Waiting,
    /// The user chose that it stays.
    Kept,
    /// It is being taken out of the keychain; a crash in the middle is finished at the next start.
    Leaving,
}

impl Stage {
    fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Kept => "kept",
            Self::Leaving => "leaving",
        }
    }

    /// An unknown word, of a later version, waits: that loses nothing.
    fn of(word: &str) -> Self {
        match word {
            "kept" => Self::Kept,
            "leaving" => Self::Leaving,
            _ => Self::Waiting,
        }
    }
}

/// Which store holds a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    /// The operating system's keychain.
    Keychain,
    /// The memory of a process, which may have ended since.
    Memory,
}

impl Store {
    fn word(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::Memory => "memory",
        }
    }

    /// An unknown word, of a later version, is asked for in the keychain: that loses nothing.
    fn of(word: &str) -> Self {
        match word {
            "memory" => Self::Memory,
            _ => Self::Keychain,
        }
    }
}

/// A token in custody, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) id: CustodyId,
    pub(crate) account: AccountId,
    pub(crate) account_label: String,
    /// Where its service answered then.
    pub(crate) base_url: String,
    pub(crate) key: Option<KeyId>,
    pub(crate) name: String,
    pub(crate) last_eight: String,
    pub(crate) masked: String,
    pub(crate) origin: TokenOrigin,
    pub(crate) arrived_at: Timestamp,
    pub(crate) stage: Stage,
    pub(crate) store: Store,
}

impl Record {
    /// The record of a token that has just arrived and is in the keychain.
    pub(crate) fn of(
        token: &BearerToken,
        id: CustodyId,
        (account, was): (AccountId, &AccountWas),
        origin: TokenOrigin,
        arrived_at: Timestamp,
    ) -> Self {
        let last_eight = token.last_eight().unwrap_or_default();
        let id_part = token.record_id().map(|id| format!("{id}|"));
        Self {
            id,
            account,
            account_label: was.label.clone(),
            base_url: was.base_url.clone(),
            key: token.record_id().and_then(|id| KeyId::parse(id).ok()),
            name: String::new(),
            masked: format!("{}{DOTS}{last_eight}", id_part.unwrap_or_default()),
            last_eight,
            origin,
            arrived_at,
            stage: Stage::Waiting,
            store: Store::Keychain,
        }
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        let (id, account): (String, String) = (row.get(0)?, row.get(1)?);
        let (key, arrived_at): (Option<String>, String) = (row.get(4)?, row.get(9)?);
        let (origin, stage): (String, String) = (row.get(8)?, row.get(10)?);
        let store: String = row.get(11)?;
        let ids = (id.parse::<Uuid>(), account.parse::<Uuid>());
        let ((Ok(id), Ok(account)), Ok(arrived_at)) = (ids, arrived_at.parse()) else {
            return Ok(None);
        };
        Ok(Some(Self {
            id: CustodyId(id),
            account: AccountId(account),
            account_label: row.get(2)?,
            base_url: row.get(3)?,
            key: key.and_then(|key| KeyId::parse(&key).ok()),
            name: row.get(5)?,
            last_eight: row.get(6)?,
            masked: row.get(7)?,
            origin: match origin.as_str() {
                "created" => TokenOrigin::Created,
                "found" => TokenOrigin::Found,
                _ => TokenOrigin::Rotated,
            },
            arrived_at,
            stage: Stage::of(&stage),
            store: Store::of(&store),
        }))
    }
}

fn word(origin: TokenOrigin) -> &'static str {
    match origin {
        TokenOrigin::Created => "created",
        TokenOrigin::Rotated => "rotated",
        TokenOrigin::Found => "found",
    }
}

const COLUMNS: &str = "id, account, account_label, base_url, key_id, key_name, last_eight, masked, origin, \
     arrived_at, state, store";

/// Writes a record down; one that is there already stays as it is. Whether it is new.
pub(crate) fn add(transaction: &Transaction<'_>, record: &Record) -> rusqlite::Result<bool> {
    let added = transaction.execute(
        &format!(
            "INSERT OR IGNORE INTO custody ({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"
        ),
        params![
            record.id.0.to_string(),
            record.account.0.to_string(),
            record.account_label,
            record.base_url,
            record.key.as_ref().map(KeyId::as_str),
            record.name,
            record.last_eight,
            record.masked,
            word(record.origin),
            record.arrived_at.to_string(),
            record.stage.word(),
            record.store.word(),
        ],
    )?;
    Ok(added > 0)
}

/// A token goes on to another stage.
pub(crate) fn advance(
    transaction: &Transaction<'_>,
    id: CustodyId,
    stage: Stage,
) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE custody SET state = ?2 WHERE id = ?1",
        params![id.0.to_string(), stage.word()],
    )?;
    Ok(())
}

/// A token that only a process had is in the keychain now.
pub(crate) fn is_in_keychain(transaction: &Transaction<'_>, id: CustodyId) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE custody SET store = ?2 WHERE id = ?1",
        params![id.0.to_string(), Store::Keychain.word()],
    )?;
    Ok(())
}

/// A token is out of custody.
pub(crate) fn remove(transaction: &Transaction<'_>, id: CustodyId) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM custody WHERE id = ?1", [id.0.to_string()])?;
    Ok(())
}

/// Whether no later token of the same key is on record.
pub(crate) fn is_newest_of_key(
    transaction: &Transaction<'_>,
    record: &Record,
) -> rusqlite::Result<bool> {
    let key = record.key.as_ref().map(KeyId::as_str);
    let mut statement = transaction.prepare(&format!(
        "SELECT {COLUMNS} FROM custody WHERE account = ?1 AND key_id = ?2 AND id <> ?3"
    ))?;
    let others = statement.query_map(
        params![record.account.0.to_string(), key, record.id.0.to_string()],
        Record::read,
    )?;
    for other in others {
        if other?.is_some_and(|other| other.arrived_at > record.arrived_at) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// All records, newest first.
pub(crate) async fn all(database: &Database) -> Result<Vec<Record>, DatabaseError> {
    database
        .run(|transaction| {
            let mut statement = transaction.prepare(&format!(
                "SELECT {COLUMNS} FROM custody ORDER BY arrived_at DESC, id"
            ))?;
            let rows = statement.query_map([], Record::read)?;
            rows.filter_map(Result::transpose).collect()
        })
        .await
}

/// How many rows cannot be read: of a later version, or damaged. They stay.
pub(crate) async fn count_unreadable(database: &Database) -> Result<usize, DatabaseError> {
    database
        .run(|transaction| {
            let mut statement = transaction.prepare(&format!("SELECT {COLUMNS} FROM custody"))?;
            let rows = statement.query_map([], Record::read)?;
            let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(rows.iter().filter(|row| row.is_none()).count())
        })
        .await
}

/// One record.
pub(crate) async fn find(
    database: &Database,
    id: CustodyId,
) -> Result<Option<Record>, DatabaseError> {
    database
        .run(move |transaction| {
            let found = transaction.query_row(
                &format!("SELECT {COLUMNS} FROM custody WHERE id = ?1"),
                [id.0.to_string()],
                Record::read,
            );
            Ok(found.optional()?.flatten())
        })
        .await
}
