//! Dependencies that a manifest names and the code does not use, found by cargo-machete.

use crate::command::Command;
use crate::error::Result;
use crate::paths::Paths;
use crate::stamp;

/// The version that runs everywhere; a newer one may find more, and should find it when we choose to.
const VERSION: &str = "0.9.2";

/// Installs the tool into the build folder when it is not there, and runs it.
///
/// # Errors
/// When it cannot be installed, or finds something.
pub(crate) fn check(paths: &Paths) -> Result {
    let tools = paths.target.join("tools");
    stamp::once(&tools.join("cargo-machete.version"), VERSION, || {
        // Unoptimised: it compiles in half the time, and runs for a second.
        let call = Command::cargo(&paths.root).args([
            "install",
            "cargo-machete",
            "--debug",
            "--locked",
            "--version",
            VERSION,
        ]);
        call.arg("--root").arg(&tools).run().map(drop)
    })?;
    Command::new(tools.join("bin/cargo-machete"))
        .dir(&paths.root)
        .arg("src-tauri")
        .arg("tests")
        .run()
        .map(drop)
}
