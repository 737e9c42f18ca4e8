//! Making a key: check, prove the keychain, note, act, bring the token to safety, write it down.
//!
//! Nothing is destroyed, so nobody is asked. The keychain has to show that it can store, and the list is read, so that it
//! is known which keys were there before. Then an intent is noted, and one request leaves. Where no token arrives, the
//! list is looked through for a key that was not there before, until the answer is proof (`watch`). Left out: the words
//! (`messages`), what the form offers (`abilities`), and looking at an open intent later (`reconcile`).

pub(crate) mod abilities;
pub(crate) mod messages;
pub(crate) mod verify;
pub(crate) mod wire;

use std::collections::BTreeMap;

use pulseapi::{Client, Error as ApiError, KeyId, NewKey, Operation, TeamId};

use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::{at_work, sent_but_not_written};
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::custody::IssuedToken;
use crate::custody::arrival::{self, record_of_creation};
use crate::custody::client::WriteError;
use crate::custody::protocol::Write;
use crate::custody::{self, Arrival, InKeychain};
use crate::keys;
use crate::keys::create::wire::{CreateForm, CreateOutcome, CreateRequest};
use crate::keys::list::{self, row};
use crate::keys::verify::Settled;
use crate::operation_lock::{self, Subject};
use crate::records::accounts::{Account, BrowserOperation};
use crate::records::intents::{self, AccountWas, Creation, Intent};
use crate::records::journal::{self, Entry};
use crate::records::key::KeyRow;
use crate::records::key_cache;
use crate::session::in_browser;

/// The longest name that the service takes, in characters (assumed, Laravel's custom for a string column).
pub const MAX_NAME_CHARS: u32 = 255;

/// Of longer lists it is not read again which keys are there before another one is made: that would take more requests
/// than a minute allows. Then a key that appears is never taken for certainly ours.
const MAX_LIST_READ_KEYS: usize = 1_000;

/// What the form for a new key offers, asked of the service now.
///
/// # Errors
/// What the service reports.
pub(crate) async fn create_form(ctx: &Context, account: AccountId) -> Result<CreateForm, UiError> {
    let (_, client) = keys::signed_in_to(ctx, account, Operation::Create).await?;
    let known = match client.abilities().await {
        // The form still has what needs no list.
        Err(ApiError::NotOffered { .. }) => Vec::new(),
        known => known.map_err(|error| at_work(&error))?,
    };
    Ok(abilities::form(&known, MAX_NAME_CHARS))
}

/// Makes a key.
///
/// # Errors
/// When the account is not known any more, its credential cannot be read, a key is being made already, or the
/// app's own files fail before anything was sent. Whatever the service says is an outcome.
pub(crate) async fn create_key(
    ctx: &Context,
    request: &CreateRequest,
) -> Result<CreateOutcome, UiError> {
    let (new, errors) = checked(request);
    if !errors.is_empty() {
        return Ok(CreateOutcome::NotCreated { errors });
    }
    let _lock = operation_lock::lock_operation(ctx, Subject::NewKey(request.account))?;
    let (account, client) = keys::signed_in_to(ctx, request.account, Operation::Create).await?;
    if let Err(error) = custody::client::keychain_stores(ctx).await {
        return Ok(CreateOutcome::NotCreated {
            errors: vec![messages::not_created(error)],
        });
    }
    let (known, all_known) = ids_before(ctx, &account, &client).await?;
    let what = Creation {
        name: new.name.clone(),
        abilities: new.abilities.clone(),
        team: request.team.clone(),
        known,
        all_known,
        pasted: None,
    };
    let intent = Intent::new(&account, ctx.now(), what);
    let in_flight = operation_lock::in_flight_request(ctx, intent.id);
    intents::note(&ctx.database, &intent).await?;
    let write = Write::Create(new.clone());
    let sent = custody::client::send_through_custodian(
        ctx, &account, &client, &in_flight, &new.name, write,
    )
    .await;
    match sent {
        Ok(fresh) => Ok(created(ctx, &account, &intent, fresh).await),
        Err(WriteError::NotSent(error)) => {
            let outcome = format!("not created: {}", error.message);
            let closed = verify::close_creation(ctx, &account, &intent, &outcome, None).await;
            intents::closed_or_left_open(closed);
            Ok(CreateOutcome::NotCreated {
                errors: vec![messages::not_created(error)],
            })
        }
        Err(WriteError::Service(error)) if !error.outcome_unknown() => {
            let outcome = format!("not created: {error}");
            let closed = verify::close_creation(ctx, &account, &intent, &outcome, None).await;
            intents::closed_or_left_open(closed);
            Ok(CreateOutcome::NotCreated {
                errors: refusals(&error, &new.abilities)
                    .into_iter()
                    .map(|told| {
                        in_browser::told(ctx, &account, BrowserOperation::Create, &error, told)
                    })
                    .collect(),
            })
        }
        Err(WriteError::Service(error)) => {
            let found = after_lost_answer(ctx, &account, &client, &intent, &error).await;
            Ok(found.unwrap_or_else(|error| CreateOutcome::Unknown {
                error: sent_but_not_written(&error),
            }))
        }
    }
}

