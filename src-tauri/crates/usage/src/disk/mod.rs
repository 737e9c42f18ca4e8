//! Folders and files as a search wants them: opened for reading only, without following links, without waiting on a
//! pipe, without moving access times where the system allows it, and without fetching anything from a cloud.
//!
//! `unix` opens files beside their folder, which spares the kernel a walk through long paths; `plain` is for the rest.

#[cfg(not(unix))]
mod plain;
#[cfg(unix)]
mod unix;

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

#[cfg(not(unix))]
pub(crate) use self::plain::{Folder, named};
#[cfg(unix)]
pub(crate) use self::unix::{Folder, named};

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

/// Folders below which something else than a local disk is mounted, with the kind of it.
pub(crate) fn foreign_mounts() -> Vec<(std::path::PathBuf, String)> {
    let Ok(table) = std::fs::read_to_string("/proc/self/mountinfo") else {
        return Vec::new();
    };
    mounts(&table)
}

/// Kinds of file systems that are local disks, or lie in memory.
const LOCAL: [&str; 19] = [
    "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "bcachefs", "nilfs2",
    "vfat", "exfat", "ntfs3", "tmpfs", "ramfs", "overlay", "erofs", "squashfs",
];

fn mounts(table: &str) -> Vec<(std::path::PathBuf, String)> {
    table
        .lines()
        .filter_map(|line| {
            let (front, back) = line.split_once(" - ")?;
            let point = front.split(' ').nth(4)?;
            let kind = back.split(' ').next()?;
            (!LOCAL.contains(&kind)).then(|| (unescape(point).into(), kind.to_owned()))
        })
        .collect()
}

/// Spaces, tabs, line breaks and backslashes are written in octal there.
fn unescape(point: &str) -> String {
    point
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\")
}

/// The folder itself, without what links to it.
pub(crate) fn canonical(path: &Path) -> std::path::PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::mounts;

    #[test]
    fn only_what_is_no_local_disk_is_foreign() {
        let table = "22 1 254:0 / / rw,noatime shared:1 - ext4 /dev/vda rw\n\
            30 22 0:27 / /home/a/my\\040cloud rw - fuse.rclone remote: rw\n\
            31 22 0:28 / /home/a/nas rw - nfs4 nas:/x rw\n\
            32 22 0:29 / /tmp rw - tmpfs tmpfs rw\n";
        let mounts = mounts(table);
        let points: Vec<_> = mounts
            .iter()
            .map(|(path, kind)| (path.to_str().unwrap(), kind.as_str()))
            .collect();
        assert_eq!(
            points,
            [("/home/a/my cloud", "fuse.rclone"), ("/home/a/nas", "nfs4")]
        );
    }
}
