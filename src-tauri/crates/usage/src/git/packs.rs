//! Packs: most objects are stored as differences to another one. Each is unpacked once, directly after the one it
//! differs from, going down the tree of differences; so no object is ever made twice and little is kept at a time.
//!
//! A pack of a few kilobytes can ask for terabytes this way. So what is made is paid for, no size is believed before
//! the bytes that would have to fill it are there, and of the objects that others are made from only so much is kept.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::bytes::{Bytes, Stored};
use super::delta;
use super::forest::{Entry, Forest};
use super::index::{Index, Objects, Unusable};
use super::inflate::{Failure, Inflater};
use super::kind::Kind;
use super::store_reader::StoreReader;
use super::unindexed::Unindexed;
use crate::budget::Allowance;
use crate::disk::{self, Folder, Links};
use crate::large_memory::LargeMemory;
use crate::reread::read_if_changed;
use crate::search::Outlet;
use crate::skipped::Reason;
use crate::threads;
use crate::unchanged::Unchanged;

/// How many roots a thread takes at once.
const ROOTS_PER_THREAD: usize = 16;

/// How many entries of the folder of packs are listed at once.
const MAX_ENTRIES_PER_LISTING: usize = 4096;

/// How a pack begins, whichever of the two versions it is of; then comes the number of its objects.
const MAGIC: [&[u8; 8]; 2] = [b"PACK\0\0\0\x02", b"PACK\0\0\0\x03"];

/// A pack up to here is read as a whole: a call of the system for each object would cost more than most of them.
const SMALL_PACK_BYTES: u64 = 16 << 20;

/// What stands at its end: its checksum.
const TRAILER_BYTES: u64 = 20;

/// Looks through all packs of a store.
pub(super) fn search(reader: &StoreReader<'_>) {
    let path = reader.objects.join("pack");
    let Ok(path) = reader.search.mounts.resolve(&path) else {
        return;
    };
    let Ok(mut folder) = Folder::open(&path) else {
        return;
    };
    loop {
        let entries = match folder.entries(MAX_ENTRIES_PER_LISTING) {
            Ok(entries) if entries.is_empty() => return,
            Ok(entries) => entries,
            Err(_) => return reader.lost(reader.outlet),
        };
        for entry in entries {
            if reader.is_stopped() {
                return;
            }
            if entry.name.as_encoded_bytes().starts_with(b"tmp_pack_") {
                unfinished(reader, &path.join(&entry.name));
            }
            let index = path.join(entry.name);
            if index.extension() == Some(OsStr::new("idx")) {
                let pack = index.with_extension("pack");
                let state = |unchanged: &Unchanged| {
                    // Its name is a checksum; git sets its time to now when it meets an object anew that is in it.
                    let pack = unchanged.state(&pack, &disk::facts(&pack)?.without_times());
                    let index = unchanged.state(&index, &disk::facts(&index)?);
                    Some(index.and(pack))
                };
                let search = reader.search;
                let is_new = |object: &str| reader.is_new(object);
                read_if_changed(search, reader.outlet, &is_new, state, |outlet| {
                    one(reader, &index, outlet);
                });
            }
        }
    }
}

fn one(reader: &StoreReader<'_>, index: &Path, outlet: &Outlet) {
    let open = |path: PathBuf| {
        let opened = reader.search.mounts.open(&path, Links::Followed);
        opened.map(Stored::from)
    };
    match open(index.to_owned()).and_then(|index_file| {
        let pack = open(index.with_extension("pack"))?;
        Ok((index_file, pack))
    }) {
        Ok((index, pack))
            if index.size() <= SMALL_PACK_BYTES && pack.size() <= SMALL_PACK_BYTES =>
        {
            match (index.whole(SMALL_PACK_BYTES), pack.whole(SMALL_PACK_BYTES)) {
                (Ok(index), Ok(pack)) => unpack(reader, index.as_slice(), pack.as_slice(), outlet),
                _ => {
                    outlet.spoil();
                    reader.lost(outlet);
                }
            }
        }
        Ok((index, pack)) => unpack(reader, index, pack, outlet),
        Err(refusal) => {
            outlet.spoil();
            if refusal.is_absence() {
                reader.lost(outlet);
            } else {
                reader.search.refused(&refusal, index);
            }
        }
    }
}

