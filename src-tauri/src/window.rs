//! The one window: its size, and what it may not do.
//!
//! It shows the app's own pages and nothing else: navigation away and new windows are refused. Left out:
//! remembering its place.

use tauri::{AppHandle, Manager as _, Url, WebviewUrl, WebviewWindowBuilder};

/// The window's label, which the capability names.
pub(crate) const LABEL: &str = "main";

/// Opens the window.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Pulse Keys")
        .inner_size(1180.0, 760.0)
        .min_inner_size(480.0, 400.0)
        .on_navigation(is_ours)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// Brings the window to the front, for a second start.
pub(crate) fn raise(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
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
    app.get_webview_window(LABEL)
        .and_then(|window| window.gtk_window().ok())
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
    use super::is_ours;

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
