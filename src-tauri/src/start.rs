//! What happens before the window shows: logging, and the core with its files, which are read while the web view starts.
//!
//! Left out: asking the keychain or the service; that begins when the window asks.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use pulse_keys_core::folders::Folders;
use pulse_keys_core::view::WindowEvent;
use pulse_keys_core::{PulseKeys, StartError};
use tauri::{AppHandle, Manager as _};
use tracing_subscriber::EnvFilter;
use vault::Vault;

use crate::confirm;
use crate::handover::Giver;
use crate::host::Shell;
use crate::options::Options;
use crate::window_events::Page;
use crate::window_state::Remembered;

/// Logs go to standard error and nowhere else; `RUST_LOG` chooses how much. No module logs secrets or bodies.
pub(crate) fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
}

/// The core on its way: its files are read on a thread of their own, while the window comes about.
pub(crate) struct Start(Receiver<Result<(), String>>);

/// Begins to open the app's files. Once they are open, what the first screen shows is read and given to the page.
///
/// # Errors
/// When there is no home folder, or no thread to be had.
pub(crate) fn begin(app: &AppHandle, options: &Options, page: Giver) -> io::Result<Start> {
    let folders = Folders::of_this_user()?;
    app.manage(Remembered::read(folders.window_file()));
    let (opened, start) = channel();
    let (app, options) = (app.clone(), options.clone());
    let opening = move || match core(&app, &folders, &options) {
        Ok(core) => {
            app.manage(core);
            tracing::debug!("the app's files are open");
            // Nobody waits for it where the app has ended meanwhile.
            let _ = opened.send(Ok(()));
            page.give(&app.state::<PulseKeys>());
            tracing::debug!("what the first screen shows is read");
        }
        Err(error) => {
            let _ = opened.send(Err(error.to_string()));
        }
    };
    thread::Builder::new()
        .name("start".to_owned())
        .spawn(opening)?;
    Ok(Start(start))
}

impl Start {
    /// Waits until the core is there, as the app's state.
    ///
    /// # Errors
    /// Why the app can't start, in words.
    pub(crate) fn finish(self) -> Result<(), String> {
        let stopped = |_| Err("Its files were being opened when that stopped.".to_owned());
        self.0.recv().unwrap_or_else(stopped)
    }
}

/// The core, with this user's files and the operating system's keychain.
fn core(app: &AppHandle, folders: &Folders, options: &Options) -> Result<PulseKeys, StartError> {
    let host = Arc::new(Shell::new(app.clone(), folders));
    let core = PulseKeys::start(
        folders,
        Vault::keychain(),
        host,
        client_options(),
        env!("CARGO_PKG_VERSION"),
    )?;
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
pub(crate) fn refuse(app: &AppHandle, error: &str) {
    tracing::error!("Pulse Keys could not start. {error}");
    let handle = app.clone();
    confirm::tell(app, "Pulse Keys can’t start", error, move || {
        handle.exit(1);
    });
}
