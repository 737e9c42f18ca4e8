//! What the system is asked: the one part that differs from system to system. Where files can't be exchanged in one
//! step, the other part says so.

mod facts;
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
mod other;
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod unix;
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod writers;

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(crate) use other::Folder;
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(crate) use unix::Folder;

pub(crate) use facts::{Facts, Opened};
