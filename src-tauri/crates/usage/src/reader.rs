//! Reads a text of any length through one buffer. There are no lines in here: a file of one line of 60 MB costs no
//! more memory than any other, and lines are counted only for what was found.

use std::io;

use crate::cancel::Cancel;
use crate::matcher::{AHEAD, BEHIND, Deep, Matcher, Met, Window};

/// How much is read at once. More is not faster.
pub(crate) const BUFFER_BYTES: usize = 256 * 1024;

/// A buffer, used again for every text.
#[derive(Debug)]
pub(crate) struct Reader {
    buffer: Vec<u8>,
}

/// A source of bytes: fills the front of the buffer and says how much; 0 at the end.
pub(crate) type Source<'source> = dyn FnMut(&mut [u8]) -> io::Result<usize> + 'source;

/// Counts the lines that end between two offsets by reading that part once more; for texts that can be.
pub(crate) type Recount<'source> = dyn FnMut(u64, u64) -> u64 + 'source;

/// Where lines are counted from.
pub(crate) enum Lines<'source> {
    /// While the text passes, since it can be read only once.
    Passing,
    /// When something is found.
    Later(&'source mut Recount<'source>),
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self::of_room(BUFFER_BYTES)
    }

    /// A small one makes edges frequent, which tests want.
    fn of_room(room: usize) -> Self {
        Self {
            buffer: vec![0; room],
        }
    }

    /// The buffer, to put the beginning of a text into.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        &mut self.buffer
    }

    /// The beginning of the text that was put there.
    pub(crate) fn beginning(&self, filled: usize) -> &[u8] {
        &self.buffer[..filled]
    }

    /// Looks through a text that is in the buffer as a whole.
    pub(crate) fn look(&self, filled: usize, matcher: &Matcher, found: &mut dyn FnMut(Met, u64)) {
        look(&self.buffer[..filled], matcher, found);
    }

    /// Looks through a text whose beginning is in the buffer. Tells how many bytes it had.
    ///
    /// # Errors
    /// What the source said; everything before that has been looked at. [`io::ErrorKind::Interrupted`] when stopped.
    pub(crate) fn stream(
        &mut self,
        mut filled: usize,
        source: &mut Source<'_>,
        mut lines: Lines<'_>,
        matcher: &Matcher,
        cancel: &Cancel,
        found: &mut dyn FnMut(Met, u64),
    ) -> io::Result<u64> {
        let (mut from, mut before) = (0, 0_u64);
        // Lines that end before an offset, as far as they have been counted.
        let (mut counted, mut passed) = (0_u64, 0_u64);
        let mut deep = Deep::default();
        loop {
            let mut error = None;
            while filled < self.buffer.len() && error.is_none() {
                if cancel.is_stopped() {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                match source(&mut self.buffer[filled..]) {
                    Ok(0) => break,
                    Ok(more) => filled += more,
                    Err(problem) => error = Some(problem),
                }
            }
            let text = &self.buffer[..filled];
            let last = filled < self.buffer.len();
            let window = Window { text, from, last };
            let mut within = Counter::default();
            let until = matcher.find(window, &mut deep, &mut |met| {
                if let Lines::Later(recount) = &mut lines
                    && counted < before
                {
                    passed += recount(counted, before);
                    counted = before;
                }
                let line = passed + within.before(text, met.at()) + 1;
                found(met, line);
            });
            if let Some(error) = error {
                return Err(error);
            }
            if last {
                return Ok(before + to_u64(filled));
            }
            if cancel.is_stopped() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let gone = until.saturating_sub(BEHIND);
            if matches!(lines, Lines::Passing) {
                passed += count(&self.buffer[..gone]);
            }
            self.buffer.copy_within(gone..filled, 0);
            before += to_u64(gone);
            from = until - gone;
            filled -= gone;
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It held other people's secrets.
        zeroize::Zeroize::zeroize(&mut self.buffer);
    }
}

/// Looks through a text that is in memory as a whole.
pub(crate) fn look(text: &[u8], matcher: &Matcher, found: &mut dyn FnMut(Met, u64)) {
    let window = Window {
        text,
        from: 0,
        last: true,
    };
    let mut counter = Counter::default();
    matcher.find(window, &mut Deep::default(), &mut |met| {
        let line = counter.before(text, met.at()) + 1;
        found(met, line);
    });
}

/// Counts the lines before places that mostly ascend, each line once: a text may be nothing but matches.
#[derive(Default)]
struct Counter {
    lines: u64,
    at: usize,
}

impl Counter {
    fn before(&mut self, text: &[u8], at: usize) -> u64 {
        // Matches of the two searches come one after the other, so they may go back.
        if at < self.at {
            *self = Self::default();
        }
        self.lines += count(&text[self.at..at]);
        self.at = at;
        self.lines
    }
}

/// How many lines end in the text.
pub(crate) fn count(text: &[u8]) -> u64 {
    to_u64(memchr::memchr_iter(b'\n', text).count())
}

fn to_u64(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

// The window moves on only if what is kept leaves room.
const _: () = assert!(BEHIND + AHEAD < BUFFER_BYTES / 2);

#[cfg(test)]
mod tests;
