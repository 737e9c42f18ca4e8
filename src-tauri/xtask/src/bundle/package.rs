//! A finished package, its name and its version.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

/// The name of the packages and of the program in them.
pub(super) const NAME: &str = "pulse-keys";

/// The version, as packages write it: what comes before a release sorts before it.
pub(super) fn version() -> String {
    env!("CARGO_PKG_VERSION").replace('-', "~")
}

/// A finished package.
#[derive(Debug)]
pub(crate) struct Package {
    /// Where it stands.
    pub(crate) path: PathBuf,
    /// In bytes.
    pub(crate) size: u64,
    /// SHA-256, in hexadecimal digits.
    pub(crate) hash: String,
}

impl Package {
    pub(super) fn at(path: PathBuf) -> Result<Self> {
        let bytes = fs::read(&path).map_err(Error::file(&path))?;
        let digest = Sha256::digest(&bytes);
        let hash = hex::encode(digest);
        let size = bytes.len() as u64;
        Ok(Self { path, size, hash })
    }
}

impl fmt::Display for Package {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mebibytes = self.size as f64 / f64::from(1 << 20);
        writeln!(formatter, "{}", self.path.display())?;
        writeln!(formatter, "  {mebibytes:.2} MiB ({} bytes)", self.size)?;
        write!(formatter, "  SHA-256 {}", self.hash)
    }
}
