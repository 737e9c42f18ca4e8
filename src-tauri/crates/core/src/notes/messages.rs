//! Sentences about notes.

use std::io;
use std::path::Path;

use crate::base::error::{ErrorCode, UiError};
use crate::base::text::{cut, one_line};

/// How much of a cell a sentence shows, in characters.
const MAX_SHOWN_CHARS: usize = 40;

/// How many columns that are left out are named.
const MAX_NAMED_COLUMNS: usize = 5;

/// The list does not have the key.
pub(super) fn not_listed() -> UiError {
    UiError::new(
        ErrorCode::Other,
        "The list on this machine does not have this key. No note was changed.",
        "Refresh the list, then try again.",
    )
}

pub(super) fn not_written(path: &Path, error: &io::Error) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!("{} could not be written: {error}.", path.display()),
        "Choose another place. The notes themselves are as they were.",
    )
}

/// A table that can't be read at all.
pub(super) fn not_read(why: &str) -> UiError {
    UiError::new(ErrorCode::Other, why, "No note was changed.")
}

pub(super) const TOO_LARGE: &str = "This file is larger than 4 MB, and was not read.";

pub(super) const NO_HEADINGS: &str = "The first line of this file does not name its columns. It needs account, key_name and last_eight, and at least one of \
     purpose, owner, stored_in and review_on: an export of your notes has all of them.";

pub(super) const TOO_MANY: &str = "These are too many notes at once.";

/// A note that the page sent back holds what no field takes.
pub(super) fn refused(message: &str) -> UiError {
    not_read(&format!("{message} Nothing was imported."))
}

pub(super) const CHANGED: &str = "A note has changed since it was shown, or its key has left the list. Nothing was imported: choose the file again.";

pub(super) const SAME_KEY: &str = "An earlier row is about the same key.";

pub(super) const SEVERAL_KEYS: &str = "More than one key has this account, name and last 8.";

pub(super) const NO_LAST_EIGHT: &str = "The last 8 characters are missing.";

pub(super) fn no_account(label: &str) -> String {
    format!(
        "You are not signed in to an account called {}.",
        shown(label)
    )
}

pub(super) fn no_key(label: &str, last_eight: &str) -> String {
    format!(
        "The list of {} has no key with the last 8 {}.",
        shown(label),
        shown(last_eight)
    )
}

/// The account has a key with these last 8, but of another name.
pub(super) fn other_name(name: &str, is: &str) -> String {
    format!(
        "The key with these last 8 is called {}, not {}.",
        shown(is),
        shown(name)
    )
}

/// What a row says of a field that can't be read.
pub(super) fn in_column(column: &str, problem: &str) -> String {
    format!("In {column}: {problem}")
}

/// Which key a row is about.
pub(super) fn title(account: &str, name: &str, last_eight: &str) -> String {
    let name = match one_line(name, MAX_SHOWN_CHARS) {
        name if name.is_empty() => "(no name)".to_owned(),
        name => name,
    };
    let account = one_line(account, MAX_SHOWN_CHARS);
    format!("{name} …{} · {account}", one_line(last_eight, 16))
}

pub(super) fn columns_left_out(columns: &[String]) -> String {
    let named: Vec<String> = columns
        .iter()
        .take(MAX_NAMED_COLUMNS)
        .map(|column| shown(column))
        .collect();
    let more = if columns.len() > MAX_NAMED_COLUMNS {
        ", …"
    } else {
        ""
    };
    format!(
        "Not read, since notes have no such column: {}{more}.",
        named.join(", ")
    )
}

pub(super) fn same(rows: usize) -> String {
    match rows {
        1 => "1 row says what is noted already.".to_owned(),
        rows => format!("{rows} rows say what is noted already."),
    }
}

pub(super) fn empty(rows: usize) -> String {
    match rows {
        1 => "1 row says nothing: it takes no note away.".to_owned(),
        rows => format!("{rows} rows say nothing: they take no note away."),
    }
}

pub(super) fn first_rows_only(limit: usize) -> String {
    format!("Only the first {limit} rows that change something or can't be taken are shown.")
}

pub(super) fn of_later_version() -> UiError {
    UiError::new(
        ErrorCode::Other,
        "A later version of Pulse Keys wrote a note about this key, which this one can't read. Nothing was changed.",
        "Use that version.",
    )
}

pub(super) const NOTHING_NEW: &str = "Nothing in this file is new.";

fn shown(text: &str) -> String {
    format!(
        "“{}”",
        cut(&one_line(text, 2 * MAX_SHOWN_CHARS), MAX_SHOWN_CHARS)
    )
}
