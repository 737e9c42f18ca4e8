//! The native dialogs in which the user chooses a file or a folder to read, or where a file is written.
//!
//! On Linux they are made with GTK itself, as the questions are: `rfd` gives them no parent there, and they could fall
//! behind the window. Not by way of the desktop's portal, which GTK's "native" dialog may take: the portal has a look at
//! the process that asks, and this one does not let itself be looked at (`fatal`). A file that is there already is asked about by the dialog, so the name is taken as it was typed:
//! an extension that was added afterwards could name another file, and nobody would have been asked. Left out: reading,
//! writing, and what the file is called.

use std::path::PathBuf;

use pulse_keys_core::host::{OpenPlace, SavePlace};
use tauri::AppHandle;
use tokio::sync::oneshot;

use crate::window;

/// What is to be chosen.
enum Choice {
    Open(OpenPlace),
    Save(SavePlace),
}

/// What to read; none when the user chose nothing.
pub(crate) async fn open(app: &AppHandle, place: OpenPlace) -> Option<PathBuf> {
    choose(app, Choice::Open(place)).await
}

/// Where to write a file; none when the user chose no place.
pub(crate) async fn save(app: &AppHandle, place: SavePlace) -> Option<PathBuf> {
    choose(app, Choice::Save(place)).await
}

async fn choose(app: &AppHandle, choice: Choice) -> Option<PathBuf> {
    let (answer, answered) = oneshot::channel();
    let handle = app.clone();
    let shown = app.run_on_main_thread(move || platform::show(&handle, choice, answer));
    if let Err(error) = shown {
        tracing::error!("no dialog could be shown: {error}");
    }
    answered.await.unwrap_or(None)
}

#[cfg(target_os = "linux")]
mod platform {
    use std::cell::Cell;

    use gtk::glib;
    use gtk::prelude::*;

    use super::{AppHandle, Choice, OpenPlace, PathBuf, SavePlace, oneshot, window};

    /// Shows the dialog above the app's window, on the main thread; what was chosen arrives on the channel.
    pub(super) fn show(app: &AppHandle, choice: Choice, answer: oneshot::Sender<Option<PathBuf>>) {
        let parent = window::of_gtk(app);
        let dialog = match choice {
            Choice::Open(place) => to_open(parent.as_ref(), &place),
            Choice::Save(place) => to_save(parent.as_ref(), &place),
        };
        dialog.set_modal(true);
        let answer = Cell::new(Some(answer));
        dialog.connect_response(move |dialog, response| {
            let Some(answer) = answer.take() else {
                return;
            };
            let chosen = match response {
                gtk::ResponseType::Accept => dialog.filename(),
                _ => None,
            };
            // The asker may be gone with the window; then nobody needs the answer.
            let _ = answer.send(chosen);
            // Esc and the window's own close button end the dialog by themselves.
            if response != gtk::ResponseType::DeleteEvent {
                dialog.close();
            }
        });
        dialog.show();
    }

    /// Hidden files are shown: keys are kept in them.
    fn to_open(
        parent: Option<&gtk::ApplicationWindow>,
        place: &OpenPlace,
    ) -> gtk::FileChooserDialog {
        let action = if place.folder {
            gtk::FileChooserAction::SelectFolder
        } else {
            gtk::FileChooserAction::Open
        };
        let dialog = dialog(parent, action, &place.title, &place.yes);
        dialog.set_show_hidden(true);
        // Without it the dialog begins wherever the app was started from.
        dialog.set_current_folder(glib::home_dir());
        dialog
    }

    fn to_save(
        parent: Option<&gtk::ApplicationWindow>,
        place: &SavePlace,
    ) -> gtk::FileChooserDialog {
        let action = gtk::FileChooserAction::Save;
        let dialog = dialog(parent, action, &place.title, "_Save");
        dialog.set_do_overwrite_confirmation(true);
        // As above.
        let folder = glib::user_special_dir(glib::UserDirectory::Documents);
        dialog.set_current_folder(folder.unwrap_or_else(glib::home_dir));
        dialog.set_current_name(&place.file_name);
        let filter = gtk::FileFilter::new();
        filter.set_name(Some(&place.kind));
        filter.add_pattern(&format!("*.{}", place.extension));
        dialog.add_filter(filter);
        dialog
    }

    fn dialog(
        parent: Option<&gtk::ApplicationWindow>,
        action: gtk::FileChooserAction,
        title: &str,
        yes: &str,
    ) -> gtk::FileChooserDialog {
        let buttons = [
            ("_Cancel", gtk::ResponseType::Cancel),
            (yes, gtk::ResponseType::Accept),
        ];
        let dialog = gtk::FileChooserDialog::with_buttons(Some(title), parent, action, &buttons);
        dialog.set_default_response(gtk::ResponseType::Accept);
        dialog
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use std::pin::Pin;

    use rfd::{AsyncFileDialog, FileHandle};
    use tauri::Manager as _;

    use super::{AppHandle, Choice, PathBuf, oneshot, window};

    type Chosen = Pin<Box<dyn Future<Output = Option<FileHandle>> + Send>>;

    /// Shows the dialog above the app's window, on the main thread; what was chosen arrives on the channel.
    pub(super) fn show(app: &AppHandle, choice: Choice, answer: oneshot::Sender<Option<PathBuf>>) {
        let mut dialog = AsyncFileDialog::new();
        if let Some(window) = main_window(app) {
            dialog = dialog.set_parent(&window);
        }
        // Each has to begin here, on the main thread.
        let chosen: Chosen = match choice {
            Choice::Open(place) => {
                let dialog = dialog.set_title(place.title);
                if place.folder {
                    Box::pin(dialog.pick_folder())
                } else {
                    Box::pin(dialog.pick_file())
                }
            }
            Choice::Save(place) => Box::pin(
                dialog
                    .set_title(place.title)
                    .set_file_name(place.file_name)
                    .add_filter(place.kind, &[place.extension])
                    .save_file(),
            ),
        };
        tauri::async_runtime::spawn(async move {
            let chosen = chosen.await.map(|file| file.path().to_path_buf());
            // The asker may be gone with the window; then nobody needs the answer.
            let _ = answer.send(chosen);
        });
    }
}
