//! What a file or a member is, told by how it begins or ends and never by its name.

use std::borrow::Cow;

use memchr::memmem;

use super::{log, lz4, sqlite, table};

/// A container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One text, packed.
    Packed(Packer),
    Zip,
    SevenZip,
    Tar,
    Ar,
    Cpio,
    Rpm,
    Pdf,
    /// A database of SQLite, or the write-ahead log of one. It can be read as it is, but for values that are cut.
    Sqlite,
    /// A table of `LevelDB`. It can be read as it is, but for blocks that are packed.
    Table,
    /// A log of `LevelDB`. It can be read as it is, but for records that are cut.
    Log,
    /// One that is not opened here, with what it is called.
    Closed(&'static str),
}

/// A way of packing one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packer {
    Gzip,
    Xz,
    Zstd,
    Bzip2,
    Lzma,
    Lzip,
    Lz4,
    /// As Firefox keeps its sessions.
    MozillaLz4,
    Snappy,
}

impl Kind {
    /// Whether most of what is in it stands there as it is: it is looked through so besides.
    pub(crate) fn is_plain(self) -> bool {
        matches!(self, Self::Sqlite | Self::Table | Self::Log)
    }
}

/// As much of the beginning as tells what it is.
pub(crate) const HEAD_BYTES: usize = 512;

/// As much of the end as tells it of most files, and of those that may have an archive behind something else.
const TAIL_BYTES: usize = 512;
const LONG_TAIL_BYTES: usize = ZIP_END_BYTES + 0xffff;

/// The end of a zip's table of contents, when no comment follows.
const ZIP_END_BYTES: usize = 22;
const ZIP_END: &[u8] = b"PK\x05\x06";

/// How a gzip begins whose text was packed with no name, or with one.
const GZIP: &[u8] = b"\x1f\x8b\x08";

/// What a database says of itself that is a repository of Fossil.
const FOSSIL: [u8; 4] = [0x0f, 0x05, 0x51, 0x12];

/// A bundle of git, which `git` opens where it is a file.
pub(crate) const BUNDLE: &str = "bundle of git";

/// Beginnings of what is not opened here.
const CLOSED: &[(&[u8], &str)] = &[
    (b"Rar!\x1a\x07", "rar"),
    (b"hsqs", "squashfs"),
    (b"sqsh", "squashfs"),
    (b"MSCF\0\0\0\0", "cabinet"),
    (b"\x89LZO\0\x0d\x0a\x1a\x0a", "lzop"),
    (b"\x1f\x9d", "compress"),
    (b"MSWIM\0\0\0", "image of Windows"),
    (b"ITSF\x03\0\0\0", "compiled help"),
    (b"\x60\xea", "arj"),
    (b"StuffIt", "StuffIt"),
    (b"SIT!", "StuffIt"),
    (b"QFI\xfb", "disk of a virtual machine"),
    (b"KDMV", "disk of a virtual machine"),
    (b"vhdxfile", "disk of a virtual machine"),
    (b"BORG_SEG", "backup of borg"),
    (b"PAR1", "parquet"),
    (b"xar!", "xar"),
    (b"# v2 git bundle", BUNDLE),
    (b"# v3 git bundle", BUNDLE),
    (b"7kSt", "zpaq"),
    (b"zPQ\x01", "zpaq"),
    (b"\xe2\xe1\xf5\xe0", "erofs"),
];

/// What a text is, if it is a container, and where that begins; `None` where only its end tells. The whole text or its
/// beginning is given; of its end, as many bytes as are asked for.
pub(crate) fn container<'text>(
    text: &[u8],
    tail: &dyn Fn(usize) -> Cow<'text, [u8]>,
) -> Option<(Kind, Option<usize>)> {
    let head = &text[..text.len().min(HEAD_BYTES)];
    let by_head = kind(head);
    // A table may begin with a block that is packed.
    let may_be_table = by_head == Some(Kind::Packed(Packer::Zstd));
    if let Some(kind) = by_head.filter(|_| !may_be_table) {
        return Some((kind, Some(0)));
    }
    let may_be_long = may_have_something_behind(head);
    let wanted = if may_be_long {
        LONG_TAIL_BYTES
    } else {
        TAIL_BYTES
    };
    let by_tail = kind_by_tail(head, &tail(wanted));
    if let Some(kind) = by_head.filter(|_| by_tail != Some(Kind::Table)) {
        return Some((kind, Some(0)));
    }
    if let Some(kind) = by_tail {
        return Some((kind, None));
    }
    let from = behind_a_script(text).filter(|_| may_be_long)?;
    Some((kind(&text[from..])?, Some(from)))
}

