//! One deletion that the user confirmed: look again, note, send, find out what became of it, write that down.
//!
//! 1. The service is asked for the key once more, right before the request leaves: anything that is not as it was
//!    shown ends it, and so does a key that can't be asked for. What this waits for (keychain, credential) was waited for
//!    before.
//! 2. An intent is noted, then one `DELETE` leaves. It is never sent twice, unless the service refused it with a time
//!    to wait and somebody waits (`wait_policy`); then the key is looked at anew first.
//! 3. The answer alone proves nothing. After a confirmed deletion the record's own 404 does; after any other answer a
//!    404 is only a doubt, which a fresh whole list settles (`settle`). Many deletions share one list.
//! 4. Where a token of the key is known, it is tried (`revocation`).
//!
//! Left out: what is asked of the user before (`delete`, `bulk_delete`), and what is written down, goes and is told
//! once it is known how it ended (`result`).

use pulseapi::{Client, Error as ApiError, IdempotencyKey};

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::context::Context;
use crate::keys::changes;
use crate::keys::changes::{KeyChange, Shown};
use crate::keys::delete::model::DeletedBy;
use crate::keys::delete::result::{self, After, DeletionResult, Doubt, Gone, Noted};
use crate::keys::delete::{card, messages};
use crate::keys::list::row;
use crate::keys::revocation::{self, KnownTokens, Trial};
use crate::keys::verify::{Looked, RateLimitWait, look_with_retry};
use crate::operation_lock;
use crate::records::accounts::{Account, BrowserOperation};
use crate::records::intents::{self, Deletion, Intent};
use crate::records::key::KeyRow;
use crate::session::in_browser;

/// How the journal tells of a confirmed deletion after which the key is still there.
const STILL_LISTED: &str = "unknown: confirmed, but still listed";

/// And of one after which the key could not be looked at.
const NOT_SEEN: &str = "unknown: confirmed, but not seen to be gone";

/// A key whose deletion the user confirmed.
pub(crate) struct Confirmed {
    /// As it was shown to them.
    pub(crate) shown: Shown,
    /// The user was told that something uses it all the time: another use is no news.
    pub(crate) expects_use: bool,
    pub(crate) tokens: KnownTokens,
}

/// Why what became of a deletion could not be written down.
pub(crate) enum Unwritten {
    /// Nothing was sent, or only what was refused.
    Before(UiError),
    /// The request had left. Its note may still be open.
    After(UiError),
}

impl From<Unwritten> for UiError {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::Before(error) | Unwritten::After(error) => error,
        }
    }
}

/// How far a deletion came.
#[expect(clippy::large_enum_variant, reason = "one at a time, and gone at once")]
pub(crate) enum Sent<'a> {
    Ended(DeletionResult),
    /// A list has to say.
    Doubtful(Doubt<'a>),
}

/// Deletes a key that the user has said yes to, if it still is what was shown, and finds out what became of it.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn delete_confirmed<'ctx>(
    ctx: &'ctx Context,
    account: &Account,
    client: &Client,
    confirmed: &Confirmed,
    wait_policy: &dyn RateLimitWait,
) -> Result<Sent<'ctx>, Unwritten> {
    let shown = &confirmed.shown;
    let mut noted: Option<Noted<'_>> = None;
    let mut refusals = 0;
    let (noted, answer) = loop {
        let now = match look_with_retry(client, &shown.key, wait_policy).await {
            Looked::Alive(found) => row(&found, account),
            Looked::NoRecord => {
                return Ok(Sent::Doubtful(Doubt {
                    key: shown.key.clone(),
                    noted,
                    after: After::Nothing,
                }));
            }
            looked => {
                let why = match looked {
                    Looked::NotKnown(error) => error,
                    _ => ApiError::Unauthorized,
                };
                let result = not_sent(ctx, account, &shown.key, noted.as_ref(), why);
                return result.await.map(Sent::Ended).map_err(Unwritten::Before);
            }
        };
        let card = card::card(ctx, account.id, now);
        let mut changes = changes::changes(shown, &Shown::from(&card));
        changes.retain(|change| !(confirmed.expects_use && is_use(change)));
        if !changes.is_empty() {
            let intent = noted.as_ref().map(|noted| &noted.intent);
            let outcome = messages::journalled_change(&changes);
            result::write(ctx, account, &card.key, intent, &outcome, None)
                .await
                .map_err(|error| Unwritten::Before(error.into()))?;
            let card = Box::new(card);
            return Ok(Sent::Ended(DeletionResult::Changed { card, changes }));
        }
        let held = match noted.take() {
            Some(held) => held,
            None => {
                let noted = note_deletion(ctx, account, card.key).await;
                noted.map_err(Unwritten::Before)?
            }
        };
        let idempotency = IdempotencyKey::from(held.intent.id);
        match client.delete_key(&shown.key.id, idempotency).await {
            Err(refusal @ ApiError::RateLimited { .. })
                if wait_policy.waits(&refusal, refusals).await =>
            {
                refusals += 1;
                noted = Some(held);
            }
            answer => break (held, answer),
        }
    };
    let sent = answered(ctx, account, client, confirmed, wait_policy, noted, answer).await;
    sent.map_err(Unwritten::After)
}

