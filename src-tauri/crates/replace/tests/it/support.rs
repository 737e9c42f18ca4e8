//! Tokens and the three steps in one.

use std::path::{Path, PathBuf};

use replace::{Failure, NewToken, OldToken, Plan, look};
use secrecy::SecretString;

/// A token of the usual shape with this id.
pub(crate) fn token(id: &str, body: &str) -> String {
    let body: String = body.chars().cycle().take(40).collect();
    format!("{id}|{body}{:08x}", crc32fast::hash(body.as_bytes()))
}

/// An old token and a new one.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) old: String,
    pub(crate) new: String,
}

impl Pair {
    pub(crate) fn new(old_id: &str, new_id: &str) -> Self {
        Self {
            old: token(old_id, "aB3dE"),
            new: token(new_id, "Zy9Xw8"),
        }
    }

    pub(crate) fn back(&self) -> Self {
        Self {
            old: self.new.clone(),
            new: self.old.clone(),
        }
    }

    pub(crate) fn known(&self) -> OldToken {
        OldToken::known(&SecretString::from(self.old.as_str())).unwrap()
    }

    pub(crate) fn fresh(&self) -> NewToken {
        NewToken::new(&SecretString::from(self.new.as_str())).unwrap()
    }
}

/// The folder as the search would name it.
pub(crate) fn root(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().canonicalize().unwrap()
}

/// All three steps.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(crate) fn put(path: &Path, pair: &Pair) -> Result<(), Failure> {
    let root = path.parent().unwrap().canonicalize().unwrap();
    let plan: Plan = look(path, &pair.known(), &[root])?;
    plan.prepare(&pair.known(), &pair.fresh())?.apply()
}

/// What of ours stands in a folder.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(crate) fn leftovers(folder: &Path) -> Vec<String> {
    let names = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names
        .filter(|name| name.starts_with(".pulse-keys"))
        .collect()
}

/// A folder that is no disk's, where there is one: a kill loses nothing that was written, and a disk would only be slow.
#[cfg(target_os = "linux")]
pub(crate) fn in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}
