//! What stands in a folder.

use std::ffi::OsString;

/// What stands in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: OsString,
    pub(crate) kind: Kind,
}

/// What an entry is, as far as the folder tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    Link,
    /// Content that lies in the cloud. Only macOS and Windows mark such files.
    #[cfg_attr(not(any(windows, target_vendor = "apple")), allow(dead_code))]
    Placeholder,
    /// A pipe, a socket or a device.
    Special,
}
