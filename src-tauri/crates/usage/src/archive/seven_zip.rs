//! The members of a 7z.

use std::io::{self, Read, Seek};

use sevenz_rust2::{ArchiveReader, EntryDecision, Error, Password};

/// What its table of contents, and a text that is unpacked, may take of memory.
const MAX_MEMORY_KILOBYTES: usize = (64 << 10) + 1024;

/// What comes of a member.
pub(crate) type Visit<'visit> = dyn FnMut(&str, &mut dyn Read) -> io::Result<()> + 'visit;

/// Why the rest of a 7z was not looked into.
pub(crate) enum Failure {
    /// It can't be read without a password.
    Encrypted,
    /// It is packed in a way that is unknown here.
    Unknown,
    /// It asks for too much memory.
    TooLarge,
    /// It is damaged.
    Damaged,
}

/// Calls `visit` with each member that has content. An error of it ends the reading, which is none of the archive's.
///
/// # Errors
/// What is wrong with the archive; members before that were visited.
pub(crate) fn members(
    file: impl Read + Seek,
    visit: &mut Visit<'_>,
) -> Result<io::Result<()>, Failure> {
    let opened =
        ArchiveReader::new_with_memory_limit(file, Password::empty(), MAX_MEMORY_KILOBYTES);
    let mut archive = opened.map_err(|error| failure(&error))?;
    // This thread is one of many.
    archive.set_thread_count(1);
    let mut outcome = Ok(());
    let read = archive.for_each_entries_with_decision(|entry, text| {
        if entry.is_directory() || !entry.has_stream() {
            return Ok(EntryDecision::Continue);
        }
        outcome = visit(entry.name(), text);
        Ok(if outcome.is_ok() {
            EntryDecision::Continue
        } else {
            EntryDecision::Stop
        })
    });
    match read {
        Err(error) if outcome.is_ok() => Err(failure(&error)),
        _ => Ok(outcome),
    }
}

fn failure(error: &Error) -> Failure {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => Failure::Encrypted,
        Error::UnsupportedCompressionMethod(_)
        | Error::ExternalUnsupported
        | Error::Unsupported(_) => Failure::Unknown,
        Error::MaxMemLimited { .. } => Failure::TooLarge,
        _ => Failure::Damaged,
    }
}
