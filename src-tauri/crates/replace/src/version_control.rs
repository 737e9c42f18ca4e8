//! Whether git has a file, read from the index of its repository: no program is run, since the configuration of a
//! repository may name any.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// The largest index that is read.
const MAX_INDEX_BYTES: u64 = 64 << 20;

/// What git knows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionControl {
    /// In a repository, and not among its files.
    Untracked,
    /// One of its files, as it was when git last looked.
    Tracked,
    /// One of its files, and changed since git last looked.
    TrackedChanged,
}

/// What git knows of a file; none where it is in no repository, or the index can't be read.
pub(crate) fn of(path: &Path, size: u64, modified: SystemTime) -> Option<VersionControl> {
    let top = path
        .ancestors()
        .skip(1)
        .find(|folder| folder.join(".git").exists())?;
    let index = top.join(".git").join("index");
    if !index.exists() && top.join(".git").is_dir() {
        return Some(VersionControl::Untracked);
    }
    let index = if index.exists() {
        index
    } else {
        worktree_index(top)?
    };
    if index.metadata().ok()?.len() > MAX_INDEX_BYTES {
        return None;
    }
    let bytes = fs::read(index).ok()?;
    let name = path.strip_prefix(top).ok()?.as_os_str().as_encoded_bytes();
    let known = entry(&bytes, name)?;
    let modified = modified.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(match known {
        None => VersionControl::Untracked,
        Some(known) if known.is(size, modified) => VersionControl::Tracked,
        Some(_) => VersionControl::TrackedChanged,
    })
}

/// The index of a worktree or a submodule, whose `.git` is a file that names a folder.
fn worktree_index(top: &Path) -> Option<std::path::PathBuf> {
    let text = fs::read_to_string(top.join(".git")).ok()?;
    let folder = text.strip_prefix("gitdir:")?.trim();
    Some(top.join(folder).join("index"))
}

/// How a file was when git last looked. Sizes and seconds are cut to 32 bits.
struct Known {
    seconds: u32,
    nanoseconds: u32,
    size: u32,
}

impl Known {
    #[expect(clippy::cast_possible_truncation, reason = "as git cuts them")]
    fn is(&self, size: u64, modified: Duration) -> bool {
        // Some builds of git keep no nanoseconds.
        let same_nanoseconds = self.nanoseconds == 0 || self.nanoseconds == modified.subsec_nanos();
        self.size == size as u32 && self.seconds == modified.as_secs() as u32 && same_nanoseconds
    }
}

/// The entry of a name: `Some(None)` when the index is whole and has none.
#[expect(
    clippy::option_option,
    reason = "not there, and not known whether it is there"
)]
fn entry(index: &[u8], name: &[u8]) -> Option<Option<Known>> {
    let rest = index.strip_prefix(b"DIRC")?;
    let version = number(rest, 0)?;
    let count = number(rest, 4)?;
    if !(2..=4).contains(&version) {
        return None;
    }
    // Repositories name objects by 20 bytes, or by 32; the first entry tells by being readable.
    [20, 32].into_iter().find_map(|hash| {
        let mut at = 8;
        let mut before: Vec<u8> = Vec::new();
        let mut found = None;
        for _ in 0..count {
            let start = at;
            let fixed = rest.get(at..at + 40 + hash + 2)?;
            let flags = u16::from_be_bytes(fixed.get(40 + hash..)?.try_into().ok()?);
            at += 40 + hash + 2 + if flags & 0x4000 == 0 { 0 } else { 2 };
            if version == 4 {
                let (cut, read) = varint(rest.get(at..)?)?;
                at += read;
                before.truncate(before.len().checked_sub(cut)?);
            } else {
                before.clear();
            }
            let end = at + rest.get(at..)?.iter().position(|byte| *byte == 0)?;
            before.extend_from_slice(&rest[at..end]);
            at = if version == 4 {
                end + 1
            } else {
                start + (end - start + 8) / 8 * 8
            };
            if before == name {
                found = Some(Known {
                    seconds: number(fixed, 8)?,
                    nanoseconds: number(fixed, 12)?,
                    size: number(fixed, 36)?,
                });
            }
            // A mode that git knows, or these are no entries.
            if !matches!(number(fixed, 24)? >> 12, 0o4 | 0o10 | 0o12 | 0o16) {
                return None;
            }
        }
        Some(found)
    })
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A number of git's in bytes of seven bits, and how many bytes it took.
fn varint(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = usize::from(bytes.first()? & 0x7F);
    let mut at = 0;
    while bytes.get(at)? & 0x80 != 0 {
        at += 1;
        value = (value.checked_add(1)? << 7) | usize::from(bytes.get(at)? & 0x7F);
        if at > 4 {
            return None;
        }
    }
    Some((value, at + 1))
}
