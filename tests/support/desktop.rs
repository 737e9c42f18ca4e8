//! A private desktop for one test: its own HOME and folders, session bus, display with a window
//! manager, and keyring. Nothing in it can see the desktop of the user who runs the tests.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use crate::environment::Environment;
use crate::footprint::Footprint;
pub use crate::keyring::{Keyring, Provider};
use crate::keyring::{Running, SecretService};
use crate::processes::{self, Process};
use crate::service::Service;
use crate::wait;

/// Size of the private display, in pixels, and its depth in bits.
const SCREEN: &str = "1280x860x24";

/// Programs that the private bus may start when asked for: accessibility, and the window in which
/// the keyring asks for its password. Never a secret service: a test starts that itself, or not.
const ACTIVATABLE: [&str; 3] = [
    "org.a11y.Bus.service",
    "org.gnome.keyring.PrivatePrompter.service",
    "org.gnome.keyring.SystemPrompter.service",
];

/// The desktop's portal with GTK's dialogs, and where it remembers what was allowed.
const PORTAL: [&str; 3] = [
    "org.freedesktop.portal.Desktop.service",
    "org.freedesktop.impl.portal.desktop.gtk.service",
    "org.freedesktop.impl.portal.PermissionStore.service",
];

/// The socket of the compositor, which is the first in this desktop.
const WAYLAND: &str = "wayland-1";

/// One screen without a background program, and no X display beside it.
const SWAY: &str = "output * resolution 1280x860
xwayland disable
default_border none
";

/// How long processes may take to notice that their desktop has gone.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// A program that shows windows on Wayland.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compositor {
    /// With data-control: programs reach the clipboard without a window. Has no screen, keyboard and mouse.
    Sway,
    /// Without it: only the window with the keyboard reaches the clipboard. Shown in an X display, from which its
    /// keyboard and mouse come.
    Weston,
}

/// How Sway is started: it refuses to run as root, and in a namespace of its own it is not.
const NOT_AS_ROOT: [&str; 3] = ["--user", "--map-user=1000", "--map-group=1000"];

impl Compositor {
    /// Whether this machine lets it run.
    #[must_use]
    pub fn starts_here(self) -> bool {
        self != Self::Sway
            || Command::new("unshare")
                .args(NOT_AS_ROOT)
                .arg("true")
                .status()
                .is_ok_and(|status| status.success())
    }
}

/// What a new desktop shall have; see [`Desktop::builder`].
#[derive(Clone, Copy, Debug)]
pub struct Builder {
    bus: bool,
    display: bool,
    compositor: Option<Compositor>,
    portal: bool,
    keyring: Keyring,
    provider: Provider,
}

impl Builder {
    /// No session bus: `DBUS_SESSION_BUS_ADDRESS` leads nowhere.
    #[must_use]
    pub fn no_bus(mut self) -> Builder {
        self.bus = false;
        self
    }

    /// An X display of 1280 by 860 pixels with openbox, and accessibility.
    #[must_use]
    pub fn display(mut self) -> Builder {
        self.display = true;
        self
    }

    /// Wayland in place of an X display; programs in this desktop find no X display at all.
    #[must_use]
    pub fn wayland(mut self, compositor: Compositor) -> Builder {
        self.compositor = Some(compositor);
        self
    }

    /// The portal that shows dialogs for other programs; needs the bus and the display.
    #[must_use]
    pub fn portal(mut self) -> Builder {
        self.portal = true;
        self
    }

    /// A keyring; needs the bus.
    #[must_use]
    pub fn keyring(mut self, keyring: Keyring) -> Builder {
        self.keyring = keyring;
        self
    }

    /// The program that keeps the keyring. KeePassXC brings the display that it needs.
    #[must_use]
    pub fn provider(mut self, provider: Provider) -> Builder {
        self.provider = provider;
        self.display |= provider == Provider::KeePassXc;
        self
    }

    /// Starts everything and waits until it answers.
    ///
    /// # Panics
    /// When something doesn't come up; the programs' last words are in the message.
    #[must_use]
    pub fn start(self) -> Desktop {
        let mut desktop = Desktop::empty();
        // The display first: what the bus starts later inherits the bus's environment.
        if self.display {
            desktop.start_display();
        }
        if let Some(compositor) = self.compositor {
            desktop.start_compositor(compositor);
        }
        if self.bus {
            desktop.start_bus(self.portal);
        }
        if self.display {
            desktop.start_window_manager();
        }
        if self.keyring != Keyring::Absent {
            assert!(self.bus, "a keyring can't be reached without a bus");
            desktop
                .keyring()
                .start_provider(self.provider, self.keyring);
        }
        desktop
    }
}

