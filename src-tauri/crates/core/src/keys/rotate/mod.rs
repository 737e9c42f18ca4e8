//! Rotating a key: settle, look, ask, look again, note, act, bring the token to safety, write it down.
//!
//! 1. What an earlier request about this key left open is settled first. Where it cannot be, nothing is sent.
//! 2. The service is asked for the key, and the host asks the user. Anything but an explicit yes ends it.
//! 3. The keychain shows that it can store, and the service is asked for the key once more: if it changed while the user
//!    was asked, nothing is sent.
//! 4. An intent is noted, then one request leaves. It is never sent twice.
//! 5. The token goes into custody before anything else happens to it.
//! 6. Was it the app's own key, the account moves to the new token (`own_key`).
//! 7. Intent, list, journal and custody change in one transaction.
//! 8. The files that the user ticked get the new token (`tokens::place`). They were looked at before anything was sent.
//!
//! Where no token arrives, the service is asked whether the key changed, and again until the answer is proof (`watch`).
//! Left out: the words (`messages`), and looking at an open intent later (`reconcile`).

pub(crate) mod messages;
pub(crate) mod verify;
pub(crate) mod wire;

use pulseapi::{BearerToken, Client, Error as ApiError, Operation};

use crate::base::error::UiError;
use crate::base::errors::{at_work, sent_but_not_written};
use crate::base::ids::KeyRequest;
use crate::context::Context;
use crate::custody::IssuedToken;
use crate::custody::arrival::{record_of_rotation, with_token};
use crate::custody::client::WriteError;
use crate::custody::in_process::InProcess;
use crate::custody::protocol::Write;
use crate::custody::{self, Arrival, InKeychain};
use crate::host::Reply;
use crate::keys::delete::messages::evidence_without_own;
use crate::keys::list::row;
use crate::keys::rotate::verify::{Closing, KeyGone};
use crate::keys::rotate::wire::{RotateCard, RotateOutcome, RotateRequest};
use crate::keys::verify::Proof;
use crate::keys::verify::Settled;
use crate::keys::{self, changes};
use crate::operation_lock::{self, Subject};
use crate::records::accounts::{self, Account, BrowserOperation};
use crate::records::intents::{self, AccountWas, Intent, KnownToken, Rotation, Settle};
use crate::records::journal::{self, Action, Entry};
use crate::records::key::KeyRow;
use crate::records::{key_cache, own_calls};
use crate::session::{self, in_browser, own_key};
use crate::tokens::place::Chosen;
use crate::usage::searches::Searches;

/// What is shown before a key is rotated, asked of the service now.
///
/// # Errors
/// What the service reports.
pub(crate) async fn rotate_card(
    ctx: &Context,
    request: &KeyRequest,
) -> Result<RotateCard, UiError> {
    let (account, client) = keys::signed_in_to(ctx, request.account, Operation::Rotate).await?;
    let key = client
        .key(&request.key)
        .await
        .map_err(|error| at_work(&error))?;
    Ok(rotate_card_of(ctx, &account, row(&key, &account)))
}

fn rotate_card_of(ctx: &Context, account: &Account, key: KeyRow) -> RotateCard {
    ctx.of::<Searches>().looked_at(account.id, &key);
    let now = ctx.now();
    RotateCard {
        evidence: evidence_without_own(&own_calls::by_others(ctx, account.id, &key), now),
        reasons: messages::reasons(&key),
        asked_at: now,
        key,
    }
}

