//! Packages of the operating system: what is missing, and getting it.
//!
//! With apt and the right to use it (root, or sudo without a password) they are installed. Everywhere else the one
//! command to type is printed and the work stops: no password is ever asked for, and no system is changed by
//! surprise. The names stand in [`table`].

mod family;
pub(crate) mod table;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::command::Command;
use crate::error::{Error, Result};
pub(crate) use family::{Family, on_path};
use table::{Need, Probe};

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
    let succeeds = |call: Command| call.output().is_ok_and(|output| output.status.success());
    match probe {
        Probe::Library(name) => succeeds(Command::new("pkg-config").args(["--exists", name])),
        Probe::Program(name) => on_path(name).is_some(),
        Probe::AnyFile(paths) => paths.iter().any(|path| Path::new(path).exists()),
        Probe::PythonModule(name) => {
            succeeds(Command::new(python()).args(["-c", &format!("import {name}")]))
        }
    }
}

/// What to put before a command to run it with the system's rights; none when that needs a password.
pub(crate) fn privilege() -> Option<&'static [&'static str]> {
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if root {
        return Some(&[]);
    }
    let sudo = Command::new("sudo")
        .args(["-n", "true"])
        .output()
        .is_ok_and(|output| output.status.success());
    sudo.then_some(&["sudo", "-n"])
}

/// How long another program that installs packages is waited for.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10 * 60);

const LOCK_POLL_INTERVAL: Duration = Duration::from_secs(3);

/// Runs apt, and again for as long as another program holds one of its locks. Apt's own `DPkg::Lock::Timeout` knows one
/// of the three.
fn apt<'a>(privilege: &[&'a str], arguments: impl Iterator<Item = &'a str>) -> Result {
    let words = privilege
        .iter()
        .copied()
        // What it says is read, so it is said in English.
        .chain(["env", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"])
        .chain(["apt-get"])
        .chain(arguments);
    let words: Vec<&str> = words.collect();
    let run = || Command::new(words[0]).args(&words[1..]).run().map(drop);
    while_locked(LOCK_TIMEOUT, LOCK_POLL_INTERVAL, run)
}

/// Runs something again while it fails for a lock that somebody else holds.
fn while_locked(timeout: Duration, pause: Duration, mut run: impl FnMut() -> Result) -> Result {
    let began = Instant::now();
    loop {
        match run() {
            Err(Error::Failed { output, .. })
                if output.contains("Could not get lock") && began.elapsed() < timeout =>
            {
                println!("Another program is installing packages. Waiting for it to end.");
                thread::sleep(pause);
            }
            ended => return ended,
        }
    }
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

/// What the user has to do.
fn instructions(family: Option<Family>, needs: &[Need]) -> String {
    let what: Vec<&str> = needs.iter().map(|need| need.what).collect();
    let missing = format!("Missing on this machine: {}.", what.join(", "));
    match family {
        Some(family) => format!(
            "{missing} Type:\n  {} {}",
            family.install_command(),
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

    fn failed(output: &str) -> Result {
        Err(Error::Failed {
            command: "apt-get".to_owned(),
            status: "exit status: 100".to_owned(),
            output: output.to_owned(),
        })
    }

    #[test]
    fn a_lock_of_another_program_is_waited_for_and_nothing_else() {
        let locked = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt)";
        let mut answers = vec![Ok(()), failed(locked), failed(locked)];
        let waited = while_locked(LOCK_TIMEOUT, Duration::ZERO, || answers.pop().unwrap());
        assert!(waited.is_ok() && answers.is_empty());
        let ended = while_locked(LOCK_TIMEOUT, Duration::ZERO, || {
            failed("E: no such package")
        });
        assert!(ended.is_err());
        let held = while_locked(Duration::ZERO, Duration::ZERO, || failed(locked));
        assert!(held.is_err(), "for no longer than that");
    }

    #[test]
    fn absent_things_are_seen_as_absent() {
        assert!(!present(Probe::Program("no-such-program-here")));
        assert!(!present(Probe::AnyFile(&["/no/such/file"])));
        assert!(!present(Probe::PythonModule("no_such_module_here")));
    }
}
