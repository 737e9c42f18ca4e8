//! Which repositories with pipelines lie in some folders. Folders are listed, links are not followed, and no file is read.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

/// How deep a repository may lie in a folder, how many folders are listed at most, and how many are told.
const MAX_DEPTH: usize = 6;
const MAX_FOLDERS: usize = 20_000;
const MAX_REPOSITORIES: usize = 500;

/// Folders that are full of what was downloaded or built.
const SKIPPED: &[&str] = &[
    "node_modules",
    "target",
    "vendor",
    "dist",
    "build",
    "__pycache__",
    "venv",
    "site-packages",
    "snap",
    "Library",
    "AppData",
];

/// Repositories in some folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Below {
    /// Their folders, in order.
    pub folders: Vec<PathBuf>,
    /// Whether there was too much to look into all of it.
    pub is_cut: bool,
}

/// The repositories in these folders, hidden ones left out. A repository is not looked into for others.
#[must_use]
pub fn repositories_below(roots: &[PathBuf], excluded: &[PathBuf]) -> Below {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut waiting: VecDeque<(PathBuf, usize)> =
        roots.iter().map(|root| (root.clone(), 0)).collect();
    let mut is_cut = false;
    while let Some((folder, depth)) = waiting.pop_front() {
        if excluded.iter().any(|excluded| folder.starts_with(excluded))
            || !seen.insert(folder.clone())
        {
            continue;
        }
        if seen.len() > MAX_FOLDERS || found.len() >= MAX_REPOSITORIES {
            is_cut = true;
            break;
        }
        if folder.join(".git").exists() {
            found.insert(folder);
        } else if depth < MAX_DEPTH {
            waiting.extend(folders_in(&folder).map(|folder| (folder, depth + 1)));
        }
    }
    Below {
        folders: found.into_iter().collect(),
        is_cut,
    }
}

fn folders_in(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| {
        let entry = entry.ok()?;
        let is_folder = entry.file_type().ok()?.is_dir();
        let name = entry.file_name();
        let name = name.to_str()?;
        let is_skipped = name.starts_with('.') || SKIPPED.contains(&name);
        (is_folder && !is_skipped).then(|| entry.path())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_found_where_somebody_keeps_code() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path();
        for path in [
            "code/shop/.git",
            "code/shop/vendor/lib/.git",
            "code/shop/sub/.git",
            "code/old/app/.git",
            "code/left/app/.git",
            ".cache/x/.git",
            "app/node_modules/y/.git",
            "1/2/3/4/5/6/7/.git",
        ] {
            fs::create_dir_all(home.join(path)).unwrap();
        }
        let roots = [home.to_owned(), home.join("code")];
        let below = repositories_below(&roots, &[home.join("code/left")]);
        assert_eq!(
            below.folders,
            [home.join("code/old/app"), home.join("code/shop")]
        );
        assert!(!below.is_cut);
    }
}
