//! Folders and files of every other system, by path.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::entry::{Entry, Kind};
use super::facts::Facts;
use super::opened::{Opened, Refusal};

/// A folder.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// How far it has been listed.
    listing: Option<fs::ReadDir>,
}

impl Folder {
    /// A folder; whether it can be read shows when it is.
    ///
    /// # Errors
    /// None.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            listing: None,
        })
    }

    /// The next entries, `most` of them; none when there are no more.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn entries(&mut self, most: usize) -> io::Result<Vec<Entry>> {
        let mut listing = match self.listing.take() {
            Some(listing) => listing,
            None => fs::read_dir(&self.path)?,
        };
        let mut entries = Vec::new();
        while entries.len() < most
            && let Some(entry) = listing.next()
        {
            let entry = entry?;
            entries.push(Entry {
                kind: kind(&entry),
                name: entry.file_name(),
            });
        }
        self.listing = Some(listing);
        Ok(entries)
    }

    /// What an entry of this name is, if there is one.
    pub(crate) fn kind_of(&self, name: &OsStr) -> Option<Kind> {
        let facts = self.path.join(name).symlink_metadata().ok()?;
        Some(plain_kind(facts.file_type()))
    }

    /// What tells whether a file in it is the one that it was; none where it is no regular file.
    pub(crate) fn facts(&self, name: &OsStr) -> Option<Facts> {
        facts(&self.path.join(name))
    }

    /// Opens a file in it.
    ///
    /// # Errors
    /// [`Refusal::Special`] when it is none, or what the system says.
    pub(crate) fn file(&self, name: &OsStr) -> Result<Opened, Refusal> {
        regular(&self.path.join(name))
    }
}

/// What tells whether a file is the one that it was; none where it is no regular file.
pub(crate) fn facts(path: &Path) -> Option<Facts> {
    let facts = path.symlink_metadata().ok().filter(fs::Metadata::is_file)?;
    Some(Facts {
        place: None,
        size: facts.len(),
        modified: facts.modified().ok(),
        changed: facts.created().ok(),
    })
}

/// Opens a regular file; a link is none.
///
/// # Errors
/// [`Refusal::Special`] when it is none, or what the system says.
pub(super) fn regular(path: &Path) -> Result<Opened, Refusal> {
    if !path.symlink_metadata()?.is_file() {
        return Err(Refusal::Special);
    }
    let file = File::open(path)?;
    let facts = file.metadata()?;
    if facts.is_file() {
        Ok(Opened {
            file,
            size: facts.len(),
        })
    } else {
        Err(Refusal::Special)
    }
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
