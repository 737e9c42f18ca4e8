//! Small files of ours in the config folder: replaced whole, readable for their owner only, never overwritten unread.
//!
//! A crash while one is written leaves either the old one or the new one. Left out: what is in them.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::base::folders::owner_only;
use crate::base::quarantine::set_aside;

/// What a file holds, and where an unreadable one was put.
#[derive(Debug)]
pub struct Kept<T> {
    /// None when there is no file yet, or it could not be read.
    pub content: Option<T>,
    /// The unreadable file's new name.
    pub damaged: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Reads a file whose field `version` is at most the one that is given. One that cannot be understood, or that
/// `check` refuses, is set aside.
///
/// # Errors
/// When the file cannot be opened, or was written by a newer version of the app; then it is left alone.
pub fn read<T: DeserializeOwned>(
    file: &Path,
    version: u32,
    now: Timestamp,
    check: impl FnOnce(&T) -> bool,
) -> io::Result<Kept<T>> {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Kept {
                content: None,
                damaged: None,
            });
        }
        Err(error) => return Err(error),
    };
    let found = serde_json::from_slice::<Version>(&bytes).map_or(version, |found| found.version);
    if found > version {
        let what = format!(
            "{} was written by a newer version of Pulse Keys. Nothing was changed. Install the newer version again, \
             or move the file away",
            file.display()
        );
        return Err(io::Error::new(io::ErrorKind::InvalidData, what));
    }
    let content = serde_json::from_slice(&bytes).ok().filter(check);
    let damaged = match content {
        Some(_) => None,
        None => Some(set_aside(file, now)?),
    };
    Ok(Kept { content, damaged })
}

/// What a file holds, for whoever only looks; nothing when there is none.
///
/// # Errors
/// When it cannot be opened or understood. It stays where it is.
pub(crate) fn glance<T: DeserializeOwned>(file: &Path) -> io::Result<Option<T>> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts a new file in the place of the old one.
///
/// # Errors
/// When it cannot be written; the old one is as it was.
pub fn write(path: &Path, content: &impl Serialize) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, content)?;
    file.write_all(b"\n")?;
    owner_only(file.path(), 0o600)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
