//! The installed app on a private desktop, and its page as assistive technology reads it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use support::accessible::{Control, Program};
use support::desktop::{Desktop, Keyring};
use support::service::Service;
use support::wait;
use support::window::{Screen, WindowId};

use crate::machine::{NAME, PROGRAM};

/// The window's title before an account is in use, and what every other one ends with.
pub(crate) const WINDOW: &str = "Pulse Keys";

/// The role of the page among the app's controls.
const PAGE: &str = "document web";

/// How long the page may take, on a busy machine: it is read whole each time.
const WAIT_TIMEOUT: Duration = Duration::from_secs(60);

/// A user's desktop, with an unlocked keyring.
pub(crate) struct TestHost {
    pub(crate) desktop: Desktop,
}

impl TestHost {
    pub(crate) fn new() -> TestHost {
        let desktop = Desktop::builder()
            .display()
            .keyring(Keyring::Unlocked)
            .start();
        TestHost { desktop }
    }

    /// A program as this user starts it. Without the variable that tests redirect the app with: where it keeps its
    /// files by itself is a part of what is tested.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = self.desktop.command(program);
        command.env_remove("PULSE_KEYS_HOME");
        command
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.desktop.home().join(".config/pulse-keys")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.desktop.home().join(".local/share/pulse-keys")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.data().join("pulse-keys.sqlite")
    }

    /// Starts the app, and waits for its window.
    pub(crate) fn start(&self) -> App<'_> {
        let mut service = self.desktop.start(NAME, &self.command(PROGRAM));
        let screen = Screen::of(&self.desktop);
        let window = service.until_ready("the window opens", |_| screen.look_for(WINDOW));
        App {
            host: self,
            window,
            service: Some(service),
        }
    }

    /// Opens a link as a browser would, through the desktop, and waits for the app's window.
    pub(crate) fn open(&self, link: &str) -> App<'_> {
        let mut command = self.command("gio");
        command.args(["open", link]);
        // The app keeps what it is given here for as long as it runs, so nobody waits for the end of its output.
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(status.expect("gio is installed").success(), "{command:?}");
        App {
            host: self,
            window: Screen::of(&self.desktop).find(WINDOW),
            service: None,
        }
    }
}

/// The running app.
pub(crate) struct App<'a> {
    host: &'a TestHost,
    pub(crate) window: WindowId,
    /// Where it was started by hand.
    service: Option<Service>,
}

impl App<'_> {
    pub(crate) fn native(&self) -> Program<'_> {
        Program::named(&self.host.desktop, NAME)
    }

    pub(crate) fn screen(&self) -> Screen<'_> {
        Screen::of(&self.host.desktop)
    }

    /// Waits until the page says this somewhere, in the name or the text of a control.
    pub(crate) fn wait_for(&self, words: &str) {
        self.until(&format!("the page says {words:?}"), |page| {
            says(page, words)
        });
    }

    /// Presses a control of the page once it can be pressed.
    pub(crate) fn press(&self, role: &str, name: &str) {
        self.until(&format!("{role} {name:?} can be pressed"), |page| {
            let mut controls = page.with_role(role).into_iter();
            controls.any(|control| control.name == name && control.is("enabled"))
        });
        self.native().press_inside(PAGE, role, name);
    }

    /// Waits for something of the page. What it says instead is in the message.
    fn until(&self, what: &str, mut condition: impl FnMut(&Control) -> bool) {
        let mut shown = None;
        let found = wait::within(WAIT_TIMEOUT, || {
            shown = self.native().look_for(PAGE, None);
            shown.as_ref().is_some_and(&mut condition).then_some(())
        });
        let said: Vec<String> = shown.iter().flat_map(Control::all).map(said).collect();
        assert!(
            found.is_some(),
            "waited in vain: {what}; the page has:\n{}",
            said.join("\n")
        );
    }

    /// Waits until the card of a key is open.
    pub(crate) fn wait_for_card_of(&self, name: &str) {
        wait::until_true(&format!("the card of {name:?} is open"), || {
            let card = self.native().look_for("dialog", None);
            card.is_some_and(|card| says(&card, name))
        });
    }

    /// Closes the window, and waits until the app has ended.
    pub(crate) fn close(self) {
        self.screen().close(self.screen().find(WINDOW));
        let desktop = &self.host.desktop;
        wait::until_true("the app has ended", || {
            desktop.processes_of(Path::new(PROGRAM)).is_empty()
        });
        drop(self.service);
    }
}

/// A control in a line.
fn said(control: &Control) -> String {
    format!("{} {:?} {:?}", control.role, control.name, control.text)
}

fn says(control: &Control, words: &str) -> bool {
    let mut all = control.all().into_iter();
    all.any(|control| control.name.contains(words) || control.text.contains(words))
}
