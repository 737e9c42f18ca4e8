//! What a search may spend. A few bytes of a file can ask for thousands of times as much work and memory, in honest
//! files too, where much repeats itself. So everything that is unpacked is paid for: first from what its own size
//! justifies, then from what its repository and the whole search have to spare.
//!
//! What could not be paid for is told as [`crate::Reason::Budget`].

use std::sync::atomic::{AtomicU64, Ordering};

/// Something that may be spent, by many threads.
#[derive(Debug)]
pub(crate) struct Pool {
    left: AtomicU64,
}

impl Pool {
    pub(crate) fn new(left: u64) -> Self {
        Self {
            left: AtomicU64::new(left),
        }
    }

    /// Takes all of it, or nothing and says no.
    #[must_use]
    pub(crate) fn take(&self, wanted: u64) -> bool {
        let take = |left: u64| left.checked_sub(wanted);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .is_ok()
    }

    /// Takes as much of it as there is, and tells how much that was.
    pub(crate) fn take_up_to(&self, wanted: u64) -> u64 {
        let take = |left: u64| Some(left.saturating_sub(wanted));
        let before = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        before.unwrap_or_default().min(wanted)
    }
}

/// What may be made of one file: as much as its size justifies, and the rest from what there is to spare.
#[derive(Debug)]
pub(crate) struct Allowance<'pool, const POOLS: usize> {
    own: Pool,
    spare: [&'pool Pool; POOLS],
}

impl<'pool, const POOLS: usize> Allowance<'pool, POOLS> {
    pub(crate) fn new(own: u64, spare: [&'pool Pool; POOLS]) -> Self {
        Self {
            own: Pool::new(own),
            spare,
        }
    }

    /// Pays for so many bytes; says no when that is more than there is.
    #[must_use]
    pub(crate) fn spend(&self, bytes: u64) -> bool {
        let rest = bytes - self.own.take_up_to(bytes);
        rest == 0 || self.spare.iter().all(|pool| pool.take(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowance, Pool};

    #[test]
    fn its_own_comes_first_and_then_what_all_have_to_spare() {
        let (store, all) = (Pool::new(100), Pool::new(150));
        let first = Allowance::new(10, [&store, &all]);
        assert!(first.spend(10));
        assert!(first.spend(90));
        assert!(!first.spend(20), "the repository has no more");
        let other = Pool::new(1000);
        let second = Allowance::new(5, [&other, &all]);
        assert!(second.spend(60));
        assert!(!second.spend(6), "the search has no more");
    }

    #[test]
    fn a_pool_gives_all_or_nothing_unless_asked_for_a_part() {
        let pool = Pool::new(10);
        assert!(!pool.take(11));
        assert!(pool.take(4));
        assert_eq!(pool.take_up_to(100), 6);
        assert_eq!(pool.take_up_to(1), 0);
    }
}
