//! The app in its window, driven through `WebKitWebDriver`: the page's elements as a user or a
//! screen reader names them, by role and label.
//!
//! The driver reaches the page only. Menus, native dialogs and accelerators are for
//! [`window`](crate::window) and [`accessible`](crate::accessible): WebDriver's keys never get to
//! them.

mod elements;
mod names;
mod wire;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, json};

use crate::accessible::Program;
use crate::desktop::Desktop;
use crate::processes::{self, Process};
use crate::service::Service;
use crate::wait::{self, WAIT_TIMEOUT};
use crate::window::Screen;

const POLL_INTERVAL: Duration = Duration::from_millis(30);

/// How long the app may take to open its window, on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// More places for the focus than any screen of the app has.
const MAX_STOPS: usize = 60;

/// The app under test: `PULSE_KEYS_APP`, or the debug build.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn program() -> PathBuf {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/debug/pulse-keys");
    let path = std::env::var_os("PULSE_KEYS_APP").map_or_else(|| built.into(), PathBuf::from);
    path.canonicalize().unwrap_or_else(|error| {
        panic!(
            "no app at {} ({error}); `cargo xtask test e2e` builds it",
            path.display()
        )
    })
}

/// The app, running in a desktop with a display. Dropping it ends the session, the driver and the
/// app, whatever state they are in; it must be dropped before the desktop.
pub struct App<'a> {
    desktop: &'a Desktop,
    program: PathBuf,
    client: Client,
    session: String,
    port: u16,
    driver: Option<Service>,
}

impl<'a> App<'a> {
    /// Starts the app with nothing special.
    pub async fn start(desktop: &'a Desktop) -> App<'a> {
        App::start_with(desktop, &program(), &[], &[]).await
    }

    /// Starts `program` with arguments and additions to the desktop's environment, and waits for
    /// its page.
    ///
    /// # Panics
    /// When it doesn't come up.
    pub async fn start_with(
        desktop: &'a Desktop,
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> App<'a> {
        // The bus may learn of the end of an earlier app after the kernel did; until then a new one
        // takes itself for the second instance.
        wait::until_true("no other instance is on the bus", || {
            !is_on_the_bus(desktop)
        });
        let port = free_port();
        let mut command = desktop.command("WebKitWebDriver");
        command
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(environment.iter().copied());
        let mut driver = desktop.start("WebKitWebDriver", &command);
        driver.until_ready("the WebDriver answers", |_| {
            wire::request(port, "GET", "/status")
        });
        let options = json!({ "binary": program, "args": arguments });
        let capabilities = Map::from_iter([("webkitgtk:browserOptions".to_owned(), options)]);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{port}");
        let opening = builder.capabilities(capabilities).connect(&address);
        // The driver itself waits for ever for an app that ended at once.
        let client = tokio::time::timeout(START_TIMEOUT, opening)
            .await
            .unwrap_or_else(|_| panic!("{} opens no window", program.display()))
            .unwrap_or_else(|error| {
                panic!(
                    "{} does not start: {error}\n{}",
                    program.display(),
                    driver.log_tail()
                )
            });
        let session = client.session_id().await.expect("the session is open");
        App {
            desktop,
            program: program.to_owned(),
            client,
            session: session.expect("a session has an id"),
            port,
            driver: Some(driver),
        }
    }

    /// The WebDriver client, for what has no helper here.
    #[must_use]
    pub fn page(&self) -> &Client {
        &self.client
    }

    /// The app's native controls: its menus and dialogs.
    ///
    /// # Panics
    /// When the program's name is not text.
    #[must_use]
    pub fn native(&self) -> Program<'_> {
        let name = self.program.file_name().and_then(|name| name.to_str());
        Program::named(self.desktop, name.expect("the program has a name"))
    }

    /// Presses a key in the X display in which the app's compositor is shown.
    pub fn press_behind(&self, key: &str) {
        let mut command = self.desktop.command_behind("xdotool");
        self.desktop.output_of(command.args(["key", key]));
    }

