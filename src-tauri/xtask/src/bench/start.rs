//! Starts the program that measures start and memory; see `tests/support/bin/bench_start.rs` for what and how.
//!
//! The app is the one of the packages, and the bare window is built with the same profile and the same way of serving
//! its page.

use crate::bundle;
use crate::command::Command;
use crate::error::Result;
use crate::paths::Paths;
use crate::start;
use crate::system::{self, table};

/// Builds everything, then measures.
///
/// # Errors
/// What is missing, the failure of a build or of the program.
pub(super) fn run(paths: &Paths, runs: usize) -> Result {
    system::require(&[table::BUILD, table::DESKTOP].concat())?;
    bundle::build(paths)?;
    let bare = Command::cargo(&paths.root)
        .args(["build", "--release", "--locked", "--package", "bare-window"])
        .args(["--features", "tauri/custom-protocol"]);
    // With the same flags, so that both share what they have in common.
    bundle::remap(bare, paths).run_in_terminal()?;
    // Names the development build of the app; what is measured is the other one.
    let call = start::with_app(paths, "bench-start")?;
    call.env("PULSE_KEYS_APP", paths.released("pulse-keys"))
        .arg(paths.released("bare-window"))
        .arg(runs.to_string())
        .run_in_terminal()
}
