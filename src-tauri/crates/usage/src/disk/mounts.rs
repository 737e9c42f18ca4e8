//! Which folders lie on something else than a local disk, and how a link is followed without touching one of those: a
//! dead network disk would hang the search, and a pseudo file system holds no content of a user's.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::opened::{Opened, Refusal, whole};
#[cfg(not(unix))]
use super::plain::regular;
#[cfg(unix)]
use super::unix::regular;

/// How many links may lead to a file; as many as the system itself follows.
const MAX_LINKS: usize = 40;

/// The largest table of mounts that is read. The system allows 100,000 of them.
#[cfg(target_os = "linux")]
const MAX_MOUNT_TABLE_BYTES: u64 = 64 << 20;

/// What to do with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    /// It is no file.
    Refused,
    /// It was meant: a file that a user or a program may keep elsewhere. Followed as far as mounts allow.
    Followed,
}

/// Where foreign disks are mounted: network disks, pseudo file systems, whatever is no local disk. Those that a
/// searched folder itself lies on were asked for, so they are none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mounts {
    foreign: HashSet<PathBuf>,
}

impl Mounts {
    /// These, without those that hold one of the `roots`.
    pub(crate) fn new(foreign: impl IntoIterator<Item = PathBuf>, roots: &[PathBuf]) -> Self {
        let foreign = foreign
            .into_iter()
            .filter(|point| !roots.iter().any(|root| root.starts_with(point)))
            .collect();
        Self { foreign }
    }

    /// Whether a foreign disk is mounted at this folder.
    pub(crate) fn is_point(&self, folder: &Path) -> bool {
        !self.foreign.is_empty() && self.foreign.contains(folder)
    }

    /// Opens a regular file by its path.
    ///
    /// # Errors
    /// Any [`Refusal`] but that of its size.
    pub(crate) fn open(&self, path: &Path, links: Links) -> Result<Opened, Refusal> {
        let target = match links {
            Links::Refused => path.to_owned(),
            Links::Followed => self.resolve(path)?,
        };
        // Opening a device may do something to it, so it is asked what it is before; `regular` asks again.
        if !target.symlink_metadata()?.is_file() {
            return Err(Refusal::Special);
        }
        regular(&target)
    }

    /// Where a path leads, link by link: none is followed onto a foreign disk, not even to see what is there.
    ///
    /// # Errors
    /// [`Refusal::Mount`] when it would, or what the system says.
    pub(crate) fn resolve(&self, path: &Path) -> Result<PathBuf, Refusal> {
        if cfg!(not(unix)) || self.foreign.is_empty() {
            return Ok(path.canonicalize()?);
        }
        let path = std::path::absolute(path)?;
        let mut resolved = PathBuf::from("/");
        let mut left = parts(&path);
        let mut links = 0;
        while let Some(part) = left.pop() {
            if part == ".." {
                resolved.pop();
                continue;
            }
            let next = resolved.join(&part);
            if self.is_point(&next) {
                return Err(Refusal::Mount);
            }
            match fs::read_link(&next) {
                Ok(target) => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(io::Error::other("too many links").into());
                    }
                    if target.is_absolute() {
                        resolved = PathBuf::from("/");
                    }
                    left.extend(parts(&target));
                }
                // There, and no link.
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => resolved = next,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(resolved)
    }
}

/// The names in a path, the last one first.
fn parts(path: &Path) -> Vec<OsString> {
    path.components()
        .rev()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
        })
        .collect()
}

/// Where something else than a local disk is mounted on this machine.
#[cfg(target_os = "linux")]
pub(crate) fn foreign() -> Vec<PathBuf> {
    let table = fs::File::open("/proc/self/mountinfo")
        .map_err(Refusal::from)
        .and_then(|file| whole(file, MAX_MOUNT_TABLE_BYTES));
    table.map_or_else(|_| Vec::new(), |table| points(&table))
}

/// Where something else than a local disk is mounted; this system can't tell.
#[cfg(not(target_os = "linux"))]
pub(crate) fn foreign() -> Vec<PathBuf> {
    Vec::new()
}

