//! The members of an archive as packages of Debian and libraries are: a line of 60 characters before each.

use std::io::{self, Read};

use super::forward::Forward;

/// What stands before the first member, and before each.
const MAGIC_BYTES: u64 = 8;
const HEAD_BYTES: usize = 60;

/// The members of an archive.
pub(crate) struct Members<'text> {
    text: &'text mut dyn Forward,
    /// What is left of the content of the last one, and of the byte that makes it even.
    left: u64,
    padding: u64,
    is_begun: bool,
}

impl<'text> Members<'text> {
    pub(crate) fn new(text: &'text mut dyn Forward) -> Self {
        Self {
            text,
            left: 0,
            padding: 0,
            is_begun: false,
        }
    }

    /// The name of the next member; `None` at the end.
    ///
    /// # Errors
    /// When it is damaged, or can't be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<String>> {
        let before = if self.is_begun { 0 } else { MAGIC_BYTES };
        self.is_begun = true;
        self.text.skip(before + self.left + self.padding)?;
        let mut head = Vec::with_capacity(HEAD_BYTES);
        (&mut *self.text)
            .take(HEAD_BYTES as u64)
            .read_to_end(&mut head)?;
        if head.is_empty() {
            return Ok(None);
        }
        if head.len() < HEAD_BYTES || !head.ends_with(b"`\n") {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let size = str::from_utf8(&head[48..58]).ok();
        let size = size.and_then(|size| size.trim().parse().ok());
        self.left = size.ok_or(io::ErrorKind::InvalidData)?;
        self.padding = self.left % 2;
        let name = String::from_utf8_lossy(&head[..16]);
        Ok(Some(name.trim_end().trim_end_matches('/').to_owned()))
    }

    /// The content of the last member, or what is left of it.
    pub(crate) fn content(&mut self) -> impl Read + use<'_, 'text> {
        Content { members: self }
    }
}

/// The content of a member.
struct Content<'members, 'text> {
    members: &'members mut Members<'text>,
}

impl Read for Content<'_, '_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.members.left).unwrap_or(usize::MAX);
        let most = left.min(room.len());
        if most == 0 {
            return Ok(0);
        }
        let more = self.members.text.read(&mut room[..most])?;
        if more == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.members.left -= more as u64;
        Ok(more)
    }
}