/// Looks through what an interrupted fetch has left, as far as that came.
fn unfinished(reader: &StoreReader<'_>, path: &Path) {
    match reader.search.mounts.open(path, Links::Followed) {
        Ok(opened) => {
            let reader = StoreReader::of_unfinished(reader.search, path, reader.outlet);
            search_unindexed(&reader, Stored::from(opened), reader.outlet);
        }
        Err(refusal) => reader.search.refused(&refusal, path),
    }
}

/// Looks through a pack that has no index.
pub(super) fn search_unindexed<B: Bytes>(reader: &StoreReader<'_>, pack: B, outlet: &Outlet) {
    match Pack::without_index(reader, pack, outlet) {
        Ok(Some(pack)) => pack.search(reader, outlet),
        Ok(None) => {}
        Err(Unusable::Damaged) => reader.lost(outlet),
        Err(Unusable::TooMany) => reader.over("objects in a pack", 1, outlet),
    }
}

/// Looks through a pack.
pub(super) fn unpack<B: Bytes>(reader: &StoreReader<'_>, index: B, pack: B, outlet: &Outlet) {
    match Pack::open(reader, index, pack) {
        Ok(pack) => pack.search(reader, outlet),
        Err(Unusable::Damaged) => reader.lost(outlet),
        Err(Unusable::TooMany) => reader.over("objects in a pack", 1, outlet),
    }
}

struct Pack<'store, O, B> {
    objects: O,
    data: B,
    /// Where its last object ends.
    end: u64,
    /// What may be made of it.
    allowance: Allowance<'store, 2>,
}

impl<'store, B: Bytes> Pack<'store, Index<B>, B> {
    fn open(reader: &'store StoreReader<'_>, index: B, data: B) -> Result<Self, Unusable> {
        let limits = &reader.search.limits;
        let index = Index::open(index, limits.pack_objects)?;
        let mut magic = [0; 8];
        data.read_all_at(&mut magic, 0)?;
        let size = data.size();
        let end = size.checked_sub(TRAILER_BYTES).ok_or(Unusable::Damaged)?;
        // No object is shorter than three bytes, so one with more objects than that is no pack.
        if !MAGIC.contains(&&magic) || u64::from(index.count()) > size / 3 {
            return Err(Unusable::Damaged);
        }
        let own = size.saturating_mul(limits.pack_ratio);
        Ok(Self {
            objects: index,
            data,
            end,
            allowance: Allowance::new(own, [&reader.spare, &reader.search.spare]),
        })
    }
}

impl<'store, B: Bytes> Pack<'store, Unindexed, B> {
    /// `None` when the search was stopped.
    fn without_index(
        reader: &'store StoreReader<'_>,
        data: B,
        outlet: &Outlet,
    ) -> Result<Option<Self>, Unusable> {
        let limits = &reader.search.limits;
        let mut magic = [0; 8];
        data.read_all_at(&mut magic, 0)?;
        if !MAGIC.contains(&&magic) {
            return Err(Unusable::Damaged);
        }
        let own = data.size().saturating_mul(limits.pack_ratio);
        let allowance = Allowance::new(own, [&reader.spare, &reader.search.spare]);
        let may_unpack = |size| allowance.spend(size);
        let is_stopped = || reader.is_stopped();
        let walked = Unindexed::walk(&data, limits.pack_objects, &may_unpack, &is_stopped)?;
        let Some(objects) = walked else {
            return Ok(None);
        };
        match objects.lost {
            Some((count, Failure::Damaged)) => reader.lost_many(Reason::GitObject, count, outlet),
            Some((count, Failure::Budget)) => reader.over("objects of git", count, outlet),
            None => {}
        }
        Ok(Some(Self {
            end: objects.end,
            objects,
            data,
            allowance,
        }))
    }
}

