//! Custody: a fresh token goes into the keychain before anything else happens to it, and leaves when the user says
//! so.
//!
//! What the keychain refuses is held in locked memory, where it exists nowhere else: then its intent stays open, so
//! that even a crash is told of, the clipboard is not cleared and the window asks before it closes. What cannot be
//! written down for want of space is remembered in this process, and found in the keychain at the next start, under
//! the name that its intent has. Left out: how tokens leave (`custody::leaving`), copying, revealing and trying them
//! (`reveal`), and how they come to be.

pub(crate) mod arrival;
pub(crate) mod client;
pub(crate) mod in_process;
mod issued;
mod keychain;
pub(crate) mod leaving;
pub(crate) mod lock;
pub(crate) mod messages;
pub(crate) mod protocol;
pub(crate) mod records;
pub(crate) mod wire;
pub mod worker;

use pulseapi::{BearerToken, KeyId};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;
use vault::{LockedSecret, VaultError};

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::{AccountId, CustodyId};
use crate::context::Context;
use crate::credential;
use crate::custody::in_process::{InProcess, Live};
use crate::custody::records::{Record, Stage, Store};
use crate::custody::wire::{Custody, CustodyPlace, CustodyState, TokenInCustody};
use crate::records::intents::{self, KnownToken};
use crate::records::journal::{self, Entry};
use crate::records::key::KeyRow;
use crate::records::names::named_as;
use crate::records::{accounts, key_cache, notices};

pub(crate) use issued::IssuedToken;
pub(crate) use keychain::{InKeychain, token_in_keychain, token_name};

/// The variable that ready-made lines put the token in.
pub(crate) const VARIABLE: &str = "PULSEAPI_TOKEN";

/// A token that has just arrived, and what is written down with it.
pub(crate) struct Arrival {
    pub(crate) record: Record,
    /// The key as it is now, for the list; none where the service's answer did not tell.
    pub(crate) row: Option<KeyRow>,
    pub(crate) entry: Entry,
    /// False as long as more has to happen before the intent is fulfilled.
    pub(crate) settles: bool,
}

/// Brings a token to safety, before anything else: into the keychain, or into locked memory. Why it is in memory,
/// when it is so for another reason than the user's own choice to go on without a keychain.
pub(crate) async fn take_in(
    ctx: &Context,
    record: &Record,
    issued: &mut IssuedToken,
) -> Option<UiError> {
    if issued.is_kept {
        return None;
    }
    let token = &issued.token;
    let keeper = issued.keeper.take();
    let vault = ctx.vault();
    let trouble = if vault.is_session_only() {
        None
    } else {
        let name = token_name(record.account, record.id);
        match vault.store(&name, token.secret().clone()).await {
            Ok(()) => {
                if let Some(keeper) = keeper {
                    keeper.release();
                }
                return None;
            }
            Err(error) => Some(refused(&error)),
        }
    };
    let live = Live {
        record: Record {
            store: Store::Memory,
            ..record.clone()
        },
        secret: Some(LockedSecret::new(token.secret())),
        trouble: trouble.clone(),
        keeper,
    };
    ctx.of::<InProcess>().live().insert(record.id, live);
    trouble
}

/// Writes down a token that was taken in. The token is safe whether or not that succeeds.
pub(crate) async fn write_down_arrival(ctx: &Context, arrival: Arrival) -> Option<UiError> {
    let Arrival {
        record,
        row,
        entry,
        settles,
    } = arrival;
    let only_here = ctx.of::<InProcess>().is_only_here(record.id);
    let written = {
        let record = record.clone();
        ctx.database
            .run(move |transaction| {
                if !only_here {
                    records::add(transaction, &record)?;
                    if settles {
                        intents::settle(transaction, record.id.0)?;
                    }
                }
                let token = KnownToken {
                    last_eight: record.last_eight.clone(),
                    rotated_at: row.as_ref().and_then(|row| row.rotated_at),
                };
                if let Some(key) = &record.key {
                    let (account, id) = (record.account, record.id.0);
                    intents::supersede(transaction, account, key, id, &token)?;
                    intents::is_made_by(transaction, account, key, id)?;
                }
                if let Some(row) = &row {
                    key_cache::put_key(transaction, record.account, row)?;
                }
                if let Some(key) = &record.key {
                    notices::remove_of_key(transaction, record.account, key.as_str())?;
                }
                journal::append(transaction, &entry)
            })
            .await
    };
    let trouble = UiError::from(written.err()?);
    ctx.of::<InProcess>()
        .live()
        .entry(record.id)
        .or_insert(Live {
            record,
            secret: None,
            trouble: Some(trouble.clone()),
            keeper: None,
        });
    Some(trouble)
}

/// The tokens in custody: those that wait first, newest first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn custody(ctx: &Context) -> Result<Custody, UiError> {
    let mut all: Vec<TokenInCustody> = {
        let live = ctx.of::<InProcess>().live();
        live.values()
            .map(|live| view(ctx, &live.record, Some(live)))
            .collect()
    };
    for record in records::all(&ctx.database).await? {
        let shown = all.iter().any(|token| token.id == record.id);
        if !shown && record.stage != Stage::Leaving {
            all.push(view(ctx, &record, None));
        }
    }
    all.sort_by_key(|token| {
        let newest_first = std::cmp::Reverse(token.arrived_at);
        (token.state == CustodyState::Kept, newest_first, token.id)
    });
    Ok(Custody { tokens: all })
}

