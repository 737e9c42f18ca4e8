//! This machine as a search sees it, apart from folders: the environment of this program, other programs of this
//! user, their table of timed jobs, the registry of Windows. A test gives another one and so reads nothing of the
//! user's own.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{disk, program};

/// The longest table of timed jobs, and how long the program that keeps it may take.
const MAX_CRONTAB_BYTES: u64 = 1 << 20;
const CRONTAB_TIMEOUT: Duration = Duration::from_secs(5);

/// The most that is read of a key of the registry, and how long the program that reads it may take.
const MAX_REGISTRY_BYTES: u64 = 64 << 20;
const REGISTRY_TIMEOUT: Duration = Duration::from_secs(30);

/// What is looked into besides folders.
///
/// Handing it to another process hands over what that one can see by itself: programs and files. What belongs to
/// this process, its environment, the table of timed jobs, the registry and sockets, stays behind: see
/// [`Machine::of_this_process`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Machine {
    #[serde(skip)]
    variables: Vec<(OsString, OsString)>,
    processes: Option<PathBuf>,
    #[serde(skip)]
    crontab: Option<PathBuf>,
    /// The program that reads the registry.
    #[serde(skip)]
    registry: Option<PathBuf>,
    /// Where foreign disks are mounted; `None`: where this machine says.
    mounts: Option<Vec<PathBuf>>,
    /// Where programs listen that keep containers.
    #[serde(skip)]
    containers: Vec<PathBuf>,
    system: bool,
    /// Programs that are not looked into, by their numbers.
    #[serde(default)]
    except: Vec<u32>,
}

impl Machine {
    /// This one.
    #[must_use]
    pub fn this() -> Self {
        let crontab = ["/usr/bin/crontab", "/bin/crontab"].map(Path::new);
        Self {
            variables: std::env::vars_os().collect(),
            processes: Some("/proc".into()).filter(|_| cfg!(target_os = "linux")),
            crontab: crontab
                .into_iter()
                .find(|program| program.exists())
                .map(Path::to_owned),
            registry: std::env::var_os("SystemRoot")
                .filter(|_| cfg!(windows))
                .map(|system| Path::new(&system).join(r"System32\reg.exe")),
            mounts: None,
            #[cfg(unix)]
            containers: crate::containers::sockets(),
            #[cfg(not(unix))]
            containers: Vec::new(),
            system: true,
            except: Vec::new(),
        }
    }

    /// What of it belongs to this process: its environment, the table of timed jobs, which only a program that is set up
    /// for it may read, the registry, and the sockets of programs that keep containers.
    #[must_use]
    pub fn of_this_process(&self) -> Self {
        Self {
            variables: self.variables.clone(),
            crontab: self.crontab.clone(),
            registry: self.registry.clone(),
            containers: self.containers.clone(),
            ..Self::default()
        }
    }

    /// Without the program of this number among the running ones.
    #[must_use]
    pub fn without_process(mut self, id: u32) -> Self {
        self.except.push(id);
        self
    }

    /// None: folders only.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// With these variables as the environment.
    #[must_use]
    pub fn with_variables(mut self, variables: Vec<(OsString, OsString)>) -> Self {
        self.variables = variables;
        self
    }

    /// With this folder in place of `/proc`.
    #[must_use]
    pub fn with_processes(mut self, folder: impl Into<PathBuf>) -> Self {
        self.processes = Some(folder.into());
        self
    }

    /// With network disks and pseudo file systems mounted at these folders, instead of where this machine has them.
    #[must_use]
    pub fn with_foreign_mounts(
        mut self,
        folders: impl IntoIterator<Item = impl Into<PathBuf>>,
    ) -> Self {
        self.mounts = Some(folders.into_iter().map(Into::into).collect());
        self
    }

    /// With this program as the one that keeps tables of timed jobs.
    #[must_use]
    pub fn with_crontab(mut self, program: impl Into<PathBuf>) -> Self {
        self.crontab = Some(program.into());
        self
    }

    /// With this program as the one that reads the registry: it is asked `query KEY /s`.
    #[must_use]
    pub fn with_registry(mut self, program: impl Into<PathBuf>) -> Self {
        self.registry = Some(program.into());
        self
    }

