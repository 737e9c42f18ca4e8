//! Watching the tokens of deleted keys, for as long as the page listens.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::{Revocations, UiError};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager as _};

pub(super) async fn watch_revocations(
    app: &AppHandle,
    progress: Channel<Revocations>,
) -> Result<(), UiError> {
    let core = app.state::<PulseKeys>();
    core.watch_revocations(|snapshot| progress.send(snapshot).is_ok())
        .await
}
