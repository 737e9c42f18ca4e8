//! A creation without a token: whether the key was made, asked of the keychain and the service, and written down.
//!
//! Left out: sending (`create`), and when it is asked again (`watch`).

use std::collections::BTreeSet;
use std::convert::Infallible;

use jiff::{SignedDuration, Timestamp};
use pulseapi::{Client, KeyId};

use crate::base::error::UiError;
use crate::base::text;
use crate::context::Context;
use crate::custody::{self, arrival};
use crate::keys::create::messages;
use crate::keys::list;
use crate::keys::verify::Settled;
use crate::records::accounts::Account;
use crate::records::intents::{self, Creation, Intent, schedule};
use crate::records::journal::{self, Entry};
use crate::records::key::KeyRow;
use crate::records::key_cache;
use crate::records::notices::{self, Kept};

/// How far apart the clocks of this machine and the service may be for a key to count as made in the request's time.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// The longest that a service may take over a request that it acts on.
const LONGEST_REQUEST: SignedDuration = SignedDuration::from_mins(10);

/// A key that looks older than this before the request is not the one that the request made, whatever the clocks.
const TOO_OLD: SignedDuration = SignedDuration::from_hours(24);

/// Keys that the request may have made.
struct Orphans {
    /// Those of which everything says so.
    matching: Vec<KeyRow>,
    /// Those that have its name and were not known before, and of which not everything fits.
    doubtful: Vec<KeyRow>,
}

/// Finds out whether a key whose token never arrived was made, and writes that down.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn settle_creation(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: &Intent<Creation>,
) -> Result<Settled<Infallible>, UiError> {
    match list::fetch_whole(client, account).await {
        Ok(list) if list.is_whole => {
            settle_creation_by_list(ctx, account, intent, &list.keys).await
        }
        Ok(list) => Ok(Settled::NotKnown(list.not_whole())),
        Err(error) => Ok(Settled::NotKnown(error)),
    }
}

/// The same, by a whole list that was fetched after the request was sent.
pub(crate) async fn settle_creation_by_list(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Creation>,
    keys: &[KeyRow],
) -> Result<Settled<Infallible>, UiError> {
    let orphans = orphans(ctx, intent, keys).await?;
    let is_over = schedule::is_over(intent.open_since(), ctx.now());
    if orphans.matching.is_empty() && orphans.doubtful.is_empty() && !is_over {
        return Ok(Settled::Watched);
    }
    let (message, next, orphan) = match (&orphans.matching[..], &orphans.doubtful[..]) {
        ([], []) => {
            close_creation(ctx, account, intent, messages::NOT_CREATED, Some(ctx.now())).await?;
            return Ok(Settled::NotDone);
        }
        ([orphan], []) => {
            let (message, next) = messages::lost(orphan, account.id);
            (message, Some(next), Some(orphan.clone()))
        }
        (matching, doubtful) => {
            let all = matching.iter().chain(doubtful);
            (messages::may_be_lost(&intent.what.name, all), None, None)
        }
    };
    let notice = Kept {
        id: intent.id,
        at: ctx.now(),
        account: account.id,
        key: orphan.as_ref().map(|key| key.id.clone()),
        message: message.clone(),
        next: next.clone(),
        is_calm: false,
    };
    write_down_lost(ctx, intent, orphan, notice).await?;
    Ok(Settled::Lost { message, next })
}

async fn orphans(
    ctx: &Context,
    intent: &Intent<Creation>,
    keys: &[KeyRow],
) -> Result<Orphans, UiError> {
    let in_custody = custody::custody(ctx).await?.tokens;
    let has_token = |id: &KeyId| {
        in_custody
            .iter()
            .any(|token| token.account == intent.account && token.key.as_ref() == Some(id))
    };
    let what = &intent.what;
    let name = text::sanitized(&what.name);
    let candidates = keys.iter().filter(|key| {
        key.name == name
            && !what.known.contains(&key.id)
            && key
                .created_at
                .is_none_or(|created| created >= before(intent.at, TOO_OLD))
            && !has_token(&key.id)
    });
    let (matching, doubtful) = candidates
        .cloned()
        // One that was used has a token that somebody has: it is nobody's orphan, unless it was tried without us.
        .partition(|key| what.all_known && key.last_used_at.is_none() && fits(intent, key));
    Ok(Orphans { matching, doubtful })
}

/// A creation that was called not done, and a whole list shows such a key after all: told as one that may be ours, since
/// somebody else may have made it meanwhile.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn correct_not_created(
    ctx: &Context,
    intent: &Intent<Creation>,
    keys: &[KeyRow],
) -> Result<(), UiError> {
    let found = orphans(ctx, intent, keys).await?.matching;
    if found.is_empty() {
        return Ok(());
    }
    let notice = Kept {
        id: intent.id,
        at: ctx.now(),
        account: intent.account,
        key: None,
        message: messages::may_be_lost(&intent.what.name, found.iter()),
        next: None,
        is_calm: false,
    };
    write_down_lost(ctx, intent, None, notice).await
}

/// The key was not made: intent and journal change together. The intent stays for a while where that is concluded from
/// lists, which may be old.
pub(crate) async fn close_creation(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Creation>,
    outcome: &str,
    not_done_at: Option<Timestamp>,
) -> Result<(), UiError> {
    let entry = Entry {
        account_label: account.label.clone(),
        ..arrival::creation_entry(ctx, intent, None, outcome)
    };
    let id = intent.id;
    ctx.database
        .run(move |transaction| {
            match not_done_at {
                Some(at) => intents::mark_not_done(transaction, id, at)?,
                None => intents::settle(transaction, id)?,
            }
            journal::append(transaction, &entry)
        })
        .await?;
    Ok(())
}

async fn write_down_lost(
    ctx: &Context,
    intent: &Intent<Creation>,
    orphan: Option<KeyRow>,
    notice: Kept,
) -> Result<(), UiError> {
    let outcome = if orphan.is_some() {
        messages::LOST
    } else {
        messages::MAY_BE_LOST
    };
    let mut entry = arrival::creation_entry(ctx, intent, None, outcome);
    if let Some(orphan) = &orphan {
        entry.key = Some(orphan.into());
    }
    let (id, account, at) = (intent.id, intent.account, ctx.now());
    ctx.database
        .run(move |transaction| {
            intents::mark_lost(transaction, id, at)?;
            if let Some(orphan) = &orphan {
                key_cache::put_key(transaction, account, orphan)?;
            }
            notices::add(transaction, &notice)?;
            journal::append(transaction, &entry)
        })
        .await?;
    Ok(())
}

fn before(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

/// Whether a key has what the request asked for, and was made in its time.
fn fits(intent: &Intent<Creation>, key: &KeyRow) -> bool {
    let abilities = |of: &[String]| of.iter().cloned().collect::<BTreeSet<_>>();
    let team_fits = match (&intent.what.team, &key.team) {
        (Some(asked), Some(team)) => *asked == team.id,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let end = intent
        .open_since()
        .checked_add(LONGEST_REQUEST + CLOCK_SKEW)
        .unwrap_or(Timestamp::MAX);
    let in_time = key
        .created_at
        .is_some_and(|created| created >= before(intent.at, CLOCK_SKEW) && created <= end);
    team_fits && in_time && abilities(&intent.what.abilities) == abilities(&key.abilities)
}
