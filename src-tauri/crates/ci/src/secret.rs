//! A secret as its service tells of it.

use jiff::Timestamp;

/// A secret of a repository, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// For which environments it counts, where that is not all of them. GitLab's have one for each.
    pub scope: Option<String>,
    /// When it was set last. GitLab doesn't tell.
    pub updated_at: Option<Timestamp>,
    /// Whether the service hides it in what jobs print. None where it hides all of them.
    pub is_masked: Option<bool>,
}
