//! What an earlier search read, so that a later one for the same keys need not open files that have not changed since.
//!
//! Kept of a file is a number made of its path, its place on the disk, its size and its two times: never what is in it.
//! Of a file in which something was found, or which could not be read to its end, what was told is kept too, and told
//! again. A file that was written shortly before the search may be written again within one tick of the disk's clock: it
//! is read the next time as well. Left out: reading (`reread`), and where all that is kept between two searches.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::disk::Facts;
use crate::finding::Finding;
use crate::options::{Options, Tier};
use crate::search_key::SearchKey;
use crate::skipped::{Reason, Skipped, SkippedPlaces};

/// To be counted up when a search of the same version finds something else in the same file.
const FORM: u32 = 4;

/// The steps of the coarsest clock of a disk (of FAT).
const TICK: Duration = Duration::from_secs(2);

/// How many files are kept, and of how many it is kept what was told of them. The others are read again.
const MAX_SILENT: usize = 2_000_000;
const MAX_TOLD: usize = 5_000;

/// What a search read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileIndex {
    /// What kind of search it was.
    search: u64,
    /// The keys that it looked for.
    keys: Vec<u64>,
    /// Files of which there was nothing to tell, in order.
    #[serde(serialize_with = "packed", deserialize_with = "unpacked")]
    silent: Vec<u64>,
    /// The others.
    told: Vec<ToldFile>,
}

/// A file, and all that was told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ToldFile {
    state: u64,
    findings: Vec<Finding>,
    skipped: Vec<Skipped>,
}

impl FileIndex {
    /// How many files it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.silent.len() + self.told.len()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A file as it stands there, without its content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    number: u64,
    /// Whether it can't have changed since without that being seen.
    is_settled: bool,
}

impl State {
    /// Together with another file that belongs to it, and is never written again.
    pub(crate) fn and(self, other: Self) -> Self {
        let mut hasher = DefaultHasher::new();
        (self.number, other.number).hash(&mut hasher);
        Self {
            number: hasher.finish(),
            ..self
        }
    }
}

/// What is known of files while a search runs.
#[derive(Debug)]
pub(crate) struct Unchanged {
    search: u64,
    keys: Vec<u64>,
    /// Files that were written after this may be written again unseen.
    settled_until: SystemTime,
    silent_before: Vec<u64>,
    told_before: HashMap<u64, ToldFile>,
    read: Mutex<FileIndex>,
}

impl Unchanged {
    /// For a search that begins `now`. What is known `before` counts if that search was for all of these keys.
    pub(crate) fn new(
        before: FileIndex,
        now: SystemTime,
        keys: &[SearchKey],
        options: &Options,
    ) -> Self {
        let search = number_of_search(options);
        let keys: Vec<u64> = keys.iter().map(number_of_key).collect();
        let known: HashSet<u64> = before.keys.into_iter().collect();
        let counts = before.search == search && keys.iter().all(|key| known.contains(key));
        let (mut silent_before, told_before) = if counts {
            (before.silent, before.told)
        } else {
            Default::default()
        };
        silent_before.sort_unstable();
        let told_before = told_before.into_iter().map(|file| (file.state, file));
        Self {
            search,
            keys,
            settled_until: now.checked_sub(TICK).unwrap_or(SystemTime::UNIX_EPOCH),
            silent_before,
            told_before: told_before.collect(),
            read: Mutex::default(),
        }
    }

    /// A file by its path.
    pub(crate) fn state(&self, path: &Path, facts: &Facts) -> State {
        let mut hasher = DefaultHasher::new();
        path.hash(&mut hasher);
        facts.hash(&mut hasher);
        State {
            number: hasher.finish(),
            is_settled: facts.changed().is_some_and(|at| at < self.settled_until),
        }
    }

    /// What was told of a file that is as it was when it was read; none where it has to be read.
    pub(crate) fn known(&self, state: State) -> Option<Note> {
        if self.silent_before.binary_search(&state.number).is_ok() {
            return Some(Note::default());
        }
        let ToldFile {
            findings, skipped, ..
        } = self.told_before.get(&state.number)?.clone();
        Some(Note {
            findings,
            skipped,
            is_spoilt: false,
        })
    }

    /// The next search need not read this file.
    pub(crate) fn keep(&self, state: State, note: Note) {
        if !state.is_settled || note.is_spoilt {
            return;
        }
        let mut read = self.read();
        if note.findings.is_empty() && note.skipped.is_empty() {
            if read.silent.len() < MAX_SILENT {
                read.silent.push(state.number);
            }
        } else if read.told.len() < MAX_TOLD {
            read.told.push(ToldFile {
                state: state.number,
                findings: note.findings,
                skipped: note.skipped,
            });
        }
    }

