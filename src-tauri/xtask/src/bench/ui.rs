//! Starts the program that measures the window; see `tests/support/bin/bench_ui.rs` for what it measures and how.
//!
//! The app is the development build: what is measured happens in the page, whose scripts are built for production in
//! any case, and no command of the shell is called between a key and the painted list.

use crate::error::Result;
use crate::paths::Paths;
use crate::start;
use crate::system::{self, table};

/// Builds everything, then measures.
///
/// # Errors
/// What is missing, the failure of a build or of the program.
pub(super) fn run(paths: &Paths, keystrokes: usize, steps: usize) -> Result {
    system::require(&[table::BUILD, table::DESKTOP].concat())?;
    let call = start::with_app(paths, "bench-ui")?;
    call.arg(keystrokes.to_string())
        .arg(steps.to_string())
        .run_in_terminal()
}
