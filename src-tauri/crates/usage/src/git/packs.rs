//! Packs: most objects are stored as differences to another one. Each is unpacked once, directly after the one it
//! differs from, going down the tree of differences; so no object is ever made twice and little is kept at a time.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use flate2::{Decompress, FlushDecompress, Status};
use gix_pack::data::entry::Header;
use gix_pack::{data, index};

use super::{Kind, Reader, delta};

/// How many roots a thread takes at once.
const HANDFUL: usize = 16;

/// No object.
const NONE: u32 = u32::MAX;

/// A store that can't be read here.
#[derive(Debug)]
pub(super) struct Unreadable;

/// Looks through all packs of a store.
///
/// # Errors
/// [`Unreadable`] when a pack is of a kind that is unknown here; nothing has been searched then.
pub(super) fn search(reader: &Reader<'_>) -> Result<(), Unreadable> {
    let folder = reader.objects.join("pack");
    let mut packs = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "idx") {
            packs.push(Pack::open(&path)?);
        }
    }
    for pack in &packs {
        if reader.is_stopped() {
            break;
        }
        pack.search(reader);
    }
    Ok(())
}

struct Pack {
    index: index::File,
    data: data::File,
}

/// The objects of a pack in the order of their places, and which differ from which.
struct Forest {
    /// Where each begins, and its number in the index.
    places: Vec<(u64, u32)>,
    /// The first that differs from each, and the next that differs from the same.
    children: Vec<u32>,
    siblings: Vec<u32>,
    /// Those that differ from nothing, and are no trees.
    roots: Vec<(u32, Kind)>,
}

impl Pack {
    fn open(path: &Path) -> Result<Self, Unreadable> {
        let hash = gix_hash::Kind::Sha1;
        Ok(Self {
            index: index::File::at(path, hash).map_err(|_| Unreadable)?,
            data: data::File::at(path.with_extension("pack"), hash).map_err(|_| Unreadable)?,
        })
    }

    fn search(&self, reader: &Reader<'_>) {
        let Some(forest) = self.forest(reader) else {
            return;
        };
        let next = AtomicUsize::new(0);
        let threads = reader.search.options.unpackers().min(forest.roots.len());
        thread::scope(|scope| {
            for _ in 0..threads {
                let unpacker = Unpacker {
                    pack: self,
                    forest: &forest,
                    reader,
                    inflate: Decompress::new(true),
                    delta: Vec::new(),
                };
                let next = &next;
                scope.spawn(move || unpacker.run(next));
            }
        });
    }

    /// `None` when the search was stopped.
    fn forest(&self, reader: &Reader<'_>) -> Option<Forest> {
        let count = self.index.num_objects();
        let mut places: Vec<_> = (0..count)
            .map(|number| (self.index.pack_offset_at_index(number), number))
            .collect();
        places.sort_unstable();
        let mut forest = Forest {
            children: vec![NONE; places.len()],
            siblings: vec![NONE; places.len()],
            roots: Vec::new(),
            places,
        };
        for at in 0..count {
            if at % 1024 == 0 && reader.is_stopped() {
                return None;
            }
            let (offset, _) = forest.places[at as usize];
            let Ok(entry) = self.data.entry(offset) else {
                reader.lost();
                continue;
            };
            let base = match entry.header {
                Header::Blob => {
                    forest.roots.push((at, Kind::Blob));
                    continue;
                }
                Header::Commit => {
                    forest.roots.push((at, Kind::Commit));
                    continue;
                }
                Header::Tag => {
                    forest.roots.push((at, Kind::Tag));
                    continue;
                }
                // Whatever differs from a tree is a tree as well.
                Header::Tree => continue,
                Header::OfsDelta { base_distance } => offset.checked_sub(base_distance),
                Header::RefDelta { base_id } => self
                    .index
                    .lookup(base_id)
                    .map(|number| self.index.pack_offset_at_index(number)),
            };
            let parent = base.and_then(|base| forest.at(base));
            if let Some(parent) = parent {
                forest.siblings[at as usize] = forest.children[parent];
                forest.children[parent] = at;
            } else {
                // Its base is not in this pack, which git allows only on the way.
                reader.lost();
            }
        }
        Some(forest)
    }

    /// The packed bytes of an object, up to where the next one begins.
    fn packed(&self, forest: &Forest, at: u32) -> Option<(data::Entry, &[u8])> {
        let at = at as usize;
        let entry = self.data.entry(forest.places[at].0).ok()?;
        let end = forest
            .places
            .get(at + 1)
            .map_or(self.data.pack_end() as u64, |(offset, _)| *offset);
        let packed = self.data.entry_slice(entry.data_offset..end)?;
        Some((entry, packed))
    }

