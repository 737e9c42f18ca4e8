//! This machine and the package in it: installing, removing, and what is different afterwards.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The package's name, and its program's.
pub(crate) const NAME: &str = "pulse-keys";

/// The installed program.
pub(crate) const PROGRAM: &str = "/usr/bin/pulse-keys";

/// A version older than any.
const OLDER: &str = "0.0.1";

/// Where a package may put something.
const ROOTS: [&str; 6] = ["/usr", "/etc", "/opt", "/srv", "/var/lib", "/var/spool"];

/// What changes there of its own accord: Python's compiled files, and the backups that dpkg makes of its own.
fn is_of_others(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name == "__pycache__"
        || path.starts_with("/var/lib/apt/lists")
        || path.starts_with("/var/lib/dpkg") && name.ends_with("-old")
}

/// The package that is to be tested, as xtask says.
pub(crate) fn package() -> PathBuf {
    let package = env::var_os("PULSE_KEYS_PACKAGE");
    package
        .map(PathBuf::from)
        .expect("PULSE_KEYS_PACKAGE names a .deb; `cargo xtask test install` makes it")
}

/// The same package under an older version.
pub(crate) struct OlderPackage {
    folder: TempDir,
}

impl OlderPackage {
    pub(crate) fn make() -> OlderPackage {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        run(Command::new("dpkg-deb")
            .arg("--raw-extract")
            .arg(package())
            .arg(&tree));
        let control = tree.join("DEBIAN/control");
        let text = fs::read_to_string(&control).unwrap();
        let versioned = text
            .lines()
            .map(|line| match line.strip_prefix("Version: ") {
                Some(_) => format!("Version: {OLDER}\n"),
                None => format!("{line}\n"),
            });
        fs::write(&control, versioned.collect::<String>()).unwrap();
        let older = OlderPackage { folder };
        run(Command::new("dpkg-deb")
            .args(["--build", "--root-owner-group", "-Znone"])
            .arg(tree)
            .arg(older.path()));
        older
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("older.deb")
    }
}

/// The app in this machine. Dropping it removes what is still there.
pub(crate) struct Installed;

impl Installed {
    /// # Panics
    /// When this machine has the app already: removing it afterwards would take it from its user.
    pub(crate) fn from(package: &Path) -> Installed {
        assert_eq!(
            Installed::version(),
            None,
            "Pulse Keys is installed here already; remove it first"
        );
        let installed = Installed;
        installed.upgrade_to(package);
        installed
    }

    pub(crate) fn upgrade_to(&self, package: &Path) {
        apt([OsStr::new("install"), package.as_os_str()]);
    }

    /// The version that dpkg knows.
    pub(crate) fn version() -> Option<String> {
        let mut command = Command::new("dpkg-query");
        let output = command
            .args([
                "--show",
                "--showformat",
                "${Version} ${db:Status-Abbrev}",
                NAME,
            ])
            .output();
        let output = output.unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let (version, status) = text.split_once(' ')?;
        (output.status.success() && status.starts_with("ii")).then(|| version.to_owned())
    }

    /// Removes it with all that the system knows of it, and answers what was said meanwhile.
    pub(crate) fn purge(self) -> String {
        apt([OsStr::new("purge"), OsStr::new(NAME)])
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        if Installed::version().is_some() {
            apt([OsStr::new("purge"), OsStr::new(NAME)]);
        }
    }
}

/// Every path that a package may have made, and what stands in dpkg's own list.
pub(crate) fn listing() -> BTreeSet<PathBuf> {
    let mut listing = BTreeSet::new();
    let mut folders: Vec<PathBuf> = ROOTS.iter().map(PathBuf::from).collect();
    while let Some(folder) = folders.pop() {
        // What may not be read by this user cannot be looked at; packages make nothing of that kind.
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if is_of_others(&path) {
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path.clone());
            }
            listing.insert(path);
        }
    }
    listing
}

/// apt-get with the system's rights, and what it said. It waits for another one that is at work.
fn apt<'a>(arguments: impl IntoIterator<Item = &'a OsStr>) -> String {
    // "sudo -n", or nothing for root.
    let rights = env::var("PULSE_KEYS_RIGHTS").unwrap_or_default();
    let mut words: Vec<&str> = rights.split_whitespace().collect();
    words.extend([
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "LC_ALL=C.UTF-8",
        "apt-get",
    ]);
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .args(["--yes", "--no-install-recommends"]);
    run(command
        .args(["-o", "DPkg::Lock::Timeout=300"])
        .args(arguments))
}

pub(crate) fn run(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{said}{complaint}");
    said + &complaint
}
