//! The licences of everything that is compiled into the program: the crates, and the packages of the UI.
//!
//! Most of them ask that their notice goes along with copies of the program. Libraries that the program finds on the
//! user's machine bring theirs.
//!
//! `cargo-about` covers the crates only, not the packages of npm.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::bundle::package::NAME;
use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::web;

/// How the names of files with licences begin, in capitals.
const NOTICES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE"];

/// What separates a crate from its licence in the answer of cargo; it is in neither.
const BETWEEN: &str = " # ";

/// Names with their licences, then each text once with the names that it is of.
///
/// # Errors
/// When cargo or npm cannot tell what there is.
pub(super) fn licenses(paths: &Paths) -> Result<String> {
    let mut all = Licenses::default();
    for (name, license, folder) in crates(paths)? {
        all.add(&name, &license, &folder)?;
    }
    for (name, folder) in packages(paths)? {
        all.add(&name, "", &folder)?;
    }
    Ok(all.text())
}

#[derive(Default)]
struct Licenses {
    /// Names, with licences where they are stated in a word.
    names: BTreeSet<String>,
    /// Texts by their words, so that the same one with other line breaks is not there twice.
    texts: BTreeMap<String, (String, BTreeSet<String>)>,
}

impl Licenses {
    fn add(&mut self, name: &str, license: &str, folder: &Path) -> Result {
        self.names
            .insert(format!("{name}  {license}").trim_end().to_owned());
        let mut files: Vec<PathBuf> = entries(folder).collect();
        files.sort();
        for file in files.into_iter().filter(|file| is_notice(file)) {
            let bytes = fs::read(&file).map_err(Error::file(&file))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let (_, of) = self
                .texts
                .entry(words)
                .or_insert_with(|| (text, BTreeSet::new()));
            of.insert(name.to_owned());
        }
        Ok(())
    }

    fn text(&self) -> String {
        let mut text = "Pulse Keys contains the work of many others. Thank you.\n\n".to_owned();
        for name in &self.names {
            let _ = writeln!(text, "{name}");
        }
        let line = "-".repeat(80);
        for (notice, of) in self.texts.values() {
            let of = of.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            let _ = write!(text, "\n{line}\n{of}\n{line}\n\n{}\n", notice.trim());
        }
        text
    }
}

/// Whether the file is a licence or a notice, by its name.
fn is_notice(file: &Path) -> bool {
    let name = file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_uppercase();
    file.is_file() && NOTICES.iter().any(|start| name.starts_with(start))
}

/// Everything in a folder; nothing when it cannot be read.
fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.flatten().map(|entry| entry.path())
}

/// Crates of others in the program: name with version, licence, and where their source is.
fn crates(paths: &Paths) -> Result<Vec<(String, String, PathBuf)>> {
    let format = format!("{{p}}{BETWEEN}{{l}}");
    let call = Command::cargo(&paths.root).args(["tree", "--locked", "--package", NAME]);
    let tree = call
        .args([
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--no-dedupe",
            "--format",
            &format,
        ])
        .read()?;
    let sources: Vec<PathBuf> = entries(&registry()).collect();
    let described: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter_map(|line| line.split_once(BETWEEN))
        .collect();
    let found = described.into_iter().filter_map(|(package, license)| {
        // Ours say in brackets where they stand.
        let (name, version) = package.split_once(" v")?;
        let version = version.trim_end_matches(" (proc-macro)");
        let folder = format!("{name}-{version}");
        let folder = sources
            .iter()
            .map(|source| source.join(&folder))
            .find(|folder| folder.exists())?;
        Some((format!("{name} {version}"), license.to_owned(), folder))
    });
    Ok(found.collect())
}

/// Where cargo keeps the sources of crates, a folder for each registry.
fn registry() -> PathBuf {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    home.unwrap_or_default().join("registry/src")
}

/// Packages of npm in the UI, and where they stand.
fn packages(paths: &Paths) -> Result<Vec<(String, PathBuf)>> {
    let listing = web::npm(paths, &["ls", "--omit=dev", "--all", "--parseable"]).read()?;
    let folders = listing.lines().map(PathBuf::from);
    let named = folders.filter_map(|folder| {
        let path = folder.to_string_lossy();
        let (_, name) = path.rsplit_once("node_modules/")?;
        Some((name.to_owned(), folder.clone()))
    });
    Ok(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_two_share_is_there_once_with_both_names() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("one", "MIT\nCopyright Ada"),
            ("two", "MIT  Copyright\nAda\n"),
        ] {
            let folder = folder.path().join(name);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("license-mit.txt"), text).unwrap();
            fs::write(folder.join("lib.rs"), "fn code() {}").unwrap();
        }
        let mut all = Licenses::default();
        all.add("one 1.0", "MIT", &folder.path().join("one"))
            .unwrap();
        all.add("two 2.0", "", &folder.path().join("two")).unwrap();
        let text = all.text();
        assert!(text.contains("one 1.0  MIT\ntwo 2.0\n"), "{text}");
        assert!(text.contains("\none 1.0, two 2.0\n"), "{text}");
        assert_eq!(text.matches("Ada").count(), 1, "{text}");
        assert!(!text.contains("code"), "{text}");
    }
}
