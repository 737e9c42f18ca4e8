//! The members of a tar, one after the other. Names that are longer than their field come as members of their own; such
//! a name may say that it has gigabytes, so only so much of it is read.

use std::io::{self, Read};

use super::forward::Forward;

/// Everything in a tar comes in blocks.
const BLOCK_BYTES: usize = 512;

/// The longest name that is read. Systems allow paths of 4096 bytes.
const MAX_NAME_BYTES: u64 = 64 << 10;

/// The longest list of properties of a member that is read.
const MAX_PROPERTIES_BYTES: u64 = 1 << 20;

/// How many blocks of names and lists may stand before one member.
const MAX_EXTENSION_BLOCKS: usize = 8;

/// A member of a tar.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// Whether it has content.
    pub(crate) is_file: bool,
    /// Whether its name, or what else is said of it, is longer than is read.
    pub(crate) is_cut: bool,
}

/// The members of a tar.
pub(crate) struct Members<'text> {
    text: &'text mut dyn Forward,
    /// What is left of the content of the last one, and of the block that it ends in.
    left: u64,
    padding: u64,
    /// A block that is no beginning of a member.
    odd: Vec<u8>,
}

impl<'text> Members<'text> {
    pub(crate) fn new(text: &'text mut dyn Forward) -> Self {
        Self {
            text,
            left: 0,
            padding: 0,
            odd: Vec::new(),
        }
    }

    /// The next member; `None` at the end.
    ///
    /// # Errors
    /// When it is damaged, or can't be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Member>> {
        let (mut long_name, mut size) = (None, None);
        let mut is_cut = false;
        for _ in 0..MAX_EXTENSION_BLOCKS {
            self.text.skip(self.left.saturating_add(self.padding))?;
            (self.left, self.padding) = (0, 0);
            let mut block = [0; BLOCK_BYTES];
            let filled = self.fill(&mut block)?;
            if filled == 0 || block.iter().all(|byte| *byte == 0) {
                return Ok(None);
            }
            if filled < BLOCK_BYTES || !is_header(&block) {
                self.odd.extend_from_slice(&block[..filled]);
                return Err(io::ErrorKind::InvalidData.into());
            }
            let kind = block[156];
            let written = number(&block[124..136]).ok_or(io::ErrorKind::InvalidData)?;
            let is_before = matches!(kind, b'L' | b'K' | b'x' | b'g');
            self.expect(if is_before {
                written
            } else {
                size.unwrap_or(written)
            });
            match kind {
                b'L' => {
                    let name = self.read(MAX_NAME_BYTES)?;
                    is_cut |= name.is_none();
                    let ends_at = |name: &Vec<u8>| memchr::memchr(0, name).unwrap_or(name.len());
                    long_name = name
                        .map(|name| lossy(&name[..ends_at(&name)]))
                        .or(long_name);
                }
                b'x' => match self.read(MAX_PROPERTIES_BYTES)? {
                    Some(list) => {
                        long_name = property(&list, b"path").map(lossy).or(long_name);
                        let told = property(&list, b"size").and_then(decimal);
                        size = told.or(size);
                    }
                    None => is_cut = true,
                },
                b'K' | b'g' => {}
                b'S' => {
                    self.sparse(&block)?;
                    return Ok(Some(self.member(&block, long_name, true, is_cut)));
                }
                _ => {
                    let is_file = matches!(kind, b'0' | 0 | b'7');
                    return Ok(Some(self.member(&block, long_name, is_file, is_cut)));
                }
            }
        }
        Err(io::ErrorKind::InvalidData.into())
    }

    fn member(
        &self,
        block: &[u8; BLOCK_BYTES],
        long_name: Option<String>,
        is_file: bool,
        is_cut: bool,
    ) -> Member {
        Member {
            name: long_name.unwrap_or_else(|| short_name(block)),
            is_file,
            is_cut,
        }
    }

    /// The content of the last member, or what is left of it.
    pub(crate) fn content(&mut self) -> impl Read + use<'_, 'text> {
        Content { members: self }
    }

    /// What stands behind the last member.
    pub(crate) fn rest(self) -> impl Read + use<'text> {
        io::Cursor::new(self.odd).chain(Plain(self.text))
    }

    fn expect(&mut self, size: u64) {
        self.left = size;
        self.padding = size.wrapping_neg() % BLOCK_BYTES as u64;
    }

    /// Reads the whole content; `None` when there is more than `most`.
    fn read(&mut self, most: u64) -> io::Result<Option<Vec<u8>>> {
        if self.left > most {
            return Ok(None);
        }
        let mut text = Vec::new();
        self.content().read_to_end(&mut text)?;
        Ok(Some(text))
    }

    /// Leaves out the blocks that say where the parts of a sparse member belong.
    fn sparse(&mut self, block: &[u8; BLOCK_BYTES]) -> io::Result<()> {
        let mut goes_on = block[482] != 0;
        while goes_on {
            let mut more = [0; BLOCK_BYTES];
            if self.fill(&mut more)? < BLOCK_BYTES {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            goes_on = more[504] != 0;
        }
        Ok(())
    }

    fn fill(&mut self, block: &mut [u8; BLOCK_BYTES]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < BLOCK_BYTES {
            match self.text.read(&mut block[filled..]) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
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

struct Plain<'text>(&'text mut dyn Forward);

impl Read for Plain<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.0.read(room)
    }
}

