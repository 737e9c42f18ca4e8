//! Files of Linux and macOS, each by its name in an open folder: a folder that takes another's place meanwhile is not
//! written into.

use std::ffi::{CString, OsStr};
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;

use rustix::fs::{
    Access, AtFlags, CWD, Gid, Mode, OFlags, RenameFlags, Uid, XattrFlags, accessat, fchmod,
    fchown, fgetxattr, flistxattr, fremovexattr, fsetxattr, openat, renameat_with, unlinkat,
};
use rustix::io::Errno;

use crate::disk::facts::{Facts, Opened};
use crate::disk::writers;
use crate::refusal::Reason;

/// The longest list of attributes and the largest attribute; Linux allows no larger ones.
const MAX_ATTRIBUTE_BYTES: usize = 64 << 10;

/// Readable and writable by this user alone.
const PRIVATE: Mode = Mode::from_raw_mode(0o600);

/// Attributes that the system makes by itself and lets nobody copy.
#[cfg(target_os = "linux")]
const MADE_BY_SYSTEM: &[&[u8]] = &[b"security.selinux", b"security.ima", b"security.evm"];
#[cfg(not(target_os = "linux"))]
const MADE_BY_SYSTEM: &[&[u8]] = &[b"com.apple.provenance", b"com.apple.macl"];

/// An open folder.
#[derive(Debug)]
pub(crate) struct Folder {
    handle: OwnedFd,
}

