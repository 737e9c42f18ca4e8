//! Guided mode: the list of keys is the user's own where the service has no endpoints for keys.
//!
//! A key is written down by hand, out of a table that was copied from the web screen, or out of a file; what looks like a
//! whole token is refused everywhere. The list stands where other accounts' lists are remembered (`key_cache`), so that
//! everything that reads lists reads it too; its rows say when the user wrote them down. Left out: reading a table
//! (`table`), what a field may hold (`fields`), keys that are made and rotated in the browser (`paste`), and where the
//! service can do it itself (everything beside this folder).

mod cells;
mod fields;
pub(crate) mod paste;
mod table;
pub(crate) mod wire;

use std::collections::HashSet;
use std::path::PathBuf;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::{AccountId, KeyRequest};
use crate::base::{chosen_file, dates, token_text};
use crate::context::Context;
use crate::host::{OpenPlace, Question, Reply};
use crate::keys::guided::wire::{
    FieldProblem, NoteField, NoteKeyRequest, NoteKeysRequest, NoteOutcome, NotedKey, TableRead,
    TableRequest,
};
use crate::keys::revocation;
use crate::records::accounts::{self, Account, KeyAccess};
use crate::records::key::{KeyRow, TeamView};
use crate::records::names::named;
use crate::records::{key_cache, revocations};

/// The longest text of a table, in bytes.
const MAX_TABLE_BYTES: u64 = 1 << 20;

/// The most keys that one request may bring.
const MAX_KEYS: usize = 1_000;

/// Writes down a key that the user has typed, or describes one anew.
///
/// # Errors
/// When the account is not guided, or the database fails. What is wrong in a field is an outcome.
pub(crate) async fn note_key(
    ctx: &Context,
    request: &NoteKeyRequest,
) -> Result<NoteOutcome, UiError> {
    let account = guided(ctx, request.account)?;
    let key = match typed(request, ctx.now()) {
        Ok(key) => key,
        Err(problems) => return Ok(NoteOutcome::Refused { problems }),
    };
    let listed = key_cache::cached_keys(ctx, account.id).await?.keys;
    let same = listed.iter().find(|row| row.last_eight == key.last_eight);
    if let Some(same) = same.filter(|same| request.key.as_ref() != Some(&same.id)) {
        let problems = vec![FieldProblem {
            field: NoteField::LastEight,
            holds_token: false,
            last_eight: None,
            message: format!("{} in your list has these last 8 characters.", named(same)),
        }];
        return Ok(NoteOutcome::Refused { problems });
    }
    let before = match &request.key {
        Some(id) => Some(listed.iter().find(|row| row.id == *id).ok_or_else(gone)?),
        None => None,
    };
    let row = row(&account, &key, before, ctx.now())?;
    note(ctx, account.id, vec![row]).await
}

/// Writes down the keys that the user has ticked in a table; those that the list has are described anew.
///
/// # Errors
/// When the account is not guided, there are too many, or the database fails; then none was written down. What is wrong in
/// a field is an outcome.
pub(crate) async fn note_keys(
    ctx: &Context,
    request: &NoteKeysRequest,
) -> Result<NoteOutcome, UiError> {
    let account = guided(ctx, request.account)?;
    if request.keys.len() > MAX_KEYS {
        return Err(not_taken("These are too many keys at once."));
    }
    let listed = key_cache::cached_keys(ctx, account.id).await?.keys;
    let mut rows: Vec<KeyRow> = Vec::with_capacity(request.keys.len());
    for key in &request.keys {
        let key = match checked(key) {
            Ok(key) => key,
            Err(problem) => {
                let problems = vec![problem];
                return Ok(NoteOutcome::Refused { problems });
            }
        };
        let before = listed.iter().find(|row| row.last_eight == key.last_eight);
        rows.push(row(&account, &key, before, ctx.now())?);
    }
    note(ctx, account.id, rows).await
}

