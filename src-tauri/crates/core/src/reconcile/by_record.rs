//! One open intent, settled by asking the keychain for its token and then the service for its record.

use std::ops::ControlFlow::{self, Break, Continue};
use std::time::Duration;

use pulseapi::Client;

use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::at_work;
use crate::context::Context;
use crate::custody::{self, InKeychain, arrival};
use crate::keys::create::{self, messages as creation};
use crate::keys::delete::{self, messages as deletion};
use crate::keys::guided::paste::messages as pasting;
use crate::keys::rotate::{self, messages as rotation};
use crate::keys::verify::{Looked, Proof, look};
use crate::reconcile::standing::Standing;
use crate::records::accounts::{self, Account};
use crate::records::intents::{self, Creation, Deletion, Intent, Open, Rotation, schedule};
use crate::records::notices::{self, Kept};
use crate::session::own_key;
use crate::{keys, operation_lock};

/// Settles one open intent, as far as it can be.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn settle(
    ctx: &Context,
    open: &Open,
    timeout: Duration,
) -> Result<Standing, UiError> {
    let claim = if open.brings_token() {
        let claim = custody::client::claim_intent(ctx, open.id(), timeout).await?;
        if claim.is_none() {
            return Ok(Standing::InFlight(in_flight(open)));
        }
        claim
    } else {
        None
    };
    // Signing in, to ask the service, does not wait for a claim that is held here.
    let in_flight = operation_lock::in_flight_request(ctx, open.id());
    // A custodian may have fulfilled it before the claim was ours, and a newer request may have changed what it knows.
    let Some(open) = intents::open_one(&ctx.database, open.id()).await? else {
        return Ok(Standing::Closed(None));
    };
    let standing = match &open {
        Open::Delete(intent) => settle_deletion(ctx, intent).await?,
        Open::Rotate(intent) => settle_rotation(ctx, intent).await?,
        Open::Create(intent) => settle_creation(ctx, intent).await?,
    };
    drop((in_flight, claim));
    Ok(standing)
}

fn in_flight(open: &Open) -> String {
    match open {
        Open::Create(intent) => creation::in_flight(&intent.what.name),
        Open::Rotate(intent) => rotation::in_flight(&intent.what.key),
        Open::Delete(intent) => {
            let why = UiError::new(ErrorCode::Other, "", "");
            deletion::still_unknown(&intent.what.key, &why)
        }
    }
}

async fn settle_deletion(ctx: &Context, intent: &Intent<Deletion>) -> Result<Standing, UiError> {
    let key = &intent.what.key;
    let still_unknown = |error: &UiError| {
        let message = deletion::still_unknown(key, error);
        Standing::not_known(message, error)
    };
    let not_known = |error: &UiError| Ok(still_unknown(error));
    let signed_out = deletion::signed_out_since(key);
    let (account, client) = match who_can_ask(ctx, intent, signed_out, still_unknown).await? {
        Continue(signed_in) => signed_in,
        Break(standing) => return Ok(standing),
    };
    match look(&client, key).await {
        Looked::NoRecord => {
            let proof = Proof::fetch(&client, &account).await;
            match proof.lacks(&key.id) {
                Ok(true) => seen_gone(ctx, &account, intent).await,
                Ok(false) => not_known(&deletion::listed_but_not_found(key, true)),
                Err(error) => not_known(error),
            }
        }
        Looked::Alive(_) => seen_alive(ctx, &account, intent).await,
        // A deletion explains it, and so does a gateway: the credential stays.
        Looked::OwnRefused => not_known(&deletion::own_key_in_doubt()),
        Looked::NotKnown(error) => not_known(&at_work(&error)),
    }
}

/// The key is proved to be gone.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn seen_gone(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Deletion>,
) -> Result<Standing, UiError> {
    delete::result::found_gone(ctx, account, intent).await?;
    let told = deletion::found_gone(&intent.what.key);
    Ok(Standing::Closed(Some((false, told))))
}

/// The key is there. Only the last look may say that it was not deleted.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn seen_alive(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Deletion>,
) -> Result<Standing, UiError> {
    let (key, now) = (&intent.what.key, ctx.now());
    if !schedule::is_over(intent.open_since(), now) {
        return Ok(Standing::Watched(deletion::still_watched(key, now)));
    }
    let outcome = "not deleted: interrupted, the key is alive";
    delete::result::write(ctx, account, key, Some(intent), outcome, None).await?;
    Ok(Standing::Closed(Some((true, deletion::found_alive(key)))))
}

