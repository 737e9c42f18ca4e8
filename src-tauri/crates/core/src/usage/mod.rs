//! Where a key is used on this machine: running a search, what it found, and what is kept of that.

pub(crate) mod actions;
pub(crate) mod checklist;
pub(crate) mod evidence;
pub(crate) mod found;
pub(crate) mod kept;
pub(crate) mod messages;
pub(crate) mod outcome;
pub(crate) mod process;
pub(crate) mod protocol;
pub(crate) mod report;
pub(crate) mod search;
pub(crate) mod searches;
pub(crate) mod wire;
pub mod worker;
