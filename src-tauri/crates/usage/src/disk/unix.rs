//! Folders and files of Unix.

use std::ffi::{CStr, OsStr};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, openat, statat};
use rustix::io::Errno;

use super::{Entry, Kind};

/// Reading moves no access time; only owners may ask for that.
#[cfg(any(target_os = "linux", target_os = "android"))]
const QUIET: OFlags = OFlags::NOATIME;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const QUIET: OFlags = OFlags::empty();

/// Room for the names of a few hundred entries.
#[cfg(target_os = "linux")]
const LISTING: usize = 32 * 1024;

/// An open folder.
#[derive(Debug)]
pub(crate) struct Folder {
    handle: OwnedFd,
}

impl Folder {
    /// Opens a folder; a link is not followed.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW;
        Ok(Self {
            handle: open(rustix::fs::CWD, path.as_os_str(), flags)?,
        })
    }

    /// Everything in it, in the order of the disk.
    ///
    /// # Errors
    /// What the system says.
    #[cfg(target_os = "linux")]
    pub(crate) fn entries(&self) -> io::Result<Vec<Entry>> {
        // Straight from the system: the portable way opens every folder a second time.
        let mut room = Vec::with_capacity(LISTING);
        let mut listing = rustix::fs::RawDir::new(&self.handle, room.spare_capacity_mut());
        let mut entries = Vec::new();
        while let Some(entry) = listing.next() {
            let entry = entry?;
            entries.extend(self.entry(entry.file_name(), entry.file_type()));
        }
        Ok(entries)
    }

    /// Everything in it, in the order of the disk.
    ///
    /// # Errors
    /// What the system says.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn entries(&self) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.handle)? {
            let entry = entry?;
            entries.extend(self.entry(entry.file_name(), entry.file_type()));
        }
        Ok(entries)
    }

    fn entry(&self, name: &CStr, told: FileType) -> Option<Entry> {
        let name = OsStr::from_bytes(name.to_bytes());
        if name == "." || name == ".." {
            return None;
        }
        let kind = match told {
            // Some file systems don't say it in the folder.
            FileType::Unknown => self.kind(name),
            FileType::RegularFile => self.regular(name),
            told => kind(told),
        };
        Some(Entry {
            name: name.to_owned(),
            kind,
        })
    }

    /// Opens a file in it, if it still is one.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn file(&self, name: &OsStr) -> io::Result<File> {
        // Should a pipe have taken its place, opening does not wait for a writer.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        open(&self.handle, name, flags).map(File::from)
    }

    fn kind(&self, name: &OsStr) -> Kind {
        statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW).map_or(Kind::Special, |facts| {
            kind(FileType::from_raw_mode(facts.st_mode))
        })
    }

    #[cfg(not(target_vendor = "apple"))]
    fn regular(&self, _: &OsStr) -> Kind {
        Kind::File
    }

    /// iCloud leaves files without content; opening one would download it.
    #[cfg(target_vendor = "apple")]
    fn regular(&self, name: &OsStr) -> Kind {
        const DATALESS: u32 = 0x4000_0000;
        match statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(facts) if facts.st_flags & DATALESS != 0 => Kind::Placeholder,
            _ => Kind::File,
        }
    }
}

/// Opens a file that was named, through links if it is one.
///
/// # Errors
/// What the system says.
pub(crate) fn named(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    open(rustix::fs::CWD, path.as_os_str(), flags).map(File::from)
}

fn open(folder: impl std::os::fd::AsFd, name: &OsStr, flags: OFlags) -> io::Result<OwnedFd> {
    let flags = flags | OFlags::RDONLY | OFlags::CLOEXEC;
    match openat(&folder, name, flags | QUIET, Mode::empty()) {
        Err(Errno::PERM) => Ok(openat(&folder, name, flags, Mode::empty())?),
        other => Ok(other?),
    }
}

fn kind(told: FileType) -> Kind {
    match told {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Link,
        _ => Kind::Special,
    }
}
