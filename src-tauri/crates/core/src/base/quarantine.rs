//! What happens to a file of ours that cannot be read: it is renamed, never deleted, and said so.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// Renames `path` to a name beside it that tells when and why, and returns that name.
///
/// # Errors
/// When it cannot be renamed.
pub(crate) fn set_aside(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    set_aside_with(path, &[], now)
}

/// The same for a file that belongs together with others of its name and these endings, where they are there.
///
/// # Errors
/// When one cannot be renamed. The file itself comes last: as long as it is there, the next try does the rest.
pub(crate) fn set_aside_with(path: &Path, endings: &[&str], now: Timestamp) -> io::Result<PathBuf> {
    let stem = path.file_name().unwrap_or_default().to_string_lossy();
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    let mut aside = path.with_file_name(format!("{stem}.damaged-{stamp}"));
    let mut count = 1;
    while aside.exists() {
        count += 1;
        aside = path.with_file_name(format!("{stem}.damaged-{stamp}-{count}"));
    }
    for ending in endings {
        match std::fs::rename(with_ending(path, ending), with_ending(&aside, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    std::fs::rename(path, &aside)?;
    Ok(aside)
}

fn with_ending(path: &Path, ending: &str) -> OsString {
    let mut whole = path.as_os_str().to_owned();
    whole.push(ending);
    whole
}