impl<O: Objects, B: Bytes> Pack<'_, O, B> {
    fn search(&self, reader: &StoreReader<'_>, outlet: &Outlet) {
        let lost = |reason, count| reader.lost_many(reason, count, outlet);
        let is_stopped = || reader.is_stopped();
        let grown = Forest::grow(&self.objects, &self.data, self.end, &is_stopped, &lost);
        let forest = match grown {
            Ok(Some(forest)) => forest,
            Ok(None) => return,
            Err(Unusable::Damaged) => return reader.lost(outlet),
            Err(Unusable::TooMany) => return reader.over("objects in a pack", 1, outlet),
        };
        let (next, next_orphan) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let threads = reader
            .threads
            .min(forest.roots.len() + forest.orphans.len());
        threads::run(threads, || {
            let mut unpacker = Unpacker {
                pack: self,
                forest: &forest,
                reader,
                outlet,
                inflater: Inflater::new(),
                delta: Vec::new(),
                held: 0,
                large: LargeMemory::new(&reader.search.large),
            };
            unpacker.run(&next);
            unpacker.run_orphans(&next_orphan);
        });
    }

    fn name(&self, forest: &Forest, at: u32, kind: Kind, text: &[u8]) -> String {
        let known = self.objects.name(forest.number(at));
        hex::encode(known.unwrap_or_else(|| kind.name_of(text)))
    }
}

/// An object that others are made from.
struct Base {
    text: Vec<u8>,
}

struct Unpacker<'pack, O, B> {
    pack: &'pack Pack<'pack, O, B>,
    forest: &'pack Forest,
    reader: &'pack StoreReader<'pack>,
    outlet: &'pack Outlet,
    inflater: Inflater,
    delta: Vec<u8>,
    /// How many bytes of objects are kept because others are to be made from them.
    held: u64,
    large: LargeMemory<'pack>,
}