    /// The display that the app is on.
    #[must_use]
    pub fn screen(&self) -> Screen<'_> {
        Screen::of(self.desktop)
    }

    /// Ids of the app's running processes (its own, without `WebKit`'s helpers).
    #[must_use]
    pub fn processes(&self) -> Vec<i32> {
        self.desktop.processes_of(&self.program)
    }

    /// Ids of the processes in which `WebKit` runs the page.
    #[must_use]
    pub fn page_processes(&self) -> Vec<i32> {
        let all = Process::with_home(&self.desktop.home()).into_iter();
        all.filter(|process| process.program.ends_with("WebKitWebProcess"))
            .map(|process| process.pid)
            .collect()
    }

    /// Waits until the page shows `text` somewhere.
    ///
    /// # Panics
    /// With what it shows instead, when it doesn't.
    pub async fn wait_for_text(&self, text: &str) {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            let shown = self.text().await;
            if shown.contains(text) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "the page never showed {text:?}, but:\n{shown}"
            );
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Everything the page shows, as text.
    ///
    /// # Panics
    /// When the app has ended.
    pub async fn text(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        let text = self.client.execute(script, vec![]).await;
        let text = text.expect("the app is running");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Clicks the control of this role and name once it is there and not off.
    ///
    /// # Panics
    /// When it doesn't appear or can't be clicked.
    pub async fn press(&self, role: &str, name: &str) {
        self.until(&format!("{role} {name:?} can be pressed"), async || {
            // It may be drawn anew or covered for a moment between being found and being clicked.
            let control = self.look_for_enabled(role, name).await?;
            control.click().await.ok()
        })
        .await;
    }

    /// Clicks the first visible element that matches a CSS selector, once it is there and not off.
    ///
    /// # Panics
    /// When it doesn't appear or can't be clicked.
    pub async fn click(&self, css: &str) {
        self.until(&format!("{css} can be clicked"), async || {
            self.look_for_enabled_css(css).await?.click().await.ok()
        })
        .await;
    }

    /// Clicks a place in the page, in CSS pixels, whatever is there.
    ///
    /// # Panics
    /// When the app has ended.
    pub async fn click_at(&self, x: f64, y: f64) {
        let pointer = MouseActions::new("mouse".to_owned())
            .then(PointerAction::MoveTo {
                duration: None,
                x,
                y,
            })
            .then(PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            })
            .then(PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            });
        let clicked = self.client.perform_actions(pointer).await;
        clicked.expect("the app is running");
    }

    /// Presses Tab, as a user would, until the control of this name has the focus.
    ///
    /// # Panics
    /// When the focus does not come to it.
    pub async fn tab_to(&self, name: &str) {
        let mut passed = Vec::new();
        while passed.len() < MAX_STOPS {
            let here = self.client.active_element().await;
            let here = here.expect("something has the focus");
            let label = self.focused().await.unwrap_or_default();
            if label == name {
                return;
            }
            passed.push(label);
            self.screen().press("Tab");
            self.until("Tab moves the focus", async || {
                let now = self.client.active_element().await.ok()?;
                (now.element_id() != here.element_id()).then_some(())
            })
            .await;
        }
        panic!("Tab never came to {name:?}, but to {passed:?}");
    }

    /// Replaces what is in the text field of this name.
    ///
    /// # Panics
    /// When it doesn't appear or takes no text.
    pub async fn type_into(&self, name: &str, text: &str) {
        let what = format!("a field {name:?} is visible");
        let field = self.until(&what, async || {
            for role in ["textbox", "searchbox"] {
                if let Some(field) = self.look_for_role(role, name).await.ok()? {
                    return Some(field);
                }
            }
            None
        });
        let field = field.await;
        field.clear().await.expect("the field takes text");
        // The driver refuses to type nothing.
        if !text.is_empty() {
            field.send_keys(text).await.expect("the field takes text");
        }
    }

    /// Writes a picture of the page (no menu bar) as PNG. From the screen: the driver's own pictures never come where
    /// WebKitGTK paints without a graphics card.
    ///
    /// # Panics
    /// When the app has ended or the file can't be written.
    pub async fn picture(&self, file: &Path) {
        let script =
            "return [innerWidth, innerHeight].map((each) => Math.round(each * devicePixelRatio))";
        let size = self.client.execute(script, vec![]).await;
        let size = size.expect("the app is running");
        let size = serde_json::from_value(size).expect("a width and a height");
        self.screen().picture_of_page("pulse-keys", size, file);
    }

    /// Waits until the page stands still: no movement that ends is under way, and the engine has painted a few times
    /// since. On a busy machine a picture may be some frames behind the page.
    ///
    /// # Panics
    /// When the app has ended.
    pub async fn at_rest(&self) {
        let rest = "const done = arguments[0]; \
            const isMoving = () => document.getAnimations().some((each) => \
                each.playState === 'running' && each.effect.getComputedTiming().iterations !== Infinity); \
            const look = (frames) => requestAnimationFrame(() => \
                isMoving() ? look(12) : frames === 0 ? done(true) : look(frames - 1)); \
            look(12)";
        let rested = self.client.execute_async(rest, vec![]).await;
        rested.expect("the app is running");
    }

    /// Ends the app, as far as the driver can: the window is closed.
    pub fn close(self) {
        drop(self);
    }

    /// Waits until `condition` gives something.
    ///
    /// # Panics
    /// With `what` and what the page shows, when it never does.
    pub async fn until<T>(&self, what: &str, condition: impl AsyncFnMut() -> Option<T>) -> T {
        match self.within_wait(condition).await {
            Some(found) => found,
            None => panic!(
                "waited {} s in vain: {what}; the page shows:\n{}",
                WAIT_TIMEOUT.as_secs(),
                self.text().await
            ),
        }
    }

    /// The same, and `None` when it never does.
    pub async fn within_wait<T>(&self, mut condition: impl AsyncFnMut() -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            if let Some(found) = condition().await {
                return Some(found);
            }
            if Instant::now() >= deadline {
                return None;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }
}

impl Drop for App<'_> {
    fn drop(&mut self) {
        // Ending the driver alone would leave the app running, without a parent.
        let _ = wire::request(self.port, "DELETE", &format!("/session/{}", self.session));
        drop(self.driver.take());
        let ended = wait::within(Duration::from_secs(3), || {
            self.processes().is_empty().then_some(())
        });
        if ended.is_none() {
            self.processes().into_iter().for_each(processes::kill);
        }
    }
}

/// Whether an instance of the app holds its name on the desktop's bus, if there is a bus.
fn is_on_the_bus(desktop: &Desktop) -> bool {
    let mut command = desktop.command("dbus-send");
    command.args([
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.DBus",
        "/org/freedesktop/DBus",
    ]);
    let names = command
        .arg("org.freedesktop.DBus.ListNames")
        .output()
        .expect("dbus-send is installed");
    String::from_utf8_lossy(&names.stdout).contains("SingleInstance")
}

/// A port that was free a moment ago; the driver can't choose one by itself.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("this machine has a free port");
    listener.local_addr().expect("it is bound").port()
}