/// One token, as the window sees it.
pub(crate) fn token_view(ctx: &Context, record: &Record) -> TokenInCustody {
    let live = ctx.of::<InProcess>().live();
    view(ctx, record, live.get(&record.id))
}

fn view(ctx: &Context, record: &Record, live: Option<&Live>) -> TokenInCustody {
    let account = accounts::list(ctx).find(record.account).cloned();
    let own = account.as_ref().is_some_and(|account| {
        account
            .own_key
            .is_token(record.key.as_ref(), &record.last_eight)
    });
    let base_url = account.map_or_else(
        || record.base_url.clone(),
        |account| account.base_url.to_string(),
    );
    TokenInCustody {
        id: record.id,
        account: record.account,
        account_label: record.account_label.clone(),
        key: record.key.clone(),
        name: record.name.clone(),
        last_eight: record.last_eight.clone(),
        masked: record.masked.clone(),
        origin: record.origin,
        arrived_at: record.arrived_at,
        state: if record.stage == Stage::Kept {
            CustodyState::Kept
        } else {
            CustodyState::Waiting
        },
        place: if live.is_some_and(|live| live.secret.is_some()) {
            CustodyPlace::Memory
        } else {
            CustodyPlace::Keychain
        },
        trouble: live.and_then(|live| live.trouble.clone()),
        own,
        old_token_known: ctx.of::<InProcess>().previous().contains_key(&record.id),
        curl: format!(
            "curl -H \"Authorization: Bearer ${VARIABLE}\" {}",
            quoted(&format!("{}/user", base_url.trim_end_matches('/')))
        ),
        env_masked: format!("{VARIABLE}='{}'", record.masked),
    }
}

/// In single quotes, so that a shell reads nothing else in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The record of a token and its text.
pub(crate) async fn open_token(
    ctx: &Context,
    id: CustodyId,
) -> Result<(Record, SecretString), UiError> {
    let held = {
        let live = ctx.of::<InProcess>().live();
        live.get(&id).map(|live| {
            let secret = live.secret.as_ref().map(LockedSecret::copy);
            (live.record.clone(), secret)
        })
    };
    let record = match held {
        Some((record, Some(secret))) => return Ok((record, secret)),
        Some((record, None)) => record,
        None => record(ctx, id).await?,
    };
    let vault = ctx.vault();
    if vault.is_session_only() && record.store == Store::Keychain {
        return Err(in_unused_keychain(&record));
    }
    match vault.load(&token_name(record.account, id)).await {
        Ok(secret) => Ok((record, secret)),
        Err(VaultError::None) => Err(missing(&record)),
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn record(ctx: &Context, id: CustodyId) -> Result<Record, UiError> {
    records::find(&ctx.database, id)
        .await?
        .filter(|record| record.stage != Stage::Leaving)
        .ok_or_else(not_in_custody)
}

/// The token that a key has now, where this app knows it: its own credential, or one in custody.
pub(crate) async fn known_token_of(
    ctx: &Context,
    account: AccountId,
    key: &KeyRow,
) -> Option<BearerToken> {
    if key.own {
        credential::load(ctx, account).await.ok()
    } else {
        known_token(ctx, account, &key.id).await
    }
}

/// The newest token in custody that belongs to a key, if there is one.
async fn known_token(ctx: &Context, account: AccountId, key: &KeyId) -> Option<BearerToken> {
    let all = custody(ctx).await.ok()?.tokens;
    let of_key = all
        .iter()
        .filter(|token| token.account == account && token.key.as_ref() == Some(key))
        .max_by_key(|token| token.arrived_at)?;
    let (_, secret) = open_token(ctx, of_key.id).await.ok()?;
    BearerToken::parse(secret.expose_secret()).ok()
}

/// Whether a token is held by this process alone, so that its open intent is nobody else's to settle.
pub(crate) fn is_held(ctx: &Context, intent: Uuid) -> bool {
    ctx.of::<InProcess>()
        .live()
        .contains_key(&CustodyId(intent))
}

pub(crate) fn not_in_custody() -> UiError {
    UiError::new(
        ErrorCode::Stale,
        "This token is not in custody any more.",
        "",
    )
}

/// The keychain does not have it. It may be another keychain than the one that was given the token, or one that is not
/// whole; so the record stays until the user removes it.
fn missing(record: &Record) -> UiError {
    UiError::new(
        ErrorCode::TokenMissing,
        format!(
            "The keychain has no token of {} now, though it was stored there.",
            named_as(&record.name, &record.last_eight)
        ),
        "Check that your usual keychain is the one in use and unlocked, then try again. If nobody has the token, rotate \
         the key.",
    )
}

/// This session goes without the keychain that has it.
pub(crate) fn in_unused_keychain(record: &Record) -> UiError {
    UiError::new(
        ErrorCode::Keychain,
        format!(
            "The token of {} is in the keychain, and this session goes without one.",
            named_as(&record.name, &record.last_eight)
        ),
        "Nothing happens to it. Start Pulse Keys again once the keychain is there.",
    )
}

/// Why a token is in memory, told beside the button that tries the keychain again.
fn refused(error: &VaultError) -> UiError {
    UiError::new(
        ErrorCode::Keychain,
        error.to_string(),
        "Then press “Keep in keychain” to try again.",
    )
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn an_address_is_one_word_to_a_shell() {
        assert_eq!(quoted("http://h/v1;id/user"), "'http://h/v1;id/user'");
        assert_eq!(quoted("http://h/o'k"), r"'http://h/o'\''k'");
    }
}
