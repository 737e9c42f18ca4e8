//! The build that people get: the UI, and the program without anything that only tests use.

use std::time::Instant;

use super::traces;
use crate::call::Call;
use crate::error::Result;
use crate::places::Places;
use crate::web;

/// Builds it, and says how long that took.
///
/// # Errors
/// The failure of a build.
pub(crate) fn build(places: &Places) -> Result {
    let started = Instant::now();
    web::build(places)?;
    // Without `--workspace --all-features`, unlike every other build: features that tests turn on stay out.
    let call = Call::cargo(&places.root).args(["build", "--release", "--locked"]);
    let call = call
        .args(["--package", "pulse-keys", "--bin", "pulse-keys"])
        .args(["--features", "tauri/custom-protocol"]);
    traces::cut(call, places).hand_over()?;
    traces::check(&places.released("pulse-keys"), places)?;
    println!("Built in {} s.", started.elapsed().as_secs());
    Ok(())
}
