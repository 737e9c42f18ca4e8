//! The private desktop's secret service: starting and stopping it, locking it, and looking at what
//! it keeps without going through the app.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;

use crate::environment::Environment;
use crate::keepassxc;
use crate::service::Service;
use crate::wait;

pub use crate::environment::PASSWORD;

/// The name of KeePassXC's database.
const DATABASE: &str = "secrets";

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/support/keyring.py");

/// The system's Python: the one that Debian's python3-gi and python3-pyatspi belong to.
pub(crate) const PYTHON: &str = "/usr/bin/python3";

/// The program that keeps the secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Provider {
    /// gnome-keyring-daemon, which needs no display.
    #[default]
    GnomeKeyring,
    /// KeePassXC with one database, which shows its root group. Needs a display.
    KeePassXc,
}

/// The state of the keyring in a new desktop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keyring {
    /// No program keeps secrets.
    #[default]
    Absent,
    /// A daemon that has no collection yet.
    Empty,
    /// A daemon with a default collection, locked with [`PASSWORD`].
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

/// The program that runs.
pub(crate) struct Running {
    provider: Provider,
    service: Service,
}

/// Handle to the secret service of a desktop.
#[derive(Clone, Copy)]
pub struct SecretService<'a> {
    environment: &'a Environment,
    /// The running daemon, which the desktop ends with everything else.
    daemon: &'a Mutex<Option<Running>>,
}

impl<'a> SecretService<'a> {
    pub(crate) fn of(
        environment: &'a Environment,
        daemon: &'a Mutex<Option<Running>>,
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
        self.start_provider(Provider::GnomeKeyring, state);
    }

    /// The same with a program of choice.
    ///
    /// # Panics
    /// When one is running already, or it does not come up.
    pub fn start_provider(self, provider: Provider, state: Keyring) {
        if state == Keyring::Absent {
            return;
        }
        match provider {
            Provider::GnomeKeyring => {
                let mut command = self.environment.command("gnome-keyring-daemon");
                command.args(["--foreground", "--components=secrets"]);
                let mut password = "";
                if state != Keyring::Empty {
                    command.arg("--unlock");
                    password = PASSWORD;
                }
                self.run(provider, &command, password, state != Keyring::Empty);
                if state == Keyring::Locked {
                    self.lock();
                }
            }
            Provider::KeePassXc => self.start_keepassxc(state, false),
        }
    }

    /// Starts KeePassXC; `asks_for_each` entry that a program wants, as it does when it is new.
    ///
    /// # Panics
    /// When a daemon is running already, or it does not come up.
    pub fn start_keepassxc(self, state: Keyring, asks_for_each: bool) {
        keepassxc::configure(self.environment, asks_for_each);
        let database = keepassxc::database(self.environment, DATABASE);
        let databases = [database.as_path()];
        let databases = if state == Keyring::Empty {
            &[]
        } else {
            databases.as_slice()
        };
        let is_open = state == Keyring::Unlocked;
        let command = keepassxc::command(self.environment, databases, is_open);
        let password = format!("{PASSWORD}\n");
        let has_collection = state != Keyring::Empty;
        self.run(Provider::KeePassXc, &command, &password, has_collection);
        if is_open {
            self.wait_until_open();
        }
    }

    /// Starts the program and waits until it answers, with a default collection if it is to have one.
    fn run(self, provider: Provider, command: &Command, input: &str, has_collection: bool) {
        let mut daemon = self.daemon();
        assert!(daemon.is_none(), "a keyring daemon is running already");
        let service = self.environment.start("keyring", command, input.as_bytes());
        let running = daemon.insert(Running { provider, service });
        running
            .service
            .until_ready("the secret service answers", |_| {
                let default = self.default_collection()?;
                (!has_collection || default != "/").then_some(())
            });
    }

    fn wait_until_open(self) {
        wait::until_true("the database is open", || {
            self.script(&["is-locked"], "").trim() == "False"
        });
    }

    fn provider(self) -> Provider {
        let daemon = self.daemon();
        daemon.as_ref().expect("a daemon runs").provider
    }

    /// Closes every database of KeePassXC, as its menu does; [`SecretService::unlock`] opens the first again.
    pub fn close_databases(self) {
        keepassxc::call(self.environment, "closeAllDatabases", &[]);
    }

    /// Opens another database in KeePassXC, in front of the first: it is where new items go from then on.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn open_another_database(self) {
        let before = self.default_collection();
        let file = keepassxc::database(self.environment, "another");
        let file = file.to_str().expect("temporary paths are text");
        keepassxc::call(self.environment, "openDatabase", &[file, PASSWORD]);
        wait::until_true("the other database is in front", || {
            self.default_collection() != before
        });
    }

    /// Locks the first database of KeePassXC and leaves others open.
    pub fn lock_first_database(self) {
        self.script(&["lock", DATABASE], "");
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
        daemon
            .service
            .log_tail()
            .contains("Cannot import an invalid key")
    }

    /// Ends the daemon, as a crash or an update of it would.
    pub fn stop(self) {
        drop(self.take_daemon());
    }

    /// Locks the default collection.
    ///
    /// # Panics
    /// When it stays open.
    pub fn lock(self) {
        match self.provider() {
            Provider::GnomeKeyring => drop(self.script(&["lock"], "")),
            // While it writes down what was just stored, it locks nothing and says nothing of that.
            Provider::KeePassXc => wait::until_true("the database is locked", || {
                keepassxc::call(self.environment, "lockAllDatabases", &[]);
                self.script(&["is-locked"], "").trim() == "True"
            }),
        }
    }

    /// Unlocks the default collection without a prompt.
    ///
    /// # Panics
    /// When it stays locked.
    pub fn unlock(self) {
        match self.provider() {
            Provider::GnomeKeyring => drop(self.script(&["unlock"], PASSWORD)),
            Provider::KeePassXc => {
                let file = keepassxc::database(self.environment, DATABASE);
                let file = file.to_str().expect("temporary paths are text");
                keepassxc::call(self.environment, "openDatabase", &[file, PASSWORD]);
                self.wait_until_open();
            }
        }
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
        self.daemon().take().map(|running| running.service)
    }

    fn daemon(self) -> MutexGuard<'a, Option<Running>> {
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
