//! A search from its beginning to its end. It pushes what it finds; everything it tells comes on the thread that runs
//! it, in one call after the other.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, TryRecvError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::cancel::Cancel;
use crate::current_files::Observer;
use crate::event::{Counts, Event, Summary};
use crate::finding::{Finding, Level};
use crate::git::{self, Stores};
use crate::known_locations;
use crate::machine::Machine;
use crate::options::{Options, Tier};
use crate::search::{Outlet, Search};
use crate::search_key::SearchKey;
use crate::skipped::Reason;
use crate::unchanged::{FileIndex, Unchanged};
use crate::walk::{self, Route};

/// The shortest time between two tellings of progress.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// How often it is looked whether the search was stopped.
const STOP_CHECK_INTERVAL: Duration = Duration::from_millis(10);

/// How long a stopped search waits for its threads. One that hangs in a call of the system (a dead network disk) is
/// left behind: it ends when the call does, and its findings go nowhere.
const STOP_TIMEOUT: Duration = Duration::from_millis(25);

/// How many findings may wait to be told.
const MAX_QUEUED_FINDINGS: usize = 1024;

/// A search that has not begun.
///
/// ```
/// use usage::{Event, Machine, Scan, SearchKey, Verdict};
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join(".env"), "PULSE=ab12cd34\n")?;
/// let scan = Scan::new(vec![SearchKey::new("7", "ab12cd34")?])
///     .roots([folder.path()])
///     .machine(Machine::none());
/// let summary = scan.run(&|event| {
///     if let Event::Found(finding) = event {
///         println!("{}: {}", finding.path.display(), finding.mask);
///     }
/// });
/// assert_eq!(summary.verdict("7"), Verdict::Possible);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Scan {
    keys: Vec<SearchKey>,
    options: Options,
    cancel: Cancel,
    observer: Observer,
    index: Option<(FileIndex, SystemTime)>,
}

impl Scan {
    /// A search for these keys on this machine, in no folder yet.
    #[must_use]
    pub fn new(keys: Vec<SearchKey>) -> Self {
        Self {
            keys,
            options: Options {
                tier: Tier::default(),
                roots: Vec::new(),
                excluded: Vec::new(),
                machine: Machine::this(),
                git: true,
                older: true,
                hints: true,
                unlisted: false,
                threads: None,
            },
            cancel: Cancel::default(),
            observer: Observer::default(),
            index: None,
        }
    }

    /// How far to go.
    #[must_use]
    pub fn tier(mut self, tier: Tier) -> Self {
        self.options.tier = tier;
        self
    }

    /// Which folders to search: a home folder, the roots of projects. Named places are looked for in each.
    #[must_use]
    pub fn roots(mut self, roots: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.options.roots.extend(roots.into_iter().map(Into::into));
        self
    }

    /// Which folders to leave out.
    #[must_use]
    pub fn excluded(mut self, folders: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.options
            .excluded
            .extend(folders.into_iter().map(Into::into));
        self
    }

    /// Another machine than this one.
    #[must_use]
    pub fn machine(mut self, machine: Machine) -> Self {
        self.options.machine = machine;
        self
    }

    /// Whether to search the history of git repositories, as is usual.
    #[must_use]
    pub fn git(mut self, search: bool) -> Self {
        self.options.git = search;
        self
    }

    /// Whether to look for earlier versions of the keys, as is usual. That reads every byte once more.
    #[must_use]
    pub fn older(mut self, search: bool) -> Self {
        self.options.older = search;
        self
    }

    /// Whether to look for names that hint at a key, as is usual.
    #[must_use]
    pub fn hints(mut self, search: bool) -> Self {
        self.options.hints = search;
        self
    }

    /// Whether to look for any genuine token, of whatever account.
    #[must_use]
    pub fn unlisted(mut self, search: bool) -> Self {
        self.options.unlisted = search;
        self
    }

    /// How many threads to use, instead of what suits this machine.
    #[must_use]
    pub fn threads(mut self, threads: Option<usize>) -> Self {
        self.options.threads = threads;
        self
    }

    /// With this as what stops it, for callers that need it before there is a search.
    #[must_use]
    pub fn stopped_by(mut self, cancel: Cancel) -> Self {
        self.cancel = cancel;
        self
    }

    /// With a function that is called with what is being read whenever something is begun that may do harm: an archive,
    /// a large file, a repository. Comes from any thread of the search, before the first byte is looked at.
    #[must_use]
    pub fn telling_what_is_read(
        mut self,
        tell: impl Fn(&[PathBuf]) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Observer::new(tell);
        self
    }

