//! The history of git repositories: every object of every store once, whether or not anything still refers to it.
//! Stashes, dangling commits and what only the reflog knows are objects like any other.
//!
//! | module | answers |
//! |---|---|
//! | `stores` | which stores there are, each once, with those they borrow from |
//! | `bytes` | how packs and their indexes are read: never mapped |
//! | `index`, `forest` | where the objects of a pack are, and which is made from which |
//! | `packs`, `inflate`, `delta` | what is in a pack, every object unpacked once |
//! | `loose` | what is not in a pack |
//! | `plumbing` | the same through the program `git`, for stores that can't be read here |
//! | `whereabouts` | in which commit and under which path an object is, on request |
//!
//! Trees hold names and are skipped. Left out: reading what a partial clone has not fetched.

mod bytes;
mod delta;
mod forest;
mod index;
mod inflate;
mod loose;
mod packs;
mod plumbing;
mod stores;
mod whereabouts;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

pub(crate) use self::stores::Stores;
pub use self::whereabouts::{Whereabout, Whereabouts, WhereaboutsError, whereabouts};

use crate::blind::Reason;
use crate::budget::Pool;
use crate::collect::Gathering;
use crate::lens;
use crate::search::{Counted, Origin, Outlet, Search};
use crate::{Object, Place};

/// Of how many objects with findings it is remembered that they were told.
const MOST_TOLD: usize = 100_000;

/// An object that can hold a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Blob,
    Commit,
    Tag,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Commit => "commit",
            Self::Tag => "tag",
        }
    }

    fn named(name: &[u8]) -> Option<Self> {
        [Self::Blob, Self::Commit, Self::Tag]
            .into_iter()
            .find(|kind| kind.name().as_bytes() == name)
    }
}

/// Searches all stores, one after the other: each takes all processors anyway.
pub(crate) fn search(search: &Search, stores: &Stores, outlet: &Outlet) {
    loop {
        let found = stores.take();
        if found.is_empty() || search.is_stopped() {
            return;
        }
        for objects in found {
            if search.is_stopped() {
                return;
            }
            stores.add_borrowed(search, &objects);
            store(search, &objects, outlet);
        }
    }
}

fn store(search: &Search, objects: &Path, outlet: &Outlet) {
    search.begin(objects);
    let reading = search.reading.begin(objects.to_owned());
    reading.may_do_harm();
    Counted::add(&search.counted.stores, 1);
    let reader = Reader::new(search, objects, outlet);
    if !stores::has_long_names(search, objects) {
        packs::search(&reader);
        loose::search(&reader);
    } else if plumbing::search(&reader).is_err() && !search.is_stopped() {
        reader.lost();
    }
}

/// Looks through a pack that is in memory, for tests with random bytes.
#[cfg(feature = "fuzzing")]
pub(crate) fn search_pack(search: &Search, index: &[u8], pack: &[u8], outlet: &Outlet) {
    let reader = Reader::new(search, Path::new("objects"), outlet);
    packs::unpack(&reader, index, pack);
}

/// What all threads need that read one store.
pub(crate) struct Reader<'search> {
    pub(crate) search: &'search Search,
    pub(crate) objects: &'search Path,
    outlet: &'search Outlet,
    /// Objects with findings: one may be in several packs, and loose as well.
    told: Mutex<HashSet<String>>,
    /// What may be unpacked of this store beyond what the sizes of its files justify.
    spare: Pool,
    /// What each thread may have in memory without waiting for the others.
    small: u64,
}

impl<'search> Reader<'search> {
    fn new(search: &'search Search, objects: &'search Path, outlet: &'search Outlet) -> Self {
        let threads = search.options.unpackers() as u64;
        Self {
            search,
            objects,
            outlet,
            told: Mutex::default(),
            spare: Pool::new(search.limits.store_spare),
            small: (search.limits.bases / 2 / threads.max(1)).clamp(1 << 20, 16 << 20),
        }
    }

    /// Looks through an object.
    pub(crate) fn object(&self, kind: Kind, id: impl FnOnce() -> String, text: &[u8]) {
        Counted::add(&self.search.counted.objects, 1);
        Counted::add(&self.search.counted.object_bytes, text.len() as u64);
        let mut gathering = Gathering::default();
        lens::look(text, &self.search.matcher, &mut |hit, line| {
            gathering.add(hit, line, None);
        });
        if gathering.is_empty() {
            return;
        }
        let id = id();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        // Without end it would grow with every object that somebody put a key into.
        if told.contains(&id) || told.len() < MOST_TOLD && !told.insert(id.clone()) {
            return;
        }
        drop(told);
        let origin = Origin {
            path: self.objects.to_owned(),
            place: Some(Place::Git),
            object: Some(Object {
                id,
                kind: kind.name(),
            }),
            ..Origin::default()
        };
        self.search.report(gathering, &origin, self.outlet);
    }

    /// Counts an object that could not be looked into.
    pub(crate) fn lost(&self) {
        self.lost_many(Reason::GitObject, 1);
    }

    pub(crate) fn lost_many(&self, reason: Reason, count: u64) {
        let blind = &self.search.blind;
        blind.add_many(reason, None, self.objects, count);
    }

    /// Counts what was not looked into because it is more than a search may take.
    pub(crate) fn over(&self, what: &'static str, count: u64) {
        let blind = &self.search.blind;
        blind.add_many(Reason::Budget, Some(what), self.objects, count);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.search.is_stopped()
    }

    /// The largest object to unpack.
    pub(crate) fn limit(&self) -> u64 {
        self.search.limits.object
    }
}
