//! The one SQLite file in which everything lasting stands that is neither a secret nor an account: list cache,
//! journal, open intents, what was found of keys on this machine.
//!
//! It never holds a token. Calls run on tokio's blocking threads, one at a time. Left out: the SQL itself, which
//! stands with what it is for (`cache`, `journal`, `intents`).

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode};
use rusqlite_migration::{M, MigrationDefinitionError, Migrations, SchemaVersion};
use thiserror::Error;

use crate::folders::owner_only;
use crate::set_aside::set_aside;

/// Every form that the database has had, oldest first. A landed step is never edited; a new one is added.
const STEPS: &[M<'static>] = &[
    M::up(include_str!("schema/001.sql")),
    M::up(include_str!("schema/002.sql")),
    M::up(include_str!("schema/003.sql")),
];

/// Why the database cannot be used.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// A later version of the app wrote it. It is left as it is.
    #[error(
        "{path} was written by a newer version of Pulse Keys. Install that version, or move the file away."
    )]
    Newer {
        /// Where it stands.
        path: PathBuf,
    },
    /// SQLite's own report: disk full, no permission, locked by another program.
    #[error("The app's database failed: {0}.")]
    Sqlite(#[from] rusqlite::Error),
    /// A step to a newer form failed; nothing was changed.
    #[error("The app's database could not be brought to its newer form: {0}.")]
    Migration(rusqlite_migration::Error),
    /// The file or its folder could not be handled.
    #[error("The app's database file could not be handled: {0}.")]
    File(#[from] std::io::Error),
}

/// An open database. Clones share it.
#[derive(Clone, Debug)]
pub struct Database {
    connection: Arc<Mutex<Connection>>,
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
        match Self::open_as_it_is(path) {
            Ok(database) => Ok(Opened {
                database,
                damaged: None,
            }),
            Err(error) if is_damage(&error) => {
                let aside = set_aside(path, now)?;
                let database = Self::open_as_it_is(path)?;
                Ok(Opened {
                    database,
                    damaged: Some(aside),
                })
            }
            Err(error) => Err(error),
        }
    }

    fn open_as_it_is(path: &Path) -> Result<Self, DatabaseError> {
        let mut connection = Connection::open(path)?;
        owner_only(path, 0o600)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let migrations = Migrations::from_slice(STEPS);
        if matches!(
            migrations.current_version(&connection),
            Ok(SchemaVersion::Outside(_))
        ) {
            return Err(DatabaseError::Newer {
                path: path.to_owned(),
            });
        }
        migrations
            .to_latest(&mut connection)
            .map_err(|error| match error {
                rusqlite_migration::Error::MigrationDefinition(
                    MigrationDefinitionError::DatabaseTooFarAhead,
                ) => DatabaseError::Newer {
                    path: path.to_owned(),
                },
                other => DatabaseError::Migration(other),
            })?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// Runs SQL in one transaction, away from the async threads. Nothing of it lasts when `work` fails.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        let joined = tokio::task::spawn_blocking(move || {
            // A panic in an earlier call rolled its transaction back, so the connection behind the lock is sound.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction()?;
            let answer = work(&transaction)?;
            transaction.commit()?;
            Ok(answer)
        });
        match joined.await {
            Ok(answer) => answer,
            Err(stopped) => Err(DatabaseError::File(std::io::Error::other(stopped))),
        }
    }
}

fn is_damage(error: &DatabaseError) -> bool {
    let sqlite = match error {
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
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T14:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_steps_are_sound() {
        Migrations::from_slice(STEPS).validate().unwrap();
    }

    #[test]
    fn a_damaged_file_is_kept_under_another_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pulse-keys.sqlite");
        let junk =
            b"this is no database, and it is longer than a header of one hundred bytes ".repeat(4);
        std::fs::write(&path, &junk).unwrap();

        let opened = Database::open(&path, now()).unwrap();

        let aside = opened.damaged.expect("the damaged file is reported");
        assert_eq!(std::fs::read(aside).unwrap(), junk);
        assert!(path.exists());
    }

    #[test]
    fn a_newer_file_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pulse-keys.sqlite");
        drop(Database::open(&path, now()).unwrap());
        Connection::open(&path)
            .unwrap()
            .pragma_update(None, "user_version", 99)
            .unwrap();

        let refused = Database::open(&path, now());

        assert!(
            matches!(refused, Err(DatabaseError::Newer { .. })),
            "{refused:?}"
        );
        let version: i64 = Connection::open(&path)
            .unwrap()
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(version, 99);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pulse-keys.sqlite");
        Database::open(&path, now()).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }
}
