//! What a search concludes, in the four words that decide how much a deletion asks for.

use std::time::{Duration, SystemTime};

/// A key that was used so recently is in use.
const RECENT_USE: Duration = Duration::from_secs(24 * 60 * 60);

/// What a search for a key found, from weakest to strongest. Never the word "safe": a search sees only the places
/// it looked into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// No search was made.
    #[default]
    NotSearched,
    /// Nothing in the places that were searched.
    NothingFound,
    /// Something that may be this key: its last 8 characters, without the rest of the proof.
    Possible,
    /// This key, proved by its checksum, its record id or its digest.
    Confirmed,
}

impl Verdict {
    /// What several searches say together: the strongest of them.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether something that a finished search can't see uses the key: it was used within a day before `now`, and
    /// nothing here proves to hold it. Then it is another machine, hosted CI, or a service such as Zapier or Make.
    #[must_use]
    pub fn leaves_use_unexplained(self, last_used_at: Option<SystemTime>, now: SystemTime) -> bool {
        // A use in the future is one of just now: clocks differ.
        let is_recent = |used| {
            now.duration_since(used)
                .map_or(true, |ago| ago < RECENT_USE)
        };
        last_used_at.is_some_and(is_recent) && matches!(self, Self::NothingFound | Self::Possible)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::Verdict;

    #[test]
    fn one_confirmed_place_outweighs_everything_else() {
        let searches = [Verdict::NothingFound, Verdict::Confirmed, Verdict::Possible];
        let together = searches.into_iter().fold(Verdict::default(), Verdict::and);
        assert_eq!(together, Verdict::Confirmed);
    }

    #[test]
    fn a_search_that_found_nothing_still_counts_as_a_search() {
        assert_eq!(
            Verdict::NotSearched.and(Verdict::NothingFound),
            Verdict::NothingFound
        );
    }

    #[test]
    fn a_key_used_today_and_proved_nowhere_is_used_by_something_unseen() {
        let now = SystemTime::now();
        let ago = |hours: u64| Some(now - Duration::from_secs(hours * 3600));
        let unseen = Verdict::NothingFound;
        assert!(!unseen.leaves_use_unexplained(None, now));
        assert!(unseen.leaves_use_unexplained(ago(2), now));
        assert!(Verdict::Possible.leaves_use_unexplained(ago(2), now));
        assert!(!unseen.leaves_use_unexplained(ago(40), now));
        assert!(!Verdict::Confirmed.leaves_use_unexplained(ago(2), now));
        assert!(!Verdict::NotSearched.leaves_use_unexplained(ago(2), now));
    }
}
