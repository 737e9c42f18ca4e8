//! Starts the app; everything else is in the library beside it.

// A console window behind the app would be the only thing that Windows adds otherwise.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    pulse_keys::run()
}
