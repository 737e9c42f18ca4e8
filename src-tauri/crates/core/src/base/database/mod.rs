//! The one SQLite file in which everything lasting stands that is neither a secret nor an account: list cache,
//! journal, open intents, what was found of keys on this machine.
//!
//! It never holds a token. Calls run on tokio's blocking threads, one at a time. Left out: the SQL itself, which
//! stands with what it is for (`key_cache`, `journal`, `intents`).

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction};
use rusqlite_migration::{M, Migrations, SchemaVersion};
use thiserror::Error;

use crate::base::folders::owner_only;
use crate::base::quarantine::set_aside_with;

/// Every form that the database has had, oldest first. A landed step is never edited; a new one is added.
const STEPS: &[M<'static>] = &[
    M::up(include_str!("schema/001.sql")),
    M::up(include_str!("schema/002.sql")),
    M::up(include_str!("schema/003.sql")),
    M::up(include_str!("schema/004.sql")),
    M::up(include_str!("schema/005.sql")),
    M::up(include_str!("schema/006.sql")),
    M::up(include_str!("schema/007.sql")),
    M::up(include_str!("schema/008.sql")),
    M::up(include_str!("schema/009.sql")),
    M::up(include_str!("schema/010.sql")),
    M::up(include_str!("schema/011.sql")),
];

/// What SQLite keeps beside a database that was not closed: rows that are not in it yet, and the way to them.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What is left of the log beside the database once it was written back, in bytes. A list of ten thousand keys leaves twelve
/// million otherwise, and who opens a database that was not closed reads all of its log first.
const MAX_LOG_BYTES: i64 = 1 << 20;

/// Why the database cannot be used.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// A later version of the app wrote it. It is left as it is.
    #[error(
        "{path} was written by a newer version of Pulse Keys, and this one would not understand it. Nothing was \
         changed. Install the newer version again, or move the file away to begin with an empty one."
    )]
    Newer {
        /// Where it stands.
        path: PathBuf,
    },
    /// SQLite's own report: disk full, no permission, locked by another program.
    #[error("The app's database failed: {0}.")]
    Sqlite(#[from] rusqlite::Error),
    /// A step to a newer form failed; nothing was changed.
    #[error("The app's database could not be upgraded: {0}.")]
    Migration(rusqlite_migration::Error),
    /// It opens, but part of what it holds is not what was written.
    #[error("The app's database is damaged: {0}.")]
    Damaged(String),
    /// The file or its folder could not be handled.
    #[error("The app's database file could not be handled: {0}.")]
    File(#[from] std::io::Error),
}

/// An open database. Clones share it.
#[derive(Clone, Debug)]
pub struct Database {
    connection: Arc<Mutex<Connection>>,
    listener: Arc<Listener>,
}

/// Who is told after each transaction that changed something.
#[derive(Default)]
struct Listener(OnceLock<Box<dyn Fn() + Send + Sync>>);

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Listener")
    }
}

/// A database that was opened, and where a damaged one before it was put.
#[derive(Debug)]
pub struct Opened {
    /// The database, in its newest form.
    pub database: Database,
    /// The name that a damaged file was given, when there was one.
    pub damaged: Option<PathBuf>,
}

impl Database {
    /// Opens the file, makes it if it is not there, and brings it to its newest form. A damaged file is renamed,
    /// never deleted, and a new one is begun.
    ///
    /// # Errors
    /// [`DatabaseError`]; the file is left as it was.
    pub fn open(path: &Path, now: Timestamp) -> Result<Opened, DatabaseError> {
        match Self::open_sound(path) {
            Ok(database) => Ok(Opened {
                database,
                damaged: None,
            }),
            Err(error) if is_damage(&error) => {
                let aside = set_aside_with(path, &BESIDE, now)?;
                let database = Self::open_sound(path)?;
                Ok(Opened {
                    database,
                    damaged: Some(aside),
                })
            }
            Err(error) => Err(error),
        }
    }