/// Whether the block has the checksum that the beginning of a member has. Old programs added the bytes with signs.
fn is_header(block: &[u8; BLOCK_BYTES]) -> bool {
    let Some(written) = number(&block[148..156]) else {
        return false;
    };
    let counted = |at: usize| {
        if (148..156).contains(&at) {
            b' '
        } else {
            block[at]
        }
    };
    let plain: u64 = (0..BLOCK_BYTES).map(|at| u64::from(counted(at))).sum();
    let signed: i64 = (0..BLOCK_BYTES)
        .map(|at| i64::from(i8::from_ne_bytes([counted(at)])))
        .sum();
    written == plain || i64::try_from(written) == Ok(signed)
}

/// A number in octal digits, or as it is when its first bit is set.
fn number(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        let mut number = u64::from(first & 0x7f);
        for byte in rest {
            number = number.checked_mul(256)?.checked_add(u64::from(*byte))?;
        }
        return Some(number);
    }
    let digits = field
        .iter()
        .skip_while(|byte| **byte == b' ')
        .take_while(|byte| !matches!(byte, b' ' | 0));
    let mut number = 0_u64;
    for digit in digits {
        let value = digit.checked_sub(b'0').filter(|value| *value < 8)?;
        number = number.checked_mul(8)?.checked_add(value.into())?;
    }
    Some(number)
}

fn decimal(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// The name as the block has it.
fn short_name(block: &[u8; BLOCK_BYTES]) -> String {
    let text = |field: &[u8]| {
        let end = memchr::memchr(0, field).unwrap_or(field.len());
        lossy(&field[..end])
    };
    let name = text(&block[..100]);
    // The other kind of them has something else in that place.
    let is_posix = &block[257..263] == b"ustar\0";
    match text(&block[345..500]) {
        prefix if is_posix && !prefix.is_empty() => format!("{prefix}/{name}"),
        _ => name,
    }
}

/// A property from a list of lines such as `30 path=a/name\n`, each with its own length in front.
fn property<'list>(mut list: &'list [u8], name: &[u8]) -> Option<&'list [u8]> {
    let mut found = None;
    while let Some((line, rest)) = line(list) {
        let value = line.strip_prefix(name);
        found = value.and_then(|rest| rest.strip_prefix(b"=")).or(found);
        list = rest;
    }
    found
}

/// The first line of such a list without its length, and what follows.
fn line(list: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = memchr::memchr(b' ', &list[..list.len().min(20)])?;
    let length = usize::try_from(decimal(&list[..space])?).ok()?;
    let line = list.get(space + 1..length)?.strip_suffix(b"\n")?;
    Some((line, &list[length..]))
}

fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor, Read};

    use super::{Members, number, property};

    type Files = Vec<(String, Vec<u8>)>;

    /// Names and contents of all files; whether it came to its end; what stands behind.
    fn all(text: &[u8]) -> (Files, bool, Vec<u8>) {
        let mut text = BufReader::new(Cursor::new(text));
        let mut members = Members::new(&mut text);
        let mut found = Vec::new();
        let is_whole = loop {
            match members.next() {
                Ok(Some(member)) if member.is_file => {
                    let mut content = Vec::new();
                    if members.content().read_to_end(&mut content).is_err() {
                        break false;
                    }
                    found.push((member.name, content));
                }
                Ok(Some(_)) => {}
                Ok(None) => break true,
                Err(_) => break false,
            }
        };
        let mut rest = Vec::new();
        members.rest().read_to_end(&mut rest).unwrap();
        (found, is_whole, rest)
    }

    fn written(names: &[&str]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for name in names {
            let mut header = tar::Header::new_gnu();
            header.set_size(name.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            archive
                .append_data(&mut header, name, name.as_bytes())
                .unwrap();
        }
        archive.into_inner().unwrap()
    }

    #[test]
    fn members_are_found_with_short_and_long_names() {
        let long = "folder/".repeat(40) + "file";
        let (found, is_whole, _) = all(&written(&["a", &long, "b/c"]));
        assert!(is_whole);
        let expected: Vec<_> = ["a", &long, "b/c"]
            .iter()
            .map(|name| ((*name).to_owned(), name.as_bytes().to_vec()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_damaged_member_ends_it_and_leaves_the_rest_to_be_read() {
        let mut text = written(&["a", "b"]);
        // The second header.
        text[1024] ^= 1;
        let (found, is_whole, rest) = all(&text);
        assert_eq!((found.len(), is_whole), (1, false));
        assert_eq!(rest, text[1024..]);
        let (found, is_whole, _) = all(&written(&["a", "b"])[..1600]);
        assert_eq!(
            (found.len(), is_whole),
            (2, true),
            "the end marks are missing"
        );
        let (found, is_whole, _) = all(&written(&["a", "b"])[..1536]);
        assert_eq!((found.len(), is_whole), (1, false), "content is missing");
    }

    #[test]
    fn numbers_are_octal_or_binary() {
        assert_eq!(number(b"0000644\0"), Some(0o644));
        assert_eq!(number(b"  644 \0"), Some(0o644));
        assert_eq!(number(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]), Some(258));
        assert_eq!(number(&[0xff; 12]), None);
        assert_eq!(number(b"9"), None);
    }

    #[test]
    fn properties_have_their_length_in_front() {
        let list = b"16 path=a/b=c d\n12 size=12\n";
        assert_eq!(property(list, b"path"), Some(&b"a/b=c d"[..]));
        assert_eq!(property(list, b"size"), None, "its length is wrong");
        assert_eq!(property(b"11 size=12\n", b"size"), Some(&b"12"[..]));
        assert_eq!(property(b"99999999999 size=12\n", b"size"), None);
        assert_eq!(property(b"0 0 0", b"size"), None);
    }
}
