//! Finding tokens without knowing any: a run of 48 or more letters and digits whose last 8 are the checksum of the 40
//! before them. By chance that is so once in four thousand million runs.
//!
//! Looks at every run from its right end, as Boyer and Moore did: one character that is no letter or digit rules out
//! all windows that contain it, so most bytes are never looked at.

use super::checksum::{self, BODY};

/// The shortest run that can hold a token.
const SHORTEST: usize = BODY + 8;

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

/// Calls `found` with the end of every run that ends in a right checksum, in ascending order. A run that reaches the
/// end of `text` counts only when `text` is `whole` at that end.
pub(super) fn find(text: &[u8], whole: bool, found: &mut dyn FnMut(usize)) {
    let mut from = 0;
    while let Some(window) = text.get(from..from + SHORTEST) {
        if let Some(gap) = window.iter().rposition(|byte| !is_alphanumeric(*byte)) {
            from += gap + 1;
            continue;
        }
        let more = text[from + SHORTEST..]
            .iter()
            .position(|byte| !is_alphanumeric(*byte));
        let end = match more {
            Some(more) => from + SHORTEST + more,
            None if whole => text.len(),
            None => return,
        };
        if text.get(end) != Some(&b'_') && is_genuine(&text[..end]) {
            found(end);
        }
        from = end + 1;
    }
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

    use super::{SHORTEST, find, is_alphanumeric, is_genuine};

    fn all(text: &[u8], whole: bool) -> Vec<usize> {
        let mut ends = Vec::new();
        find(text, whole, &mut |end| ends.push(end));
        ends
    }

    /// Every run, by looking at every byte.
    fn naive(text: &[u8]) -> Vec<usize> {
        (SHORTEST..=text.len())
            .filter(|end| {
                let next = text.get(*end).copied().unwrap_or(b' ');
                let run = &text[end - SHORTEST..*end];
                !is_alphanumeric(next)
                    && next != b'_'
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
            after in "[_ |a-z]{0,60}",
        ) {
            let text = format!("{before}{}{after}", token(&body));
            prop_assert_eq!(all(text.as_bytes(), true), naive(text.as_bytes()));
            let text = format!("{before} {} {after}", token(&body));
            prop_assert_eq!(all(text.as_bytes(), true).len(), 1);
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
