//! A rotation without a token: whether it took place, asked of the keychain and the service, and written down.
//!
//! Left out: sending (`rotate`), and when it is asked again (`watch`).

use jiff::Timestamp;
use pulseapi::{Client, Error as ApiError};

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::context::Context;
use crate::keys::list::row;
use crate::keys::revocation::{self, Trial};
use crate::keys::rotate::messages;
use crate::keys::verify::{Proof, Settled};
use crate::records::accounts::Account;
use crate::records::intents::{self, Intent, KnownToken, Rotation, schedule};
use crate::records::journal::{self, Action, Entry};
use crate::records::key::KeyRow;
use crate::records::key_cache;
use crate::records::notices::{self, Kept};
use crate::{custody, session};

/// What the service says of a key that was to be rotated.
#[derive(Debug)]
enum Seen {
    /// It has the token that is known.
    Unchanged,
    /// It has another token.
    Rotated(Box<KeyRow>),
    /// It is not there any more.
    Gone,
    /// The service could not be asked, or contradicts itself.
    NotKnown(UiError),
}

/// The key is not there any more: it makes no difference whether a rotation took place.
#[derive(Debug)]
pub(crate) struct KeyGone;

/// Why it makes no difference any more whether a rotation of earlier took place.
#[derive(Debug)]
pub(crate) enum Moot {
    KeyGone,
    /// Another rotation has brought the key another token since, or lost it; the user has been told.
    OtherTokenSince,
}

impl From<KeyGone> for Moot {
    fn from(KeyGone: KeyGone) -> Self {
        Self::KeyGone
    }
}

/// Finds out whether a rotation that this call has just sent, and whose token did not arrive, took place; writes that
/// down. No other rotation of the key can have come between: the call holds the key's lock.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn settle_sent_rotation(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: &Intent<Rotation>,
) -> Result<Settled<KeyGone>, UiError> {
    let seen = look(client, account, &intent.what).await;
    settle_as(ctx, account, intent, seen).await
}

/// The same for a rotation of earlier, whose intent has been open since.
pub(crate) async fn settle_open_rotation(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: &Intent<Rotation>,
) -> Result<Settled<Moot>, UiError> {
    let seen = look(client, account, &intent.what).await;
    settle_open_as(ctx, account, intent, seen).await
}

/// The same, by a list that was fetched after the rotation was sent.
pub(crate) async fn settle_rotation_by_list(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: &Intent<Rotation>,
    keys: &[KeyRow],
) -> Result<Settled<Moot>, UiError> {
    let id = &intent.what.key.id;
    let seen = match keys.iter().find(|key| key.id == *id) {
        Some(now) => compare(&intent.what, now),
        // The list alone is no proof; with the record's own 404 it is.
        None => match client.key(id).await {
            Ok(now) => compare(&intent.what, &row(&now, account)),
            Err(ApiError::NotFound) => Seen::Gone,
            Err(error) => Seen::NotKnown(at_work(&error)),
        },
    };
    settle_open_as(ctx, account, intent, seen).await
}

/// A rotation that was called not done, and that a whole list shows to have taken place while it was watched: told.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn correct_not_rotated(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Rotation>,
    keys: &[KeyRow],
) -> Result<(), UiError> {
    let now = keys.iter().find(|key| key.id == intent.what.key.id);
    let latest = schedule::latest_effect(intent.open_since());
    let is_ours = |key: &&KeyRow| {
        !intent.what.token.is_of(key) && key.rotated_at.is_none_or(|rotated| rotated <= latest)
    };
    if let Some(now) = now.filter(is_ours) {
        let seen = Seen::Rotated(Box::new(now.clone()));
        settle_as(ctx, account, intent, seen).await?;
    }
    Ok(())
}

async fn settle_open_as(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Rotation>,
    seen: Seen,
) -> Result<Settled<Moot>, UiError> {
    let is_over = schedule::is_over(intent.open_since(), ctx.now());
    // The request may have taken effect before the one that brought the token that the key has now.
    if matches!(seen, Seen::Unchanged) && is_over && !intent.what.token.is_of(&intent.what.key) {
        let closing = Closing::with(messages::OTHER_TOKEN_SINCE);
        close_rotation(ctx, account, intent, &closing).await?;
        return Ok(Settled::Moot(Moot::OtherTokenSince));
    }
    let settled = settle_as(ctx, account, intent, seen).await?;
    Ok(settled.map_moot(Moot::from))
}

