//! Whether the token of a deleted key is dead: tried where this app knows it, and again until it gets 401.
//!
//! A deletion is only as good as the 401 that follows it. A service may go on accepting a token whose record is gone,
//! out of a cache. So where the token is in custody, or is the account's own, it is tried with one harmless call as soon
//! as the key is gone; while it is accepted, or cannot be tried, that is told, and it is tried again 5, 15, 60 and
//! 300 s after the first time and at each start. Every try is journalled with its time. The token stays where it is
//! until it got 401, or the user takes it out; the account of an own key stays signed in as long.
//!
//! The tries go on as long as somebody watches ([`PulseKeys::watch_revocations`](crate::PulseKeys::watch_revocations)), which the page does from its start.
//! A key that the user deletes in the browser is tried in the same way before it is known to be gone (`in_browser`).
//! Left out: deleting (`delete`), and what is written down (`records::revocations`).

mod found_place;
pub(crate) mod in_browser;
pub(crate) mod messages;
mod outcome;
mod trial;
pub(crate) mod wire;

use std::sync::atomic::Ordering;
use std::time::Duration;

use pulseapi::KeyId;

use crate::base::error::UiError;
use crate::base::ids::{AccountId, KeyRequest};
use crate::context::Context;
use crate::keys::revocation::outcome::{end, end_at, goes_on_as, proved};
use crate::keys::revocation::wire::{Revocation, Revocations};
use crate::records::accounts;
use crate::records::revocations::{self, InBrowser, OpenRevocation};

pub(crate) use outcome::{Watch, revocations_changed};
pub(crate) use trial::{KnownTokens, Trial, known_tokens, try_tokens};

/// A clock that jumps, or a machine that slept, is noticed after this long.
const MAX_SLEEP: Duration = Duration::from_secs(30);

/// Tries the tokens of deleted keys when they are due, for as long as `tell` says that somebody listens; a newer
/// watcher takes the place of an older one. A snapshot is told at once and after every change.
///
/// # Errors
/// When the database fails. What is open stays open.
pub(crate) async fn watch_revocations(
    ctx: &Context,
    tell: impl Fn(Revocations) -> bool + Send + Sync,
) -> Result<(), UiError> {
    ctx.of::<Watch>().watchers.send_modify(|count| *count += 1);
    let mut watchers = ctx.of::<Watch>().watchers.subscribe();
    let mut changed = ctx.of::<Watch>().changed.subscribe();
    let mut told = None;
    loop {
        changed.borrow_and_update();
        let open = revocations::all(&ctx.database).await?;
        let views: Vec<Revocation> = open.iter().map(|open| view(ctx, open)).collect();
        let confirmed: Vec<_> = ctx.lock(&ctx.of::<Watch>().confirmed).drain(..).collect();
        if told.as_ref() != Some(&views) || !confirmed.is_empty() {
            told = Some(views.clone());
            let snapshot = Revocations {
                open: views,
                confirmed,
            };
            if !tell(snapshot) {
                return Ok(());
            }
        }
        if !ctx.of::<Watch>().is_picked_up.swap(true, Ordering::SeqCst) {
            // The earlier run may have ended in the middle of the schedule, or after it. A key that is deleted in the browser
            // may be in use still, and is tried only when the user says so.
            let left = |open: &&OpenRevocation| open.next_at.is_none() && open.in_browser.is_none();
            for open in open.iter().filter(left) {
                try_open(ctx, open.account, &open.key).await?;
            }
        }
        let now = ctx.now();
        let next = open.iter().filter_map(|open| Some((open.next_at?, open)));
        let next = next.min_by_key(|(at, _)| *at);
        let wait = match next {
            Some((at, due)) if at <= now => {
                try_open(ctx, due.account, &due.key).await?;
                continue;
            }
            Some((at, _)) => {
                let wait = Duration::try_from(at.duration_since(now)).unwrap_or_default();
                Some(wait.min(MAX_SLEEP))
            }
            None => None,
        };
        let waited = async {
            match wait {
                Some(wait) => ctx.options.clock.sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Ok(()) = watchers.changed() => return Ok(()),
            Ok(()) = changed.changed() => {}
            () = waited => {}
        }
    }
}

/// Tries the tokens of a deleted key now. What came of it is told to who watches.
///
/// # Errors
/// When the database fails.
pub(crate) async fn try_revocation(ctx: &Context, request: &KeyRequest) -> Result<(), UiError> {
    try_open(ctx, request.account, &request.key).await
}

/// The tokens of a deleted key are not tried any more. They stay in custody, where the user can take them out.
///
/// # Errors
/// When the database fails; then it goes on.
pub(crate) async fn stop_revocation(ctx: &Context, request: &KeyRequest) -> Result<(), UiError> {
    let _one = ctx.of::<Watch>().trying.lock().await;
    let found = revocations::find(&ctx.database, request.account, &request.key).await?;
    let Some(open) = found else {
        return Ok(());
    };
    in_browser::forget(ctx, open.account, &open.key);
    let outcome = messages::journalled_stop(&open);
    end(ctx, &open, outcome).await
}

async fn try_open(ctx: &Context, account: AccountId, key: &KeyId) -> Result<(), UiError> {
    let _one = ctx.of::<Watch>().trying.lock().await;
    let Some(open) = revocations::find(&ctx.database, account, key).await? else {
        return Ok(());
    };
    let Ok(account) = accounts::find(ctx, account) else {
        // Signed out, and with the account went what could be tried.
        return end(ctx, &open, "not tried any more: signed out").await;
    };
    if open.in_browser.is_some() {
        return in_browser::try_again(ctx, &account, open).await;
    }
    let known = known_tokens(ctx, &account, &open.key, &open.last_eight).await;
    match try_tokens(ctx, &account, &open.last_eight, &known).await {
        Trial::NoToken => {
            let outcome = "not tried any more: the token is no longer here";
            end(ctx, &open, outcome).await
        }
        Trial::Accepted => goes_on(ctx, open, None).await,
        Trial::NotKnown(why) => goes_on(ctx, open, Some(why)).await,
        Trial::Refused { .. } => confirmed(ctx, &open).await,
    }
}

async fn goes_on(
    ctx: &Context,
    open: OpenRevocation,
    trouble: Option<String>,
) -> Result<(), UiError> {
    let outcome = match &trouble {
        None => messages::STILL_ACCEPTED.to_owned(),
        Some(why) => messages::not_tried(why),
    };
    let tried = open.tried(ctx.now(), trouble);
    goes_on_as(ctx, tried, &outcome).await
}

/// It got 401: the proof is written down first, and only then does anything go that depends on it.
async fn confirmed(ctx: &Context, open: &OpenRevocation) -> Result<(), UiError> {
    let at = ctx.now();
    end_at(ctx, open, at, "401 confirmed").await?;
    proved(ctx, open, at).await
}

fn view(ctx: &Context, open: &OpenRevocation) -> Revocation {
    Revocation {
        account: open.account,
        key: open.key.clone(),
        name: open.name.clone(),
        last_eight: open.last_eight.clone(),
        own: open.own,
        tried_at: open.tried_at,
        accepted: open.trouble.is_none() && open.in_browser != Some(InBrowser::RefusedUnproved),
        refused: open.trouble.is_none() && open.in_browser == Some(InBrowser::RefusedUnproved),
        in_browser: open.in_browser.is_some(),
        in_memory: in_browser::is_pasted(ctx, open.account, &open.key),
        next_at: open.next_at,
        message: messages::still_open(open),
    }
}
