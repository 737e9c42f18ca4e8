//! What a search concludes, in the four words that decide how much stands between the user and a deletion.

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
}

#[cfg(test)]
mod tests {
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
}
