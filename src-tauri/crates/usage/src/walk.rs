//! Through folders with many threads: a stack of folders to list that all share, files read where they are listed.
//!
//! Links are followed where the walk does not come by itself: to a file outside of all searched folders, and into a
//! folder that is left out, once to each place, so there are no loops. Pipes, sockets and devices are never opened, and
//! nothing below a mounted network disk is touched, by a link neither. A folder of millions is listed part by part: the
//! rest waits below what the part brought, so little is in memory.

mod crew;
mod jobs;

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use self::jobs::{Doing, Job, Listed, Work};
use crate::dedup::Gathering;
use crate::disk::{self, Entry, Folder, Kind, Links, Refusal};
use crate::finding::Layer;
use crate::git::Stores;
use crate::options::cores;
use crate::places::skip_dirs;
use crate::reader::{self, Reader};
use crate::reread::read_if_changed;
use crate::search::{Origin, Outlet, Search};
use crate::skipped::Reason;
use crate::unchanged::Unchanged;
use crate::{file, threads};

/// From this many files on a folder is shared between threads.
const MAX_FILES_PER_JOB: usize = 512;

/// How many entries of a folder are listed at once.
const MAX_ENTRIES_PER_LISTING: usize = 16 * 1024;

/// What is known before the walk begins.
#[derive(Debug, Default)]
pub(crate) struct Route {
    roots: Vec<PathBuf>,
    /// Files that were looked into already, by folder.
    done: HashMap<PathBuf, HashSet<OsString>>,
    excluded: HashSet<PathBuf>,
}

