//! Who runs pipelines.

/// Who runs the pipelines of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// GitHub, or a GitHub Enterprise Server: `gh`.
    GitHub,
    /// GitLab, anybody's: `glab`.
    GitLab,
}

impl Service {
    /// What its program is called.
    #[must_use]
    pub fn program(self) -> &'static str {
        match self {
            Self::GitHub => "gh",
            Self::GitLab => "glab",
        }
    }

    /// The host that needs no name.
    #[must_use]
    pub fn usual_host(self) -> &'static str {
        match self {
            Self::GitHub => "github.com",
            Self::GitLab => "gitlab.com",
        }
    }
}
