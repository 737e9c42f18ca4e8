//! `cargo xtask bundle`: the release build, packed for Debian (`.deb`) and for Fedora and kin (`.rpm`).
//!
//! The distributions' own programs pack it, and find out which libraries it needs. What is in the packages stands in
//! `tree`, their words in `src-tauri/linux`. The same binary gives the same packages, byte for byte: every time in them
//! is that of the newest entry in the changelog, unless `SOURCE_DATE_EPOCH` says another. Left out: macOS and Windows,
//! whose bundles Tauri's own bundler makes from `tauri.conf.json`.

mod changelog;
mod deb;
mod release;
mod rpm;
mod third_parties;
mod traces;
mod tree;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};
use crate::places::Places;
use crate::system::{self, table};

pub(crate) use release::build;
pub(crate) use traces::cut;

/// The name of the packages and of the program in them.
const NAME: &str = "pulse-keys";

/// The version, as packages write it: what comes before a release sorts before it.
fn version() -> String {
    env!("CARGO_PKG_VERSION").replace('-', "~")
}

/// What is stated once for all packages of a run.
struct Facts {
    /// The folder with their words.
    words: PathBuf,
    /// Where they are put together.
    work: PathBuf,
    /// Where the finished ones stand.
    out: PathBuf,
    /// The licences of what is compiled in.
    third_parties: String,
    /// The time of everything in them, in seconds since 1970.
    epoch: String,
}

/// A finished package.
#[derive(Debug)]
pub(crate) struct Package {
    /// Where it stands.
    pub(crate) path: PathBuf,
    /// In bytes.
    pub(crate) size: u64,
    /// SHA-256, in hexadecimal digits.
    pub(crate) hash: String,
}

impl Package {
    fn at(path: PathBuf) -> Result<Self> {
        let bytes = fs::read(&path).map_err(Error::file(&path))?;
        let digest = Sha256::digest(&bytes);
        let hash = hex::encode(digest);
        let size = bytes.len() as u64;
        Ok(Self { path, size, hash })
    }
}

impl fmt::Display for Package {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mebibytes = self.size as f64 / f64::from(1 << 20);
        writeln!(formatter, "{}", self.path.display())?;
        writeln!(formatter, "  {mebibytes:.2} MiB ({} bytes)", self.size)?;
        write!(formatter, "  SHA-256 {}", self.hash)
    }
}

/// Builds and packs, and says what came of it.
///
/// # Errors
/// What is missing, the failure of a build or of a program that packs; any system but Linux.
pub(crate) fn run(places: &Places) -> Result {
    if !cfg!(target_os = "linux") {
        return Err(Error::Rule(
            "packages for Linux are made on Linux; .github/workflows/release.yml shows how those of macOS and Windows are"
                .to_owned(),
        ));
    }
    system::require(&[table::BUILD, table::BUNDLE].concat())?;
    build(places)?;
    println!();
    for package in pack(places, "bundle")? {
        println!("{package}");
    }
    Ok(())
}

/// Packs what was built into a folder of the build folder: first the `.deb`, then the `.rpm`.
///
/// # Errors
/// The failure of a program that packs.
pub(crate) fn pack(places: &Places, folder: &str) -> Result<[Package; 2]> {
    let out = places.target.join(folder);
    let words = places.root.join("src-tauri/linux");
    let facts = Facts {
        work: out.join("work"),
        epoch: changelog::epoch(&words)?,
        third_parties: third_parties::licenses(places)?,
        words,
        out,
    };
    fresh(&facts.out)?;
    let packages = [deb::pack(places, &facts)?, rpm::pack(places, &facts)?];
    fs::remove_dir_all(&facts.work).map_err(Error::file(&facts.work))?;
    Ok(packages)
}

/// An empty folder.
fn fresh(folder: &Path) -> Result {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Error::file(folder))?;
    }
    fs::create_dir_all(folder).map_err(Error::file(folder))
}

impl Facts {
    /// A file of words with its blanks (`@NAME@`) filled in.
    fn filled(&self, file: &str, blanks: &[(&str, String)]) -> Result<String> {
        let mut text = read(&self.words.join(file))?;
        for (blank, with) in blanks {
            // Texts of several lines end in a line end of their own.
            text = text.replace(&format!("@{blank}@"), with.trim_end());
        }
        Ok(text)
    }
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(Error::file(file))
}

/// Each line after one space, empty ones as a dot: how Debian's control files hold a text of several lines.
fn indented(text: &str) -> String {
    let line = |line: &str| match line.trim_end() {
        "" => " .\n".to_owned(),
        line => format!(" {line}\n"),
    };
    text.trim().lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_names_a_version_names_this_one() {
        let words = Places::find().root.join("src-tauri/linux");
        let changelog = read(&words.join("changelog")).unwrap();
        let newest = format!("{NAME} ({}) ", version());
        assert!(
            changelog.starts_with(&newest),
            "the changelog's newest entry"
        );
        let metainfo = read(&words.join("io.pulsekeys.pulsekeys.metainfo.xml")).unwrap();
        let (_, releases) = metainfo.split_once("<releases>").unwrap();
        let (newest, _) = releases.split_once("date").unwrap();
        let this = format!("<release version=\"{}\"", version());
        assert_eq!(newest.trim(), this, "the metainfo's newest release");
    }

    #[test]
    fn a_text_of_several_lines_is_one_field() {
        assert_eq!(indented("one\n\ntwo  \n"), " one\n .\n two\n");
    }
}