impl Folder {
    pub(crate) fn open(path: &Path) -> Result<Self, Reason> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = openat(CWD, path, flags, Mode::empty()).map_err(reading)?;
        Ok(Self { handle })
    }

    /// Opens a file for reading, if it is a regular one.
    pub(crate) fn file(&self, name: &OsStr) -> Result<Opened, Reason> {
        // Should a pipe have taken its place, opening does not wait for a writer.
        let flags =
            OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let handle = openat(&self.handle, name, flags, Mode::empty()).map_err(reading)?;
        let file = File::from(handle);
        let metadata = file.metadata().map_err(|error| of_io(&error))?;
        if !metadata.is_file() {
            return Err(Reason::Special);
        }
        let facts = Facts {
            identity: (metadata.dev(), metadata.ino()),
            owner: (metadata.uid(), metadata.gid()),
            mode: metadata.mode() & 0o7777,
            links: metadata.nlink(),
            size: metadata.size(),
            modified: metadata.modified().map_err(|error| of_io(&error))?,
        };
        Ok(Opened { file, facts })
    }

    pub(crate) fn identity(&self) -> Result<(u64, u64), Reason> {
        let facts = rustix::fs::fstat(&self.handle).map_err(writing)?;
        Ok(identity(&facts))
    }

    /// Whether this user may write the file, as far as it can be asked without writing.
    pub(crate) fn check(&self, name: &OsStr, opened: &Opened) -> Result<(), Reason> {
        if is_immutable(&opened.file) || is_immutable(&self.handle) {
            return Err(Reason::Immutable);
        }
        accessat(&self.handle, name, Access::WRITE_OK, AtFlags::EACCESS).map_err(writing)?;
        accessat(
            &self.handle,
            ".",
            Access::WRITE_OK | Access::EXEC_OK,
            AtFlags::EACCESS,
        )
        .map_err(writing)?;
        if self.is_mount_point(name, opened) {
            return Err(Reason::MountPoint);
        }
        let user = rustix::process::geteuid();
        if !user.is_root() && opened.facts.owner.0 != user.as_raw() {
            return Err(Reason::OtherOwner);
        }
        Ok(())
    }

    /// Does all that writing will do, with zeros, under names of its own: creating, room, rights, attributes, exchange.
    /// Nothing is left of it.
    pub(crate) fn rehearse(
        &self,
        opened: &Opened,
        bytes: u64,
        names: [&OsStr; 2],
    ) -> Result<(), Reason> {
        let result = self.rehearse_with(opened, bytes, names);
        for name in names {
            match self.remove(name) {
                Ok(()) | Err(Reason::Gone) => {}
                Err(reason) => return Err(result.err().unwrap_or(reason)),
            }
        }
        result
    }

    fn rehearse_with(&self, opened: &Opened, bytes: u64, names: [&OsStr; 2]) -> Result<(), Reason> {
        let zeros = vec![0; usize::try_from(bytes).map_err(|_| Reason::TooLarge)?];
        self.create(names[0], &zeros, opened)?;
        self.create(names[1], &[], opened)?;
        self.exchange(names[0], names[1])
    }

    /// Makes a file with this content that is private from its first byte, gives it what belongs to the other one, and
    /// waits until it is on the disk.
    pub(crate) fn create(&self, name: &OsStr, content: &[u8], like: &Opened) -> Result<(), Reason> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = openat(&self.handle, name, flags, PRIVATE).map_err(writing)?;
        let mut file = File::from(handle);
        file.write_all(content).map_err(|error| of_io(&error))?;
        resemble(&file, like)?;
        if content.is_empty() {
            return Ok(());
        }
        file.sync_all().map_err(|error| of_io(&error))
    }

    /// Gives a file another name that nothing has.
    pub(crate) fn rename(&self, from: &OsStr, to: &OsStr) -> Result<(), Reason> {
        renameat_with(&self.handle, from, &self.handle, to, RenameFlags::NOREPLACE).map_err(writing)
    }

    /// Exchanges two files in one step.
    pub(crate) fn exchange(&self, one: &OsStr, other: &OsStr) -> Result<(), Reason> {
        let exchanged = renameat_with(
            &self.handle,
            one,
            &self.handle,
            other,
            RenameFlags::EXCHANGE,
        );
        exchanged.map_err(|error| match error {
            Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP => Reason::NoExchange,
            Errno::BUSY => Reason::MountPoint,
            error => writing(error),
        })
    }

    pub(crate) fn remove(&self, name: &OsStr) -> Result<(), Reason> {
        unlinkat(&self.handle, name, AtFlags::empty()).map_err(writing)
    }

    /// Writes into a file as it is, if it still is that one.
    pub(crate) fn write_at(
        &self,
        name: &OsStr,
        offset: u64,
        bytes: &[u8],
        facts: &Facts,
    ) -> Result<(), Reason> {
        let flags = OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(openat(&self.handle, name, flags, Mode::empty()).map_err(writing)?);
        let now = file.metadata().map_err(|error| of_io(&error))?;
        if (now.dev(), now.ino()) != facts.identity || now.size() != facts.size {
            return Err(Reason::Gone);
        }
        file.write_all_at(bytes, offset)
            .map_err(|error| of_io(&error))?;
        file.sync_all().map_err(|error| of_io(&error))
    }

    pub(crate) fn has_writers(facts: &Facts) -> bool {
        writers::has_any(facts)
    }

    pub(crate) fn sync(&self) -> Result<(), Reason> {
        match rustix::fs::fsync(&self.handle) {
            // Not every file system has that for folders.
            Ok(()) | Err(Errno::INVAL) => Ok(()),
            Err(error) => Err(writing(error)),
        }
    }

    #[cfg(target_os = "linux")]
    fn is_mount_point(&self, name: &OsStr, opened: &Opened) -> bool {
        use rustix::fs::{StatxAttributes, StatxFlags, statx};
        let is_on_other_disk = self
            .identity()
            .is_ok_and(|(disk, _)| disk != opened.facts.identity.0);
        let told = statx(
            &self.handle,
            name,
            AtFlags::SYMLINK_NOFOLLOW,
            StatxFlags::BASIC_STATS,
        );
        is_on_other_disk
            || told.is_ok_and(|told| told.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
    }

    #[cfg(not(target_os = "linux"))]
    fn is_mount_point(&self, _: &OsStr, opened: &Opened) -> bool {
        self.identity()
            .is_ok_and(|(disk, _)| disk != opened.facts.identity.0)
    }
}