/// Rotates a key, after the user has said yes to the host's question.
///
/// # Errors
/// When the account is not known any more, its credential cannot be read, something is being done with the key
/// already, or the app's own files fail before anything was sent. Whatever the service says is an outcome.
pub(crate) async fn rotate_key(
    ctx: &Context,
    request: &RotateRequest,
) -> Result<RotateOutcome, UiError> {
    let _lock =
        operation_lock::lock_operation(ctx, Subject::Key(request.account, request.key.clone()))?;
    let (account, client) = keys::signed_in_to(ctx, request.account, Operation::Rotate).await?;
    if let Some(error) = ctx
        .of::<Box<dyn Settle>>()
        .before_write(ctx, &account, &request.key)
        .await?
    {
        return Ok(not_rotated(error));
    }

    let key = match client.key(&request.key).await {
        Ok(key) => row(&key, &account),
        Err(ApiError::NotFound) => {
            return gone_before_rotation(ctx, &account, &client, request).await;
        }
        Err(error) => return Ok(not_rotated(at_work(&error))),
    };
    let chosen = Chosen::before_rotation(ctx, account.id, &key.id, &request.files);
    let chosen = match chosen {
        Ok(chosen) => chosen,
        Err(error) => return Ok(not_rotated(error)),
    };
    let question = messages::question(&key, request.reason, ctx.now(), chosen.as_ref());
    if ctx.host.ask(question).await != Reply::Yes {
        return Ok(RotateOutcome::Cancelled);
    }
    if let Some(chosen) = &chosen
        && !chosen.consented(ctx).await
    {
        return Ok(RotateOutcome::Cancelled);
    }

    if let Err(error) = custody::client::keychain_stores(ctx).await {
        return Ok(not_rotated(error));
    }
    let old = custody::known_token_of(ctx, account.id, &key).await;
    match client
        .key(&request.key)
        .await
        .map(|now| row(&now, &account))
    {
        Ok(now) => {
            let changes = changes::changes_of_key(&key, &now);
            if !changes.is_empty() {
                return Ok(RotateOutcome::CardChanged {
                    message: messages::changed(&now, &changes),
                    card: Box::new(rotate_card_of(ctx, &account, now)),
                });
            }
        }
        Err(error) => return Ok(not_rotated(at_work(&error))),
    }
    let chosen = match chosen {
        None => None,
        Some(chosen) => match chosen.check().await {
            Ok(chosen) => Some(chosen),
            Err(error) => return Ok(not_rotated(error)),
        },
    };

    let what = Rotation {
        token: KnownToken::of(&key),
        key,
        reason: request.reason,
        pasted: false,
    };
    let intent = Intent::new(&account, ctx.now(), what);
    let in_flight = operation_lock::in_flight_request(ctx, intent.id);
    intents::note(&ctx.database, &intent).await?;
    let write = Write::Rotate(intent.what.key.id.clone());
    let name = &intent.what.key.name;
    let sent =
        custody::client::send_through_custodian(ctx, &account, &client, &in_flight, name, write)
            .await;
    match sent {
        Ok(fresh) => {
            let outcome = rotated(ctx, &account, &intent, fresh, old).await;
            Ok(match chosen {
                None => outcome,
                Some(chosen) => put_in_place(ctx, outcome, chosen).await,
            })
        }
        Err(WriteError::NotSent(error)) => {
            let outcome = format!("not rotated: {}", error.message);
            let closing = Closing::with(&outcome);
            let closed = verify::close_rotation(ctx, &account, &intent, &closing).await;
            intents::closed_or_left_open(closed);
            Ok(not_rotated(error))
        }
        Err(WriteError::Service(error)) if !error.outcome_unknown() => {
            Ok(refused(ctx, &account, &client, &intent, &error).await)
        }
        Err(WriteError::Service(error)) => {
            let found = after_lost_answer(ctx, &account, &client, &intent, &error).await;
            Ok(found.unwrap_or_else(|error| RotateOutcome::Unknown {
                error: sent_but_not_written(&error),
            }))
        }
    }
}

/// The service refused the request: it did nothing.
async fn refused(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: &Intent<Rotation>,
    error: &ApiError,
) -> RotateOutcome {
    let key = &intent.what.key;
    if matches!(error, ApiError::NotFound)
        && Proof::fetch(client, account).await.lacks(&key.id) == Ok(true)
    {
        let closed = verify::close_rotation(ctx, account, intent, &Closing::gone()).await;
        intents::closed_or_left_open(closed);
        return RotateOutcome::Gone {
            message: messages::gone(Some(key)),
        };
    }
    let outcome = format!("not rotated: {error}");
    let closed = verify::close_rotation(ctx, account, intent, &Closing::with(&outcome)).await;
    intents::closed_or_left_open(closed);
    let told = in_browser::told(
        ctx,
        account,
        BrowserOperation::Rotate,
        error,
        at_work(error),
    );
    not_rotated(told)
}

/// The service said that the key is not there, before anything was sent.
async fn gone_before_rotation(
    ctx: &Context,
    account: &Account,
    client: &Client,
    request: &RotateRequest,
) -> Result<RotateOutcome, UiError> {
    match Proof::fetch(client, account).await.lacks(&request.key) {
        Ok(true) => {}
        Ok(false) => return Ok(not_rotated(messages::not_found_but_listed())),
        Err(error) => return Ok(not_rotated(messages::not_found_not_proved(error))),
    }
    let known = key_cache::cached_keys(ctx, account.id).await?.keys;
    let key = known.into_iter().find(|key| key.id == request.key);
    let (account, id) = (account.id, request.key.clone());
    ctx.database
        .run(move |transaction| key_cache::remove_key(transaction, account, id.as_str()))
        .await?;
    Ok(RotateOutcome::Gone {
        message: messages::gone(key.as_ref()),
    })
}

