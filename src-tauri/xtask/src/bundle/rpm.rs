//! The package for Fedora, openSUSE and kin, by `rpmbuild`.

use std::fs;
use std::path::Path;

use crate::bundle::tree::Tree;
use crate::bundle::{Facts, NAME, Package, changelog, read, version};
use crate::call::Call;
use crate::error::{Error, Result};
use crate::places::Places;

/// The licences, which rpm keeps beside each other.
const LICENSES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Packs it.
///
/// # Errors
/// The failure of `rpmbuild`.
pub(super) fn pack(places: &Places, facts: &Facts) -> Result<Package> {
    let tree = Tree::lay_out(places, facts, "rpm")?;
    for license in LICENSES {
        let to = format!("usr/share/licenses/{NAME}/{license}");
        tree.copy(&places.root.join(license), &to, 0o644)?;
    }
    let to = format!("usr/share/licenses/{NAME}/third-parties");
    tree.write(&to, &facts.third_parties, 0o644)?;
    let postrm = read(&facts.words.join("postrm"))?;
    let (_interpreter, postrm) = postrm.split_once('\n').unwrap_or_default();
    let blanks = [
        ("VERSION", version()),
        ("TREE", tree.root.to_string_lossy().into_owned()),
        ("DESCRIPTION", read(&facts.words.join("description.txt"))?),
        ("POSTRM", postrm.to_owned()),
        ("CHANGELOG", changelog::for_rpm(&facts.words)?),
    ];
    let words = facts.filled(&format!("{NAME}.spec"), &blanks)?;
    let spec = facts.work.join(format!("{NAME}.spec"));
    fs::write(&spec, words).map_err(Error::file(&spec))?;

    let define = |name: &str, value: &Path| format!("{name} {}", value.display());
    let call = Call::new("rpmbuild").args(["-bb", "--quiet"]);
    let call = call
        .args(["--define", &define("_topdir", &facts.work.join("rpmbuild"))])
        .args(["--define", &define("_rpmdir", &facts.out)])
        .args([
            "--define",
            "_rpmfilename %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm",
        ]);
    call.arg(&spec)
        .variable("SOURCE_DATE_EPOCH", &facts.epoch)
        .answer()?;
    let entries = fs::read_dir(&facts.out).map_err(Error::file(&facts.out))?;
    let mut paths = entries.flatten().map(|entry| entry.path());
    let made = paths.find(|path| path.extension().is_some_and(|extension| extension == "rpm"));
    let unexpected = || Error::Unexpected("rpmbuild left no package".to_owned());
    Package::at(made.ok_or_else(unexpected)?)
}
