//! Pages and folders that open in another program. Which ones is decided in Rust, so that no script can have another
//! address opened.

use std::fmt::Display;

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{AccountRequest, ErrorCode, FolderRequest, UiError};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_opener::{open_path, open_url};

pub(super) async fn open_dashboard(
    app: &AppHandle,
    request: AccountRequest,
) -> Result<(), UiError> {
    let page = app.state::<PulseKeys>().web_screen(request.account).await?;
    opened(
        "No browser could be opened",
        &page,
        open_url(&page, None::<&str>),
    )
}

/// The page that core found on the site that announced the newer version.
pub(super) async fn open_update_page(app: &AppHandle) -> Result<(), UiError> {
    let Some(page) = app.state::<PulseKeys>().page_of_newer_version() else {
        return Err(UiError {
            code: ErrorCode::Other,
            message: "There is no page of a newer version to open.".to_owned(),
            hint: String::new(),
        });
    };
    opened(
        "No browser could be opened",
        &page,
        open_url(page.as_str(), None::<&str>),
    )
}

pub(super) async fn open_folder(app: &AppHandle, request: FolderRequest) -> Result<(), UiError> {
    let core = app.state::<PulseKeys>();
    let folder = core.folder(request.place);
    opened(
        "The folder could not be opened",
        &folder.display(),
        open_path(folder, None::<&str>),
    )
}

fn opened(
    failed: &str,
    what: &dyn Display,
    outcome: Result<(), tauri_plugin_opener::Error>,
) -> Result<(), UiError> {
    outcome.map_err(|error| UiError {
        code: ErrorCode::Other,
        message: format!("{failed}: {error}."),
        hint: format!("Open {what} yourself."),
    })
}
