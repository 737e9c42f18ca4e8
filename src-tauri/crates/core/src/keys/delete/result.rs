//! How a deletion ended: what is written down, what goes, and what is told.
//!
//! Intent, cache and journal change in one transaction. What is not known stays open, and nothing goes that depends on
//! it: no row of the list, no token in custody, no credential. Left out: sending it (`delete`), and what a later start
//! does with an open intent (`reconcile`).

use jiff::Timestamp;
use pulseapi::{Error as ApiError, KeyId};

use crate::base::database::DatabaseError;
use crate::base::error::UiError;
use crate::context::Context;
use crate::keys::changes;
use crate::keys::changes::KeyChange;
use crate::keys::delete::messages;
use crate::keys::delete::model::DeletedBy;
use crate::keys::delete::wire::{DeleteCard, DeleteOutcome, Verification};
use crate::keys::revocation::{self, KnownTokens, Trial};
use crate::keys::verify::Proof;
use crate::operation_lock::InFlightRequest;
use crate::records::accounts::Account;
use crate::records::intents::{self, Deletion, Intent};
use crate::records::journal::{self, Action, Entry};
use crate::records::key::KeyRow;
use crate::records::{key_cache, notices, revocations, swaps};
use crate::session::wire::AppState;
use crate::{custody, session};

/// What became of a deletion that was confirmed.
pub(crate) enum DeletionResult {
    Deleted {
        at: Timestamp,
        verification: Verification,
        message: String,
        signed_out: Option<AppState>,
    },
    GoneAlready {
        message: String,
        signed_out: Option<AppState>,
    },
    /// It was not what had been shown. Nothing was sent.
    Changed {
        card: Box<DeleteCard>,
        changes: Vec<KeyChange>,
    },
    NotDeleted {
        error: UiError,
        /// For a caller that has more keys to delete.
        why: ApiError,
        /// Whether the request had left.
        was_sent: bool,
    },
    Unknown {
        error: UiError,
        /// What kept the service from being asked; none where it contradicts itself.
        why: Option<ApiError>,
    },
    /// The answer got lost, and the key was still there when it was looked at: it is looked at again.
    Watched { error: UiError },
}

impl From<DeletionResult> for DeleteOutcome {
    fn from(result: DeletionResult) -> Self {
        match result {
            DeletionResult::Deleted {
                at,
                verification,
                message,
                signed_out,
            } => Self::Deleted {
                at,
                verification,
                message,
                signed_out,
            },
            DeletionResult::GoneAlready {
                message,
                signed_out,
            } => Self::GoneAlready {
                message,
                signed_out,
            },
            DeletionResult::Changed { card, changes } => Self::CardChanged {
                message: changes::since_yes(&card.key, &changes),
                card: *card,
            },
            DeletionResult::NotDeleted { error, .. } => Self::NotDeleted { error },
            DeletionResult::Unknown { error, .. } | DeletionResult::Watched { error } => {
                Self::Unknown { error }
            }
        }
    }
}

/// A deletion whose intent is noted. Until it is dropped, nobody else settles it.
pub(crate) struct Noted<'a> {
    pub(crate) intent: Intent<Deletion>,
    pub(crate) _in_flight: InFlightRequest<'a>,
}

/// After what the service said that it has no such key.
pub(crate) enum After {
    /// Before anything was sent, or when all of it had been refused.
    Nothing,
    /// A `DELETE` that was answered the same.
    NotFound,
    /// A `DELETE` whose answer got lost in this way.
    Silence(ApiError),
    /// The user went to the browser to delete it there.
    Browser,
}

impl After {
    pub(crate) fn was_sent(&self) -> bool {
        matches!(self, Self::NotFound | Self::Silence(_))
    }
}

/// A key of which the service says that it has no such record: gone, if a fresh whole list says so too.
pub(crate) struct Doubt<'a> {
    pub(crate) key: KeyRow,
    pub(crate) noted: Option<Noted<'a>>,
    pub(crate) after: After,
}

impl Doubt<'_> {
    /// Nothing was noted or sent about the key.
    pub(crate) fn before_anything(key: KeyRow) -> Self {
        Self {
            key,
            noted: None,
            after: After::Nothing,
        }
    }
}

/// What is to be told and done once a key is known to be gone.
pub(crate) struct Gone<'a> {
    pub(crate) key: &'a KeyRow,
    pub(crate) intent: Option<&'a Intent<Deletion>>,
    pub(crate) by: DeletedBy,
    pub(crate) request_id: Option<String>,
}

/// What a list says of a key that the service has no record of.
///
/// # Errors
/// When the app's own files fail; then its note may still be open.
pub(crate) async fn resolve_doubt(
    ctx: &Context,
    account: &Account,
    doubt: &Doubt<'_>,
    proof: &Proof,
    tokens: &KnownTokens,
) -> Result<DeletionResult, UiError> {
    let Doubt { key, noted, after } = doubt;
    let intent = noted.as_ref().map(|noted| &noted.intent);
    let told = match proof.lacks(&key.id) {
        Ok(true) => {
            let gone = Gone {
                key,
                intent,
                by: match after {
                    After::Silence(_) => DeletedBy::Us,
                    After::Browser => DeletedBy::UserInBrowser,
                    After::Nothing | After::NotFound => DeletedBy::SomebodyElse,
                },
                request_id: None,
            };
            let trial = revocation::try_tokens(ctx, account, &key.last_eight, tokens).await;
            return is_gone(ctx, account, gone, trial).await;
        }
        Ok(false) => messages::listed_but_not_found(key, after.was_sent()),
        Err(error) => messages::not_found_not_proved(key, error, after.was_sent()),
    };
    let outcome = match after {
        After::Nothing => "not sent: not known whether it is there".to_owned(),
        After::Browser => "unknown: deleted in the browser, not seen to be gone".to_owned(),
        After::NotFound => format!("unknown: {}", ApiError::NotFound),
        After::Silence(error) => format!("unknown: {error}"),
    };
    match (after, intent) {
        (After::Nothing | After::Browser, ended) => {
            write(ctx, account, key, ended, &outcome, None).await?;
        }
        (After::NotFound | After::Silence(_), open) => {
            if let Some(intent) = open {
                intents::outcome_unknown(ctx, intent).await?;
            }
            write(ctx, account, key, None, &outcome, None).await?;
        }
    }
    Ok(DeletionResult::Unknown {
        error: told,
        why: None,
    })
}

