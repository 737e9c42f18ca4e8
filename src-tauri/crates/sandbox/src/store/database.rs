//! One SQLite database: opening it, and running queries off the async threads.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use super::schema;
use crate::error::{StartError, StoreError};
use crate::settings::Database;

/// One open database, shared by all requests.
#[derive(Debug, Clone)]
pub(crate) struct Store(Arc<Mutex<Connection>>);

impl Store {
    /// Opens the database and makes its tables if it is new. Blocks.
    pub(crate) fn open(database: &Database) -> Result<Self, StartError> {
        let connection = match database {
            Database::Memory => Connection::open_in_memory().map_err(StoreError::from)?,
            Database::File(path) => open_file(path)?,
        };
        schema::create_if_new(&connection).map_err(StoreError::from)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Runs queries here and now; for use outside async code.
    pub(crate) fn with<T>(&self, query: impl FnOnce(&mut Connection) -> T) -> T {
        // A panic inside a transaction rolls it back, so the connection is sound after one.
        query(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs queries on a thread that may block. They finish even when the caller goes away, as those of
    /// a real server do.
    pub(crate) async fn run<T, Q>(&self, query: Q) -> Result<T, StoreError>
    where
        T: Send + 'static,
        Q: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let store = self.clone();
        let answer = tokio::task::spawn_blocking(move || store.with(query)).await;
        Ok(answer.map_err(|_| StoreError::Interrupted)??)
    }
}

fn open_file(path: &Path) -> Result<Connection, StartError> {
    let unreachable = |source| StartError::Unreachable {
        path: path.to_owned(),
        source,
    };
    match fs::metadata(path) {
        Ok(file) if file.is_dir() => return Err(unreachable(io::ErrorKind::IsADirectory.into())),
        Ok(file) if file.len() > 0 => schema::check(path)?,
        Ok(_) => {}
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
            create_private(path).map_err(unreachable)?;
        }
        Err(other) => return Err(unreachable(other)),
    }
    make_private(path).map_err(unreachable)?;
    let connection = Connection::open(path).map_err(StoreError::from)?;
    connection
        .busy_timeout(Duration::from_secs(5))
        .map_err(StoreError::from)?;
    // The answer to this pragma is a row, the mode that is now in force.
    connection
        .pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
        .map_err(StoreError::from)?;
    connection
        .pragma_update(None, "synchronous", "normal")
        .map_err(StoreError::from)?;
    Ok(connection)
}

fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map(drop)
}

/// SQLite gives its `-wal` and `-shm` files the permissions of the database.
fn make_private(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
