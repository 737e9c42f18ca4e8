//! Keep watch: once a day, while the app runs and the user wants it, the usual search again for all keys, in the background.
//!
//! It reads what changed since the last time, tells where a key turned up and where others can see it, each once, and
//! writes nothing but what it has to know for that. The first look tells of no place as new: nothing is known to compare it
//! with. Programs that run are not told of, as they come and go. Nothing is read before the keychain has answered: it may
//! ask for a password, and this must not be why. Left out: the search (`usage`), what is kept (`records::watched`).

mod messages;
mod news;
mod seen_by;
#[cfg(test)]
mod tests;
pub(crate) mod wire;

use std::convert::Infallible;
use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use usage::Cancel;
use uuid::Uuid;

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::preferences;
use crate::records::notices::{self, Kept, NextStep};
use crate::records::watched::{self, Look};
use crate::records::{accounts, key_cache};
use crate::session::Opening;
use crate::usage::search::{Watched, watch_search};
use crate::watch::news::News;
use crate::watch::wire::WatchView;

/// How long after a look that came to its end the next one is.
const LOOK_INTERVAL: SignedDuration = SignedDuration::from_hours(24);

/// How long after one that did not.
const RETRY_INTERVAL: SignedDuration = SignedDuration::from_hours(1);

/// How long after a start the first one is: the user has something else in mind then.
const AFTER_START: SignedDuration = SignedDuration::from_secs(60);

/// A clock that jumps, or a machine that slept, is noticed after this long.
const MAX_SLEEP: Duration = Duration::from_secs(60);

/// Of how many keys there is a notice each. More are told in one.
const MAX_NOTICES: usize = 3;

/// The watch as it stands.
#[derive(Default)]
pub(crate) struct Watching {
    looking: Mutex<Option<(AccountId, Cancel)>>,
    /// Held while something is kept or all of it goes.
    keeping: tokio::sync::Mutex<()>,
    changed: tokio::sync::Notify,
}

/// Looks when it is time and the user wants it, for as long as this is polled. `on_change` is called when something of what
/// the window shows may have changed: there may be notices.
pub(crate) async fn keep_watch(ctx: &Context, on_change: impl Fn() + Send + Sync) -> Infallible {
    let started = ctx.now();
    loop {
        let changed = ctx.of::<Watching>().changed.notified();
        let next = match next_look(ctx, started).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!("it cannot be read when to look next: {}", error.message);
                None
            }
        };
        let Some((account, at)) = next else {
            tokio::select! {
                () = changed => {}
                () = ctx.options.clock.sleep(MAX_SLEEP) => {}
            }
            continue;
        };
        let wait = Duration::try_from(at.duration_since(ctx.now())).unwrap_or_default();
        if !wait.is_zero() || !ctx.of::<Opening>().has_answered() {
            let wait = if wait.is_zero() { MAX_SLEEP } else { wait };
            tokio::select! {
                () = changed => {}
                () = ctx.options.clock.sleep(wait.min(MAX_SLEEP)) => {}
            }
            continue;
        }
        // It may have been switched off while that was read, and what was kept has gone: then it seems due.
        if !is_wanted(ctx, account) {
            continue;
        }
        let cancel = Cancel::default();
        let looking = Looking::begin(ctx, account, &cancel);
        on_change();
        if let Err(error) = look(ctx, account, &cancel).await {
            tracing::warn!("the machine could not be searched: {}", error.message);
        }
        drop(looking);
        on_change();
    }
}

/// Which account is next, and when; none where nothing is to be watched.
async fn next_look(
    ctx: &Context,
    started: Timestamp,
) -> Result<Option<(AccountId, Timestamp)>, UiError> {
    if !preferences::preferences(ctx).keep_watch {
        return Ok(None);
    }
    let after = |at: Timestamp, by| at.checked_add(by).unwrap_or(Timestamp::MAX);
    let mut next: Option<(AccountId, Timestamp)> = None;
    for account in watched_accounts(ctx) {
        if key_cache::load(&ctx.database, account)
            .await?
            .keys
            .is_empty()
        {
            continue;
        }
        let last = watched::last_look(&ctx.database, account).await?;
        let due = last.map_or(Timestamp::MIN, |look| match look.finished_at {
            Some(finished) if finished >= look.tried_at => after(finished, LOOK_INTERVAL),
            _ => after(look.tried_at, RETRY_INTERVAL),
        });
        let at = due.max(after(started, AFTER_START));
        if next.is_none_or(|(_, earliest)| at < earliest) {
            next = Some((account, at));
        }
    }
    Ok(next)
}

fn watched_accounts(ctx: &Context) -> Vec<AccountId> {
    let session_only = ctx.vault().is_session_only();
    let accounts = accounts::list(ctx);
    let accounts = accounts.of_mode(session_only);
    accounts.map(|account| account.id).collect()
}

