//! The folders and environment variables of a private desktop, and commands that run in them.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::service::Service;

/// The password of every private keyring.
pub const PASSWORD: &str = "private desktop";

/// `WebKit`'s switch for the second of its compilers of scripts; on by default.
const SCRIPT_COMPILER: &str = "JSC_useDFGJIT";

/// A temporary folder with a HOME in it, and the variables that lead programs there.
#[derive(Debug)]
pub(crate) struct Environment {
    folder: TempDir,
    variables: Vec<(&'static str, OsString)>,
}

impl Environment {
    pub(crate) fn new() -> Environment {
        let folder = tempfile::Builder::new()
            .prefix("pulse-keys-")
            .tempdir()
            .expect("the temporary folder is writable");
        let mut environment = Environment {
            folder,
            variables: Vec::new(),
        };
        let (home, runtime) = (environment.home(), environment.runtime());
        let share = home.join(".local/share");
        // gnome-keyring-daemon keeps a keyring in memory only when its folder is missing.
        for folder in [
            &home,
            &runtime,
            &environment.logs(),
            &share.join("keyrings"),
        ] {
            fs::create_dir_all(folder).expect("the temporary folder is ours");
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
                .expect("the temporary folder is ours");
        }
        let bus = format!("unix:path={}", environment.bus_socket().display());
        environment.variables = vec![
            ("PATH", std::env::var_os("PATH").unwrap_or_default()),
            ("LANG", "C.UTF-8".into()),
            ("XDG_CONFIG_HOME", home.join(".config").into()),
            ("XDG_DATA_HOME", share.into()),
            ("XDG_STATE_HOME", home.join(".local/state").into()),
            ("XDG_CACHE_HOME", home.join(".cache").into()),
            ("XDG_RUNTIME_DIR", runtime.into()),
            ("DBUS_SESSION_BUS_ADDRESS", bus.into()),
            ("PULSE_KEYS_HOME", environment.app_home().into()),
            ("PULSE_KEYS_CLOCK", environment.clock_file().into()),
            // How much the pages' scripts are compiled: see the window tests' step of `cargo xtask test`.
            (
                SCRIPT_COMPILER,
                std::env::var_os(SCRIPT_COMPILER).unwrap_or_else(|| "1".into()),
            ),
            // Settings of GTK programs stay in memory: no dconf is started for them.
            ("GSETTINGS_BACKEND", "memory".into()),
            ("HOME", home.into()),
        ];
        environment
    }

    /// Everything of the desktop is below this folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder().join("home")
    }

    /// Where the app keeps its files (`PULSE_KEYS_HOME`); not made beforehand.
    pub(crate) fn app_home(&self) -> PathBuf {
        self.home().join("pulse-keys")
    }

    /// How many seconds the app's clock is ahead of the machine's, once it is written; the app of a release has no such
    /// clock.
    pub(crate) fn clock_file(&self) -> PathBuf {
        self.folder().join("clock")
    }

    /// Where the session bus listens, if one is started.
    pub(crate) fn bus_socket(&self) -> PathBuf {
        self.runtime().join("bus")
    }

    /// A variable for every command from now on.
    pub(crate) fn add(&mut self, name: &'static str, value: impl Into<OsString>) {
        self.variables.push((name, value.into()));
    }

    /// A command with these variables and no others, in the private HOME.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home());
        command
    }

    /// Starts a program in the background, with `input` on its standard input, which is then closed. What it writes is
    /// in the desktop's logs.
    pub(crate) fn start(&self, name: &str, command: &Command, input: &[u8]) -> Service {
        Service::start(name, command, &self.logs(), input)
    }

    fn logs(&self) -> PathBuf {
        self.folder().join("logs")
    }

    pub(crate) fn runtime(&self) -> PathBuf {
        self.folder().join("run")
    }
}
