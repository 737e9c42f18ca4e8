//! A file shown by another program: in the editor of texts, or in its folder.
//!
//! Always the editor, never the program that the system has for the kind of file: opening a script that way may run it.
//! Left out: which file (`pulse_keys_core` names only what a search has found).

use std::path::Path;

use pulse_keys_core::host::{ShowError, Showing};
use tauri::AppHandle;

/// Shows a file.
pub(crate) async fn show(app: &AppHandle, path: &Path, how: Showing) -> Result<(), ShowError> {
    match how {
        Showing::Editor => editor::open(app, path).await,
        Showing::Folder => {
            let path = path.to_owned();
            let shown = tokio::task::spawn_blocking(move || {
                tauri_plugin_opener::reveal_item_in_dir(path).map_err(failed)
            });
            shown.await.map_err(failed)?
        }
    }
}

#[cfg(target_os = "linux")]
mod editor {
    use std::path::Path;

    use gtk::gio;
    use gtk::prelude::*;
    use pulse_keys_core::host::ShowError;
    use tauri::AppHandle;
    use tokio::sync::oneshot;

    use super::failed;

    pub(super) async fn open(app: &AppHandle, path: &Path) -> Result<(), ShowError> {
        let file = path.to_owned();
        let (answer, answered) = oneshot::channel();
        app.run_on_main_thread(move || {
            let _ = answer.send(launch(&file));
        })
        .map_err(failed)?;
        answered.await.map_err(failed)?
    }

    fn launch(path: &Path) -> Result<(), ShowError> {
        let editor = gio::AppInfo::default_for_type("text/plain", false)
            .ok_or_else(|| failed("no editor of texts is installed"))?;
        editor
            .launch(&[gio::File::for_path(path)], gio::AppLaunchContext::NONE)
            .map_err(failed)
    }
}

#[cfg(not(target_os = "linux"))]
mod editor {
    use std::path::Path;

    use pulse_keys_core::host::ShowError;
    use tauri::AppHandle;

    use super::failed;

    #[cfg(target_os = "macos")]
    const EDITOR: &str = "TextEdit";
    #[cfg(not(target_os = "macos"))]
    const EDITOR: &str = "notepad";

    pub(super) async fn open(_: &AppHandle, path: &Path) -> Result<(), ShowError> {
        tauri_plugin_opener::open_path(path, Some(EDITOR)).map_err(failed)
    }
}

fn failed(reason: impl std::fmt::Display) -> ShowError {
    ShowError {
        reason: reason.to_string(),
    }
}
