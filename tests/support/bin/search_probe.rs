//! The process that searches this machine, as the app starts it; see `pulse_keys_core::usage_worker`.
//!
//! `search-probe NAME [MEMORY]`: the name tells one test's process from another's; the memory is the limit in bytes,
//! where it is not the usual one.

use std::process::ExitCode;

use pulse_keys_core::usage_worker::{self, Limits};

fn main() -> ExitCode {
    let memory = std::env::args().nth(2);
    let limits = match memory.map(|memory| memory.parse()) {
        Some(Ok(memory)) => Limits { memory },
        Some(Err(_)) => return ExitCode::FAILURE,
        None => Limits::default(),
    };
    usage_worker::serve(limits)
}
