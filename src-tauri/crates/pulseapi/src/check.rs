//! A look at a server, call by call: what each that changes nothing answers, and how it differs from the contract.
//!
//! What it gives holds no token, no name, no id and no text of the server's: types, numbers, and paths within an answer
//! in the names of the contract. Writes are described, not made. Left out: the words.

use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::{CONTENT_TYPE, HeaderMap, VIA};
use url::Url;

use crate::address::BaseUrl;
use crate::answer::Answer;
use crate::contract::Contract;
use crate::decode;
use crate::endpoint::Endpoint;
use crate::endpoints;
use crate::error::Error;
use crate::id::KeyId;
use crate::operation::Operation;
use crate::profile::Profile;
use crate::rate_limit::Limits;
use crate::redirects::RedirectedTo;
use crate::transport::Transport;
use crate::weight::{Weight, weight};

/// The calls that are tried, in their order.
const TRIED: [Operation; 6] = [
    Operation::User,
    Operation::Monitors,
    Operation::Incidents,
    Operation::List,
    Operation::Abilities,
    Operation::Key,
];

/// What is only described.
const WRITES: [Operation; 3] = [Operation::Create, Operation::Rotate, Operation::Delete];

/// What a look at a server showed.
#[derive(Clone, Debug)]
pub struct Check {
    /// Each base that was tried, in order; the last one is the one that answered, if any did.
    pub bases: Vec<CheckedBase>,
    /// Whether requests to it go through a proxy of this computer's settings.
    pub goes_through_proxy: bool,
    /// What it was taken for.
    pub contract: Contract,
    /// The writes, none of which was tried: method and path, or that there is no such call.
    pub writes: Vec<(Operation, Option<String>)>,
}

/// What was tried under one base.
#[derive(Clone, Debug)]
pub struct CheckedBase {
    /// The base.
    pub base: BaseUrl,
    /// Each call, in order.
    pub calls: Vec<CheckedCall>,
}

/// What came of one call.
#[derive(Clone, Debug)]
pub struct CheckedCall {
    /// What it is for.
    pub operation: Operation,
    /// Its method and path, as a template; none where there is no such call.
    pub call: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of one call.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was not made.
    NotTried(NotTried),
    /// There was no answer.
    NoAnswer {
        /// Why.
        error: Error,
        /// Until that was known.
        took: Duration,
    },
    /// There was one.
    Answered(Box<Answered>),
}

/// Why a call was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTried {
    /// The contract says that there is no such call.
    NotOffered,
    /// No key is known that could be asked for.
    NoKey,
    /// What ended the call before it would end this one too.
    SameTrouble,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// Until it was whole.
    pub took: Duration,
    /// What kind of content it says that it is.
    pub content: Content,
    /// What it says of rate limits.
    pub limits: Limits,
    /// Whether a proxy or gateway says that it passed it on.
    pub was_passed_on: bool,
    /// Where it was redirected to first, if it was.
    pub redirect: Option<RedirectedTo>,
    /// Nothing where it is as the contract says, else how it differs or what it refuses.
    pub problem: Option<Error>,
}

/// What kind of content an answer says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// JSON.
    Json,
    /// A web page.
    Html,
    /// Plain text.
    Text,
    /// Something else.
    Other,
    /// It does not say.
    Unsaid,
}

impl Check {
    /// The base under which a call was answered as it should be.
    #[must_use]
    pub fn answering(&self) -> Option<&CheckedBase> {
        self.bases.iter().find(|base| base.answers())
    }
}

impl CheckedBase {
    fn answers(&self) -> bool {
        self.calls.iter().any(CheckedCall::is_as_expected)
    }
}

impl CheckedCall {
    /// Whether it was answered as the contract says.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        matches!(&self.outcome, Outcome::Answered(answered) if answered.problem.is_none())
    }

    /// What is wrong with it, if something is.
    #[must_use]
    pub fn problem(&self) -> Option<&Error> {
        match &self.outcome {
            Outcome::NotTried(_) => None,
            Outcome::NoAnswer { error, .. } => Some(error),
            Outcome::Answered(answered) => answered.problem.as_ref(),
        }
    }
}

/// Looks at each base that an address may mean, until one answers as it should.
pub(crate) async fn check(transport: &Transport) -> Check {
    let profile = &*transport.profile;
    let mut bases: Vec<CheckedBase> = Vec::new();
    for base in transport.base.candidates_by(profile) {
        let looking = transport.sibling(base.clone(), transport.options.clone());
        let calls = calls(&looking).await;
        let is_shared = calls
            .iter()
            .any(|call| call.problem().is_some_and(is_shared));
        let checked = CheckedBase { base, calls };
        let is_it = checked.answers();
        bases.push(checked);
        if is_it || is_shared {
            break;
        }
    }
    let described = |operation| {
        let endpoint = profile.calls.get(operation);
        (operation, endpoint.map(Endpoint::to_string))
    };
    Check {
        bases,
        goes_through_proxy: goes_through_proxy(&transport.base),
        contract: transport.options.contract.clone(),
        writes: WRITES.into_iter().map(described).collect(),
    }
}