/// A running private desktop. Dropping it ends everything in it and checks that nothing was left
/// running and nothing of the user's own was touched.
pub struct Desktop {
    environment: Environment,
    footprint: Footprint,
    /// In the order of starting; ended the other way round.
    services: Vec<Service>,
    keyring: Mutex<Option<Running>>,
    /// The X display in which a Wayland compositor is shown.
    screen_behind: Option<String>,
}

impl Desktop {
    /// A desktop with a bus, and nothing else until it is asked for.
    #[must_use]
    pub fn builder() -> Builder {
        Builder {
            bus: true,
            display: false,
            compositor: None,
            portal: false,
            keyring: Keyring::Absent,
            provider: Provider::default(),
        }
    }

    /// A command that runs inside this desktop: its environment is this desktop's, with nothing of
    /// the test's own but `PATH`.
    ///
    /// Run it to its end (`output`, `status`), or start it with [`Desktop::start`] so that it ends
    /// with the desktop.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        self.environment.command(program)
    }

    /// Starts a program that runs in the background until the returned [`Service`] is dropped,
    /// which must be before the desktop is.
    #[must_use]
    pub fn start(&self, name: &str, command: &Command) -> Service {
        self.start_with(name, command, b"")
    }

    /// The same with something on its standard input, which is then closed.
    #[must_use]
    pub fn start_with(&self, name: &str, command: &Command, input: &[u8]) -> Service {
        self.environment.start(name, command, input)
    }

    /// The output of a short command, which must succeed.
    ///
    /// # Panics
    /// When it can't be started or fails.
    pub fn output_of(&self, command: &mut Command) -> String {
        let output = command
            .output()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        assert!(
            output.status.success(),
            "{command:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The private HOME.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.environment.home()
    }

    /// Where the app keeps its files in this desktop (`PULSE_KEYS_HOME`); not made beforehand.
    #[must_use]
    pub fn app_home(&self) -> PathBuf {
        self.environment.app_home()
    }

    /// From now on the app's clock is so far ahead of the machine's.
    ///
    /// # Panics
    /// When that can't be written down.
    pub fn clock_is_ahead(&self, by: Duration) {
        // In one step: the app reads it at any time.
        let file = self.environment.clock_file();
        let new = file.with_extension("new");
        fs::write(&new, by.as_secs().to_string()).expect("the temporary folder is ours");
        fs::rename(new, file).expect("the temporary folder is ours");
    }

    /// Everything this desktop has written so far, in files.
    ///
    /// # Panics
    /// When the folder can't be read.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        files_below(self.environment.folder())
    }

    /// The secret service and what it keeps.
    #[must_use]
    pub fn keyring(&self) -> SecretService<'_> {
        SecretService::of(&self.environment, &self.keyring)
    }

    /// Ids of the running processes of this desktop whose program is `program`, an absolute path.
    #[must_use]
    pub fn processes_of(&self, program: &Path) -> Vec<i32> {
        Process::with_home(&self.home())
            .into_iter()
            .filter(|process| process.program == program)
            .map(|process| process.pid)
            .collect()
    }

    fn empty() -> Desktop {
        Desktop {
            environment: Environment::new(),
            footprint: Footprint::of_the_user(),
            services: Vec::new(),
            keyring: Mutex::new(None),
            screen_behind: None,
        }
    }

    fn start_bus(&mut self, portal: bool) {
        let services = self.environment.folder().join("services");
        fs::create_dir(&services).expect("the temporary folder is ours");
        let portal = if portal { PORTAL.as_slice() } else { &[] };
        for name in ACTIVATABLE.iter().chain(portal) {
            let installed = Path::new("/usr/share/dbus-1/services").join(name);
            symlink(installed, services.join(name)).expect("the temporary folder is ours");
        }
        let socket = self.environment.bus_socket();
        let configuration = self.environment.folder().join("bus.conf");
        fs::write(&configuration, bus_configuration(&socket, &services))
            .expect("the temporary folder is ours");
        let mut command = self.command("dbus-daemon");
        command
            .args(["--nofork", "--nopidfile", "--config-file"])
            .arg(configuration);
        let mut bus = self.start("dbus-daemon", &command);
        bus.until_ready("the session bus accepts connections", |_| {
            UnixStream::connect(&socket).ok()
        });
        self.services.push(bus);
    }

    fn start_display(&mut self) {
        let display = self.start_server();
        self.environment.add("DISPLAY", display);
        self.environment.add("XDG_SESSION_TYPE", "x11");
    }

    fn start_compositor(&mut self, compositor: Compositor) {
        let mut command = match compositor {
            Compositor::Sway => {
                let configuration = self.environment.folder().join("sway.conf");
                fs::write(&configuration, SWAY).expect("the temporary folder is ours");
                let mut command = self.command("unshare");
                command
                    .args(NOT_AS_ROOT)
                    .args(["sway", "--config"])
                    .arg(configuration)
                    .env("WLR_BACKENDS", "headless")
                    .env("WLR_LIBINPUT_NO_DEVICES", "1")
                    .env("WLR_RENDERER", "pixman");
                command
            }
            Compositor::Weston => {
                let display = self.start_server();
                let mut command = self.command("weston");
                command
                    .args(["--backend=x11-backend.so", "--use-pixman", "--no-config"])
                    .args(["--width=1280", "--height=860", "--idle-time=0"])
                    // Each window fills the screen, and has the keyboard back when one before it has gone.
                    .args(["--shell=kiosk-shell.so", "--socket=wayland-1"])
                    .env("DISPLAY", &display);
                self.screen_behind = Some(display);
                command
            }
        };
        command.env("XDG_SESSION_TYPE", "wayland");
        let socket = self.environment.runtime().join(WAYLAND);
        let mut service = self.start("compositor", &command);
        service.until_ready("the compositor accepts connections", |_| {
            UnixStream::connect(&socket).ok()
        });
        self.services.push(service);
        self.environment.add("WAYLAND_DISPLAY", WAYLAND);
        self.environment.add("XDG_SESSION_TYPE", "wayland");
    }

    /// A command that sees the X display in which the compositor is shown, to type and click there.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn command_behind(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.command(program);
        let display = self.screen_behind.as_ref();
        command.env("DISPLAY", display.expect("the compositor is in a display"));
        command
    }

    /// Starts an X server and returns its display.
    fn start_server(&mut self) -> String {
        let mut command = self.command("Xvfb");
        // The number is chosen by the server: a fixed one would collide with other runs.
        command
            .args(["-displayfd", "1", "-screen", "0", SCREEN])
            .args(["-nolisten", "tcp", "-noreset"]);
        let mut display = self.start("Xvfb", &command);
        let number = display.first_line();
        self.services.push(display);
        format!(":{number}")
    }

    fn start_window_manager(&mut self) {
        let mut manager = self.start("openbox", self.command("openbox").arg("--sm-disable"));
        manager.until_ready("openbox manages windows", |_| {
            let mut query = self.command("xprop");
            let answer = query.args(["-root", "_NET_SUPPORTING_WM_CHECK"]).output();
            let answer = answer.expect("xprop is installed").stdout;
            String::from_utf8_lossy(&answer)
                .contains("window id")
                .then_some(())
        });
        self.services.push(manager);
    }

    /// Ends everything and returns what had to be ended by force, in words.
    fn close(&mut self) -> Vec<Process> {
        let home = self.home();
        let keyring = self.keyring().take_daemon();
        self.services.extend(keyring);
        let services: Vec<i32> = self.services.iter().map(Service::pid).collect();
        let strays = || Process::strays(&home, &services);
        // A program that was just ended may still have children on their way out.
        wait::within(STOP_TIMEOUT, || strays().is_empty().then_some(()));
        let left_behind = strays();
        left_behind.iter().for_each(Process::kill);

        while let Some(service) = self.services.pop() {
            drop(service);
        }
        // What the bus had started leaves with it; anything slower is ended here.
        let all_gone = || Process::with_home(&home).is_empty().then_some(());
        if wait::within(STOP_TIMEOUT, all_gone).is_none() {
            for process in Process::with_home(&home) {
                processes::kill(process.pid);
            }
            wait::until("every process of the desktop has ended", all_gone);
        }
        left_behind
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let left_behind = self.close();
        // While a test is failing, its own message is the one to read.
        if !std::thread::panicking() {
            assert!(
                left_behind.is_empty(),
                "the test left programs running: {left_behind:?}"
            );
            self.footprint.assert_unchanged();
        }
    }
}

/// A session bus with no services but those in `services`; access as in D-Bus's own session.conf.
fn bus_configuration(socket: &Path, services: &Path) -> String {
    let (socket, services) = (socket.display(), services.display());
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#
    )
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is ours") {
        let entry = entry.expect("the folder is ours");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files.extend(files_below(&entry.path())),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            // Sockets and links hold nothing; what has gone meanwhile neither.
            _ => {}
        }
    }
    files
}
