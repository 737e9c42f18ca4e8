//! Which processes belong to a private desktop: those whose environment has its HOME, whoever
//! started them and whatever became of their parents. The app lets nobody but root read its environment; to others it
//! is known by who started it, and is nobody's once that one has gone.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process};

/// A running process.
#[derive(Clone, Debug)]
pub struct Process {
    /// Its id.
    pub pid: i32,
    /// Its parent's id.
    pub parent: i32,
    /// The program it runs, when that can be told.
    pub program: PathBuf,
    /// Whether a message bus started it on demand: it leaves with the bus.
    pub started_by_bus: bool,
}

impl Process {
    /// The running processes that were started with `home` as their HOME.
    #[must_use]
    pub fn with_home(home: &Path) -> Vec<Process> {
        let wanted = [b"HOME=", home.as_os_str().as_bytes()].concat();
        let entries = fs::read_dir("/proc").expect("/proc is mounted");
        let (mut found, mut closed) = (Vec::new(), Vec::new());
        for pid in entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()) {
            match fs::read(format!("/proc/{pid}/environ")) {
                Ok(environment) => {
                    let mut variables = environment.split(|&byte| byte == 0);
                    if variables.any(|variable| variable == wanted) {
                        found.extend(Process::read(pid, &environment));
                    }
                }
                Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                    closed.extend(Process::read(pid, &[]));
                }
                // Gone, or a zombie.
                Err(_) => {}
            }
        }
        // Parents may come after their children in /proc, so repeat until nothing is added.
        loop {
            let (ours, others): (Vec<Process>, Vec<Process>) = closed
                .into_iter()
                .partition(|process| found.iter().any(|parent| parent.pid == process.parent));
            if ours.is_empty() {
                return found;
            }
            found.extend(ours.into_iter().map(Process::by_its_arguments));
            closed = others;
        }
    }

    /// The program of a process that does not let itself be looked at, as it was called.
    fn by_its_arguments(mut self) -> Process {
        let arguments = fs::read(format!("/proc/{}/cmdline", self.pid)).unwrap_or_default();
        let first = arguments
            .split(|&byte| byte == 0)
            .next()
            .unwrap_or_default();
        self.program = PathBuf::from(std::ffi::OsStr::from_bytes(first));
        self
    }

    /// `with_home` without those that descend from one of `services` or that a bus started.
    #[must_use]
    pub fn strays(home: &Path, services: &[i32]) -> Vec<Process> {
        let all = Process::with_home(home);
        let mut known: HashSet<i32> = services.iter().copied().collect();
        let by_bus = all.iter().filter(|process| process.started_by_bus);
        known.extend(by_bus.map(|process| process.pid));
        // Parents may come after their children in /proc, so repeat until nothing is added.
        loop {
            let before = known.len();
            known.extend(
                all.iter()
                    .filter(|process| known.contains(&process.parent))
                    .map(|process| process.pid)
                    .collect::<Vec<_>>(),
            );
            if known.len() == before {
                break;
            }
        }
        all.into_iter()
            .filter(|process| !known.contains(&process.pid))
            .collect()
    }

    /// Ends the process, with no chance to refuse.
    pub fn kill(&self) {
        kill(self.pid);
    }

    fn read(pid: i32, environment: &[u8]) -> Option<Process> {
        // "pid (name) state ppid …"; the name may hold spaces and brackets.
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let parent = stat
            .rsplit_once(')')?
            .1
            .split_whitespace()
            .nth(1)?
            .parse()
            .ok()?;
        Some(Process {
            pid,
            parent,
            program: fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default(),
            // Set for activated services by the D-Bus specification, "Starting services".
            started_by_bus: environment
                .split(|&byte| byte == 0)
                .any(|variable| variable.starts_with(b"DBUS_STARTER_ADDRESS=")),
        })
    }
}

/// Ends the process with this id if there is one.
pub fn kill(pid: i32) {
    if let Some(pid) = Pid::from_raw(pid) {
        // Already gone is what was wanted.
        let _ = kill_process(pid, Signal::KILL);
    }
}
