//! Folders and files as a search wants them: opened for reading only, without following links, without waiting on a
//! pipe, without moving access times where the system allows it, and without fetching anything from a cloud.
//!
//! Whatever is searched was put there by somebody else. So one function opens every file ([`Folder::file`] where a
//! folder was listed, [`Mounts::open`] where a path was named, both over the same lines): a link only where one was
//! meant and only to where mounts allow, never a pipe or a device, and nothing is read before that is known. What is
//! read as a whole is read by [`whole`], up to a size.
//!
//! `unix` opens files beside their folder, which spares the kernel a walk through long paths; `plain` is for the rest.

mod entry;
mod facts;
mod mounts;
mod opened;
#[cfg(not(unix))]
mod plain;
#[cfg(unix)]
mod unix;

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use self::entry::{Entry, Kind};
pub(crate) use self::facts::Facts;
pub(crate) use self::mounts::{Links, Mounts, foreign as foreign_mounts};
pub(crate) use self::opened::{Opened, Refusal, whole};
#[cfg(not(unix))]
pub(crate) use self::plain::{Folder, facts};
#[cfg(unix)]
pub(crate) use self::unix::{Folder, facts};

/// The longest attribute, and the longest list of their names, of Linux.
#[cfg(unix)]
const MAX_ATTRIBUTE_BYTES: usize = 64 * 1024;

/// The path of a file in a folder. The library's way asks for memory twice, which a search of many small files notices.
pub(crate) fn inside(folder: &Path, name: &OsStr) -> PathBuf {
    let mut path = PathBuf::with_capacity(folder.as_os_str().len() + 1 + name.len());
    path.push(folder);
    path.push(name);
    path
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

/// Calls `each` with the values of the attributes that users and programs gave a file. One call of the system where it
/// has none, which is nearly always.
#[cfg(unix)]
pub(crate) fn attributes(file: &File, each: &mut dyn FnMut(&[u8])) {
    // Asked for its size first, which costs the system less than a list: it need not make room for one.
    if !rustix::fs::flistxattr_query(file).is_ok_and(|size| size > 0) {
        return;
    }
    let mut many = vec![0; MAX_ATTRIBUTE_BYTES];
    let listed = rustix::fs::flistxattr(file, &mut many[..]).map(|filled| &many[..filled]);
    // Many file systems have no attributes.
    let names = listed.unwrap_or_default().split(|byte| *byte == 0);
    // The others are the system's own: rights and the like.
    let is_users = |name: &&[u8]| !cfg!(target_os = "linux") || name.starts_with(b"user.");
    for name in names.filter(|name| !name.is_empty()).filter(is_users) {
        let mut value = vec![0; MAX_ATTRIBUTE_BYTES];
        if let Ok(filled) = rustix::fs::fgetxattr(file, name, &mut value) {
            each(&value[..filled]);
        }
        zeroize::Zeroize::zeroize(&mut value);
    }
}

/// Calls `each` with nothing: attributes are not read on this system.
#[cfg(not(unix))]
pub(crate) fn attributes(_: &File, _: &mut dyn FnMut(&[u8])) {}

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
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).into()
}

/// A path as a file has it.
#[cfg(not(unix))]
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// The folder itself, without what links to it.
pub(crate) fn canonical(path: &Path) -> PathBuf {
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
