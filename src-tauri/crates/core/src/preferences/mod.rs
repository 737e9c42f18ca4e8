//! What the user chose about the app itself, in a small file: read, checked, written.
//!
//! The page offers the choices and follows most of them; core follows those that guard something (how much is asked
//! before a deletion, how long a token stays on the clipboard) by its own copy, so that the page cannot talk it out
//! of them. Left out: what the page's names for actions, columns and filters mean; only their sizes are checked.

pub(crate) mod folders_now;
pub(crate) mod search_folders;
pub(crate) mod wire;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use jiff::Timestamp;
use pulseapi::BaseUrl;
use serde_json::{Map, Value};

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::AccountId;
use crate::base::json_file;
use crate::context::Context;
use crate::preferences::wire::{Folder, Place, Preferences};
use crate::records::accounts;

/// The form of the file. A file of a higher one is refused, not overwritten.
const VERSION: u32 = 1;

const MAX_SHORTCUTS: usize = 200;
const MAX_KEYS_OF_AN_ACTION: usize = 4;
const MAX_SHORTCUT_CHARS: usize = 40;
const MAX_FILTERS: usize = 20;
/// Of a name that the page gives to a column, a filter or an action, in characters.
const MAX_NAME_CHARS: usize = 120;

/// The preferences, and the file in which they stand.
#[derive(Debug)]
pub(crate) struct Chosen {
    file: PathBuf,
    preferences: Preferences,
}

/// Preferences that were read, and where an unreadable file was put.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) chosen: Chosen,
    pub(crate) damaged: Option<PathBuf>,
}

impl Chosen {
    /// Reads the file; none means that nothing was chosen yet.
    ///
    /// # Errors
    /// When the file cannot be opened, or was written by a newer version of the app.
    pub(crate) fn read(file: &Path, now: Timestamp) -> io::Result<Read> {
        let is_sound = |stored: &Map<String, Value>| from_stored(stored).is_some();
        let read = json_file::read::<Map<String, Value>>(file, VERSION, now, is_sound)?;
        let chosen = Self {
            file: file.to_owned(),
            preferences: read
                .content
                .as_ref()
                .and_then(from_stored)
                .unwrap_or_default(),
        };
        Ok(Read {
            chosen,
            damaged: read.damaged,
        })
    }

    pub(crate) fn get(&self) -> &Preferences {
        &self.preferences
    }

    /// # Errors
    /// When the file cannot be written; then nothing has changed.
    fn put(
        &mut self,
        preferences: Preferences,
        is_kept: impl Fn(AccountId) -> bool,
    ) -> io::Result<()> {
        let mut stored = preferences.clone();
        stored.lists.retain(|&account, _| is_kept(account));
        let mut stored = serde_json::to_value(stored)?;
        stored["version"] = VERSION.into();
        json_file::write(&self.file, &stored)?;
        self.preferences = preferences;
        Ok(())
    }
}

/// A choice that an older version did not have is the default one; what this version does not know is left out.
fn from_stored(stored: &Map<String, Value>) -> Option<Preferences> {
    let mut whole = serde_json::to_value(Preferences::default()).ok()?;
    whole.as_object_mut()?.extend(stored.clone());
    let preferences = serde_json::from_value(whole).ok()?;
    problem(&preferences).is_none().then_some(preferences)
}

/// What is out of range, in a sentence.
fn problem(preferences: &Preferences) -> Option<String> {
    problem_of_address(&preferences.updates_address)
        .or_else(|| out_of_range(preferences).map(str::to_owned))
}

fn problem_of_address(address: &str) -> Option<String> {
    BaseUrl::parse(address)
        .err()
        .map(|error| format!("The address for new versions: {error}"))
}

fn out_of_range(preferences: &Preferences) -> Option<&'static str> {
    let too_long = |text: &String, limit| text.chars().count() > limit;
    if !(50..=200).contains(&preferences.zoom) {
        Some("The zoom is 50 to 200 percent.")
    } else if !(10..=300).contains(&preferences.clipboard_seconds) {
        Some("A copied token is taken off the clipboard after 10 to 300 seconds.")
    } else if preferences.shortcuts.len() > MAX_SHORTCUTS {
        Some("These are more shortcuts than there are actions.")
    } else if preferences.shortcuts.iter().any(|(action, keys)| {
        too_long(action, MAX_NAME_CHARS)
            || keys.len() > MAX_KEYS_OF_AN_ACTION
            || keys.iter().any(|chord| too_long(chord, MAX_SHORTCUT_CHARS))
    }) {
        Some("An action has at most 4 shortcuts, of at most 40 characters each.")
    } else if preferences.lists.values().any(|list| {
        too_long(&list.column, MAX_NAME_CHARS)
            || list.filters.len() > MAX_FILTERS
            || list
                .filters
                .iter()
                .any(|filter| too_long(filter, MAX_NAME_CHARS))
    }) {
        Some("A list has at most 20 filters, of at most 120 characters each.")
    } else {
        search_folders::problem(&preferences.search)
    }
}