/// Which keys there are right before another one is made, and whether that is all of them. A list that cannot be
/// read keeps nobody from making a key.
async fn ids_before(
    ctx: &Context,
    account: &Account,
    client: &Client,
) -> Result<(Vec<KeyId>, bool), UiError> {
    let cached = key_cache::cached_keys(ctx, account.id).await?.keys;
    let ids = |keys: Vec<KeyRow>| keys.into_iter().map(|key| key.id).collect();
    if cached.len() > MAX_LIST_READ_KEYS {
        return Ok((ids(cached), false));
    }
    Ok(match list::fetch_whole(client, account).await {
        Ok(list) => (ids(list.keys), list.is_whole),
        Err(_) => (ids(cached), false),
    })
}

async fn after_lost_answer(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: &Intent<Creation>,
    error: &ApiError,
) -> Result<CreateOutcome, UiError> {
    let intent = &intents::outcome_unknown(ctx, intent).await?;
    // The keychain first: the custodian may have brought the token to safety before the answer got lost.
    match custody::token_in_keychain(ctx, account.id, intent.custody()).await {
        InKeychain::Yes(token) => {
            arrival::creation_found_in_keychain(ctx, intent, &token).await?;
            let record = record_of_creation(intent, &AccountWas::of(account), &token, intent.at);
            return Ok(CreateOutcome::Created {
                token: Box::new(custody::token_view(ctx, &record)),
            });
        }
        InKeychain::No => {}
        InKeychain::NotKnown(_) => {
            return creation_unknown(ctx, intent, messages::unknown(error), error).await;
        }
    }
    let told = |told| in_browser::told(ctx, account, BrowserOperation::Create, error, told);
    Ok(
        match verify::settle_creation(ctx, account, client, intent).await? {
            Settled::NotDone => CreateOutcome::NotCreated {
                errors: vec![told(messages::not_created(at_work(error)))],
            },
            Settled::Lost { message, next } => CreateOutcome::TokenLost { message, next },
            Settled::Watched => {
                let watched = told(messages::watched(error, ctx.now()));
                return creation_unknown(ctx, intent, watched, error).await;
            }
            Settled::NotKnown(_) => {
                return creation_unknown(ctx, intent, messages::unknown(error), error).await;
            }
        },
    )
}

async fn creation_unknown(
    ctx: &Context,
    intent: &Intent<Creation>,
    told: UiError,
    error: &ApiError,
) -> Result<CreateOutcome, UiError> {
    let entry = arrival::creation_entry(ctx, intent, None, &format!("unknown: {error}"));
    ctx.database
        .run(move |transaction| journal::append(transaction, &entry))
        .await?;
    Ok(CreateOutcome::Unknown { error: told })
}

async fn created(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Creation>,
    mut fresh: IssuedToken,
) -> CreateOutcome {
    let mut record = record_of_creation(intent, &AccountWas::of(account), &fresh.token, ctx.now());
    let row = fresh.key.as_ref().map(|key| row(key, account));
    if let Some(row) = &row {
        record.key = Some(row.id.clone());
    }
    let mut trouble = custody::take_in(ctx, &record, &mut fresh).await;
    let entry = Entry {
        request_id: fresh.request_id,
        ..arrival::creation_entry(ctx, intent, Some(&record), messages::CREATED)
    };
    let arrival = Arrival {
        record: record.clone(),
        row,
        entry,
        settles: true,
    };
    let not_written = custody::write_down_arrival(ctx, arrival).await;
    trouble = trouble.or(not_written);
    let mut token = custody::token_view(ctx, &record);
    token.trouble = token.trouble.or(trouble);
    CreateOutcome::Created {
        token: Box::new(token),
    }
}

