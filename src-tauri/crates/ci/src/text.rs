//! Reading small files that anybody may have written.

use std::fs;
use std::io::Read as _;
use std::path::Path;

/// A text of this size or less; none for anything but a regular file.
pub(crate) fn read(path: &Path, limit: u64) -> Option<String> {
    let is_small = |metadata: &fs::Metadata| metadata.is_file() && metadata.len() <= limit;
    if !fs::metadata(path).is_ok_and(|metadata| is_small(&metadata)) {
        return None;
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).ok()?;
    file.take(limit).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