/// Reads a table of keys. Nothing is written down.
///
/// # Errors
/// When the account is not guided, or the text or file is too large or can't be read.
pub(crate) async fn read_table(ctx: &Context, request: TableRequest) -> Result<TableRead, UiError> {
    let (account, text) = match request {
        TableRequest::Text { account, text } => (guided(ctx, account)?, text),
        TableRequest::Choose { account } => {
            let account = guided(ctx, account)?;
            let place = OpenPlace {
                title: "Choose a table of keys".to_owned(),
                yes: "Read it".to_owned(),
                folder: false,
            };
            match ctx.host.choose_to_open(place).await {
                Some(path) => (account, text_of(path).await?),
                None => return Ok(TableRead::Cancelled),
            }
        }
    };
    if text.expose_secret().len() as u64 > MAX_TABLE_BYTES {
        return Err(too_large("This text"));
    }
    let listed = key_cache::cached_keys(ctx, account.id).await?.keys;
    let listed: HashSet<String> = listed.into_iter().map(|row| row.last_eight).collect();
    let (teams, now) = (account.teams().to_vec(), ctx.now());
    let read = tokio::task::spawn_blocking(move || {
        table::read(text.expose_secret(), &teams, &listed, now)
    });
    let table = read
        .await
        .map_err(|_| not_taken("This could not be read."))?;
    Ok(TableRead::Read {
        rows: table.rows,
        notes: table.notes,
    })
}

/// Takes a key off the user's own list, after the user has said yes. At the service nothing changes.
///
/// # Errors
/// When the account is not guided, the list does not have the key any more, or the database fails.
pub(crate) async fn unlist_key(
    ctx: &Context,
    request: &KeyRequest,
) -> Result<NoteOutcome, UiError> {
    let account = guided(ctx, request.account)?;
    let listed = key_cache::cached_keys(ctx, account.id).await?.keys;
    let key = listed
        .iter()
        .find(|row| row.id == request.key)
        .ok_or_else(gone)?;
    let question = Question {
        title: "Remove from list".to_owned(),
        headline: format!("Remove {} from your list?", named(key)),
        paragraphs: vec![
            "This does not delete the key at PulseAPI: whatever uses it goes on working. What was searched, ticked \
             and noted for it here is forgotten."
                .to_owned(),
        ],
        yes: "Remove from list".to_owned(),
        alternative: None,
        no: "Cancel".to_owned(),
    };
    if ctx.host.ask(question).await != Reply::Yes {
        return Ok(NoteOutcome::Cancelled);
    }
    let (of, id) = (account.id, request.key.clone());
    ctx.database
        .run(move |transaction| {
            revocations::remove(transaction, of, &id)?;
            key_cache::remove_key(transaction, of, id.as_str())
        })
        .await?;
    revocation::in_browser::forget(ctx, account.id, &request.key);
    revocation::revocations_changed(ctx);
    let list = key_cache::cached_keys(ctx, account.id).await?;
    Ok(NoteOutcome::Noted { list })
}

/// An account whose list is the user's own.
///
/// # Errors
/// When it is not known any more, or its list comes from the service.
pub(crate) fn guided(ctx: &Context, id: AccountId) -> Result<Account, UiError> {
    let account = accounts::find(ctx, id)?;
    match account.keys {
        KeyAccess::Guided => Ok(account),
        KeyAccess::Endpoints => Err(UiError::new(
            ErrorCode::Other,
            "The list of this account comes from the service.",
            "Refresh the list.",
        )),
    }
}

async fn note(ctx: &Context, id: AccountId, rows: Vec<KeyRow>) -> Result<NoteOutcome, UiError> {
    ctx.database
        .run(move |transaction| key_cache::note(transaction, id, &rows))
        .await?;
    let list = key_cache::cached_keys(ctx, id).await?;
    Ok(NoteOutcome::Noted { list })
}

