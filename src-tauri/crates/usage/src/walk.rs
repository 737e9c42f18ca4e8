//! Through folders with many threads: a stack of folders to list that all share, files read where they are listed.
//!
//! Links are not followed, so there are no loops; a link to a file outside of all searched folders is read. Pipes,
//! sockets and devices are never opened, and nothing below a mounted network disk is touched.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;
use std::{io, thread};

use crate::blind::Reason;
use crate::disk::{self, Entry, Folder, Kind};
use crate::file;
use crate::git::Stores;
use crate::lens::Lens;
use crate::places::pruned;
use crate::search::{Outlet, Search};

/// From this many files on a folder is shared between threads.
const CROWD: usize = 512;

/// How long a thread without work sleeps before it looks whether the search was stopped.
const NAP: Duration = Duration::from_millis(20);

/// What is known before the walk begins.
#[derive(Debug, Default)]
pub(crate) struct Route {
    roots: Vec<PathBuf>,
    /// Files that were looked into already, by folder.
    done: HashMap<PathBuf, HashSet<OsString>>,
    mounts: HashMap<PathBuf, String>,
    excluded: HashSet<PathBuf>,
}

impl Route {
    pub(crate) fn new(search: &Search, done: &[PathBuf]) -> Self {
        let mut route = Self {
            mounts: disk::foreign_mounts().into_iter().collect(),
            excluded: search
                .options
                .excluded
                .iter()
                .map(|path| disk::canonical(path))
                .collect(),
            ..Self::default()
        };
        for path in done {
            if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
                let names = route.done.entry(folder.to_owned()).or_default();
                names.insert(name.to_owned());
            }
        }
        for root in &search.options.roots {
            let root = disk::canonical(root);
            if !route.roots.contains(&root) {
                route.roots.push(root);
            }
        }
        route
    }
}

/// Walks through all roots.
pub(crate) fn walk(search: &Search, route: &Route, stores: &Stores, outlet: &Outlet) {
    let work = Work::default();
    for root in route.roots.iter().rev() {
        if root.is_dir() {
            work.push([Job::Folder(root.clone())]);
        } else if root.exists() {
            let parent = root.parent().unwrap_or(Path::new("")).to_owned();
            let name = root.file_name().unwrap_or_default().to_owned();
            work.push([Job::Files(parent, vec![name])]);
        } else {
            search.blind.add(Reason::Missing, root);
        }
    }
    thread::scope(|scope| {
        for _ in 0..search.options.walkers() {
            let walker = Walker {
                search,
                route,
                stores,
                work: &work,
                outlet,
            };
            scope.spawn(move || walker.run());
        }
    });
}

/// Something to do.
enum Job {
    Folder(PathBuf),
    /// Some of the files of a folder.
    Files(PathBuf, Vec<OsString>),
}

/// What is to be done, for all threads. The last one put there is taken first: that keeps it short.
#[derive(Default)]
struct Work {
    state: Mutex<State>,
    more: Condvar,
}

#[derive(Default)]
struct State {
    jobs: Vec<Job>,
    busy: usize,
    idle: usize,
}

impl Work {
    fn push(&self, jobs: impl IntoIterator<Item = Job>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.jobs.extend(jobs);
        // One is taken by who put it there. To wake a thread for nothing costs more than to read a file.
        let wanted = state.idle.min(state.jobs.len().saturating_sub(1));
        drop(state);
        for _ in 0..wanted {
            self.more.notify_one();
        }
    }

    /// The next job; `None` when all is done or the search was stopped.
    fn next(&self, search: &Search) -> Option<Job> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if search.is_stopped() {
                return None;
            }
            if let Some(job) = state.jobs.pop() {
                state.busy += 1;
                return Some(job);
            }
            if state.busy == 0 {
                return None;
            }
            state.idle += 1;
            state = match self.more.wait_timeout(state, NAP) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
            state.idle -= 1;
        }
    }

    fn done(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.busy -= 1;
        let is_over = state.busy == 0 && state.jobs.is_empty();
        drop(state);
        if is_over {
            self.more.notify_all();
        }
    }
}

/// A job counts as done even if it panics, or the others would wait for it for ever.
struct Doing<'work>(&'work Work);

impl Drop for Doing<'_> {
    fn drop(&mut self) {
        self.0.done();
    }
}

#[derive(Clone, Copy)]
struct Walker<'search> {
    search: &'search Search,
    route: &'search Route,
    stores: &'search Stores,
    work: &'search Work,
    outlet: &'search Outlet,
}

