//! Starting this program as the custodian of a fresh token, and being it.
//!
//! The same program with one option: it shows nothing, does its one errand and ends. Left out: the errand itself
//! (`pulse_keys_core::custody::worker`).

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use pulse_keys_core::custodian;
use pulse_keys_core::folders::Folders;
use vault::Vault;

use crate::notification::Notifications;

/// The option that makes this program a custodian. Not for people: it waits for an errand on standard input.
const OPTION: &str = "--custodian";

/// Whether this process was started as one.
pub(crate) fn is_asked_for() -> bool {
    std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == OPTION)
}

/// Does the errand.
pub(crate) fn run() -> ExitCode {
    match Folders::of_this_user() {
        Ok(folders) => {
            let (vault, options) = (Vault::keychain(), pulseapi::Options::default());
            tauri::async_runtime::block_on(custodian::serve(
                &folders,
                &vault,
                options,
                &Notifications,
            ))
        }
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Starts this very program as one. It is no part of the app's process group: what a terminal sends to the app must
/// not end it.
pub(crate) fn command() -> Option<Command> {
    let mut command = Command::new(this_program()?);
    command.arg(OPTION);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        command.process_group(0);
    }
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt as _;
        /// `CREATE_NO_WINDOW` of the Win32 API.
        const NO_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(NO_WINDOW);
    }
    Some(command)
}

/// On Linux the program that runs now, even if an update has put another one in its place.
pub(crate) fn this_program() -> Option<PathBuf> {
    if cfg!(target_os = "linux") {
        Some(PathBuf::from("/proc/self/exe"))
    } else {
        std::env::current_exe().ok()
    }
}
