//! A bundle: a part of a repository in one file, to be carried from machine to machine. A few lines say what it is and
//! which branches it has; behind them stands a pack.
//!
//! Source: `git help format-bundle`, `gitformat-bundle(5)`.

use std::fs::File;
use std::path::Path;

use super::bytes::{Behind, Bytes as _, Stored};
use super::packs;
use super::store_reader::StoreReader;
use crate::archive;
use crate::dedup::Gathering;
use crate::reader;
use crate::search::{Outlet, Search};
use crate::skipped::Reason;

/// The most that is read of the lines before the pack: of a few ten thousand branches.
const MAX_LINES_BYTES: usize = 4 << 20;

/// Looks through the lines and the objects of a bundle. Says whether they could be told apart: else the file is to be
/// looked through as it is.
pub(crate) fn search(
    search: &Search,
    file: File,
    size: u64,
    path: &Path,
    gathering: &mut Gathering,
    outlet: &Outlet,
) -> bool {
    let stored = Stored::new(file, size);
    let objects = StoreReader::of_bundle(search, path, outlet);
    let most = usize::try_from(size).map_or(MAX_LINES_BYTES, |size| size.min(MAX_LINES_BYTES));
    let mut lines = vec![0; most];
    let filled = stored.read_at(&mut lines, 0).unwrap_or_default();
    lines.truncate(filled);
    let Some(end) = memchr::memmem::find(&lines, b"\n\nPACK") else {
        objects.lost(outlet);
        return false;
    };
    lines.truncate(end);
    let has_long_names = lines
        .split(|byte| *byte == b'\n')
        .any(|line| line == b"@object-format=sha256");
    if has_long_names {
        // An object that differs from another names it by SHA-256.
        let what = Some(archive::BUNDLE);
        outlet.skip(&search.skipped, Reason::Archive, what, &[path], 1);
        return false;
    }
    // Branches have names.
    reader::look(&lines, &search.matcher, &mut |met, line| {
        gathering.add(met, line, None);
    });
    let start = end as u64 + 2;
    packs::search_unindexed(&objects, Behind::new(stored, start), outlet);
    true
}
