//! Remembers for which input a piece of work was last done, so that it is not done twice.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A fingerprint of files: names and contents, so a fresh checkout with new times changes nothing. Not for security.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn fingerprint(paths: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        add(path, &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result {
    path.hash(hasher);
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(Error::file(path))?;
        let mut below: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        below.sort();
        return below.iter().try_for_each(|path| add(path, hasher));
    }
    fs::read(path).map_err(Error::file(path))?.hash(hasher);
    Ok(())
}

/// Does the work unless the stamp says that it was done for this input, and then sets the stamp.
///
/// # Errors
/// The work's own, or when the stamp cannot be written. A failed work leaves no stamp.
pub(crate) fn once(stamp: &Path, input: &str, work: impl FnOnce() -> Result) -> Result {
    if fs::read_to_string(stamp).is_ok_and(|done| done == input) {
        return Ok(());
    }
    work()?;
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder).map_err(Error::file(folder))?;
    }
    fs::write(stamp, input).map_err(Error::file(stamp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_and_names_change_the_fingerprint_and_times_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let paths = [folder.path().to_owned()];
        fs::write(folder.path().join("a"), "one").unwrap();
        let first = fingerprint(&paths).unwrap();
        fs::write(folder.path().join("a"), "one").unwrap();
        assert_eq!(fingerprint(&paths).unwrap(), first);
        fs::write(folder.path().join("a"), "two").unwrap();
        let second = fingerprint(&paths).unwrap();
        assert_ne!(second, first);
        fs::rename(folder.path().join("a"), folder.path().join("b")).unwrap();
        assert_ne!(fingerprint(&paths).unwrap(), second);
    }

    #[test]
    fn work_is_done_once_for_each_input_and_again_after_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = folder.path().join("deep/stamp");
        let mut times = 0;
        let mut work = |input: &str, result: Result| {
            let _ = once(&stamp, input, || {
                times += 1;
                result
            });
            times
        };
        assert_eq!(work("a", Err(Error::NoDisplay)), 1);
        assert_eq!(work("a", Ok(())), 2);
        assert_eq!(work("a", Ok(())), 2);
        assert_eq!(work("b", Ok(())), 3);
    }
}
