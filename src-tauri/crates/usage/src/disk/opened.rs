//! A file that may be read, or why it may not.

use std::fs::File;
use std::io::{self, Read};

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
