//! The build that users get: the UI, and the program without anything that only tests use.

use std::time::Instant;

use super::path_leaks;
use crate::command::Command;
use crate::error::Result;
use crate::paths::Paths;
use crate::web;

/// Builds it, and says how long that took.
///
/// # Errors
/// The failure of a build.
pub(crate) fn build(paths: &Paths) -> Result {
    let started = Instant::now();
    web::build(paths)?;
    // Without `--workspace --all-features`, unlike every other build: features that tests turn on stay out.
    let call = Command::cargo(&paths.root).args(["build", "--release", "--locked"]);
    let call = call
        .args(["--package", "pulse-keys", "--bin", "pulse-keys"])
        .args(["--features", "tauri/custom-protocol"]);
    path_leaks::remap(call, paths).run_in_terminal()?;
    path_leaks::check(&paths.released("pulse-keys"), paths)?;
    println!("Built in {} s.", started.elapsed().as_secs());
    Ok(())
}