/// What a later look has proved of a deletion whose outcome was open.
///
/// # Errors
/// When the app's own files fail; then it may still be open.
pub(crate) async fn found_gone(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Deletion>,
) -> Result<(), UiError> {
    let key = &intent.what.key;
    let tokens = revocation::known_tokens(ctx, account, &key.id, &key.last_eight).await;
    let trial = revocation::try_tokens(ctx, account, &key.last_eight, &tokens).await;
    let gone = Gone {
        key,
        intent: Some(intent),
        by: DeletedBy::Us,
        request_id: None,
    };
    is_gone(ctx, account, gone, trial).await.map(drop)
}

/// A key is known to be gone, and its tokens were tried: all of it is written down, and what is dead goes.
pub(crate) async fn is_gone(
    ctx: &Context,
    account: &Account,
    gone: Gone<'_>,
    trial: Trial,
) -> Result<DeletionResult, UiError> {
    let Gone {
        key,
        intent,
        by,
        request_id,
    } = gone;
    let at = ctx.now();
    let verification = match trial {
        Trial::Refused { is_current: true } => Verification::TokenRefused,
        Trial::Accepted => Verification::TokenAccepted,
        _ => Verification::RecordGone,
    };
    let outcome = messages::journalled(by, verification, &trial);
    write_gone(
        ctx,
        account,
        key,
        intent,
        &outcome,
        request_id,
        trial.opens(account.id, key, at),
    )
    .await?;
    let is_refused = verification == Verification::TokenRefused;
    swaps::key_is_gone(ctx, account.id, &key.id, at, is_refused).await?;
    let signed_out = after_trial(ctx, account, key, &trial).await?;
    let is_signed_out = signed_out.is_some();
    Ok(if by == DeletedBy::SomebodyElse {
        DeletionResult::GoneAlready {
            message: messages::gone_already(Some(key), &trial),
            signed_out,
        }
    } else {
        DeletionResult::Deleted {
            at,
            verification,
            message: messages::deleted(key, &trial, is_signed_out),
            signed_out,
        }
    })
}

/// What goes once a token was seen to be dead: the copies in custody, and where it was the app's own, the account.
async fn after_trial(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
    trial: &Trial,
) -> Result<Option<AppState>, UiError> {
    let Trial::Refused { is_current } = trial else {
        return Ok(None);
    };
    if let Err(error) = custody::leaving::forget_dead_tokens(ctx, account.id, &key.id, None).await {
        tracing::warn!("dead tokens stay in custody for now: {}", error.message);
    }
    let is_own = account.own_key.is_token(Some(&key.id), &key.last_eight);
    if !is_own || !is_current {
        return Ok(None);
    }
    // What happened to the key is told in any case; a credential that stays is dead, and the next call says so.
    if let Err(error) =
        session::forget_account(ctx, account, revocation::messages::OWN_KEY_GONE).await
    {
        tracing::warn!("the account of a deleted key stays: {}", error.message);
        return Ok(None);
    }
    Ok(Some(session::state(ctx).await))
}

/// Writes how a deletion ended into the journal, and closes `ended`: its intent, where the key is known not to be
/// deleted. For a key that is gone, see `write_gone`.
pub(crate) async fn write(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
    ended: Option<&Intent<Deletion>>,
    outcome: &str,
    request_id: Option<String>,
) -> Result<(), DatabaseError> {
    let entry = deletion(ctx, account, key, outcome, request_id);
    let ended = ended.map(|intent| intent.id);
    ctx.database
        .run(move |transaction| {
            if let Some(id) = ended {
                intents::settle(transaction, id)?;
            }
            journal::append(transaction, &entry)
        })
        .await
}

/// A key is gone: journal, cache, intent, notices and the watch over its tokens change together.
async fn write_gone(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
    intent: Option<&Intent<Deletion>>,
    outcome: &str,
    request_id: Option<String>,
    opens: Option<revocations::OpenRevocation>,
) -> Result<(), DatabaseError> {
    let entry = deletion(ctx, account, key, outcome, request_id);
    let intent = intent.map(|intent| intent.id);
    let (account, id): (_, KeyId) = (account.id, key.id.clone());
    let is_watched = opens.is_some();
    ctx.database
        .run(move |transaction| {
            if let Some(intent) = intent {
                intents::settle(transaction, intent)?;
            }
            intents::settle_of_key(transaction, account, &id)?;
            key_cache::remove_key(transaction, account, id.as_str())?;
            notices::remove_of_key(transaction, account, id.as_str())?;
            if let Some(open) = &opens {
                revocations::put(transaction, open)?;
            }
            journal::append(transaction, &entry)
        })
        .await?;
    if is_watched {
        revocation::revocations_changed(ctx);
    }
    Ok(())
}

fn deletion(
    ctx: &Context,
    account: &Account,
    key: &KeyRow,
    outcome: &str,
    request_id: Option<String>,
) -> Entry {
    Entry {
        key: Some(key.into()),
        request_id,
        ..session::entry(ctx, account, Action::DeleteKey, outcome)
    }
}
