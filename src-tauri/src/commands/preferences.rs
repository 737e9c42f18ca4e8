//! What the person chose about the app itself, and the folders it lives in.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{AppState, ErrorCode, FolderRequest, Preferences, UiError};
use tauri::{AppHandle, Manager as _};

use crate::look;

pub(super) async fn preferences_write(
    app: &AppHandle,
    request: Preferences,
) -> Result<AppState, UiError> {
    let state = app.state::<PulseKeys>().write_preferences(request).await?;
    look::apply(app, &state.preferences);
    Ok(state)
}

pub(super) async fn preferences_reset(app: &AppHandle) -> Result<AppState, UiError> {
    let state = app.state::<PulseKeys>().reset_preferences().await?;
    look::apply(app, &state.preferences);
    Ok(state)
}

pub(super) async fn folder_open(core: &PulseKeys, request: FolderRequest) -> Result<(), UiError> {
    let folder = core.folder(request.place);
    tauri_plugin_opener::open_path(folder, None::<&str>).map_err(|error| UiError {
        code: ErrorCode::Other,
        message: format!("The folder could not be opened: {error}."),
        hint: format!("Open {} yourself.", folder.display()),
    })
}
