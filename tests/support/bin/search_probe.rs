//! The process that searches this machine, as the app starts it; see `pulse_keys_core::usage_worker`.
//!
//! `search-probe NAME [MEMORY WHEN]`: the name tells one test's process from another's. With the other two it has so
//! many bytes of memory and no more, and needs more than that once there is a file of that name, as if what it reads
//! made it.

use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use pulse_keys_core::usage_worker::{self, Limits};

/// How often it looks whether the file is there.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(2);
    let (Some(memory), Some(when)) = (arguments.next(), arguments.next()) else {
        return usage_worker::serve(Limits::default());
    };
    let Ok(memory) = memory.parse() else {
        return ExitCode::FAILURE;
    };
    thread::spawn(move || {
        while !Path::new(&when).exists() {
            thread::sleep(POLL_INTERVAL);
        }
        let mut all = Vec::new();
        // Until there is none left, which ends the process.
        loop {
            all.push(vec![1_u8; 1 << 20]);
        }
    });
    usage_worker::serve(Limits { memory })
}
