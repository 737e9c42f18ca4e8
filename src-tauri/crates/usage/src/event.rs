//! What a search tells while it runs, and what it says at its end.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

use crate::finding::{Finding, Level};
use crate::skipped::Skipped;
use crate::unchanged::FileIndex;
use crate::verdict::Verdict;

/// Something worth telling while a search runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Something was found. Comes once for each finding, in no particular order.
    Found(Finding),
    /// How far it got; at most ten times a second.
    Progress(Progress),
}

/// How far a search got. Every one is a whole picture, so a missed one is no loss.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Folders listed.
    pub folders: u64,
    /// Objects of git read.
    pub objects: u64,
    /// Findings so far.
    pub findings: u64,
    /// The folder that was begun last.
    #[serde(serialize_with = "lossy")]
    pub folder: PathBuf,
    /// What is being read at this moment, what is most likely to do harm first; at most 3.
    #[serde(default, serialize_with = "all_lossy")]
    pub reading: Vec<PathBuf>,
}

/// What a search says at its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What was read.
    #[serde(flatten)]
    pub totals: Totals,
    /// Findings by level.
    pub findings: Counts,
    /// What was not looked into.
    pub skipped: Vec<Skipped>,
    /// Whether it was stopped before its end; what was found until then stands.
    pub stopped: bool,
    /// How long it took.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub took: Duration,
    /// The strongest level found for each key that was found at all.
    #[serde(skip)]
    pub keys: Vec<(String, Level)>,
    /// What the next search may rely on, where that was asked for.
    #[serde(skip)]
    pub index: Option<FileIndex>,
}

/// How much was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Files read.
    pub files: u64,
    /// Bytes read from files.
    pub bytes: u64,
    /// Folders listed.
    pub folders: u64,
    /// Git object stores read.
    pub stores: u64,
    /// Objects of git read.
    pub objects: u64,
    /// Bytes of those objects, unpacked.
    pub object_bytes: u64,
    /// Environments of running programs read.
    pub processes: u64,
    /// Files that were not opened, as an earlier search had read them.
    pub unchanged: u64,
}

/// Findings by level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// [`Level::ThisKey`]
    pub this_key: u64,
    /// [`Level::Probable`]
    pub probable: u64,
    /// [`Level::Older`]
    pub older: u64,
    /// [`Level::Mention`]
    pub mention: u64,
    /// [`Level::Hint`]
    pub hint: u64,
    /// [`Level::Unlisted`]
    pub unlisted: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, level: Level) {
        let count = match level {
            Level::ThisKey => &mut self.this_key,
            Level::Probable => &mut self.probable,
            Level::Older => &mut self.older,
            Level::Mention => &mut self.mention,
            Level::Hint => &mut self.hint,
            Level::Unlisted => &mut self.unlisted,
        };
        *count += 1;
    }

    /// All but hints and unlisted tokens: those are about no key in particular.
    #[must_use]
    pub fn about_keys(&self) -> u64 {
        self.this_key + self.probable + self.older + self.mention
    }

    /// All together.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.about_keys() + self.hint + self.unlisted
    }
}

impl Summary {
    /// What the search says about a key.
    #[must_use]
    pub fn verdict(&self, key: &str) -> Verdict {
        let levels = self.keys.iter().filter(|(id, _)| id == key);
        levels.fold(Verdict::NothingFound, |verdict, (_, level)| {
            verdict.and(level.verdict())
        })
    }

    /// Whether "nothing found" would not be the whole truth: stopped, or something could not be read.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.stopped || self.skipped.iter().any(|skipped| skipped.reason.is_gap())
    }
}

fn lossy<S: Serializer>(path: &std::path::Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

fn all_lossy<S: Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(paths.iter().map(|path| path.display().to_string()))
}

fn seconds<S: Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Counts, Summary, Totals};
    use crate::finding::Level;
    use crate::verdict::Verdict;

    fn summary(keys: Vec<(String, Level)>) -> Summary {
        Summary {
            totals: Totals::default(),
            findings: Counts::default(),
            skipped: Vec::new(),
            stopped: false,
            took: Duration::ZERO,
            keys,
            index: None,
        }
    }

    #[test]
    fn the_strongest_finding_of_a_key_decides_and_other_keys_do_not_count() {
        let keys = vec![
            ("7".to_owned(), Level::Mention),
            ("8".to_owned(), Level::ThisKey),
        ];
        let summary = summary(keys);
        assert_eq!(summary.verdict("7"), Verdict::Possible);
        assert_eq!(summary.verdict("8"), Verdict::Confirmed);
        assert_eq!(summary.verdict("9"), Verdict::NothingFound);
    }
}
