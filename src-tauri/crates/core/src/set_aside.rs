//! What happens to a file of ours that cannot be read: it is renamed, never deleted, and said so.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// Renames `path` to a name beside it that tells when and why, and returns that name.
///
/// # Errors
/// When it cannot be renamed.
pub(crate) fn set_aside(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let stem = path.file_name().unwrap_or_default().to_string_lossy();
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    let mut aside = path.with_file_name(format!("{stem}.damaged-{stamp}"));
    let mut count = 1;
    while aside.exists() {
        count += 1;
        aside = path.with_file_name(format!("{stem}.damaged-{stamp}-{count}"));
    }
    std::fs::rename(path, &aside)?;
    Ok(aside)
}
