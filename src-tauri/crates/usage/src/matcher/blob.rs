//! Collects the letters of one encoded text: over the ends of lines, over escapes, and over the edge of what is at
//! hand of a file at once.

use super::breaks;
use super::escape::{self, Means};
use super::shape::{Alphabet, PROBE_CHARS, Shape};
use super::wide::{self, MIN_WIDE_CHARS, is_wide};

/// The longest encoded text that is decoded.
const MAX_LETTERS: usize = 32 << 20;

/// The shortest line that an escape ends; those that really end are `MIN_WIDE_CHARS` long at least.
const MIN_ESCAPED_LINE: usize = 8;

/// How much is looked through for the first letters of an encoded text.
const HEAD_BYTES: usize = 512;

/// An encoded text that is being collected.
#[derive(Debug)]
pub(super) struct Blob {
    pub(super) alphabet: Alphabet,
    pub(super) shape: Shape,
    /// Where it begins in the whole text.
    pub(super) start: u64,
    /// How many of its letters stand before the first group.
    pub(super) skipped: usize,
    /// Up to where in the whole text it has been collected.
    pub(super) at: u64,
    pub(super) letters: Vec<u8>,
    /// How many letters its first line has, and how many the current one.
    first: Option<usize>,
    line: usize,
    /// Whether a mark stands before each line that is a letter of base64 itself: of what was added to a file.
    is_marked: bool,
    pub(super) is_too_long: bool,
}

/// Whether all of it was collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collected {
    /// It goes on behind what is at hand.
    Part,
    Whole,
}

impl Blob {
    pub(super) fn new(alphabet: Alphabet, shape: Shape, start: u64, skipped: usize) -> Self {
        Self {
            alphabet,
            shape,
            start,
            skipped,
            at: start,
            letters: Vec::new(),
            first: None,
            line: 0,
            is_marked: false,
            is_too_long: false,
        }
    }

    /// Goes on in a text of which the first byte stands at `base` in the whole, up to `until` in it unless that is its
    /// end.
    pub(super) fn collect(&mut self, text: &[u8], base: u64, until: usize) -> Collected {
        self.collect_at_least(usize::MAX, text, base, until)
    }

    /// The same, but no further than until there are so many letters.
    fn collect_at_least(
        &mut self,
        enough: usize,
        text: &[u8],
        base: u64,
        until: usize,
    ) -> Collected {
        let is_end = until == text.len();
        let mut at = usize::try_from(self.at.saturating_sub(base)).unwrap_or(text.len());
        loop {
            if at >= until || self.letters.len() >= enough {
                self.at = base + at as u64;
                return if is_end {
                    Collected::Whole
                } else {
                    Collected::Part
                };
            }
            let end = wide::end(&text[..until], at);
            self.take(&text[at..end]);
            at = end;
            if end == until {
                continue;
            }
            match self.next(text, end) {
                Some(next) => at = next,
                None => {
                    self.at = base + end as u64;
                    return Collected::Whole;
                }
            }
        }
    }

    fn take(&mut self, letters: &[u8]) {
        self.line += letters.len();
        if self.letters.len() + letters.len() > MAX_LETTERS {
            self.is_too_long = true;
        } else {
            self.letters.extend_from_slice(letters);
        }
    }

    /// Where it goes on behind what is no letter.
    fn next(&mut self, text: &[u8], at: usize) -> Option<usize> {
        let is_line = self.first.is_none_or(|first| first == self.line);
        match escape::read(text, at) {
            Some((Means::Letter(letter), next)) => {
                self.take(&[letter]);
                return Some(next);
            }
            Some((Means::Nothing, next)) if goes_on(text, next) => return Some(next),
            // The end of a line may be two characters.
            Some((Means::Line, next)) if goes_on(text, next) && self.line == 0 => {
                return Some(next);
            }
            Some((Means::Line, next))
                if goes_on(text, next) && is_line && self.line >= MIN_ESCAPED_LINE =>
            {
                self.first.get_or_insert(self.line);
                self.line = 0;
                return Some(next);
            }
            _ => {}
        }
        if !is_line || self.line < MIN_WIDE_CHARS {
            return None;
        }
        let mut next = breaks::skip(text, at)?;
        // What is a letter of base64 too belongs to what follows, unless it marks each line.
        while next > at + 1 && matches!(text[next - 1], b'+' | b'/' | b'-' | b'_') {
            next -= 1;
        }
        let first = *self.first.get_or_insert(self.line);
        self.line = 0;
        let is_after_end = matches!(text[next - 1], b'\n');
        if is_after_end && matches!(text[next], b'+' | b'-') {
            let length = wide::end(text, next) - next;
            if self.is_marked || length == first + 1 {
                self.is_marked = true;
                next += 1;
            }
        }
        Some(next)
    }
}

/// The first letters of an encoded text that begins at `at`, as they would be collected.
pub(super) fn head(text: &[u8], at: usize, until: usize) -> Vec<u8> {
    let until = until.min(at + HEAD_BYTES);
    let mut blob = Blob::new(Alphabet::Base64, Shape::Text, at as u64, 0);
    blob.collect_at_least(PROBE_CHARS, &text[..until], 0, until);
    blob.letters
}

/// Whether a letter stands at `at`, or an escape.
fn goes_on(text: &[u8], at: usize) -> bool {
    text.get(at)
        .is_some_and(|byte| is_wide(*byte) || escape::begins(*byte))
}
