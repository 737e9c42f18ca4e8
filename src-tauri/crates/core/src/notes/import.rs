//! Importing notes from a table: read and shown first, written only where the user has ticked it.
//!
//! A note that would take the place of another one says so, and is written only over the very note that was shown.

use std::collections::HashMap;

use secrecy::{ExposeSecret as _, SecretString};

use crate::base::chosen_file;
use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::host::OpenPlace;
use crate::notes::fields::{self, Typed};
use crate::notes::table::{self, Listed};
use crate::notes::wire::{ImportNotesRequest, ImportedNote, KeyNote, NotesImported, NotesRead};
use crate::notes::{here, key_notes, messages, stored};
use crate::records::accounts;
use crate::records::key::KeyRow;
use crate::records::key_cache;
use crate::records::key_notes::{self as rows, StoredNote};

/// The largest file, in bytes.
const MAX_BYTES: u64 = 4 << 20;

/// The most notes that one request may bring.
const MAX_NOTES: usize = 1_000;

/// Reads a table of notes out of a file that the user chooses. Nothing is written.
///
/// # Errors
/// When the file is too large or can't be read, or the database fails.
pub(crate) async fn read_notes(ctx: &Context) -> Result<NotesRead, UiError> {
    let place = OpenPlace {
        title: "Choose a table of notes".to_owned(),
        yes: "Read it".to_owned(),
        folder: false,
    };
    let Some(path) = ctx.host.choose_to_open(place).await else {
        return Ok(NotesRead::Cancelled);
    };
    let read = chosen_file::read_text(path, MAX_BYTES).await;
    let text: SecretString = read
        .map_err(|why| messages::not_read(&why))?
        .ok_or_else(|| messages::not_read(messages::TOO_LARGE))?;
    let mut listed = Vec::new();
    for account in here(ctx) {
        let notes = stored(ctx, account.id).await?.into_iter();
        let notes = notes.map(|note| (note.key.clone(), KeyNote::from(note)));
        listed.push(Listed {
            account: account.id,
            label: account.label,
            keys: key_cache::load(&ctx.database, account.id).await?.keys,
            notes: notes.collect(),
        });
    }
    let now = ctx.now();
    let table =
        tokio::task::spawn_blocking(move || table::read(text.expose_secret(), &listed, now)).await;
    let table = table
        .map_err(|_| messages::not_read("This file could not be read."))?
        .ok_or_else(|| messages::not_read(messages::NO_HEADINGS))?;
    Ok(NotesRead::Read {
        rows: table.rows,
        remarks: table.remarks,
    })
}

/// Writes the notes of a table that the user has ticked: all of them, or none.
///
/// # Errors
/// When there are too many, one of them holds what no note may, an account is not known any more, or the database fails;
/// nothing was written then.
pub(crate) async fn import_notes(
    ctx: &Context,
    request: &ImportNotesRequest,
) -> Result<NotesImported, UiError> {
    if request.notes.len() > MAX_NOTES {
        return Err(messages::not_read(messages::TOO_MANY));
    }
    let changed = || NotesImported::Changed {
        message: messages::CHANGED.to_owned(),
    };
    let mut notes = Vec::with_capacity(request.notes.len());
    let mut lists = HashMap::new();
    for note in &request.notes {
        let list = match lists.remove(&note.account) {
            Some(list) => list,
            None => key_cache::cached_keys(ctx, note.account).await?.keys,
        };
        let checked = checked(ctx, note, &list)?;
        lists.insert(note.account, list);
        let Some(checked) = checked else {
            return Ok(changed());
        };
        notes.push((note.account, note.over, checked));
    }
    let written = ctx
        .database
        .run(move |transaction| {
            for (account, over, note) in &notes {
                let before = rows::written_at(transaction, &account.0.to_string(), &note.key)?;
                if before != *over {
                    return Ok(false);
                }
            }
            for (account, _, note) in &notes {
                if rows::is_unreadable(transaction, &account.0.to_string(), &note.key)? {
                    return Ok(false);
                }
            }
            for (account, _, note) in &notes {
                rows::write(transaction, &account.0.to_string(), note)?;
            }
            Ok(true)
        })
        .await?;
    if !written {
        return Ok(changed());
    }
    let mut accounts: Vec<AccountId> = lists.into_keys().collect();
    accounts.sort();
    let mut now = Vec::with_capacity(accounts.len());
    for account in accounts {
        now.push(key_notes(ctx, account).await?);
    }
    Ok(NotesImported::Imported { accounts: now })
}

/// What the page gives back is read again: nothing gets into a note that the fields do not take. None where the list does
/// not have the key.
fn checked(
    ctx: &Context,
    note: &ImportedNote,
    list: &[KeyRow],
) -> Result<Option<StoredNote>, UiError> {
    accounts::find(ctx, note.account)?;
    let review_on = note.review_on.map(|day| day.to_string());
    let typed = Typed {
        purpose: &note.purpose,
        owner: &note.owner,
        stored_in: &note.stored_in,
        review_on: review_on.as_deref().unwrap_or_default(),
    };
    let text = fields::read(&typed, ctx.now()).map_err(|problems| {
        let message = problems.first().map(|problem| problem.message.as_str());
        messages::refused(message.unwrap_or_default())
    })?;
    let key = list.iter().find(|row| row.id == note.key);
    Ok(key.map(|key| StoredNote {
        key: key.id.clone(),
        key_name: key.name.clone(),
        last_eight: key.last_eight.clone(),
        text,
        written_at: ctx.now(),
    }))
}