async fn settle_rotation(ctx: &Context, intent: &Intent<Rotation>) -> Result<Standing, UiError> {
    let key = &intent.what.key;
    let is_pasted = intent.what.is_pasted();
    let still_unknown = |error: &UiError| {
        let message = if is_pasted {
            pasting::still_unknown(&key.name, &key.last_eight, error)
        } else {
            rotation::still_unknown(key, error)
        };
        Standing::not_known(message, error)
    };
    match custody::token_in_keychain(ctx, intent.account, intent.custody()).await {
        // The account moves to it first; signing in does that.
        InKeychain::Yes(_) if key.own && accounts::find(ctx, intent.account).is_ok() => {
            let finished = own_key::finish_claimed_own_rotation(ctx, intent).await;
            return Ok(match finished {
                Ok(()) => Standing::Closed(None),
                Err(error) => Standing::NotKnown(rotation::not_adopted(error).message),
            });
        }
        InKeychain::Yes(token) => {
            arrival::rotation_found_in_keychain(ctx, intent, &token).await?;
            return Ok(Standing::Closed(None));
        }
        InKeychain::No if is_pasted => {
            let message = pasting::not_kept(&key.name, &key.last_eight);
            return close_without_token(ctx, intent, message).await;
        }
        InKeychain::No => {}
        InKeychain::NotKnown(error) => return Ok(still_unknown(&error)),
    }
    let signed_out = rotation::signed_out_since(key);
    let (account, client) = match who_can_ask(ctx, intent, signed_out, still_unknown).await? {
        Continue(signed_in) => signed_in,
        Break(standing) => return Ok(standing),
    };
    let settled = rotate::verify::settle_open_rotation(ctx, &account, &client, intent).await?;
    Ok(Standing::of_rotation(key, settled, ctx.now()))
}

async fn settle_creation(ctx: &Context, intent: &Intent<Creation>) -> Result<Standing, UiError> {
    let name = &intent.what.name;
    let is_pasted = intent.what.pasted.is_some();
    let still_unknown = |error: &UiError| {
        let message = if is_pasted {
            pasting::still_unknown(name, "", error)
        } else {
            creation::still_unknown(name, error)
        };
        Standing::not_known(message, error)
    };
    match custody::token_in_keychain(ctx, intent.account, intent.custody()).await {
        InKeychain::Yes(token) => {
            arrival::creation_found_in_keychain(ctx, intent, &token).await?;
            return Ok(Standing::Closed(None));
        }
        InKeychain::No if is_pasted => {
            return close_without_token(ctx, intent, pasting::not_kept(name, "")).await;
        }
        InKeychain::No => {}
        InKeychain::NotKnown(error) => return Ok(still_unknown(&error)),
    }
    let signed_out = creation::signed_out_since(name);
    let (account, client) = match who_can_ask(ctx, intent, signed_out, still_unknown).await? {
        Continue(signed_in) => signed_in,
        Break(standing) => return Ok(standing),
    };
    let settled = create::verify::settle_creation(ctx, &account, &client, intent).await?;
    Ok(Standing::of_creation(name, settled, ctx.now()))
}

/// The account of an intent, and a client that can ask the service; else where the intent stands.
async fn who_can_ask<W>(
    ctx: &Context,
    intent: &Intent<W>,
    signed_out: String,
    still_unknown: impl FnOnce(&UiError) -> Standing,
) -> Result<ControlFlow<Standing, (Account, Client)>, UiError> {
    if accounts::find(ctx, intent.account).is_err() {
        let standing = close_without_token(ctx, intent, signed_out).await?;
        return Ok(Break(standing));
    }
    Ok(match keys::signed_in(ctx, intent.account).await {
        Ok(signed_in) => Continue(signed_in),
        Err(error) => Break(still_unknown(&error)),
    })
}

/// The keychain has no token, and nobody else can be asked: that is told. As long as it was not read, a keychain that finds
/// the token after all gives it back.
async fn close_without_token<W>(
    ctx: &Context,
    intent: &Intent<W>,
    message: String,
) -> Result<Standing, UiError> {
    let (id, at) = (intent.id, ctx.now());
    let notice = Kept {
        id,
        at,
        account: intent.account,
        key: None,
        message,
        next: None,
        is_calm: false,
    };
    ctx.database
        .run(move |transaction| {
            notices::add(transaction, &notice)?;
            intents::mark_lost(transaction, id, at)
        })
        .await?;
    Ok(Standing::Closed(None))
}
