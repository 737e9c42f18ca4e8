//! Starts the program that measures the window; see `tests/support/bin/bench_ui.rs` for what it measures and how.

use crate::bundle;
use crate::error::Result;
use crate::paths::Paths;
use crate::start;
use crate::system::{self, table};

/// Builds everything, then measures the app of the packages.
///
/// # Errors
/// What is missing, the failure of a build or of the program.
pub(super) fn run(paths: &Paths, keystrokes: usize, steps: usize, keys: usize) -> Result {
    system::require(&[table::BUILD, table::DESKTOP].concat())?;
    bundle::build(paths)?;
    let call = start::with_app(paths, "bench-ui")?;
    call.env("PULSE_KEYS_APP", paths.released("pulse-keys"))
        .arg(keystrokes.to_string())
        .arg(steps.to_string())
        .arg(keys.to_string())
        .run_in_terminal()
}
