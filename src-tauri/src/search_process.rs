//! Starting this program as the process that searches this machine, and being it.
//!
//! The same program with one option: it shows nothing, searches once and ends. Left out: the search itself, and what
//! that process takes away from itself first (`pulse_keys_core::usage::worker`).

use std::process::{Command, ExitCode};

use pulse_keys_core::host::SearchProcess;
use pulse_keys_core::usage_worker::{self, Limits};

use crate::custodian::this_program;

/// The option that makes this program a search. Not for people: it waits for a request on standard input.
const OPTION: &str = "--search-process";

/// Whether this process was started as one.
pub(crate) fn is_asked_for() -> bool {
    std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == OPTION)
}

/// Searches.
pub(crate) fn run() -> ExitCode {
    usage_worker::serve(Limits::default())
}

/// Starts this very program as one.
pub(crate) fn start() -> Option<SearchProcess> {
    let mut command = Command::new(this_program()?);
    command.arg(OPTION);
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt as _;
        /// `CREATE_NO_WINDOW` of the Win32 API.
        const NO_WINDOW: u32 = 0x0800_0000;
        /// `BELOW_NORMAL_PRIORITY_CLASS` of the same: elsewhere the process stands back by itself.
        const STANDS_BACK: u32 = 0x0000_4000;
        command.creation_flags(NO_WINDOW | STANDS_BACK);
    }
    Some(SearchProcess::new(command))
}
