//! Folders and files of Unix.

use std::ffi::{CStr, OsStr};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, fstat, openat, statat};
use rustix::io::Errno;

use super::entry::{Entry, Kind};
use super::facts::Facts;
use super::opened::{Opened, Refusal};

/// Reading moves no access time; only owners may ask for that.
#[cfg(any(target_os = "linux", target_os = "android"))]
const QUIET: OFlags = OFlags::NOATIME;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const QUIET: OFlags = OFlags::empty();

/// Room for the names of a few hundred entries.
#[cfg(target_os = "linux")]
const LISTING_BUFFER_BYTES: usize = 32 * 1024;

/// An open folder.
#[derive(Debug)]
pub(crate) struct Folder {
    handle: OwnedFd,
    /// How far it has been listed.
    #[cfg(not(target_os = "linux"))]
    listing: Option<rustix::fs::Dir>,
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
            #[cfg(not(target_os = "linux"))]
            listing: None,
        })
    }

    /// The next entries in the order of the disk, `most` of them and a few; none when there are no more. A folder of
    /// millions is never in memory as a whole.
    ///
    /// # Errors
    /// What the system says.
    #[cfg(target_os = "linux")]
    pub(crate) fn entries(&mut self, most: usize) -> io::Result<Vec<Entry>> {
        // Straight from the system: the portable way opens every folder a second time.
        let mut room = Vec::with_capacity(LISTING_BUFFER_BYTES);
        let mut listing = rustix::fs::RawDir::new(&self.handle, room.spare_capacity_mut());
        let mut entries = Vec::new();
        while let Some(entry) = listing.next() {
            let entry = entry?;
            entries.extend(self.entry(entry.file_name(), entry.file_type()));
            // What is in the buffer has been passed by the system, so it can't be left for the next call.
            if entries.len() >= most && listing.is_buffer_empty() {
                break;
            }
        }
        Ok(entries)
    }

    /// The next entries in the order of the disk, `most` of them; none when there are no more.
    ///
    /// # Errors
    /// What the system says.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn entries(&mut self, most: usize) -> io::Result<Vec<Entry>> {
        let mut listing = match self.listing.take() {
            Some(listing) => listing,
            None => rustix::fs::Dir::read_from(&self.handle)?,
        };
        let mut entries = Vec::new();
        while entries.len() < most
            && let Some(entry) = listing.read()
        {
            let entry = entry?;
            entries.extend(self.entry(entry.file_name(), entry.file_type()));
        }
        self.listing = Some(listing);
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
    /// [`Refusal::Special`] when it is not, or what the system says.
    pub(crate) fn file(&self, name: &OsStr) -> Result<Opened, Refusal> {
        regular_in(&self.handle, name)
    }

    /// What an entry of this name is, if there is one.
    pub(crate) fn kind_of(&self, name: &OsStr) -> Option<Kind> {
        let facts = statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        Some(kind(FileType::from_raw_mode(facts.st_mode)))
    }

    /// What tells whether a file in it is the one that it was; none where it is no regular file.
    pub(crate) fn facts(&self, name: &OsStr) -> Option<Facts> {
        facts_in(&self.handle, name)
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

/// What tells whether a file is the one that it was; none where it is no regular file.
pub(crate) fn facts(path: &Path) -> Option<Facts> {
    facts_in(rustix::fs::CWD, path.as_os_str())
}

fn facts_in(folder: impl std::os::fd::AsFd, name: &OsStr) -> Option<Facts> {
    let facts = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
    if FileType::from_raw_mode(facts.st_mode) != FileType::RegularFile {
        return None;
    }
    Some(Facts {
        place: Some((number(facts.st_dev), number(facts.st_ino))),
        size: number(facts.st_size),
        modified: time(facts.st_mtime, facts.st_mtime_nsec),
        changed: time(facts.st_ctime, facts.st_ctime_nsec),
    })
}

/// These numbers are of other types on other systems; none is negative where a file is one.
fn number(of: impl TryInto<u64>) -> u64 {
    of.try_into().unwrap_or(u64::MAX)
}

fn time(seconds: impl TryInto<u64>, nanoseconds: impl TryInto<u64>) -> Option<SystemTime> {
    let (seconds, nanoseconds) = (seconds.try_into().ok()?, nanoseconds.try_into().ok()?);
    let since = Duration::from_secs(seconds).checked_add(Duration::from_nanos(nanoseconds))?;
    SystemTime::UNIX_EPOCH.checked_add(since)
}

/// Opens a regular file; a link is none.
///
/// # Errors
/// [`Refusal::Special`] when it is none, or what the system says.
pub(super) fn regular(path: &Path) -> Result<Opened, Refusal> {
    regular_in(rustix::fs::CWD, path.as_os_str())
}

/// The one way to open a file in a search. Should a pipe have taken its place, opening does not wait for a writer, and
/// nothing is read of what turns out to be no regular file.
fn regular_in(folder: impl std::os::fd::AsFd, name: &OsStr) -> Result<Opened, Refusal> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let handle = match open(folder, name, flags) {
        // A link, or a socket.
        Err(error) if is_special(&error) => return Err(Refusal::Special),
        other => other?,
    };
    let facts = fstat(&handle).map_err(io::Error::from)?;
    if FileType::from_raw_mode(facts.st_mode) != FileType::RegularFile {
        return Err(Refusal::Special);
    }
    Ok(Opened {
        file: File::from(handle),
        size: u64::try_from(facts.st_size).unwrap_or_default(),
    })
}

fn is_special(error: &io::Error) -> bool {
    [Errno::LOOP, Errno::NXIO, Errno::MLINK]
        .iter()
        .any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
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