/// The row of a key. One that the list has keeps its id, and what only the service could have told.
fn row(
    account: &Account,
    key: &NotedKey,
    before: Option<&KeyRow>,
    now: Timestamp,
) -> Result<KeyRow, UiError> {
    let own_id = account.own_key.record_of(&key.last_eight);
    let id = before
        .map(|row| row.id.clone())
        .or_else(|| own_id.clone())
        .map_or_else(|| KeyRow::id_without_record(Uuid::new_v4()), Ok)?;
    let team = |team: &String| -> Option<TeamView> {
        account
            .teams()
            .iter()
            .find(|each| each.id == *team)
            .cloned()
    };
    Ok(KeyRow {
        own: account.own_key.is_token(own_id.as_ref(), &key.last_eight),
        id,
        name: key.name.clone(),
        last_eight: key.last_eight.clone(),
        abilities: key.abilities.clone(),
        team: key.team.as_ref().and_then(team),
        last_used_at: key.last_used_at,
        last_use_known: key.last_use_known,
        created_at: key.created_at,
        rotated_at: before.and_then(|row| row.rotated_at),
        rotation_known: false,
        noted_at: Some(now),
    })
}

/// What the user typed, read.
fn typed(request: &NoteKeyRequest, now: Timestamp) -> Result<NotedKey, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut refuse = |field: NoteField, message: String| {
        let holds_token = message == token_text::WHOLE_TOKEN;
        problems.push(FieldProblem {
            field,
            message,
            holds_token,
            last_eight: None,
        });
    };
    let name = fields::name(&request.name).unwrap_or_else(|problem| {
        refuse(NoteField::Name, problem);
        String::new()
    });
    let last_eight = token_text::last_eight(&request.last_eight).unwrap_or_else(|problem| {
        refuse(NoteField::LastEight, problem);
        String::new()
    });
    let abilities = fields::abilities(&request.abilities).unwrap_or_else(|problem| {
        refuse(NoteField::Abilities, problem);
        Vec::new()
    });
    let mut when = |text: &str, field: NoteField| match text.trim() {
        "" => None,
        text => {
            let read = dates::read(text, now);
            if read.is_none() {
                let message = "Write a date as 2026-11-22, or “2 days ago”.".to_owned();
                refuse(field, message);
            }
            read
        }
    };
    let used = when(&request.last_used, NoteField::LastUsed);
    let created = when(&request.created, NoteField::Created);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(NotedKey {
        name,
        last_eight,
        abilities,
        team: request.team.clone(),
        last_used_at: used.and_then(|when| when.at_the_latest(now)),
        last_use_known: used.is_some(),
        created_at: created.and_then(dates::When::at_the_earliest),
    })
}

/// What the page gives back is read again: nothing gets into the list that the fields do not take.
fn checked(key: &NotedKey) -> Result<NotedKey, FieldProblem> {
    let at = |field: NoteField| {
        move |message: String| FieldProblem {
            field,
            holds_token: message == token_text::WHOLE_TOKEN,
            message,
            // What is no tail may be a token: it does not go back.
            last_eight: token_text::last_eight(&key.last_eight).ok(),
        }
    };
    Ok(NotedKey {
        name: fields::name(&key.name).map_err(at(NoteField::Name))?,
        last_eight: token_text::last_eight(&key.last_eight).map_err(at(NoteField::LastEight))?,
        abilities: fields::abilities(&key.abilities.join(" ")).map_err(at(NoteField::Abilities))?,
        ..key.clone()
    })
}

async fn text_of(path: PathBuf) -> Result<SecretString, UiError> {
    let read = chosen_file::read_text(path, MAX_TABLE_BYTES).await;
    read.map_err(|why| not_taken(&why))?
        .ok_or_else(|| too_large("This file"))
}

fn too_large(what: &str) -> UiError {
    not_taken(&format!("{what} is larger than 1 MB, and was not read."))
}

/// The user's list does not have the key.
pub(crate) fn gone() -> UiError {
    UiError::new(
        ErrorCode::Stale,
        "Your list does not have this key any more.",
        "Choose a key that is in it.",
    )
}

fn not_taken(why: &str) -> UiError {
    UiError::new(ErrorCode::Other, why, "Nothing was changed.")
}
