//! Why a command of xtask could not do its work, by meaning.
//!
//! Every text ends in something the reader can do.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The outcome of anything that can go wrong here.
pub(crate) type Result<T = ()> = std::result::Result<T, Error>;

/// Why it stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The program is not installed, or may not be executed.
    #[error("could not start `{program}`: {source}")]
    Start {
        /// What was to be started.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// The program ran and said no.
    #[error("`{command}` failed: {status}")]
    Failed {
        /// The whole command line.
        command: String,
        /// Exit code or signal, in words.
        status: String,
        /// What it had printed, for counting tests.
        output: String,
    },
    /// The program was stopped because it took too long.
    #[error("`{command}` was stopped after {} s", timeout.as_secs())]
    TimedOut {
        /// The whole command line.
        command: String,
        /// How long it was allowed to take.
        timeout: Duration,
    },
    /// Packages of the system are missing and could not be installed from here.
    #[error("{0}")]
    Missing(String),
    /// Node.js is absent or too old; no package manager is trusted to bring the right one.
    #[error(
        "Node.js {wanted} or newer is needed (with npm), found {found}. Take it from https://nodejs.org or a version \
         manager such as nvm or fnm; {hint}"
    )]
    Node {
        /// The oldest version that works.
        wanted: &'static str,
        /// The version on this machine, or "none".
        found: String,
        /// What this system's package manager can do about it.
        hint: &'static str,
    },
    /// A rule of the project does not hold; one line for each place.
    #[error("{0}")]
    Rule(String),
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A program said something other than it promised.
    #[error("{0}")]
    Unexpected(String),
    /// Built, but there is no screen to show it on.
    #[error(
        "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open. Everything is \
         built; `cargo xtask screenshot DIR` photographs the app on a private display"
    )]
    NoDisplay,
}

impl Error {
    /// For `map_err` on anything that touches a file.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}
