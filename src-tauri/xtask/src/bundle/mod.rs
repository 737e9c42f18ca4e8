//! `cargo xtask bundle`: the release build, packed for Debian (`.deb`) and for Fedora and kin (`.rpm`).
//!
//! The distributions' own programs pack it, and find out which libraries it needs. What is in the packages stands in
//! `tree`, the templates of their texts in `src-tauri/linux`. The same binary gives the same packages, byte for byte:
//! every time in them is that of the newest entry in the changelog, unless `SOURCE_DATE_EPOCH` says another. Tauri's own
//! bundler makes the bundles of macOS and Windows, from `tauri.conf.json`.

mod changelog;
mod deb;
mod inputs;
mod package;
mod path_leaks;
mod release;
mod rpm;
mod third_parties;
mod tree;

use std::fs;

use self::inputs::{Inputs, fresh};
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::system::{self, table};

pub(crate) use package::Package;
pub(crate) use path_leaks::remap;
pub(crate) use release::build;

/// Builds and packs, and says what came of it.
///
/// # Errors
/// What is missing, the failure of a build or of a program that packs; any system but Linux.
pub(crate) fn run(paths: &Paths) -> Result {
    if !cfg!(target_os = "linux") {
        return Err(Error::Rule(
            "packages for Linux are made on Linux; .github/workflows/release.yml shows how those of macOS and Windows are"
                .to_owned(),
        ));
    }
    system::require(&[table::BUILD, table::BUNDLE].concat())?;
    build(paths)?;
    println!();
    for package in pack(paths, "bundle")? {
        println!("{package}");
    }
    Ok(())
}

/// Packs what was built into a folder of the build folder: first the `.deb`, then the `.rpm`. Beside them
/// stand the notes of the release, from the changelog.
///
/// # Errors
/// The failure of a program that packs.
pub(crate) fn pack(paths: &Paths, folder: &str) -> Result<[Package; 2]> {
    let out = paths.target.join(folder);
    let templates = paths.root.join("src-tauri/linux");
    let inputs = Inputs {
        work: out.join("work"),
        epoch: changelog::epoch(&templates)?,
        third_parties: third_parties::licenses(paths)?,
        templates,
        out,
    };
    fresh(&inputs.out)?;
    let packages = [deb::pack(paths, &inputs)?, rpm::pack(paths, &inputs)?];
    let notes = inputs.out.join("release-notes.md");
    let text = changelog::notes(&inputs.templates)?;
    fs::write(&notes, text).map_err(Error::file(&notes))?;
    fs::remove_dir_all(&inputs.work).map_err(Error::file(&inputs.work))?;
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::inputs::read;
    use super::package::{NAME, version};
    use crate::paths::Paths;

    #[test]
    fn everything_that_names_a_version_names_this_one() {
        let templates = Paths::find().root.join("src-tauri/linux");
        let changelog = read(&templates.join("changelog")).unwrap();
        let newest = format!("{NAME} ({}) ", version());
        assert!(
            changelog.starts_with(&newest),
            "the changelog's newest entry"
        );
        let metainfo = read(&templates.join("io.pulsekeys.pulsekeys.metainfo.xml")).unwrap();
        let (_, releases) = metainfo.split_once("<releases>").unwrap();
        let (newest, _) = releases.split_once("date").unwrap();
        let this = format!("<release version=\"{}\"", version());
        assert_eq!(newest.trim(), this, "the metainfo's newest release");
    }
}
