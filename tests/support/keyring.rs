//! The private desktop's secret service: starting and stopping it, locking it, and looking at what
//! it keeps without going through the app.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;

use crate::environment::Environment;
use crate::service::Service;

/// The password of every private keyring.
pub const PASSWORD: &str = "private desktop";

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/support/keyring.py");

/// The system's Python: the one that Debian's python3-gi and python3-pyatspi belong to.
pub(crate) const PYTHON: &str = "/usr/bin/python3";

/// The state of the keyring in a new desktop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keyring {
    /// No program keeps secrets.
    #[default]
    Absent,
    /// A gnome-keyring-daemon that has no collection yet.
    Empty,
    /// A gnome-keyring-daemon with a default collection, locked with
    /// [`PASSWORD`].
    Locked,
    /// The same, unlocked.
    Unlocked,
}

/// One item in the keyring.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Item {
    /// What keychain programs show.
    pub label: String,
    /// What it is found by: `service`, `username` …
    pub attributes: BTreeMap<String, String>,
    /// The secret, when the item is unlocked and is text.
    pub secret: Option<String>,
}

/// Handle to the secret service of a desktop.
#[derive(Clone, Copy)]
pub struct SecretService<'a> {
    environment: &'a Environment,
    /// The running daemon, which the desktop ends with everything else.
    daemon: &'a Mutex<Option<Service>>,
}

impl<'a> SecretService<'a> {
    pub(crate) fn of(
        environment: &'a Environment,
        daemon: &'a Mutex<Option<Service>>,
    ) -> SecretService<'a> {
        SecretService {
            environment,
            daemon,
        }
    }

    /// Starts a gnome-keyring-daemon and waits until it is in the wanted state.
    ///
    /// # Panics
    /// When one is running already, or it does not come up.
    pub fn start(self, state: Keyring) {
        let mut daemon = self.daemon();
        assert!(daemon.is_none(), "a keyring daemon is running already");
        let mut command = self.environment.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        let password = match state {
            Keyring::Absent => return,
            Keyring::Empty => "",
            Keyring::Locked | Keyring::Unlocked => {
                command.arg("--unlock");
                PASSWORD
            }
        };
        let started = self
            .environment
            .start("keyring", &command, password.as_bytes());
        let started = daemon.insert(started);
        started.until_ready("the secret service answers", |_| {
            let default = self.default_collection()?;
            (state == Keyring::Empty || default != "/").then_some(())
        });
        drop(daemon);
        if state == Keyring::Locked {
            self.lock();
        }
    }

    /// Whether the daemon could not read what its own prompt sent it: now and then the key that the two agreed on
    /// for it fails, and what the user typed is lost (gnome-keyring 42.1, "Cannot import an invalid key").
    ///
    /// # Panics
    /// When no daemon runs.
    #[must_use]
    pub fn lost_what_was_typed(self) -> bool {
        let daemon = self.daemon();
        let daemon = daemon.as_ref().expect("a daemon runs");
        daemon.log_tail().contains("Cannot import an invalid key")
    }

    /// Ends the daemon, as a crash or an update of it would.
    pub fn stop(self) {
        drop(self.take_daemon());
    }

    /// Locks the default collection.
    pub fn lock(self) {
        self.script(&["lock"], "");
    }

    /// Unlocks the default collection without a prompt.
    pub fn unlock(self) {
        self.script(&["unlock"], PASSWORD);
    }

    /// The items whose `service` attribute is `service`; locked ones without their secrets.
    ///
    /// # Panics
    /// When there is no secret service.
    #[must_use]
    pub fn items(self, service: &str) -> Vec<Item> {
        let items = self.script(&["items", service], "");
        serde_json::from_str(&items).expect("the script writes JSON")
    }

    /// Puts an item into the default collection with libsecret's own program. Items with the same
    /// attributes replace each other: an extra attribute makes them different.
    pub fn plant(self, attributes: &[(&str, &str)], secret: &str) {
        let mut command = self.environment.command("secret-tool");
        command.args(["store", "--label=planted"]);
        for (name, value) in attributes {
            command.args([name, value]);
        }
        self.fed(&mut command, secret);
    }

    /// What libsecret's own program finds under these attributes; empty when nothing.
    ///
    /// # Panics
    /// When secret-tool is not installed.
    #[must_use]
    pub fn lookup(self, attributes: &[(&str, &str)]) -> String {
        let mut command = self.environment.command("secret-tool");
        command.arg("lookup");
        for (name, value) in attributes {
            command.args([name, value]);
        }
        let output = command.output().expect("secret-tool is installed");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The running daemon, which is then the caller's to end.
    pub(crate) fn take_daemon(self) -> Option<Service> {
        self.daemon().take()
    }

    fn daemon(self) -> MutexGuard<'a, Option<Service>> {
        self.daemon.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Path of the default collection, `/` when there is none yet; `None` without a service.
    fn default_collection(self) -> Option<String> {
        let mut command = self.environment.command("dbus-send");
        command
            .args(["--session", "--print-reply=literal"])
            .args(["--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
            .args(["org.freedesktop.Secret.Service.ReadAlias", "string:default"]);
        let output = command.output().expect("dbus-send is installed");
        let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success().then_some(path)
    }

    fn script(self, arguments: &[&str], input: &str) -> String {
        let mut command = self.environment.command(PYTHON);
        self.fed(command.arg(SCRIPT).args(arguments), input)
    }

    fn fed(self, command: &mut Command, input: &str) -> String {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let mut stdin = child.stdin.take().expect("stdin is piped");
        stdin
            .write_all(input.as_bytes())
            .expect("it reads its input");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        assert!(
            output.status.success(),
            "{command:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}
