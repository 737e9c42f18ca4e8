//! What can go wrong with a call, by meaning.
//!
//! No variant carries a foreign error: those print URLs and values of the body. What a server says
//! is cleaned and cut before it gets here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::contract_error::ContractError;
use crate::operation::Operation;

/// Why a call failed. `Display` is a sentence for the user; nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum Error {
    /// 401: the token is wrong, rotated or deleted.
    #[error("PulseAPI does not accept this token: it is wrong, or it was rotated or deleted.")]
    Unauthorized,
    /// 403: the plan of the account has no API access.
    #[error("{}", own_words(.message, "The plan of this account has no API access."))]
    PlanWithoutApi {
        /// What the server said.
        message: String,
    },
    /// 402, or 403 for what the plan of the account does not allow: so many keys, a feature, an unpaid bill.
    #[error("{}", own_words(.message, "The plan of this account does not allow this."))]
    PlanLimit {
        /// What the server said; may be empty.
        message: String,
    },
    /// 403: the key lacks an ability.
    #[error("{}", own_words(.message, "This token lacks an ability that is needed here."))]
    MissingAbility {
        /// What the server said.
        message: String,
    },
    /// 403 for a reason that the server's message does not let us recognise.
    #[error("{}", own_words(.message, "PulseAPI refused the request."))]
    Forbidden {
        /// What the server said; may be empty.
        message: String,
    },
    /// 404 or 410 in the service's own form, `{message}`: there is no such record. One in any other form
    /// is [`Mismatch::ForeignNotFound`], [`Mismatch::Html`] or [`Mismatch::NotJson`].
    ///
    /// A gateway may use the same form. That a key is gone takes more than one of these.
    #[error("PulseAPI has no such record.")]
    NotFound,
    /// 202 or 207: a success that does not say that what was asked for is done.
    #[error("PulseAPI took the request, but does not say that it is done (status {status}).")]
    NotFinished {
        /// The HTTP status.
        status: u16,
    },
    /// 422: some fields are not acceptable.
    #[error("PulseAPI did not accept the values.{}", said(.message))]
    Invalid {
        /// What the server said.
        message: String,
        /// Field to messages.
        fields: BTreeMap<String, Vec<String>>,
    },
    /// 429: too many requests.
    #[error("PulseAPI asks to wait until {until}.")]
    RateLimited {
        /// When to ask again (UTC).
        until: Timestamp,
    },
    /// 409: the state of the record does not allow it.
    #[error("PulseAPI reports a conflict.{}", said(.message))]
    Conflict {
        /// What the server said.
        message: String,
    },
    /// Another refusal (4xx).
    #[error("PulseAPI refused the request with status {status}.{}", said(.message))]
    Rejected {
        /// The HTTP status.
        status: u16,
        /// What the server said; may be empty.
        message: String,
    },
    /// No connection came about: nothing was sent.
    #[error("The server can't be reached: {detail}.")]
    Offline {
        /// The innermost cause, without any address.
        detail: String,
    },
    /// Time ran out.
    #[error("The server did not answer in time.")]
    Timeout {
        /// Whether the request may have left this machine.
        sent: bool,
    },
    /// The connection broke after the request was sent, before the answer was complete.
    #[error("The connection broke before the answer was complete: {detail}.")]
    ConnectionLost {
        /// The innermost cause, without any address.
        detail: String,
    },
    /// No private connection came about (certificate, name, protocol): nothing was sent.
    #[error("No secure connection could be made: {detail}.")]
    Tls {
        /// What the TLS library says of it.
        detail: String,
    },
    /// 5xx: the server failed.
    #[error("The server failed with status {status}.")]
    Server {
        /// The HTTP status.
        status: u16,
    },
    /// The answer is none that PulseAPI gives.
    #[error("This does not answer like PulseAPI: {reason}.")]
    NotPulseApi {
        /// In what way.
        reason: Mismatch,
    },
    /// The server is described as one without this call: nothing was sent.
    #[error("The contract of this server says that it cannot {operation}.")]
    NotOffered {
        /// What it can't do.
        operation: Operation,
    },
    /// What describes the server can't be used: nothing was sent.
    #[error("The description of this server can’t be used. {error}.")]
    Contract {
        /// Where and why.
        error: ContractError,
    },
    /// The body is larger than is read.
    #[error("The answer is larger than {limit} bytes.")]
    BodyTooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
}

