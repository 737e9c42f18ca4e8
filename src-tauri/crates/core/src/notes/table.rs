//! Reads a table of notes, as it was exported and filled in, and finds the key of each row.
//!
//! A row is about the one key that has its account, its name and its last 8 characters; nothing is guessed. What can't be
//! taken says why, and nothing of a row with a whole token in it is passed on. Pure. Left out: the file, and what may
//! stand in a note (`fields`).

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use pulseapi::KeyId;
use secrecy::zeroize::Zeroizing;

use crate::base::csv_cell::exact;
use crate::base::ids::AccountId;
use crate::base::text::{as_typed, collapsed, sanitized};
use crate::base::token_text::{self, WHOLE_TOKEN};
use crate::notes::fields::{self, Typed};
use crate::notes::messages;
use crate::notes::wire::{ImportedNote, KeyNote, KeyNoteField, KeyNoteProblem, NotesRow};
use crate::records::key::KeyRow;

/// The most rows that are passed on.
const MAX_ROWS: usize = 1_000;

/// An account with its keys and what is noted about them.
pub(super) struct Listed {
    pub(super) account: AccountId,
    pub(super) label: String,
    pub(super) keys: Vec<KeyRow>,
    pub(super) notes: HashMap<KeyId, KeyNote>,
}

/// What a table holds.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) rows: Vec<NotesRow>,
    pub(super) remarks: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Column {
    Account,
    KeyName,
    LastEight,
    Purpose,
    Owner,
    StoredIn,
    ReviewOn,
}

impl Column {
    /// By its heading, as an export writes it or as a person may.
    fn named(heading: &str) -> Option<Self> {
        let heading = collapsed(&heading.to_lowercase().replace(['_', '-'], " "));
        Some(match heading.as_str() {
            "account" => Self::Account,
            "key name" | "name" => Self::KeyName,
            "last eight" | "last 8" | "last 8 characters" => Self::LastEight,
            "purpose" => Self::Purpose,
            "owner" => Self::Owner,
            "stored in" => Self::StoredIn,
            "review on" | "review" => Self::ReviewOn,
            _ => return None,
        })
    }
}

/// The column of an export that says whether a list has the key; it is not read.
pub(super) const LISTED: &str = "listed";

/// Where the columns of a table are.
struct Heading {
    separator: u8,
    columns: HashMap<Column, usize>,
    left_out: Vec<String>,
}

