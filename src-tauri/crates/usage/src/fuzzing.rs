//! Ways in for random bytes, which are part of the crate only where it is built for them: see `fuzz/`. Bounds are far
//! lower than those of a search, so that going over one is seen as memory or time long before a minute is over.

use std::io::Cursor;
use std::sync::mpsc;
use std::time::Duration;

use crate::dedup::Gathering;
use crate::finding::Finding;
use crate::large_memory::LargeMemory;
use crate::machine::Machine;
use crate::options::Tier;
use crate::reader::Reader;
use crate::scan::Scan;
use crate::search::{Outlet, Search};
use crate::search_key::SearchKey;
use crate::{archive, git, members};

/// A search with small bounds.
fn search(key: &SearchKey) -> Search {
    let scan = Scan::new(vec![key.clone()])
        .tier(Tier::Everything)
        .machine(Machine::none().with_foreign_mounts([] as [&str; 0]))
        .unlisted(true)
        .threads(Some(1));
    let mut search = scan.search();
    search.limits.unpacked = 4 << 20;
    search.limits.archive_timeout = Duration::from_secs(2);
    search.limits.members = 2000;
    search.limits.object = 1 << 20;
    search.limits.bases = 4 << 20;
    search.limits.store_spare = 4 << 20;
    search.limits.pack_ratio = 64;
    search
}

/// What is found in an archive, whatever kind it begins as.
#[must_use]
pub fn archive(key: &SearchKey, bytes: &[u8]) -> usize {
    let Some(kind) = archive::kind(&bytes[..bytes.len().min(512)]) else {
        return 0;
    };
    let search = search(key);
    let mut gathering = Gathering::default();
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    members::search(
        &search,
        &mut Reader::new(),
        Cursor::new(bytes),
        size,
        kind,
        &mut LargeMemory::new(&search.large),
        &mut gathering,
    );
    gathering.into_found().len()
}

/// What is found in a pack, and how many objects of it were looked into or told as lost.
#[must_use]
pub fn pack(key: &SearchKey, index: &[u8], pack: &[u8]) -> (Vec<Finding>, u64) {
    let search = search(key);
    // More than a pack of the size that is tried here can hold.
    let (outlet, findings) = mpsc::sync_channel(4096);
    let outlet = Outlet::new(outlet);
    git::search_pack(&search, index, pack, &outlet);
    drop(outlet);
    let lost: u64 = search
        .skipped
        .list()
        .iter()
        .map(|skipped| skipped.count)
        .sum();
    (
        findings.into_iter().collect(),
        search.totals().objects + lost,
    )
}
