//! Starts the app for use, for screenshots or for a measurement, and starts the program that writes generated files.

use std::path::Path;
use std::{env, fs};

use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::pictures;
use crate::steps::cargo::SAME_BUILD;
use crate::system::{self, table};
use crate::web;

/// Builds everything, then starts the app with the arguments and waits for its end.
///
/// # Errors
/// What is missing, the failure of a build or of the app; [`Error::NoDisplay`] after building everything.
pub(crate) fn run(paths: &Paths, arguments: &[String]) -> Result {
    system::require(table::BUILD)?;
    web::build(paths)?;
    build(paths, &["--bin", "pulse-keys"]).run_in_terminal()?;
    if cfg!(target_os = "linux") && !has_display(|name| env::var_os(name)) {
        return Err(Error::NoDisplay);
    }
    Command::new(paths.program("pulse-keys"))
        .args(arguments)
        .run_in_terminal()
}

/// Builds everything, then lets the screenshot program write into the folder; without one, into the build folder. For
/// README the best pictures are put into its folder as well.
///
/// # Errors
/// What is missing, the failure of a build or of the screenshot program; a picture of README's that was not taken.
pub(crate) fn screenshot(
    paths: &Paths,
    folder: Option<&Path>,
    readme: bool,
    only: &[String],
) -> Result {
    let is_all_wanted = folder.is_some();
    let folder = folder.map_or_else(|| paths.target.join("pictures"), Path::to_owned);
    fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
    let folder = folder.canonicalize().map_err(Error::file(&folder))?;
    system::require(&[table::BUILD, table::DESKTOP].concat())?;
    let screenshots = with_app(paths, "screenshots")?.arg(&folder);
    // Where only README's are wanted, the others are not waited for.
    if readme && !is_all_wanted {
        screenshots.args(pictures::PARTS).run_in_terminal()?;
    } else {
        screenshots.args(only).run_in_terminal()?;
    }
    if readme {
        pictures::publish(paths, &folder)?;
    }
    Ok(())
}

/// Builds everything and gives a call of the program that uses the real app, one of those of the tests.
///
/// # Errors
/// The failure of a build.
pub(crate) fn with_app(paths: &Paths, program: &str) -> Result<Command> {
    web::build(paths)?;
    build(paths, &["--bin", "pulse-keys", "--bin", program]).run_in_terminal()?;
    let call = Command::new(paths.program(program)).dir(&paths.root);
    Ok(call.env("PULSE_KEYS_APP", paths.program("pulse-keys")))
}

/// Writes the committed files of a kind, or checks them.
///
/// # Errors
/// When the program that does it does not build, or finds something to complain of.
pub(crate) fn generate(paths: &Paths, kind: &str, check: bool) -> Result {
    let call = Command::cargo(&paths.root).args([
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--features",
        "generate",
    ]);
    let call = call.args(["--bin", "generate", "--", kind]);
    if check { call.arg("--check") } else { call }.run_in_terminal()
}

fn build(paths: &Paths, programs: &[&str]) -> Command {
    Command::cargo(&paths.root)
        .arg("build")
        .args(SAME_BUILD)
        .args(programs)
}

/// Whether a window could open, by the variables that say where (X11 and Wayland).
fn has_display<V: AsRef<std::ffi::OsStr>>(variable: impl Fn(&str) -> Option<V>) -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| variable(name).is_some_and(|value| !value.as_ref().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::has_display;

    #[test]
    fn an_empty_display_is_no_display() {
        assert!(!has_display(|_| None::<&str>));
        assert!(!has_display(|_| Some("")));
        assert!(has_display(
            |name| (name == "WAYLAND_DISPLAY").then_some("wayland-0")
        ));
    }
}
