//! Builds and tests of the workspace, all with the same packages and features.

use std::path::Path;
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

/// Linux's folder in memory. Containers often have a small one.
const MEMORY_FOLDER: &str = "/dev/shm";

/// In KiB: many times what all tests that run at once write.
const MIN_FREE_MEMORY: u64 = 1 << 20;

/// `cargo test` of the given targets, to the end even when one fails.
pub(super) fn cargo_test(paths: &Paths, targets: &[&str]) -> Command {
    Command::cargo(&paths.root)
        .env(LINTING_COMPILER.0, LINTING_COMPILER.1)
        .args(["test", "--no-fail-fast"])
        .args(SAME_BUILD)
        .args(targets)
        .timeout(TEST_TIMEOUT)
}

/// With the temporary files of the tests in memory, where there is room for them: databases and what is put in place write
/// through to their files, and a disk makes each test wait for that.
pub(super) fn in_memory(tests: Command) -> Command {
    if free_memory().is_some_and(|free| free >= MIN_FREE_MEMORY) {
        tests.env("TMPDIR", MEMORY_FOLDER)
    } else {
        tests
    }
}

/// How much may be written to [`MEMORY_FOLDER`], in KiB. None where there is no such folder.
fn free_memory() -> Option<u64> {
    if !Path::new(MEMORY_FOLDER).is_dir() {
        return None;
    }
    let told = Command::new("df")
        .args(["--output=avail", "-k", MEMORY_FOLDER])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&told.stdout);
    text.lines().nth(1)?.trim().parse().ok()
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
