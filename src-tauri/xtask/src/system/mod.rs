//! Packages of the operating system: what is missing, and getting it.
//!
//! With apt and the right to use it (root, or sudo without a password) they are installed. Everywhere else the one
//! command to type is printed and the work stops: no password is ever asked for, and nobody's system is changed by
//! surprise. The names stand in [`table`].

pub(crate) mod table;

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};

use crate::call::Call;
use crate::error::{Error, Result};
use table::{Need, Probe};

/// Package managers whose names we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// Debian, Ubuntu and kin.
    Apt,
    /// Fedora and kin.
    Dnf,
    /// Arch and kin.
    Pacman,
    /// macOS.
    Brew,
    /// Windows.
    Winget,
}

impl Family {
    /// The family of this machine, by the program that is there.
    pub(crate) fn here() -> Option<Self> {
        match env::consts::OS {
            "macos" => Some(Self::Brew),
            "windows" => Some(Self::Winget),
            _ => [
                (Self::Apt, "apt-get"),
                (Self::Dnf, "dnf"),
                (Self::Pacman, "pacman"),
            ]
            .into_iter()
            .find(|(_, program)| on_path(program).is_some())
            .map(|(family, _)| family),
        }
    }

    /// The start of the command that a user types to install packages.
    fn command(self) -> &'static str {
        match self {
            Self::Apt => "sudo apt-get install --no-install-recommends",
            Self::Dnf => "sudo dnf install",
            Self::Pacman => "sudo pacman -S --needed",
            Self::Brew => "brew install",
            Self::Winget => "winget install",
        }
    }

    /// What this package manager can do about Node.js.
    pub(crate) fn node_hint() -> &'static str {
        match Self::here() {
            Some(Self::Apt) => "the package `nodejs` of Debian 12 and Ubuntu 24.04 is too old",
            Some(Self::Dnf) => "or type: sudo dnf install nodejs npm",
            Some(Self::Pacman) => "or type: sudo pacman -S nodejs npm",
            Some(Self::Brew) => "or type: brew install node",
            Some(Self::Winget) => "or type: winget install OpenJS.NodeJS.LTS",
            None => "npm must be on the PATH too",
        }
    }
}

/// Makes sure that everything is there.
///
/// # Errors
/// [`Error::Missing`] with the command to type when it may not be installed from here; the package manager's own
/// failure when it could have been.
pub(crate) fn require(needs: &[Need]) -> Result {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    let family = Family::here();
    let (Some(Family::Apt), Some(prefix)) = (family, privilege()) else {
        return Err(Error::Missing(instructions(family, &missing)));
    };
    let packages = packages(Family::Apt, &missing);
    println!("Installing what is missing: {}", packages.join(" "));
    apt(prefix, ["update", "--quiet"].iter().copied())?;
    let install = ["install", "--quiet", "--yes", "--no-install-recommends"];
    apt(prefix, install.into_iter().chain(packages.iter().copied()))?;
    let left = self::missing(needs);
    if left.is_empty() {
        Ok(())
    } else {
        Err(Error::Missing(instructions(family, &left)))
    }
}

/// The Python that distribution packages of modules belong to, else the first one on the PATH.
pub(crate) fn python() -> PathBuf {
    let own = Path::new("/usr/bin/python3");
    if own.exists() {
        own.to_owned()
    } else {
        PathBuf::from(if cfg!(windows) { "python" } else { "python3" })
    }
}

fn missing(needs: &[Need]) -> Vec<Need> {
    // macOS and Windows have no package for what their system already brings, hence nothing to look for.
    let applies = |need: &&Need| {
        Family::here().is_none_or(|family| need.packages.iter().any(|(of, _)| *of == family))
    };
    needs
        .iter()
        .filter(applies)
        .filter(|need| !present(need.probe))
        .copied()
        .collect()
}

fn present(probe: Probe) -> bool {
    let succeeds = |call: Call| call.ask().is_ok_and(|output| output.status.success());
    match probe {
        Probe::Library(name) => succeeds(Call::new("pkg-config").args(["--exists", name])),
        Probe::Program(name) => on_path(name).is_some(),
        Probe::AnyFile(paths) => paths.iter().any(|path| Path::new(path).exists()),
        Probe::PythonModule(name) => {
            succeeds(Call::new(python()).args(["-c", &format!("import {name}")]))
        }
    }
}

/// Where a program is, by the PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}

/// What to put before a command to run it with the system's rights; none when that needs a password.
pub(crate) fn privilege() -> Option<&'static [&'static str]> {
    let root = Call::new("id")
        .arg("-u")
        .ask()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if root {
        return Some(&[]);
    }
    let sudo = Call::new("sudo")
        .args(["-n", "true"])
        .ask()
        .is_ok_and(|output| output.status.success());
    sudo.then_some(&["sudo", "-n"])
}

fn apt<'a>(privilege: &[&'a str], arguments: impl Iterator<Item = &'a str>) -> Result {
    let words = privilege
        .iter()
        .copied()
        .chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
        .chain(arguments);
    let words: Vec<&str> = words.collect();
    Call::new(words[0]).args(&words[1..]).run().map(drop)
}

/// Packages of the family for the needs, each once, in alphabetical order.
fn packages(family: Family, needs: &[Need]) -> Vec<&'static str> {
    let of_family = needs
        .iter()
        .flat_map(|need| need.packages)
        .filter(|(of, _)| *of == family);
    let names: BTreeSet<&str> = of_family.flat_map(|(_, names)| names.split(' ')).collect();
    names.into_iter().collect()
}

/// What a user has to do.
fn instructions(family: Option<Family>, needs: &[Need]) -> String {
    let what: Vec<&str> = needs.iter().map(|need| need.what).collect();
    let missing = format!("Missing on this machine: {}.", what.join(", "));
    match family {
        Some(family) => format!(
            "{missing} Type:\n  {} {}",
            family.command(),
            packages(family, needs).join(" ")
        ),
        None => format!(
            "{missing} This system's package manager is not known here; install them with it."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_linux_family_has_a_package_for_every_need() {
        let portable = [
            table::BUILD,
            table::DESKTOP,
            table::PYTHON,
            table::BUNDLE,
            table::ENTRIES,
        ];
        for need in portable.concat() {
            for family in [Family::Apt, Family::Dnf, Family::Pacman] {
                assert!(
                    !packages(family, &[need]).is_empty(),
                    "{} in {family:?}",
                    need.what
                );
            }
        }
    }

    #[test]
    fn the_command_to_type_names_each_package_once() {
        let needs: Vec<Need> = [table::DESKTOP, table::DESKTOP].concat();
        let text = instructions(Some(Family::Apt), &needs);
        assert!(
            text.contains("sudo apt-get install --no-install-recommends "),
            "{text}"
        );
        assert_eq!(text.matches("webkit2gtk-driver").count(), 1, "{text}");
    }

    #[test]
    fn an_unknown_system_is_told_what_not_how() {
        let text = instructions(None, table::PYTHON);
        assert!(
            text.contains("Python 3 with venv") && !text.contains("sudo"),
            "{text}"
        );
    }

    #[test]
    fn absent_things_are_seen_as_absent() {
        assert!(!present(Probe::Program("no-such-program-here")));
        assert!(!present(Probe::AnyFile(&["/no/such/file"])));
        assert!(!present(Probe::PythonModule("no_such_module_here")));
    }
}