    /// With what an earlier search read ([`Summary::index`]; an empty one before there was any): files that have not
    /// changed since are not opened, and what was told of them is told again. Where this search is for keys that the
    /// earlier one was not for, everything is read. `now` is when this search begins.
    #[must_use]
    pub fn index(mut self, before: FileIndex, now: SystemTime) -> Self {
        self.index = Some((before, now));
        self
    }

    /// What stops this search; keep it before running.
    #[must_use]
    pub fn cancel(&self) -> Cancel {
        self.cancel.clone()
    }

    /// What the threads of the search share, for tests of its parts.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn search(self) -> Search {
        Search::new(self.keys, self.options, self.cancel)
    }

    /// Searches until the end or until it is stopped.
    #[must_use]
    pub fn run(self, tell: &dyn Fn(Event)) -> Summary {
        let begun = Instant::now();
        let index = self.index.map(|(before, now)| {
            let (keys, options) = (&self.keys, &self.options);
            Unchanged::new(before, now, keys, options)
        });
        let mut search = Search::new(self.keys, self.options, self.cancel);
        search.current_files.observe(self.observer);
        search.unchanged = index;
        let search = Arc::new(search);
        let (outlet, findings) = mpsc::sync_channel(MAX_QUEUED_FINDINGS);
        let conductor = thread::spawn({
            let search = Arc::clone(&search);
            move || conduct(&search, &Outlet::new(outlet))
        });
        let mut told = Told::default();
        let ended = listen(&search, &findings, &mut |event| told.pass(event, tell));
        // Only one that has ended may be waited for; a panic in it must not look like an end.
        if !ended || conductor.join().is_err() {
            search.counted.broken.store(true, Ordering::Relaxed);
        }
        while let Ok(finding) = findings.try_recv() {
            told.pass(Event::Found(finding), tell);
        }
        tell(Event::Progress(search.progress()));
        let stopped = search.is_stopped() || search.counted.broken.load(Ordering::Relaxed);
        let unchanged = search.unchanged.as_ref();
        Summary {
            totals: search.totals(),
            findings: told.counts,
            skipped: search.skipped.list(),
            index: unchanged.map(|unchanged| unchanged.after(!stopped)),
            stopped,
            took: begun.elapsed(),
            keys: told.keys.into_iter().collect(),
        }
    }
}

/// One part after the other, what is quick first; what other programs have to be asked for, beside them.
fn conduct(search: &Search, outlet: &Outlet) {
    thread::scope(|scope| {
        scope.spawn(|| known_locations::ask_programs(search, outlet));
        let done = known_locations::search(search, outlet);
        let stores = Stores::default();
        if search.options.tier > Tier::Named {
            let route = Route::new(search, &done);
            walk::walk(search, &route, &stores, outlet);
        }
        if search.options.git {
            git::search(search, &stores, outlet);
        } else {
            for store in stores.take() {
                search.skipped.add(Reason::GitHistory, &store);
            }
        }
    });
}

/// Passes everything on until the search has ended (true), or was stopped and hangs (false).
fn listen(search: &Search, findings: &Receiver<Finding>, tell: &mut dyn FnMut(Event)) -> bool {
    let mut last = Instant::now();
    let mut stopped: Option<Instant> = None;
    loop {
        match findings.recv_timeout(STOP_CHECK_INTERVAL) {
            Ok(finding) => tell(Event::Found(finding)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return true,
        }
        if search.is_stopped() {
            let since = stopped.get_or_insert_with(Instant::now);
            if since.elapsed() > STOP_TIMEOUT {
                return matches!(findings.try_recv(), Err(TryRecvError::Disconnected));
            }
        } else if last.elapsed() >= PROGRESS_INTERVAL {
            last = Instant::now();
            tell(Event::Progress(search.progress()));
        }
    }
}

/// What has been told so far.
#[derive(Default)]
struct Told {
    counts: Counts,
    keys: HashMap<String, Level>,
}

impl Told {
    fn pass(&mut self, event: Event, tell: &dyn Fn(Event)) {
        if let Event::Found(finding) = &event {
            self.counts.add(finding.level);
            if let Some(key) = &finding.key {
                let level = self.keys.entry(key.clone()).or_insert(finding.level);
                *level = finding.level.max(*level);
            }
        }
        tell(event);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Scan, Search};
    use crate::machine::Machine;
    use crate::search_key::SearchKey;

    /// What the threads of a search share, for tests of its parts.
    pub(crate) fn search_for(keys: Vec<SearchKey>) -> Search {
        Scan::new(keys).machine(Machine::none()).search()
    }
}
