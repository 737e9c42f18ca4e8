//! Collects the letters of one encoded text: over the ends of lines, over escapes, and over the edge of what is at
//! hand of a file at once.

use super::breaks;
use super::shape::Alphabet;
use super::wide::{self, MIN_WIDE_CHARS, is_wide};

/// The longest encoded text that is decoded.
const MAX_LETTERS: usize = 32 << 20;

/// An encoded text that is being collected.
#[derive(Debug)]
pub(super) struct Blob {
    pub(super) alphabet: Alphabet,
    pub(super) shape: super::shape::Shape,
    /// Where it begins in the whole text.
    pub(super) start: u64,
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
    pub(super) fn new(alphabet: Alphabet, shape: super::shape::Shape, start: u64) -> Self {
        Self {
            alphabet,
            shape,
            start,
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
        let is_end = until == text.len();
        let mut at = usize::try_from(self.at.saturating_sub(base)).unwrap_or(text.len());
        loop {
            if at >= until {
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
        if let Some((letter, size)) = escaped(&text[at..]) {
            self.take(&[letter]);
            return Some(at + size);
        }
        let is_line =
            self.line >= MIN_WIDE_CHARS && self.first.is_none_or(|first| first == self.line);
        if !is_line {
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

/// A letter of base64 that is escaped, and how long that is: `\/` in JSON, `%2B` and `%2F` in an address.
fn escaped(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'\\', b'/', ..] => Some((b'/', 2)),
        [b'%', b'2', b'B' | b'b', ..] => Some((b'+', 3)),
        [b'%', b'2', b'F' | b'f', ..] => Some((b'/', 3)),
        _ => None,
    }
}

/// Where an encoded text begins whose first unescaped run of letters begins at `start`: an escape may stand before.
pub(super) fn beginning(text: &[u8], mut start: usize) -> usize {
    loop {
        let before = &text[..start];
        let size = match before {
            [.., b'\\'] if text.get(start) == Some(&b'/') => 1,
            [.., b'%'] if escaped(&text[start - 1..]).is_some() => 1,
            _ => return start,
        };
        let letters = before[..start - size].iter().rev();
        start -= size + letters.take_while(|byte| is_wide(**byte)).count();
    }
}
