//! The bases that an address may mean.

use crate::address::BaseUrl;
use crate::contract::Contract;
use crate::profile::Profile;

impl BaseUrl {
    /// The bases to try for this address, in order and each once: itself, then the documented
    /// prefixes at the same origin. A token meant for one of them may be sent to each of them.
    ///
    /// Which prefixes those are, the built-in contract says, or the one that a server is described by.
    #[must_use]
    pub fn candidates(&self) -> Vec<Self> {
        let built_in = Contract::built_in().profile();
        built_in.map_or_else(
            |_| vec![self.clone()],
            |profile| self.candidates_by(&profile),
        )
    }

    pub(crate) fn candidates_by(&self, profile: &Profile) -> Vec<Self> {
        let mut candidates = vec![self.clone()];
        for prefix in &profile.address.prefixes {
            let candidate = self.at(&prefix.0);
            if !candidates.contains(&candidate) {
                candidates.push(candidate);
            }
        }
        candidates
    }
}
