//! A pack without its index: within a bundle, or left by a fetch that was interrupted. Where an object ends is known only
//! once it is unpacked. So the pack is unpacked once to see where each begins, and once more to be searched.
//!
//! Without the index no object is known by its name. One that says by name what it differs from can't be made; git
//! writes such only where that is in another pack.

use super::bytes::Bytes;
use super::forest::Entry;
use super::index::{NAME, Objects, Unusable};
use super::inflate::{Failure, Inflater, is_possible};

/// How a pack begins: four letters, its version, and the number of its objects.
const HEADER_BYTES: u64 = 12;

/// The objects of such a pack.
#[derive(Debug, Default)]
pub(super) struct Unindexed {
    places: Vec<u64>,
    /// Where the last one ends.
    pub(super) end: u64,
    /// How many more there should be, and why they could not be read.
    pub(super) lost: Option<(u64, Failure)>,
}

impl Unindexed {
    /// Walks from object to object. `may_unpack` is asked for each, with its size. `None` when the search was stopped.
    ///
    /// # Errors
    /// Any [`Unusable`]: too many when the pack says that it has more than `most` objects.
    pub(super) fn walk<B: Bytes>(
        pack: &B,
        most: u64,
        may_unpack: &dyn Fn(u64) -> bool,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, Unusable> {
        let mut count = [0; 4];
        pack.read_all_at(&mut count, HEADER_BYTES - 4)?;
        let count = u32::from_be_bytes(count);
        if u64::from(count) > most {
            return Err(Unusable::TooMany);
        }
        let mut objects = Self {
            end: HEADER_BYTES,
            ..Self::default()
        };
        let mut inflater = Inflater::new();
        for number in 0..count {
            if is_stopped() {
                return Ok(None);
            }
            match end_of(&mut inflater, pack, objects.end, may_unpack) {
                Ok(end) => {
                    objects.places.push(objects.end);
                    objects.end = end;
                }
                Err(failure) => {
                    objects.lost = Some(((count - number).into(), failure));
                    break;
                }
            }
        }
        Ok(Some(objects))
    }
}

/// Where the object ends that begins there.
fn end_of<B: Bytes>(
    inflater: &mut Inflater,
    pack: &B,
    at: u64,
    may_unpack: &dyn Fn(u64) -> bool,
) -> Result<u64, Failure> {
    let loaded = inflater.load(pack, at, pack.size())?;
    let entry = Entry::read(loaded).ok_or(Failure::Damaged)?;
    // Nothing is paid for a size that the bytes can't have.
    if !is_possible(pack.size().saturating_sub(at), entry.size) {
        return Err(Failure::Damaged);
    }
    if !may_unpack(entry.size) {
        return Err(Failure::Budget);
    }
    inflater.measure(pack, entry.header, pack.size(), entry.size)
}

impl Objects for Unindexed {
    fn count(&self) -> u32 {
        // No more than the pack says.
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }

    fn places(&self, tell: &mut dyn FnMut(u64)) -> Result<(), Unusable> {
        self.places.iter().copied().for_each(tell);
        Ok(())
    }

    fn place_of(&self, _: &[u8; NAME]) -> Option<u64> {
        None
    }

    fn name(&self, _: u32) -> Option<[u8; NAME]> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use rand::rngs::Xoshiro256PlusPlus;
    use rand::{Rng as _, SeedableRng as _};

    use super::{Failure, Objects, Unindexed};

    /// A pack of blobs, and where each begins.
    fn pack(texts: &[&[u8]]) -> (Vec<u8>, Vec<u64>) {
        let mut pack = b"PACK\0\0\0\x02".to_vec();
        pack.extend(u32::try_from(texts.len()).unwrap().to_be_bytes());
        let mut places = Vec::new();
        for text in texts {
            places.push(pack.len() as u64);
            let mut size = text.len() >> 4;
            pack.push(0x30 | (text.len() & 15) as u8 | u8::from(size > 0) << 7);
            while size > 0 {
                let bits = (size & 0x7f) as u8;
                size >>= 7;
                pack.push(bits | u8::from(size > 0) << 7);
            }
            let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
            packed.write_all(text).unwrap();
            pack.extend(packed.finish().unwrap());
        }
        pack.extend([0; 20]);
        (pack, places)
    }

    fn walk(pack: &[u8]) -> Unindexed {
        Unindexed::walk(&pack, 1000, &|_| true, &|| false)
            .unwrap()
            .unwrap()
    }

    #[test]
    fn every_object_is_met_whatever_its_size() {
        let mut noise = vec![0; 300_000];
        Xoshiro256PlusPlus::seed_from_u64(1).fill_bytes(&mut noise);
        let zeros = vec![0; 1 << 20];
        let (pack, places) = pack(&[b"a", &noise, b"", &zeros, &noise[..65536], b"end"]);
        let objects = walk(&pack);
        assert_eq!(objects.places, places);
        assert_eq!(objects.end, pack.len() as u64 - 20);
        assert_eq!(objects.lost, None);
    }

    #[test]
    fn a_pack_that_is_cut_has_the_objects_before_the_cut() {
        let (pack, places) = pack(&[b"first", b"second", b"third"]);
        for cut in 12..pack.len() - 20 {
            let objects = walk(&pack[..cut]);
            // Those of which the end was there.
            let last = [pack.len() as u64 - 20];
            let ends = places[1..].iter().chain(&last);
            let expected = ends.filter(|end| **end <= cut as u64).count() as u64;
            assert_eq!(u64::from(objects.count()), expected, "cut at {cut}");
            assert_eq!(objects.lost, Some((3 - expected, Failure::Damaged)));
        }
    }

    #[test]
    fn nothing_is_unpacked_that_is_not_paid_for_and_no_count_is_believed() {
        let (mut pack, _) = pack(&[b"first", &[7; 5000]]);
        let objects = Unindexed::walk(&pack.as_slice(), 2, &|size| size < 5000, &|| false);
        let objects = objects.unwrap().unwrap();
        assert_eq!(objects.lost, Some((1, Failure::Budget)));
        assert!(Unindexed::walk(&pack.as_slice(), 1, &|_| true, &|| false).is_err());
        pack[8..12].fill(0xff);
        let objects = Unindexed::walk(&pack.as_slice(), u64::MAX, &|_| true, &|| false);
        let lost = objects.unwrap().unwrap().lost;
        assert_eq!(lost, Some((u64::from(u32::MAX) - 2, Failure::Damaged)));
    }
}
