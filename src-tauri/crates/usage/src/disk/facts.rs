//! What tells whether a file is the one that it was, without opening it.

use std::time::SystemTime;

/// What a folder and the disk say of a regular file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Facts {
    /// Its place: the disk and its number there, where the system has one.
    pub(super) place: Option<(u64, u64)>,
    pub(super) size: u64,
    pub(super) modified: Option<SystemTime>,
    /// When it, its name or its rights were changed, which no program can set; when it was written, where the system
    /// tells no more.
    pub(super) changed: Option<SystemTime>,
}

impl Facts {
    /// The same of a file that is never written again under its name, whatever its times say.
    pub(crate) fn without_times(self) -> Self {
        Self {
            modified: None,
            changed: None,
            ..self
        }
    }

    /// When anything of it was changed last.
    pub(crate) fn changed(&self) -> Option<SystemTime> {
        self.changed.max(self.modified)
    }
}
