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
        in_flight.insert(self.intent, true);
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

/// A request leaves; `brings_token` when its answer may hold one that only this process would have.
pub(crate) fn in_flight_request(
    ctx: &Context,
    intent: Uuid,
    brings_token: bool,
) -> InFlightRequest<'_> {
    ctx.lock(&ctx.of::<InFlight>().requests)
        .insert(intent, brings_token);
    InFlightRequest { app: ctx, intent }
}

/// Whether a call of this process is at work on an intent, so that nobody else may settle it.
pub(crate) fn is_in_flight(ctx: &Context, intent: Uuid) -> bool {
    ctx.lock(&ctx.of::<InFlight>().requests)
        .contains_key(&intent)
}

/// Whether a token may be in flight here.
pub(crate) fn expects_token(ctx: &Context) -> bool {
    let in_flight = ctx.lock(&ctx.of::<InFlight>().requests);
    in_flight.values().any(|brings_token| *brings_token)
}

/// What this process is writing about at this moment.
#[derive(Debug, Default)]
pub(crate) struct InFlight {
    /// A second write about the same subject is refused.
    subjects: Mutex<HashSet<Subject>>,
    /// Requests between note and outcome, and whether they may bring a fresh token.
    pub(crate) requests: Arc<Mutex<HashMap<Uuid, bool>>>,
}
