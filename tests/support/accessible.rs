//! Native controls as assistive technology sees them (AT-SPI): finding dialogs, reading their
//! words, pressing their buttons.
//!
//! Roles are AT-SPI's names: a GTK message dialog is an `alert`, its buttons are `push button`s,
//! its words `label`s, menu entries `menu item`s, the page a `document web`.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::desktop::Desktop;
use crate::keyring::PYTHON;
use crate::wait::WAIT_TIMEOUT;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/support/atspi.py");

/// The script's exit status when there is no such control.
const NOT_THERE: i32 = 3;

/// A control and what is in it, as it was when it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Control {
    /// AT-SPI role name, such as `push button`.
    pub role: String,
    /// Accessible name: a button's label, a window's title.
    pub name: String,
    /// Its own text, for labels and entries.
    pub text: String,
    /// Those that hold of: `focused`, `enabled`, `modal`, `showing`, `checked`, `default`,
    /// `selected`, `editable`, `expanded`, `has popup`.
    pub states: Vec<String>,
    /// The controls inside it, in order.
    pub children: Vec<Control>,
}

impl Control {
    /// Whether the state holds.
    #[must_use]
    pub fn is(&self, state: &str) -> bool {
        self.states.iter().any(|held| held == state)
    }

    /// This control and all below it, parents first.
    #[must_use]
    pub fn all(&self) -> Vec<&Control> {
        let below = self.children.iter().flat_map(Control::all);
        std::iter::once(self).chain(below).collect()
    }

    /// The controls of this role, in reading order.
    #[must_use]
    pub fn with_role(&self, role: &str) -> Vec<&Control> {
        let all = self.all().into_iter();
        all.filter(|control| control.role == role).collect()
    }

    /// The names of the push buttons, in reading order.
    #[must_use]
    pub fn buttons(&self) -> Vec<&str> {
        let buttons = self.with_role("push button").into_iter();
        buttons.map(|button| button.name.as_str()).collect()
    }

    /// The words of the labels that are no button's, in reading order.
    #[must_use]
    pub fn labels(&self) -> Vec<&str> {
        let labels = self.with_role("label").into_iter();
        labels.map(|label| label.name.as_str()).collect()
    }

    /// The name of the button that has the keyboard focus.
    #[must_use]
    pub fn focused_button(&self) -> Option<&str> {
        let mut buttons = self.with_role("push button").into_iter();
        buttons
            .find(|button| button.is("focused"))
            .map(|button| button.name.as_str())
    }
}

/// One program on a private desktop, by the name of its binary.
#[derive(Clone, Copy)]
pub struct Program<'a> {
    desktop: &'a Desktop,
    name: &'a str,
}

impl<'a> Program<'a> {
    /// The program whose binary is called `name`; it may start later.
    #[must_use]
    pub fn named(desktop: &'a Desktop, name: &'a str) -> Program<'a> {
        Program { desktop, name }
    }

    /// The first control of this role, and of this name when one is given, if it is there now.
    ///
    /// # Panics
    /// When python3-pyatspi is not installed.
    #[must_use]
    pub fn look_for(self, role: &str, name: Option<&str>) -> Option<Control> {
        let mut order = vec![role];
        order.extend(name);
        self.ask(Duration::ZERO, "tree", &order).map(parsed)
    }

    /// Waits for the first control of this role, and of this name when one is given.
    ///
    /// # Panics
    /// When it doesn't appear.
    #[must_use]
    pub fn find(self, role: &str, name: Option<&str>) -> Control {
        let mut order = vec![role];
        order.extend(name);
        parsed(self.wait_for("tree", &order))
    }

    /// Waits for a message dialog that shows its buttons, each of which can be pressed: those that do something can't in
    /// the first moment.
    ///
    /// # Panics
    /// When none appears.
    #[must_use]
    pub fn dialog(self) -> Control {
        parsed(self.wait_for("dialog", &[]))
    }

    /// Waits until no message dialog is there.
    ///
    /// # Panics
    /// When one stays.
    pub fn wait_for_no_dialog(self) {
        self.wait_for("no-dialog", &[]);
    }

    /// Presses a button of the message dialog.
    ///
    /// # Panics
    /// When it doesn't appear.
    pub fn press_in_dialog(self, button: &str) {
        self.wait_for("press", &["push button", button, "alert"]);
    }

    /// Does what pressing, clicking or choosing the control does, anywhere in the program.
    ///
    /// # Panics
    /// When it doesn't appear.
    pub fn press(self, role: &str, name: &str) {
        self.wait_for("press", &[role, name]);
    }

    /// The same inside the first control of role `within`, such as the page (`document web`).
    ///
    /// # Panics
    /// When it doesn't appear.
    pub fn press_inside(self, within: &str, role: &str, name: &str) {
        self.wait_for("press", &[role, name, within]);
    }

    /// Waits until an item of an open menu of the menu bar is in sight and on, and answers where its middle is on the
    /// screen, in pixels.
    ///
    /// # Panics
    /// When that doesn't come about.
    #[must_use]
    pub fn place_of_item(self, menu: &str, name: &str) -> (i32, i32) {
        parsed(self.wait_for("item", &[menu, name]))
    }

    /// The middle of a button of the message dialog on the screen, in pixels, whether it can be pressed or not.
    ///
    /// # Panics
    /// When there is no such button.
    #[must_use]
    pub fn place_in_dialog(self, button: &str) -> (i32, i32) {
        parsed(self.wait_for("place", &["push button", button, "alert"]))
    }

    /// What the script prints once that is there.
    fn wait_for(self, what: &str, order: &[&str]) -> String {
        let answer = self.ask(WAIT_TIMEOUT, what, order);
        answer.unwrap_or_else(|| {
            let (name, seconds) = (self.name, WAIT_TIMEOUT.as_secs());
            panic!("waited {seconds} s in vain: {what} of {name}, {order:?}")
        })
    }

    /// What the script prints, if that is there within `limit`.
    fn ask(self, limit: Duration, what: &str, order: &[&str]) -> Option<String> {
        let mut command = self.desktop.command(PYTHON);
        command
            .args([SCRIPT, &limit.as_secs().to_string(), what, self.name])
            .args(order);
        let output = command.output().expect("the system's Python is installed");
        let is_there = output.status.success();
        assert!(
            is_there || output.status.code() == Some(NOT_THERE),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        is_there.then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn parsed<T: DeserializeOwned>(answer: impl AsRef<str>) -> T {
    serde_json::from_str(answer.as_ref()).expect("the script writes JSON")
}