async fn settle_as(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Rotation>,
    seen: Seen,
) -> Result<Settled<KeyGone>, UiError> {
    let before = &intent.what.key;
    match seen {
        Seen::Unchanged if !schedule::is_over(intent.open_since(), ctx.now()) => {
            Ok(Settled::Watched)
        }
        Seen::Unchanged => {
            let closing = Closing {
                not_done_at: Some(ctx.now()),
                ..Closing::with(messages::NOT_ROTATED)
            };
            close_rotation(ctx, account, intent, &closing).await?;
            Ok(Settled::NotDone)
        }
        Seen::Rotated(now) => {
            if let Err(error) = known_tokens_are_dead(ctx, account, &intent.what).await {
                return Ok(Settled::NotKnown(error));
            }
            let (message, next) = messages::lost(before, account.id, now.own);
            let closing = Closing {
                outcome: messages::LOST.to_owned(),
                row: Some(*now),
                gone: false,
                lost_at: Some(ctx.now()),
                not_done_at: None,
                notice: Some(Kept {
                    id: intent.id,
                    at: ctx.now(),
                    account: account.id,
                    key: Some(before.id.clone()),
                    message: message.clone(),
                    next: Some(next.clone()),
                    is_calm: false,
                }),
            };
            close_rotation(ctx, account, intent, &closing).await?;
            custody::leaving::forget_tokens_before(ctx, account.id, &before.id, intent.at).await?;
            Ok(Settled::Lost {
                message,
                next: Some(next),
            })
        }
        Seen::Gone => {
            let closing = Closing {
                gone: true,
                ..Closing::with("unknown: the key is deleted by now")
            };
            close_rotation(ctx, account, intent, &closing).await?;
            Ok(Settled::Moot(KeyGone))
        }
        Seen::NotKnown(error) => Ok(Settled::NotKnown(error)),
    }
}

/// A record with another token may be one of long ago, out of a cache: where a token of the key is here, it says itself
/// whether it was replaced.
///
/// # Errors
/// Why that is not known.
async fn known_tokens_are_dead(
    ctx: &Context,
    account: &Account,
    what: &Rotation,
) -> Result<(), UiError> {
    let last_eight = &what.token.last_eight;
    let known = revocation::known_tokens(ctx, account, &what.key.id, last_eight).await;
    match revocation::try_tokens(ctx, account, last_eight, &known).await {
        Trial::NoToken | Trial::Refused { .. } => Ok(()),
        Trial::Accepted => Err(messages::known_token_accepted()),
        Trial::NotKnown(why) => Err(messages::known_token_not_tried(&why)),
    }
}

/// Intent, list, notice and journal change together: the outcome is known, and there is no token.
pub(crate) async fn close_rotation(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Rotation>,
    closing: &Closing,
) -> Result<(), UiError> {
    let key = &intent.what.key;
    let entry = Entry {
        key: Some(closing.row.as_ref().unwrap_or(key).into()),
        ..session::entry(ctx, account, Action::RotateKey, &closing.outcome)
    };
    let (id, noted_at) = (intent.id, intent.at);
    let (account, key) = (account.id, key.id.clone());
    let Closing {
        row,
        gone,
        lost_at,
        not_done_at,
        notice,
        ..
    } = closing.clone();
    ctx.database
        .run(move |transaction| {
            match lost_at {
                Some(at) => {
                    if let Some(row) = &row {
                        let token = KnownToken::of(row);
                        let of_key = (account, &key);
                        intents::lost_one_of(transaction, (id, noted_at), of_key, &token)?;
                    }
                    notices::remove_of_key(transaction, account, key.as_str())?;
                    intents::mark_lost(transaction, id, at)?;
                }
                None => match not_done_at {
                    Some(at) => intents::mark_not_done(transaction, id, at)?,
                    None => intents::settle(transaction, id)?,
                },
            }
            if gone {
                key_cache::remove_key(transaction, account, key.as_str())?;
            }
            if let Some(row) = &row {
                key_cache::put_key(transaction, account, row)?;
            }
            if let Some(notice) = &notice {
                notices::add(transaction, notice)?;
            }
            journal::append(transaction, &entry)
        })
        .await?;
    Ok(())
}

/// What is written down of a rotation that brought no token.
#[derive(Clone, Debug)]
pub(crate) struct Closing {
    outcome: String,
    /// The key as it is now, where that is known and differs.
    row: Option<KeyRow>,
    gone: bool,
    /// When it was found that nobody has its token; the intent stays as long as its notice.
    lost_at: Option<Timestamp>,
    /// When it was called not done; the intent stays for a while, to correct that.
    not_done_at: Option<Timestamp>,
    notice: Option<Kept>,
}

impl Closing {
    pub(crate) fn with(outcome: &str) -> Self {
        Self {
            outcome: outcome.to_owned(),
            row: None,
            gone: false,
            lost_at: None,
            not_done_at: None,
            notice: None,
        }
    }

    pub(crate) fn gone() -> Self {
        Self {
            gone: true,
            ..Self::with("not rotated: it is deleted")
        }
    }
}

async fn look(client: &Client, account: &Account, what: &Rotation) -> Seen {
    match client.key(&what.key.id).await {
        Ok(key) => compare(what, &row(&key, account)),
        Err(ApiError::NotFound) => match Proof::fetch(client, account).await.lacks(&what.key.id) {
            Ok(true) => Seen::Gone,
            Ok(false) => Seen::NotKnown(messages::not_found_but_listed()),
            Err(error) => Seen::NotKnown(messages::not_found_not_proved(error)),
        },
        // A rotation explains it, and so does a gateway.
        Err(ApiError::Unauthorized) if what.key.own => Seen::NotKnown(messages::own_key_in_doubt()),
        Err(error) => Seen::NotKnown(at_work(&error)),
    }
}

fn compare(what: &Rotation, now: &KeyRow) -> Seen {
    if what.token.is_of(now) {
        Seen::Unchanged
    } else {
        Seen::Rotated(Box::new(now.clone()))
    }
}
