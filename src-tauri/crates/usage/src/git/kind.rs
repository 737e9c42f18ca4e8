//! The kinds of objects of git that can hold a key.

use sha1::{Digest as _, Sha1};

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

    /// What an object of this kind and content is called.
    pub(super) fn name_of(self, text: &[u8]) -> [u8; 20] {
        let mut name = Sha1::new();
        name.update(format!("{} {}\0", self.name(), text.len()));
        name.update(text);
        name.finalize().into()
    }

    pub(super) fn named(name: &[u8]) -> Option<Self> {
        [Self::Blob, Self::Commit, Self::Tag, Self::Tree]
            .into_iter()
            .find(|kind| kind.name().as_bytes() == name)
    }
}
