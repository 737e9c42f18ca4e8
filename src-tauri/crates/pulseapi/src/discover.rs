//! Finds out under which base an address answers as PulseAPI, and if none does, why.
//!
//! The token is sent to the origin of the address and to no other. Each request is made once: the
//! user is waiting and can try again.

use crate::address::BaseUrl;
use crate::client::Client;
use crate::error::{Error, Mismatch};
use crate::model::User;
use crate::options::Options;
use crate::retry_policy::RetryPolicy;
use crate::token::BearerToken;
use crate::transport::Transport;
use crate::{decode, endpoints};

/// A base that answered, and who the token belongs to.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The base that answered.
    pub base: BaseUrl,
    /// The user; none where the service does not tell whose token it is.
    pub user: Option<User>,
    /// A client for that base.
    pub client: Client,
}

/// Tries the [candidates](BaseUrl::candidates) of an address in turn with `GET /user` and one page
/// of the list of keys; the first that answers both is it, or the list alone where there is no such call as the first.
///
/// # Errors
/// The most telling failure of all candidates: a refusal in JSON before an odd answer, that before
/// a failing server, that before a redirect. If there was nothing but 404 and web pages, there are
/// no key endpoints here. A failure that all candidates share (offline, TLS, timeout, rate limit)
/// ends the search.
pub async fn discover(
    address: &BaseUrl,
    token: &BearerToken,
    options: &Options,
) -> Result<Connection, Error> {
    let once = Options {
        retry: RetryPolicy::none(),
        ..options.clone()
    };
    let transport = Transport::new(address.clone(), token.clone(), once.clone())?;
    let mut telling: Option<Failure> = None;
    for base in address.candidates() {
        let probing = transport.sibling(base.clone(), once.clone());
        match probe(&probing).await {
            Ok(user) => {
                let client = Client::over(transport.sibling(base.clone(), options.clone()));
                return Ok(Connection { base, user, client });
            }
            Err(failure) if failure.weight == Weight::Shared => return Err(failure.error),
            Err(failure) => {
                if telling
                    .as_ref()
                    .is_none_or(|best| failure.weight > best.weight)
                {
                    telling = Some(failure);
                }
            }
        }
    }
    Err(match telling {
        Some(failure) if failure.weight > Weight::NothingHere => failure.error,
        _ => Error::NotPulseApi {
            reason: Mismatch::NoKeyEndpoints,
        },
    })
}

struct Failure {
    error: Error,
    weight: Weight,
}

/// How much a failure tells, from least to most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
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

async fn probe(transport: &Transport) -> Result<Option<User>, Failure> {
    let first = |error: Error| Failure {
        weight: weight(&error),
        error,
    };
    let second = |error: Error| match weight(&error) {
        Weight::Refusal => Failure {
            error,
            weight: Weight::RefusalOfList,
        },
        weight => Failure { error, weight },
    };
    let user = endpoints::USER.url(&transport.base, None);
    let list = endpoints::list_page(&transport.base, 1, 1);
    let told = transport.get(user).await;
    let user = match told.and_then(|answer| decode::user(&answer)) {
        Ok(user) => user,
        Err(refusal) if refusal.may_have_no_user() => {
            let listed = transport.get(list).await;
            return match listed.and_then(|answer| decode::page(&answer, 1)) {
                Ok(_) => Ok(None),
                Err(error) => Err(first(error)),
            };
        }
        Err(error) => return Err(first(error)),
    };
    let answer = transport.get(list).await.map_err(second)?;
    decode::page(&answer, 1).map_err(second)?;
    Ok(Some(user))
}

fn weight(error: &Error) -> Weight {
    match error {
        Error::Offline { .. }
        | Error::Timeout { .. }
        | Error::ConnectionLost { .. }
        | Error::Tls { .. }
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
            reason: Mismatch::Shape { .. } | Mismatch::EndlessList | Mismatch::WebForm,
        } => Weight::Odd,
        Error::NotPulseApi {
            reason: Mismatch::SignIn { .. },
        } => Weight::SignIn,
        Error::Server { .. } => Weight::Server,
        Error::NotPulseApi {
            reason: Mismatch::Redirect { .. },
        } => Weight::Redirect,
        Error::NotFound
        | Error::NotPulseApi {
            reason:
                Mismatch::Html
                | Mismatch::NotJson
                | Mismatch::ForeignNotFound
                | Mismatch::NoKeyEndpoints,
        } => Weight::NothingHere,
    }
}
