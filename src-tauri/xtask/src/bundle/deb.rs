//! The package for Debian, Ubuntu and kin, by `dpkg-deb`. It is to be made on one of them: `dpkg-shlibdeps` looks up in
//! which of its packages the libraries are.

use std::fs;

use crate::bundle::tree::Tree;
use crate::bundle::{Facts, NAME, Package, indented, read, version};
use crate::call::Call;
use crate::error::{Error, Result};
use crate::places::Places;

/// What `dpkg-shlibdeps` wants to be told of a source package; it looks at nothing of it.
const SOURCE: &str = "Source: pulse-keys\n\nPackage: pulse-keys\nArchitecture: any\n";

/// Packs it.
///
/// # Errors
/// The failure of one of dpkg's programs.
pub(super) fn pack(places: &Places, facts: &Facts) -> Result<Package> {
    let tree = Tree::lay_out(places, facts, "deb")?;
    let documents = format!("usr/share/doc/{NAME}");
    let license = indented(&read(&places.root.join("LICENSE-MIT"))?);
    let copyright = facts.filled("copyright", &[("MIT", license)])?;
    tree.write(&format!("{documents}/copyright"), &copyright, 0o644)?;
    tree.write_compressed(&format!("{documents}/third-parties"), &facts.third_parties)?;
    let changelog = read(&facts.words.join("changelog"))?;
    tree.write_compressed(&format!("{documents}/changelog"), &changelog)?;

    let (files, size) = tree.files()?;
    let sums = Call::new("md5sum")
        .folder(&tree.root)
        .args(&files)
        .answer()?;
    let architecture = Call::new("dpkg").arg("--print-architecture").answer()?;
    let description = indented(&read(&facts.words.join("description.txt"))?);
    let blanks = [
        ("VERSION", version()),
        ("ARCHITECTURE", architecture.clone()),
        ("KIBIBYTES", size.div_ceil(1024).to_string()),
        ("LIBRARIES", libraries(facts, &tree)?),
        ("DESCRIPTION", description),
    ];
    tree.write("DEBIAN/control", &facts.filled("control", &blanks)?, 0o644)?;
    tree.write("DEBIAN/md5sums", &sums, 0o644)?;
    tree.write("DEBIAN/postrm", &read(&facts.words.join("postrm"))?, 0o755)?;

    let name = format!("{NAME}_{}_{}.deb", version(), architecture.trim());
    let path = facts.out.join(name);
    let call = Call::new("dpkg-deb").args(["--build", "--root-owner-group", "-Zxz", "-z9"]);
    call.arg(&tree.root)
        .arg(&path)
        .variable("SOURCE_DATE_EPOCH", &facts.epoch)
        .answer()?;
    Package::at(path)
}

/// The packages that the program's libraries are in, with the oldest versions that do.
fn libraries(facts: &Facts, tree: &Tree) -> Result<String> {
    let source = facts.work.join("source");
    let control = source.join("debian/control");
    fs::create_dir_all(source.join("debian")).map_err(Error::file(&source))?;
    fs::write(&control, SOURCE).map_err(Error::file(&control))?;
    let answer = Call::new("dpkg-shlibdeps")
        .folder(&source)
        .args(["-O", "--warnings=0"])
        .arg(tree.root.join(format!("usr/bin/{NAME}")))
        .answer()?;
    let libraries = answer.trim().strip_prefix("shlibs:Depends=");
    let unexpected = || Error::Unexpected(format!("dpkg-shlibdeps said: {answer}"));
    Ok(libraries.ok_or_else(unexpected)?.to_owned())
}