/// What became of a deletion that was answered, or whose answer got lost.
async fn answered<'a>(
    ctx: &Context,
    account: &Account,
    client: &Client,
    confirmed: &Confirmed,
    wait_policy: &dyn RateLimitWait,
    noted: Noted<'a>,
    answer: Result<Option<String>, ApiError>,
) -> Result<Sent<'a>, UiError> {
    let key = &noted.intent.what.key;
    let (looked, after) = match answer {
        Ok(request_id) => {
            ctx.host.deletion_accepted(account.id, &key.id);
            let intent = &noted.intent;
            let result = after_yes(
                ctx,
                account,
                client,
                intent,
                confirmed,
                request_id,
                wait_policy,
            );
            return result.await.map(Sent::Ended);
        }
        Err(ApiError::NotFound) => (
            look_with_retry(client, key, wait_policy).await,
            After::NotFound,
        ),
        Err(error) if !error.outcome_unknown() => {
            let result = not_deleted(ctx, account, &noted.intent, error);
            return result.await.map(Sent::Ended);
        }
        Err(error) => (
            look_with_retry(client, key, wait_policy).await,
            After::Silence(error),
        ),
    };
    after_doubt(ctx, account, noted, looked, after).await
}

async fn note_deletion<'ctx>(
    ctx: &'ctx Context,
    account: &Account,
    key: KeyRow,
) -> Result<Noted<'ctx>, UiError> {
    let intent = Intent::new(account, ctx.now(), Deletion { key });
    let in_flight = operation_lock::in_flight_request(ctx, intent.id);
    intents::note(&ctx.database, &intent).await?;
    Ok(Noted {
        intent,
        _in_flight: in_flight,
    })
}

/// The service confirmed the deletion: the record's own 404 is the proof, or 401 to the key's own token.
async fn after_yes(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: &Intent<Deletion>,
    confirmed: &Confirmed,
    request_id: Option<String>,
    wait_policy: &dyn RateLimitWait,
) -> Result<DeletionResult, UiError> {
    let key = &intent.what.key;
    let gone = Gone {
        key,
        intent: Some(intent),
        by: DeletedBy::Us,
        request_id: request_id.clone(),
    };
    let (outcome, error, why) = match look_with_retry(client, key, wait_policy).await {
        Looked::NoRecord => {
            let trial =
                revocation::try_tokens(ctx, account, &key.last_eight, &confirmed.tokens).await;
            return result::is_gone(ctx, account, gone, trial).await;
        }
        Looked::OwnRefused => {
            // One 401 may be anybody's: it counts when another call gets it too.
            let trial =
                revocation::try_tokens(ctx, account, &key.last_eight, &confirmed.tokens).await;
            if trial == (Trial::Refused { is_current: true }) {
                return result::is_gone(ctx, account, gone, trial).await;
            }
            (NOT_SEEN, messages::own_key_in_doubt(), None)
        }
        Looked::Alive(_) => (STILL_LISTED, messages::still_listed(), None),
        Looked::NotKnown(error) => {
            let told = messages::confirmed_but_not_seen(&error);
            (NOT_SEEN, told, Some(error))
        }
    };
    result::write(ctx, account, key, None, outcome, request_id).await?;
    Ok(DeletionResult::Unknown { error, why })
}

/// The answer was 404, or got lost.
async fn after_doubt<'a>(
    ctx: &Context,
    account: &Account,
    noted: Noted<'a>,
    looked: Looked,
    after: After,
) -> Result<Sent<'a>, UiError> {
    let intent = &noted.intent;
    let error = match &after {
        After::Silence(error) => error.clone(),
        After::NotFound | After::Nothing | After::Browser => ApiError::NotFound,
    };
    let (told, why) = match looked {
        Looked::NoRecord => {
            return Ok(Sent::Doubtful(Doubt {
                key: intent.what.key.clone(),
                noted: Some(noted),
                after,
            }));
        }
        // The request may take effect late: it is watched.
        Looked::Alive(_) if matches!(after, After::Silence(_)) => {
            intents::outcome_unknown(ctx, intent).await?;
            let outcome = format!("unknown: {error}");
            let key = &intent.what.key;
            result::write(ctx, account, key, None, &outcome, None).await?;
            let told = messages::watched(&error, ctx.now());
            return Ok(Sent::Ended(DeletionResult::Watched {
                error: in_browser::told(ctx, account, BrowserOperation::Delete, &error, told),
            }));
        }
        Looked::Alive(_) => {
            let result = not_deleted(ctx, account, intent, error);
            return result.await.map(Sent::Ended);
        }
        Looked::OwnRefused => (messages::own_key_in_doubt(), None),
        Looked::NotKnown(why) => (messages::unknown(&error), Some(why)),
    };
    let intent = &intents::outcome_unknown(ctx, intent).await?;
    let key = &intent.what.key;
    let outcome = format!("unknown: {error}");
    result::write(ctx, account, key, None, &outcome, None).await?;
    Ok(Sent::Ended(DeletionResult::Unknown { error: told, why }))
}

async fn not_deleted(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Deletion>,
    error: ApiError,
) -> Result<DeletionResult, UiError> {
    let outcome = format!("not deleted: {error}");
    let key = &intent.what.key;
    result::write(ctx, account, key, Some(intent), &outcome, None).await?;
    let told = match &error {
        ApiError::NotFound => messages::not_found_but_there(key),
        error => at_work(error).and_the_key_is_alive(),
    };
    let told = in_browser::told(ctx, account, BrowserOperation::Delete, &error, told);
    Ok(DeletionResult::NotDeleted {
        error: told,
        why: error,
        was_sent: true,
    })
}

/// The key could not be looked at, so nothing was sent, or only what was refused.
async fn not_sent(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
    noted: Option<&Noted<'_>>,
    why: ApiError,
) -> Result<DeletionResult, UiError> {
    if let Some(noted) = noted {
        let outcome = format!("not deleted: {why}");
        result::write(ctx, account, key, Some(&noted.intent), &outcome, None).await?;
    }
    Ok(DeletionResult::NotDeleted {
        error: at_work(&why).and_the_key_is_alive(),
        why,
        was_sent: noted.is_some(),
    })
}

fn is_use(change: &KeyChange) -> bool {
    matches!(change, KeyChange::Used { .. })
}
