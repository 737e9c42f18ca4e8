//! Archives, looked into when everything is searched: gzip, zip and its family, tar, and these in each other. How
//! much is unpacked, of how many members, how deep and for how long is bounded, so a bomb costs no more than a second
//! look; and no table or name is read into memory because an archive says it is there. What is damaged or closed is
//! counted, and the rest is looked through.
//!
//! | module | answers |
//! |---|---|
//! | `tar` | which members a tar has |
//! | `zip` | which members a zip has |
//!
//! xz, zstandard, bzip2, 7z and rar are not opened; they are counted as not looked into.

mod forward;
mod tar;
mod zip;

use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::sync::PoisonError;
use std::time::Duration;

use flate2::read::MultiGzDecoder;

use forward::Forward;

use crate::budget::Allowance;
use crate::dedup::Gathering;
use crate::reader::{Lines, Reader};
use crate::search::{Counted, Search};
use crate::threads::worked;

/// What an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Gzip,
    Zip,
    Tar,
    /// One that is not opened here.
    Closed,
}

impl Kind {
    /// Whether its content can't be seen from outside.
    pub(crate) fn is_packed(self) -> bool {
        self != Self::Tar
    }
}

/// As much of the beginning as tells what it is.
const HEAD_BYTES: usize = 512;

/// The largest member that is unpacked into memory, because its table of contents stands at its end.
const MAX_INNER_ARCHIVE_BYTES: u64 = 64 << 20;

/// How deep members may stand in each other, whatever they are: each costs room on the stack.
const MAX_DEPTH: u32 = 6;

/// How much larger than itself an archive may become before it takes from what there is to spare.
const USUAL_RATIO: u64 = 32;

/// What a file with this beginning is, if it is an archive.
pub(crate) fn kind(head: &[u8]) -> Option<Kind> {
    match head {
        [0x1f, 0x8b, 8, ..] => Some(Kind::Gzip),
        [b'P', b'K', 3, 4, ..] => Some(Kind::Zip),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..]
        | [0x28, 0xb5, 0x2f, 0xfd, ..]
        | [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..]
        | [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..]
        | [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => Some(Kind::Closed),
        _ if head.get(257..262) == Some(b"ustar") => Some(Kind::Tar),
        _ => None,
    }
}

/// What may still be spent on an archive and everything in it.
#[derive(Debug)]
struct Budget<'search> {
    left: Cell<u64>,
    members: Cell<u64>,
    /// How long its thread may have worked at the end.
    until: Duration,
    allowance: Allowance<'search, 1>,
}

impl<'search> Budget<'search> {
    /// For an archive of this size.
    fn new(search: &'search Search, size: u64) -> Self {
        let limits = &search.limits;
        let most = size.saturating_mul(limits.ratio).min(limits.unpacked);
        Self::of(
            search,
            most,
            size.saturating_mul(USUAL_RATIO),
            limits.patience,
        )
    }

    fn of(search: &'search Search, most: u64, own: u64, patience: Duration) -> Self {
        Self {
            left: Cell::new(most),
            members: Cell::new(search.limits.members),
            until: worked().saturating_add(patience),
            allowance: Allowance::new(own, [&search.spare]),
        }
    }

    /// One more member.
    fn member(&self) -> io::Result<()> {
        let left = self.members.get().checked_sub(1);
        self.members.set(left.ok_or(io::ErrorKind::QuotaExceeded)?);
        Ok(())
    }
}

/// What of an archive could not be looked into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Missed {
    /// Something is damaged, closed or too deep.
    pub(crate) cut: bool,
    /// There is more than the budget allows.
    pub(crate) over: bool,
    /// Something is encrypted.
    pub(crate) encrypted: bool,
}

/// Looks through all members of an archive of this size.
pub(crate) fn search(
    search: &Search,
    reader: &mut Reader,
    file: impl Read + Seek,
    size: u64,
    kind: Kind,
    gathering: &mut Gathering,
) -> Missed {
    let budget = Budget::new(search, size);
    let mut visit = Visit {
        search,
        reader,
        budget: &budget,
        gathering,
        missed: Missed::default(),
        has_large: false,
    };
    let mut file = BufReader::new(file);
    let outcome = match kind {
        Kind::Gzip => visit.gzip(&mut file, "", 1),
        Kind::Tar => visit.tar(&mut file, "", 1),
        Kind::Zip => visit.zip(&mut file, "", 1),
        Kind::Closed => Err(io::ErrorKind::Unsupported.into()),
    };
    // The last one: nothing is left to go on with.
    let _ = visit.note(outcome);
    visit.missed
}

