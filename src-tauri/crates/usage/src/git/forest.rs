//! The objects of a pack in the order of their places, and which is made from which.
//!
//! Twenty bytes an object, so that the largest honest history fits into the memory a search has.

use super::bytes::Bytes;
use super::index::{NAME, Objects, Unusable};
use super::kind::Kind;
use crate::skipped::Reason;

/// No object.
pub(super) const NONE: u32 = u32::MAX;

/// A number in a pack takes so many bits of a word, the place the rest.
const NUMBER_BITS: u32 = 24;

/// The longest pack: a terabyte.
pub(super) const MAX_PACK_BYTES: u64 = 1 << (64 - NUMBER_BITS);

/// The longest beginning of an entry: its size, and what it is made from.
const MAX_HEADER_BYTES: usize = 10 + NAME;

/// How much of a pack is read at once where its entries are small.
const BUFFER_BYTES: usize = 256 * 1024;

/// How an object is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    Whole(Kind),
    /// As the differences to an object that begins so much earlier.
    Behind(u64),
    /// As the differences to an object of this name.
    Of([u8; NAME]),
}

/// The beginning of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) stored: Stored,
    /// How large it says it is, unpacked.
    pub(super) size: u64,
    /// How long this beginning is.
    pub(super) header: usize,
}

impl Entry {
    /// Reads the beginning of an entry; `None` when it is none.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let (first, mut rest) = text.split_first()?;
        let mut size = u64::from(first & 0x0f);
        let mut more = first & 0x80 != 0;
        let mut shift = 4;
        while more {
            let (byte, after) = rest.split_first()?;
            let bits = u64::from(byte & 0x7f);
            // A size beyond 64 bits.
            if shift >= 64 || shift > 57 && bits >> (64 - shift) != 0 {
                return None;
            }
            size |= bits << shift;
            shift += 7;
            more = byte & 0x80 != 0;
            rest = after;
        }
        let stored = match first >> 4 & 7 {
            1 => Stored::Whole(Kind::Commit),
            2 => Stored::Whole(Kind::Tree),
            3 => Stored::Whole(Kind::Blob),
            4 => Stored::Whole(Kind::Tag),
            6 => {
                let (distance, after) = distance(rest)?;
                rest = after;
                Stored::Behind(distance)
            }
            7 => {
                let (name, after) = rest.split_first_chunk()?;
                rest = after;
                Stored::Of(*name)
            }
            _ => return None,
        };
        Some(Self {
            stored,
            size,
            header: text.len() - rest.len(),
        })
    }
}

/// A number in groups of seven bits, the highest first, each but the last one more than it says.
fn distance(mut text: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0_u64;
    loop {
        let (byte, rest) = text.split_first()?;
        number = number
            .checked_mul(128)?
            .checked_add(u64::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some((number, rest));
        }
        number = number.checked_add(1)?;
        text = rest;
    }
}

/// The objects of a pack.
#[derive(Debug)]
pub(super) struct Forest {
    /// Where each begins, and its number, in one word.
    places: Vec<u64>,
    /// The first that is made from each, and the next that is made from the same.
    children: Vec<u32>,
    siblings: Vec<u32>,
    /// Those that are made from nothing, and are no trees.
    pub(super) roots: Vec<(u32, Kind)>,
    /// Those that are made from what is not in the pack, in ascending order.
    pub(super) orphans: Vec<u32>,
    /// Where the last one ends.
    end: u64,
}

impl Forest {
    /// Reads the beginnings of all entries. `lost` is told how many objects can't be made, and why; `None` when the
    /// search was stopped.
    ///
    /// # Errors
    /// When its objects can't be read, or the pack is longer than any honest one.
    pub(super) fn grow<B: Bytes>(
        objects: &impl Objects,
        pack: &B,
        end: u64,
        is_stopped: &dyn Fn() -> bool,
        lost: &dyn Fn(Reason, u64),
    ) -> Result<Option<Self>, Unusable> {
        let count = objects.count();
        if end > MAX_PACK_BYTES || count >> NUMBER_BITS != 0 {
            return Err(Unusable::TooMany);
        }
        let mut places = Vec::new();
        places
            .try_reserve_exact(count as usize)
            .map_err(|_| Unusable::TooMany)?;
        let mut number = 0_u32;
        let mut astray = 0;
        objects.places(&mut |place| {
            // Out of the pack: it would not fit into its bits either.
            if place < end {
                places.push(place << NUMBER_BITS | u64::from(number));
            } else {
                astray += 1;
            }
            number += 1;
        })?;
        places.sort_unstable();
        if astray > 0 {
            lost(Reason::GitObject, astray);
        }
        let mut forest = Self {
            children: filled(places.len())?,
            siblings: filled(places.len())?,
            roots: Vec::new(),
            orphans: Vec::new(),
            places,
            end,
        };
        let Some(bases) = forest.bases(objects, pack, is_stopped, lost)? else {
            return Ok(None);
        };
        forest.link(&bases.parents)?;
        if bases.is_doubtful {
            let unmade = forest.unmade(&bases)?;
            if unmade > 0 {
                lost(Reason::GitObject, unmade);
            }
        }
        forest.orphans = bases.orphans;
        Ok(Some(forest))
    }

