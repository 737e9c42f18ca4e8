//! Archives, looked into when everything is searched: gzip, zip and its family, tar, and these in each other. How
//! much is unpacked, how deep and for how long is bounded, so a bomb costs no more than a second look.
//!
//! Left out: xz, zstandard, bzip2, 7z, rar. They are counted as not looked into.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::time::{Duration, Instant};

use flate2::read::MultiGzDecoder;

use crate::collect::Gathering;
use crate::lens::{Lens, Lines};
use crate::search::{Counted, Search};

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
const HEAD: usize = 512;

/// The largest member that is unpacked into memory, because its table of contents stands at its end.
const LARGEST_INNER: u64 = 64 << 20;

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
pub(crate) struct Budget {
    left: Cell<u64>,
    until: Instant,
}

impl Budget {
    /// For an archive of this size.
    pub(crate) fn new(search: &Search, size: u64) -> Self {
        let limits = &search.limits;
        let most = size.saturating_mul(limits.ratio).min(limits.unpacked);
        Self::of(most, limits.patience)
    }

    fn of(most: u64, patience: Duration) -> Self {
        Self {
            left: Cell::new(most),
            until: Instant::now() + patience,
        }
    }
}

/// Looks through all members.
///
/// # Errors
/// When it is damaged, closed, too deep, or more than the budget allows.
pub(crate) fn search(
    search: &Search,
    lens: &mut Lens,
    file: File,
    kind: Kind,
    budget: &Budget,
    gathering: &mut Gathering,
) -> io::Result<()> {
    let mut visit = Visit {
        search,
        lens,
        budget,
        gathering,
    };
    match kind {
        Kind::Gzip => visit.gzip(&mut BufReader::new(file), "", 1),
        Kind::Tar => visit.tar(&mut BufReader::new(file), "", 1),
        Kind::Zip => visit.zip(BufReader::new(file), "", 1),
        Kind::Closed => Err(io::ErrorKind::Unsupported.into()),
    }
}

struct Visit<'search> {
    search: &'search Search,
    lens: &'search mut Lens,
    budget: &'search Budget,
    gathering: &'search mut Gathering,
}

impl Visit<'_> {
    fn gzip(&mut self, packed: &mut dyn Read, name: &str, depth: u32) -> io::Result<()> {
        let mut unpacked = Metered {
            inner: &mut MultiGzDecoder::new(packed),
            search: self.search,
            budget: self.budget,
        };
        self.member(&mut unpacked, name, depth)
    }

    fn tar(&mut self, packed: &mut dyn Read, name: &str, depth: u32) -> io::Result<()> {
        let mut archive = tar::Archive::new(packed);
        for entry in archive.entries()? {
            let mut entry = entry?;
            if !entry.header().entry_type().is_file() {
                continue;
            }
            let inner = join(name, &entry.path()?.to_string_lossy());
            let mut metered = Metered {
                inner: &mut entry,
                search: self.search,
                budget: self.budget,
            };
            self.member(&mut metered, &inner, depth)?;
        }
        Ok(())
    }

    fn zip(&mut self, packed: impl Read + io::Seek, name: &str, depth: u32) -> io::Result<()> {
        let mut archive = zip::ZipArchive::new(packed).map_err(io::Error::other)?;
        for at in 0..archive.len() {
            let mut entry = archive.by_index(at).map_err(io::Error::other)?;
            if !entry.is_file() {
                continue;
            }
            let inner = join(name, &entry.name().map_err(io::Error::other)?);
            let mut metered = Metered {
                inner: &mut entry,
                search: self.search,
                budget: self.budget,
            };
            self.member(&mut metered, &inner, depth)?;
        }
        Ok(())
    }

    /// Looks through what is unpacked, which may be an archive again.
    fn member(&mut self, text: &mut dyn Read, name: &str, depth: u32) -> io::Result<()> {
        let mut head = Vec::with_capacity(HEAD);
        text.take(HEAD as u64).read_to_end(&mut head)?;
        let deeper = depth + 1;
        let may_open = depth < self.search.limits.depth;
        match kind(&head) {
            // The member of a gzip is part of the same archive: it is no step down.
            Some(Kind::Tar) => return self.tar(&mut Cursor::new(head).chain(text), name, deeper),
            Some(Kind::Gzip) if may_open => {
                return self.gzip(&mut Cursor::new(head).chain(text), name, deeper);
            }
            Some(Kind::Zip) if may_open => {
                text.take(LARGEST_INNER).read_to_end(&mut head)?;
                return self.zip(Cursor::new(head), name, deeper);
            }
            Some(_) => return Err(io::ErrorKind::Unsupported.into()),
            None => {}
        }
        Counted::add(&self.search.counted.files, 1);
        self.lens.room()[..head.len()].copy_from_slice(&head);
        let inside = (!name.is_empty()).then_some(name);
        let gathering = &mut *self.gathering;
        self.lens.stream(
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
struct Metered<'inner> {
    inner: &'inner mut dyn Read,
    search: &'inner Search,
    budget: &'inner Budget,
}

impl Read for Metered<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.left.get();
        if self.search.is_stopped() || left == 0 || Instant::now() > self.budget.until {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let more = self.inner.read(room)?;
        let size = u64::try_from(more).unwrap_or(u64::MAX);
        self.budget.left.set(left.saturating_sub(size));
        Counted::add(&self.search.counted.bytes, size);
        Ok(more)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::time::Duration;

    use super::{Budget, Kind, Metered, kind};
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
        let search = search_for(Vec::new());
        for (most, patience) in [
            (1000, Duration::from_secs(60)),
            (u64::MAX, Duration::from_millis(20)),
        ] {
            let budget = Budget::of(most, patience);
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
}
