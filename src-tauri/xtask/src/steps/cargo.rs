//! Builds and tests of the workspace, all with the same packages and features.

use std::time::Duration;

use crate::command::Command;
use crate::error::Result;
use crate::paths::Paths;

/// Packages and features are the same for every build, run and test: cargo unifies features over what is selected,
/// so any other selection would compile a good part of the dependencies once more.
pub(crate) const SAME_BUILD: [&str; 2] = ["--workspace", "--all-features"];

/// The window tests take half of this; it is there so that a hanging test ends in a table, not in silence.
pub(super) const TEST_TIMEOUT: Duration = Duration::from_secs(25 * 60);

/// `cargo test` of the given targets, to the end even when one fails.
pub(super) fn cargo_test(paths: &Paths, targets: &[&str]) -> Command {
    Command::cargo(&paths.root)
        .args(["test", "--no-fail-fast"])
        .args(SAME_BUILD)
        .args(targets)
        .timeout(TEST_TIMEOUT)
}

/// Builds one of our programs, together with the test programs: with them selected cargo counts the features of
/// dev-dependencies, as `cargo test` does, so both share one build.
pub(super) fn build(paths: &Paths, program: &str) -> Result {
    Command::cargo(&paths.root)
        .arg("build")
        .args(SAME_BUILD)
        .args(["--tests", "--bin", program])
        .run()
        .map(drop)
}
