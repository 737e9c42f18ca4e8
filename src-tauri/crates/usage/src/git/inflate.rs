//! Unpacks one object from its place, a piece of its packed bytes at a time.

use flate2::{Decompress, FlushDecompress, Status};

use super::bytes::Bytes;

/// How much packed text is read at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// No packed byte becomes more than so many: the longest repetition is 258 bytes long and takes two bits.
const MAX_RATIO: u64 = 1032;

/// How much is read at least: entries that are made from each other mostly lie side by side, and are smaller.
const MIN_READ_BYTES: usize = 8 * 1024;

/// Why an object can't be looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It is damaged, or larger than this search reads.
    Damaged,
    /// There is nothing left to pay for it, or no memory.
    Budget,
}

/// Whether so many packed bytes can become as many as they are said to.
pub(super) fn is_possible(packed: u64, size: u64) -> bool {
    size <= packed.saturating_mul(MAX_RATIO)
}

/// From this size on no more memory is taken than is needed; below it, some more saves taking it again for the next.
const LARGE_BYTES: usize = 1 << 20;

/// Takes memory for `size` bytes and one more, so that the end of the stream is seen even when they fill the room.
///
/// # Errors
/// [`Failure::Budget`] when there is none.
pub(super) fn reserve(text: &mut Vec<u8>, size: u64) -> Result<(), Failure> {
    let size = usize::try_from(size).map_err(|_| Failure::Budget)?;
    text.clear();
    let reserved = if size < LARGE_BYTES {
        text.try_reserve(size + 1)
    } else {
        text.try_reserve_exact(size.saturating_add(1))
    };
    reserved.map_err(|_| Failure::Budget)
}

/// Used again for every object.
pub(super) struct Inflater {
    inflate: Decompress,
    packed: Vec<u8>,
    /// Where in the pack that begins, and how much of it has been read.
    start: u64,
    filled: usize,
    /// Which part of it is the piece at hand.
    from: usize,
    until: usize,
}

impl Inflater {
    pub(super) fn new() -> Self {
        Self {
            inflate: Decompress::new(true),
            packed: vec![0; BUFFER_BYTES],
            start: 0,
            filled: 0,
            from: 0,
            until: 0,
        }
    }

    /// Reads the first piece of what lies between two places.
    ///
    /// # Errors
    /// [`Failure::Damaged`] when it can't be read.
    pub(super) fn load<B: Bytes>(
        &mut self,
        bytes: &B,
        from: u64,
        until: u64,
    ) -> Result<&[u8], Failure> {
        let rest = until.checked_sub(from).ok_or(Failure::Damaged)?;
        let rest = usize::try_from(rest)
            .unwrap_or(BUFFER_BYTES)
            .min(BUFFER_BYTES);
        let at_hand = from
            .checked_sub(self.start)
            .and_then(|at| usize::try_from(at).ok())
            .filter(|at| at.saturating_add(rest) <= self.filled);
        self.from = if let Some(at) = at_hand {
            at
        } else {
            let room = &mut self.packed[..rest.max(MIN_READ_BYTES)];
            // Nothing is at hand should this fail.
            self.filled = 0;
            self.filled = bytes.read_at(room, from).map_err(|_| Failure::Damaged)?;
            self.start = from;
            0
        };
        self.until = self.filled.min(self.from + rest);
        Ok(&self.packed[self.from..self.until])
    }

    /// Unpacks what was loaded without its `header`, and what follows up to a place, to exactly this size.
    ///
    /// # Errors
    /// [`Failure::Damaged`] when it is anything else.
    pub(super) fn unpack<B: Bytes>(
        &mut self,
        bytes: &B,
        header: usize,
        until: u64,
        size: u64,
        text: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        let from = self.start.saturating_add((self.from + header) as u64);
        // No memory is taken for a size that the bytes can't have.
        if !is_possible(until.saturating_sub(from), size) {
            return Err(Failure::Damaged);
        }
        reserve(text, size)?;
        self.run(bytes, header, until, size, text, true).map(drop)
    }

