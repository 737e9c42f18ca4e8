//! The members of a zip, by its table of contents, which is read a part at a time: a table of millions of members is
//! never in memory. What a member says of its size unpacked decides nothing.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;

use super::kinds::Packer;
use super::packed;

/// How much of the table of contents is read at once: more than the longest entry, whose three texts have up to
/// 65,535 bytes each.
const BUFFER_BYTES: usize = 256 * 1024;

/// The fixed part of an entry of the table, of the head of a member, and of the end of the table.
const ENTRY_BYTES: usize = 46;
const MEMBER_HEADER_BYTES: usize = 30;
const END_BYTES: usize = 22;

/// The end of the table for what is larger than 4 GiB, and what points to it.
const ZIP64_END_BYTES: usize = 56;
const ZIP64_LOCATOR_BYTES: usize = 20;

/// Ways in which a member may be packed.
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const BZIP2: u16 = 12;
const LZMA: u16 = 14;
const ZSTD: u16 = 93;
const XZ: u16 = 95;

/// A member of a zip.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) is_encrypted: bool,
    method: u16,
    packed: u64,
    /// Where its head begins in the file.
    at: u64,
}

impl Member {
    /// Whether to unpack it may take so much memory that one thread at a time does it.
    pub(crate) fn is_large(&self) -> bool {
        matches!(self.method, LZMA | XZ)
    }