impl<O: Objects, B: Bytes> Unpacker<'_, O, B> {
    fn run(&mut self, next: &AtomicUsize) {
        loop {
            let first = next.fetch_add(ROOTS_PER_THREAD, Ordering::Relaxed);
            let Some(rest) = self.forest.roots.get(first..) else {
                return;
            };
            for (root, kind) in rest.iter().take(ROOTS_PER_THREAD) {
                if self.reader.is_stopped() {
                    return;
                }
                self.tree(*root, *kind);
                if self.large.give_back() {
                    self.delta = Vec::new();
                }
            }
        }
    }

    /// What an object differs in from one that is not there is all that is known of it: something may stand in that.
    fn run_orphans(&mut self, next: &AtomicUsize) {
        while let Some(at) = {
            let next = next.fetch_add(1, Ordering::Relaxed);
            self.forest.orphans.get(next).copied()
        } {
            if self.reader.is_stopped() {
                return;
            }
            let mut delta = Vec::new();
            // It has been told as lost.
            if self.whole(at, &mut delta).is_ok() {
                let known = self.pack.objects.name(self.forest.number(at));
                let id = || match known {
                    Some(name) => hex::encode(name),
                    None => format!("at byte {}", self.forest.offset(at)),
                };
                self.reader.difference(&id, &delta, self.outlet);
            }
            self.large.give_back();
        }
    }

    /// A root and everything that is made from it.
    fn tree(&mut self, root: u32, kind: Kind) {
        self.held = 0;
        let mut text = Vec::new();
        if let Err(failure) = self.whole(root, &mut text) {
            return self.lose(root, failure);
        }
        self.look(root, kind, &text);
        let mut branches = Vec::new();
        self.push(root, text, &mut branches);
        let mut spare = Vec::new();
        while let Some((at, base)) = branches.pop() {
            if self.reader.is_stopped() {
                return;
            }
            let made = self.differ(at, &base.text, &mut spare);
            if made.is_ok() {
                self.look(at, kind, &spare);
            }
            // The last one made from a base leaves its memory to the next.
            let room = Arc::try_unwrap(base).map_or_else(
                |_| Vec::new(),
                |base| {
                    self.held = self.held.saturating_sub(size_of(&base.text));
                    base.text
                },
            );
            if let Err(failure) = made {
                self.lose(at, failure);
            } else if self.forest.has_children(at) {
                let made = std::mem::replace(&mut spare, room);
                self.push(at, made, &mut branches);
            } else if room.capacity() > spare.capacity() {
                spare = room;
            }
        }
    }

    /// Keeps an object for those that are made from it. What most is made from comes last: then no more objects are
    /// kept at a time than their number can be halved.
    fn push(&mut self, at: u32, text: Vec<u8>, branches: &mut Vec<(u32, Arc<Base>)>) {
        if !self.forest.has_children(at) {
            return;
        }
        let size = size_of(&text);
        self.make_room(self.held.saturating_add(size));
        if self.held.saturating_add(size) > self.reader.search.limits.bases {
            for child in self.forest.children(at) {
                self.lose(child, Failure::Budget);
            }
            return;
        }
        self.held += size;
        let base = Arc::new(Base { text });
        for child in self.forest.children(at) {
            branches.push((child, Arc::clone(&base)));
        }
    }

    /// Waits until no other thread has much in memory, when this one is about to.
    fn make_room(&mut self, size: u64) {
        if size > self.reader.small {
            self.large.take();
        }
    }

    /// Unpacks an object that is stored as it is.
    fn whole(&mut self, at: u32, text: &mut Vec<u8>) -> Result<(), Failure> {
        let entry = self.entry(at)?;
        self.pay(entry.size)?;
        self.make_room(entry.size);
        let until = self.forest.end(at);
        self.inflater
            .unpack(&self.pack.data, entry.header, until, entry.size, text)
    }

    /// Makes an object from the one it differs from.
    fn differ(&mut self, at: u32, base: &[u8], text: &mut Vec<u8>) -> Result<(), Failure> {
        let entry = self.entry(at)?;
        self.pay(entry.size)?;
        self.make_room(entry.size);
        let until = self.forest.end(at);
        self.inflater.unpack(
            &self.pack.data,
            entry.header,
            until,
            entry.size,
            &mut self.delta,
        )?;
        let made = delta::size_of_result(base.len() as u64, &self.delta);
        let size = made.filter(|size| *size <= self.reader.limit());
        let size = size.ok_or(Failure::Damaged)?;
        self.pay(size)?;
        self.make_room(size);
        delta::apply(base, &self.delta, size, text).ok_or(Failure::Damaged)
    }

    /// Loads an entry and reads its beginning.
    fn entry(&mut self, at: u32) -> Result<Entry, Failure> {
        let (from, until) = (self.forest.offset(at), self.forest.end(at));
        let loaded = self.inflater.load(&self.pack.data, from, until)?;
        let entry = Entry::read(loaded).ok_or(Failure::Damaged)?;
        if entry.size > self.reader.limit() {
            return Err(Failure::Damaged);
        }
        Ok(entry)
    }

    fn pay(&self, bytes: u64) -> Result<(), Failure> {
        if self.pack.allowance.spend(bytes) {
            Ok(())
        } else {
            Err(Failure::Budget)
        }
    }

    fn look(&mut self, at: u32, kind: Kind, text: &[u8]) {
        let (pack, forest) = (self.pack, self.forest);
        let id = || pack.name(forest, at, kind, text);
        self.reader
            .object(kind, &id, text, &mut self.large, self.outlet);
    }

    /// An object that can't be made takes with it all that are made from it.
    fn lose(&self, at: u32, failure: Failure) {
        let mut lost = vec![at];
        let mut count = 0;
        while let Some(at) = lost.pop() {
            count += 1;
            lost.extend(self.forest.children(at));
        }
        match failure {
            Failure::Damaged => {
                self.reader.lost_many(Reason::GitObject, count, self.outlet);
            }
            Failure::Budget => self.reader.over("objects of git", count, self.outlet),
        }
    }
}

fn size_of(text: &Vec<u8>) -> u64 {
    text.capacity() as u64
}
