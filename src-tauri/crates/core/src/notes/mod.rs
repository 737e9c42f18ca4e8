//! What the user knows of a key and no service tells: what it is for, whom to ask, where its token is kept by hand, and
//! when to look at it again. Written here, exported to a table for spreadsheets, and imported from one (`import`).
//!
//! Notes stay on this machine, and nothing of a token may stand in them. They decide nothing. Left out: the rows of the
//! database (`records::key_notes`), and which notes a list shows (the page).

pub(crate) mod fields;
pub(crate) mod import;
mod messages;
mod table;
pub(crate) mod wire;

use std::collections::{HashMap, HashSet};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use pulseapi::KeyId;
use tempfile::NamedTempFile;

use crate::base::csv_cell::inert;
use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::host::SavePlace;
use crate::notes::fields::Typed;
use crate::notes::table::LISTED;
use crate::notes::wire::{EditNoteOutcome, EditNoteRequest, KeyNotes};
use crate::records::accounts::{self, Account};
use crate::records::journal::wire::ExportOutcome;
use crate::records::key::KeyRow;
use crate::records::key_cache;
use crate::records::key_notes::{self, NoteText, StoredNote};

/// The notes about the keys of an account.
///
/// # Errors
/// When the account is not known any more, or the database fails.
pub(crate) async fn key_notes(ctx: &Context, account: AccountId) -> Result<KeyNotes, UiError> {
    accounts::find(ctx, account)?;
    let notes = stored(ctx, account).await?;
    Ok(KeyNotes {
        account,
        notes: notes.into_iter().map(Into::into).collect(),
    })
}

/// Writes a note about a key in place of the one before; one that says nothing takes it away.
///
/// # Errors
/// When the account is not known any more, its list does not have the key, or the database fails. What is wrong in a field
/// is an outcome.
pub(crate) async fn edit_note(
    ctx: &Context,
    request: &EditNoteRequest,
) -> Result<EditNoteOutcome, UiError> {
    let typed = Typed {
        purpose: &request.purpose,
        owner: &request.owner,
        stored_in: &request.stored_in,
        review_on: &request.review_on,
    };
    let text = match fields::read(&typed, ctx.now()) {
        Ok(text) => text,
        Err(problems) => return Ok(EditNoteOutcome::Refused { problems }),
    };
    let key = listed(ctx, request.account, &request.key).await?;
    let note = StoredNote {
        key: key.id,
        key_name: key.name,
        last_eight: key.last_eight,
        text,
        written_at: ctx.now(),
    };
    let account = request.account.0.to_string();
    let is_written = ctx
        .database
        .run(move |transaction| key_notes::write(transaction, &account, &note))
        .await?;
    if !is_written {
        return Err(messages::of_later_version());
    }
    let notes = key_notes(ctx, request.account).await?;
    Ok(EditNoteOutcome::Written { notes })
}

/// About how many keys of an account the user wrote something.
///
/// # Errors
/// When the database fails.
pub(crate) async fn count(ctx: &Context, account: AccountId) -> Result<usize, UiError> {
    let account = account.0.to_string();
    let count = ctx
        .database
        .run(move |transaction| key_notes::count(transaction, &account))
        .await?;
    Ok(count)
}

/// Another key of the account takes the place of one: what was noted about that holds for it too, unless it has a note of
/// its own. To be called once, when the other key is in the list; the old one keeps its note until it is gone.
///
/// A rotation needs none of this: the key keeps its id, and so its note.
///
/// # Errors
/// When the account is not known any more, its list does not have the other key, or the database fails; then it has no
/// note.
pub(crate) async fn follow(
    ctx: &Context,
    account: AccountId,
    from: &KeyId,
    to: &KeyId,
) -> Result<(), UiError> {
    let to = listed(ctx, account, to).await?;
    let (account, from) = (account.0.to_string(), from.clone());
    ctx.database
        .run(move |transaction| {
            let to = (&to.id, to.name.as_str(), to.last_eight.as_str());
            key_notes::follow(transaction, &account, &from, to)
        })
        .await?;
    Ok(())
}

