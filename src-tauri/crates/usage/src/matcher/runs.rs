//! Finding tokens without knowing any: a run of 48 or more letters and digits whose last 8 are the checksum of the 40
//! before them, or that begins with 48 of which that is so. By chance that is so once in two thousand million runs.
//!
//! Both ends are tried, so something may be glued to either; to try every place in between would cost as much as all
//! the rest of a search, and in files that are nothing but digits chance would find what is not there.
//!
//! Looks at eight bytes in every forty: whatever is 48 long contains such eight as a whole, and in most places they
//! are no letters and digits throughout, so most bytes are never looked at.

use super::checksum::{self, BODY};

/// The shortest run that can hold a token.
const MIN_RUN_CHARS: usize = BODY + 8;

/// Distance between two looks at eight bytes: with the eight, no more than the shortest run.
const STRIDE: usize = MIN_RUN_CHARS - 8;

const ALPHANUMERIC: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// Whether the byte may be part of a token's random characters.
#[inline]
pub(super) fn is_alphanumeric(byte: u8) -> bool {
    ALPHANUMERIC[usize::from(byte)]
}

/// Calls `found` with the end of every token at either end of a run, in ascending order. A run that reaches the end of
/// `text` counts only when `text` is `whole` at that end.
pub(super) fn find(text: &[u8], whole: bool, found: &mut dyn FnMut(usize)) {
    let mut at = 0;
    while let Some(probe) = next_probe(text, at) {
        let Some((start, end)) = run_around(text, probe) else {
            at = probe + STRIDE;
            continue;
        };
        // The same as the end of the run where the token is all of it.
        let first = start + MIN_RUN_CHARS;
        if first < end && is_genuine(&text[..first]) {
            found(first);
        }
        if end == text.len() && !whole {
            return;
        }
        if is_genuine(&text[..end]) {
            found(end);
        }
        at = end + 1;
    }
}

/// The next probed word, from `at` on, that has no gap. The looks don't depend on each other, which makes them fast.
fn next_probe(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let mut strides = rest.chunks_exact(STRIDE);
    let hit = strides.position(|stride| {
        stride
            .first_chunk()
            .is_some_and(|word| gaps(u64::from_le_bytes(*word)) == 0)
    });
    if let Some(hit) = hit {
        return Some(at + hit * STRIDE);
    }
    let last = at + rest.len() / STRIDE * STRIDE;
    let word = text[last..].first_chunk()?;
    (gaps(u64::from_le_bytes(*word)) == 0).then_some(last)
}

/// The run around a word without a gap, if it is long enough. Its beginning is that of the whole run: words are looked
/// at so close together that less than a token stands before the first of a run.
fn run_around(text: &[u8], probe: usize) -> Option<(usize, usize)> {
    let before = text[..probe].iter().rev().take(MIN_RUN_CHARS);
    let before = before.take_while(|byte| is_alphanumeric(**byte)).count();
    let (words, _) = text[probe + 8..].as_chunks::<8>();
    let whole = words
        .iter()
        .take_while(|word| gaps(u64::from_le_bytes(**word)) == 0)
        .count();
    let mut end = probe + 8 + whole * 8;
    while text.get(end).is_some_and(|byte| is_alphanumeric(*byte)) {
        end += 1;
    }
    (end - probe + before >= MIN_RUN_CHARS).then_some((probe - before, end))
}

/// The high bit of every byte that is no letter or digit.
#[inline]
fn gaps(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES * 0x80;
    let low = word & !HIGH;
    let small = low | (ONES * 0x20);
    // Sets a byte's high bit if the byte is that letter or a later one; no carry reaches the next byte.
    let from = |bytes: u64, letter: u8| bytes + ONES * u64::from(0x80 - letter);
    let digits = from(low, b'0') & !from(low, b'9' + 1);
    let letters = from(small, b'a') & !from(small, b'z' + 1);
    (!(digits | letters) | word) & HIGH
}

/// Whether the last 48 characters are a body and its checksum.
fn is_genuine(text: &[u8]) -> bool {
    let Some((rest, suffix)) = text.split_last_chunk::<8>() else {
        return false;
    };
    // First the cheap question: most long runs end in something that is no hexadecimal number.
    checksum::is_shaped(*suffix)
        && rest
            .last_chunk::<BODY>()
            .is_some_and(|body| checksum::is_right(body, *suffix))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MIN_RUN_CHARS, find, is_alphanumeric, is_genuine};

    fn all(text: &[u8], whole: bool) -> Vec<usize> {
        let mut ends = Vec::new();
        find(text, whole, &mut |end| ends.push(end));
        ends
    }

    /// Every run, by looking at every byte.
    fn naive(text: &[u8]) -> Vec<usize> {
        (MIN_RUN_CHARS..=text.len())
            .filter(|end| {
                let next = text.get(*end).copied().unwrap_or(b' ');
                let run = &text[end - MIN_RUN_CHARS..*end];
                let before = text[..end - MIN_RUN_CHARS].last().copied().unwrap_or(b' ');
                (!is_alphanumeric(next) || !is_alphanumeric(before))
                    && run.iter().all(|byte| is_alphanumeric(*byte))
            })
            .filter(|end| is_genuine(&text[..*end]))
            .collect()
    }

    fn token(body: &str) -> String {
        format!("{body}{:08x}", crc32fast::hash(body.as_bytes()))
    }

    proptest! {
        #[test]
        fn finds_what_the_naive_one_finds(
            before in "[a-c0-1 ]{0,120}",
            body in "[A-Za-z0-9]{40}",
            after in "[_ |a-z0-9]{0,60}",
        ) {
            let text = format!("{before}{}{after}", token(&body));
            prop_assert_eq!(all(text.as_bytes(), true), naive(text.as_bytes()));
            let text = format!("{before} {} {after}", token(&body));
            prop_assert_eq!(all(text.as_bytes(), true).len(), 1);
        }
    }

    #[test]
    fn eight_bytes_at_a_time_say_what_one_at_a_time_says() {
        for byte in 0..=255_u8 {
            for place in 0..8 {
                let mut word = *b"aZ09mM5z";
                word[place] = byte;
                let expected = if is_alphanumeric(byte) {
                    0
                } else {
                    0x80 << (8 * place)
                };
                assert_eq!(
                    super::gaps(u64::from_le_bytes(word)),
                    expected,
                    "{byte} at {place}"
                );
            }
        }
    }

    #[test]
    fn a_run_at_the_end_waits_for_what_follows() {
        let text = token(&"aB3d".repeat(10));
        assert_eq!(all(text.as_bytes(), true), [48]);
        assert_eq!(all(text.as_bytes(), false), [] as [usize; 0]);
        assert_eq!(all(format!("{text}\n").as_bytes(), false), [48]);
    }
}
