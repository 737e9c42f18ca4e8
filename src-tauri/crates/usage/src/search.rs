//! What all threads of one search share: what is looked for, how far, what has been counted, and the way out for
//! findings.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::budget::Pool;
use crate::cancel::Cancel;
use crate::current_files::CurrentFiles;
use crate::dedup::{Gathered, Gathering};
use crate::disk::{self, Links, Mounts, Refusal};
use crate::event::{Progress, Totals};
use crate::finding::{Finding, Level, Object, Place, Process};
use crate::matcher::{Extras, Matcher};
use crate::options::{Limits, Options, Tier};
use crate::places::{headings, project};
use crate::search_key::SearchKey;
use crate::skipped::{Reason, SkippedPlaces};
pub(crate) use crate::unchanged::Outlet;
use crate::unchanged::Unchanged;

/// How many hints are told.
const MAX_HINTS: u64 = 500;

/// How far the clock of the server, which dates a key, and the one that dates a file may be apart: a time zone taken
/// for another, and the steps in which a file system counts. Within it, neither came first.
const MAX_CLOCK_DIFFERENCE: Duration = Duration::from_hours(24);

#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) matcher: Matcher,
    pub(crate) options: Options,
    pub(crate) limits: Limits,
    pub(crate) cancel: Cancel,
    pub(crate) skipped: SkippedPlaces,
    pub(crate) counted: Counted,
    pub(crate) mounts: Mounts,
    /// What may be unpacked beyond what the sizes of files justify.
    pub(crate) spare: Pool,
    /// Held by the one thread that has something large in memory.
    pub(crate) large: Mutex<()>,
    pub(crate) current_files: CurrentFiles,
    /// What an earlier search read, where that is asked for.
    pub(crate) unchanged: Option<Unchanged>,
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
    /// Files that an earlier search read.
    pub(crate) unchanged: AtomicU64,
    pub(crate) findings: AtomicU64,
    hints: AtomicU64,
    weak: AtomicU64,
    strong: AtomicU64,
    /// Something broke inside: then the search is not complete.
    pub(crate) broken: AtomicBool,
}

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
    /// The member that the text is, where the file holds several.
    pub(crate) inside: Option<String>,
    /// Whether lines mean nothing there.
    pub(crate) without_lines: bool,
}

