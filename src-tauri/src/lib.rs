//! The desktop shell: plugins, state, the window and the commands put together.
//!
//! It is thin on purpose: what a command does is decided in `pulse-keys-core`, and the shell answers that crate's
//! questions (`host`). Left out: any rule about keys, any HTTP, any SQL.

mod check_connection;
mod clipboard;
mod close;
mod commands;
#[cfg(test)]
mod configuration;
mod confirm;
mod custodian;
mod dropped;
mod fatal;
mod file_dialog;
mod handover;
mod host;
mod link;
mod main_window;
mod menu;
mod notification;
mod open_path;
mod options;
#[cfg(target_os = "linux")]
mod renderer;
mod search_process;
mod start;
#[cfg(feature = "test-clock")]
mod test_clock;
mod theme;
mod window;
mod window_events;
mod window_state;

use std::process::ExitCode;

use pulse_keys_core::PulseKeys;
use tauri::Manager as _;

use crate::options::Options;
use crate::window_events::Page;

/// Runs the app until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    start::log_to_stderr();
    fatal::leave_no_dump();
    if custodian::is_asked_for() {
        return custodian::run();
    }
    if search_process::is_asked_for() {
        return search_process::run();
    }
    let options = Options::of_this_start();
    if options.print_contract {
        print!("{}", pulseapi::Contract::BUILT_IN);
        return ExitCode::SUCCESS;
    }
    if let Some(account) = &options.check_connection {
        return check_connection::run(account);
    }
    #[cfg(target_os = "linux")]
    renderer::choose();
    // First, so that a second start ends before it opens anything.
    let single_instance = tauri_plugin_single_instance::init(|app, arguments, _folder| {
        window::raise(app);
        link::open(app, Options::of_a_second_start(arguments).link.as_deref());
    });
    let built = tauri::Builder::default()
        .plugin(single_instance)
        // For the app itself: the page has no permission for it.
        .plugin(tauri_plugin_dialog::init())
        .manage(Page::default())
        .invoke_handler(commands::handler())
        .on_window_event(window_state::follow)
        .on_window_event(close::guard())
        .on_window_event(dropped::follow)
        .setup(move |app| {
            let (giver, handover) = handover::begin();
            let started = match start::begin(app.handle(), &options, giver) {
                Ok(start) => {
                    window::open(app.handle(), handover)?;
                    start.finish()
                }
                Err(error) => Err(format!("The app's files cannot be used: {error}.")),
            };
            match started {
                Ok(()) => {
                    fatal::end_on_panics(app.state::<PulseKeys>().ending());
                    start::watch(app.handle());
                    window::show(app.handle())?;
                    link::open(app.handle(), options.link.as_deref());
                }
                Err(error) => start::refuse(app.handle(), &error),
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| match event {
                tauri::RunEvent::Exit => window_state::note_at_the_end(app),
                #[cfg(target_os = "macos")]
                tauri::RunEvent::Opened { urls } => {
                    window::raise(app);
                    link::open(app, urls.first().map(tauri::Url::as_str));
                }
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!("Pulse Keys could not start. {error}");
            ExitCode::FAILURE
        }
    }
}