/// Whether every other call would fail the same way.
fn is_shared(error: &Error) -> bool {
    weight(error) == Weight::Shared
}

async fn calls(transport: &Transport) -> Vec<CheckedCall> {
    let profile = &*transport.profile;
    let mut calls = Vec::with_capacity(TRIED.len());
    let mut ends_here = false;
    let mut key: Option<KeyId> = None;
    for operation in TRIED {
        let endpoint = profile.calls.get(operation);
        let outcome = match endpoint {
            None => Outcome::NotTried(NotTried::NotOffered),
            Some(_) if ends_here => Outcome::NotTried(NotTried::SameTrouble),
            Some(_) if operation.takes_id() && key.is_none() => Outcome::NotTried(NotTried::NoKey),
            Some(endpoint) => {
                let url = url(transport, operation, endpoint, key.as_ref());
                let (outcome, found) = one(transport, operation, url).await;
                key = key.or(found);
                outcome
            }
        };
        let call = CheckedCall {
            operation,
            call: endpoint.map(Endpoint::to_string),
            outcome,
        };
        // A refused token is refused everywhere, and need not be tried six times.
        let ends = |error: &Error| is_shared(error) || *error == Error::Unauthorized;
        ends_here |= call.problem().is_some_and(ends);
        calls.push(call);
    }
    calls
}

fn url(
    transport: &Transport,
    operation: Operation,
    endpoint: &Endpoint,
    key: Option<&KeyId>,
) -> Url {
    let (profile, base) = (&*transport.profile, &transport.base);
    match operation {
        Operation::List => endpoints::first_page(profile, base, 1),
        Operation::Monitors | Operation::Incidents => endpoints::one_entry(profile, base, endpoint),
        _ => endpoint.url(base, key),
    }
}

/// One call, and a key if it lists one.
async fn one(transport: &Transport, operation: Operation, url: Url) -> (Outcome, Option<KeyId>) {
    let clock = &transport.options.clock;
    let began = clock.now();
    let seen = transport.look(url).await;
    let took = Duration::try_from(clock.now().duration_since(began)).unwrap_or_default();
    let seen = match seen {
        Ok(seen) => seen,
        Err(error) => return (Outcome::NoAnswer { error, took }, None),
    };
    let (problem, key) = match seen.problem {
        Some(problem) => (Some(problem), None),
        None => match shape(&transport.profile, operation, &seen.answer) {
            Ok(key) => (None, key),
            Err(problem) => (Some(problem), None),
        },
    };
    let headers = &seen.answer.headers;
    let answered = Answered {
        status: seen.answer.status.as_u16(),
        took,
        content: content(headers),
        limits: Limits::of(headers, clock.now()),
        was_passed_on: headers.contains_key(VIA),
        redirect: seen.redirect,
        problem,
    };
    (Outcome::Answered(Box::new(answered)), key)
}

/// Whether a success has the form that the contract gives it; of a list, a key of it.
fn shape(profile: &Profile, operation: Operation, answer: &Answer) -> Result<Option<KeyId>, Error> {
    match operation {
        Operation::User => decode::user(answer, profile).map(|_| None),
        Operation::Key => decode::key(answer, profile).map(|_| None),
        Operation::Abilities => decode::abilities(answer, profile).map(|_| None),
        Operation::List => {
            let page = decode::page(answer, profile, 1)?;
            Ok(page.keys.into_iter().next().map(|key| key.id))
        }
        _ => decode::any_list(answer, profile).map(|()| None),
    }
}

fn content(headers: &HeaderMap) -> Content {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Content::Unsaid;
    };
    let value = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let essence = value.split(';').next().unwrap_or_default().trim();
    match essence {
        "application/json" | "text/json" => Content::Json,
        "text/html" | "application/xhtml+xml" => Content::Html,
        "text/plain" => Content::Text,
        other if other.ends_with("+json") => Content::Json,
        _ => Content::Other,
    }
}

/// Whether the settings of this computer name a proxy for this address, as the HTTP library reads them.
fn goes_through_proxy(base: &BaseUrl) -> bool {
    // To this machine itself requests go past any.
    let uri = base.url().as_str().parse();
    !base.is_loopback() && uri.is_ok_and(|uri| Matcher::from_system().intercept(&uri).is_some())
}
