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

    /// How a search ended of which this is one part, and that the other.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (broken @ Self::BrokeOff(_), _) | (_, broken @ Self::BrokeOff(_)) => broken,
            (Self::Finished(one), Self::Finished(other)) => Self::Finished(one.and(other)),
            (Self::Stopped(None), Self::Stopped(None)) => Self::Stopped(None),
            (one, other) => {
                let last_words = [one, other].map(Self::last_words);
                Self::Stopped(last_words.into_iter().reduce(Ended::and))
            }
        }
    }

    fn last_words(self) -> Ended {
        match self {
            Self::Finished(ended) => ended,
            Self::Stopped(ended) => ended.unwrap_or_default(),
            Self::BrokeOff(_) => Ended::default(),
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

#[cfg(test)]
mod tests {
    use super::{BrokeOff, Outcome, Why};
    use crate::usage::protocol::Ended;

    #[test]
    fn a_search_came_to_its_end_where_both_of_its_parts_did() {
        let finished = || Outcome::Finished(Ended::default());
        let stopped = || Outcome::Stopped(Some(Ended::default()));
        let broke_off = || Outcome::BrokeOff(BrokeOff::of(Why::Hung, &[]));
        assert_eq!(finished().and(finished()), finished());
        assert_eq!(finished().and(stopped()), stopped());
        assert_eq!(stopped().and(finished()), stopped());
        assert_eq!(Outcome::Stopped(None).and(finished()), stopped());
        assert_eq!(
            Outcome::Stopped(None).and(Outcome::Stopped(None)),
            Outcome::Stopped(None)
        );
        assert_eq!(stopped().and(broke_off()), broke_off());
        assert_eq!(broke_off().and(finished()), broke_off());
    }
}
