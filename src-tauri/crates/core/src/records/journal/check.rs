//! Verifying the journal's chain, row after row, without holding more than a few hundred of them, and without keeping
//! anybody from the database meanwhile.
//!
//! What was verified is remembered as long as the app runs, and only newer rows are looked at the next time; unless
//! another program has written to the file since, which SQLite tells. On the way the rows are counted, for whoever
//! wants to filter them. Left out: whether rows are missing at the end (`head`).

use std::collections::BTreeMap;

use rusqlite::Transaction;

use crate::base::database::{Database, DatabaseError};
use crate::records::journal::{self, JournalRow};

/// Rows that are read in one go: the database is anybody's again after some milliseconds.
const BATCH: u32 = 500;

/// What is known of the chain. One verifies at a time.
#[derive(Debug, Default)]
pub(crate) struct Verifier(tokio::sync::Mutex<Checked>);

/// The outcome of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checked {
    /// How many rows there are.
    pub(crate) rows: u32,
    /// The first row whose hash, or whose link to the row before, is wrong.
    pub(crate) broken: Option<Break>,
    /// How many rows there are of each action.
    pub(crate) actions: BTreeMap<String, u32>,
    /// Whether the rows are of accounts of different labels.
    pub(crate) has_many_accounts: bool,
    /// The number and the hash of the last row that was looked at.
    last: (i64, String),
    first_label: Option<String>,
    /// SQLite's number for what other connections have written.
    version: Option<i64>,
}

/// Where a chain breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Break {
    /// The number of the first row that does not fit.
    pub(crate) at: i64,
    /// The number of the last row before it, 0 without one: all up to there are sound.
    pub(crate) sound: i64,
}

/// How far a verification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Rows that were verified.
    pub(crate) done: i64,
    /// The number of the newest row.
    pub(crate) of: i64,
}

struct Batch {
    rows: Vec<JournalRow>,
    newest: i64,
    version: i64,
    /// The row that was verified last is still what it was.
    goes_on: bool,
}

impl Verifier {
    /// Verifies what was not verified yet, and says after each step how far it is.
    ///
    /// # Errors
    /// When the database fails; what was verified until then is remembered.
    pub(crate) async fn verify(
        &self,
        database: &Database,
        tell: impl Fn(Progress),
    ) -> Result<Checked, DatabaseError> {
        let mut checked = self.0.lock().await;
        let mut is_first = true;
        loop {
            let last = checked.last.clone();
            let batch = database
                .run(move |transaction| read(transaction, &last))
                .await?;
            let was_written = checked.version.is_some_and(|known| known != batch.version);
            if is_first && (was_written || !batch.goes_on) {
                *checked = Checked {
                    version: Some(batch.version),
                    ..Checked::default()
                };
                is_first = false;
                continue;
            }
            if is_first {
                // What is written by others from here on is looked at the next time.
                checked.version = Some(batch.version);
                is_first = false;
            }
            if batch.rows.is_empty() {
                return Ok(checked.clone());
            }
            let mut next = std::mem::take(&mut *checked);
            *checked = tokio::task::spawn_blocking(move || {
                batch.rows.into_iter().for_each(|row| next.take_in(row));
                next
            })
            .await
            .map_err(|stopped| DatabaseError::File(std::io::Error::other(stopped)))?;
            tell(Progress {
                done: checked.last.0,
                of: batch.newest,
            });
        }
    }
}

fn read(transaction: &Transaction<'_>, (number, hash): &(i64, String)) -> rusqlite::Result<Batch> {
    let goes_on = *number == 0 || journal::hash_of(transaction, *number)?.as_ref() == Some(hash);
    Ok(Batch {
        rows: journal::rows_after(transaction, *number, BATCH)?,
        newest: journal::tip(transaction)?.rows,
        version: transaction.pragma_query_value(None, "data_version", |row| row.get(0))?,
        goes_on,
    })
}

impl Checked {
    fn take_in(&mut self, row: JournalRow) {
        let (before, previous_hash) = &self.last;
        if self.broken.is_none() && !row.follows(*before, previous_hash) {
            self.broken = Some(Break {
                at: row.number,
                sound: *before,
            });
        }
        self.rows += 1;
        self.last = (row.number, row.hash);
        *self.actions.entry(row.action).or_default() += 1;
        match &self.first_label {
            None => self.first_label = Some(row.account_label),
            Some(first) => self.has_many_accounts |= *first != row.account_label,
        }
    }
}