impl Route {
    pub(crate) fn new(search: &Search, done: &[PathBuf]) -> Self {
        let mut route = Self {
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
    let walkers = search.options.walkers();
    let work = Work::new(walkers, cores());
    for root in route.roots.iter().rev() {
        if root.is_dir() {
            work.push([Job::Folder(root.clone())]);
        } else if root.exists() {
            let parent = root.parent().unwrap_or(Path::new("")).to_owned();
            let name = root.file_name().unwrap_or_default().to_owned();
            work.push([Job::Files(parent, vec![name])]);
        } else {
            search.skipped.add(Reason::Missing, root);
        }
    }
    let walker = Walker {
        search,
        route,
        stores,
        work: &work,
        outlet,
    };
    threads::run(walkers, || walker.run());
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
        let mut reader = Reader::new();
        while let Some(job) = self.work.next(self.search) {
            let _doing = Doing(self.work);
            match job {
                Job::Folder(path) => self.folder(path, &mut reader),
                Job::Rest(listed) => self.part(listed, &mut reader),
                Job::Files(path, names) => match Folder::open(&path) {
                    Ok(folder) => self.files(&folder, &path, &names, &mut reader),
                    Err(error) => self.denied(&error, &path),
                },
            }
        }
    }

    fn folder(self, path: PathBuf, reader: &mut Reader) {
        self.search.begin(&path);
        let listed = Folder::open(&path).and_then(|mut folder| {
            let entries = folder.entries(MAX_ENTRIES_PER_LISTING)?;
            Ok((folder, entries))
        });
        let (folder, entries) = match listed {
            Ok(listed) => listed,
            Err(error) => return self.denied(&error, &path),
        };
        let is_root = self.route.roots.contains(&path);
        // Names that say what the folder is may stand in a part that has not been listed.
        let is_whole = entries.len() < MAX_ENTRIES_PER_LISTING;
        let find = |name: &str| {
            let listed = entries.iter().find(|entry| entry.name == name);
            match listed {
                Some(entry) => Some(entry.kind),
                None if is_whole => None,
                None => folder.kind_of(OsStr::new(name)),
            }
        };
        let has = |name: &str| find(name).is_some();
        if !self.search.everything()
            && !is_root
            && find("CACHEDIR.TAG") == Some(Kind::File)
            && skip_dirs::is_cache(&folder)
        {
            self.search
                .skipped
                .add_kind(Reason::Pruned, Some("CACHEDIR.TAG"), &path);
            return;
        }
        if path.ends_with(".hg") && has("store") && has("requires") {
            let what = Some("history of Mercurial");
            self.search.skipped.add_kind(Reason::Archive, what, &path);
        }
        let is_store = has("HEAD") && has("objects") && (has("refs") || has("packed-refs"));
        if is_store {
            self.stores.add(self.search, &path.join("objects"));
        }
        if find(".git") == Some(Kind::File) {
            self.stores.add_linked(self.search, &path.join(".git"));
        }
        let listed = Listed {
            folder,
            path,
            is_root,
            is_store,
        };
        self.entries(Box::new(listed), entries, reader);
    }

    /// The next part of a folder.
    fn part(self, mut listed: Box<Listed>, reader: &mut Reader) {
        match listed.folder.entries(MAX_ENTRIES_PER_LISTING) {
            Ok(entries) => self.entries(listed, entries, reader),
            Err(error) => self.denied(&error, &listed.path),
        }
    }

    /// Puts the rest of the folder aside, then does what was listed.
    fn entries(self, listed: Box<Listed>, entries: Vec<Entry>, reader: &mut Reader) {
        let is_whole = entries.len() < MAX_ENTRIES_PER_LISTING;
        let path = listed.path.clone();
        self.names(&entries, &path);
        let (files, folders) = self.sort(entries, &listed, reader);
        let (first, rest) = files.split_at(files.len().min(MAX_FILES_PER_JOB));
        let crowds = rest
            .chunks(MAX_FILES_PER_JOB)
            .map(|crowd| Job::Files(path.clone(), crowd.to_vec()));
        if is_whole {
            let folders = folders.into_iter().map(Job::Folder);
            self.work.push(folders.chain(crowds));
            self.files(&listed.folder, &path, first, reader);
            return;
        }
        let crowds: Vec<_> = crowds.collect();
        // Below the others, so it is taken when they are done.
        let rest = [Job::Rest(listed)].into_iter();
        let folders = folders.into_iter().map(Job::Folder);
        self.work.push(rest.chain(folders).chain(crowds));
        match Folder::open(&path) {
            Ok(folder) => self.files(&folder, &path, first, reader),
            Err(error) => self.denied(&error, &path),
        }
    }

    /// What of a folder is to be read, and what of it to be listed.
    fn sort(
        self,
        entries: Vec<Entry>,
        listed: &Listed,
        reader: &mut Reader,
    ) -> (Vec<OsString>, Vec<PathBuf>) {
        let (path, is_root) = (listed.path.as_path(), listed.is_root);
        let skipped = &self.search.skipped;
        let done = self.route.done.get(path);
        let (mut files, mut folders) = (Vec::with_capacity(entries.len()), Vec::new());
        for Entry { name, kind } in entries {
            match kind {
                Kind::File | Kind::Link if done.is_some_and(|done| done.contains(&name)) => {}
                Kind::File => files.push(name),
                Kind::Folder => {
                    // Its objects are unpacked, which reading the files would not do.
                    if listed.is_store && name == "objects" {
                        continue;
                    }
                    let inner = path.join(&name);
                    if self.is_entered(&inner, &name, is_root) {
                        folders.push(inner);
                    }
                }
                Kind::Link => self.link(&path.join(&name), reader),
                Kind::Placeholder => skipped.add(Reason::Placeholder, &path.join(&name)),
                Kind::Special => skipped.add(Reason::Special, &path.join(&name)),
            }
        }
        (files, folders)
    }

    fn is_entered(self, folder: &Path, name: &OsStr, is_top: bool) -> bool {
        let skipped = &self.search.skipped;
        // Another root is walked through on its own.
        if self.route.roots.iter().any(|root| root == folder) {
            return false;
        }
        if self.route.excluded.contains(folder) {
            skipped.add(Reason::Excluded, folder);
            return false;
        }
        if self.search.mounts.is_point(folder) {
            skipped.add(Reason::Mount, folder);
            return false;
        }
        if !self.search.everything()
            && let Some(rule) = skip_dirs::rule(folder, name, is_top)
        {
            skipped.add_kind(Reason::Pruned, Some(rule), folder);
            return false;
        }
        true
    }

    /// What the walk comes to by itself is left to it. A file that it does not come to is read, a folder in one that is
    /// left out is entered, and one outside of all roots is counted.
    fn link(self, link: &Path, reader: &mut Reader) {
        if let Ok(target) = link.read_link() {
            self.look(target.as_os_str().as_encoded_bytes(), Layer::Link, link);
        }
        let target = match self.search.mounts.resolve(link) {
            Ok(target) => target,
            Err(Refusal::Mount) => return self.search.skipped.add(Reason::Mount, link),
            // It leads nowhere, or in circles.
            Err(_) => return,
        };
        if self.is_met(&target) {
            return;
        }
        let Ok(facts) = target.symlink_metadata() else {
            return;
        };
        if facts.is_file() {
            let state = |unchanged: &Unchanged| Some(unchanged.state(link, &disk::facts(&target)?));
            read_if_changed(
                self.search,
                self.outlet,
                &|_| true,
                state,
                |outlet| match self.search.mounts.open(&target, Links::Refused) {
                    Ok(opened) => {
                        let path = || link.to_owned();
                        file::search(self.search, reader, opened, &path, None, outlet);
                    }
                    Err(refusal) => {
                        outlet.spoil();
                        self.search.refused(&refusal, link);
                    }
                },
            );
        } else if facts.is_dir() {
            if self.is_entered_by(link, &target) {
                self.work.push_linked(target);
            } else {
                self.search.skipped.add(Reason::Link, link);
            }
        }
    }

    /// Whether somebody put a link to this folder where it is seen, and the folder itself is none to leave out. Links
    /// among what is left out lead to more of it.
    fn is_entered_by(self, link: &Path, target: &Path) -> bool {
        let is_left_out = |path: &Path| {
            path.file_name()
                .is_some_and(|name| skip_dirs::rule(path, name, false).is_some())
        };
        let mut roots = self.route.roots.iter();
        roots.any(|root| target.starts_with(root))
            && !self.route.excluded.contains(target)
            && !is_left_out(link)
            && !is_left_out(target)
            && self.is_met(link)
    }

    /// Whether the walk comes to a file or folder by itself, or shall not come to it by a link either.
    fn is_met(self, target: &Path) -> bool {
        let roots = self.route.roots.iter();
        let mut below = roots.filter_map(|root| Some((root, target.strip_prefix(root).ok()?)));
        below.any(|(root, below)| {
            let mut folder = root.clone();
            let folders = below.parent().unwrap_or(below);
            for (depth, name) in folders.iter().enumerate() {
                folder.push(name);
                if self.route.excluded.contains(&folder) {
                    return true;
                }
                if self.search.everything() || self.route.roots.contains(&folder) {
                    continue;
                }
                let is_left_out = skip_dirs::rule(&folder, name, depth == 0).is_some()
                    || Folder::open(&folder).is_ok_and(|folder| skip_dirs::is_cache(&folder));
                if is_left_out {
                    return false;
                }
            }
            true
        })
    }

    fn files(self, folder: &Folder, path: &Path, names: &[OsString], reader: &mut Reader) {
        for name in names {
            if self.search.is_stopped() {
                return;
            }
            let state = |unchanged: &Unchanged| {
                Some(unchanged.state(&path.join(name), &folder.facts(name)?))
            };
            read_if_changed(
                self.search,
                self.outlet,
                &|_| true,
                state,
                |outlet| match folder.file(name) {
                    Ok(opened) => {
                        let path = || disk::inside(path, name);
                        file::search(self.search, reader, opened, &path, None, outlet);
                    }
                    Err(refusal) => {
                        outlet.spoil();
                        self.search.refused(&refusal, &path.join(name));
                    }
                },
            );
        }
    }

    /// Keys in the names of what stands in a folder. The finding names the folder, as the name would tell the key.
    fn names(self, entries: &[Entry], folder: &Path) {
        let mut names = Vec::new();
        for entry in entries {
            names.extend_from_slice(entry.name.as_encoded_bytes());
            names.push(b'\n');
        }
        self.look(&names, Layer::Name, folder);
    }

    fn look(self, text: &[u8], layer: Layer, path: &Path) {
        let mut gathering = Gathering::default();
        reader::look(text, &self.search.matcher, &mut |met, _| {
            gathering.add_name(met, layer);
        });
        let origin = Origin {
            path: path.to_owned(),
            without_lines: true,
            ..Origin::default()
        };
        self.search.report(gathering, &origin, self.outlet);
    }

    fn denied(self, error: &io::Error, path: &Path) {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => return,
            io::ErrorKind::PermissionDenied => Reason::FolderDenied,
            _ => Reason::Failed,
        };
        self.search.skipped.add(reason, path);
    }
}