impl Walker<'_> {
    fn run(self) {
        let mut lens = Lens::new();
        while let Some(job) = self.work.next(self.search) {
            let _doing = Doing(self.work);
            match job {
                Job::Folder(path) => self.folder(&path, &mut lens),
                Job::Files(path, names) => match Folder::open(&path) {
                    Ok(folder) => self.files(&folder, &path, &names, &mut lens),
                    Err(error) => self.denied(&error, &path),
                },
            }
        }
    }

    fn folder(self, path: &Path, lens: &mut Lens) {
        self.search.begin(path);
        let listed = Folder::open(path).and_then(|folder| Ok((folder.entries()?, folder)));
        let (entries, folder) = match listed {
            Ok(listed) => listed,
            Err(error) => return self.denied(&error, path),
        };
        let is_root = self.route.roots.iter().any(|root| root == path);
        let has = |name: &str| entries.iter().any(|entry| entry.name == name);
        if !self.search.everything() && !is_root && has("CACHEDIR.TAG") && pruned::is_cache(path) {
            self.search
                .blind
                .add_kind(Reason::Pruned, Some("CACHEDIR.TAG"), path);
            return;
        }
        let is_store = has("HEAD") && has("objects") && (has("refs") || has("packed-refs"));
        if is_store {
            self.stores.add(&path.join("objects"));
        }
        if has(".git")
            && entries
                .iter()
                .any(|entry| entry.name == ".git" && entry.kind == Kind::File)
        {
            self.stores.add_linked(&path.join(".git"));
        }
        let (files, folders) = self.sort(entries, path, is_root, is_store, lens);
        self.work.push(folders.into_iter().map(Job::Folder));
        if files.len() > CROWD {
            let crowds = files.chunks(CROWD).skip(1);
            self.work
                .push(crowds.map(|crowd| Job::Files(path.to_owned(), crowd.to_vec())));
        }
        self.files(&folder, path, &files[..files.len().min(CROWD)], lens);
    }

    /// What of a folder is to be read, and what of it to be listed.
    fn sort(
        self,
        entries: Vec<Entry>,
        path: &Path,
        is_root: bool,
        is_store: bool,
        lens: &mut Lens,
    ) -> (Vec<OsString>, Vec<PathBuf>) {
        let blind = &self.search.blind;
        let done = self.route.done.get(path);
        let (mut files, mut folders) = (Vec::with_capacity(entries.len()), Vec::new());
        for Entry { name, kind } in entries {
            match kind {
                Kind::File if done.is_some_and(|done| done.contains(&name)) => {}
                Kind::File => files.push(name),
                Kind::Folder => {
                    // Its objects are unpacked, which reading the files would not do.
                    if is_store && name == "objects" {
                        continue;
                    }
                    let inner = path.join(&name);
                    if self.is_entered(&inner, &name, is_root) {
                        folders.push(inner);
                    }
                }
                Kind::Link => self.link(&path.join(&name), lens),
                Kind::Placeholder => blind.add(Reason::Placeholder, &path.join(&name)),
                Kind::Special => blind.add(Reason::Special, &path.join(&name)),
            }
        }
        (files, folders)
    }

    fn is_entered(self, folder: &Path, name: &OsStr, is_top: bool) -> bool {
        let blind = &self.search.blind;
        // Another root is walked through on its own.
        if self.route.roots.iter().any(|root| root == folder) {
            return false;
        }
        if self.route.excluded.contains(folder) {
            blind.add(Reason::Excluded, folder);
            return false;
        }
        if !self.route.mounts.is_empty() && self.route.mounts.contains_key(folder) {
            blind.add(Reason::Mount, folder);
            return false;
        }
        if !self.search.everything()
            && let Some(rule) = pruned::rule(folder, name, is_top)
        {
            blind.add_kind(Reason::Pruned, Some(rule), folder);
            return false;
        }
        true
    }

    /// A link to a file elsewhere is read, one to a folder elsewhere is counted; what is in a root is met there.
    fn link(self, link: &Path, lens: &mut Lens) {
        let Ok(target) = link.canonicalize() else {
            return;
        };
        if self.route.roots.iter().any(|root| target.starts_with(root)) {
            return;
        }
        let Ok(facts) = target.metadata() else {
            return;
        };
        if facts.is_file() {
            match disk::named(link) {
                Ok(opened) => {
                    let path = || link.to_owned();
                    file::search(self.search, lens, opened, &path, None, self.outlet);
                }
                Err(error) => file::failed(self.search, &error, link),
            }
        } else if facts.is_dir() {
            self.search.blind.add(Reason::Link, link);
        }
    }

    fn files(self, folder: &Folder, path: &Path, names: &[OsString], lens: &mut Lens) {
        for name in names {
            if self.search.is_stopped() {
                return;
            }
            match folder.file(name) {
                Ok(opened) => {
                    let path = || path.join(name);
                    file::search(self.search, lens, opened, &path, None, self.outlet);
                }
                Err(error) => file::failed(self.search, &error, &path.join(name)),
            }
        }
    }

    fn denied(self, error: &io::Error, path: &Path) {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => return,
            io::ErrorKind::PermissionDenied => Reason::FolderDenied,
            _ => Reason::Failed,
        };
        self.search.blind.add(reason, path);
    }
}
