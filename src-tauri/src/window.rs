//! The one window: its size, and what it may not do.
//!
//! It shows the app's own pages and nothing else: navigation away and new windows are refused. It stands at once, in its
//! colour and with room for its menu, so that nothing moves when the page comes: an engine does not paint in a hidden
//! window, and it slows a hidden page's timers down. Left out: remembering its place (`window_state`), and its colours
//! (`theme`).

use pulse_keys_core::PulseKeys;
use pulse_keys_core::text::{collapsed, cut, sanitized};
use tauri::{AppHandle, Manager as _, Url, WebviewUrl, WebviewWindowBuilder};

use crate::handover::Handover;
use crate::main_window::{self, main_window};
use crate::menu;
use crate::theme;
use crate::window_state::Remembered;

/// The window's title before an account is in use, and what every other one ends with.
const NAME: &str = "Pulse Keys";

/// How much of an account's label the title shows, in characters: the app's name should stay in sight.
const LABEL_IN_TITLE: usize = 60;

/// Makes the window, not on screen yet, and lets its web view start. The page's document brings the handover along.
pub(crate) fn open(app: &AppHandle, handover: Handover) -> tauri::Result<()> {
    let placement = app.state::<Remembered>().placement().in_sight(app);
    let window = WebviewWindowBuilder::new(app, main_window::LABEL, WebviewUrl::default())
        .title(NAME)
        .inner_size(placement.size.0, placement.size.1)
        .min_inner_size(480.0, 400.0)
        .maximized(placement.maximized)
        .visible(false)
        .on_web_resource_request(move |_, response| handover.put_into(response))
        .on_navigation(is_ours)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
        .build()?;
    tracing::debug!("the window is made");
    match placement.corner() {
        Some(corner) => window.set_position(corner),
        None => Ok(()),
    }
}

/// Shows it, in its colour and with room for its menu. To be called on the main thread, once the core is there.
pub(crate) fn show(app: &AppHandle) -> tauri::Result<()> {
    theme::apply(app, &app.state::<PulseKeys>().preferences());
    theme::follow_desktop(app);
    menu::make_room(app)?;
    match main_window(app) {
        Some(window) => window.show(),
        None => Ok(()),
    }
}

/// Names the account in the title.
pub(crate) fn name(app: &AppHandle, account: Option<&str>) -> tauri::Result<()> {
    match main_window(app) {
        Some(window) => window.set_title(&title(account)),
        None => Ok(()),
    }
}

fn title(account: Option<&str>) -> String {
    let account = collapsed(&sanitized(account.unwrap_or_default()));
    if account.is_empty() {
        NAME.to_owned()
    } else {
        format!("{} – {NAME}", cut(&account, LABEL_IN_TITLE))
    }
}

/// Closes the window as its own button does, and with it the app.
pub(crate) fn close(app: &AppHandle) -> tauri::Result<()> {
    match main_window(app) {
        Some(window) => window.close(),
        None => Ok(()),
    }
}

/// Brings the window to the front, for a second start.
pub(crate) fn raise(app: &AppHandle) {
    if let Some(window) = main_window(app) {
        let raised = window
            .unminimize()
            .and_then(|()| window.show())
            .and_then(|()| window.set_focus());
        if let Err(error) = raised {
            tracing::warn!("the window could not be raised: {error}");
        }
    }
}

/// The window as GTK knows it, for a dialog that stands above it. To be called on the main thread.
#[cfg(target_os = "linux")]
pub(crate) fn of_gtk(app: &AppHandle) -> Option<gtk::ApplicationWindow> {
    main_window(app).and_then(|window| window.gtk_window().ok())
}

/// `tauri://localhost`, and the form it has on Windows.
fn is_ours(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_ours, title};

    #[test]
    fn the_title_names_the_account_and_ends_with_the_app() {
        assert_eq!(title(None), "Pulse Keys");
        assert_eq!(title(Some(" \u{202e} ")), "Pulse Keys");
        assert_eq!(title(Some("Acme\nOps")), "AcmeOps – Pulse Keys");
        let long = title(Some(&"x".repeat(500)));
        assert!(long.chars().count() < 80 && long.ends_with("… – Pulse Keys"));
    }

    #[test]
    fn only_the_apps_own_pages_are_shown() {
        let ours = |url: &str| is_ours(&url.parse().unwrap());
        assert!(ours("tauri://localhost/"));
        assert!(ours("http://tauri.localhost/index.html"));
        for foreign in [
            "https://pulseapi.io/",
            "https://tauri.localhost.example/",
            "file:///etc/passwd",
            "data:text/html,x",
            "about:blank",
        ] {
            assert!(!ours(foreign), "{foreign}");
        }
    }
}
