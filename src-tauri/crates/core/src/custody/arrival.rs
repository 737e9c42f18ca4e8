//! Tokens of interrupted requests that the keychain has: they are put on record, as if they had just arrived.

use jiff::Timestamp;
use pulseapi::BearerToken;

use crate::base::error::UiError;
use crate::base::text;
use crate::context::Context;
use crate::custody::in_process::InProcess;
use crate::custody::messages;
use crate::custody::records::{self, Record};
use crate::custody::wire::TokenOrigin;
use crate::records::accounts::{self, KeyAccess};
use crate::records::intents::{self, AccountWas, Creation, Intent, KnownToken, Rotation};
use crate::records::journal::{self, Action, Entry, KeyNamed};
use crate::records::key::KeyRow;
use crate::records::{key_cache, notices};

/// The token of an interrupted creation is in the keychain: it is put on record. The account may be signed out since.
pub(crate) async fn creation_found_in_keychain(
    ctx: &Context,
    intent: &Intent<Creation>,
    token: &BearerToken,
) -> Result<(), UiError> {
    let record = record_of_creation(intent, &intents::account_was(ctx, intent), token, intent.at);
    let row = row_of_pasted(ctx, intent, &record);
    let outcome = match row {
        Some(_) => messages::CREATION_PASTED_FOUND,
        None => messages::CREATION_FOUND,
    };
    let entry = creation_entry(ctx, intent, Some(&record), outcome);
    let id = intent.id;
    ctx.database
        .run(move |transaction| {
            if let Some(key) = &record.key {
                intents::is_made_by(transaction, record.account, key, id)?;
            }
            if records::add(transaction, &record)? {
                if let Some(row) = &row {
                    key_cache::put_key(transaction, record.account, row)?;
                }
                journal::append(transaction, &entry)?;
            }
            notices::remove(transaction, id)?;
            intents::settle(transaction, id)
        })
        .await?;
    ctx.of::<InProcess>().forget_if_written(intent.custody());
    Ok(())
}

pub(crate) fn creation_entry(
    ctx: &Context,
    intent: &Intent<Creation>,
    record: Option<&Record>,
    outcome: &str,
) -> Entry {
    Entry {
        key: Some(KeyNamed {
            id: record
                .and_then(|record| record.key.as_ref())
                .map(|key| key.as_str().to_owned()),
            name: text::sanitized(&intent.what.name),
            last_eight: record
                .map(|record| record.last_eight.clone())
                .unwrap_or_default(),
        }),
        ..intents::entry_of(ctx, intent, Action::CreateKey, outcome)
    }
}

pub(crate) fn record_of_creation(
    intent: &Intent<Creation>,
    was: &AccountWas,
    token: &BearerToken,
    at: Timestamp,
) -> Record {
    let record = Record::of(
        token,
        intent.custody(),
        (intent.account, was),
        TokenOrigin::Created,
        at,
    );
    Record {
        name: text::sanitized(&intent.what.name),
        key: intent.what.pasted.clone().or(record.key),
        ..record
    }
}

/// The row of a key that the user made in the browser; none for others, and where the account is signed out.
pub(crate) fn row_of_pasted(
    ctx: &Context,
    intent: &Intent<Creation>,
    record: &Record,
) -> Option<KeyRow> {
    let what = &intent.what;
    let account = accounts::find(ctx, intent.account).ok()?;
    let team = |id: &String| account.teams().iter().find(|team| team.id == *id).cloned();
    Some(KeyRow {
        id: what.pasted.clone()?,
        name: record.name.clone(),
        last_eight: record.last_eight.clone(),
        abilities: what.abilities.clone(),
        team: what.team.as_ref().and_then(team),
        last_used_at: None,
        // Nobody will say when it is used: that it never was is true today only.
        last_use_known: false,
        created_at: Some(record.arrived_at),
        rotated_at: None,
        rotation_known: false,
        own: false,
        noted_at: (account.keys == KeyAccess::Guided).then_some(record.arrived_at),
    })
}

/// The token of an interrupted rotation is in the keychain: it is put on record, where it is not yet. The account may
/// be signed out since.
pub(crate) async fn rotation_found_in_keychain(
    ctx: &Context,
    intent: &Intent<Rotation>,
    token: &BearerToken,
) -> Result<(), UiError> {
    let account = accounts::find(ctx, intent.account).ok();
    let was = intents::account_was(ctx, intent);
    let record = record_of_rotation(intent, &was, token, intent.at);
    let before = &intent.what.key;
    let own = account.as_ref().is_some_and(|account| {
        let own_key = &account.own_key;
        own_key.is_token(Some(&before.id), &record.last_eight)
    });
    let row = account.map(|_| with_token(before, &record, own));
    let outcome = if intent.what.is_pasted() {
        messages::ROTATION_PASTED_FOUND
    } else {
        messages::ROTATION_FOUND
    };
    let entry = Entry {
        key: Some(KeyNamed {
            last_eight: record.last_eight.clone(),
            ..before.into()
        }),
        ..intents::entry_of(ctx, intent, Action::RotateKey, outcome)
    };
    let id = intent.id;
    ctx.database
        .run(move |transaction| {
            if records::add(transaction, &record)? {
                if let Some(key) = &record.key {
                    let is_newest = records::is_newest_of_key(transaction, &record)?;
                    let token = KnownToken {
                        last_eight: record.last_eight.clone(),
                        rotated_at: None,
                    };
                    if is_newest {
                        intents::supersede(transaction, record.account, key, id, &token)?;
                        notices::remove_of_key(transaction, record.account, key.as_str())?;
                    }
                    if let Some(row) = row.filter(|_| is_newest) {
                        key_cache::put_key(transaction, record.account, &row)?;
                    }
                }
                journal::append(transaction, &entry)?;
            }
            notices::remove(transaction, id)?;
            intents::settle(transaction, id)
        })
        .await?;
    ctx.of::<InProcess>().forget_if_written(intent.custody());
    Ok(())
}

pub(crate) fn record_of_rotation(
    intent: &Intent<Rotation>,
    was: &AccountWas,
    token: &BearerToken,
    at: Timestamp,
) -> Record {
    Record {
        key: Some(intent.what.key.id.clone()),
        name: intent.what.key.name.clone(),
        ..Record::of(
            token,
            intent.custody(),
            (intent.account, was),
            TokenOrigin::Rotated,
            at,
        )
    }
}

/// The row of a key that has another token now, as far as the token tells.
pub(crate) fn with_token(before: &KeyRow, record: &Record, own: bool) -> KeyRow {
    KeyRow {
        last_eight: record.last_eight.clone(),
        rotated_at: Some(record.arrived_at),
        rotation_known: true,
        own,
        noted_at: before.noted_at.map(|_| record.arrived_at),
        ..before.clone()
    }
}
