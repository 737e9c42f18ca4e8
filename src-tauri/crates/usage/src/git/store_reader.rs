//! Looks through the objects of one store or bundle, for the threads that read them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Cursor;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::kind::Kind;
use crate::archive;
use crate::budget::Pool;
use crate::dedup::Gathering;
use crate::finding::{Layer, Object, Place};
use crate::large_memory::LargeMemory;
use crate::members;
use crate::reader::{self, Reader};
use crate::search::{Counted, Origin, Outlet, Search};
use crate::skipped::Reason;

/// Of how many objects with findings it is remembered that they were told.
const MAX_REMEMBERED_OBJECTS: usize = 100_000;

/// What holds the objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    /// A repository: any object of it can be asked for by its name.
    Store,
    Bundle,
    /// A pack that an interrupted fetch has left.
    Unfinished,
}

/// What all threads need that read one store.
pub(super) struct StoreReader<'search> {
    pub(super) search: &'search Search,
    /// The folder of a store's objects, or the pack without an index.
    pub(super) objects: &'search Path,
    holder: Holder,
    /// How many threads unpack it.
    pub(super) threads: usize,
    pub(super) outlet: &'search Outlet,
    /// Objects with findings: one may be in several packs, and loose as well.
    told: Mutex<HashSet<String>>,
    /// What may be unpacked of this store beyond what the sizes of its files justify.
    pub(super) spare: Pool,
    /// What each thread may have in memory without waiting for the others.
    pub(super) small: u64,
}

impl<'search> StoreReader<'search> {
    pub(super) fn new(
        search: &'search Search,
        objects: &'search Path,
        outlet: &'search Outlet,
    ) -> Self {
        let threads = search.options.unpackers();
        Self {
            search,
            objects,
            holder: Holder::Store,
            threads,
            outlet,
            told: Mutex::default(),
            spare: Pool::new(search.limits.store_spare),
            small: (search.limits.bases / 2 / threads as u64).clamp(1 << 20, 16 << 20),
        }
    }

    /// For a bundle, which is read by the thread that met it: others read other files meanwhile.
    pub(super) fn of_bundle(
        search: &'search Search,
        path: &'search Path,
        outlet: &'search Outlet,
    ) -> Self {
        Self {
            holder: Holder::Bundle,
            threads: 1,
            ..Self::new(search, path, outlet)
        }
    }

    /// For a pack that an interrupted fetch has left.
    pub(super) fn of_unfinished(
        search: &'search Search,
        path: &'search Path,
        outlet: &'search Outlet,
    ) -> Self {
        Self {
            holder: Holder::Unfinished,
            ..Self::new(search, path, outlet)
        }
    }

    /// Looks through an object. What is found goes out by `outlet`.
    pub(super) fn object(
        &self,
        kind: Kind,
        id: &dyn Fn() -> String,
        text: &[u8],
        large: &mut LargeMemory<'_>,
        outlet: &Outlet,
    ) {
        Counted::add(&self.search.counted.objects, 1);
        Counted::add(&self.search.counted.object_bytes, text.len() as u64);
        let mut gathering = Gathering::default();
        let is_unpacked =
            kind == Kind::Blob && self.archive(id, text, large, &mut gathering, outlet);
        if !is_unpacked {
            reader::look(text, &self.search.matcher, &mut |met, line| {
                if kind == Kind::Tree {
                    gathering.add_name(met, Layer::Name);
                } else {
                    gathering.add(met, line, None);
                }
            });
        }
        self.report(kind.name(), id, gathering, outlet);
    }

    /// Looks through what an object differs in from another, which is not there.
    pub(super) fn difference(&self, id: &dyn Fn() -> String, text: &[u8], outlet: &Outlet) {
        let mut gathering = Gathering::default();
        reader::look(text, &self.search.matcher, &mut |met, _| {
            gathering.add(met, 0, None);
        });
        // Of which kind it is, only the other one tells.
        self.report("object", id, gathering, outlet);
    }

    /// Sends what was gathered in an object on its way.
    fn report(
        &self,
        kind: &'static str,
        id: &dyn Fn() -> String,
        gathering: Gathering,
        outlet: &Outlet,
    ) {
        if gathering.is_empty() {
            return;
        }
        let id = id();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        // Without end it would grow with every object that somebody put a key into.
        let is_told =
            told.contains(&id) || told.len() < MAX_REMEMBERED_OBJECTS && !told.insert(id.clone());
        drop(told);
        let is_store = self.holder == Holder::Store;
        let origin = Origin {
            path: self.objects.to_owned(),
            place: Some(Place::Git),
            inside: (!is_store).then(|| format!("{kind} {id}")),
            object: is_store.then_some(Object { id, kind }),
            without_lines: kind == Kind::Tree.name(),
            ..Origin::default()
        };
        if is_told {
            // Of another pack, which may go.
            self.search.note(gathering, &origin, outlet);
        } else {
            self.search.report(gathering, &origin, outlet);
        }
    }

    /// Looks through what is in an object, if it is an archive. Says whether that was all of it: else something may
    /// stand in it as it is.
    fn archive(
        &self,
        id: &dyn Fn() -> String,
        text: &[u8],
        large: &mut LargeMemory<'_>,
        gathering: &mut Gathering,
        outlet: &Outlet,
    ) -> bool {
        let tail = |wanted| Cow::Borrowed(&text[text.len().saturating_sub(wanted)..]);
        let Some((kind, from)) = archive::container(text, &tail) else {
            return false;
        };
        let search = self.search;
        let path = || {
            if self.holder == Holder::Store {
                self.objects.join(id())
            } else {
                format!("{}!{}", self.objects.display(), id()).into()
            }
        };
        if let archive::Kind::Closed(what) = kind {
            outlet.skip(&search.skipped, Reason::Archive, Some(what), &[path()], 1);
            return false;
        }
        let packed = &text[from.unwrap_or_default()..];
        let size = packed.len() as u64;
        let missed = members::search(
            search,
            &mut Reader::new(),
            Cursor::new(packed),
            size,
            kind,
            large,
            gathering,
        );
        if !search.is_stopped() {
            missed.tell(&search.skipped, &path, outlet);
        }
        missed.is_nothing() && from == Some(0) && !kind.is_plain()
    }

    /// Whether nothing was told of this object yet, which from now on it is.
    pub(super) fn is_new(&self, object: &str) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.len() >= MAX_REMEMBERED_OBJECTS || told.insert(object.to_owned())
    }

    /// Counts an object that could not be looked into.
    pub(super) fn lost(&self, outlet: &Outlet) {
        self.lost_many(Reason::GitObject, 1, outlet);
    }

    pub(super) fn lost_many(&self, reason: Reason, count: u64, outlet: &Outlet) {
        // Of a store some may be absent for good reasons; a bundle is a file like any other archive.
        let (reason, what) = match self.holder {
            Holder::Store => (reason, None),
            Holder::Bundle => (Reason::Member, Some("object of git")),
            Holder::Unfinished => (reason, Some("of an interrupted fetch")),
        };
        outlet.skip(&self.search.skipped, reason, what, &[self.objects], count);
    }

    /// Counts what was not looked into because it is more than a search may take.
    pub(super) fn over(&self, what: &'static str, count: u64, outlet: &Outlet) {
        outlet.skip(
            &self.search.skipped,
            Reason::Budget,
            Some(what),
            &[self.objects],
            count,
        );
        // The next search may have more to spare.
        outlet.spoil();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.search.is_stopped()
    }

    /// The largest object to unpack.
    pub(super) fn limit(&self) -> u64 {
        self.search.limits.object
    }
}
