//! Folders and files as a search wants them: opened for reading only, without following links, without waiting on a
//! pipe, without moving access times where the system allows it, and without fetching anything from a cloud.
//!
//! Whatever is searched was put there by somebody else. So one function opens every file ([`Folder::file`] where a
//! folder was listed, [`Mounts::open`] where a path was named, both over the same lines): a link only where one was
//! meant and only to where mounts allow, never a pipe or a device, and nothing is read before that is known. What is
//! read as a whole is read by [`whole`], up to a size.
//!
//! `unix` opens files beside their folder, which spares the kernel a walk through long paths; `plain` is for the rest.

mod mounts;
#[cfg(not(unix))]
mod plain;
#[cfg(unix)]
mod unix;

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

pub(crate) use self::mounts::{Links, Mounts, foreign as foreign_mounts};
#[cfg(not(unix))]
pub(crate) use self::plain::Folder;
#[cfg(not(unix))]
use self::plain::regular;
#[cfg(unix)]
pub(crate) use self::unix::Folder;
#[cfg(unix)]
use self::unix::regular;

/// A regular file, open for reading.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) file: File,
    /// How large it said it was when it was opened.
    pub(crate) size: u64,
}

/// Why a file or folder was not opened, or not read.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// No regular file: a pipe, a socket, a device or a folder.
    Special,
    /// It lies on a network disk or a pseudo file system that was not asked for.
    Mount,
    /// Larger than what is read of its kind.
    TooLarge,
    /// What the system says.
    System(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl Refusal {
    /// Whether nothing is there, which is no refusal at all.
    pub(crate) fn is_absence(&self) -> bool {
        matches!(self, Self::System(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory))
    }
}

/// The whole content of a file that is small by its nature. What a file says of its size decides nothing: pseudo
/// files say 0, and others grow.
///
/// # Errors
/// [`Refusal::TooLarge`] when there are more than `most` bytes, or what the system says.
pub(crate) fn whole(file: impl Read, most: u64) -> Result<Vec<u8>, Refusal> {
    let mut text = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut text)?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > most {
        zeroize::Zeroize::zeroize(&mut text);
        return Err(Refusal::TooLarge);
    }
    Ok(text)
}

/// What stands in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: OsString,
    pub(crate) kind: Kind,
}

/// What an entry is, as far as the folder tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    Link,
    /// Content that lies in the cloud. Only macOS and Windows mark such files.
    #[cfg_attr(not(any(windows, target_vendor = "apple")), allow(dead_code))]
    Placeholder,
    /// A pipe, a socket or a device.
    Special,
}

/// How large a file is, without its holes.
#[cfg(unix)]
pub(crate) fn stored(facts: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    facts.blocks().saturating_mul(512)
}

/// How large a file is, without its holes.
#[cfg(not(unix))]
pub(crate) fn stored(facts: &Metadata) -> u64 {
    facts.len()
}

/// Reads at a place without moving the file's own.
#[cfg(unix)]
pub(crate) fn read_at(file: &File, room: &mut [u8], at: u64) -> io::Result<usize> {
    use std::os::unix::fs::FileExt;
    file.read_at(room, at)
}

/// Reads at a place; moves the file's own there.
#[cfg(windows)]
pub(crate) fn read_at(file: &File, room: &mut [u8], at: u64) -> io::Result<usize> {
    use std::os::windows::fs::FileExt;
    file.seek_read(room, at)
}

/// Where the next bytes that are stored begin, at or behind `at`; `None` behind the last.
#[cfg(target_os = "linux")]
pub(crate) fn next_stored(file: &File, at: u64) -> Option<u64> {
    rustix::fs::seek(file, rustix::fs::SeekFrom::Data(at)).ok()
}

/// Where the next bytes that are stored begin; this system can't tell.
#[cfg(not(target_os = "linux"))]
pub(crate) fn next_stored(_: &File, at: u64) -> Option<u64> {
    Some(at)
}

/// A path as a file has it, which need not be text.
#[cfg(unix)]
pub(crate) fn path_of(bytes: &[u8]) -> std::path::PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

/// A path as a file has it.
#[cfg(not(unix))]
pub(crate) fn path_of(bytes: &[u8]) -> std::path::PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// The folder itself, without what links to it.
pub(crate) fn canonical(path: &Path) -> std::path::PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Links, Mounts, Refusal, whole};

    #[test]
    fn a_file_is_read_whole_up_to_its_cap_whatever_it_says_of_its_size() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x");
        fs::write(&path, "0123456789").unwrap();
        let open = || Mounts::default().open(&path, Links::Refused).unwrap().file;
        assert_eq!(whole(open(), 10).unwrap(), b"0123456789");
        assert!(matches!(whole(open(), 9), Err(Refusal::TooLarge)));
        if cfg!(target_os = "linux") {
            let pseudo = fs::File::open("/proc/self/maps").unwrap();
            assert_eq!(pseudo.metadata().unwrap().len(), 0);
            assert!(matches!(whole(pseudo, 100), Err(Refusal::TooLarge)));
        }
    }
}