/// Kinds of file systems that are local disks, or lie in memory.
#[cfg(target_os = "linux")]
const LOCAL: [&[u8]; 19] = [
    b"ext2",
    b"ext3",
    b"ext4",
    b"xfs",
    b"btrfs",
    b"zfs",
    b"f2fs",
    b"jfs",
    b"reiserfs",
    b"bcachefs",
    b"nilfs2",
    b"vfat",
    b"exfat",
    b"ntfs3",
    b"tmpfs",
    b"ramfs",
    b"overlay",
    b"erofs",
    b"squashfs",
];

/// Reads bytes, not text: one mount with an odd name must not hide all others.
#[cfg(target_os = "linux")]
fn points(table: &[u8]) -> Vec<PathBuf> {
    use std::os::unix::ffi::OsStringExt;

    table
        .split(|byte| *byte == b'\n')
        .filter_map(|line| {
            let separator = memchr::memmem::find(line, b" - ")?;
            let mut front = line[..separator].split(|byte| *byte == b' ');
            let point = front.nth(4)?;
            let kind = line[separator + 3..].split(|byte| *byte == b' ').next()?;
            (!LOCAL.contains(&kind)).then(|| OsString::from_vec(unescape(point)).into())
        })
        .collect()
}

/// Spaces, tabs, line breaks and backslashes are written in octal there.
#[cfg(target_os = "linux")]
fn unescape(point: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(point.len());
    let mut rest = point;
    while let Some((first, after)) = rest.split_first() {
        let escaped = match rest {
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
                Some((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'))
            }
            _ => None,
        };
        plain.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &rest[4..] } else { after };
    }
    plain
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    use super::{Links, Mounts, Refusal, points};

    #[test]
    fn only_what_is_no_local_disk_is_foreign_and_an_odd_name_hides_no_other() {
        let table = b"22 1 254:0 / / rw,noatime shared:1 - ext4 /dev/vda rw\n\
            29 22 0:26 / /mnt/\xff\xfe rw - cifs //nas/y rw\n\
            30 22 0:27 / /home/a/my\\040cloud\\134x rw - fuse.rclone remote: rw\n\
            31 22 0:28 / /home/a/nas rw - nfs4 nas:/x rw\n\
            32 22 0:29 / /tmp rw - tmpfs tmpfs rw\n";
        let points = points(table);
        assert_eq!(points.len(), 3);
        let readable: Vec<_> = points.iter().filter_map(|point| point.to_str()).collect();
        assert_eq!(readable, ["/home/a/my cloud\\x", "/home/a/nas"]);
    }

    #[test]
    fn a_link_is_followed_up_to_a_foreign_disk_and_no_further() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().canonicalize().unwrap();
        let at = |path: &str| home.join(path);
        fs::create_dir_all(at("nas/inner")).unwrap();
        fs::create_dir_all(at("local")).unwrap();
        fs::write(at("nas/inner/x"), "x").unwrap();
        fs::write(at("local/x"), "x").unwrap();
        symlink("nas/inner", at("folder")).unwrap();
        symlink("folder/x", at("far")).unwrap();
        symlink("../local/x", at("local/near")).unwrap();
        symlink(at("local/near"), at("absolute")).unwrap();
        symlink("circle", at("circle")).unwrap();
        let mounts = Mounts::new([at("nas")], &[at("local")]);
        assert!(matches!(mounts.resolve(&at("far")), Err(Refusal::Mount)));
        assert!(matches!(
            mounts.open(&at("far"), Links::Followed),
            Err(Refusal::Mount)
        ));
        assert_eq!(mounts.resolve(&at("absolute")).unwrap(), at("local/x"));
        assert!(mounts.open(&at("absolute"), Links::Followed).is_ok());
        assert!(matches!(
            mounts.open(&at("absolute"), Links::Refused),
            Err(Refusal::Special)
        ));
        assert!(matches!(
            mounts.resolve(&at("circle")),
            Err(Refusal::System(_))
        ));
        assert!(
            mounts
                .resolve(&at("missing"))
                .is_err_and(|refusal| refusal.is_absence())
        );
        // A user who searches on a foreign disk has asked for it.
        let mounts = Mounts::new([at("nas")], &[at("nas/inner")]);
        assert_eq!(mounts.resolve(&at("far")).unwrap(), at("nas/inner/x"));
        assert!(!mounts.is_point(&at("nas")));
        assert!(
            Mounts::new([PathBuf::from("/")], &[home])
                .foreign
                .is_empty()
        );
    }
}