/// Owner, then rights, then attributes: each may undo something of the one after it.
fn resemble(file: &File, like: &Opened) -> Result<(), Reason> {
    let facts = like.facts;
    let now = file.metadata().map_err(|error| of_io(&error))?;
    if (now.uid(), now.gid()) != facts.owner {
        let (user, group) = facts.owner;
        let owner = fchown(file, Some(Uid::from_raw(user)), Some(Gid::from_raw(group)));
        owner.map_err(of_attributes)?;
    }
    #[cfg_attr(
        target_os = "linux",
        expect(clippy::useless_conversion, reason = "16 bits on macOS")
    )]
    let mode = facts.mode.try_into().map_err(|_| Reason::Attributes)?;
    fchmod(file, Mode::from_raw_mode(mode)).map_err(of_attributes)?;
    let wanted = attributes(&like.file)?;
    for name in attributes(file)? {
        // A folder may give attributes to what is made in it.
        if !wanted.contains(&name) {
            fremovexattr(file, name.as_c_str()).map_err(of_attributes)?;
        }
    }
    let mut value = vec![0; MAX_ATTRIBUTE_BYTES];
    let mut present = vec![0; MAX_ATTRIBUTE_BYTES];
    for name in wanted {
        let length = fgetxattr(&like.file, name.as_c_str(), &mut *value).map_err(of_attributes)?;
        let is_so = fgetxattr(file, name.as_c_str(), &mut *present)
            .is_ok_and(|there| present[..there] == value[..length]);
        if !is_so {
            fsetxattr(file, name.as_c_str(), &value[..length], XattrFlags::empty())
                .map_err(of_attributes)?;
        }
    }
    Ok(())
}

/// The names of the attributes that are copied.
fn attributes(file: &File) -> Result<Vec<CString>, Reason> {
    let mut list = vec![0_u8; MAX_ATTRIBUTE_BYTES];
    let length = match flistxattr(file, &mut *list) {
        Ok(length) => length,
        // A file system without attributes has none to copy.
        Err(Errno::OPNOTSUPP) => 0,
        Err(error) => return Err(of_attributes(error)),
    };
    let names = list[..length].split(|byte| *byte == 0);
    let copied = names.filter(|name| !name.is_empty() && !MADE_BY_SYSTEM.contains(name));
    copied
        .map(|name| CString::new(name).map_err(|_| Reason::Attributes))
        .collect()
}

#[cfg(target_os = "linux")]
fn is_immutable(file: impl AsFd) -> bool {
    use rustix::fs::{StatxAttributes, StatxFlags, statx};
    let told = statx(&file, "", AtFlags::EMPTY_PATH, StatxFlags::BASIC_STATS);
    let marks = StatxAttributes::IMMUTABLE | StatxAttributes::APPEND;
    told.is_ok_and(|told| told.stx_attributes.intersects(marks))
}

#[cfg(target_vendor = "apple")]
fn is_immutable(file: impl AsFd) -> bool {
    /// `UF_IMMUTABLE`, `UF_APPEND`, `SF_IMMUTABLE` and `SF_APPEND`.
    const MARKS: u32 = 0x0006_0006;
    rustix::fs::fstat(&file).is_ok_and(|facts| facts.st_flags & MARKS != 0)
}

#[expect(
    clippy::allow_attributes,
    reason = "their types differ from system to system"
)]
#[allow(
    clippy::unnecessary_cast,
    clippy::cast_sign_loss,
    reason = "their types differ from system to system"
)]
fn identity(facts: &rustix::fs::Stat) -> (u64, u64) {
    (facts.st_dev as u64, facts.st_ino as u64)
}

fn reading(error: Errno) -> Reason {
    match error {
        Errno::ACCESS | Errno::PERM => Reason::NotReadable,
        // A link, or a socket.
        Errno::LOOP | Errno::MLINK | Errno::NXIO => Reason::Special,
        error => writing(error),
    }
}

fn writing(error: Errno) -> Reason {
    match error {
        Errno::ACCESS | Errno::PERM => Reason::NotWritable,
        Errno::NOENT | Errno::NOTDIR => Reason::Gone,
        Errno::ROFS => Reason::ReadOnly,
        Errno::NOSPC | Errno::DQUOT | Errno::FBIG => Reason::NoSpace,
        Errno::LOOP => Reason::Special,
        _ => Reason::Failed,
    }
}

fn of_attributes(error: Errno) -> Reason {
    match error {
        Errno::ACCESS | Errno::PERM | Errno::OPNOTSUPP | Errno::INVAL => Reason::Attributes,
        error => writing(error),
    }
}

pub(super) fn of_io(error: &io::Error) -> Reason {
    Errno::from_io_error(error).map_or(Reason::Failed, writing)
}