    /// What the next search may rely on. After one that came to its end, what it did not meet is gone.
    pub(crate) fn after(&self, is_whole: bool) -> FileIndex {
        let mut read = std::mem::take(&mut *self.read());
        if !is_whole {
            read.silent.extend(&self.silent_before);
            let met: HashSet<u64> = read.told.iter().map(|file| file.state).collect();
            let before = self.told_before.values();
            let others = before.filter(|file| !met.contains(&file.state)).cloned();
            read.told.extend(others);
            read.told.truncate(MAX_TOLD);
        }
        read.silent.sort_unstable();
        read.silent.dedup();
        read.silent.truncate(MAX_SILENT);
        read.search = self.search;
        read.keys.clone_from(&self.keys);
        read
    }

    /// Each change under the lock leaves what is there before or after it.
    fn read(&self) -> MutexGuard<'_, FileIndex> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The way out for findings; notes what was told, where that is to be known the next time.
#[derive(Debug)]
pub(crate) struct Outlet {
    findings: SyncSender<Finding>,
    note: Option<Mutex<Note>>,
}

/// What was told of a file.
#[derive(Debug, Default)]
pub(crate) struct Note {
    pub(crate) findings: Vec<Finding>,
    pub(crate) skipped: Vec<Skipped>,
    /// It is not all that there was to tell.
    pub(crate) is_spoilt: bool,
}

impl Outlet {
    pub(crate) fn new(findings: SyncSender<Finding>) -> Self {
        Self {
            findings,
            note: None,
        }
    }

    /// The same way out, which notes.
    pub(crate) fn noting(&self) -> Self {
        Self {
            findings: self.findings.clone(),
            note: Some(Mutex::default()),
        }
    }

    pub(crate) fn into_note(self) -> Note {
        let note = self.note.unwrap_or_default().into_inner();
        note.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn send(&self, finding: Finding) {
        self.change(|note| note.findings.push(finding.clone()));
        // Nobody listens any more when the search was stopped.
        let _ = self.findings.send(finding);
    }

    pub(crate) fn is_noting(&self) -> bool {
        self.note.is_some()
    }

    /// Notes what has been told already.
    pub(crate) fn note(&self, finding: Finding) {
        self.change(|note| note.findings.push(finding));
    }

    /// Something of the file was not looked into, which will be so as long as the file is as it is.
    pub(crate) fn skip(
        &self,
        all: &SkippedPlaces,
        reason: Reason,
        what: Option<&'static str>,
        paths: &[impl AsRef<Path>],
        count: u64,
    ) {
        all.add_examples(reason, what, paths, count);
        self.change(|note| {
            note.skipped.push(Skipped {
                reason,
                what: what.map(Into::into),
                count,
                examples: paths.iter().map(|path| path.as_ref().to_owned()).collect(),
            });
        });
    }

    /// Something of the file was not looked into, which may be otherwise the next time.
    pub(crate) fn spoil(&self) {
        self.change(|note| note.is_spoilt = true);
    }

    fn change(&self, change: impl FnOnce(&mut Note)) {
        if let Some(note) = &self.note {
            change(&mut note.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// What decides, besides the keys, what is found in a file.
fn number_of_search(options: &Options) -> u64 {
    let tier = match options.tier {
        Tier::Named => 0_u8,
        Tier::Folders => 1,
        Tier::Everything => 2,
    };
    let extras = (options.older, options.hints, options.unlisted);
    let mut hasher = DefaultHasher::new();
    (FORM, env!("CARGO_PKG_VERSION"), tier, extras).hash(&mut hasher);
    hasher.finish()
}

/// A key, and what is known of it that decides what is told of a file. Its digest is not gone into.
fn number_of_key(key: &SearchKey) -> u64 {
    let mut hasher = DefaultHasher::new();
    let has_digest = key.sha256.is_some();
    (&key.id, key.last_eight, key.created_at, has_digest).hash(&mut hasher);
    hasher.finish()
}

/// As text: eight bytes for each, and no name of a number.
fn packed<S: Serializer>(numbers: &[u64], serializer: S) -> Result<S::Ok, S::Error> {
    let bytes: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    serializer.serialize_str(&STANDARD.encode(bytes))
}

fn unpacked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = STANDARD.decode(text).map_err(D::Error::custom)?;
    let (numbers, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(D::Error::custom("half a number"));
    }
    Ok(numbers.iter().copied().map(u64::from_le_bytes).collect())
}