/// In what way an answer is none that PulseAPI gives.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum Mismatch {
    /// A web page.
    #[error("a web page came back")]
    Html,
    /// Neither JSON nor a web page.
    #[error("the answer is not JSON")]
    NotJson,
    /// JSON of another shape.
    #[error("the answer has another shape at {path}")]
    Shape {
        /// Where, such as `data[3].id`; `.` is the whole answer.
        path: String,
    },
    /// A 404 in JSON that is not the service's: a gateway's, or another API's.
    #[error("its 404 is not in PulseAPI's form")]
    ForeignNotFound,
    /// There are no endpoints for keys at this address.
    #[error("there are no endpoints for API keys at this address")]
    NoKeyEndpoints,
    /// A redirect that is not followed: elsewhere, endless, unreadable, or in answer to a write.
    #[error("it redirects{}", target(.origin.as_ref()))]
    Redirect {
        /// The origin it points to, when it can be read.
        origin: Option<String>,
    },
    /// Its page for signing in, in place of an answer: as web applications do for a token that they don't accept.
    #[error("it asks to sign in{}", target(.origin.as_ref()))]
    SignIn {
        /// The origin of that page, when it is told.
        origin: Option<String>,
    },
    /// What a web application answers to a form of an old page (419): this is no address of an API.
    #[error("it takes the request for a form of its website")]
    WebForm,
    /// A list that was not read to its end: it may have none.
    #[error("its list of keys goes on after {pages} pages")]
    LongList {
        /// How many were read.
        pages: u32,
    },
}

fn target(origin: Option<&String>) -> String {
    origin
        .map(|origin| format!(" to {origin}"))
        .unwrap_or_default()
}

/// What the server said in place of what we would say, if it said anything.
fn own_words(message: &str, ours: &str) -> String {
    if message.is_empty() {
        ours.to_owned()
    } else {
        format!("PulseAPI refused:{}", said(message))
    }
}

/// What the server said, as a sentence that follows another and that one can follow.
fn said(message: &str) -> String {
    if message.is_empty() {
        String::new()
    } else if message.ends_with(['.', '!', '?', '…']) {
        format!(" {message}")
    } else {
        format!(" {message}.")
    }
}

impl Error {
    /// For a **write** that failed this way: may the server have acted all the same?
    ///
    /// The answer is yes unless we are certain. Certain are: no connection came about, so that
    /// nothing was sent (`Offline`, `Tls`, a timeout before sending); or the server refused in the
    /// way of PulseAPI before doing anything (401, 403, 404, 422, 429, and other 4xx).
    ///
    /// Not certain, though it looks like a refusal: 408, which says that the server gave up in the
    /// middle; 409, which an intermediary that repeats requests can turn a success into; a
    /// redirect, which web applications send after they have acted; any answer that is not in the
    /// form of PulseAPI, since then another system spoke for it.
    ///
    /// Nor is a success certain that does not say that it is one (202, 207).
    ///
    /// A 404 to a DELETE is certain in this sense: this request did nothing. That the key is gone
    /// is then for the caller to conclude.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Unauthorized
            | Self::PlanWithoutApi { .. }
            | Self::PlanLimit { .. }
            | Self::MissingAbility { .. }
            | Self::Forbidden { .. }
            | Self::NotFound
            | Self::Invalid { .. }
            | Self::RateLimited { .. }
            | Self::Offline { .. }
            | Self::NotOffered { .. }
            | Self::Contract { .. }
            | Self::Tls { .. } => false,
            Self::Rejected { status, .. } => *status == 408,
            Self::Timeout { sent } => *sent,
            Self::Conflict { .. }
            | Self::ConnectionLost { .. }
            | Self::NotFinished { .. }
            | Self::Server { .. }
            | Self::NotPulseApi { .. }
            | Self::BodyTooLarge { .. } => true,
        }
    }

    /// Whether a **read** that failed this way says that the service has no such call, as far as that can be told: 405,
    /// 501, or a 404 that does not speak of a record. A 404 or a page of a gateway looks the same.
    pub(crate) fn has_no_such_call(&self) -> bool {
        match self {
            Self::Rejected { status, .. } => *status == 405,
            Self::Server { status } => *status == 501,
            Self::NotOffered { .. } => true,
            Self::NotPulseApi { reason } => matches!(
                reason,
                Mismatch::NoKeyEndpoints
                    | Mismatch::ForeignNotFound
                    | Mismatch::Html
                    | Mismatch::NotJson
            ),
            _ => false,
        }
    }

    /// The same for `GET /user`: there is one user to a token, so that no 404 can speak of their record.
    pub(crate) fn may_have_no_user(&self) -> bool {
        *self == Self::NotFound || self.has_no_such_call()
    }

    /// Whether a server says with it that it has no such call, in the way of the service or of HTTP: 405, 501, or a 404 in
    /// JSON that speaks of no record.
    #[must_use]
    pub fn says_no_such_call(&self) -> bool {
        match self {
            Self::NotPulseApi { reason } => *reason == Mismatch::NoKeyEndpoints,
            other => other.has_no_such_call(),
        }
    }
}