    /// What each object is made from.
    fn bases<B: Bytes>(
        &mut self,
        objects: &impl Objects,
        pack: &B,
        is_stopped: &dyn Fn() -> bool,
        lost: &dyn Fn(Reason, u64),
    ) -> Result<Option<Bases>, Unusable> {
        let mut bases = Bases {
            parents: filled(self.places.len())?,
            orphans: Vec::new(),
            is_doubtful: false,
        };
        let mut reader = Headers::new(pack, self.places.len() as u64);
        for at in 0..self.len() {
            if at % 1024 == 0 && is_stopped() {
                return Ok(None);
            }
            let offset = self.offset(at);
            let base = match reader.entry(offset).map(|entry| entry.stored) {
                Some(Stored::Whole(kind)) => {
                    self.roots.push((at, kind));
                    continue;
                }
                Some(Stored::Behind(distance)) => offset.checked_sub(distance),
                Some(Stored::Of(name)) => {
                    // Only such can go round in circles.
                    bases.is_doubtful = true;
                    objects.place_of(&name)
                }
                None => {
                    lost(Reason::GitObject, 1);
                    continue;
                }
            };
            match base.and_then(|base| self.at(base)) {
                Some(parent) if parent != at => bases.parents[at as usize] = parent,
                // Its base is not in this pack, which git allows only on the way.
                _ => {
                    bases.is_doubtful = true;
                    bases.orphans.push(at);
                }
            }
        }
        Ok(Some(bases))
    }

    /// Makes lists of what is made from each. The one from which most is made comes first.
    fn link(&mut self, parents: &[u32]) -> Result<(), Unusable> {
        let mut weights = Vec::new();
        weights
            .try_reserve_exact(parents.len())
            .map_err(|_| Unusable::TooMany)?;
        weights.resize(parents.len(), 1_u32);
        for (at, parent) in parents.iter().enumerate().rev() {
            if let Some(weight) = weights.get(*parent as usize).copied()
                && (*parent as usize) < at
            {
                weights[*parent as usize] = weight.saturating_add(weights[at]);
            }
        }
        for (at, parent) in (0..).zip(parents) {
            if *parent == NONE {
                continue;
            }
            let first = self.children[*parent as usize];
            if first == NONE || weights[at as usize] > weights[first as usize] {
                self.siblings[at as usize] = first;
                self.children[*parent as usize] = at;
            } else {
                self.siblings[at as usize] = self.siblings[first as usize];
                self.siblings[first as usize] = at;
            }
        }
        Ok(())
    }

    /// How many objects are made from nothing that is in the pack, or from themselves in the end.
    fn unmade(&self, bases: &Bases) -> Result<u64, Unusable> {
        let mut is_made = Vec::new();
        is_made
            .try_reserve_exact(self.places.len())
            .map_err(|_| Unusable::TooMany)?;
        is_made.resize(self.places.len(), false);
        let mut waiting = Vec::new();
        for root in 0..self.len() {
            let is_root =
                bases.parents[root as usize] == NONE && bases.orphans.binary_search(&root).is_err();
            if !is_root {
                continue;
            }
            waiting.push(root);
            while let Some(at) = waiting.pop() {
                is_made[at as usize] = true;
                waiting.extend(self.children(at));
            }
        }
        let unmade = is_made.iter().filter(|is_made| !**is_made);
        Ok(unmade.count() as u64)
    }

    pub(super) fn len(&self) -> u32 {
        // Not more than fit into their bits.
        u32::try_from(self.places.len()).unwrap_or(NONE)
    }

