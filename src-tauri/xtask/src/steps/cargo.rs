//! Builds and tests of the workspace, all with the same packages and features.

use std::time::Duration;

use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;

/// Packages and features are the same for every build, run and test: cargo unifies features over what is selected,
/// so any other selection would compile a good part of the dependencies once more.
pub(crate) const SAME_BUILD: [&str; 2] = ["--workspace", "--all-features"];

/// What compiles our own crates for the tests: clippy's compiler, which is rustc and says more. So one build is linted
/// and tested; `cargo clippy` would go through our crates and all dependencies once more.
const LINTING_COMPILER: (&str, &str) = ("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");

/// The window tests take half of this; it is there so that a hanging test ends in a table, not in silence.
pub(super) const TEST_TIMEOUT: Duration = Duration::from_secs(25 * 60);

/// `cargo test` of the given targets, to the end even when one fails.
pub(super) fn cargo_test(paths: &Paths, targets: &[&str]) -> Command {
    Command::cargo(&paths.root)
        .env(LINTING_COMPILER.0, LINTING_COMPILER.1)
        .args(["test", "--no-fail-fast"])
        .args(SAME_BUILD)
        .args(targets)
        .timeout(TEST_TIMEOUT)
}

/// Builds one of our programs, together with the test programs: with them selected cargo counts the features of
/// dev-dependencies, as `cargo test` does, so both share one build.
pub(super) fn build(paths: &Paths, program: &str) -> Result {
    Command::cargo(&paths.root)
        .env(LINTING_COMPILER.0, LINTING_COMPILER.1)
        .arg("build")
        .args(SAME_BUILD)
        .args(["--tests", "--bin", program])
        .run()
        .map(drop)
}

/// Compiles every target and fails where the compiler or clippy has something to say. A warning stops no build, so that
/// the tests of the same build run beside it.
pub(super) fn linted_build(paths: &Paths) -> Result {
    let said = Command::cargo(&paths.root)
        .env(LINTING_COMPILER.0, LINTING_COMPILER.1)
        .arg("build")
        .args(SAME_BUILD)
        .arg("--all-targets")
        .run()?;
    // Cargo's own count, which it repeats for what was compiled earlier.
    let warned = said.lines().filter(|line| {
        line.starts_with("warning: `") && line.contains("` (") && line.contains(" generated ")
    });
    let warned: Vec<&str> = warned.collect();
    if warned.is_empty() {
        Ok(())
    } else {
        Err(Error::Rule(warned.join("\n")))
    }
}
