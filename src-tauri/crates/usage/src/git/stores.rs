//! Which object stores there are. Worktrees, submodules and clones that borrow from each other lead to the same ones;
//! each is searched once.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::disk;

/// Stores that were met, and those that are still to be searched.
#[derive(Debug, Default)]
pub(crate) struct Stores {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    met: HashSet<PathBuf>,
    waiting: Vec<PathBuf>,
}

impl Stores {
    /// One more store, by its folder `objects`.
    pub(crate) fn add(&self, objects: &Path) {
        if !objects.is_dir() {
            return;
        }
        let objects = disk::canonical(objects);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.met.insert(objects.clone()) {
            state.waiting.push(objects);
        }
    }

    /// The store of a worktree or submodule, whose `.git` is a file that says where.
    pub(crate) fn add_linked(&self, link: &Path) {
        let Ok(text) = fs::read_to_string(link) else {
            return;
        };
        let Some(folder) = text.strip_prefix("gitdir:") else {
            return;
        };
        let parent = link.parent().unwrap_or(Path::new(""));
        let folder = parent.join(folder.trim());
        let common = fs::read_to_string(folder.join("commondir"))
            .map_or_else(|_| folder.clone(), |common| folder.join(common.trim()));
        self.add(&common.join("objects"));
    }

    /// The stores that a store borrows objects from.
    pub(crate) fn add_borrowed(&self, objects: &Path) {
        let Ok(list) = fs::read_to_string(objects.join("info/alternates")) else {
            return;
        };
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            self.add(&objects.join(line));
        }
    }

    /// All that are waiting.
    pub(crate) fn take(&self) -> Vec<PathBuf> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut state.waiting)
    }
}

/// Whether the objects are named by SHA-256, which packs are not read by here.
pub(super) fn has_long_names(objects: &Path) -> bool {
    let config = objects.parent().map(|folder| folder.join("config"));
    let text = config.and_then(|config| fs::read_to_string(config).ok());
    text.is_some_and(|text| {
        text.lines().any(|line| {
            let line = line.to_ascii_lowercase().replace(' ', "");
            line.trim() == "objectformat=sha256"
        })
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Stores;

    #[test]
    fn worktrees_and_borrowers_lead_to_the_same_store_once() {
        let home = tempfile::tempdir().unwrap();
        let at = |path: &str| home.path().join(path);
        for folder in [
            "a/.git/objects/info",
            "a/.git/worktrees/w",
            "b/objects",
            "w",
        ] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        fs::write(at("a/.git/worktrees/w/commondir"), "../..\n").unwrap();
        let worktree = at("a/.git/worktrees/w");
        fs::write(at("w/.git"), format!("gitdir: {}\n", worktree.display())).unwrap();
        fs::write(at("a/.git/objects/info/alternates"), "../../../b/objects\n").unwrap();

        let stores = Stores::default();
        stores.add(&at("a/.git/objects"));
        stores.add_linked(&at("w/.git"));
        let first = stores.take();
        assert_eq!(first.len(), 1);
        stores.add_borrowed(&first[0]);
        assert_eq!(stores.take(), [at("b/objects").canonicalize().unwrap()]);
        stores.add(&at("b/objects"));
        assert!(stores.take().is_empty());
    }
}
