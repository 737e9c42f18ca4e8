//! Finds out under which base an address answers as PulseAPI, and if none does, why.
//!
//! The token is sent to the origin of the address and to no other. Each request is made once: the
//! user is waiting and can try again.

use crate::address::BaseUrl;
use crate::client::Client;
use crate::error::{Error, Mismatch};
use crate::model::User;
use crate::operation::Operation;
use crate::options::Options;
use crate::retry_policy::RetryPolicy;
use crate::token::BearerToken;
use crate::token_check::{self, is_absent};
use crate::transport::Transport;
use crate::weight::{Weight, weight};
use crate::{decode, endpoints};

/// A base that answered, and who the token belongs to.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The base that answered.
    pub base: BaseUrl,
    /// The user; none where the service does not tell whose token it is.
    pub user: Option<User>,
    /// Whether keys can be managed there.
    pub keys: KeyEndpoints,
    /// A client for that base.
    pub client: Client,
}

/// Whether a service has the endpoints that manage keys, of which its vendor documents none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEndpoints {
    /// It lists keys.
    Present,
    /// It accepts the token, and has no such endpoints.
    Absent,
}

/// Tries the [candidates](BaseUrl::candidates) of an address in turn: whether the token works, and one page of the list
/// of keys. The first that answers both is it; else the first that accepts the token and has no list of keys.
///
/// That there is no list takes two 404 in JSON, of two of its endpoints, and that no candidate failed: a server that is
/// in trouble must not pass for one without those endpoints.
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
    let mut without_keys: Option<(BaseUrl, Option<User>)> = None;
    let mut is_in_trouble = false;
    let client = |base: &BaseUrl| Client::over(transport.sibling(base.clone(), options.clone()));
    for base in address.candidates_by(&transport.profile) {
        let probing = transport.sibling(base.clone(), once.clone());
        match probe(&probing).await {
            Ok((user, keys @ KeyEndpoints::Present)) => {
                let client = client(&base);
                return Ok(Connection {
                    base,
                    user,
                    keys,
                    client,
                });
            }
            Ok((user, KeyEndpoints::Absent)) => {
                without_keys.get_or_insert((base, user));
            }
            Err(failure) if failure.weight == Weight::Shared => return Err(failure.error),
            Err(failure) => {
                is_in_trouble |= failure.weight == Weight::Server;
                if telling
                    .as_ref()
                    .is_none_or(|best| failure.weight > best.weight)
                {
                    telling = Some(failure);
                }
            }
        }
    }
    if let Some((base, user)) = without_keys.filter(|_| !is_in_trouble) {
        let client = client(&base);
        return Ok(Connection {
            base,
            user,
            keys: KeyEndpoints::Absent,
            client,
        });
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

async fn probe(transport: &Transport) -> Result<(Option<User>, KeyEndpoints), Failure> {
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
    let accepted = token_check::check(transport).await.map_err(first)?;
    let profile = &*transport.profile;
    let list = endpoints::first_page(profile, &transport.base, 1);
    let listed = transport.get(list).await;
    match listed.and_then(|answer| decode::page(&answer, profile, 1)) {
        Ok(_) => Ok((accepted.user(), KeyEndpoints::Present)),
        Err(error) if is_absent(&error) => {
            match transport.ask(Operation::Abilities).await {
                // One 404 alone does not say that there is no list.
                Err(Error::NotOffered { .. }) => Err(second(error)),
                Err(error) if is_absent(&error) => Ok((accepted.user(), KeyEndpoints::Absent)),
                answered => Err(second(answered.err().unwrap_or(error))),
            }
        }
        Err(error) => Err(second(error)),
    }
}
