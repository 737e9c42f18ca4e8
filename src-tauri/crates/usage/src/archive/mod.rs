//! Containers, looked into: what is packed alone, archives, packages, documents, and these in each other. How much is
//! unpacked, of how many members, how deep and for how long is bounded, so a bomb costs no more than a second look; and
//! no table or name is read into memory because an archive says it is there. Each member stands for itself: one that
//! can't be opened is counted by its kind, and those behind it are looked through.
//!
//! | module | answers |
//! |---|---|
//! | `kinds` | what a file is, by its beginning or its end |
//! | `visit` | what is in it, member by member |
//! | `each` | the same of a small one that is in memory |
//! | `missed` | what of it was not looked into |
//! | `packed` | one text unpacked, whatever it is packed with |
//! | `tar`, `zip`, `seven_zip`, `ar`, `cpio`, `pdf` | which members there are |

mod ar;
mod cpio;
mod each;
mod forward;
mod kinds;
mod missed;
mod packed;
mod pdf;
mod seven_zip;
mod tar;
mod visit;
mod zip;

use std::cell::Cell;
use std::io::{self, BufReader, Read, Seek};
use std::time::Duration;

pub(crate) use self::each::each;
pub(crate) use self::kinds::{
    HEAD_BYTES, Kind, LONG_TAIL_BYTES, Packer, TAIL_BYTES, behind_a_script, kind, kind_by_tail,
    may_have_something_behind,
};
pub(crate) use self::missed::Missed;
pub(crate) use self::pdf::is_zlib;
use self::visit::Visit;
use crate::budget::Allowance;
use crate::dedup::Gathering;
use crate::reader::Reader;
use crate::search::{Counted, Search};
use crate::threads::worked;

/// The largest archive that the usual search opens.
pub(crate) const MAX_USUAL_BYTES: u64 = 64 << 20;

/// How much larger than itself an archive may become before it takes from what there is to spare.
const USUAL_RATIO: u64 = 32;

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
    let mut visit = Visit::new(search, reader, &budget, gathering);
    let mut file = BufReader::new(file);
    let outcome = visit.open(kind, &mut file, "", 1);
    // The last one: nothing is left to go on with.
    let _ = visit.note(outcome, "");
    visit.missed
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

    use super::{Budget, Metered};
    use crate::budget::Pool;
    use crate::scan::tests::search_for;

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
