//! How much is unpacked of an archive, of how many members and for how long.

use std::cell::Cell;
use std::io::{self, Read};
use std::time::Duration;

use crate::budget::Allowance;
use crate::search::{Counted, Search};
use crate::threads::worked;

/// How much larger than itself an archive may become before it takes from what there is to spare.
const USUAL_RATIO: u64 = 32;

/// What may still be spent on an archive and everything in it.
#[derive(Debug)]
pub(super) struct Budget<'search> {
    left: Cell<u64>,
    members: Cell<u64>,
    /// How long its thread may have worked at the end.
    until: Duration,
    allowance: Allowance<'search, 1>,
}

impl<'search> Budget<'search> {
    /// For an archive of this size.
    pub(super) fn new(search: &'search Search, size: u64) -> Self {
        let limits = &search.limits;
        let most = size.saturating_mul(limits.ratio).min(limits.unpacked);
        Self::of(
            search,
            most,
            size.saturating_mul(USUAL_RATIO),
            limits.archive_timeout,
        )
    }

    pub(super) fn of(search: &'search Search, most: u64, own: u64, timeout: Duration) -> Self {
        Self {
            left: Cell::new(most),
            members: Cell::new(search.limits.members),
            until: worked().saturating_add(timeout),
            allowance: Allowance::new(own, [&search.spare]),
        }
    }

    /// One more member.
    pub(super) fn member(&self) -> io::Result<()> {
        let left = self.members.get().checked_sub(1);
        self.members.set(left.ok_or(io::ErrorKind::QuotaExceeded)?);
        Ok(())
    }
}

/// A reader that spends the budget.
pub(super) struct Metered<'inner, 'search> {
    pub(super) inner: &'inner mut dyn Read,
    pub(super) search: &'search Search,
    pub(super) budget: &'search Budget<'search>,
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
        for (most, own, timeout) in [
            (1000, u64::MAX, Duration::from_secs(60)),
            (u64::MAX, 1000, Duration::from_secs(60)),
            (u64::MAX, u64::MAX, Duration::from_millis(20)),
        ] {
            let budget = Budget::of(&search, most, own, timeout);
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
        let timeout = Duration::from_millis(20);
        let budget = Budget::of(&search, u64::MAX, u64::MAX, timeout);
        std::thread::sleep(2 * timeout);
        let mut metered = Metered {
            inner: &mut std::io::repeat(7),
            search: &search,
            budget: &budget,
        };
        assert_eq!(metered.read(&mut [0; 16]).unwrap(), 16);
    }
}
