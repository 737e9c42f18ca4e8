//! Which open intents may be settled now, and in which order.

use pulseapi::KeyId;

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::intents::{self, Open};
use crate::{custody, operation_lock};

/// The open intents that no call of this process is at work on, newest first: the token that a newer one brought
/// must not be taken for one that an older one lost.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn unattended(ctx: &Context) -> Result<Vec<Open>, UiError> {
    let mut open = intents::open(&ctx.database).await?;
    open.reverse();
    let mut busy = Undecided::default();
    open.retain(|open| {
        let is_busy =
            operation_lock::is_in_flight(ctx, open.id()) || custody::is_held(ctx, open.id());
        if is_busy {
            busy.note(open);
        }
        !is_busy && !busy.holds_back(open)
    });
    Ok(open)
}

/// What a request is about whose outcome nobody knows yet: a key, or the next one of an account. Until it is known, what
/// the service shows says nothing of older requests about the same.
#[derive(Debug, Default)]
pub(crate) struct Undecided(Vec<(AccountId, Option<KeyId>)>);

impl Undecided {
    pub(crate) fn note(&mut self, open: &Open) {
        if open.brings_token() {
            self.0.push((open.account(), open.key().cloned()));
        }
    }

    /// Whether an intent is about the same, and has to wait.
    pub(crate) fn holds_back(&self, open: &Open) -> bool {
        let is_same = |(account, key): &(AccountId, Option<KeyId>)| {
            *account == open.account() && key.as_ref() == open.key()
        };
        open.brings_token() && self.0.iter().any(is_same)
    }
}
