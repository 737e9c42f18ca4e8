//! What came of a try: written down, told to those who watch, and what goes once a token was seen to be dead.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::base::error::UiError;
use crate::context::Context;
use crate::custody;
use crate::keys::revocation::messages;
use crate::keys::revocation::wire::RevocationConfirmed;
use crate::records::accounts;
use crate::records::journal::{self, Action, Entry, KeyNamed};
use crate::records::revocations::{self, OpenRevocation};
use crate::records::swaps;
use crate::session;

/// The watch over tokens of deleted keys, shared by all calls.
pub(crate) struct Watch {
    /// Goes up with every change of what is written down.
    pub(super) changed: watch::Sender<u64>,
    /// Goes up with every new watcher: only the newest goes on.
    pub(super) watchers: watch::Sender<u64>,
    /// One try at a time, so that none is made or journalled twice.
    pub(super) trying: tokio::sync::Mutex<()>,
    /// What an earlier run left was tried.
    pub(super) is_picked_up: AtomicBool,
    /// Not told yet.
    pub(super) confirmed: Mutex<VecDeque<RevocationConfirmed>>,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            changed: watch::Sender::new(0),
            watchers: watch::Sender::new(0),
            trying: tokio::sync::Mutex::default(),
            is_picked_up: AtomicBool::new(false),
            confirmed: Mutex::default(),
        }
    }
}

impl Watch {
    fn has_changed(&self) {
        self.changed.send_modify(|count| *count += 1);
    }
}

/// Something was written down about the tokens of a deleted key.
pub(crate) fn revocations_changed(ctx: &Context) {
    ctx.of::<Watch>().has_changed();
}

/// What the last try found is written down, and when the next one is.
pub(super) async fn goes_on_as(
    ctx: &Context,
    tried: OpenRevocation,
    outcome: &str,
) -> Result<(), UiError> {
    let entry = try_entry(ctx, &tried, tried.tried_at, outcome);
    ctx.database
        .run(move |transaction| {
            revocations::put(transaction, &tried)?;
            journal::append(transaction, &entry)
        })
        .await?;
    revocations_changed(ctx);
    Ok(())
}

/// The 401 is written down: what is dead goes, and those who watch are told.
pub(super) async fn proved(
    ctx: &Context,
    open: &OpenRevocation,
    at: Timestamp,
) -> Result<(), UiError> {
    custody::leaving::forget_dead_tokens(ctx, open.account, &open.key, None).await?;
    swaps::key_is_gone(ctx, open.account, &open.key, at, true).await?;
    // As it is now: it may have got another credential while the old one was tried.
    let own = accounts::find(ctx, open.account)
        .ok()
        .filter(|account| account.own_key.is_token(Some(&open.key), &open.last_eight));
    let signed_out = match own {
        Some(account) => {
            session::forget_account(ctx, &account, messages::OWN_KEY_GONE).await?;
            Some(session::state(ctx).await)
        }
        None => None,
    };
    let confirmed = RevocationConfirmed {
        account: open.account,
        key: open.key.clone(),
        at,
        in_browser: open.in_browser.is_some(),
        message: messages::token_refused(open, signed_out.is_some()),
        signed_out,
    };
    ctx.lock(&ctx.of::<Watch>().confirmed).push_back(confirmed);
    revocations_changed(ctx);
    Ok(())
}

/// It is not tried any more, for this reason.
pub(super) async fn end(
    ctx: &Context,
    open: &OpenRevocation,
    outcome: &str,
) -> Result<(), UiError> {
    end_at(ctx, open, ctx.now(), outcome).await?;
    revocations_changed(ctx);
    Ok(())
}

/// The same at a time that is known already.
pub(super) async fn end_at(
    ctx: &Context,
    open: &OpenRevocation,
    at: Timestamp,
    outcome: &str,
) -> Result<(), UiError> {
    let entry = try_entry(ctx, open, at, outcome);
    let (account, key) = (open.account, open.key.clone());
    ctx.database
        .run(move |transaction| {
            if revocations::remove(transaction, account, &key)? {
                journal::append(transaction, &entry)?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// The journal's row about a try.
pub(super) fn try_entry(
    ctx: &Context,
    open: &OpenRevocation,
    at: Timestamp,
    outcome: &str,
) -> Entry {
    let label = accounts::find(ctx, open.account).map(|account| account.label);
    Entry {
        at,
        account: open.account,
        account_label: label.unwrap_or_default(),
        action: Action::TryToken,
        key: Some(key_named(open)),
        outcome: outcome.to_owned(),
        request_id: None,
    }
}

pub(super) fn key_named(open: &OpenRevocation) -> KeyNamed {
    KeyNamed {
        id: Some(open.key.as_str().to_owned()),
        name: open.name.clone(),
        last_eight: open.last_eight.clone(),
    }
}
