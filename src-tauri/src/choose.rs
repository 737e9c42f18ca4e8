//! The native dialog in which the person chooses a file or a folder that is to be read.
//!
//! On Linux it is made with GTK itself, as the questions are: `rfd` gives it no parent there, and it could fall behind
//! the window. Hidden files are shown: keys are kept in them. Left out: reading.

use std::path::PathBuf;

use pulse_keys_core::host::OpenPlace;
use tauri::AppHandle;

#[cfg(target_os = "linux")]
mod platform {
    use std::cell::Cell;
    use std::path::PathBuf;

    use gtk::glib;
    use gtk::prelude::*;
    use pulse_keys_core::host::OpenPlace;
    use tauri::AppHandle;
    use tokio::sync::oneshot;

    use crate::window;

    /// Shows the dialog above the app's window; what was chosen arrives on the channel.
    pub(super) fn show(
        app: &AppHandle,
        place: OpenPlace,
        answer: oneshot::Sender<Option<PathBuf>>,
    ) {
        let handle = app.clone();
        let shown = app.run_on_main_thread(move || {
            present(window::of_gtk(&handle).as_ref(), &place, answer);
        });
        if let Err(error) = shown {
            tracing::error!("no dialog could be shown: {error}");
        }
    }

    fn present(
        parent: Option<&gtk::ApplicationWindow>,
        place: &OpenPlace,
        answer: oneshot::Sender<Option<PathBuf>>,
    ) {
        let action = if place.folder {
            gtk::FileChooserAction::SelectFolder
        } else {
            gtk::FileChooserAction::Open
        };
        let dialog = gtk::FileChooserNative::new(
            Some(&place.title),
            parent,
            action,
            Some(&place.yes),
            Some("_Cancel"),
        );
        dialog.set_modal(true);
        dialog.set_show_hidden(true);
        // Without it the dialog begins wherever the app was started from.
        dialog.set_current_folder(glib::home_dir());

        // Unlike a window, it lives only as long as somebody holds it: its own handler does, until the answer.
        let held = Cell::new(Some((dialog.clone(), answer)));
        dialog.connect_response(move |_, response| {
            let Some((dialog, answer)) = held.take() else {
                return;
            };
            let chosen = match response {
                gtk::ResponseType::Accept => dialog.filename(),
                _ => None,
            };
            // The asker may be gone with the window; then nobody needs the answer.
            let _ = answer.send(chosen);
        });
        dialog.show();
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use std::path::PathBuf;

    use pulse_keys_core::host::OpenPlace;
    use rfd::AsyncFileDialog;
    use tauri::{AppHandle, Manager as _};
    use tokio::sync::oneshot;

    use crate::window;

    /// Shows the dialog above the app's window; what was chosen arrives on the channel.
    pub(super) fn show(
        app: &AppHandle,
        place: OpenPlace,
        answer: oneshot::Sender<Option<PathBuf>>,
    ) {
        let handle = app.clone();
        let shown = app.run_on_main_thread(move || {
            let mut dialog = AsyncFileDialog::new().set_title(place.title);
            if let Some(window) = handle.get_webview_window(window::LABEL) {
                dialog = dialog.set_parent(&window);
            }
            // Both have to begin here, on the main thread.
            let chosen: std::pin::Pin<Box<dyn Future<Output = _> + Send>> = if place.folder {
                Box::pin(dialog.pick_folder())
            } else {
                Box::pin(dialog.pick_file())
            };
            tauri::async_runtime::spawn(async move {
                let chosen = chosen.await.map(|file| file.path().to_path_buf());
                // The asker may be gone with the window; then nobody needs the answer.
                let _ = answer.send(chosen);
            });
        });
        if let Err(error) = shown {
            tracing::error!("no dialog could be shown: {error}");
        }
    }
}

/// What to read; none when the person chose nothing.
pub(crate) async fn choose(app: &AppHandle, place: OpenPlace) -> Option<PathBuf> {
    let (answer, answered) = tokio::sync::oneshot::channel();
    platform::show(app, place, answer);
    answered.await.unwrap_or(None)
}
