//! A text that is read from its beginning to its end, parts of it skipped.

use std::io::{self, BufReader, Read, Seek};

/// A text to which one can only go forward.
pub(crate) trait Forward: Read {
    /// Leaves out so many bytes.
    ///
    /// # Errors
    /// What the text says; none when it ends before.
    fn skip(&mut self, mut bytes: u64) -> io::Result<()> {
        let mut room = [0; 4096];
        while bytes > 0 {
            let most = usize::try_from(bytes).map_or(room.len(), |bytes| bytes.min(room.len()));
            match self.read(&mut room[..most]) {
                Ok(0) => return Ok(()),
                Ok(more) => bytes -= more as u64,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl<F: Read + Seek> Forward for BufReader<F> {
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        // A file may say that it has exabytes, and be nothing but a hole.
        let bytes = i64::try_from(bytes).map_err(|_| io::ErrorKind::InvalidData)?;
        self.seek_relative(bytes)
    }
}

impl Forward for io::Cursor<&[u8]> {}
