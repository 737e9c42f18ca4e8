//! Windows and keys as a user has them on X11: what is on the screen, in which order, and key
//! strokes that go through the window manager (unlike WebDriver's, which reach the page only).

use std::path::Path;
use std::process::Command;

use crate::desktop::Desktop;
use crate::keyring::PYTHON;
use crate::service::Service;
use crate::wait;

/// A top-level window, by its X11 id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WindowId(u64);

/// Where a window is and how large, without its frame, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Distance of its left edge from the screen's.
    pub x: i32,
    /// Distance of its upper edge from the screen's.
    pub y: i32,
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
}

/// The display of a private desktop.
#[derive(Clone, Copy)]
pub struct Screen<'a> {
    desktop: &'a Desktop,
}

impl<'a> Screen<'a> {
    /// The screen of a desktop that was built with a display.
    #[must_use]
    pub fn of(desktop: &'a Desktop) -> Screen<'a> {
        Screen { desktop }
    }

    /// The managed windows from bottom to top (`_NET_CLIENT_LIST_STACKING`).
    ///
    /// # Panics
    /// When xprop is not installed.
    #[must_use]
    pub fn stacking(self) -> Vec<WindowId> {
        let list = self.run(&mut self.xprop(&["-root", "_NET_CLIENT_LIST_STACKING"]));
        let ids = list.split_once('#').map_or("", |(_, ids)| ids);
        ids.split(',').filter_map(parse_id).collect()
    }

    /// The titles of the managed windows from bottom to top.
    #[must_use]
    pub fn titles(self) -> Vec<String> {
        let windows = self.stacking().into_iter();
        windows.filter_map(|window| self.title(window)).collect()
    }

    /// The managed window with this title, if it is there now. What it is about may stand before it ("Acme – Title").
    #[must_use]
    pub fn look_for(self, title: &str) -> Option<WindowId> {
        let mut windows = self.stacking().into_iter();
        let after_its_subject = format!(" – {title}");
        windows.find(|&window| {
            let held = self.title(window);
            held.is_some_and(|held| held == title || held.ends_with(&after_its_subject))
        })
    }

    /// Waits for the window with this title, as [`Screen::look_for`] takes it.
    ///
    /// # Panics
    /// When it doesn't appear.
    #[must_use]
    pub fn find(self, title: &str) -> WindowId {
        wait::until(&format!("a window {title:?} appears"), || {
            self.look_for(title)
        })
    }

    /// Waits until no window has this title.
    ///
    /// # Panics
    /// When it stays.
    pub fn wait_until_gone(self, title: &str) {
        wait::until_true(&format!("the window {title:?} is gone"), || {
            self.look_for(title).is_none()
        });
    }

    /// Brings a window to the front and gives it the keyboard, as clicking its title would; waits
    /// until it has it.
    ///
    /// # Panics
    /// When the window manager doesn't do it.
    pub fn activate(self, window: WindowId) {
        self.run(self.xdotool(&["windowactivate"]).arg(window.0.to_string()));
        wait::until_true("the window has the keyboard", || {
            self.active() == Some(window)
        });
    }

    /// Asks the window manager to bring a window to the front, and waits until it has dealt with
    /// that, whatever it did: a modal dialog in front of the window may keep it from it.
    ///
    /// # Panics
    /// When there is no window manager.
    pub fn ask_to_raise(self, window: WindowId) {
        self.run(self.xdotool(&["windowactivate"]).arg(window.0.to_string()));
        // Requests are dealt with in order: once a later one shows effect, this one was dealt with.
        let later = if self.desktops() == "4" { "5" } else { "4" };
        self.run(&mut self.xdotool(&["set_num_desktops", later]));
        wait::until_true("the window manager answers", || self.desktops() == later);
    }

    /// The name of the program that shows a window.
    #[must_use]
    pub fn class(self, window: WindowId) -> String {
        let id = window.0.to_string();
        let answer = self.run(&mut self.xprop(&["-id", &id, "WM_CLASS"]));
        let name = answer.split('"').nth(1);
        name.unwrap_or_default().to_lowercase()
    }

    /// The window that has the keyboard.
    #[must_use]
    pub fn active(self) -> Option<WindowId> {
        let answer = self.run(&mut self.xprop(&["-root", "_NET_ACTIVE_WINDOW"]));
        parse_id(answer.split_once('#')?.1)
    }

    /// Where a window is and how large.
    ///
    /// # Panics
    /// When it is gone.
    #[must_use]
    pub fn geometry(self, window: WindowId) -> Geometry {
        let mut command = self.xdotool(&["getwindowgeometry", "--shell"]);
        let answer = self.run(command.arg(window.0.to_string()));
        let number = |name: &str| {
            let line = answer.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|number| number.parse().ok())
                .unwrap_or_else(|| panic!("{name} is in {answer:?}"))
        };
        Geometry {
            x: number("X="),
            y: number("Y="),
            width: number("WIDTH="),
            height: number("HEIGHT="),
        }
    }

