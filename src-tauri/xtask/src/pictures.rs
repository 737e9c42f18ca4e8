//! The pictures in README: which ones, putting them there, and whether they still show this UI.
//!
//! A note beside them says of which sources they were made, by a hash. Pixels are not compared: they
//! differ with fonts and with the day.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;

/// The four that stand in README, by the names that `cargo xtask screenshot` gives them: state, then theme.
pub(crate) const BEST: [&str; 4] = [
    "list-light",
    "delete-card-in-use-dark",
    "reveal-shown-light",
    "create-filled-dark",
];

/// The parts of the walk through the app in which they are taken.
pub(crate) const PARTS: [&str; 3] = ["list", "creation", "reveal"];

/// Where they stand, from the root of the repository.
const FOLDER: &str = ".github/pictures";

/// The note beside them.
const MADE_FROM: &str = "made-from.txt";

/// Sources that show on no screen; a new test must not make the pictures look old.
const UNSEEN: [&str; 3] = [".test.ts", ".test.tsx", ".md"];

/// The folder of sources that only tests use, from `ui/src`.
const TESTING: &str = "testing/";

/// Makes README's pictures out of those in a folder, and notes what they were made from.
///
/// # Errors
/// When a picture is missing there, or something cannot be written.
pub(crate) fn publish(paths: &Paths, taken: &Path) -> Result {
    let folder = paths.root.join(FOLDER);
    fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
    for old in files(&folder)? {
        fs::remove_file(&old).map_err(Error::file(&old))?;
    }
    for name in BEST {
        let picture = taken.join(format!("{name}.png"));
        // To fail in our words: ImageMagick's are about something else.
        fs::metadata(&picture).map_err(Error::file(&picture))?;
        smaller(&picture, &folder.join(format!("{name}.png")))?;
    }
    let note = folder.join(MADE_FROM);
    let hash = sources(paths)?;
    fs::write(&note, format!("{hash}\n")).map_err(Error::file(&note))?;
    println!("Written to {}.", folder.display());
    Ok(())
}

/// What is to be said of the pictures in README; nothing when they show this UI.
///
/// # Errors
/// When the sources cannot be read.
pub(crate) fn remark(paths: &Paths) -> Result<Option<String>> {
    let folder = paths.root.join(FOLDER);
    let again = "`cargo xtask screenshot --readme` takes them anew";
    if !BEST
        .iter()
        .all(|name| folder.join(format!("{name}.png")).exists())
    {
        return Ok(Some(format!("pictures in README are missing; {again}")));
    }
    let made_from = fs::read_to_string(folder.join(MADE_FROM)).unwrap_or_default();
    let is_current = made_from.trim() == sources(paths)?;
    Ok((!is_current).then(|| format!("pictures in README are older than the UI; {again}")))
}

/// The same picture, without loss, in fewer bytes.
fn smaller(from: &Path, to: &Path) -> Result {
    Command::new("convert")
        .arg(from)
        .args(["-strip", "-define", "png:compression-level=9"])
        .args(["-define", "png:compression-filter=5"])
        .arg(to)
        .run()
        .map(drop)
}

fn sources(paths: &Paths) -> Result<String> {
    hash(&paths.ui().join("src"))
}

/// A hash over the paths and contents of what can be seen, the same on every machine.
fn hash(folder: &Path) -> Result<String> {
    let mut named = Vec::new();
    for file in files(folder)? {
        let below = file.strip_prefix(folder).unwrap_or(&file);
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let name = parts.join("/");
        if !name.starts_with(TESTING) && !UNSEEN.iter().any(|ending| name.ends_with(ending)) {
            named.push((name, file));
        }
    }
    named.sort();
    let mut hasher = Sha256::new();
    for (name, file) in named {
        let content = fs::read(&file).map_err(Error::file(&file))?;
        // With lengths, so that no two sets of files run together into the same bytes.
        for part in [name.as_bytes(), &content] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

/// All files below a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::file(folder))?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, content: &str) {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }

    #[test]
    fn the_hash_depends_on_names_and_contents_and_not_on_where_or_when() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (name, content) in [("App.tsx", "app"), ("styles/base.css", "base")] {
            write(one.path(), name, content);
        }
        for (name, content) in [("styles/base.css", "base"), ("App.tsx", "app")] {
            write(two.path(), name, content);
        }
        let first = hash(one.path()).unwrap();
        assert_eq!(first, hash(two.path()).unwrap());
        assert_eq!(first.len(), 64);

        write(two.path(), "App.tsx", "other");
        assert_ne!(first, hash(two.path()).unwrap());
        write(two.path(), "App.tsx", "app");
        fs::rename(two.path().join("App.tsx"), two.path().join("Apps.tsx")).unwrap();
        assert_ne!(first, hash(two.path()).unwrap());
    }

    #[test]
    fn where_one_file_ends_and_the_next_begins_counts() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write(one.path(), "a", "bc");
        write(two.path(), "ab", "c");
        assert_ne!(hash(one.path()).unwrap(), hash(two.path()).unwrap());
    }

    #[test]
    fn tests_show_on_no_picture() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "App.tsx", "app");
        let first = hash(folder.path()).unwrap();
        write(folder.path(), "App.test.tsx", "test");
        write(folder.path(), "testing/samples.ts", "samples");
        assert_eq!(first, hash(folder.path()).unwrap());
    }

    #[test]
    fn readme_shows_exactly_the_best_pictures_each_with_words() {
        let readme = Paths::find().root.join("README.md");
        let readme = fs::read_to_string(readme).unwrap();
        let shown: Vec<(&str, &str)> = readme
            .split("![")
            .skip(1)
            .filter_map(|rest| rest.split_once("]("))
            .filter_map(|(words, rest)| Some((words, rest.split_once(')')?.0)))
            .filter(|(_, path)| path.starts_with(FOLDER))
            .collect();
        let expected: Vec<String> = BEST
            .iter()
            .map(|name| format!("{FOLDER}/{name}.png"))
            .collect();
        let paths: Vec<&str> = shown.iter().map(|(_, path)| *path).collect();
        assert_eq!(paths, expected);
        assert!(shown.iter().all(|(words, _)| words.len() > 40), "{shown:?}");
    }
}
