//! Whether a token works, asked with calls that the vendor documents or that any service has: the user behind it, and
//! where nobody tells that, a monitor, an incident and a key. None of them changes anything.
//!
//! Three things are told apart: it works; it is a token of the service that may not do what was asked; it is refused
//! (401). Everything else is not known.

use crate::error::{Error, Mismatch};
use crate::model::User;
use crate::operation::Operation;
use crate::transport::Transport;
use crate::{decode, endpoints};

/// What the service makes of a token that it does not refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// It works; whose it is, where the service tells.
    Works(Option<User>),
    /// It is a token of the service, and lacks the abilities for what was asked.
    NotForThis {
        /// What the server said.
        message: String,
    },
}

impl Acceptance {
    /// Whose it is, where the service tells.
    #[must_use]
    pub fn user(self) -> Option<User> {
        match self {
            Self::Works(user) => user,
            Self::NotForThis { .. } => None,
        }
    }
}

/// Asks one call after the other until one of them tells.
///
/// # Errors
/// [`Error::Unauthorized`] when it is refused. Anything else says nothing about the token; of a service that has none
/// of the calls, that is its 404.
pub(crate) async fn check(transport: &Transport) -> Result<Acceptance, Error> {
    let (profile, base) = (&*transport.profile, &transport.base);
    let user = transport.ask(Operation::User).await;
    let mut untold = match user.and_then(|answer| decode::user(&answer, profile)) {
        Ok(user) => return Ok(Acceptance::Works(Some(user))),
        Err(error) => passed_over(error)?,
    };
    for operation in [Operation::Monitors, Operation::Incidents] {
        let Some(endpoint) = profile.calls.get(operation) else {
            continue;
        };
        let list = transport
            .get(endpoints::one_entry(profile, base, endpoint))
            .await;
        match list.and_then(|answer| decode::any_list(&answer, profile)) {
            Ok(()) => return Ok(Acceptance::Works(None)),
            Err(error) => {
                let error = passed_over(error)?;
                // That it lacks an ability tells more than that there is no such call.
                if matches!(error, Error::MissingAbility { .. }) {
                    untold = error;
                }
            }
        }
    }
    let keys = transport.get(endpoints::first_page(profile, base, 1)).await;
    match keys.and_then(|answer| decode::page(&answer, profile, 1)) {
        Ok(_) => return Ok(Acceptance::Works(None)),
        Err(error) => {
            let error = passed_over(error)?;
            if matches!(error, Error::MissingAbility { .. }) {
                untold = error;
            }
        }
    }
    match untold {
        Error::MissingAbility { message } => Ok(Acceptance::NotForThis { message }),
        absent => Err(absent),
    }
}

/// The error, where another call may tell more.
fn passed_over(error: Error) -> Result<Error, Error> {
    if error.may_have_no_user() || matches!(error, Error::MissingAbility { .. }) {
        Ok(error)
    } else {
        Err(error)
    }
}

/// Whether the service says in JSON that it has no such call.
pub(crate) fn is_absent(error: &Error) -> bool {
    matches!(
        error,
        Error::NotFound
            | Error::NotPulseApi {
                reason: Mismatch::ForeignNotFound | Mismatch::NoKeyEndpoints
            }
    )
}
