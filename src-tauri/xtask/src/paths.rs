//! Where things stand: the repository, the build folder, the programs in it.

use std::env;
use std::path::{Path, PathBuf};

/// Folders that every command needs.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    /// The root of the repository.
    pub(crate) root: PathBuf,
    /// Cargo's build folder; what we keep between runs is in there too, so `cargo clean` forgets it all.
    pub(crate) target: PathBuf,
}

impl Paths {
    /// The repository that this program was built from, and the build folder that it lies in.
    pub(crate) fn find() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .unwrap_or(Path::new("."))
            .to_owned();
        // target/debug/xtask: so CARGO_TARGET_DIR and configuration files need no second reading.
        let target = env::current_exe()
            .ok()
            .and_then(|program| program.ancestors().nth(2).map(Path::to_owned));
        Self {
            target: target.unwrap_or_else(|| root.join("target")),
            root,
        }
    }

    /// The folder with everything of npm.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// A program of ours as cargo builds it for development.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.built("debug", name)
    }

    /// A program of ours as cargo builds it for users.
    pub(crate) fn released(&self, name: &str) -> PathBuf {
        self.built("release", name)
    }

    fn built(&self, profile: &str, name: &str) -> PathBuf {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        self.target.join(profile).join(file)
    }

    /// A small file that remembers what was done last time.
    pub(crate) fn stamp(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(name)
    }
}
