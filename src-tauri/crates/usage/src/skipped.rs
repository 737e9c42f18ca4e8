//! What was not looked into, and why: counted, with a few examples. A search that hides its skipped spots lies.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize, Serializer};

/// How many examples are kept for each reason.
const MAX_EXAMPLES: usize = 5;

/// Why something was not looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A folder that this user may not read.
    FolderDenied,
    /// A file that this user may not read.
    FileDenied,
    /// Processes of other users.
    ProcessDenied,
    /// A folder that was asked for and is not there.
    Missing,
    /// Reading failed for another reason.
    Failed,
    /// Changed while it was being read, so part of it may not have been seen.
    Changed,
    /// A folder of things that were downloaded or built, left out by name and proof.
    Pruned,
    /// Excluded by the user.
    Excluded,
    /// Larger than this search reads.
    TooLarge,
    /// An archive that this search does not open.
    Archive,
    /// An archive that was not read as a whole: too deep, damaged, or with members that can't be opened.
    ArchiveCut,
    /// A member of an archive that could not be opened; those beside it were.
    Member,
    /// Encoded in a text, and not decoded to its end: too large, too deep, damaged, or of a kind that is not opened.
    Encoded,
    /// Encrypted: its content can't be read without a password.
    Encrypted,
    /// A pipe, a socket or a device.
    Special,
    /// A link to a folder elsewhere.
    Link,
    /// Another disk, a network folder or a pseudo file system below a searched folder.
    Mount,
    /// A file whose content lies in the cloud and would be downloaded by reading it.
    Placeholder,
    /// The history of a git repository, which was not to be searched.
    GitHistory,
    /// An object of git that is damaged, absent or larger than this search reads.
    GitObject,
    /// More than a search may take for a thing of its kind, as files made to wear it out ask for. What was within the
    /// bounds was searched; the rest was not.
    Budget,
}

impl Reason {
    /// Whether the user would expect this to have been searched: then "nothing found" is not the whole truth.
    #[must_use]
    pub fn is_gap(self) -> bool {
        matches!(
            self,
            Self::FolderDenied
                | Self::FileDenied
                | Self::Missing
                | Self::Failed
                | Self::Changed
                | Self::Archive
                | Self::ArchiveCut
                | Self::Member
                | Self::Encoded
                | Self::Budget
        )
    }
}

/// One reason, how often it occurred, and where for example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Why.
    pub reason: Reason,
    /// What exactly, where the reason alone does not tell: the kind of folder left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<Cow<'static, str>>,
    /// How many.
    pub count: u64,
    /// The first few.
    #[serde(serialize_with = "lossy")]
    pub examples: Vec<PathBuf>,
}

/// Gathers skipped spots from all threads.
#[derive(Debug, Default)]
pub(crate) struct SkippedPlaces {
    spots: Mutex<Vec<Skipped>>,
}

impl SkippedPlaces {
    pub(crate) fn add(&self, reason: Reason, path: &Path) {
        self.add_kind(reason, None, path);
    }

    pub(crate) fn add_kind(&self, reason: Reason, what: Option<&'static str>, path: &Path) {
        self.add_many(reason, what, path, 1);
    }

    /// Several at one place.
    pub(crate) fn add_many(
        &self,
        reason: Reason,
        what: Option<&'static str>,
        path: &Path,
        count: u64,
    ) {
        self.add_examples(reason, what, &[path], count);
    }

    /// Several, of which some are named.
    pub(crate) fn add_examples(
        &self,
        reason: Reason,
        what: Option<&'static str>,
        paths: &[impl AsRef<Path>],
        count: u64,
    ) {
        self.gather(reason, what.map(Cow::Borrowed), paths, count);
    }

    /// What an earlier search told of a file that is as it was.
    pub(crate) fn add_again(&self, skipped: &Skipped) {
        let Skipped {
            reason,
            what,
            count,
            examples,
        } = skipped;
        self.gather(*reason, what.clone(), examples, *count);
    }

    fn gather(
        &self,
        reason: Reason,
        what: Option<Cow<'static, str>>,
        paths: &[impl AsRef<Path>],
        count: u64,
    ) {
        let mut spots = self.spots.lock().unwrap_or_else(PoisonError::into_inner);
        let known = spots
            .iter()
            .position(|spot| spot.reason == reason && spot.what == what);
        let at = known.unwrap_or_else(|| {
            spots.push(Skipped {
                reason,
                what,
                count: 0,
                examples: Vec::new(),
            });
            spots.len() - 1
        });
        spots[at].count = spots[at].count.saturating_add(count);
        for path in paths {
            let path = path.as_ref();
            let is_new = spots[at].examples.last().is_none_or(|last| last != path);
            if spots[at].examples.len() < MAX_EXAMPLES && is_new {
                spots[at].examples.push(path.to_owned());
            }
        }
    }

    /// What has been gathered so far, in a fixed order.
    pub(crate) fn list(&self) -> Vec<Skipped> {
        let mut spots = self
            .spots
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        spots.sort_by(|one, other| (one.reason, &one.what).cmp(&(other.reason, &other.what)));
        spots
    }
}

fn lossy<S: Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(paths.iter().map(|path| path.display().to_string()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{MAX_EXAMPLES, Reason, SkippedPlaces};

    #[test]
    fn everything_is_counted_and_a_few_are_named() {
        let spots = SkippedPlaces::default();
        for at in 0..20 {
            spots.add(Reason::FolderDenied, Path::new(&format!("/{at}")));
        }
        spots.add_kind(Reason::Pruned, Some("node_modules"), Path::new("/n"));
        spots.add_kind(Reason::Pruned, Some("target"), Path::new("/t"));
        let list = spots.list();
        assert_eq!(list.len(), 3);
        assert_eq!(list[0].count, 20);
        assert_eq!(list[0].examples.len(), MAX_EXAMPLES);
        assert!(list[0].reason.is_gap() && !list[1].reason.is_gap());
    }
}
