//! The kinds of objects of git that can hold a key.

/// An object that can hold a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Blob,
    Commit,
    Tag,
    /// A folder: it holds names.
    Tree,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Commit => "commit",
            Self::Tag => "tag",
            Self::Tree => "tree",
        }
    }

    pub(super) fn named(name: &[u8]) -> Option<Self> {
        [Self::Blob, Self::Commit, Self::Tag, Self::Tree]
            .into_iter()
            .find(|kind| kind.name().as_bytes() == name)
    }
}
