//! What all threads of one search share: what is looked for, how far, what has been counted, and the way out for
//! findings.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use crate::blind::BlindSpots;
use crate::collect::{Gathered, Gathering};
use crate::matcher::{Extras, Matcher};
use crate::options::{Limits, Options, Tier};
use crate::places::headings;
use crate::reading::Reading;
use crate::{Cancel, Finding, Level, Object, Place, Process, Progress, Sought, Totals};

/// How many hints are told. Whoever has more works on this service's own software, and knows.
const HINTS: u64 = 500;

#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) matcher: Matcher,
    pub(crate) options: Options,
    pub(crate) limits: Limits,
    pub(crate) cancel: Cancel,
    pub(crate) blind: BlindSpots,
    pub(crate) counted: Counted,
    pub(crate) reading: Reading,
    folder: Mutex<PathBuf>,
}

/// Counters that every thread adds to.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(crate) files: AtomicU64,
    pub(crate) bytes: AtomicU64,
    pub(crate) folders: AtomicU64,
    pub(crate) stores: AtomicU64,
    pub(crate) objects: AtomicU64,
    pub(crate) object_bytes: AtomicU64,
    pub(crate) processes: AtomicU64,
    pub(crate) findings: AtomicU64,
    hints: AtomicU64,
    /// Something broke inside: then the search is not complete.
    pub(crate) broken: AtomicBool,
}

/// Where findings go.
pub(crate) type Outlet = SyncSender<Finding>;

/// What is known about the text that findings are of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin<'text> {
    pub(crate) path: PathBuf,
    /// The heading, when it does not depend on the path.
    pub(crate) place: Option<Place>,
    /// How the text begins.
    pub(crate) head: &'text [u8],
    pub(crate) written: Option<SystemTime>,
    pub(crate) process: Option<Process>,
    pub(crate) object: Option<Object>,
    /// Whether lines mean nothing there.
    pub(crate) without_lines: bool,
}

impl Search {
    pub(crate) fn new(keys: Vec<Sought>, options: Options, cancel: Cancel) -> Self {
        let extras = Extras {
            older: options.older && !keys.is_empty(),
            unlisted: options.unlisted,
            hints: options.hints,
        };
        Self {
            matcher: Matcher::new(keys, extras),
            limits: options.limits(),
            options,
            cancel,
            blind: BlindSpots::default(),
            counted: Counted::default(),
            reading: Reading::default(),
            folder: Mutex::default(),
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.cancel.is_stopped()
    }

    pub(crate) fn everything(&self) -> bool {
        self.options.tier == Tier::Everything
    }

    /// Remembers the folder that was begun last. Not worth waiting for.
    pub(crate) fn begin(&self, folder: &Path) {
        Counted::add(&self.counted.folders, 1);
        if let Ok(mut last) = self.folder.try_lock() {
            last.clear();
            last.push(folder);
        }
    }

    /// Sends what was gathered in one text on its way.
    pub(crate) fn report(&self, gathering: Gathering, origin: &Origin<'_>, outlet: &Outlet) {
        for found in gathering.into_found() {
            let is_hint = found.hit.level == Level::Hint;
            if is_hint && self.counted.hints.fetch_add(1, Ordering::Relaxed) >= HINTS {
                continue;
            }
            Counted::add(&self.counted.findings, 1);
            // Nobody listens any more when the search was stopped.
            let _ = outlet.send(self.finding(found, origin));
        }
    }

    fn finding(&self, found: Gathered, origin: &Origin<'_>) -> Finding {
        let key = found.hit.key.map(|key| &self.matcher.keys()[key]);
        let created = key.and_then(|key| key.created_at);
        Finding {
            level: found.hit.level,
            place: origin
                .place
                .unwrap_or_else(|| headings::of(&origin.path, origin.head)),
            path: origin.path.clone(),
            line: (!origin.without_lines && found.inside.is_none() || found.line > 1)
                .then_some(found.line),
            inside: found.inside,
            variable: found.hit.variable,
            encoding: found.hit.encoding,
            mask: found.hit.mask,
            key: key.map(|key| key.id.clone()),
            times: found.times,
            predates_key: matches!((origin.written, created), (Some(written), Some(created)) if written < created),
            process: origin.process.clone(),
            object: origin.object.clone(),
        }
    }

    pub(crate) fn progress(&self) -> Progress {
        let folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        Progress {
            files: Counted::get(&self.counted.files),
            bytes: Counted::get(&self.counted.bytes),
            folders: Counted::get(&self.counted.folders),
            objects: Counted::get(&self.counted.objects),
            findings: Counted::get(&self.counted.findings),
            folder: folder.clone(),
            reading: self.reading.now(),
        }
    }

    pub(crate) fn totals(&self) -> Totals {
        Totals {
            files: Counted::get(&self.counted.files),
            bytes: Counted::get(&self.counted.bytes),
            folders: Counted::get(&self.counted.folders),
            stores: Counted::get(&self.counted.stores),
            objects: Counted::get(&self.counted.objects),
            object_bytes: Counted::get(&self.counted.object_bytes),
            processes: Counted::get(&self.counted.processes),
        }
    }
}

impl Counted {
    pub(crate) fn add(counter: &AtomicU64, more: u64) {
        counter.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn get(counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }
}
