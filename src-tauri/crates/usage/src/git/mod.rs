//! The history of git repositories: every object of every store once, whether or not anything still refers to it.
//! Stashes, dangling commits and what only the reflog knows are objects like any other.
//!
//! | module | answers |
//! |---|---|
//! | `stores` | which stores there are, each once, with those they borrow from |
//! | `bytes` | how packs and their indexes are read: never mapped |
//! | `index`, `forest` | where the objects of a pack are, and which is made from which |
//! | `packs`, `inflate`, `delta` | what is in a pack, every object unpacked once |
//! | `unindexed`, `bundle` | packs without an index: what an interrupted fetch has left, what is carried in a file |
//! | `loose` | what is not in a pack |
//! | `plumbing` | the same through the program `git`, for stores that can't be read here |
//! | `locate` | in which commit and under which path an object is, on request |
//!
//! Of a tree only the names in it are of interest. What a partial clone has not fetched is not read.

mod bundle;
mod bytes;
mod delta;
mod forest;
mod index;
mod inflate;
mod kind;
mod locate;
mod loose;
mod packs;
mod plumbing;
mod store_reader;
mod stores;
mod unindexed;

use std::path::Path;

pub(crate) use self::bundle::search as search_bundle;
pub use self::locate::{CommitWithObject, LocateError, ObjectLocation, locate};
pub(crate) use self::stores::Stores;
pub use self::stores::remote_hosts;

use self::store_reader::StoreReader;
use crate::search::{Counted, Outlet, Search};
use crate::skipped::Reason;

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
    let reading = search.current_files.begin(objects.to_owned());
    reading.may_do_harm();
    Counted::add(&search.counted.stores, 1);
    let reader = StoreReader::new(search, objects, outlet);
    let settings = stores::settings(search, objects);
    if settings.is_partial {
        let what = Some("of a partial clone, not fetched");
        search.skipped.add_kind(Reason::GitObject, what, objects);
    }
    if !settings.has_long_names {
        packs::search(&reader);
        loose::search(&reader);
    } else if plumbing::search(&reader).is_err() && !search.is_stopped() {
        reader.lost(outlet);
    }
}

/// Looks through a pack that is in memory, for tests with random bytes.
#[cfg(feature = "fuzzing")]
pub(crate) fn search_pack(search: &Search, index: &[u8], pack: &[u8], outlet: &Outlet) {
    let reader = StoreReader::new(search, Path::new("objects"), outlet);
    packs::unpack(&reader, index, pack, outlet);
}
