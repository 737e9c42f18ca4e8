//! Why a sandbox did not start, and why a query gave no answer.

use std::io;
use std::path::PathBuf;

/// Why a sandbox could not start. A database file named in one of these is as it was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port is taken, or not allowed.
    #[error("cannot listen on 127.0.0.1 port {port}: {source}")]
    Port {
        /// The port asked for.
        port: u16,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file can't be made or opened: permissions, a missing folder, a full disk.
    #[error("cannot open the sandbox database {}: {source}", path.display())]
    Unreachable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file is no SQLite database, or a broken one.
    #[error("the sandbox database {} is damaged; move it away to start with a fresh one", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The file is a sound SQLite database that belongs to something else.
    #[error("{} is not a sandbox database", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a later version of the sandbox.
    #[error("the sandbox database {} has format {found}; this version reads up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that this version can read.
        known: i64,
    },
    /// The database failed in another way.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a query gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// SQLite refused.
    #[error("the sandbox database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The runtime is going down.
    #[error("the query was interrupted")]
    Interrupted,
}
