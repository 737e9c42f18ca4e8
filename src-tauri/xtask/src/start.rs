//! Starting the app for a user to use, for a photograph or a measurement, and starting the program that writes generated files.

use std::path::Path;
use std::{env, fs};

use crate::call::Call;
use crate::error::{Error, Result};
use crate::pictures;
use crate::places::Places;
use crate::steps::SAME_BUILD;
use crate::system::{self, table};
use crate::web;

/// Builds everything, then starts the app with the arguments and waits for its end.
///
/// # Errors
/// What is missing, the failure of a build or of the app; [`Error::NoDisplay`] after building everything.
pub(crate) fn run(places: &Places, arguments: &[String]) -> Result {
    system::require(table::BUILD)?;
    web::build(places)?;
    build(places, &["--bin", "pulse-keys"]).hand_over()?;
    if cfg!(target_os = "linux") && !has_display(|name| env::var_os(name)) {
        return Err(Error::NoDisplay);
    }
    Call::new(places.program("pulse-keys"))
        .args(arguments)
        .hand_over()
}

/// Builds everything, then lets the photographer write into the folder; without one, into the build folder. For README
/// the best pictures are put into its folder as well.
///
/// # Errors
/// What is missing, the failure of a build or of the photographer; a picture of README's that was not taken.
pub(crate) fn screenshot(
    places: &Places,
    folder: Option<&Path>,
    readme: bool,
    only: &[String],
) -> Result {
    let is_all_wanted = folder.is_some();
    let folder = folder.map_or_else(|| places.target.join("pictures"), Path::to_owned);
    fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
    let folder = folder.canonicalize().map_err(Error::file(&folder))?;
    system::require(&[table::BUILD, table::DESKTOP].concat())?;
    let screenshots = with_app(places, "screenshots")?.arg(&folder);
    // Where only README's are wanted, the others are not waited for.
    if readme && !is_all_wanted {
        screenshots.args(pictures::PARTS).hand_over()?;
    } else {
        screenshots.args(only).hand_over()?;
    }
    if readme {
        pictures::publish(places, &folder)?;
    }
    Ok(())
}

/// Builds everything and gives a call of the program that uses the real app, one of those of the tests.
///
/// # Errors
/// The failure of a build.
pub(crate) fn with_app(places: &Places, program: &str) -> Result<Call> {
    web::build(places)?;
    build(places, &["--bin", "pulse-keys", "--bin", program]).hand_over()?;
    let call = Call::new(places.program(program)).folder(&places.root);
    Ok(call.variable("PULSE_KEYS_APP", places.program("pulse-keys")))
}

/// Writes the committed files of a kind, or checks them.
///
/// # Errors
/// When the program that does it does not build, or finds something to complain of.
pub(crate) fn generate(places: &Places, kind: &str, check: bool) -> Result {
    let call = Call::cargo(&places.root).args([
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--features",
        "generate",
    ]);
    let call = call.args(["--bin", "generate", "--", kind]);
    if check { call.arg("--check") } else { call }.hand_over()
}

fn build(places: &Places, programs: &[&str]) -> Call {
    Call::cargo(&places.root)
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