/// Writes a table with a row for each key of each account, noted or not, to a file that the user chooses: it can be filled
/// in and imported. Notes whose key no list has come last.
///
/// # Errors
/// When the database fails, or the file cannot be written; then there is no new file.
pub(crate) async fn export_notes(ctx: &Context) -> Result<ExportOutcome, UiError> {
    let day = ctx.now().strftime("%Y-%m-%d").to_string();
    let place = SavePlace {
        title: "Export notes".to_owned(),
        file_name: format!("pulse-keys-notes-{day}.csv"),
        extension: "csv".to_owned(),
        kind: "CSV".to_owned(),
    };
    let Some(path) = ctx.host.choose_file_to_save(place).await else {
        return Ok(ExportOutcome::Cancelled);
    };
    let mut rows = Vec::new();
    for account in here(ctx) {
        rows.extend(rows_of(ctx, &account).await?);
    }
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let written = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || write(&path, &rows)).await
    };
    match written.unwrap_or_else(|stopped| Err(io::Error::other(stopped))) {
        Ok(()) => Ok(ExportOutcome::Saved {
            path: path.display().to_string(),
            rows: count,
        }),
        Err(error) => Err(messages::not_written(&path, &error)),
    }
}

/// The accounts that the window shows.
fn here(ctx: &Context) -> Vec<Account> {
    let session_only = ctx.vault().is_session_only();
    let accounts = accounts::list(ctx);
    accounts.of_mode(session_only).cloned().collect()
}

async fn stored(ctx: &Context, account: AccountId) -> Result<Vec<StoredNote>, UiError> {
    let account = account.0.to_string();
    let notes = ctx
        .database
        .run(move |transaction| key_notes::all(transaction, &account))
        .await?;
    Ok(notes)
}

/// A key as its account's list has it.
async fn listed(ctx: &Context, account: AccountId, key: &KeyId) -> Result<KeyRow, UiError> {
    let listed = key_cache::cached_keys(ctx, account).await?.keys;
    let found = listed.into_iter().find(|row| row.id == *key);
    found.ok_or_else(messages::not_listed)
}

/// The names of the columns. Import reads all but the last.
const COLUMNS: [&str; 8] = [
    "account",
    "key_name",
    "last_eight",
    "purpose",
    "owner",
    "stored_in",
    "review_on",
    LISTED,
];

/// The rows about the keys of an account: those of the list in its order, then notes whose key it does not have.
async fn rows_of(ctx: &Context, account: &Account) -> Result<Vec<[String; 8]>, UiError> {
    let keys = key_cache::load(&ctx.database, account.id).await?.keys;
    let notes = stored(ctx, account.id).await?;
    let texts: HashMap<&KeyId, &NoteText> =
        notes.iter().map(|note| (&note.key, &note.text)).collect();
    let ids: HashSet<&KeyId> = keys.iter().map(|key| &key.id).collect();
    let none = NoteText::default();
    let of_list = keys.iter().map(|key| {
        let text = texts.get(&key.id).copied().unwrap_or(&none);
        record(account, &key.name, &key.last_eight, text, true)
    });
    let of_others = notes
        .iter()
        .filter(|note| !ids.contains(&note.key))
        .map(|note| record(account, &note.key_name, &note.last_eight, &note.text, false));
    Ok(of_list.chain(of_others).collect())
}

fn record(
    account: &Account,
    name: &str,
    last_eight: &str,
    text: &NoteText,
    is_listed: bool,
) -> [String; 8] {
    [
        inert(&account.label),
        inert(name),
        // With dots before it no spreadsheet takes it for a number.
        format!("...{last_eight}"),
        inert(&text.purpose),
        inert(&text.owner),
        inert(&text.stored_in),
        text.review_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
        if is_listed { "yes" } else { "no" }.to_owned(),
    ]
}

/// The file appears whole or not at all. It begins with the mark by which spreadsheets know UTF-8.
fn write(path: &Path, rows: &[[String; 8]]) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .map_or_else(|| PathBuf::from("."), Path::to_owned);
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all("\u{FEFF}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(file);
    writer.write_record(COLUMNS)?;
    for row in rows {
        writer.write_record(row)?;
    }
    let file = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
