//! The native dialogs in which the user chooses a file or a folder to read, or where a file is written.
//!
//! They are the dialog plugin's: on Linux those of the desktop's portal, so that each desktop shows its own, above our
//! window. Where no portal serves this process GTK's own dialog is shown, and not what the plugin would start then. A
//! portal has a look at the process that asks, and this one does not let itself be looked at (`fatal`): most refuse it for
//! that. A file that is there already is asked about by the dialog, so the name is taken as it was typed: an extension that
//! was added afterwards could name another file, and nobody would have been asked. Left out: reading, writing, and what
//! the file is called.

use std::path::PathBuf;

use pulse_keys_core::host::{OpenPlace, SavePlace};
use tauri::AppHandle;
use tokio::sync::oneshot;

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

#[cfg(not(target_os = "linux"))]
use by_plugin as platform;

mod by_plugin {
    use pulse_keys_core::host::{OpenPlace, SavePlace};
    use tauri_plugin_dialog::{DialogExt as _, FilePath};

    use super::{AppHandle, Choice, PathBuf, oneshot};
    use crate::main_window::main_window;

    /// Shows the dialog above the app's window, on the main thread; what was chosen arrives on the channel.
    pub(super) fn show(app: &AppHandle, choice: Choice, answer: oneshot::Sender<Option<PathBuf>>) {
        let mut dialog = app.dialog().file();
        if let Some(window) = main_window(app) {
            dialog = dialog.set_parent(&window);
        }
        #[cfg(target_os = "linux")]
        {
            // Without it some portals begin wherever they were started from.
            dialog = dialog.set_directory(super::platform::folder(&choice));
        }
        let then = move |chosen: Option<FilePath>| {
            let chosen = chosen.and_then(|file| match file.into_path() {
                Ok(path) => Some(path),
                Err(error) => {
                    tracing::error!("what was chosen is no file of this machine: {error}");
                    None
                }
            });
            // The asker may be gone with the window; then nobody needs the answer.
            let _ = answer.send(chosen);
        };
        match choice {
            Choice::Open(OpenPlace { title, folder, .. }) => {
                let dialog = dialog.set_title(title);
                if folder {
                    dialog.pick_folder(then);
                } else {
                    dialog.pick_file(then);
                }
            }
            Choice::Save(SavePlace {
                title,
                file_name,
                kind,
                extension,
                ..
            }) => dialog
                .set_title(title)
                .set_file_name(file_name)
                .add_filter(kind, &[extension.as_str()])
                .save_file(then),
        }
    }
}

/// Whether the desktop's portal shows dialogs for this process.
#[cfg(target_os = "linux")]
mod portal {
    use gtk::gio;
    use gtk::gio::prelude::*;
    use gtk::glib::{Error, Variant, VariantTy};

    const NAME: &str = "org.freedesktop.portal.Desktop";
    const PATH: &str = "/org/freedesktop/portal/desktop";

    /// How long a portal may take for each answer, the first of which may have to start it.
    const ANSWER_TIMEOUT_MS: i32 = 2_000;

    /// The portal has dialogs for files, and answers this process: to ask for a setting takes the same right as to ask for
    /// a dialog, and shows nothing. The plugin itself tells a refusal no different from a dialog that was closed.
    pub(super) async fn serves() -> bool {
        match ask().await {
            Ok(()) => true,
            Err(error) => {
                tracing::info!("no portal for file dialogs: {error}");
                false
            }
        }
    }

    async fn ask() -> Result<(), Error> {
        let bus = gio::bus_get_future(gio::BusType::Session).await?;
        let version = ("org.freedesktop.portal.FileChooser", "version").to_variant();
        call(&bus, "org.freedesktop.DBus.Properties", "Get", &version).await?;
        let setting = ("org.freedesktop.appearance", "color-scheme").to_variant();
        call(&bus, "org.freedesktop.portal.Settings", "Read", &setting).await
    }

    async fn call(
        bus: &gio::DBusConnection,
        interface: &str,
        method: &str,
        parameters: &Variant,
    ) -> Result<(), Error> {
        bus.call_future(
            Some(NAME),
            PATH,
            interface,
            method,
            Some(parameters),
            None::<&VariantTy>,
            gio::DBusCallFlags::NONE,
            ANSWER_TIMEOUT_MS,
        )
        .await
        .map(drop)
    }
}

#[cfg(target_os = "linux")]
mod platform {
    use std::cell::Cell;

    use gtk::glib;
    use gtk::prelude::*;

    use super::{AppHandle, Choice, OpenPlace, PathBuf, SavePlace, by_plugin, oneshot, portal};
    use crate::window;

    /// Shows the dialog above the app's window, on the main thread; what was chosen arrives on the channel.
    pub(super) fn show(app: &AppHandle, choice: Choice, answer: oneshot::Sender<Option<PathBuf>>) {
        let app = app.clone();
        glib::MainContext::default().spawn_local(async move {
            if portal::serves().await {
                by_plugin::show(&app, choice, answer);
            } else {
                show_own(&app, choice, answer);
            }
        });
    }

    /// Where a dialog begins.
    pub(super) fn folder(choice: &Choice) -> PathBuf {
        match choice {
            Choice::Open(_) => glib::home_dir(),
            Choice::Save(_) => glib::user_special_dir(glib::UserDirectory::Documents)
                .unwrap_or_else(glib::home_dir),
        }
    }

    /// GTK's own dialog.
    fn show_own(app: &AppHandle, choice: Choice, answer: oneshot::Sender<Option<PathBuf>>) {
        let parent = window::of_gtk(app);
        let folder = folder(&choice);
        let dialog = match choice {
            Choice::Open(place) => to_open(parent.as_ref(), &place),
            Choice::Save(place) => to_save(parent.as_ref(), &place),
        };
        // Without it the dialog begins wherever the app was started from.
        dialog.set_current_folder(folder);
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
        dialog
    }

    fn to_save(
        parent: Option<&gtk::ApplicationWindow>,
        place: &SavePlace,
    ) -> gtk::FileChooserDialog {
        let action = gtk::FileChooserAction::Save;
        let dialog = dialog(parent, action, &place.title, "_Save");
        dialog.set_do_overwrite_confirmation(true);
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
