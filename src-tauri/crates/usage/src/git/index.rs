//! The index of a pack: where each object begins, and what it is called. Both versions of the format, for objects that
//! are named by SHA-1. Nothing in it is believed before it fits the size of the file.

use std::io;

use super::bytes::Bytes;

/// The length of an object's name.
pub(super) const NAME: usize = 20;

/// How much of a table is read at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// The index and the pack it belongs to have a checksum each at the end of the index.
const TRAILER_BYTES: u64 = 2 * NAME as u64;

/// Tells how many objects have names that begin with up to each byte.
const FAN_OUT_BYTES: u64 = 256 * 4;

/// How the second version begins.
const MAGIC: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];

/// Why an index can't be used.
#[derive(Debug)]
pub(super) enum Unusable {
    /// It is no index, it is damaged, or it can't be read.
    Damaged,
    /// It has more objects than this search takes.
    TooMany,
}

impl From<io::Error> for Unusable {
    fn from(_: io::Error) -> Self {
        Self::Damaged
    }
}

/// The objects of a pack, by their numbers: where each begins, and what it is called.
pub(super) trait Objects: Sync {
    /// How many there are.
    fn count(&self) -> u32;

    /// Calls `tell` with the place in the pack of every object, in the order of their numbers.
    ///
    /// # Errors
    /// When it can't be read, or points out of its own table.
    fn places(&self, tell: &mut dyn FnMut(u64)) -> Result<(), Unusable>;

    /// The place in the pack of the object of this name, if it is there and names are known.
    fn place_of(&self, name: &[u8; NAME]) -> Option<u64>;

    /// The name of an object, if it is known.
    fn name(&self, number: u32) -> Option<[u8; NAME]>;
}

/// An index whose tables lie within it.
#[derive(Debug)]
pub(super) struct Index<B> {
    bytes: B,
    count: u32,
    layout: Layout,
}

/// Where the tables are.
#[derive(Clone, Copy, Debug)]
enum Layout {
    /// Place and name of each object side by side.
    Paired,
    /// Names, checksums, places, and places beyond 2 GiB, of which there are so many.
    Columns { large: u64 },
}

impl<B: Bytes> Index<B> {
    /// Reads the head of an index, and compares what it says with its size.
    ///
    /// # Errors
    /// Any [`Unusable`]: too many when there are more than `most` objects.
    pub(super) fn open(bytes: B, most: u64) -> Result<Self, Unusable> {
        let mut magic = [0; MAGIC.len()];
        bytes.read_all_at(&mut magic, 0)?;
        let has_columns = magic == MAGIC;
        // The first version begins with its fan, the second version's magic is none.
        if !has_columns && magic[..4] == MAGIC[..4] {
            return Err(Unusable::Damaged);
        }
        let front = if has_columns { MAGIC.len() as u64 } else { 0 };
        let mut fan = [0; FAN_OUT_BYTES as usize];
        bytes.read_all_at(&mut fan, front)?;
        let (counts, _) = fan.as_chunks::<4>();
        if !counts.is_sorted() {
            return Err(Unusable::Damaged);
        }
        let count = counts.last().map_or(0, |last| u32::from_be_bytes(*last));
        let objects = u64::from(count);
        let tables = bytes
            .size()
            .checked_sub(front + FAN_OUT_BYTES + TRAILER_BYTES)
            .ok_or(Unusable::Damaged)?;
        let layout = if has_columns {
            let rest = tables
                .checked_sub(objects * (NAME as u64 + 4 + 4))
                .ok_or(Unusable::Damaged)?;
            // No more of them than objects, or the names are longer than they are here.
            if rest % 8 != 0 || rest / 8 > objects {
                return Err(Unusable::Damaged);
            }
            Layout::Columns { large: rest / 8 }
        } else if tables == objects * (4 + NAME as u64) {
            Layout::Paired
        } else {
            return Err(Unusable::Damaged);
        };
        if objects > most {
            return Err(Unusable::TooMany);
        }
        Ok(Self {
            bytes,
            count,
            layout,
        })
    }

    /// The place that is written like this.
    fn place(&self, written: u32) -> Result<u64, Unusable> {
        const LARGE: u32 = 1 << 31;
        match self.layout {
            Layout::Columns { large } if written & LARGE != 0 => {
                let number = u64::from(written & !LARGE);
                if number >= large {
                    return Err(Unusable::Damaged);
                }
                let mut place = [0; 8];
                let at = self.column(NAME as u64 + 4 + 4) + number * 8;
                self.bytes.read_all_at(&mut place, at)?;
                Ok(u64::from_be_bytes(place))
            }
            _ => Ok(written.into()),
        }
    }

    /// The name of an object.
    ///
    /// # Errors
    /// When it can't be read.
    fn name_at(&self, number: u32) -> io::Result<[u8; NAME]> {
        let number = u64::from(number);
        let at = match self.layout {
            Layout::Paired => FAN_OUT_BYTES + number * (4 + NAME as u64) + 4,
            Layout::Columns { .. } => MAGIC.len() as u64 + FAN_OUT_BYTES + number * NAME as u64,
        };
        let mut name = [0; NAME];
        self.bytes.read_all_at(&mut name, at)?;
        Ok(name)
    }

