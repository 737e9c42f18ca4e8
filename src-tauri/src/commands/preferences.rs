//! Preferences whose change shows in the window at once.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{AppState, Preferences, UiError};
use tauri::{AppHandle, Manager as _};

use crate::theme;

pub(super) async fn write_preferences(
    app: &AppHandle,
    request: Preferences,
) -> Result<AppState, UiError> {
    let state = app.state::<PulseKeys>().write_preferences(request).await?;
    theme::apply(app, &state.preferences);
    Ok(state)
}

pub(super) async fn reset_preferences(app: &AppHandle) -> Result<AppState, UiError> {
    let state = app.state::<PulseKeys>().reset_preferences().await?;
    theme::apply(app, &state.preferences);
    Ok(state)
}
