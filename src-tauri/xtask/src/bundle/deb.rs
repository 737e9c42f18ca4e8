//! The package for Debian, Ubuntu and kin, by `dpkg-deb`. It is to be made on one of them: `dpkg-shlibdeps` looks up in
//! which of its packages the libraries are.

use std::fs;

use crate::bundle::inputs::{Inputs, indented, read};
use crate::bundle::package::{NAME, Package, version};
use crate::bundle::tree::Tree;
use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;

/// What `dpkg-shlibdeps` wants to be told of a source package; it looks at nothing of it.
const SOURCE: &str = "Source: pulse-keys\n\nPackage: pulse-keys\nArchitecture: any\n";

/// Packs it.
///
/// # Errors
/// The failure of one of dpkg's programs.
pub(super) fn pack(paths: &Paths, inputs: &Inputs) -> Result<Package> {
    let tree = Tree::lay_out(paths, inputs, "deb")?;
    let documents = format!("usr/share/doc/{NAME}");
    let license = indented(&read(&paths.root.join("LICENSE-MIT"))?);
    let copyright = inputs.filled("copyright", &[("MIT", license)])?;
    tree.write(&format!("{documents}/copyright"), &copyright, 0o644)?;
    tree.write_compressed(&format!("{documents}/third-parties"), &inputs.third_parties)?;
    let changelog = read(&inputs.templates.join("changelog"))?;
    tree.write_compressed(&format!("{documents}/changelog"), &changelog)?;

    let (files, size) = tree.files()?;
    let sums = Command::new("md5sum").dir(&tree.root).args(&files).read()?;
    let architecture = Command::new("dpkg").arg("--print-architecture").read()?;
    let description = indented(&read(&inputs.templates.join("description.txt"))?);
    let blanks = [
        ("VERSION", version()),
        ("ARCHITECTURE", architecture.clone()),
        ("KIBIBYTES", size.div_ceil(1024).to_string()),
        ("LIBRARIES", libraries(inputs, &tree)?),
        ("DESCRIPTION", description),
    ];
    tree.write("DEBIAN/control", &inputs.filled("control", &blanks)?, 0o644)?;
    tree.write("DEBIAN/md5sums", &sums, 0o644)?;
    tree.write(
        "DEBIAN/postrm",
        &read(&inputs.templates.join("postrm"))?,
        0o755,
    )?;

    let name = format!("{NAME}_{}_{}.deb", version(), architecture.trim());
    let path = inputs.out.join(name);
    let call = Command::new("dpkg-deb").args(["--build", "--root-owner-group", "-Zxz", "-z9"]);
    call.arg(&tree.root)
        .arg(&path)
        .env("SOURCE_DATE_EPOCH", &inputs.epoch)
        .read()?;
    Package::at(path)
}

/// The packages that the program's libraries are in, with the oldest versions that do.
fn libraries(inputs: &Inputs, tree: &Tree) -> Result<String> {
    let source = inputs.work.join("source");
    let control = source.join("debian/control");
    fs::create_dir_all(source.join("debian")).map_err(Error::file(&source))?;
    fs::write(&control, SOURCE).map_err(Error::file(&control))?;
    let answer = Command::new("dpkg-shlibdeps")
        .dir(&source)
        .args(["-O", "--warnings=0"])
        .arg(tree.root.join(format!("usr/bin/{NAME}")))
        .read()?;
    let libraries = answer.trim().strip_prefix("shlibs:Depends=");
    let unexpected = || Error::Unexpected(format!("dpkg-shlibdeps said: {answer}"));
    Ok(libraries.ok_or_else(unexpected)?.to_owned())
}
