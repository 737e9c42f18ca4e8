//! Folders and files of every other system, by path.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{Entry, Kind};

/// A folder.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A folder; whether it can be read shows when it is.
    ///
    /// # Errors
    /// None.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// Everything in it.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn entries(&self) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            entries.push(Entry {
                kind: kind(&entry),
                name: entry.file_name(),
            });
        }
        Ok(entries)
    }

    /// Opens a file in it.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn file(&self, name: &OsStr) -> io::Result<File> {
        File::open(self.path.join(name))
    }
}

/// Opens a file that was named.
///
/// # Errors
/// What the system says.
pub(crate) fn named(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(windows)]
fn kind(entry: &fs::DirEntry) -> Kind {
    use std::os::windows::fs::MetadataExt;
    // OneDrive and its like: reading, or even opening, would download.
    const OFFLINE: u32 = 0x1000;
    const RECALL_ON_OPEN: u32 = 0x4_0000;
    const RECALL_ON_DATA_ACCESS: u32 = 0x40_0000;
    let Ok(facts) = entry.metadata() else {
        return Kind::Special;
    };
    if facts.file_attributes() & (OFFLINE | RECALL_ON_OPEN | RECALL_ON_DATA_ACCESS) != 0 {
        return Kind::Placeholder;
    }
    plain_kind(facts.file_type())
}

#[cfg(not(windows))]
fn kind(entry: &fs::DirEntry) -> Kind {
    entry.file_type().map_or(Kind::Special, plain_kind)
}

fn plain_kind(told: fs::FileType) -> Kind {
    if told.is_symlink() {
        Kind::Link
    } else if told.is_dir() {
        Kind::Folder
    } else if told.is_file() {
        Kind::File
    } else {
        Kind::Special
    }
}
