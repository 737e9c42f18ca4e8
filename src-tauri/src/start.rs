//! What happens before the window: logging, and the core with its files.
//!
//! Left out: asking the keychain or the service; that begins when the window asks.

use std::io::IsTerminal as _;
use std::sync::Arc;

use pulse_keys_core::PulseKeys;
use pulse_keys_core::folders::Folders;
use pulse_keys_core::view::WindowEvent;
use tauri::{AppHandle, Manager as _};
use tracing_subscriber::EnvFilter;
use vault::Vault;

use crate::confirm;
use crate::host::Shell;
use crate::options::Options;
use crate::window_events::Page;
use crate::window_state::Remembered;

/// Logs go to standard error and nowhere else; `RUST_LOG` chooses how much. No module logs secrets or bodies.
pub(crate) fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}

/// The core, with this user's files and the operating system's keychain.
pub(crate) fn core(
    app: &AppHandle,
    options: &Options,
) -> Result<PulseKeys, Box<dyn std::error::Error>> {
    let folders = Folders::of_this_user()?;
    let host = Arc::new(Shell::new(app.clone(), &folders));
    let core = PulseKeys::start(
        &folders,
        Vault::keychain(),
        host,
        client_options(),
        env!("CARGO_PKG_VERSION"),
    )?;
    app.manage(Remembered::read(folders.window_file()));
    if options.sandbox {
        core.begin_in_sandbox();
    }
    if let Some(account) = &options.account {
        // Not a reason to stay away: the window shows which account it is.
        match core.begin_with(account) {
            Ok(true) => {}
            Ok(false) => tracing::error!("--account: no account is called that"),
            Err(error) => tracing::error!("--account: {error}"),
        }
    }
    Ok(core)
}

#[cfg(not(feature = "test-clock"))]
fn client_options() -> pulseapi::Options {
    pulseapi::Options::default()
}

/// With a clock that a test can move.
#[cfg(feature = "test-clock")]
fn client_options() -> pulseapi::Options {
    pulseapi::Options {
        clock: crate::test_clock::clock(),
        ..pulseapi::Options::default()
    }
}

/// From now on the outcomes of interrupted requests are asked for when it is time, and so is the last use of keys that are to
/// go; this machine is searched again, where the user wants that; the page is told.
pub(crate) fn watch(app: &AppHandle) {
    let of_swaps = app.clone();
    tauri::async_runtime::spawn(async move {
        let page = of_swaps.state::<Page>();
        let core = of_swaps.state::<PulseKeys>();
        core.watch_swaps(|| page.tell_if_there(WindowEvent::SwapsChanged))
            .await
    });
    let of_places = app.clone();
    tauri::async_runtime::spawn(async move {
        let page = of_places.state::<Page>();
        let core = of_places.state::<PulseKeys>();
        core.keep_watch(|| page.tell_if_there(WindowEvent::WatchChanged))
            .await
    });
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let page = app.state::<Page>();
        let core = app.state::<PulseKeys>();
        core.watch_open_intents(|| page.tell_if_there(WindowEvent::OutcomesChanged))
            .await
    });
}

/// The app cannot start: says why in a dialog, and ends once it was read. The files are as they were.
pub(crate) fn refuse(app: &AppHandle, error: &dyn std::error::Error) {
    tracing::error!("Pulse Keys could not start. {error}");
    let handle = app.clone();
    confirm::tell(
        app,
        "Pulse Keys can’t start",
        &error.to_string(),
        move || handle.exit(1),
    );
}