    /// The object that begins there.
    fn at(&self, offset: u64) -> Option<u32> {
        let at = self
            .places
            .partition_point(|place| place >> NUMBER_BITS < offset);
        let is_it = self.places.get(at)? >> NUMBER_BITS == offset;
        is_it.then_some(u32::try_from(at).ok()?)
    }

    /// Where an object begins.
    pub(super) fn offset(&self, at: u32) -> u64 {
        self.places[at as usize] >> NUMBER_BITS
    }

    /// Where the next one begins.
    pub(super) fn end(&self, at: u32) -> u64 {
        let next = self.places.get(at as usize + 1);
        next.map_or(self.end, |place| place >> NUMBER_BITS)
    }

    /// Its number among the objects.
    pub(super) fn number(&self, at: u32) -> u32 {
        let number = self.places[at as usize] & ((1 << NUMBER_BITS) - 1);
        u32::try_from(number).unwrap_or(NONE)
    }

    pub(super) fn has_children(&self, at: u32) -> bool {
        self.children[at as usize] != NONE
    }

    /// What is made from an object, first the one from which most is made.
    pub(super) fn children(&self, at: u32) -> impl Iterator<Item = u32> + use<'_> {
        let some = |at: u32| (at != NONE).then_some(at);
        std::iter::successors(some(self.children[at as usize]), move |at| {
            some(self.siblings[*at as usize])
        })
    }
}

/// What each object is made from.
struct Bases {
    parents: Vec<u32>,
    /// Those whose base is not there, in ascending order.
    orphans: Vec<u32>,
    /// Whether there may be some that can't be made.
    is_doubtful: bool,
}

fn filled(count: usize) -> Result<Vec<u32>, Unusable> {
    let mut list = Vec::new();
    list.try_reserve_exact(count)
        .map_err(|_| Unusable::TooMany)?;
    list.resize(count, NONE);
    Ok(list)
}

/// Reads beginnings of entries in the order of their places, many at once where they are close together.
struct Headers<'pack, B> {
    pack: &'pack B,
    room: Vec<u8>,
    from: u64,
    filled: usize,
}

impl<'pack, B: Bytes> Headers<'pack, B> {
    fn new(pack: &'pack B, count: u64) -> Self {
        let each = pack.size() / count.max(1);
        let room = if each < BUFFER_BYTES as u64 / 16 {
            BUFFER_BYTES
        } else {
            MAX_HEADER_BYTES
        };
        Self {
            pack,
            room: vec![0; room],
            from: 0,
            filled: 0,
        }
    }

    fn entry(&mut self, offset: u64) -> Option<Entry> {
        let until = self.from + self.filled as u64;
        if offset < self.from || offset + MAX_HEADER_BYTES as u64 > until {
            self.filled = self.pack.read_at(&mut self.room, offset).ok()?;
            self.from = offset;
        }
        let at = usize::try_from(offset - self.from).ok()?;
        Entry::read(self.room[..self.filled].get(at..)?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Stored};
    use crate::git::kind::Kind;

    #[test]
    fn beginnings_of_entries_are_read() {
        let whole = |kind, size, header| Entry {
            stored: Stored::Whole(kind),
            size,
            header,
        };
        assert_eq!(Entry::read(&[0x3a]), Some(whole(Kind::Blob, 10, 1)));
        assert_eq!(Entry::read(&[0x95, 0x01]), Some(whole(Kind::Commit, 21, 2)));
        let behind = Entry::read(&[0x61, 0x80, 0x01]).unwrap();
        assert_eq!(behind.stored, Stored::Behind(129));
        let of = Entry::read(&[[0x72].as_slice(), &[9; 20]].concat()).unwrap();
        assert_eq!((of.stored, of.header), (Stored::Of([9; 20]), 21));
        for nothing in [
            &[][..],
            &[0x00],
            &[0x50],
            &[0xb0],
            &[0x71, 1, 2],
            &[0x60, 0x80],
        ] {
            assert_eq!(Entry::read(nothing), None, "{nothing:?}");
        }
        // Sizes and distances beyond 64 bits.
        assert_eq!(Entry::read(&[0xff; 40]), None);
        assert_eq!(
            Entry::read(&[[0x60].as_slice(), &[0xff; 40]].concat()),
            None
        );
    }
}