impl Search {
    pub(crate) fn new(keys: Vec<SearchKey>, options: Options, cancel: Cancel) -> Self {
        let extras = Extras {
            older: options.older && !keys.is_empty(),
            unlisted: options.unlisted,
            hints: options.hints,
        };
        let limits = options.limits();
        let roots: Vec<_> = options
            .roots
            .iter()
            .map(|root| disk::canonical(root))
            .collect();
        Self {
            matcher: Matcher::new(keys, extras),
            mounts: Mounts::new(options.machine.foreign_mounts(), &roots),
            spare: Pool::new(limits.spare),
            large: Mutex::default(),
            limits,
            options,
            cancel,
            skipped: SkippedPlaces::default(),
            counted: Counted::default(),
            current_files: CurrentFiles::default(),
            unchanged: None,
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

    /// Counts a file that was not opened or not read.
    pub(crate) fn refused(&self, refusal: &Refusal, path: &Path) {
        if refusal.is_absence() {
            // It went away since its folder was listed: then it holds nothing any more.
            return;
        }
        let reason = match refusal {
            Refusal::Special => Reason::Special,
            Refusal::Mount => Reason::Mount,
            Refusal::TooLarge => Reason::Budget,
            Refusal::System(error) => match error.kind() {
                io::ErrorKind::PermissionDenied => Reason::FileDenied,
                // A pseudo file that waits for something to say.
                io::ErrorKind::WouldBlock => Reason::Special,
                _ => Reason::Failed,
            },
        };
        self.skipped.add(reason, path);
    }

    /// The whole content of a small file that tells where else to look; `None`, and told unless it is not there at
    /// all, when it can't be had.
    pub(crate) fn small(&self, path: &Path, most: u64) -> Option<Vec<u8>> {
        let read = self
            .mounts
            .open(path, Links::Followed)
            .and_then(|file| disk::whole(file.file, most));
        match read {
            Ok(text) => Some(text),
            Err(Refusal::TooLarge) => {
                let what = Some("small file of git");
                self.skipped.add_kind(Reason::Budget, what, path);
                None
            }
            Err(refusal) => {
                self.refused(&refusal, path);
                None
            }
        }
    }

    /// Whether another finding of this level may be told. A flood of them is of no use, and fills the
    /// listener's memory; weak ones can't crowd out strong ones.
    fn may_tell(&self, level: Level, path: &Path) -> bool {
        let (counter, most) = match level {
            // That many are found where this service's own software is written.
            Level::Hint => return self.counted.hints.fetch_add(1, Ordering::Relaxed) < MAX_HINTS,
            Level::Probable | Level::ThisKey => (&self.counted.strong, self.limits.strong_findings),
            Level::Unlisted | Level::Older | Level::Mention => {
                (&self.counted.weak, self.limits.weak_findings)
            }
        };
        let may = counter.fetch_add(1, Ordering::Relaxed) < most;
        if !may {
            self.skipped
                .add_kind(Reason::Budget, Some("findings"), path);
        }
        may
    }

    /// Sends what was gathered in one text on its way.
    pub(crate) fn report(&self, gathering: Gathering, origin: &Origin<'_>, outlet: &Outlet) {
        let path = [&origin.path];
        if gathering.is_full() {
            let what = Some("findings in one file");
            outlet.skip(&self.skipped, Reason::Budget, what, &path, 1);
        }
        for (what, count) in gathering.unread() {
            outlet.skip(&self.skipped, Reason::Encoded, Some(what), &path, count);
        }
        for found in gathering.into_found() {
            if !self.may_tell(found.hit.level, &origin.path) {
                outlet.spoil();
                continue;
            }
            Counted::add(&self.counted.findings, 1);
            outlet.send(self.finding(found, origin));
        }
    }

    /// Notes what was gathered where it has been told of a copy.
    pub(crate) fn note(&self, gathering: Gathering, origin: &Origin<'_>, outlet: &Outlet) {
        if !outlet.is_noting() {
            return;
        }
        for found in gathering.into_found() {
            outlet.note(self.finding(found, origin));
        }
    }

    /// Sends what an earlier search found on its way.
    pub(crate) fn tell_again(&self, finding: &Finding, outlet: &Outlet) {
        if self.may_tell(finding.level, &finding.path) {
            Counted::add(&self.counted.findings, 1);
            outlet.send(finding.clone());
        }
    }

    fn finding(&self, found: Gathered, origin: &Origin<'_>) -> Finding {
        let key = found.hit.key.map(|key| &self.matcher.keys()[key]);
        let created = key.and_then(|key| key.created_at);
        let predates_key = is_before(origin.written, created);
        let is_file = origin.process.is_none() && origin.path.is_absolute();
        let project = is_file.then(|| project::of(&origin.path)).flatten();
        let environment = is_file
            .then(|| project::environment(&origin.path, project.as_deref()))
            .flatten();
        Finding {
            level: found.hit.level,
            place: origin
                .place
                .unwrap_or_else(|| headings::of(&origin.path, origin.head)),
            path: origin.path.clone(),
            line: (!origin.without_lines && found.inside.is_none() || found.line > 1)
                .then_some(found.line)
                .filter(|line| *line > 0),
            inside: match (&origin.inside, found.inside) {
                (Some(outer), Some(inner)) => Some(format!("{outer}!{inner}")),
                (outer, inner) => inner.or_else(|| outer.clone()),
            },
            variable: found.hit.variable,
            encoding: found.hit.encoding,
            layers: found.hit.layers,
            mask: found.hit.mask,
            key: key.map(|key| key.id.clone()),
            times: found.times,
            // A token that is proved to be the key's was there, whatever the file's date says.
            predates_key: found.hit.level < Level::ThisKey && predates_key,
            process: origin.process.clone(),
            object: origin.object.clone(),
            project,
            environment,
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
            reading: self.current_files.now(),
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
            unchanged: Counted::get(&self.counted.unchanged),
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

/// Whether a file was certainly written before a key was created.
fn is_before(written: Option<SystemTime>, created: Option<SystemTime>) -> bool {
    let (Some(written), Some(created)) = (written, created) else {
        return false;
    };
    created
        .duration_since(written)
        .is_ok_and(|between| between > MAX_CLOCK_DIFFERENCE)
}
