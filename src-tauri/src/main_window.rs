//! The one window, found by its label.

use tauri::{AppHandle, Manager as _, WebviewWindow};

/// Its label, which the capability names too.
pub(crate) const LABEL: &str = "main";

/// The window, while there is one.
pub(crate) fn main_window(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(LABEL)
}
