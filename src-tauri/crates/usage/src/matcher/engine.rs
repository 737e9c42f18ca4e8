//! Finding anchors fast. Few go to the packed searcher of `aho-corasick` (vector instructions), many to a table of
//! 4-byte grams that is asked once every five bytes: any 8-byte anchor contains such a gram, so nothing is missed,
//! and the cost hardly depends on how many anchors there are. An automaton over all of them would be nine times
//! slower from a few dozen keys on.

use std::collections::HashMap;

use aho_corasick::packed;

use super::needles::ANCHOR;

/// Up to here the packed searcher is the faster one (it takes 64 at most).
const MAX_PACKED_ANCHORS: usize = 64;

/// Distance between two looks, and with it the number of grams in an anchor.
const STEP: usize = 5;

/// Finds anchors.
#[derive(Debug)]
pub(super) enum Engine {
    /// Nothing to find.
    Idle,
    /// A handful of anchors.
    Packed(packed::Searcher),
    /// Any number of anchors.
    Skip(Skip),
}

impl Engine {
    pub(super) fn new(anchors: &[[u8; ANCHOR]]) -> Self {
        if anchors.is_empty() {
            return Self::Idle;
        }
        if anchors.len() <= MAX_PACKED_ANCHORS {
            let mut builder = packed::Config::new().builder();
            builder.extend(anchors);
            // None where the processor has no vector instructions for it.
            if let Some(searcher) = builder.build() {
                return Self::Packed(searcher);
            }
        }
        Self::Skip(Skip::new(anchors))
    }

    /// Calls `found` with position and number of every anchor in `text`, in ascending order of positions.
    pub(super) fn find(&self, text: &[u8], found: &mut dyn FnMut(usize, usize)) {
        match self {
            Self::Idle => {}
            Self::Packed(searcher) => {
                let mut from = 0;
                // Anchors may overlap, so the search goes on right behind the beginning of the last one.
                while let Some(hit) = searcher.find_in(text, (from..text.len()).into()) {
                    found(hit.start(), hit.pattern().as_usize());
                    from = hit.start() + 1;
                }
            }
            Self::Skip(skip) => skip.find(text, found),
        }
    }
}

/// A table of all grams of all anchors.
#[derive(Debug)]
pub(super) struct Skip {
    /// One bit for each hash of a gram: small enough for the first-level cache with a hundred keys.
    grams: Vec<u64>,
    /// For each hash, at which places in an anchor such a gram stands, one bit for each.
    places: Vec<u8>,
    anchors: HashMap<[u8; ANCHOR], usize>,
    shift: u32,
}

impl Skip {
    pub(super) fn new(anchors: &[[u8; ANCHOR]]) -> Self {
        let bits = (anchors.len() * STEP * 64)
            .next_power_of_two()
            .ilog2()
            .clamp(18, 22);
        let mut skip = Self {
            grams: vec![0; 1 << (bits - 6)],
            places: vec![0; 1 << bits],
            anchors: anchors
                .iter()
                .enumerate()
                .map(|(at, anchor)| (*anchor, at))
                .collect(),
            shift: 32 - bits,
        };
        for anchor in anchors {
            for (place, gram) in anchor.windows(4).enumerate() {
                let hash = skip.hash(gram[0], gram[1], gram[2], gram[3]);
                skip.grams[hash >> 6] |= 1 << (hash & 63);
                skip.places[hash] |= 1 << place;
            }
        }
        skip
    }

    #[inline]
    fn hash(&self, a: u8, b: u8, c: u8, d: u8) -> usize {
        (u32::from_le_bytes([a, b, c, d]).wrapping_mul(0x9e37_79b1) >> self.shift) as usize
    }

    #[inline]
    fn may_have(&self, hash: usize) -> bool {
        self.grams
            .get(hash >> 6)
            .is_some_and(|word| word >> (hash & 63) & 1 != 0)
    }

    fn find(&self, text: &[u8], found: &mut dyn FnMut(usize, usize)) {
        let (chunks, rest) = text.as_chunks::<STEP>();
        for (number, &[a, b, c, d, _]) in chunks.iter().enumerate() {
            let hash = self.hash(a, b, c, d);
            if self.may_have(hash) {
                self.check(text, number * STEP, hash, found);
            }
        }
        if let &[a, b, c, d] = rest {
            let hash = self.hash(a, b, c, d);
            self.check(text, chunks.len() * STEP, hash, found);
        }
    }

    /// Tries the anchors that have such a gram at the places it may stand at.
    #[cold]
    fn check(&self, text: &[u8], at: usize, hash: usize, found: &mut dyn FnMut(usize, usize)) {
        for place in (0..STEP).rev() {
            if self.places[hash] >> place & 1 == 0 || place > at {
                continue;
            }
            let window = text[at - place..].first_chunk::<ANCHOR>();
            if let Some(anchor) = window.and_then(|window| self.anchors.get(window)) {
                found(at - place, *anchor);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::needles::ANCHOR;
    use super::{Engine, Skip};

    fn naive(anchors: &[[u8; ANCHOR]], text: &[u8]) -> Vec<(usize, usize)> {
        let windows = text.windows(ANCHOR).enumerate();
        windows
            .filter_map(|(at, window)| {
                Some((at, anchors.iter().position(|anchor| anchor == window)?))
            })
            .collect()
    }

    fn all(engine: &Engine, text: &[u8]) -> Vec<(usize, usize)> {
        let mut hits = Vec::new();
        engine.find(text, &mut |at, anchor| hits.push((at, anchor)));
        hits
    }

    /// Of two letters only, so that anchors are plenty and overlap.
    fn letters() -> impl Strategy<Value = u8> {
        prop_oneof![Just(b'a'), Just(b'b')]
    }

    proptest! {
        #[test]
        fn both_engines_find_what_the_naive_one_finds(
            mut anchors in prop::collection::vec(prop::array::uniform8(letters()), 1..80),
            text in prop::collection::vec(letters(), 0..400),
        ) {
            anchors.sort_unstable();
            anchors.dedup();
            let expected = naive(&anchors, &text);
            prop_assert_eq!(&all(&Engine::Skip(Skip::new(&anchors)), &text), &expected);
            prop_assert_eq!(&all(&Engine::new(&anchors), &text), &expected);
        }

        #[test]
        fn any_bytes_at_any_place_are_found(
            anchors in prop::collection::hash_set(prop::array::uniform8(any::<u8>()), 1..300),
            mut text in prop::collection::vec(any::<u8>(), ANCHOR..600),
            places in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        ) {
            let anchors: Vec<_> = anchors.into_iter().collect();
            for (number, place) in places.iter().enumerate() {
                let at = place.index(text.len() - ANCHOR + 1);
                text[at..at + ANCHOR].copy_from_slice(&anchors[number % anchors.len()]);
            }
            let expected = naive(&anchors, &text);
            prop_assert_eq!(&all(&Engine::Skip(Skip::new(&anchors)), &text), &expected);
            prop_assert_eq!(&all(&Engine::new(&anchors), &text), &expected);
        }
    }
}
