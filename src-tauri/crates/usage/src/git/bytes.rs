//! Bytes that are read at places: a file, or memory in tests. Never mapped: a file that is cut while it is mapped takes
//! the process with it, and reading costs a few percent at most.

use std::fs::File;
use std::io;

use crate::disk::{self, Opened, Refusal};

/// Something that can be read at any place, by several threads.
pub(crate) trait Bytes: Sync {
    /// How many bytes it has, as far as was known at the beginning.
    fn size(&self) -> u64;

    /// Reads at a place; less than the room only at the end.
    ///
    /// # Errors
    /// What the system says.
    fn read_at(&self, room: &mut [u8], at: u64) -> io::Result<usize>;

    /// Fills the room from a place on.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] when there is not so much, or what the system says.
    fn read_all_at(&self, room: &mut [u8], at: u64) -> io::Result<()> {
        if self.read_at(room, at)? == room.len() {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

/// A file of a store.
#[derive(Debug)]
pub(crate) struct Stored {
    file: File,
    size: u64,
}

impl Stored {
    /// A file that was of this size when it was opened.
    pub(super) fn new(file: File, size: u64) -> Self {
        Self { file, size }
    }

    /// All of it, up to `most` bytes.
    ///
    /// # Errors
    /// When there is more by now, or it can't be read.
    pub(super) fn whole(self, most: u64) -> Result<Vec<u8>, Refusal> {
        disk::whole(self.file, most)
    }
}

impl From<Opened> for Stored {
    fn from(opened: Opened) -> Self {
        Self {
            file: opened.file,
            size: opened.size,
        }
    }
}

impl Bytes for Stored {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, room: &mut [u8], at: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < room.len() {
            let place = at.saturating_add(filled as u64);
            match disk::read_at(&self.file, &mut room[filled..], place) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

/// What follows a place in something else.
#[derive(Debug)]
pub(super) struct Behind<B> {
    whole: B,
    start: u64,
}

impl<B: Bytes> Behind<B> {
    pub(super) fn new(whole: B, start: u64) -> Self {
        Self { whole, start }
    }
}

impl<B: Bytes> Bytes for Behind<B> {
    fn size(&self) -> u64 {
        self.whole.size().saturating_sub(self.start)
    }

    fn read_at(&self, room: &mut [u8], at: u64) -> io::Result<usize> {
        self.whole.read_at(room, at.saturating_add(self.start))
    }
}

impl Bytes for &[u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, room: &mut [u8], at: u64) -> io::Result<usize> {
        let rest = usize::try_from(at).ok().and_then(|at| self.get(at..));
        let rest = rest.unwrap_or_default();
        let size = rest.len().min(room.len());
        room[..size].copy_from_slice(&rest[..size]);
        Ok(size)
    }
}
