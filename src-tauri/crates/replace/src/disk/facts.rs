//! What is known of a file beside its content.

use std::fs::File;
use std::time::SystemTime;

/// A file in an open folder, as it was when it was opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) file: File,
    pub(crate) facts: Facts,
}

/// What belongs to a file beside its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The disk and the number of the file on it.
    pub(crate) identity: (u64, u64),
    pub(crate) owner: (u32, u32),
    /// Permissions, without the kind of file.
    pub(crate) mode: u32,
    /// How many names it has.
    pub(crate) links: u64,
    pub(crate) size: u64,
    pub(crate) modified: SystemTime,
}