/// One look for the keys of an account.
async fn look(ctx: &Context, account: AccountId, cancel: &Cancel) -> Result<(), UiError> {
    {
        let _keeping = ctx.of::<Watching>().keeping.lock().await;
        if !is_wanted(ctx, account) {
            return Ok(());
        }
        watched::tried(&ctx.database, account, ctx.now()).await?;
    }
    let before = watched::last_look(&ctx.database, account).await?;
    let (files, places) = watched::known(&ctx.database, account).await?;
    let Watched { keys, index } = watch_search(ctx, account, files, cancel).await?;
    let Some(keys) = keys else {
        let _keeping = ctx.of::<Watching>().keeping.lock().await;
        if let Some(index) = index.filter(|_| is_wanted(ctx, account)) {
            ctx.database
                .run(move |transaction| watched::put_files(transaction, account, &index))
                .await?;
        }
        return Ok(());
    };
    let is_first = before.is_none_or(|before| before.finished_at.is_none());
    let home = ctx.host.home();
    let found = tokio::task::spawn_blocking(move || news::places(&keys, home.as_deref()));
    let found = found.await.unwrap_or_else(|failed| {
        tracing::error!("what is new could not be told: {failed}");
        Vec::new()
    });
    let rows = key_cache::load(&ctx.database, account).await?.keys;
    let (news, now) = news::compare(&rows, found, &places, is_first);
    let told = notices_of(ctx, account, &news);
    let at = ctx.now();
    let _keeping = ctx.of::<Watching>().keeping.lock().await;
    if !is_wanted(ctx, account) {
        return Ok(());
    }
    ctx.database
        .run(move |transaction| {
            if let Some(index) = index {
                watched::put_files(transaction, account, &index)?;
            }
            for notice in &told {
                notices::add(transaction, notice)?;
            }
            watched::finished(transaction, account, at, &now)
        })
        .await?;
    if let Some((title, text)) = messages::notification(&news) {
        ctx.host.notify(&title, &text);
    }
    Ok(())
}

/// Whether it is still to be watched, and the account still there.
fn is_wanted(ctx: &Context, account: AccountId) -> bool {
    preferences::preferences(ctx).keep_watch && accounts::find(ctx, account).is_ok()
}

/// What there is to read about it. Good to know, and for the user to judge.
fn notices_of(ctx: &Context, account: AccountId, news: &[News]) -> Vec<Kept> {
    let notice = |key: Option<&News>, message| Kept {
        id: Uuid::new_v4(),
        at: ctx.now(),
        account,
        key: key.map(|news| news.key.id.clone()),
        message,
        next: key.map(|news| NextStep::Details {
            account,
            key: news.key.id.clone(),
        }),
        is_calm: true,
    };
    if news.len() > MAX_NOTICES {
        return vec![notice(None, messages::of_many(news))];
    }
    let each = news.iter();
    each.map(|news| notice(Some(news), messages::of_one(news)))
        .collect()
}

/// How the watch stands, for who asks.
///
/// # Errors
/// When the database fails.
pub(crate) async fn view(ctx: &Context) -> Result<WatchView, UiError> {
    let is_looking = ctx.lock(&ctx.of::<Watching>().looking).is_some();
    let mut last: Option<Timestamp> = None;
    for account in watched_accounts(ctx) {
        let look = watched::last_look(&ctx.database, account).await?;
        last = last.max(look.and_then(|Look { finished_at, .. }| finished_at));
    }
    Ok(WatchView {
        is_looking,
        looked_at: last,
    })
}

/// The preferences were written: where the watch is off, what runs ends, and all that it kept goes.
///
/// # Errors
/// When the database fails; the watch is off, and what it kept is still there.
pub(crate) async fn follow_preferences(ctx: &Context) -> Result<(), UiError> {
    let watching = ctx.of::<Watching>();
    watching.changed.notify_one();
    if preferences::preferences(ctx).keep_watch {
        return Ok(());
    }
    if let Some((_, cancel)) = &*ctx.lock(&watching.looking) {
        cancel.stop();
    }
    let _keeping = watching.keeping.lock().await;
    watched::remove_all(&ctx.database)
        .await
        .map_err(|error| messages::not_removed(&error))
}

/// An account goes: nobody looks for its keys any more.
pub(crate) fn forget_account(ctx: &Context, account: AccountId) {
    let looking = ctx.lock(&ctx.of::<Watching>().looking);
    if let Some((_, cancel)) = looking.as_ref().filter(|(of, _)| *of == account) {
        cancel.stop();
    }
}

/// A look that is under way until this is dropped, however that comes.
struct Looking<'a>(&'a Context);

impl<'a> Looking<'a> {
    fn begin(ctx: &'a Context, account: AccountId, cancel: &Cancel) -> Self {
        *ctx.lock(&ctx.of::<Watching>().looking) = Some((account, cancel.clone()));
        Self(ctx)
    }
}

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        if let Some((_, cancel)) = self.0.lock(&self.0.of::<Watching>().looking).take() {
            cancel.stop();
        }
    }
}
