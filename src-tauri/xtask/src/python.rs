//! Programs from PyPI, each in a folder of its own inside the build folder.

use std::path::{Path, PathBuf};

use crate::command::Command;
use crate::error::Result;
use crate::paths::Paths;
use crate::{stamp, system};

/// A folder with what was installed into it.
pub(crate) struct Environment(PathBuf);

impl Environment {
    /// The folder of this name, which may not be there yet.
    pub(crate) fn named(paths: &Paths, name: &str) -> Self {
        Self(paths.target.join(name))
    }

    /// Installs these exact versions (`name==1.2.3`), unless they are there.
    ///
    /// # Errors
    /// When Python or one of them cannot be had.
    pub(crate) fn install(&self, packages: &[&str]) -> Result {
        let wanted = packages.join(" ");
        stamp::once(&self.0.join("pulse-keys-installed"), &wanted, || {
            Command::new(system::python())
                .args(["-m", "venv", "--clear"])
                .arg(&self.0)
                .run()?;
            let pip =
                Command::new(self.program("python")).args(["-m", "pip", "install", "--quiet"]);
            pip.arg("--disable-pip-version-check")
                .args(packages)
                .run()
                .map(drop)
        })
    }

    /// Where one of its programs is.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        program(&self.0, name)
    }
}

fn program(folder: &Path, name: &str) -> PathBuf {
    if cfg!(windows) {
        folder.join("Scripts").join(format!("{name}.exe"))
    } else {
        folder.join("bin").join(name)
    }
}
