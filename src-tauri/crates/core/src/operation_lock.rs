//! One write at a time: for a key, for the next key of an account, and for a run through many of its keys; and which
//! writes are in flight.
//!
//! A double click or a second window must not send a thing twice, and what is in flight must neither be settled by
//! somebody else nor cut off by closing the window. Left out: what is written.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use pulseapi::KeyId;
use uuid::Uuid;

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::AccountId;
use crate::context::Context;

/// What a write is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// A key that exists.
    Key(AccountId, KeyId),
    /// The next key of an account.
    NewKey(AccountId),
    /// A run through many keys of an account.
    ManyKeys(AccountId),
}

/// The right to write about a subject, held by one call at a time.
pub(crate) struct OperationLock<'a> {
    app: &'a Context,
    subject: Subject,
}

impl Drop for OperationLock<'_> {
    fn drop(&mut self) {
        self.app
            .lock(&self.app.of::<InFlight>().subjects)
            .remove(&self.subject);
    }
}

/// A request between its note and its outcome.
pub(crate) struct InFlightRequest<'a> {
    app: &'a Context,
    intent: Uuid,
}

impl InFlightRequest<'_> {
    pub(crate) fn intent(&self) -> Uuid {
        self.intent
    }

    /// From now on this process alone would have the token that the answer brings.
    pub(crate) fn brings_token_here(&self) {
        let mut in_flight = self.app.lock(&self.app.of::<InFlight>().requests);
        in_flight.insert(self.intent, Brings::TokenToThisProcess);
    }
}

impl Drop for InFlightRequest<'_> {
    fn drop(&mut self) {
        self.app
            .lock(&self.app.of::<InFlight>().requests)
            .remove(&self.intent);
    }
}

pub(crate) fn lock_operation(
    ctx: &Context,
    subject: Subject,
) -> Result<OperationLock<'_>, UiError> {
    if !ctx
        .lock(&ctx.of::<InFlight>().subjects)
        .insert(subject.clone())
    {
        let (message, hint) = match subject {
            Subject::Key(..) => (
                "Something is being done with this key already.",
                "Answer the dialog that is open for it, or wait a moment.",
            ),
            Subject::NewKey(_) => ("A key is being created already.", "Wait a moment."),
            Subject::ManyKeys(_) => (
                "Keys of this account are being deleted already.",
                "Wait until that is done, or cancel it.",
            ),
        };
        return Err(UiError::new(ErrorCode::Other, message, hint));
    }
    Ok(OperationLock { app: ctx, subject })
}

/// This call is at work on an intent, until the answer is dropped.
pub(crate) fn in_flight_request(ctx: &Context, intent: Uuid) -> InFlightRequest<'_> {
    ctx.lock(&ctx.of::<InFlight>().requests)
        .insert(intent, Brings::NothingToLose);
    InFlightRequest { app: ctx, intent }
}

/// Whether a call of this process is at work on an intent, so that nobody else may settle it.
pub(crate) fn is_in_flight(ctx: &Context, intent: Uuid) -> bool {
    ctx.lock(&ctx.of::<InFlight>().requests)
        .contains_key(&intent)
}

/// Whether the end of this process could lose a token that is in flight.
pub(crate) fn expects_token(ctx: &Context) -> bool {
    any_brings_token(&ctx.lock(&ctx.of::<InFlight>().requests))
}

pub(crate) fn any_brings_token(requests: &Requests) -> bool {
    requests
        .values()
        .any(|brings| *brings == Brings::TokenToThisProcess)
}

/// What the answer to a request in flight brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brings {
    /// No token, or one that a custodian brings to safety.
    NothingToLose,
    /// A token that only this process would have.
    TokenToThisProcess,
}

/// Requests between note and outcome, by their intent. Nobody else may settle these intents.
pub(crate) type Requests = HashMap<Uuid, Brings>;

/// What this process is writing about at this moment.
#[derive(Debug, Default)]
pub(crate) struct InFlight {
    /// A second write about the same subject is refused.
    subjects: Mutex<HashSet<Subject>>,
    pub(crate) requests: Arc<Mutex<Requests>>,
}