    /// The number of the object of this name.
    fn find(&self, name: &[u8; NAME]) -> Option<u32> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.name_at(middle).ok()?.cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// The place in the pack of the object of this number.
    fn place_at(&self, number: u32) -> Result<u64, Unusable> {
        let at = match self.layout {
            Layout::Paired => FAN_OUT_BYTES + u64::from(number) * (4 + NAME as u64),
            Layout::Columns { .. } => self.column(NAME as u64 + 4) + u64::from(number) * 4,
        };
        let mut place = [0; 4];
        self.bytes.read_all_at(&mut place, at)?;
        self.place(u32::from_be_bytes(place))
    }

    /// Where the column begins that comes after so many bytes of each object.
    fn column(&self, before: u64) -> u64 {
        MAGIC.len() as u64 + FAN_OUT_BYTES + u64::from(self.count) * before
    }
}

impl<B: Bytes> Objects for Index<B> {
    fn count(&self) -> u32 {
        self.count
    }

    fn places(&self, tell: &mut dyn FnMut(u64)) -> Result<(), Unusable> {
        let (from, step) = match self.layout {
            Layout::Paired => (FAN_OUT_BYTES, 4 + NAME),
            Layout::Columns { .. } => (self.column(NAME as u64 + 4), 4),
        };
        let mut room = vec![0; BUFFER_BYTES / step * step];
        let (mut at, mut left) = (from, self.count as usize);
        while left > 0 {
            let size = room.len().min(left * step);
            self.bytes.read_all_at(&mut room[..size], at)?;
            for entry in room[..size].chunks_exact(step) {
                let place = entry
                    .first_chunk()
                    .map_or(0, |place| u32::from_be_bytes(*place));
                tell(self.place(place)?);
            }
            at += size as u64;
            left -= size / step;
        }
        Ok(())
    }

    fn place_of(&self, name: &[u8; NAME]) -> Option<u64> {
        self.place_at(self.find(name)?).ok()
    }

    fn name(&self, number: u32) -> Option<[u8; NAME]> {
        self.name_at(number).ok()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Index, MAGIC, NAME, Objects as _, Unusable};

    /// An index of the second version for objects with these places; the first byte of each name is its number.
    pub(crate) fn written(places: &[u64]) -> Vec<u8> {
        let mut text = MAGIC.to_vec();
        for first in 0..256 {
            let count = places.len().min(first + 1);
            text.extend(u32::try_from(count).unwrap().to_be_bytes());
        }
        for number in 0..places.len() {
            text.push(u8::try_from(number).unwrap());
            text.extend([7; NAME - 1]);
        }
        text.extend(vec![0; 4 * places.len()]);
        let mut large = Vec::new();
        for place in places {
            match u32::try_from(*place) {
                Ok(place) if place < 1 << 31 => text.extend(place.to_be_bytes()),
                _ => {
                    let number = u32::try_from(large.len() / 8).unwrap();
                    text.extend((number | 1 << 31).to_be_bytes());
                    large.extend(place.to_be_bytes());
                }
            }
        }
        text.extend(large);
        text.extend([0; 40]);
        text
    }

    fn read(text: &[u8]) -> Result<Vec<u64>, Unusable> {
        let index = Index::open(text, 1000)?;
        let mut places = Vec::new();
        index.places(&mut |place| places.push(place))?;
        for (number, place) in (0..).zip(&places) {
            assert_eq!(index.place_at(number).unwrap(), *place);
        }
        Ok(places)
    }

    #[test]
    fn places_and_names_are_found() {
        let places = [12, 1 << 20, (1 << 31) + 5, 1 << 35];
        let text = written(&places);
        assert_eq!(read(&text).unwrap(), places);
        let index = Index::open(text.as_slice(), 1000).unwrap();
        let mut name = [7; NAME];
        name[0] = 2;
        assert_eq!(index.find(&name), Some(2));
        name[0] = 9;
        assert_eq!(index.find(&name), None);
    }

    #[test]
    fn the_first_version_is_read_too() {
        let mut text = Vec::new();
        for _ in 0..256 {
            text.extend(1_u32.to_be_bytes());
        }
        text.extend(12_u32.to_be_bytes());
        text.extend([0; NAME]);
        text.extend([0; 40]);
        assert_eq!(read(&text).unwrap(), [12]);
    }

    #[test]
    fn what_does_not_fit_the_size_of_the_file_is_not_believed() {
        let text = written(&[12, 500]);
        assert!(matches!(
            Index::open(text.as_slice(), 1),
            Err(Unusable::TooMany)
        ));
        for size in 0..text.len() {
            assert!(Index::open(&text[..size], 1000).is_err(), "cut at {size}");
        }
        // Four thousand million objects in a kilobyte.
        let mut many = text.clone();
        many[8 + 255 * 4..8 + 256 * 4].fill(0xff);
        assert!(matches!(
            Index::open(many.as_slice(), u64::MAX),
            Err(Unusable::Damaged)
        ));
        let mut unsorted = text.clone();
        unsorted[8..12].fill(0xff);
        assert!(Index::open(unsorted.as_slice(), u64::MAX).is_err());
        // A place in a table of large ones that is not there.
        let mut astray = text;
        let places = 8 + 1024 + 2 * 24;
        astray[places..places + 4].copy_from_slice(&(1_u32 << 31).to_be_bytes());
        assert!(read(&astray).is_err());
    }
}