    /// Where on the screen the inside of a window begins. [`Screen::geometry`] counts the frame twice, as xdotool does.
    ///
    /// # Panics
    /// When there is no such window.
    #[must_use]
    pub fn corner(self, window: WindowId) -> (i32, i32) {
        let mut command = self.desktop.command("xwininfo");
        let answer = self.run(command.args(["-id", &window.0.to_string()]));
        let number = |name: &str| {
            let mut lines = answer.lines();
            lines
                .find_map(|line| line.trim().strip_prefix(name)?.trim().parse().ok())
                .unwrap_or_else(|| panic!("{name} is in {answer:?}"))
        };
        (
            number("Absolute upper-left X:"),
            number("Absolute upper-left Y:"),
        )
    }

    /// Moves a window and makes it this large, as dragging it and its edge would, and waits until that is done.
    ///
    /// # Panics
    /// When the window manager doesn't do it.
    pub fn place(self, window: WindowId, (x, y): (i32, i32), (width, height): (i32, i32)) {
        let mut command = self.desktop.command("wmctrl");
        let wanted = format!("0,{x},{y},{width},{height}");
        self.run(command.args(["-i", "-r", &format!("{:#x}", window.0), "-e", &wanted]));
        wait::until_true("the window is as large as it should be", || {
            let now = self.geometry(window);
            (now.width, now.height) == (width, height) && now.x >= x && now.y >= y
        });
    }

    /// Makes a window fill the screen, or go back, as double-clicking its title would.
    pub fn toggle_maximized(self, window: WindowId) {
        let mut command = self.desktop.command("wmctrl");
        let toggle = "toggle,maximized_vert,maximized_horz";
        self.run(command.args(["-i", "-r", &format!("{:#x}", window.0), "-b", toggle]));
    }

    /// Asks a window to close, as its close button would.
    pub fn close(self, window: WindowId) {
        let mut command = self.desktop.command("wmctrl");
        self.run(command.args(["-i", "-c", &format!("{:#x}", window.0)]));
    }

    /// Presses a key or a chord on whatever has the keyboard: `Return`, `ctrl+r`, `shift+F10`.
    pub fn press(self, key: &str) {
        self.run(&mut self.xdotool(&["key", "--clearmodifiers", key]));
    }

    /// How many windows a program shows, the ones that no window manager manages among them, such as open menus.
    #[must_use]
    pub fn shown_by(self, program: &str) -> usize {
        let mut command = self.xdotool(&["search", "--onlyvisible", "--class", program]);
        let output = command.output().expect("xdotool is installed");
        String::from_utf8_lossy(&output.stdout).lines().count()
    }

    /// Clicks a place of the screen with the mouse, and takes the pointer to the corner, where it hovers over nothing.
    pub fn click(self, (x, y): (i32, i32)) {
        let (x, y) = (x.to_string(), y.to_string());
        self.run(&mut self.xdotool(&["mousemove", "--sync", &x, &y, "click", "1"]));
        self.run(&mut self.xdotool(&["mousemove", "--sync", "0", "0"]));
    }

    /// Drags with the mouse from one place to another, at the pace of a hand: programs tell each other on the way what is
    /// dragged.
    pub fn drag(self, from: (i32, i32), to: (i32, i32)) {
        const STEPS: i32 = 8;
        let mut command = self.xdotool(&["mousemove", "--sync"]);
        command.args([from.0.to_string(), from.1.to_string()]);
        command.args(["mousedown", "1"]);
        for step in 1..=STEPS {
            let at = |from: i32, to: i32| (from + (to - from) * step / STEPS).to_string();
            command.args(["mousemove", &at(from.0, to.0), &at(from.1, to.1)]);
            command.args(["sleep", "0.06"]);
        }
        self.run(command.args(["mouseup", "1"]));
    }

    /// Shows a window of another program from which a file can be dragged, until it is dropped.
    #[must_use]
    pub fn file_manager(self, title: &str, file: &Path) -> Service {
        const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/support/drag.py");
        let mut command = self.desktop.command(PYTHON);
        self.desktop
            .start("drag", command.arg(SCRIPT).arg(title).arg(file))
    }

    /// Clicks one place, and then another again and again from the moment at which a window of this title is there:
    /// faster than anybody looks.
    ///
    /// # Panics
    /// When the window doesn't appear.
    pub fn click_on_into(self, from: (i32, i32), title: &str, to: (i32, i32), clicks: u32) {
        let [x, y, to_x, to_y] = [from.0, from.1, to.0, to.1].map(|number| number.to_string());
        let to = ["mousemove", "--sync", &to_x, &to_y];
        self.run(&mut self.xdotool(&["mousemove", "--sync", &x, &y, "click", "1"]));
        self.run(&mut self.xdotool(&to));
        let _ = self.find(title);
        let clicks = clicks.to_string();
        self.run(&mut self.xdotool(&["click", "--repeat", &clicks, "--delay", "40", "1"]));
    }

