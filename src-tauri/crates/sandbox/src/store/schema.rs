//! The tables, and the check of a file before anything is written to it.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::{StartError, StoreError};

/// Marks a file as a sandbox database: `PkSb` in ASCII, in SQLite's `application_id`.
const APPLICATION_ID: i64 = 0x506b_5362;

/// The format below, in SQLite's `user_version`.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    plan TEXT NOT NULL,
    current_team_id INTEGER NOT NULL REFERENCES teams(id)
) STRICT;
CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE memberships (
    user_id INTEGER NOT NULL REFERENCES users(id),
    team_id INTEGER NOT NULL REFERENCES teams(id),
    role TEXT NOT NULL,
    PRIMARY KEY (user_id, team_id)
) STRICT;
-- AUTOINCREMENT: the id of a deleted key is never given to another.
CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users(id),
    team_id INTEGER NOT NULL REFERENCES teams(id),
    name TEXT NOT NULL,
    abilities TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    last_eight TEXT NOT NULL,
    last_used_at INTEGER,
    created_at INTEGER NOT NULL,
    rotated_at INTEGER
) STRICT;
CREATE INDEX api_keys_newest_first ON api_keys (user_id, created_at DESC, id DESC);
CREATE TABLE monitors (
    id INTEGER PRIMARY KEY,
    team_id INTEGER NOT NULL REFERENCES teams(id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    method TEXT NOT NULL,
    interval_seconds INTEGER NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE checks (
    id INTEGER PRIMARY KEY,
    monitor_id INTEGER NOT NULL REFERENCES monitors(id),
    status TEXT NOT NULL,
    status_code INTEGER,
    response_time_ms INTEGER,
    region TEXT NOT NULL,
    checked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX checks_newest_first ON checks (monitor_id, checked_at DESC, id DESC);
CREATE TABLE incidents (
    id INTEGER PRIMARY KEY,
    monitor_id INTEGER NOT NULL REFERENCES monitors(id),
    status TEXT NOT NULL,
    cause TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    resolved_at INTEGER
) STRICT;
";

/// Looks at an existing file without changing it: it must be sound, ours and not newer than this program. A file
/// whose making was interrupted (no tables yet) passes as new.
pub(crate) fn check(path: &Path) -> Result<(), StartError> {
    let verdict = Connection::open_with_flags(path, harmless(path)).and_then(|file| judge(&file));
    let path = path.to_owned();
    match verdict {
        Ok(Verdict::Usable) => Ok(()),
        Ok(Verdict::Foreign) => Err(StartError::Foreign { path }),
        Ok(Verdict::Newer(found)) => Err(StartError::Newer {
            path,
            found,
            known: VERSION,
        }),
        Ok(Verdict::Damaged) => Err(StartError::Damaged { path }),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Err(StartError::Damaged { path })
            }
            _ => Err(StoreError::from(error).into()),
        },
    }
}

/// How to open a file so that reading it leaves no trace, in it or beside it.
///
/// A reader of a file in WAL mode makes a `-wal` file if there is none, and only a connection that may
/// write removes it again. One that is there already may hold data, which a connection that may write
/// would move into the file.
fn harmless(path: &Path) -> OpenFlags {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let mode = if Path::new(&log).exists() {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    };
    mode | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

enum Verdict {
    Usable,
    Damaged,
    Foreign,
    Newer(i64),
}

fn judge(file: &Connection) -> rusqlite::Result<Verdict> {
    let soundness: String = file.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if soundness != "ok" {
        return Ok(Verdict::Damaged);
    }
    if is_new(file)? {
        return Ok(Verdict::Usable);
    }
    if pragma(file, "application_id")? != APPLICATION_ID {
        return Ok(Verdict::Foreign);
    }
    let found = pragma(file, "user_version")?;
    Ok(if found > VERSION {
        Verdict::Newer(found)
    } else {
        Verdict::Usable
    })
}

/// Makes the tables in one transaction, so that an interrupted start leaves none.
pub(crate) fn create_if_new(database: &Connection) -> rusqlite::Result<()> {
    database.pragma_update(None, "foreign_keys", true)?;
    if !is_new(database)? {
        return Ok(());
    }
    let making = database.unchecked_transaction()?;
    making.execute_batch(TABLES)?;
    making.pragma_update(None, "application_id", APPLICATION_ID)?;
    making.pragma_update(None, "user_version", VERSION)?;
    making.commit()
}

fn is_new(database: &Connection) -> rusqlite::Result<bool> {
    let tables: i64 =
        database.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(tables == 0 && pragma(database, "application_id")? == 0)
}

fn pragma(database: &Connection, name: &str) -> rusqlite::Result<i64> {
    database.pragma_query_value(None, name, |row| row.get(0))
}
