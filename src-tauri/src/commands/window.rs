//! The window around the page: events from outside, menu, title, quitting.

use pulse_keys_core::view::{ErrorCode, MenuModel, Renderer, TitleRequest, UiError, WindowEvent};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager as _};

use crate::window_events::Page;
use crate::{menu, window};

pub(super) async fn attach_window(
    app: &AppHandle,
    events: Channel<WindowEvent>,
) -> Result<(), UiError> {
    app.state::<Page>().attach(events);
    Ok(())
}

pub(super) async fn show_menu(app: &AppHandle, request: MenuModel) -> Result<(), UiError> {
    menu::show(app, request).map_err(|error| failed("The menu could not be shown", &error))
}

pub(super) async fn name_window(app: &AppHandle, request: TitleRequest) -> Result<(), UiError> {
    window::name(app, request.account.as_deref())
        .map_err(|error| failed("The window could not be named", &error))
}

pub(super) async fn renderer(_: &AppHandle) -> Result<Option<Renderer>, UiError> {
    #[cfg(target_os = "linux")]
    let renderer = Some(crate::renderer::in_words());
    #[cfg(not(target_os = "linux"))]
    let renderer = None;
    Ok(renderer)
}

pub(super) async fn quit(app: &AppHandle) -> Result<(), UiError> {
    window::close(app).map_err(|error| failed("The window could not be closed", &error))
}

fn failed(what: &str, error: &tauri::Error) -> UiError {
    UiError {
        code: ErrorCode::Other,
        message: format!("{what}: {error}."),
        hint: String::new(),
    }
}
