//! Newer versions of the app: whether there is one, and the way to its page.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{ErrorCode, UiError, UpdatesView};

pub(super) async fn updates_look(core: &PulseKeys) -> Result<UpdatesView, UiError> {
    Ok(core.updates().await)
}

/// The page that core found fit to be opened, so that no script can have another address opened.
pub(super) async fn update_page_open(core: &PulseKeys) -> Result<(), UiError> {
    let Some(page) = core.page_of_newer_version() else {
        return Err(UiError {
            code: ErrorCode::Other,
            message: "There is no page of a newer version to open.".to_owned(),
            hint: String::new(),
        });
    };
    tauri_plugin_opener::open_url(page.as_str(), None::<&str>).map_err(|error| UiError {
        code: ErrorCode::Other,
        message: format!("No browser could be opened: {error}."),
        hint: format!("Open {page} yourself."),
    })
}
