//! What the writers of committed files give back.

use std::io;

/// A file as it should stand in the repository.
#[derive(Debug)]
pub(crate) struct Generated {
    /// From the root of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

impl Generated {
    /// A file of this name in the folder.
    pub(crate) fn new(folder: &str, name: &str, bytes: Vec<u8>) -> Self {
        let path = format!("{folder}/{name}");
        Self { path, bytes }
    }
}

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GenerateError {
    #[error("the drawing does not parse: {0}")]
    Svg(#[from] resvg::usvg::Error),
    #[error("a picture could not be made: {0}")]
    Picture(String),
    #[error(transparent)]
    Io(#[from] io::Error),
}