/// What a file with this beginning is, if it is a container.
pub(crate) fn kind(head: &[u8]) -> Option<Kind> {
    match head {
        [0x1f, 0x8b, 8, ..] => Some(Kind::Packed(Packer::Gzip)),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 7, 8, b'P', b'K', 3, 4, ..] => Some(Kind::Zip),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Kind::Packed(Packer::Xz)),
        // A frame that is skipped stands before some of them.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
            Some(Kind::Packed(Packer::Zstd))
        }
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] => Some(Kind::Packed(Packer::Bzip2)),
        [b'L', b'Z', b'I', b'P', 0 | 1, ..] => Some(Kind::Packed(Packer::Lzip)),
        [0x04, 0x22, 0x4d, 0x18, ..] | [0x02, 0x21, 0x4c, 0x18, ..] => {
            Some(Kind::Packed(Packer::Lz4))
        }
        [b'm', b'o', b'z', ..] if head.starts_with(lz4::MOZILLA) => {
            Some(Kind::Packed(Packer::MozillaLz4))
        }
        [0xff, 0x06, 0, 0, b's', b'N', b'a', b'P', b'p', b'Y', ..] => {
            Some(Kind::Packed(Packer::Snappy))
        }
        [0x5d, 0, 0, ..] if is_lzma(head) => Some(Kind::Packed(Packer::Lzma)),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some(Kind::SevenZip),
        [b'!', b'<', b'a', b'r', b'c', b'h', b'>', b'\n', ..] => Some(Kind::Ar),
        [b'0', b'7', b'0', b'7', b'0', b'1' | b'2', ..] => Some(Kind::Cpio),
        [0xed, 0xab, 0xee, 0xdb, ..] => Some(Kind::Rpm),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(Kind::Pdf),
        [b'S', b'Q', b'L', b'i', ..] if head.get(68..72) == Some(&FOSSIL) => {
            Some(Kind::Closed("repository of Fossil"))
        }
        _ if head.starts_with(sqlite::DATABASE) => Some(Kind::Sqlite),
        [0x37, 0x7f, 6, 0x82 | 0x83, ..] => Some(Kind::Sqlite),
        [0x7f, b'E', b'L', b'F', ..] if head.get(8..10) == Some(b"AI") => {
            Some(Kind::Closed("AppImage"))
        }
        _ if head.get(257..262) == Some(b"ustar") => Some(Kind::Tar),
        _ if log::is_log(head) => Some(Kind::Log),
        _ if head.get(7..14) == Some(b"**ACE**") => Some(Kind::Closed("ace")),
        _ => closed(head),
    }
}

fn closed(head: &[u8]) -> Option<Kind> {
    // Few texts begin with any of these bytes, so most files are asked nothing more.
    const FIRST: [bool; 256] = {
        let mut table = [false; 256];
        let mut at = 0;
        while at < CLOSED.len() {
            table[CLOSED[at].0[0] as usize] = true;
            at += 1;
        }
        table
    };
    let first = head.first()?;
    if !FIRST[usize::from(*first)] {
        return None;
    }
    let known = CLOSED.iter().find(|(begin, _)| head.starts_with(begin));
    known.map(|(_, name)| Kind::Closed(name))
}

/// The settings of a text packed by lzma alone, the size of its dictionary and its own.
fn is_lzma(head: &[u8]) -> bool {
    let field = |at: usize| head.get(at..)?.first_chunk::<4>().copied();
    let (Some(dictionary), Some(size)) = (
        field(1).map(u32::from_le_bytes),
        head.get(5..)
            .and_then(|text| text.first_chunk::<8>())
            .map(|size| u64::from_le_bytes(*size)),
    ) else {
        return false;
    };
    let is_usual = dictionary.is_power_of_two() || (dictionary / 3 * 2).is_power_of_two();
    is_usual && (size == u64::MAX || size < 1 << 40) && head.get(13) == Some(&0)
}

/// Whether an archive may stand behind what the file begins with: a script, or a program.
fn may_have_something_behind(head: &[u8]) -> bool {
    matches!(
        head,
        [b'#', b'!', ..]
            | [b'M', b'Z', ..]
            | [0x7f, b'E', b'L', b'F', ..]
            | [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..]
            | [0xca, 0xfe, 0xba, 0xbe, ..]
    )
}

/// What a file that ends like this is.
fn kind_by_tail(head: &[u8], tail: &[u8]) -> Option<Kind> {
    let end = tail.len().checked_sub(ZIP_END_BYTES);
    let is_zip = end.is_some_and(|end| tail[end..].starts_with(ZIP_END))
        || may_have_something_behind(head) && memmem::rfind(tail, ZIP_END).is_some();
    if is_zip {
        return Some(Kind::Zip);
    }
    if tail.ends_with(table::MAGIC) {
        return Some(Kind::Table);
    }
    let trailer = tail.last_chunk::<TAIL_BYTES>()?;
    trailer
        .starts_with(b"koly\0\0\0\x04")
        .then_some(Kind::Closed("disk image of a Mac"))
}

/// Where in a script the text begins that is packed behind it.
fn behind_a_script(text: &[u8]) -> Option<usize> {
    if !text.starts_with(b"#!") {
        return None;
    }
    let starts = memmem::find_iter(text, GZIP);
    let mut starts = starts.filter(|start| text[start - 1] == b'\n');
    starts.find(|start| text.get(start + 3).is_some_and(|flags| *flags < 0x20))
}

#[cfg(test)]
mod tests {
    use super::{Kind, Packer, kind, kind_by_tail};

    #[test]
    fn containers_are_told_by_their_beginning() {
        assert_eq!(kind(&[0x1f, 0x8b, 8, 0]), Some(Kind::Packed(Packer::Gzip)));
        assert_eq!(kind(b"PK\x03\x04"), Some(Kind::Zip));
        assert_eq!(kind(b"BZh91AY&SY"), Some(Kind::Packed(Packer::Bzip2)));
        assert_eq!(kind(b"Rar!\x1a\x07\x01\x00"), Some(Kind::Closed("rar")));
        for text in [b"PK".as_slice(), b"", b"#!/bin/sh\n", b"7 zebras", b"]\0\0"] {
            assert_eq!(kind(text), None, "{text:?}");
        }
        let mut header = vec![0; 512];
        header[257..262].copy_from_slice(b"ustar");
        assert_eq!(kind(&header), Some(Kind::Tar));
    }

    #[test]
    fn a_zip_is_told_by_its_end_and_behind_a_program_whatever_follows() {
        let mut end = b"PK\x05\x06".to_vec();
        end.resize(22, 0);
        assert_eq!(kind_by_tail(b"text", &end), Some(Kind::Zip));
        end.extend(b"a comment");
        assert_eq!(kind_by_tail(b"#!/bin/sh", &end), Some(Kind::Zip));
        assert_eq!(kind_by_tail(b"text", &end), None);
    }
}
