//! Where an API key is used on this machine.

mod blind;
mod cancel;
mod event;
mod finding;
mod lens;
mod matcher;
mod sought;
#[cfg(test)]
mod testing;
mod verdict;

pub use crate::blind::{Blind, Reason};
pub use crate::cancel::Cancel;
pub use crate::event::{Counts, Event, Progress, Summary, Totals};
pub use crate::finding::{Encoding, Finding, Level, Object, Place, Process};
pub use crate::sought::{Sought, SoughtError};
pub use crate::verdict::Verdict;