    /// With these sockets as those of programs that keep containers.
    #[must_use]
    pub fn with_containers(
        mut self,
        sockets: impl IntoIterator<Item = impl Into<PathBuf>>,
    ) -> Self {
        self.containers = sockets.into_iter().map(Into::into).collect();
        self
    }

    /// Where programs listen that keep containers.
    #[cfg(unix)]
    pub(crate) fn containers(&self) -> &[PathBuf] {
        &self.containers
    }

    /// Where something else than a local disk is mounted. A search stays out of it, unless a search folder lies there: a dead
    /// network disk would hang it.
    #[must_use]
    pub fn foreign_mounts(&self) -> Vec<PathBuf> {
        self.mounts.clone().unwrap_or_else(disk::foreign_mounts)
    }

    /// Whether files that belong to the machine are looked into.
    pub(crate) fn has_system(&self) -> bool {
        self.system
    }

    /// The environment, as a process has it in memory.
    pub(crate) fn environment(&self) -> Vec<u8> {
        let mut block = Vec::new();
        for (name, value) in &self.variables {
            block.extend_from_slice(name.as_encoded_bytes());
            block.push(b'=');
            block.extend_from_slice(value.as_encoded_bytes());
            block.push(0);
        }
        block
    }

    /// Other programs: their number and their folder.
    pub(crate) fn processes(&self) -> Vec<(u32, PathBuf)> {
        let Some(entries) = self
            .processes
            .as_ref()
            .and_then(|folder| folder.read_dir().ok())
        else {
            return Vec::new();
        };
        entries
            .flatten()
            .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
            .filter(|(id, _)| *id != std::process::id() && !self.except.contains(id))
            .collect()
    }

    /// The user's table of timed jobs; the file itself is only readable for the program that keeps it. `None` where there
    /// is none.
    ///
    /// # Errors
    /// When the program can't be started, says too much, or nothing for too long.
    pub(crate) fn crontab(&self) -> io::Result<Option<Vec<u8>>> {
        let Some(program) = &self.crontab else {
            return Ok(None);
        };
        let mut command = Command::new(program);
        command.arg("-l");
        match program::output(command, MAX_CRONTAB_BYTES, CRONTAB_TIMEOUT) {
            Ok(table) => Ok(Some(table)),
            // The program says no where there is no table.
            Err(error) if error.kind() == io::ErrorKind::Other => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether there is a registry to be asked.
    pub(crate) fn has_registry(&self) -> bool {
        self.registry.is_some()
    }

    /// What is said of a key of the registry and of all that is below it, and what kept the rest from being said.
    ///
    /// The program says no alike to a key that is not there and to one that this user may not read. So a key counts as
    /// absent only where one above it is read and does not list it.
    pub(crate) fn registry(&self, key: &str) -> (Vec<u8>, io::Result<()>) {
        let (said, outcome) = self.ask_registry(&[key, "/s"]);
        match outcome {
            Err(error) if error.kind() == io::ErrorKind::Other && said.is_empty() => {
                let is_absent = self.is_absent(key);
                (said, if is_absent { Ok(()) } else { Err(error) })
            }
            outcome => (said, outcome),
        }
    }

    /// Whether a key that is not read is surely not there.
    fn is_absent(&self, key: &str) -> bool {
        let Some((above, _)) = key.rsplit_once('\\') else {
            return false;
        };
        let (listed, outcome) = self.ask_registry(&[above]);
        match outcome {
            Ok(()) => !listed
                .split(|byte| matches!(byte, b'\r' | b'\n'))
                .any(|line| line.eq_ignore_ascii_case(key.as_bytes())),
            Err(_) => self.is_absent(above),
        }
    }

    fn ask_registry(&self, query: &[&str]) -> (Vec<u8>, io::Result<()>) {
        let Some(program) = &self.registry else {
            return (Vec::new(), Ok(()));
        };
        let mut command = Command::new(program);
        command.arg("query").args(query);
        program::said(command, MAX_REGISTRY_BYTES, REGISTRY_TIMEOUT)
    }
}
