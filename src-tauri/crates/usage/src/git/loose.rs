//! Objects that are in no pack yet: one compressed file each.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::{Mutex, PoisonError};

use flate2::bufread::ZlibDecoder;

use super::inflate::{Failure, is_possible, reserve};
use super::kind::Kind;
use super::store_reader::StoreReader;
use crate::budget::Allowance;
use crate::disk::{self, Entry, Folder, Opened, Refusal};
use crate::large_memory::LargeMemory;
use crate::reread::read_if_changed;
use crate::search::Outlet;
use crate::skipped::Reason;
use crate::threads;
use crate::unchanged::Unchanged;

/// How many entries of a folder are listed at once.
const MAX_ENTRIES_PER_LISTING: usize = 4096;

/// The longest beginning of an object: what it is, and its size.
const MAX_HEADER_BYTES: u64 = 32;

/// Looks through all loose objects of a store.
pub(super) fn search(reader: &StoreReader<'_>) {
    let folders: Vec<_> = (0..=255_u8)
        .map(|first| format!("{first:02x}"))
        .filter(|name| reader.objects.join(name).symlink_metadata().is_ok())
        .collect();
    let threads = reader.search.options.unpackers().min(folders.len());
    let folders = Mutex::new(folders.into_iter());
    threads::run(threads, || {
        loop {
            let next = folders
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .next();
            let Some(name) = next else { return };
            folder(reader, &name);
        }
    });
}

fn folder(reader: &StoreReader<'_>, first: &str) {
    let path = reader.objects.join(first);
    let resolved = reader.search.mounts.resolve(&path);
    let mut folder = match resolved.and_then(|folder| Ok(Folder::open(&folder)?)) {
        Ok(folder) => folder,
        Err(refusal) => return reader.search.refused(&refusal, &path),
    };
    loop {
        match folder.entries(MAX_ENTRIES_PER_LISTING) {
            Ok(entries) if entries.is_empty() => return,
            Ok(entries) => {
                for entry in entries {
                    if reader.is_stopped() {
                        return;
                    }
                    let state = |unchanged: &Unchanged| {
                        Some(unchanged.state(&path.join(&entry.name), &folder.facts(&entry.name)?))
                    };
                    let search = reader.search;
                    let is_new = |object: &str| reader.is_new(object);
                    read_if_changed(search, reader.outlet, &is_new, state, |outlet| {
                        one(reader, &folder, first, &entry, outlet);
                    });
                }
            }
            Err(error) => return reader.search.refused(&error.into(), &path),
        }
    }
}

fn one(reader: &StoreReader<'_>, folder: &Folder, first: &str, entry: &Entry, outlet: &Outlet) {
    let Some(rest) = entry.name.to_str().filter(|name| name.len() == 38) else {
        return;
    };
    let path = || reader.objects.join(first).join(rest);
    let opened = match entry.kind {
        disk::Kind::File => folder.file(&entry.name).map_err(Lost::from),
        disk::Kind::Placeholder => {
            let skipped = &reader.search.skipped;
            return skipped.add(Reason::Placeholder, &path());
        }
        _ => Err(Refusal::Special.into()),
    };
    let mut large = LargeMemory::new(&reader.search.large);
    match opened.and_then(|opened| object(reader, opened, &mut large)) {
        Ok(Some((kind, text))) => {
            let id = || format!("{first}{rest}");
            reader.object(kind, &id, &text, &mut large, outlet);
        }
        Ok(None) => {}
        Err(Lost::Refused(refusal)) => {
            outlet.spoil();
            match refusal {
                // Packed in the meantime: then it is met there, or was.
                refusal if refusal.is_absence() => {}
                Refusal::System(_) => reader.lost(outlet),
                refusal => reader.search.refused(&refusal, &path()),
            }
        }
        Err(Lost::Failed(Failure::Damaged)) => reader.lost(outlet),
        Err(Lost::Failed(Failure::Budget)) => reader.over("objects of git", 1, outlet),
    }
}

/// Why an object can't be looked into.
enum Lost {
    Refused(Refusal),
    Failed(Failure),
}

impl From<Refusal> for Lost {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Failure> for Lost {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// An object, unpacked; `None` for a tree.
fn object(
    reader: &StoreReader<'_>,
    opened: Opened,
    large: &mut LargeMemory<'_>,
) -> Result<Option<(Kind, Vec<u8>)>, Lost> {
    let own = opened
        .size
        .saturating_mul(reader.search.limits.pack_ratio)
        .max(MAX_HEADER_BYTES);
    let allowance = Allowance::new(own, [&reader.spare, &reader.search.spare]);
    let damaged = |_: io::Error| Failure::Damaged;
    let mut text = BufReader::new(ZlibDecoder::new(BufReader::new(opened.file)));
    let mut header = Vec::new();
    text.by_ref()
        .take(MAX_HEADER_BYTES)
        .read_until(0, &mut header)
        .map_err(damaged)?;
    let space = memchr::memchr(b' ', &header).ok_or(Failure::Damaged)?;
    let Some(kind) = Kind::named(&header[..space]) else {
        return Ok(None);
    };
    let size = std::str::from_utf8(&header[space + 1..])
        .ok()
        .and_then(|size| size.strip_suffix('\0')?.parse::<u64>().ok())
        .filter(|size| *size <= reader.limit() && is_possible(opened.size, *size))
        .ok_or(Failure::Damaged)?;
    if !allowance.spend(size) {
        return Err(Failure::Budget.into());
    }
    if size > reader.small {
        large.take();
    }
    let mut content = Vec::new();
    reserve(&mut content, size)?;
    // One byte more than it said, to see that there is none.
    text.take(size + 1)
        .read_to_end(&mut content)
        .map_err(damaged)?;
    if content.len() as u64 != size {
        return Err(Failure::Damaged.into());
    }
    Ok(Some((kind, content)))
}
