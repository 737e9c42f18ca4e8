//! rustdoc's lints over our libraries, out of the build that the tests use.
//!
//! `cargo doc` checks every dependency once more before it begins, and nothing else uses the result: 70 of its 90 s.
//! `cargo test --doc` hands rustdoc the libraries that are built already, but only to run the examples. So cargo is told
//! to call this program as its rustdoc, which passes everything on but `--test`. Left out: our programs, which have no
//! examples and no pages that anybody reads.

use std::env;
use std::process::{Command, ExitCode};

use crate::error::Result;
use crate::paths::Paths;
use crate::steps::cargo::cargo_test;

/// Set for this program when cargo calls it as its rustdoc: the real one.
const REAL_RUSTDOC: &str = "XTASK_RUSTDOC";

/// Documents every library; fails on the first that rustdoc has something to say of.
pub(super) fn check(paths: &Paths) -> Result {
    let real = env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into());
    // By name: the linted build has put a new one in the place of the one that runs.
    cargo_test(paths, &["--doc"])
        .env("RUSTDOC", paths.program("xtask"))
        .env(REAL_RUSTDOC, real)
        .run()
        .map(drop)
}

/// What cargo asked of its rustdoc, when this program was called as such.
pub(crate) fn in_its_place(paths: &Paths) -> Option<ExitCode> {
    let real = env::var_os(REAL_RUSTDOC)?;
    let asked = env::args_os()
        .skip(1)
        .filter(|argument| argument != "--test");
    let mut call = Command::new(real);
    call.args(asked)
        .args(["-D", "warnings", "--out-dir"])
        .arg(paths.target.join("doc"));
    Some(match call.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("rustdoc does not start: {error}");
            ExitCode::FAILURE
        }
    })
}