/// A text whose beginning has been read.
struct Again<'text> {
    head: Cursor<Vec<u8>>,
    rest: &'text mut dyn Read,
}

impl<'text> Again<'text> {
    fn new(head: Vec<u8>, rest: &'text mut dyn Read) -> Self {
        Self {
            head: Cursor::new(head),
            rest,
        }
    }
}

impl Read for Again<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self.head.read(room)? {
            0 => self.rest.read(room),
            more => Ok(more),
        }
    }
}

impl Forward for Again<'_> {}

struct Visit<'search> {
    search: &'search Search,
    reader: &'search mut Reader,
    budget: &'search Budget<'search>,
    gathering: &'search mut Gathering,
    missed: Missed,
    /// Whether this thread is the one that has much in memory.
    has_large: bool,
}

impl<'search> Visit<'search> {
    /// Notes how a member ended. An error is passed on only when nothing more is to be looked into at all.
    fn note(&mut self, outcome: io::Result<()>) -> io::Result<()> {
        let Err(error) = outcome else {
            return Ok(());
        };
        match error.kind() {
            io::ErrorKind::QuotaExceeded | io::ErrorKind::OutOfMemory => {
                self.missed.over = true;
                Err(error)
            }
            _ if self.search.is_stopped() => Err(error),
            _ => {
                self.missed.cut = true;
                Ok(())
            }
        }
    }

    fn metered<'text>(&self, inner: &'text mut dyn Read) -> Metered<'text, 'search> {
        Metered {
            inner,
            search: self.search,
            budget: self.budget,
        }
    }

    fn gzip(&mut self, packed: &mut dyn Read, name: &str, depth: u32) -> io::Result<()> {
        let mut unpacked = MultiGzDecoder::new(packed);
        let mut unpacked = self.metered(&mut unpacked);
        self.member(&mut unpacked, name, depth)
    }

    fn tar(&mut self, packed: &mut dyn Forward, name: &str, depth: u32) -> io::Result<()> {
        let mut members = tar::Members::new(packed);
        loop {
            self.budget.member()?;
            let member = match members.next() {
                Ok(Some(member)) => member,
                Ok(None) => break,
                Err(error) => {
                    // Where the next one begins is unknown, but what follows may still hold something.
                    self.note(Err(error))?;
                    break;
                }
            };
            self.missed.over |= member.is_cut;
            if !member.is_file {
                continue;
            }
            let inner = join(name, &member.name);
            let mut content = members.content();
            let mut metered = self.metered(&mut content);
            let outcome = self.member(&mut metered, &inner, depth);
            self.note(outcome)?;
        }
        let mut rest = members.rest();
        let mut rest = self.metered(&mut rest);
        self.text(&mut rest, &[], name)
    }

    fn zip(&mut self, packed: &mut (impl Read + Seek), name: &str, depth: u32) -> io::Result<()> {
        let mut directory = zip::Directory::open(packed)?;
        loop {
            let part = directory.part(packed)?;
            if part.is_empty() {
                return Ok(());
            }
            for member in part {
                self.budget.member()?;
                if self.search.is_stopped() {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                if member.is_encrypted {
                    self.missed.encrypted = true;
                    continue;
                }
                let inner = join(name, &member.name);
                let outcome = match member.open(packed) {
                    Ok(mut content) => {
                        let mut metered = self.metered(&mut content);
                        self.member(&mut metered, &inner, depth)
                    }
                    Err(error) => Err(error),
                };
                self.note(outcome)?;
            }
        }
    }

    /// Looks through what is unpacked, which may be an archive again.
    fn member(&mut self, text: &mut dyn Read, name: &str, depth: u32) -> io::Result<()> {
        let mut head = Vec::with_capacity(HEAD_BYTES);
        text.take(to_u64(HEAD_BYTES)).read_to_end(&mut head)?;
        let deeper = depth + 1;
        let may_open = depth < self.search.limits.depth;
        match kind(&head) {
            // The member of a gzip is part of the same archive: it is no step down.
            Some(Kind::Tar) if depth < MAX_DEPTH => {
                return self.tar(&mut Again::new(head, text), name, deeper);
            }
            Some(Kind::Gzip) if may_open => {
                return self.gzip(&mut Again::new(head, text), name, deeper);
            }
            Some(Kind::Zip) if may_open && !self.has_large => {
                return self.inner_zip(&mut Again::new(head, text), name, deeper);
            }
            // Not opened, but a tar is readable as it is, and others may have something that is.
            Some(_) => self.missed.cut = true,
            None => {}
        }
        Counted::add(&self.search.counted.files, 1);
        self.text(text, &head, name)
    }

    /// A zip in an archive is unpacked into memory, by one thread at a time.
    fn inner_zip(&mut self, packed: &mut dyn Read, name: &str, depth: u32) -> io::Result<()> {
        let large = self.search.large.lock();
        let _large = large.unwrap_or_else(PoisonError::into_inner);
        self.has_large = true;
        let mut content = Vec::new();
        let read = packed
            .take(MAX_INNER_ARCHIVE_BYTES + 1)
            .read_to_end(&mut content);
        let outcome = match read {
            Ok(_) if to_u64(content.len()) > MAX_INNER_ARCHIVE_BYTES => {
                self.missed.over = true;
                Ok(())
            }
            // What there is of a damaged one may have its table still.
            Ok(_) => self.zip(&mut Cursor::new(&content), name, depth),
            Err(error) => Err(error),
        };
        self.has_large = false;
        zeroize::Zeroize::zeroize(&mut content);
        outcome
    }

    /// Looks through a text whose beginning has been read.
    fn text(&mut self, text: &mut dyn Read, head: &[u8], name: &str) -> io::Result<()> {
        self.reader.room()[..head.len()].copy_from_slice(head);
        let inside = (!name.is_empty()).then_some(name);
        let gathering = &mut *self.gathering;
        self.reader.stream(
            head.len(),
            &mut |room| text.read(room),
            Lines::Passing,
            &self.search.matcher,
            &self.search.cancel,
            &mut |hit, line| gathering.add(hit, line, inside),
        )?;
        Ok(())
    }
}