    /// The same for a process that works beside the app and must leave a damaged file to it.
    ///
    /// # Errors
    /// [`DatabaseError`]; the file is left as it was.
    pub(crate) fn open_sound(path: &Path) -> Result<Self, DatabaseError> {
        let mut connection = Connection::open(path)?;
        // Closing would write what stands beside a damaged file into it, and what stands there may be all that is sound.
        write_back_on_close(&connection, false)?;
        let migrations = Migrations::from_slice(STEPS);
        refuse_newer(&migrations, &connection, path)?;
        check(&connection)?;
        write_back_on_close(&connection, true)?;
        owner_only(path, 0o600)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "journal_size_limit", MAX_LOG_BYTES)?;
        migrations
            .to_latest(&mut connection)
            .map_err(DatabaseError::Migration)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            listener: Arc::default(),
        })
    }

    /// Whether a later version of the app wrote the file, asked before any other file of the app is touched.
    ///
    /// # Errors
    /// [`DatabaseError::Newer`]. Everything else is found out when the file is opened.
    pub(crate) fn refuse_newer(path: &Path) -> Result<(), DatabaseError> {
        match Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
            Ok(connection) => {
                write_back_on_close(&connection, false)?;
                refuse_newer(&Migrations::from_slice(STEPS), &connection, path)
            }
            Err(_) => Ok(()),
        }
    }

    /// From now on this is called, on an async thread, after each transaction that changed something. It must not wait.
    /// Only the first listener counts.
    pub(crate) fn after_each_change(&self, listener: impl Fn() + Send + Sync + 'static) {
        // A second one is a mistake of ours that costs nothing: the first goes on.
        let _ = self.listener.0.set(Box::new(listener));
    }

    /// Runs SQL in one transaction, away from the async threads. Nothing of it lasts when `work` fails.
    ///
    /// It begins at once. A caller that waits for the answer holds no part of the database open meanwhile.
    pub(crate) fn run<T, F>(
        &self,
        work: F,
    ) -> impl Future<Output = Result<T, DatabaseError>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        let listener = Arc::clone(&self.listener);
        let joined = tokio::task::spawn_blocking(move || in_transaction(&connection, work));
        async move {
            match joined.await {
                Ok(Ok((answer, has_changed))) => {
                    if let Some(listener) = listener.0.get().filter(|_| has_changed) {
                        listener();
                    }
                    Ok(answer)
                }
                Ok(Err(error)) => Err(error),
                Err(stopped) => Err(DatabaseError::File(std::io::Error::other(stopped))),
            }
        }
    }

    /// [`Database::run`] before there are async threads: at the start.
    pub(crate) fn run_here<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, DatabaseError> {
        in_transaction(&self.connection, work).map(|(answer, _)| answer)
    }
}

/// What came of the work, and whether it changed anything.
fn in_transaction<T>(
    connection: &Mutex<Connection>,
    work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> Result<(T, bool), DatabaseError> {
    // A panic in an earlier call rolled its transaction back, so the connection behind the lock is sound.
    let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    let changes = connection.total_changes();
    let transaction = connection.transaction()?;
    let answer = work(&transaction)?;
    transaction.commit()?;
    Ok((answer, connection.total_changes() != changes))
}

fn write_back_on_close(connection: &Connection, does: bool) -> rusqlite::Result<()> {
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !does)
        .map(drop)
}

/// Before anything is set or changed: a later version may have good reason for another mode of the file.
fn refuse_newer(
    migrations: &Migrations<'_>,
    connection: &Connection,
    path: &Path,
) -> Result<(), DatabaseError> {
    match migrations.current_version(connection) {
        Ok(SchemaVersion::Outside(_)) => {
            write_back_on_close(connection, true)?;
            Err(DatabaseError::Newer {
                path: path.to_owned(),
            })
        }
        _ => Ok(()),
    }
}

/// Reads every page. SQLite itself notices damage only where it happens to look, which may be in the middle of a
/// deletion; these files are small.
fn check(connection: &Connection) -> Result<(), DatabaseError> {
    let found: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if found == "ok" {
        Ok(())
    } else {
        Err(DatabaseError::Damaged(found))
    }
}

fn is_damage(error: &DatabaseError) -> bool {
    let sqlite = match error {
        DatabaseError::Damaged(_) => return true,
        DatabaseError::Sqlite(error) => error,
        DatabaseError::Migration(rusqlite_migration::Error::RusqliteError { err, .. }) => err,
        _ => return false,
    };
    matches!(
        sqlite.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}

#[cfg(test)]
mod tests;
