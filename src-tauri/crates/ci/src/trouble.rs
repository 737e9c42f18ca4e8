//! Why a program did not do what it was asked.

use thiserror::Error;

/// Why a program did not do what it was asked. What it printed is not in here: it may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Trouble {
    /// It is not on the PATH.
    #[error("the program is not installed")]
    NotInstalled,
    /// The user is not signed in to this host with it.
    #[error("not signed in")]
    NotSignedIn,
    /// The service does not let the user, or has no such repository, which it does not tell apart.
    #[error("the service answered {0}")]
    NoRights(u16),
    /// The service refused for another reason.
    #[error("the service answered {0}")]
    Refused(u16),
    /// It did not come to an end in time, and was ended. What it was to do may be done.
    #[error("it took too long")]
    TimedOut,
    /// The service could not be reached.
    #[error("the service could not be reached")]
    Unreachable,
    /// It ended with an error that tells no more, or said something that can't be read.
    #[error("it failed")]
    Failed,
}

/// An exit of `gh` that says that the user has to sign in first.
const GH_SIGN_IN: i32 = 4;

impl Trouble {
    /// What an unhappy end says, by its code and the status in what was printed about it.
    pub(crate) fn of(code: Option<i32>, printed: &str) -> Self {
        if code == Some(GH_SIGN_IN) {
            return Self::NotSignedIn;
        }
        match status(printed) {
            Some(401) => Self::NotSignedIn,
            Some(status @ (403 | 404)) => Self::NoRights(status),
            Some(status) => Self::Refused(status),
            None if is_network(printed) => Self::Unreachable,
            None => Self::Failed,
        }
    }
}

/// The status in "gh: Not Found (HTTP 404)", "glab: HTTP 404", "HTTP 403: Resource not accessible".
fn status(printed: &str) -> Option<u16> {
    printed.match_indices("HTTP ").find_map(|(at, mark)| {
        let digits = printed.get(at + mark.len()..at + mark.len() + 3)?;
        let status: u16 = digits.parse().ok()?;
        (100..600).contains(&status).then_some(status)
    })
}

/// How programs written in Go tell of a network that does not answer.
fn is_network(printed: &str) -> bool {
    let signs = [
        "dial tcp",
        "dial unix",
        "no such host",
        "i/o timeout",
        "error connecting to",
    ];
    signs.iter().any(|sign| printed.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_by_its_code_and_its_status() {
        let of = |printed| Trouble::of(Some(1), printed);
        assert_eq!(of("gh: Bad credentials (HTTP 401)"), Trouble::NotSignedIn);
        assert_eq!(Trouble::of(Some(4), "To get started"), Trouble::NotSignedIn);
        assert_eq!(of("gh: Not Found (HTTP 404)"), Trouble::NoRights(404));
        assert_eq!(
            of("failed to set secret \"A\": HTTP 403: Resource not accessible (https://…)"),
            Trouble::NoRights(403)
        );
        assert_eq!(
            of("glab: value is invalid (HTTP 400)"),
            Trouble::Refused(400)
        );
        assert_eq!(
            of("Get \"https://…\": dial tcp: lookup … no such host"),
            Trouble::Unreachable
        );
        assert_eq!(of("HTTP é"), Trouble::Failed);
        assert_eq!(of(""), Trouble::Failed);
    }
}
