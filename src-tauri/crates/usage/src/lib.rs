//! Where an API key is used on this machine, as far as this machine can tell: offline, in seconds, reading only.
//!
//! A search is given keys as the list of keys shows them, by record id and last 8 characters, never a token. It looks
//! where ordinary tools don't (hidden and ignored files, the history of git, the environments of running programs),
//! proves what it finds by the token's own checksum, and says what it could not look into.
//!
//! Never does a finding, an error or a log hold a secret or the line that it stood in: a path, a line's number, a
//! variable's name and a mask are all that leaves this crate.
//!
//! It never asks the network (trying a candidate would move the key's last use), never writes, and never says "safe".
//!
//! # Modules
//!
//! | module | answers |
//! |---|---|
//! | `scan`, `options`, `search` | how a search runs, how far it goes, what its threads share |
//! | `budget`, `large_memory`, `threads`, `program` | what it may spend, its threads, other programs that it asks |
//! | `search_key`, `finding`, `skipped`, `current_files`, `event`, `verdict` | what goes in and what comes out |
//! | `known_locations`, `machine`, `containers`, `places` | what is looked into first, and where keys are kept |
//! | `walk`, `disk`, `file`, `archive`, `members`, `reader` | how folders, files and what is packed in them are read |
//! | `unchanged`, `reread` | which files an earlier search has read already |
//! | `matcher` | what a key looks like, and whether it is one |
//! | [`git`] | the history of repositories |

mod archive;
mod budget;
mod cancel;
#[cfg(unix)]
mod containers;
mod current_files;
mod dedup;
mod disk;
mod event;
mod file;
mod finding;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod git;
mod known_locations;
mod large_memory;
mod machine;
mod matcher;
mod members;
mod options;
mod places;
mod program;
mod reader;
mod recognise;
mod registry;
mod reread;
mod scan;
mod search;
mod search_key;
mod skipped;
#[cfg(test)]
mod testing;
mod threads;
mod unchanged;
mod verdict;
mod walk;

pub use crate::cancel::Cancel;
pub use crate::event::{Counts, Event, Progress, Summary, Totals};
pub use crate::finding::{Encoding, Environment, Finding, Layer, Level, Object, Place, Process};
pub use crate::machine::Machine;
pub use crate::options::Tier;
pub use crate::recognise::{Recognised, recognise};
pub use crate::scan::Scan;
pub use crate::search_key::{SearchKey, SearchKeyError};
pub use crate::skipped::{Reason, Skipped};
pub use crate::unchanged::FileIndex;
pub use crate::verdict::Verdict;
