//! Reads a file that the user chose, whole and wiped after use: nobody knows what is in it.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use crate::base::text::sanitized;

/// What it is called, for a sentence.
pub(crate) fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    sanitized(&name.to_string_lossy())
}

/// What is in it; none when it is larger than so many bytes.
///
/// # Errors
/// That it could not be read and why, as a sentence.
pub(crate) async fn read(path: PathBuf, limit: u64) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
    let shown = file_name(&path);
    let read = tokio::task::spawn_blocking(move || {
        let file = opened(&path)?;
        // Of what is open now: another file may stand under that name by the next call.
        let about = file.metadata()?;
        if !about.is_file() {
            return Err(std::io::Error::other("it is not a file"));
        }
        // Whole at once: a vector that grows leaves copies behind.
        let size = usize::try_from(about.len().min(limit) + 1).unwrap_or_default();
        let mut bytes = Zeroizing::new(Vec::with_capacity(size));
        if about.len() <= limit {
            file.take(about.len()).read_to_end(&mut bytes)?;
        }
        Ok((about.len() <= limit).then_some(bytes))
    });
    match read.await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(format!("{shown} could not be read: {error}.")),
        Err(_) => Err(format!("{shown} could not be read.")),
    }
}

/// The text in it; none when it is larger than so many bytes.
///
/// # Errors
/// That it could not be read, or is no text, and why, as a sentence.
pub(crate) async fn read_text(path: PathBuf, limit: u64) -> Result<Option<SecretString>, String> {
    let Some(bytes) = read(path, limit).await? else {
        return Ok(None);
    };
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Some(SecretString::from(text))),
        Err(_) => Err("This file is not UTF-8 text and was not read.".to_owned()),
    }
}

/// Opens a file that the user chose, wherever links lead, without waiting for a pipe or a device.
fn opened(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        // The same bits, as the system's own functions take them.
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}
