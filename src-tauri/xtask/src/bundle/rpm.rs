//! The package for Fedora, openSUSE and kin, by `rpmbuild`.

use std::fs;
use std::path::Path;

use crate::bundle::changelog;
use crate::bundle::inputs::{Inputs, read};
use crate::bundle::package::{NAME, Package, version};
use crate::bundle::tree::Tree;
use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;

/// The licences, which rpm keeps beside each other.
const LICENSES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Packs it.
///
/// # Errors
/// The failure of `rpmbuild`.
pub(super) fn pack(paths: &Paths, inputs: &Inputs) -> Result<Package> {
    let tree = Tree::lay_out(paths, inputs, "rpm")?;
    for license in LICENSES {
        let to = format!("usr/share/licenses/{NAME}/{license}");
        tree.copy(&paths.root.join(license), &to, 0o644)?;
    }
    let to = format!("usr/share/licenses/{NAME}/third-parties");
    tree.write(&to, &inputs.third_parties, 0o644)?;
    let postrm = read(&inputs.templates.join("postrm"))?;
    let (_interpreter, postrm) = postrm.split_once('\n').unwrap_or_default();
    let blanks = [
        ("VERSION", version()),
        ("TREE", tree.root.to_string_lossy().into_owned()),
        (
            "DESCRIPTION",
            read(&inputs.templates.join("description.txt"))?,
        ),
        ("POSTRM", postrm.to_owned()),
        ("CHANGELOG", changelog::for_rpm(&inputs.templates)?),
    ];
    let words = inputs.filled(&format!("{NAME}.spec"), &blanks)?;
    let spec = inputs.work.join(format!("{NAME}.spec"));
    fs::write(&spec, words).map_err(Error::file(&spec))?;

    let define = |name: &str, value: &Path| format!("{name} {}", value.display());
    let call = Command::new("rpmbuild").args(["-bb", "--quiet"]);
    let call = call
        .args([
            "--define",
            &define("_topdir", &inputs.work.join("rpmbuild")),
        ])
        .args(["--define", &define("_rpmdir", &inputs.out)])
        .args([
            "--define",
            "_rpmfilename %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm",
        ]);
    call.arg(&spec)
        .env("SOURCE_DATE_EPOCH", &inputs.epoch)
        .read()?;
    let entries = fs::read_dir(&inputs.out).map_err(Error::file(&inputs.out))?;
    let mut paths = entries.flatten().map(|entry| entry.path());
    let made = paths.find(|path| path.extension().is_some_and(|extension| extension == "rpm"));
    let unexpected = || Error::Unexpected("rpmbuild left no package".to_owned());
    Package::at(made.ok_or_else(unexpected)?)
}