    fn name(&self, forest: &Forest, at: u32) -> String {
        let number = forest.places[at as usize].1;
        self.index.oid_at_index(number).to_hex().to_string()
    }
}

impl Forest {
    /// The object that begins there.
    fn at(&self, offset: u64) -> Option<usize> {
        self.places
            .binary_search_by_key(&offset, |(place, _)| *place)
            .ok()
    }
}

struct Unpacker<'pack> {
    pack: &'pack Pack,
    forest: &'pack Forest,
    reader: &'pack Reader<'pack>,
    inflate: Decompress,
    delta: Vec<u8>,
}

impl Unpacker<'_> {
    fn run(mut self, next: &AtomicUsize) {
        loop {
            let first = next.fetch_add(HANDFUL, Ordering::Relaxed);
            let Some(rest) = self.forest.roots.get(first..) else {
                return;
            };
            for (root, kind) in rest.iter().take(HANDFUL) {
                if self.reader.is_stopped() {
                    return;
                }
                self.tree(*root, *kind);
            }
        }
    }

    /// A root and everything that is made from it.
    fn tree(&mut self, root: u32, kind: Kind) {
        let mut text = Vec::new();
        let unpacked = self
            .pack
            .packed(self.forest, root)
            .filter(|(entry, _)| entry.decompressed_size <= self.reader.limit())
            .and_then(|(entry, packed)| {
                inflate(
                    &mut self.inflate,
                    packed,
                    entry.decompressed_size,
                    &mut text,
                )
            });
        if unpacked.is_none() {
            return self.lose(root);
        }
        self.look(root, kind, &text);
        let mut branches = Vec::new();
        self.push(root, text, &mut branches);
        let mut spare = Vec::new();
        while let Some((at, base)) = branches.pop() {
            if self.reader.is_stopped() {
                return;
            }
            if self.differ(at, &base, &mut spare).is_none() {
                self.lose(at);
                continue;
            }
            self.look(at, kind, &spare);
            // The last one made from a base leaves its memory to the next.
            let room = Arc::try_unwrap(base).unwrap_or_default();
            if self.forest.children[at as usize] == NONE {
                if room.capacity() > spare.capacity() {
                    spare = room;
                }
            } else {
                let made = std::mem::replace(&mut spare, room);
                self.push(at, made, &mut branches);
            }
        }
    }

    fn push(&self, at: u32, text: Vec<u8>, branches: &mut Vec<(u32, Arc<Vec<u8>>)>) {
        let mut child = self.forest.children[at as usize];
        if child == NONE {
            return;
        }
        let text = Arc::new(text);
        while child != NONE {
            branches.push((child, Arc::clone(&text)));
            child = self.forest.siblings[child as usize];
        }
    }

    /// Makes an object from the one it differs from.
    fn differ(&mut self, at: u32, base: &[u8], text: &mut Vec<u8>) -> Option<()> {
        let limit = self.reader.limit();
        let (entry, packed) = self.pack.packed(self.forest, at)?;
        if entry.decompressed_size > limit {
            return None;
        }
        inflate(
            &mut self.inflate,
            packed,
            entry.decompressed_size,
            &mut self.delta,
        )?;
        delta::apply(base, &self.delta, limit, text)
    }

    fn look(&self, at: u32, kind: Kind, text: &[u8]) {
        self.reader
            .object(kind, || self.pack.name(self.forest, at), text);
    }

    /// An object that can't be made takes with it all that are made from it.
    fn lose(&self, at: u32) {
        let mut lost = vec![at];
        while let Some(at) = lost.pop() {
            self.reader.lost();
            let mut child = self.forest.children[at as usize];
            while child != NONE {
                lost.push(child);
                child = self.forest.siblings[child as usize];
            }
        }
    }
}

/// Unpacks to exactly this size.
fn inflate(inflate: &mut Decompress, packed: &[u8], size: u64, text: &mut Vec<u8>) -> Option<()> {
    inflate.reset(true);
    text.clear();
    // One byte more, so that the end of the stream is seen even when the text fills the room.
    text.reserve(usize::try_from(size).ok()? + 1);
    let status = inflate
        .decompress_vec(packed, text, FlushDecompress::Finish)
        .ok()?;
    (status == Status::StreamEnd && text.len() as u64 == size).then_some(())
}
