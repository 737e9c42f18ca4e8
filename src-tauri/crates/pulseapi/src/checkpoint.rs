//! Where in a list a reading came to, in a form that can be kept between starts of an app.

use serde::{Deserialize, Serialize};

use crate::id::KeyId;
use crate::paging::{Count, Next};

/// What has to be known of a page to go on behind it later: how it was asked for, what was on it, and what was on the first
/// page. Nothing secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Its number, from 1.
    pub(crate) page: u32,
    /// How it was asked for.
    pub(crate) by: Next,
    /// The keys on it, in its order, those that an earlier page had too.
    pub(crate) ids: Vec<KeyId>,
    /// The keys on the first page, where new ones are listed.
    pub(crate) first: Vec<KeyId>,
    /// What the first page said of the number of the last one, and of the count of all keys.
    pub(crate) announced: (Count, Count),
    /// Whether any page until there told how long the list is.
    pub(crate) is_told: bool,
}

impl Checkpoint {
    /// How many keys the whole list has, where its first page told.
    #[must_use]
    pub fn total(&self) -> Option<u32> {
        let (_, total) = self.announced;
        total.given()
    }
}