    /// Holds a key down on whatever has the keyboard while `meanwhile` goes on.
    pub fn hold<T>(self, key: &str, meanwhile: impl FnOnce() -> T) -> T {
        self.run(&mut self.xdotool(&["keydown", key]));
        let done = meanwhile();
        self.run(&mut self.xdotool(&["keyup", key]));
        done
    }

    /// Types a text on whatever has the keyboard.
    pub fn type_text(self, text: &str) {
        self.run(&mut self.xdotool(&["type", "--", text]));
    }

    /// What the user would paste; empty when there is nothing.
    ///
    /// # Panics
    /// When xclip is not installed.
    #[must_use]
    pub fn clipboard(self) -> String {
        self.clipboard_as("UTF8_STRING")
    }

    /// The clipboard in one of the forms in which it is offered; empty when it is not.
    ///
    /// # Panics
    /// When xclip is not installed.
    #[must_use]
    pub fn clipboard_as(self, target: &str) -> String {
        let mut command = self.desktop.command("xclip");
        command.args(["-out", "-selection", "clipboard", "-target", target]);
        let output = command.output().expect("xclip is installed");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Puts a text on the clipboard as another program would, which holds it until it is dropped.
    #[must_use]
    pub fn copy(self, text: &str) -> Service {
        let mut command = self.desktop.command("xclip");
        command.args(["-quiet", "-in", "-selection", "clipboard"]);
        let holder = self.desktop.start_with("xclip", &command, text.as_bytes());
        wait::until_true("the clipboard holds it", || self.clipboard() == text);
        holder
    }

    /// Writes a picture of the whole screen, native windows included, as PNG.
    pub fn picture(self, file: &Path) {
        let mut command = self.desktop.command("import");
        self.run(command.args(["-window", "root"]).arg(file));
    }

    /// Writes a picture of the lower part of the largest window of a program as PNG, so many pixels wide and high: where
    /// a page ends that has a menu bar above it.
    ///
    /// # Panics
    /// When the program shows no window.
    pub fn picture_of_page(self, program: &str, (width, height): (u64, u64), file: &Path) {
        let mut command = self.xdotool(&["search", "--onlyvisible", "--class", program]);
        let shown = self.run(&mut command);
        let windows = shown
            .lines()
            .filter_map(|line| line.parse().ok().map(WindowId));
        let area = |window: &WindowId| {
            let Geometry { width, height, .. } = self.geometry(*window);
            width * height
        };
        let window = windows.max_by_key(area).expect("a window is shown");
        let mut command = self.desktop.command("import");
        let page = format!("{width}x{height}+0+0");
        command.args(["-window", &window.0.to_string(), "-gravity", "South"]);
        self.run(command.args(["-crop", &page, "+repage"]).arg(file));
    }

    /// The window that `window` belongs to (`WM_TRANSIENT_FOR`), if it says so.
    #[must_use]
    pub fn owner(self, window: WindowId) -> Option<WindowId> {
        let id = window.0.to_string();
        let answer = self.run(&mut self.xprop(&["-id", &id, "WM_TRANSIENT_FOR"]));
        parse_id(answer.split_once('#')?.1)
    }

    fn desktops(self) -> String {
        let answer = self.run(&mut self.xdotool(&["get_num_desktops"]));
        answer.trim().to_owned()
    }

    fn title(self, window: WindowId) -> Option<String> {
        let mut command = self.xdotool(&["getwindowname"]);
        // A window may close between being listed and being asked.
        let output = command.arg(window.0.to_string()).output().ok()?;
        let title = String::from_utf8_lossy(&output.stdout);
        output
            .status
            .success()
            .then(|| title.trim_end_matches('\n').to_owned())
    }

    fn xdotool(self, arguments: &[&str]) -> Command {
        let mut command = self.desktop.command("xdotool");
        command.args(arguments);
        command
    }

    fn xprop(self, arguments: &[&str]) -> Command {
        let mut command = self.desktop.command("xprop");
        command.args(arguments);
        command
    }

    fn run(self, command: &mut Command) -> String {
        self.desktop.output_of(command)
    }
}

fn parse_id(text: &str) -> Option<WindowId> {
    let digits = text.trim().strip_prefix("0x")?;
    let id = u64::from_str_radix(digits, 16).ok()?;
    // Zero is X11's "none".
    (id != 0).then_some(WindowId(id))
}
