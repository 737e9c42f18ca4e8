//! The installed app on a private desktop, and its page as assistive technology reads it.

use std::path::PathBuf;
use std::process::Command;

use support::accessible::{Control, Program};
use support::desktop::{Desktop, Keyring};
use support::service::Service;
use support::wait;
use support::window::{Screen, WindowId};

use crate::machine::{NAME, PROGRAM};

/// The window's title before an account is in use, and what every other one ends with.
pub(crate) const WINDOW: &str = "Pulse Keys";

/// A person's desktop, with an unlocked keyring.
pub(crate) struct Person {
    pub(crate) desktop: Desktop,
}

impl Person {
    pub(crate) fn new() -> Person {
        let desktop = Desktop::builder()
            .display()
            .keyring(Keyring::Unlocked)
            .start();
        Person { desktop }
    }

    /// A program as this person starts it. Without the variable that tests redirect the app with: where it keeps its
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

    /// The app, with its window in sight.
    pub(crate) fn app(&self) -> App<'_> {
        let mut service = self.desktop.start(NAME, &self.command(PROGRAM));
        let screen = Screen::of(&self.desktop);
        let window = service.until_ready("the window opens", |_| screen.look_for(WINDOW));
        App {
            native: Program::named(&self.desktop, NAME),
            screen,
            window,
            service,
        }
    }
}

/// The running app.
pub(crate) struct App<'a> {
    pub(crate) native: Program<'a>,
    pub(crate) screen: Screen<'a>,
    pub(crate) window: WindowId,
    service: Service,
}

impl App<'_> {
    /// Waits until the page says this somewhere, in the name or the text of a control.
    pub(crate) fn wait_for(&self, words: &str) {
        wait::until_true(&format!("the page says {words:?}"), || {
            let page = self.native.look_for("document web", None);
            page.is_some_and(|page| says(&page, words))
        });
    }

    /// Presses a control of the page once it can be pressed.
    pub(crate) fn press(&self, role: &str, name: &str) {
        wait::until_true(&format!("{role} {name:?} can be pressed"), || {
            let control = self.native.look_for(role, Some(name));
            control.is_some_and(|control| control.is("enabled"))
        });
        self.native.press(role, name);
    }

    /// Closes the window, and waits until the app has ended.
    pub(crate) fn close(mut self) {
        self.screen.close(self.screen.find(WINDOW));
        wait::until_true("the app has ended", || !self.service.is_running());
    }
}

fn says(control: &Control, words: &str) -> bool {
    let mut all = control.all().into_iter();
    all.any(|control| control.name.contains(words) || control.text.contains(words))
}