/// The name of a member of a member.
fn join(outer: &str, inner: &str) -> String {
    if outer.is_empty() {
        inner.to_owned()
    } else {
        format!("{outer}!{inner}")
    }
}

/// A reader that spends the budget.
struct Metered<'inner, 'search> {
    inner: &'inner mut dyn Read,
    search: &'search Search,
    budget: &'search Budget<'search>,
}

impl Read for Metered<'_, '_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.left.get();
        if self.search.is_stopped() || left == 0 || worked() > self.budget.until {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let more = self.inner.read(room)?;
        let size = to_u64(more);
        self.budget.left.set(left.saturating_sub(size));
        if !self.budget.allowance.spend(size) {
            self.budget.left.set(0);
        }
        Counted::add(&self.search.counted.bytes, size);
        Ok(more)
    }
}

fn to_u64(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::time::Duration;

    use super::{Budget, Kind, Metered, kind};
    use crate::budget::Pool;
    use crate::scan::tests::search_for;

    #[test]
    fn archives_are_told_by_their_beginning() {
        assert_eq!(kind(&[0x1f, 0x8b, 8, 0]), Some(Kind::Gzip));
        assert_eq!(kind(b"PK\x03\x04"), Some(Kind::Zip));
        assert_eq!(kind(b"BZh91AY&SY"), Some(Kind::Closed));
        assert_eq!(kind(b"PK"), None);
        let mut header = vec![0; 512];
        header[257..262].copy_from_slice(b"ustar");
        assert_eq!(kind(&header), Some(Kind::Tar));
    }

    #[test]
    fn no_more_is_unpacked_than_the_budget_allows() {
        let mut search = search_for(Vec::new());
        search.spare = Pool::new(0);
        for (most, own, patience) in [
            (1000, u64::MAX, Duration::from_secs(60)),
            (u64::MAX, 1000, Duration::from_secs(60)),
            (u64::MAX, u64::MAX, Duration::from_millis(20)),
        ] {
            let budget = Budget::of(&search, most, own, patience);
            let mut endless = std::io::repeat(7);
            let mut metered = Metered {
                inner: &mut endless,
                search: &search,
                budget: &budget,
            };
            let mut room = vec![0; 256];
            let outcome = loop {
                if let Err(error) = metered.read(&mut room) {
                    break error;
                }
            };
            assert_eq!(outcome.kind(), std::io::ErrorKind::QuotaExceeded);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_machine_that_is_busy_with_something_else_costs_an_archive_nothing() {
        let search = search_for(Vec::new());
        let patience = Duration::from_millis(20);
        let budget = Budget::of(&search, u64::MAX, u64::MAX, patience);
        std::thread::sleep(2 * patience);
        let mut metered = Metered {
            inner: &mut std::io::repeat(7),
            search: &search,
            budget: &budget,
        };
        assert_eq!(metered.read(&mut [0; 16]).unwrap(), 16);
    }
}
