//! The only caller of npm: installs the UI's packages and builds it, each only when something changed.
//!
//! The shell embeds `ui/dist` while it compiles, so the UI is built before anything that compiles the shell.

use std::fs;
use std::path::PathBuf;

use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::stamp;
use crate::system::Family;

/// The oldest Node.js that vite runs on; `engines` in `ui/package.json` says the same.
const NODE: (u32, u32, &str) = (20, 19, "20.19");

/// Files of the UI that are not its sources: made by tools, or only about tests and style.
const NOT_SOURCES: [&str; 3] = ["node_modules", "dist", "coverage"];

/// Installs the packages of the lock file, when it or Node.js changed since the last time.
///
/// # Errors
/// [`Error::Node`] when Node.js is missing or too old; else npm's own failure.
pub(crate) fn install(paths: &Paths) -> Result {
    let node = node_version()?;
    let lock = paths.ui().join("package-lock.json");
    let mut input = fs::read_to_string(&lock).map_err(Error::file(&lock))?;
    input.push_str(&node);
    // Inside node_modules, so that removing the folder removes the memory of it; npm ci empties it first.
    let stamp = paths.ui().join("node_modules/.pulse-keys-installed");
    stamp::once(&stamp, &input, || {
        npm(paths, &["ci", "--no-audit", "--no-fund"])
            .run()
            .map(drop)
    })
}

/// Builds `ui/dist` when a source changed since the last time.
///
/// # Errors
/// Those of [`install`]; npm's own failure.
pub(crate) fn build(paths: &Paths) -> Result {
    install(paths)?;
    let input = stamp::fingerprint(&sources(paths)?)?;
    let stamp = paths.stamp("ui-build");
    if !paths.ui().join("dist/index.html").exists() && stamp.exists() {
        fs::remove_file(&stamp).map_err(Error::file(&stamp))?;
    }
    stamp::once(&stamp, &input, || {
        npm(paths, &["run", "build"]).run().map(drop)
    })
}

/// A call of npm in the UI's folder.
pub(crate) fn npm(paths: &Paths, arguments: &[&str]) -> Command {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    Command::new(program).dir(&paths.ui()).args(arguments)
}

fn sources(paths: &Paths) -> Result<Vec<PathBuf>> {
    let ui = paths.ui();
    let entries = fs::read_dir(&ui).map_err(Error::file(&ui))?;
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| !NOT_SOURCES.iter().any(|name| entry.file_name() == *name))
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    Ok(paths)
}

fn node_version() -> Result<String> {
    let answer = Command::new("node").arg("--version").output();
    let version = answer
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default();
    if is_enough(&version) {
        return Ok(version);
    }
    let found = if version.is_empty() {
        "none".to_owned()
    } else {
        version
    };
    Err(Error::Node {
        wanted: NODE.2,
        found,
        hint: Family::node_hint(),
    })
}

/// Whether `v20.19.4` is new enough.
fn is_enough(version: &str) -> bool {
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= (NODE.0, NODE.1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_enough;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_enough("v20.19.0") && is_enough("v22.1.0") && is_enough("v100.0.0"));
        assert!(
            !is_enough("v20.9.0")
                && !is_enough("v18.20.4")
                && !is_enough("")
                && !is_enough("nonsense")
        );
    }
}
