//! Runs of letters of base64, of either alphabet: what is written in it, in hexadecimal, or as a token stands in one.
//!
//! Looks at eight bytes in every 32, as `runs` does in every 40.

use super::runs::is_alphanumeric;

/// The shortest run of interest: a token's body that a line ends in, or a line of base64.
pub(super) const MIN_WIDE_CHARS: usize = 40;

/// Distance between two looks: with the eight, no more than the shortest run.
const STRIDE: usize = MIN_WIDE_CHARS - 8;

/// Whether the byte is a letter of base64.
#[inline]
pub(super) fn is_wide(byte: u8) -> bool {
    is_alphanumeric(byte) || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Calls `found` with beginning and end of every run, in ascending order, and goes on where that says.
pub(super) fn find(text: &[u8], found: &mut dyn FnMut(usize, usize)) {
    let (mut at, mut last_end) = (0, 0);
    while let Some(probe) = next_probe(text, at) {
        if !is_whole_at(text, probe) || !may_be_long(text, probe) {
            at = probe + STRIDE;
            continue;
        }
        let before = text[last_end..probe].iter().rev();
        let start = probe - before.take_while(|byte| is_wide(**byte)).count();
        let end = end(text, probe + 8);
        if end - start >= MIN_WIDE_CHARS {
            found(start, end);
        }
        at = end + 1;
        last_end = end;
    }
}

/// Whether the run around a probed word may be long enough. Most are words of a language, which end soon: of the 32
/// letters that a run has beside the eight, at least three whole words follow or precede them.
fn may_be_long(text: &[u8], probe: usize) -> bool {
    let (ahead, _) = text[probe + 8..].as_chunks::<8>();
    let (_, behind) = text[..probe].as_rchunks::<8>();
    let is_whole = |word: &&[u8; 8]| gaps(u64::from_le_bytes(**word)) == 0;
    let mut wanted = MIN_WIDE_CHARS / 8 - 2;
    wanted -= ahead.iter().take(wanted).take_while(is_whole).count();
    behind
        .iter()
        .rev()
        .take(wanted)
        .take_while(is_whole)
        .count()
        == wanted
}

/// Whether the probed word has no gap.
fn is_whole_at(text: &[u8], probe: usize) -> bool {
    let word = text[probe..].first_chunk();
    word.is_some_and(|word| gaps(u64::from_le_bytes(*word)) == 0)
}

/// The next probed word, from `at` on, that seems to have no gap. The looks don't depend on each other, which makes them fast.
fn next_probe(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let mut strides = rest.chunks_exact(STRIDE);
    let hit = strides.position(|stride| {
        stride
            .first_chunk()
            .is_some_and(|word| seems_whole(u64::from_le_bytes(*word)))
    });
    if let Some(hit) = hit {
        return Some(at + hit * STRIDE);
    }
    let last = at + rest.len() / STRIDE * STRIDE;
    let word = text[last..].first_chunk()?;
    seems_whole(u64::from_le_bytes(*word)).then_some(last)
}

/// Where the run ends that goes on at `at`.
pub(super) fn end(text: &[u8], at: usize) -> usize {
    let (words, _) = text[at..].as_chunks::<8>();
    let whole = words
        .iter()
        .take_while(|word| gaps(u64::from_le_bytes(**word)) == 0)
        .count();
    let mut end = at + whole * 8;
    while text.get(end).is_some_and(|byte| is_wide(*byte)) {
        end += 1;
    }
    end
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES * 0x80;

/// Whether no byte has a gap, as far as a few steps tell: a comma, a dot and 0x7f are taken for letters.
#[inline]
fn seems_whole(word: u64) -> bool {
    let low = word & !HIGH;
    let small = low | (ONES * 0x20);
    let from = |bytes: u64, letter: u8| bytes + ONES * u64::from(0x80 - letter);
    let digits = from(low, b'+') & !from(low, b'9' + 1);
    // An underscore becomes 0x7f.
    let letters = from(small, b'a') & !from(small, b'z' + 1) | from(small, 0x7f);
    (!(digits | letters) | word) & HIGH == 0
}

/// The high bit of every byte that is no letter of base64.
#[inline]
fn gaps(word: u64) -> u64 {
    let low = word & !HIGH;
    let small = low | (ONES * 0x20);
    // Sets a byte's high bit if the byte is that letter or a later one; no carry reaches the next byte.
    let from = |bytes: u64, letter: u8| bytes + ONES * u64::from(0x80 - letter);
    let digits = from(low, b'0') & !from(low, b'9' + 1);
    let letters = from(small, b'a') & !from(small, b'z' + 1);
    // Sets it if the byte is just that.
    let is = |letter: u8| !((low ^ (ONES * u64::from(letter))) + ONES * 0x7f);
    let others = is(b'+') | is(b'-') | is(b'/') | is(b'_');
    (!(digits | letters | others) | word) & HIGH
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MIN_WIDE_CHARS, find, gaps, is_wide};

    #[test]
    fn eight_bytes_at_a_time_say_what_one_at_a_time_says() {
        for byte in 0..=255_u8 {
            for place in 0..8 {
                let mut word = *b"a+09/M_-";
                word[place] = byte;
                let expected = if is_wide(byte) {
                    0
                } else {
                    0x80 << (8 * place)
                };
                let seems = super::seems_whole(u64::from_le_bytes(word));
                assert!(
                    seems || gaps(u64::from_le_bytes(word)) != 0,
                    "{byte} at {place}"
                );
                assert_eq!(
                    gaps(u64::from_le_bytes(word)),
                    expected,
                    "{byte} at {place}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn finds_every_run(parts in prop::collection::vec("[aZ9+/_-]{0,90}", 0..8)) {
            let text = parts.join(" ");
            let mut expected = Vec::new();
            let mut at = 0;
            for part in &parts {
                if part.len() >= MIN_WIDE_CHARS {
                    expected.push((at, at + part.len()));
                }
                at += part.len() + 1;
            }
            let mut found = Vec::new();
            find(text.as_bytes(), &mut |start, end| found.push((start, end)));
            prop_assert_eq!(found, expected);
        }
    }
}