/// Reads the table. None where its first line does not name the columns.
pub(super) fn read(text: &str, listed: &[Listed], now: Timestamp) -> Option<Table> {
    // With \r\n the reader would count lines wrongly. Nobody knows what else stands in the file: the copy is wiped.
    let text = Zeroizing::new(text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n"));
    let text = text.as_str();
    let heading = [b',', b';', b'\t']
        .into_iter()
        .find_map(|separator| heading(text, separator))?;
    let mut table = Table {
        rows: Vec::new(),
        remarks: Vec::new(),
    };
    if !heading.left_out.is_empty() {
        table
            .remarks
            .push(messages::columns_left_out(&heading.left_out));
    }
    let (mut same, mut empty) = (0, 0);
    let mut seen = HashSet::new();
    for record in reader(text, heading.separator).into_records().skip(1) {
        // Only a cell that is no text could fail, and the whole file is text.
        let Ok(record) = record else { continue };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let mut row = NotesRow {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            title: String::new(),
            note: None,
            problem: None,
            replaces: None,
        };
        match taken(&record, &heading, listed, now, &mut row) {
            Ok(Taken::Empty) => {
                empty += 1;
                continue;
            }
            Ok(Taken::Note(note)) => {
                if !seen.insert((note.account, note.key.clone())) {
                    row.problem = Some(messages::SAME_KEY.to_owned());
                } else if row.replaces.as_ref().is_some_and(|old| says(old, &note)) {
                    same += 1;
                    continue;
                } else {
                    row.note = Some(note);
                }
            }
            Err(problem) => row.problem = Some(problem),
        }
        if row.note.is_none() {
            row.replaces = None;
        }
        if table.rows.len() == MAX_ROWS {
            table.remarks.push(messages::first_rows_only(MAX_ROWS));
            break;
        }
        table.rows.push(row);
    }
    let counted = [
        (same, messages::same(same)),
        (empty, messages::empty(empty)),
    ];
    let counted = counted.into_iter().filter(|(count, _)| *count > 0);
    table.remarks.extend(counted.map(|(_, words)| words));
    if table.rows.is_empty() {
        table.remarks.insert(0, messages::NOTHING_NEW.to_owned());
    }
    Some(table)
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The columns, where the first line names the key and something of its note.
fn heading(text: &str, separator: u8) -> Option<Heading> {
    let first = reader(text, separator).into_records().next()?.ok()?;
    let mut columns = HashMap::new();
    let mut left_out = Vec::new();
    for (place, name) in first.iter().enumerate() {
        match Column::named(name) {
            Some(column) if !columns.contains_key(&column) => {
                columns.insert(column, place);
            }
            _ if name.trim().is_empty() || name.trim() == LISTED => {}
            // A first line that is no heading may hold anything.
            _ if token_text::has_token(name) => return None,
            _ => left_out.push(sanitized(name)),
        }
    }
    let names_key = [Column::Account, Column::KeyName, Column::LastEight]
        .iter()
        .all(|column| columns.contains_key(column));
    (names_key && columns.len() > 3).then_some(Heading {
        separator,
        columns,
        left_out,
    })
}

enum Taken {
    /// It says nothing of its key.
    Empty,
    Note(ImportedNote),
}

/// What a row says; or why it can't be taken. The row gets its title and the note that it would replace.
fn taken(
    record: &csv::StringRecord,
    heading: &Heading,
    listed: &[Listed],
    now: Timestamp,
    row: &mut NotesRow,
) -> Result<Taken, String> {
    if record.iter().any(token_text::has_token) {
        return Err(WHOLE_TOKEN.to_owned());
    }
    let cell = |column: Column| {
        let cell = heading.columns.get(&column);
        exact(
            cell.and_then(|place| record.get(*place))
                .unwrap_or("")
                .trim(),
        )
    };
    let (account, name) = (cell(Column::Account), cell(Column::KeyName));
    let last_eight = cell(Column::LastEight).trim_start_matches(token_text::is_mask);
    row.title = messages::title(account, name, last_eight);
    let typed = Typed {
        purpose: cell(Column::Purpose),
        owner: cell(Column::Owner),
        stored_in: cell(Column::StoredIn),
        review_on: cell(Column::ReviewOn),
    };
    let text = fields::read(&typed, now).map_err(|problems| in_words(&problems))?;
    if text.is_empty() {
        return Ok(Taken::Empty);
    }
    let (of, key) = key_of(account, name, last_eight, listed)?;
    row.replaces = of.notes.get(&key.id).cloned();
    Ok(Taken::Note(ImportedNote {
        account: of.account,
        key: key.id.clone(),
        purpose: text.purpose,
        owner: text.owner,
        stored_in: text.stored_in,
        review_on: text.review_on,
        over: row.replaces.as_ref().map(|note| note.written_at),
    }))
}

fn in_words(problems: &[KeyNoteProblem]) -> String {
    let words = problems.iter().map(|problem| {
        let column = match problem.field {
            KeyNoteField::Purpose => "purpose",
            KeyNoteField::Owner => "owner",
            KeyNoteField::StoredIn => "stored_in",
            KeyNoteField::ReviewOn => "review_on",
        };
        messages::in_column(column, &problem.message)
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The one key that a row is about. Accounts of the same label are told apart by their keys.
fn key_of<'a>(
    account: &str,
    name: &str,
    last_eight: &str,
    listed: &'a [Listed],
) -> Result<(&'a Listed, &'a KeyRow), String> {
    let label = as_typed(account).to_lowercase();
    let of_label: Vec<&Listed> = listed
        .iter()
        .filter(|each| as_typed(&each.label).to_lowercase() == label)
        .collect();
    if of_label.is_empty() {
        return Err(messages::no_account(account));
    }
    if last_eight.is_empty() {
        return Err(messages::NO_LAST_EIGHT.to_owned());
    }
    let of_tail: Vec<(&Listed, &KeyRow)> = of_label
        .iter()
        .flat_map(|each| each.keys.iter().map(|key| (*each, key)))
        .filter(|(_, key)| key.last_eight == last_eight)
        .collect();
    let wanted = as_typed(&sanitized(name));
    let mut of_name = of_tail
        .iter()
        .filter(|(_, key)| as_typed(&key.name) == wanted);
    match (of_name.next(), of_name.next(), of_tail.first()) {
        (Some(found), None, _) => Ok(*found),
        (Some(_), Some(_), _) => Err(messages::SEVERAL_KEYS.to_owned()),
        (None, _, Some((_, key))) => Err(messages::other_name(name, &key.name)),
        (None, _, None) => Err(messages::no_key(account, last_eight)),
    }
}

/// Whether a note says just this.
fn says(old: &KeyNote, new: &ImportedNote) -> bool {
    old.purpose == new.purpose
        && old.owner == new.owner
        && old.stored_in == new.stored_in
        && old.review_on == new.review_on
}

#[cfg(test)]
mod tests;
