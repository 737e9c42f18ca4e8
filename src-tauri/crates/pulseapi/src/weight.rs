//! How much a failure tells of the address that it came from.

use crate::error::{Error, Mismatch};

/// How much a failure tells, from least to most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    NothingHere,
    Redirect,
    Server,
    Odd,
    SignIn,
    Refusal,
    /// A refusal of the list, after the user was read: this base is the right one.
    RefusalOfList,
    /// True of every candidate.
    Shared,
}

/// What a failure tells.
pub(crate) fn weight(error: &Error) -> Weight {
    match error {
        Error::Offline { .. }
        | Error::Timeout { .. }
        | Error::ConnectionLost { .. }
        | Error::Tls { .. }
        | Error::Contract { .. }
        | Error::RateLimited { .. } => Weight::Shared,
        Error::Unauthorized
        | Error::PlanWithoutApi { .. }
        | Error::PlanLimit { .. }
        | Error::MissingAbility { .. }
        | Error::Forbidden { .. } => Weight::Refusal,
        Error::Invalid { .. }
        | Error::Conflict { .. }
        | Error::Rejected { .. }
        | Error::NotFinished { .. }
        | Error::BodyTooLarge { .. }
        | Error::NotPulseApi {
            reason: Mismatch::Shape { .. } | Mismatch::LongList { .. } | Mismatch::WebForm,
        } => Weight::Odd,
        Error::NotPulseApi {
            reason: Mismatch::SignIn { .. },
        } => Weight::SignIn,
        Error::Server { .. } => Weight::Server,
        Error::NotPulseApi {
            reason: Mismatch::Redirect { .. },
        } => Weight::Redirect,
        Error::NotFound
        | Error::NotOffered { .. }
        | Error::NotPulseApi {
            reason:
                Mismatch::Html
                | Mismatch::NotJson
                | Mismatch::ForeignNotFound
                | Mismatch::NoKeyEndpoints,
        } => Weight::NothingHere,
    }
}
