//! How a search ended, and why one ended before its end.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use usage::FileIndex;

use crate::base::text::sanitized;
use crate::usage::protocol::Ended;

/// How a search ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It came to its end.
    Finished(Ended),
    /// The user, or another search, stopped it; with its last word if it still had one.
    Stopped(Option<Ended>),
    /// It ended before its end.
    BrokeOff(BrokeOff),
}

impl Outcome {
    /// What a search that has told its end amounts to. One that nobody stopped and that says so has failed in a part.
    pub(crate) fn of(ended: Ended, was_stopped: bool, reading: &[PathBuf]) -> Self {
        match (ended.stopped, was_stopped) {
            (false, _) => Self::Finished(ended),
            (true, true) => Self::Stopped(Some(ended)),
            (true, false) => Self::BrokeOff(BrokeOff::of(Why::Failed, reading)),
        }
    }

    /// What the next search in the background may rely on, taken out of it.
    pub(crate) fn take_index(&mut self) -> Option<FileIndex> {
        match self {
            Self::Finished(ended) | Self::Stopped(Some(ended)) => ended.index.take(),
            Self::Stopped(None) | Self::BrokeOff(_) => None,
        }
    }

    /// Together with a part of the search that came to its end.
    pub(crate) fn with(self, part: Ended) -> Self {
        match self {
            Self::Finished(ended) => Self::Finished(ended.and(part)),
            Self::Stopped(ended) => Self::Stopped(Some(ended.unwrap_or_default().and(part))),
            Self::BrokeOff(_) => self,
        }
    }
}

/// A search that ended before its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BrokeOff {
    pub(crate) why: Why,
    /// What it was reading then, as far as it was told: the likeliest first.
    pub(crate) reading: Vec<String>,
}

impl BrokeOff {
    pub(crate) fn of(why: Why, reading: &[PathBuf]) -> Self {
        let reading = reading.iter();
        Self {
            why,
            reading: reading
                .map(|path| sanitized(&path.to_string_lossy()))
                .collect(),
        }
    }
}

/// Why a search ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    /// Its process could not be started.
    NotStarted,
    /// It needed more memory than it may have.
    Memory,
    /// It said nothing new for long.
    Hung,
    /// Its process ended: killed from outside, or by a fault.
    Ended,
    /// A part of it failed.
    Failed,
}
