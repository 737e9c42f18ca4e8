//! schemathesis, a third party, plays the OpenAPI file against the running sandbox.
//!
//! So the file, the server and whatever else is written against the file can't drift apart unseen. What it checks,
//! and what it leaves out with the reason, stands in `tests/fixtures/schemathesis.toml`.

use std::time::Duration;

use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::python::Environment;
use crate::report::Report;
use crate::steps::cargo;
use crate::test_counts;

/// From PyPI. Pinned: a newer one invents new cases, and should do so when we choose to look at them.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// The whole run of schemathesis, however many cases it could still think of.
const LIMIT: Duration = Duration::from_secs(120);

/// Enough that a rate limit of the sandbox never answers in place of what is to be checked.
const REQUESTS_PER_MINUTE: &str = "1000000";

/// Installs, builds, serves, checks.
pub(crate) fn run(paths: &Paths, name: &str, report: &mut Report) {
    let environment = Environment::named(paths, "venv");
    let ready = report.step(name, "schemathesis from PyPI", || {
        environment.install(&[SCHEMATHESIS])
    }) & report.step(name, "build the sandbox", || cargo::build(paths, "sandbox"));
    if ready {
        report.tests(
            name,
            "sandbox against openapi.yaml",
            test_counts::SCHEMATHESIS,
            || check(paths, &environment),
        );
    }
}

fn check(paths: &Paths, environment: &Environment) -> Result<String> {
    let serve = [
        "serve",
        "--port",
        "0",
        "--faults",
        "--requests-per-minute",
        REQUESTS_PER_MINUTE,
    ];
    let server = Command::new(paths.program("sandbox"))
        .dir(&paths.root)
        .args(serve)
        .start()?;
    let line = server.first_line().map_err(|source| Error::Start {
        program: "sandbox".to_owned(),
        source,
    })?;
    let url = address(&line)
        .ok_or_else(|| Error::Unexpected("the sandbox did not begin with `url=...`".to_owned()))?;
    Command::new(environment.program("schemathesis"))
        .arg("--config-file")
        .arg(paths.root.join("tests/fixtures/schemathesis.toml"))
        .arg("run")
        .arg(paths.root.join("src-tauri/crates/pulseapi/openapi.yaml"))
        .args(["--url", url])
        // Whatever it writes beside its output stays out of the repository.
        .dir(&paths.target)
        .timeout(LIMIT)
        .run()
}

/// The address in `url=http://127.0.0.1:4010/v1 credential=ID|TOKEN`. The credential is not for us: the
/// configuration tells schemathesis to fetch one from the sandbox whenever it has deleted its own.
fn address(line: &str) -> Option<&str> {
    line.split_whitespace().next()?.strip_prefix("url=")
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn the_address_is_read_from_the_first_line() {
        let line = "url=http://127.0.0.1:4010/v1 credential=7|abc\n";
        assert_eq!(address(line), Some("http://127.0.0.1:4010/v1"));
        assert_eq!(address("listening on 4010"), None);
        assert_eq!(address(""), None);
    }
}