    /// The same, without keeping anything: where what is packed ends.
    ///
    /// # Errors
    /// [`Failure::Damaged`] when it is not of this size.
    pub(super) fn measure<B: Bytes>(
        &mut self,
        bytes: &B,
        header: usize,
        until: u64,
        size: u64,
    ) -> Result<u64, Failure> {
        let mut room = Vec::with_capacity(BUFFER_BYTES);
        self.run(bytes, header, until, size, &mut room, false)
    }

    /// Unpacks into the room that `text` has, which begins anew when it is full and nothing is to be kept. Says where what
    /// is packed ends.
    fn run<B: Bytes>(
        &mut self,
        bytes: &B,
        header: usize,
        until: u64,
        size: u64,
        text: &mut Vec<u8>,
        is_kept: bool,
    ) -> Result<u64, Failure> {
        let mut from = self.from.saturating_add(header);
        self.inflate.reset(true);
        loop {
            // Cut short, or cut off while it was being read.
            let piece = self.packed.get(from..self.until);
            let mut piece = piece
                .filter(|piece| !piece.is_empty())
                .ok_or(Failure::Damaged)?;
            loop {
                if !is_kept {
                    text.clear();
                }
                let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
                let status = self
                    .inflate
                    .decompress_vec(piece, text, FlushDecompress::None)
                    .map_err(|_| Failure::Damaged)?;
                let read = usize::try_from(self.inflate.total_in() - read).unwrap_or(piece.len());
                piece = &piece[read..];
                let made = self.inflate.total_out();
                if status == Status::StreamEnd {
                    let end = self.start + (self.until - piece.len()) as u64;
                    return if made == size {
                        Ok(end)
                    } else {
                        Err(Failure::Damaged)
                    };
                }
                // Something may wait for room that was full.
                let is_full = text.len() == text.capacity();
                if piece.is_empty() && !is_full {
                    break;
                }
                let is_stuck = read == 0 && made == written;
                if is_stuck && piece.is_empty() {
                    break;
                }
                // Longer than it said, or stuck.
                if made > size || is_stuck {
                    return Err(Failure::Damaged);
                }
            }
            self.load(bytes, self.start + self.until as u64, until)?;
            from = self.from;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use rand::rngs::Xoshiro256PlusPlus;
    use rand::{Rng as _, SeedableRng as _};

    use super::{BUFFER_BYTES, Failure, Inflater};

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(text).unwrap();
        packed.finish().unwrap()
    }

    fn unpack(packed: &[u8], size: u64) -> Result<Vec<u8>, Failure> {
        let mut text = Vec::new();
        let until = packed.len() as u64;
        let mut inflater = Inflater::new();
        inflater.load(&packed, 0, until)?;
        inflater.unpack(&packed, 0, until, size, &mut text)?;
        Ok(text)
    }

    #[test]
    fn only_exactly_the_size_that_was_said_is_unpacked() {
        // Not compressible, so that it takes several pieces.
        let mut text = vec![0; 3 * BUFFER_BYTES];
        Xoshiro256PlusPlus::seed_from_u64(1).fill_bytes(&mut text);
        for text in [&text[..], b"", b"x"] {
            let packed = packed(text);
            let size = text.len() as u64;
            assert_eq!(unpack(&packed, size).unwrap(), text);
            assert_eq!(unpack(&packed, size + 1), Err(Failure::Damaged));
            if size > 0 {
                assert_eq!(unpack(&packed, size - 1), Err(Failure::Damaged));
            }
            assert_eq!(
                unpack(&packed[..packed.len() - 5], size),
                Err(Failure::Damaged)
            );
        }
    }

    #[test]
    fn memory_is_taken_only_for_a_size_that_is_possible() {
        let packed = packed(&vec![0; 1 << 20]);
        assert!(unpack(&packed, 1 << 20).is_ok());
        let mut text = Vec::new();
        let until = packed.len() as u64;
        let mut inflater = Inflater::new();
        inflater.load(&packed.as_slice(), 0, until).unwrap();
        let outcome = inflater.unpack(&packed.as_slice(), 0, until, 1 << 40, &mut text);
        assert_eq!(outcome, Err(Failure::Damaged));
        assert_eq!(text.capacity(), 0);
    }
}