    /// Its content, unpacked.
    ///
    /// # Errors
    /// When there is no head of a member where it should be, or it is packed in a way that is unknown here.
    pub(crate) fn open<'file, F: Read + Seek>(
        &self,
        file: &'file mut F,
    ) -> io::Result<Box<dyn Read + 'file>> {
        file.seek(SeekFrom::Start(self.at))?;
        let mut head = [0; MEMBER_HEADER_BYTES];
        file.read_exact(&mut head)?;
        if !head.starts_with(b"PK\x03\x04") {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let texts = i64::from(short(&head, 26)) + i64::from(short(&head, 28));
        file.seek_relative(texts)?;
        let packed = file.take(self.packed);
        match self.method {
            STORED => Ok(Box::new(packed)),
            DEFLATED => Ok(Box::new(DeflateDecoder::new(packed))),
            BZIP2 => Packer::Bzip2.unpacked(packed),
            LZMA => packed::lzma_of_zip(packed),
            ZSTD => Packer::Zstd.unpacked(packed),
            XZ => Packer::Xz.unpacked(packed),
            _ => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

/// The table of contents of a zip.
#[derive(Debug)]
pub(crate) struct Directory {
    at: u64,
    until: u64,
    /// What stands in the file before the zip begins.
    before: u64,
}

impl Directory {
    /// Finds the table.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn open(file: &mut (impl Read + Seek)) -> io::Result<Self> {
        let size = file.seek(SeekFrom::End(0))?;
        // A comment of up to 65,535 bytes may follow.
        let span = size.min(END_BYTES as u64 + 0xffff + ZIP64_LOCATOR_BYTES as u64);
        file.seek(SeekFrom::Start(size - span))?;
        let mut tail = Vec::new();
        file.take(span).read_to_end(&mut tail)?;
        let end = memchr::memmem::rfind(&tail, b"PK\x05\x06")
            .filter(|end| end + END_BYTES <= tail.len())
            .ok_or(io::ErrorKind::InvalidData)?;
        let record = &tail[end..];
        let (mut length, mut from) = (u64::from(long(record, 12)), u64::from(long(record, 16)));
        let mut end_at = size - span + end as u64;
        let locator = end
            .checked_sub(ZIP64_LOCATOR_BYTES)
            .map(|at| &tail[at..end]);
        if let Some(locator) = locator
            && locator.starts_with(b"PK\x06\x07")
        {
            let large = end_at
                .checked_sub((ZIP64_LOCATOR_BYTES + ZIP64_END_BYTES) as u64)
                .ok_or(io::ErrorKind::InvalidData)?;
            // Where it says, or directly before: something may stand before the zip.
            for at in [huge(locator, 8), large] {
                let mut record = [0; ZIP64_END_BYTES];
                if at > large || file.seek(SeekFrom::Start(at)).is_err() {
                    continue;
                }
                if file.read_exact(&mut record).is_ok() && record.starts_with(b"PK\x06\x06") {
                    (length, from) = (huge(&record, 40), huge(&record, 48));
                    end_at = at;
                    break;
                }
            }
        }
        let at = end_at
            .checked_sub(length)
            .ok_or(io::ErrorKind::InvalidData)?;
        let before = at.checked_sub(from).ok_or(io::ErrorKind::InvalidData)?;
        Ok(Self {
            at,
            until: end_at,
            before,
        })
    }

    /// The next files of the table; none when there are no more.
    ///
    /// # Errors
    /// When the table is damaged, or can't be read.
    pub(crate) fn part(&mut self, file: &mut (impl Read + Seek)) -> io::Result<Vec<Member>> {
        let mut members = Vec::new();
        while members.is_empty() && self.at < self.until {
            file.seek(SeekFrom::Start(self.at))?;
            let most = (self.until - self.at).min(BUFFER_BYTES as u64);
            let mut room = Vec::with_capacity(BUFFER_BYTES);
            file.take(most).read_to_end(&mut room)?;
            let mut rest = room.as_slice();
            while let Some((member, after)) = entry(rest, self.before)? {
                members.extend(member);
                rest = after;
            }
            let read = room.len() - rest.len();
            if read == 0 {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.at += read as u64;
        }
        Ok(members)
    }
}

/// What stands at the front of a part of the table, if it is there as a whole: a member (none for a folder), and what
/// follows.
#[allow(clippy::type_complexity, reason = "a parser's step")]
fn entry(text: &[u8], before: u64) -> io::Result<Option<(Option<Member>, &[u8])>> {
    let Some((fixed, rest)) = text.split_at_checked(ENTRY_BYTES) else {
        return Ok(None);
    };
    if !fixed.starts_with(b"PK\x01\x02") {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let [name, extra, comment] = [28, 30, 32].map(|at| usize::from(short(fixed, at)));
    let Some((texts, rest)) = rest.split_at_checked(name + extra + comment) else {
        return Ok(None);
    };
    let (name, texts) = texts.split_at(name);
    let large = large(&texts[..extra], fixed);
    let is_folder = matches!(name.last(), Some(b'/' | b'\\'));
    let member = Member {
        name: String::from_utf8_lossy(name).into_owned(),
        is_encrypted: short(fixed, 8) & 1 != 0,
        method: short(fixed, 10),
        packed: large.packed,
        at: before.saturating_add(large.at),
    };
    Ok(Some(((!is_folder).then_some(member), rest)))
}

/// Numbers that may be too large for their fields.
struct Large {
    packed: u64,
    at: u64,
}

fn large(mut extra: &[u8], fixed: &[u8]) -> Large {
    const HUGE: u16 = 1;
    let mut large = Large {
        packed: long(fixed, 20).into(),
        at: long(fixed, 42).into(),
    };
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let length = usize::from(short(head, 2)).min(rest.len());
        let (mut field, rest) = rest.split_at(length);
        if short(head, 0) == HUGE {
            // Only those that are too large are there, in this order.
            let mut next = |written: u32| {
                let (number, rest) = (written == u32::MAX)
                    .then(|| field.split_at_checked(8))
                    .flatten()?;
                field = rest;
                Some(huge(number, 0))
            };
            let _unpacked = next(long(fixed, 24));
            large.packed = next(long(fixed, 20)).unwrap_or(large.packed);
            large.at = next(long(fixed, 42)).unwrap_or(large.at);
        }
        extra = rest;
    }
    large
}

/// Numbers of two, four and eight bytes, the lowest first; 0 where the text is too short, which callers rule out.
fn short(text: &[u8], at: usize) -> u16 {
    field(text, at).map_or(0, u16::from_le_bytes)
}

fn long(text: &[u8], at: usize) -> u32 {
    field(text, at).map_or(0, u32::from_le_bytes)
}

fn huge(text: &[u8], at: usize) -> u64 {
    field(text, at).map_or(0, u64::from_le_bytes)
}

fn field<const SIZE: usize>(text: &[u8], at: usize) -> Option<[u8; SIZE]> {
    text.get(at..)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read, Write};

    use zip::CompressionMethod::{Deflated, Stored};
    use zip::write::SimpleFileOptions;

    use super::Directory;

    fn written(count: usize, large: bool) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for number in 0..count {
            let method = if number % 2 == 0 { Deflated } else { Stored };
            let options = SimpleFileOptions::default()
                .compression_method(method)
                .large_file(large);
            archive.start_file(format!("f/{number}"), options).unwrap();
            archive
                .write_all(format!("text {number}").as_bytes())
                .unwrap();
        }
        archive
            .add_directory("folder", SimpleFileOptions::default())
            .unwrap();
        archive.set_comment("a comment").unwrap();
        archive.finish().unwrap().into_inner()
    }

    fn all(text: &[u8]) -> std::io::Result<Vec<(String, String)>> {
        let mut file = Cursor::new(text);
        let mut directory = Directory::open(&mut file)?;
        let mut found = Vec::new();
        loop {
            let part = directory.part(&mut file)?;
            if part.is_empty() {
                return Ok(found);
            }
            for member in part {
                let mut content = String::new();
                member.open(&mut file)?.read_to_string(&mut content)?;
                found.push((member.name, content));
            }
        }
    }

    #[test]
    fn members_are_found_whatever_stands_before_and_however_many_there_are() {
        for (count, large) in [(0, false), (3, false), (3, true), (5000, false)] {
            let expected: Vec<_> = (0..count)
                .map(|number| (format!("f/{number}"), format!("text {number}")))
                .collect();
            let text = written(count, large);
            assert_eq!(all(&text).unwrap(), expected);
            let text = [b"#!/bin/sh".as_slice(), &text].concat();
            assert_eq!(all(&text).unwrap(), expected);
        }
    }

    #[test]
    fn more_than_two_bytes_can_count_are_found() {
        let text = written(70_000, false);
        assert_eq!(all(&text).unwrap().len(), 70_000);
    }

    #[test]
    fn a_table_that_is_not_there_is_an_error() {
        let text = written(3, false);
        for size in 0..text.len() - 9 {
            assert!(all(&text[..size]).is_err(), "cut at {size}");
        }
    }
}
