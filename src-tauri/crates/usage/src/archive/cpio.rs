//! The members of a cpio in the form that packages of Red Hat and the first disk of Linux have.

use std::io::{self, Read};

use super::forward::Forward;

/// The head of a member: 13 numbers of 8 hexadecimal digits behind six characters.
const HEAD_BYTES: usize = 110;
const SIZE: usize = 6 + 6 * 8;
const NAME_SIZE: usize = 6 + 11 * 8;

/// The longest name that is read. Systems allow paths of 4096 bytes.
const MAX_NAME_BYTES: u64 = 64 << 10;

/// How the last member is called, which is none.
const END: &str = "TRAILER!!!";

/// The members of a cpio.
pub(crate) struct Members<'text> {
    text: &'text mut dyn Forward,
    /// What is left of the content of the last one, and of the word that it ends in.
    left: u64,
    padding: u64,
}

impl<'text> Members<'text> {
    pub(crate) fn new(text: &'text mut dyn Forward) -> Self {
        Self {
            text,
            left: 0,
            padding: 0,
        }
    }

    /// The name of the next member; `None` at the end.
    ///
    /// # Errors
    /// When it is damaged, or can't be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<String>> {
        self.text.skip(self.left.saturating_add(self.padding))?;
        let mut head = [0; HEAD_BYTES];
        self.text.read_exact(&mut head)?;
        if !matches!(head, [b'0', b'7', b'0', b'7', b'0', b'1' | b'2', ..]) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let number = |at: usize| {
            let digits = str::from_utf8(&head[at..at + 8]).ok();
            let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
            number.map(u64::from).ok_or(io::ErrorKind::InvalidData)
        };
        let (size, length) = (number(SIZE)?, number(NAME_SIZE)?);
        if length > MAX_NAME_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut name = Vec::new();
        (&mut *self.text).take(length).read_to_end(&mut name)?;
        self.text.skip(padding(HEAD_BYTES as u64 + length))?;
        (self.left, self.padding) = (size, padding(size));
        let name = String::from_utf8_lossy(&name);
        let name = name.trim_end_matches('\0');
        Ok((name != END).then(|| name.to_owned()))
    }

    /// The content of the last member, or what is left of it.
    pub(crate) fn content(&mut self) -> impl Read + use<'_, 'text> {
        Content { members: self }
    }

    /// What stands behind the last member.
    pub(crate) fn rest(self) -> &'text mut dyn Forward {
        self.text
    }
}

/// What fills up the last word.
fn padding(size: u64) -> u64 {
    size.wrapping_neg() % 4
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