async fn after_lost_answer(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: &Intent<Rotation>,
    error: &ApiError,
) -> Result<RotateOutcome, UiError> {
    let intent = &intents::outcome_unknown(ctx, intent).await?;
    // The keychain first: the custodian may have brought the token to safety before the answer got lost.
    match custody::token_in_keychain(ctx, account.id, intent.custody()).await {
        InKeychain::Yes(token) => {
            let fresh = IssuedToken::in_keychain(token);
            return Ok(rotated(ctx, account, intent, fresh, None).await);
        }
        InKeychain::No => {}
        InKeychain::NotKnown(_) => {
            journal_unknown(ctx, account, intent, error).await?;
            return Ok(RotateOutcome::Unknown {
                error: messages::unknown(error),
            });
        }
    }
    let told = |told| in_browser::told(ctx, account, BrowserOperation::Rotate, error, told);
    Ok(
        match verify::settle_sent_rotation(ctx, account, client, intent).await? {
            Settled::NotDone => not_rotated(told(at_work(error))),
            Settled::Watched => {
                journal_unknown(ctx, account, intent, error).await?;
                RotateOutcome::Unknown {
                    error: told(messages::watched(error, &intent.what.key, ctx.now())),
                }
            }
            Settled::Lost { message, next } => RotateOutcome::TokenLost { message, next },
            Settled::Moot(KeyGone) => RotateOutcome::Gone {
                message: messages::gone(Some(&intent.what.key)),
            },
            Settled::NotKnown(_) => {
                journal_unknown(ctx, account, intent, error).await?;
                RotateOutcome::Unknown {
                    error: messages::unknown(error),
                }
            }
        },
    )
}

async fn rotated(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Rotation>,
    mut fresh: IssuedToken,
    old: Option<BearerToken>,
) -> RotateOutcome {
    let before = &intent.what.key;
    let record = record_of_rotation(intent, &AccountWas::of(account), &fresh.token, ctx.now());
    let mut trouble = custody::take_in(ctx, &record, &mut fresh).await;

    let mut settles = true;
    if before.own
        && let Err(error) = own_key::adopt(ctx, account.id, &fresh.token).await
    {
        settles = false;
        trouble = trouble.or(Some(messages::not_adopted(error)));
        // Its token is dead: the next use case that needs a client finishes the move first.
        session::clients(ctx).remove(&account.id);
    }
    // The account knows by now which token is its own.
    let account = accounts::find(ctx, account.id).unwrap_or_else(|_| account.clone());
    let row = fresh.key.map_or_else(
        || {
            with_token(
                before,
                &record,
                account
                    .own_key
                    .is_token(Some(&before.id), &record.last_eight),
            )
        },
        |key| row(&key, &account),
    );
    // What is searched for from now on is the new token, not the one that the card showed.
    ctx.of::<Searches>().looked_at(account.id, &row);
    let arrival = Arrival {
        entry: Entry {
            key: Some((&row).into()),
            request_id: fresh.request_id,
            ..session::entry(
                ctx,
                &account,
                Action::RotateKey,
                messages::journalled(intent.what.reason),
            )
        },
        row: Some(row),
        record: record.clone(),
        settles,
    };
    let not_written = custody::write_down_arrival(ctx, arrival).await;
    if let Some(old) = old {
        ctx.of::<InProcess>().remember_token_before(record.id, old);
    }
    let kept = Some(record.id);
    if let Err(error) =
        custody::leaving::forget_dead_tokens(ctx, account.id, &before.id, kept).await
    {
        tracing::warn!("{}", error.message);
    }
    RotateOutcome::Rotated {
        token: Box::new(custody::token_view(ctx, &record)),
        trouble: trouble.or(not_written),
        written: None,
    }
}

/// The new token goes into the files that the user ticked.
async fn put_in_place(ctx: &Context, outcome: RotateOutcome, chosen: Chosen) -> RotateOutcome {
    let RotateOutcome::Rotated { token, trouble, .. } = outcome else {
        return outcome;
    };
    let (written, not_put) = match chosen.put(ctx, token.id).await {
        Ok(written) => (Some(written), None),
        Err(error) => (None, Some(messages::not_put(error))),
    };
    RotateOutcome::Rotated {
        token,
        trouble: trouble.or(not_put),
        written,
    }
}

async fn journal_unknown(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Rotation>,
    error: &ApiError,
) -> Result<(), UiError> {
    let entry = Entry {
        key: Some((&intent.what.key).into()),
        ..session::entry(
            ctx,
            account,
            Action::RotateKey,
            &format!("unknown: {error}"),
        )
    };
    ctx.database
        .run(move |transaction| journal::append(transaction, &entry))
        .await?;
    Ok(())
}

fn not_rotated(error: UiError) -> RotateOutcome {
    RotateOutcome::NotRotated {
        error: messages::not_rotated(error),
    }
}
