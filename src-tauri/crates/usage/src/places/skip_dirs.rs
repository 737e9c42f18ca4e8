//! Folders that hold only what was downloaded or built. Each is left out by its name *and* a proof, so that a folder
//! that merely bears the name is searched; and all are counted and shown.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;

use super::pattern::fits;
use crate::disk::Folder;

/// How to be sure that a folder is what its name says.
#[derive(Clone, Copy, Debug)]
enum Proof {
    /// One of these stands beside it.
    Beside(&'static [&'static str]),
    /// One of these is in it.
    Inside(&'static [&'static str]),
    /// It stands in a folder of this name.
    In(&'static str),
    /// It stands directly in a home folder, or in a searched one.
    AtHome,
    /// Its path ends like this.
    Path(&'static str),
}

/// What is left out in a search that is not for everything.
const RULES: &[(&str, Proof)] = &[
    (
        "node_modules",
        Proof::Beside(&[
            "package.json",
            "package-lock.json",
            "yarn.lock",
            "pnpm-lock.yaml",
        ]),
    ),
    (
        "node_modules",
        Proof::Inside(&[
            ".package-lock.json",
            ".yarn-integrity",
            ".modules.yaml",
            ".bin",
        ]),
    ),
    ("bower_components", Proof::Beside(&["bower.json"])),
    (
        "target",
        Proof::Inside(&["CACHEDIR.TAG", ".rustc_info.json"]),
    ),
    ("registry", Proof::In(".cargo")),
    ("toolchains", Proof::In(".rustup")),
    ("site-packages", Proof::Path("lib/python*/site-packages")),
    ("dist-packages", Proof::Path("lib/python*/dist-packages")),
    ("Lib", Proof::Beside(&["pyvenv.cfg", "python.exe"])),
    (
        "__pycache__",
        Proof::Beside(&["__init__.py", "__main__.py", "setup.py"]),
    ),
    (
        ".tox",
        Proof::Beside(&["tox.ini", "pyproject.toml", "setup.cfg"]),
    ),
    ("repository", Proof::In(".m2")),
    ("caches", Proof::In(".gradle")),
    ("wrapper", Proof::In(".gradle")),
    ("mod", Proof::Path("go/pkg/mod")),
    ("_cacache", Proof::In(".npm")),
    ("cache", Proof::In(".yarn")),
    ("cache", Proof::In(".bun")),
    ("cache", Proof::In(".next")),
    ("providers", Proof::In(".terraform")),
    (".pnpm-store", Proof::AtHome),
    ("vendor", Proof::Inside(&["modules.txt", "autoload.php"])),
    ("gems", Proof::Beside(&["specifications"])),
    ("Pods", Proof::Beside(&["Podfile", "Podfile.lock"])),
    ("DerivedData", Proof::In("Xcode")),
    ("Caches", Proof::In("Library")),
    (".cache", Proof::AtHome),
    ("versions", Proof::In(".pyenv")),
    ("versions", Proof::In(".nvm")),
    ("flatpak", Proof::Path("share/flatpak")),
    ("storage", Proof::Path("share/containers/storage")),
    ("overlay2", Proof::Beside(&["image", "containers"])),
    (
        "steamapps",
        Proof::Inside(&["libraryfolders.vdf", "common"]),
    ),
    ("store", Proof::Path("nix/store")),
    (".snapshots", Proof::Inside(&["1"])),
    (".zfs", Proof::Inside(&["snapshot"])),
];

/// The signature of a tag that programs put into folders of things that can be made again.
const CACHE_TAG: &[u8; 43] = b"Signature: 8a477f597d28d172789f06886806bc55";

/// The name of the rule that leaves this folder out. `is_top`: whether it stands directly in a searched folder.
pub(crate) fn rule(folder: &Path, name: &OsStr, is_top: bool) -> Option<&'static str> {
    let parent = folder.parent()?;
    let is_there = |at: &Path, names: &[&str]| {
        names
            .iter()
            .any(|name| at.join(name).symlink_metadata().is_ok())
    };
    RULES
        .iter()
        .filter(|(named, _)| name.as_encoded_bytes() == named.as_bytes())
        .find(|(_, proof)| match proof {
            Proof::Beside(names) => is_there(parent, names),
            Proof::Inside(names) => is_there(folder, names),
            Proof::In(expected) => parent.file_name().is_some_and(|name| name == *expected),
            Proof::AtHome => is_top,
            Proof::Path(pattern) => ends_like(folder, pattern),
        })
        .map(|(name, _)| *name)
}

/// Whether a folder that has a `CACHEDIR.TAG` is one of things that can be made again.
pub(crate) fn is_cache(folder: &Folder) -> bool {
    let mut tag = [0; CACHE_TAG.len()];
    // No more than its signature is read. What can't be read is no tag, so the folder is searched.
    folder
        .file(OsStr::new("CACHEDIR.TAG"))
        .is_ok_and(|mut tagged| tagged.file.read_exact(&mut tag).is_ok() && tag == *CACHE_TAG)
}

fn ends_like(folder: &Path, pattern: &str) -> bool {
    let mut names = folder.iter().rev();
    pattern
        .rsplit('/')
        .all(|part| names.next().is_some_and(|name| fits(part, name)))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Folder, ends_like, is_cache, rule};

    #[test]
    fn a_name_alone_is_no_proof() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("app/node_modules");
        fs::create_dir_all(&folder).unwrap();
        let name = folder.file_name().unwrap();
        assert_eq!(rule(&folder, name, false), None);
        fs::write(home.path().join("app/package.json"), "{}").unwrap();
        assert_eq!(rule(&folder, name, false), Some("node_modules"));
    }

    #[test]
    fn a_tag_needs_its_signature() {
        let home = tempfile::tempdir().unwrap();
        let folder = || Folder::open(home.path()).unwrap();
        assert!(!is_cache(&folder()));
        fs::write(home.path().join("CACHEDIR.TAG"), "no").unwrap();
        assert!(!is_cache(&folder()));
        let tag = "Signature: 8a477f597d28d172789f06886806bc55\n";
        fs::write(home.path().join("CACHEDIR.TAG"), tag).unwrap();
        assert!(is_cache(&folder()));
    }

    #[cfg(unix)]
    #[test]
    fn a_tag_that_is_a_link_or_a_pipe_is_none() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("CACHEDIR.TAG");
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        assert!(!is_cache(&Folder::open(home.path()).unwrap()));
        fs::remove_file(&path).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        assert!(!is_cache(&Folder::open(home.path()).unwrap()));
    }

    #[test]
    fn the_end_of_a_path_is_compared_name_by_name() {
        let path = Path::new("/usr/lib/python3.13/site-packages");
        assert!(ends_like(path, "lib/python*/site-packages"));
        assert!(!ends_like(
            Path::new("/x/site-packages"),
            "lib/python*/site-packages"
        ));
    }
}