/// The key to make, and what is wrong with the form, all at once.
fn checked(request: &CreateRequest) -> (NewKey, Vec<UiError>) {
    let mut errors = Vec::new();
    let name = request.name.trim().to_owned();
    let length = name.chars().count();
    if name.is_empty() {
        errors.push(messages::name_missing());
    } else if length > MAX_NAME_CHARS as usize {
        errors.push(messages::name_too_long(length, MAX_NAME_CHARS));
    }
    if request.abilities.is_empty() {
        errors.push(messages::no_ability());
    }
    let team = request.team.as_deref().map(TeamId::parse).transpose();
    if team.is_err() {
        errors.push(messages::no_such_team());
    }
    let new = NewKey {
        name,
        abilities: request.abilities.clone(),
        team: team.ok().flatten(),
    };
    (new, errors)
}

/// A refusal at the field that can mend it, where the service names one.
fn refusals(error: &ApiError, abilities: &[String]) -> Vec<UiError> {
    let ApiError::Invalid { fields, .. } = error else {
        return vec![messages::not_created(at_work(error))];
    };
    if fields.is_empty() {
        return vec![messages::not_created(at_work(error))];
    }
    // Several abilities may be refused, each as a field of its own: one error tells of all.
    let mut by_code: BTreeMap<&str, (ErrorCode, Vec<String>)> = BTreeMap::new();
    for (field, messages) in fields {
        let said = messages.join(" ");
        let (form_field, code, said) = match field.split('.').next() {
            Some("name") => ("name", ErrorCode::Name, said),
            Some("abilities") => {
                let index = field.split('.').nth(1).and_then(|index| index.parse().ok());
                let ability = index.and_then(|index: usize| abilities.get(index));
                let said = ability.map_or(said, |ability| messages::ability_refused(ability));
                ("abilities", ErrorCode::Abilities, said)
            }
            Some("team_id") => ("team", ErrorCode::Team, said),
            _ => ("", ErrorCode::Other, said),
        };
        let entry = by_code.entry(form_field).or_insert((code, Vec::new()));
        entry.1.push(said);
    }
    by_code
        .into_values()
        .map(|(code, said)| UiError::new(code, said.join(" "), "Nothing was created."))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn request(name: &str, abilities: &[&str]) -> CreateRequest {
        CreateRequest {
            account: AccountId(Uuid::nil()),
            name: name.to_owned(),
            abilities: abilities.iter().map(|name| (*name).to_owned()).collect(),
            team: None,
        }
    }

    fn codes(request: &CreateRequest) -> Vec<ErrorCode> {
        checked(request).1.iter().map(|error| error.code).collect()
    }

    #[test]
    fn everything_wrong_with_the_form_is_told_at_once() {
        assert_eq!(
            codes(&request(" \n ", &[])),
            [ErrorCode::Name, ErrorCode::Abilities]
        );
        assert_eq!(
            codes(&request(&"x".repeat(10_000), &["*"])),
            [ErrorCode::Name]
        );
        assert_eq!(codes(&request(&"é".repeat(255), &["*"])), []);
        assert_eq!(checked(&request("  CI ", &["*"])).0.name, "CI");
    }

    #[test]
    fn a_refused_ability_is_named() {
        let fields = BTreeMap::from([(
            "abilities.1".to_owned(),
            vec!["The selected abilities.1 is invalid.".to_owned()],
        )]);
        let error = ApiError::Invalid {
            message: String::new(),
            fields,
        };
        let told = refusals(
            &error,
            &["monitors:read".to_owned(), "gone:read".to_owned()],
        );
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].code, ErrorCode::Abilities);
        assert!(told[0].message.contains("gone:read"), "{}", told[0].message);
    }
}
