//! The native dialog in which the person chooses where a file is written.
//!
//! On Linux it is made with GTK itself, as the questions are: `rfd` gives it no parent there, and it could fall behind
//! the window. A file that is there already is asked about by the dialog, so the name is taken as it was typed: an
//! extension that was added afterwards could name another file, and nobody would have been asked. Left out:
//! writing, and what the file is called.

use std::path::PathBuf;

use pulse_keys_core::host::SavePlace;
use tauri::AppHandle;

#[cfg(target_os = "linux")]
mod platform {
    use std::cell::Cell;
    use std::path::PathBuf;

    use gtk::glib;
    use gtk::prelude::*;
    use pulse_keys_core::host::SavePlace;
    use tauri::AppHandle;
    use tokio::sync::oneshot;

    use crate::window;

    /// Shows the dialog above the app's window; what was chosen arrives on the channel.
    pub(super) fn show(
        app: &AppHandle,
        place: SavePlace,
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
        place: &SavePlace,
        answer: oneshot::Sender<Option<PathBuf>>,
    ) {
        let dialog = gtk::FileChooserNative::new(
            Some(&place.title),
            parent,
            gtk::FileChooserAction::Save,
            Some("_Save"),
            Some("_Cancel"),
        );
        dialog.set_modal(true);
        dialog.set_do_overwrite_confirmation(true);
        // Without it the dialog begins wherever the app was started from.
        let folder = glib::user_special_dir(glib::UserDirectory::Documents);
        dialog.set_current_folder(folder.unwrap_or_else(glib::home_dir));
        dialog.set_current_name(&place.file_name);
        let filter = gtk::FileFilter::new();
        filter.set_name(Some(&place.kind));
        filter.add_pattern(&format!("*.{}", place.extension));
        dialog.add_filter(filter);

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

    use pulse_keys_core::host::SavePlace;
    use rfd::AsyncFileDialog;
    use tauri::{AppHandle, Manager as _};
    use tokio::sync::oneshot;

    use crate::window;

    /// Shows the dialog above the app's window; what was chosen arrives on the channel.
    pub(super) fn show(
        app: &AppHandle,
        place: SavePlace,
        answer: oneshot::Sender<Option<PathBuf>>,
    ) {
        let handle = app.clone();
        let shown = app.run_on_main_thread(move || {
            let mut dialog = AsyncFileDialog::new()
                .set_title(place.title)
                .set_file_name(place.file_name)
                .add_filter(place.kind, &[place.extension]);
            if let Some(window) = handle.get_webview_window(window::LABEL) {
                dialog = dialog.set_parent(&window);
            }
            let chosen = dialog.save_file();
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

/// Where to write the file; none when the person chose no place.
pub(crate) async fn choose(app: &AppHandle, place: SavePlace) -> Option<PathBuf> {
    let (answer, answered) = tokio::sync::oneshot::channel();
    platform::show(app, place, answer);
    answered.await.unwrap_or(None)
}
