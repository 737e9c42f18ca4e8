//! A file of the user's, and the names of our own files beside it.

use std::ffi::{OsStr, OsString};
use std::io::Read as _;
use std::path::Path;

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::disk::Opened;
use crate::refusal::Reason;

/// The largest file that is written.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// What the name of every file of our own begins with.
pub(crate) const OWN: &str = ".pulse-keys-";

/// The folder of a file and its name in it.
pub(crate) fn parts(target: &Path) -> Result<(&Path, &OsStr), Reason> {
    match (target.parent(), target.file_name()) {
        (Some(folder), Some(name)) => Ok((folder, name)),
        _ => Err(Reason::Special),
    }
}

/// A name for a file of our own beside another: whoever finds it knows whose it is.
pub(crate) fn own_name(id: &Uuid, ending: &str) -> OsString {
    format!("{OWN}{}{ending}", id.simple()).into()
}

/// All of a file, if it is not too large.
pub(crate) fn read(opened: &Opened) -> Result<Zeroizing<Vec<u8>>, Reason> {
    if opened.facts.size > MAX_FILE_BYTES {
        return Err(Reason::TooLarge);
    }
    let size = usize::try_from(opened.facts.size).map_err(|_| Reason::TooLarge)?;
    // One byte more than it has: what grows would leave a copy behind.
    let mut content = Zeroizing::new(Vec::with_capacity(size + 1));
    let mut limited = (&opened.file).take(MAX_FILE_BYTES + 1);
    limited
        .read_to_end(&mut content)
        .map_err(|_| Reason::Failed)?;
    if content.len() as u64 > MAX_FILE_BYTES {
        return Err(Reason::TooLarge);
    }
    Ok(content)
}