/// What the user chose.
#[must_use]
pub(crate) fn preferences(ctx: &Context) -> Preferences {
    chosen(ctx).get().clone()
}

/// The user chose this.
///
/// # Errors
/// When something is out of range or cannot be written; nothing has changed then.
pub(crate) fn write_preferences(ctx: &Context, preferences: Preferences) -> Result<(), UiError> {
    if let Some(problem) = problem(&preferences) {
        return Err(UiError::new(
            ErrorCode::Other,
            format!("{problem} Nothing was changed."),
            "",
        ));
    }
    put_preferences(ctx, preferences)
}

/// Everything is as it comes, but for how the lists are sorted and filtered: that is not set in the preferences.
///
/// # Errors
/// When it cannot be written; nothing has changed then.
pub(crate) fn reset_preferences(ctx: &Context) -> Result<(), UiError> {
    let lists = preferences(ctx).lists;
    put_preferences(
        ctx,
        Preferences {
            lists,
            ..Preferences::default()
        },
    )
}

/// An account is gone, and with it how its list was sorted. It cannot come back under its id, so a file that
/// cannot be written now only stays larger than needed until it is written again.
pub(crate) fn forget_list_preferences(ctx: &Context, account: AccountId) {
    let mut preferences = preferences(ctx);
    if preferences.lists.remove(&account).is_some()
        && let Err(error) = put_preferences(ctx, preferences)
    {
        tracing::warn!("{}", error.message);
    }
}

fn put_preferences(ctx: &Context, mut preferences: Preferences) -> Result<(), UiError> {
    // The page may still have a list of an account that has gone meanwhile.
    preferences
        .lists
        .retain(|&account, _| accounts::find(ctx, account).is_ok());
    let lasts = |account| accounts::find(ctx, account).is_ok_and(|account| !account.session_only);
    chosen(ctx)
        .put(preferences, lasts)
        .map_err(|error| not_written(&error))
}

/// Where the app keeps what lasts.
pub(crate) fn places(ctx: &Context) -> Vec<Place> {
    let place = |title: &str, of| Place {
        title: title.to_owned(),
        path: folder(ctx, of).display().to_string(),
        folder: Some(of),
    };
    let contract = Place {
        title: "Description of the service’s API".to_owned(),
        path: described_in(ctx),
        folder: None,
    };
    let keychain = Place {
        title: "Credentials and tokens".to_owned(),
        path: format!("the system’s keychain, under {}", vault::SERVICE),
        folder: None,
    };
    vec![
        place("Preferences and the list of accounts", Folder::Config),
        place(
            "Journal, the lists as last seen, what searches found",
            Folder::Data,
        ),
        keychain,
        contract,
    ]
}

/// Where it stands what servers are taken for.
fn described_in(ctx: &Context) -> String {
    let file = ctx.folders.contract_file();
    let file = file.display();
    match ctx.options.contract.problem() {
        Some(_) => format!("{file}, which can’t be used: see the list of keys"),
        None if ctx.options.contract.is_built_in() => {
            format!("built in; {file} can say what differs")
        }
        None => file.to_string(),
    }
}

/// A folder of the app on this machine.
#[must_use]
pub(crate) fn folder(ctx: &Context, folder: Folder) -> &Path {
    match folder {
        Folder::Config => ctx.folders.config(),
        Folder::Data => ctx.folders.data(),
    }
}

fn not_written(error: &io::Error) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!("The preferences could not be written: {error}. Nothing was changed."),
        "Check that the disk has space and the folder may be written, then try again.",
    )
}

fn chosen(ctx: &Context) -> MutexGuard<'_, Chosen> {
    ctx.lock(ctx.of::<Mutex<Chosen>>())
}

#[cfg(test)]
mod tests;
