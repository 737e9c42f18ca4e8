//! One write at a time: for a key, for the next key of an account, and for a run through many of its keys; and which
//! writes are on their way.
//!
//! A double click or a second window must not send a thing twice, and what is on its way must neither be settled by
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
pub(crate) struct Turn<'a> {
    app: &'a Context,
    subject: Subject,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.app
            .lock(&self.app.of::<InFlight>().subjects)
            .remove(&self.subject);
    }
}

/// A request between its note and its outcome.
pub(crate) struct OnItsWay<'a> {
    app: &'a Context,
    intent: Uuid,
}

impl OnItsWay<'_> {
    pub(crate) fn intent(&self) -> Uuid {
        self.intent
    }

    /// From now on this process alone would have the token that the answer brings.
    pub(crate) fn brings_token_here(&self) {
        let mut on_their_way = self.app.lock(&self.app.of::<InFlight>().requests);
        on_their_way.insert(self.intent, true);
    }
}

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        self.app
            .lock(&self.app.of::<InFlight>().requests)
            .remove(&self.intent);
    }
}

pub(crate) fn take_turn(ctx: &Context, subject: Subject) -> Result<Turn<'_>, UiError> {
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
    Ok(Turn { app: ctx, subject })
}

/// A request leaves; `brings_token` when its answer may hold one that only this process would have.
pub(crate) fn on_its_way(ctx: &Context, intent: Uuid, brings_token: bool) -> OnItsWay<'_> {
    ctx.lock(&ctx.of::<InFlight>().requests)
        .insert(intent, brings_token);
    OnItsWay { app: ctx, intent }
}

/// Whether a call of this process is at work on an intent, so that nobody else may settle it.
pub(crate) fn is_on_its_way(ctx: &Context, intent: Uuid) -> bool {
    ctx.lock(&ctx.of::<InFlight>().requests)
        .contains_key(&intent)
}

/// Whether a token may be on its way here.
pub(crate) fn expects_token(ctx: &Context) -> bool {
    let on_their_way = ctx.lock(&ctx.of::<InFlight>().requests);
    on_their_way.values().any(|brings_token| *brings_token)
}

/// What this process is writing about at this moment.
#[derive(Debug, Default)]
pub(crate) struct InFlight {
    /// A second write about the same subject is refused.
    subjects: Mutex<HashSet<Subject>>,
    /// Requests between note and outcome, and whether they may bring a fresh token.
    pub(crate) requests: Arc<Mutex<HashMap<Uuid, bool>>>,
}
