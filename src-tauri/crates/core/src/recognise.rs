//! "I found this string": which of my keys is it, is it genuine by its checksum, is it alive as far as the list knows.
//!
//! The text is taken as a secret, looked at in memory and wiped. It is never sent, logged or written down, and no
//! candidate is tried at the service: that would move the key's last use. A file is one that the user chose in a
//! native dialog or dropped on the window; the page names none. Left out: how a token is proved (the crate `usage`).

use std::path::PathBuf;
use std::sync::Mutex;

use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use secrecy::zeroize::Zeroizing;

use crate::base::chosen_file::{self, file_name};
use crate::base::error::{ErrorCode, UiError};
use crate::base::text::ago;
use crate::context::Context;
use crate::host::OpenPlace;
use crate::records::accounts::{self, Account};
use crate::records::key::KeyRow;
use crate::records::key_cache;
use crate::records::names::named;
use crate::usage::found::{encoding, small};
use crate::usage::search;
use crate::usage::wire::{FindingLevel, RecogniseRequest, Recognised, RecognisedToken};

/// The longest text that is pasted, in bytes.
const MAX_TEXT_BYTES: usize = 1 << 20;

/// The largest file, in bytes.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// How many tokens are told. A list of all keys of an account is longer than anyone reads.
const MAX_TOKENS: usize = 100;

/// The keys of an account, and when they were fetched.
struct Listed {
    account: Account,
    keys: Vec<KeyRow>,
    at: Option<Timestamp>,
    search_keys: Vec<usage::SearchKey>,
}

/// Says what a text or a file holds.
///
/// # Errors
/// When the text or the file is too large, the file can't be read, or the database fails.
pub(crate) async fn recognise(
    ctx: &Context,
    request: RecogniseRequest,
) -> Result<Recognised, UiError> {
    let (text, file) = match request {
        RecogniseRequest::Text { text } => {
            if text.expose_secret().len() > MAX_TEXT_BYTES {
                return Err(too_large("This text", "1 MB"));
            }
            (
                Zeroizing::new(text.expose_secret().as_bytes().to_vec()),
                None,
            )
        }
        RecogniseRequest::Choose => {
            let place = OpenPlace {
                title: "Choose a file to look into".to_owned(),
                yes: "Look into it".to_owned(),
                folder: false,
            };
            let Some(path) = ctx.host.choose_to_open(place).await else {
                return Ok(Recognised::Cancelled);
            };
            (read(path.clone()).await?, Some(path))
        }
        RecogniseRequest::Dropped => {
            let Some(path) = ctx.lock(&ctx.of::<Dropped>().0).take() else {
                return Ok(Recognised::Cancelled);
            };
            (read(path.clone()).await?, Some(path))
        }
    };
    let (lists, not_compared) = all_lists(ctx).await?;
    let now = ctx.now();
    let looked = tokio::task::spawn_blocking(move || look(&text, &lists, now)).await;
    let mut found =
        looked.map_err(|_| UiError::new(ErrorCode::Other, "This could not be looked at.", ""))?;
    found.truncate(MAX_TOKENS);
    Ok(Recognised::Looked {
        message: message(&found, not_compared),
        file: file.as_deref().map(file_name),
        found,
    })
}

/// A file was dropped on the window. Its name, for the page.
pub(crate) fn note_dropped(ctx: &Context, path: PathBuf) -> String {
    let name = file_name(&path);
    *ctx.lock(&ctx.of::<Dropped>().0) = Some(path);
    name
}

/// The lists of all accounts, and how many tokens that this app holds could not be compared.
async fn all_lists(ctx: &Context) -> Result<(Vec<Listed>, u64), UiError> {
    let session_only = ctx.vault().is_session_only();
    let shown: Vec<Account> = accounts::list(ctx).of_mode(session_only).cloned().collect();
    let mut lists = Vec::with_capacity(shown.len());
    let mut not_compared = 0;
    for account in shown {
        let cached = key_cache::cached_keys(ctx, account.id).await?;
        let compared = search::search_keys(ctx, account.id, &cached.keys).await?;
        not_compared += compared.not_compared;
        lists.push(Listed {
            search_keys: compared.keys,
            account,
            keys: cached.keys,
            at: cached.fetched_at,
        });
    }
    Ok((lists, not_compared))
}

async fn read(path: PathBuf) -> Result<Zeroizing<Vec<u8>>, UiError> {
    let read = chosen_file::read(path, MAX_FILE_BYTES).await;
    let bytes =
        read.map_err(|why| UiError::new(ErrorCode::Other, why, "Paste the token instead."))?;
    bytes.ok_or_else(|| too_large("This file", "16 MB"))
}

fn too_large(what: &str, limit: &str) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!("{what} is larger than {limit}, and was not looked at."),
        "Paste the part with the token.",
    )
}

fn look(text: &[u8], lists: &[Listed], now: Timestamp) -> Vec<RecognisedToken> {
    // Each list recognises its own keys; a genuine token that is of none of them comes once for each list.
    let mut all: Vec<(usage::Recognised, Option<&Listed>)> = Vec::new();
    for list in lists {
        let found = usage::recognise(text, &list.search_keys).into_iter();
        all.extend(found.map(|found| (found, Some(list))));
    }
    if lists.is_empty() {
        let found = usage::recognise(text, &[]).into_iter();
        all.extend(found.map(|found| (found, None)));
    }
    all.sort_by_key(|(found, _)| (std::cmp::Reverse(found.level), found.line));
    let mut told: Vec<RecognisedToken> = Vec::new();
    for (found, list) in &all {
        let is_weaker = |known: &RecognisedToken| {
            known.line == small(found.line)
                && known.mask == found.mask
                && (found.key.is_none() || known.level > FindingLevel::from(found.level))
        };
        if !told.iter().any(is_weaker) {
            told.push(token(found, *list, now));
        }
    }
    told
}

fn token(found: &usage::Recognised, list: Option<&Listed>, now: Timestamp) -> RecognisedToken {
    let level = FindingLevel::from(found.level);
    let list = list.filter(|_| found.key.is_some());
    let key = list.and_then(|list| {
        let id = found.key.as_deref()?;
        list.keys.iter().find(|key| key.id.as_str() == id)
    });
    let has_checksum = key.is_none_or(|key| is_checksum(&key.last_eight));
    let known_at = list.and_then(|list| list.at);
    RecognisedToken {
        level,
        genuine: match level {
            FindingLevel::ThisKey => has_checksum.then_some(true),
            FindingLevel::Older | FindingLevel::Unlisted => Some(true),
            FindingLevel::Probable if !has_checksum => None,
            FindingLevel::Probable | FindingLevel::Mention | FindingLevel::Hint => Some(false),
        },
        alive: match level {
            FindingLevel::ThisKey | FindingLevel::Probable | FindingLevel::Mention => {
                key.map(|_| true)
            }
            FindingLevel::Older => Some(false),
            FindingLevel::Unlisted | FindingLevel::Hint => None,
        },
        message: words(level, has_checksum, key, known_at, now),
        account: list.map(|list| list.account.id),
        account_label: list.map(|list| list.account.label.clone()),
        key: key.cloned(),
        known_at,
        mask: found.mask.clone(),
        encoding: encoding(found.encoding),
        line: small(found.line),
    }
}

/// Whether the last characters look like a checksum; tokens of old have none.
fn is_checksum(last_eight: &str) -> bool {
    last_eight.len() == 8
        && last_eight
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn words(
    level: FindingLevel,
    has_checksum: bool,
    key: Option<&KeyRow>,
    known_at: Option<Timestamp>,
    now: Timestamp,
) -> String {
    let Some(key) = key else {
        return "A genuine token, by its checksum, of no key in your lists. It may be of another account, or of a key \
                that is gone; whether it works, nobody asked."
            .to_owned();
    };
    let name = named(key);
    let as_of = known_at.map_or_else(
        || "as far as the list knows".to_owned(),
        |at| format!("as of the list fetched {}", ago(at, now)),
    );
    match level {
        FindingLevel::ThisKey if has_checksum => {
            format!("The token of {name}, genuine by its checksum. The key is alive, {as_of}.")
        }
        FindingLevel::ThisKey => format!("The token of {name}. The key is alive, {as_of}."),
        FindingLevel::Probable => {
            format!("Probably the token of {name}, without full proof. The key is alive, {as_of}.")
        }
        FindingLevel::Older => format!(
            "An earlier token of {name}, genuine by its checksum. The key has another one now, {as_of}."
        ),
        FindingLevel::Mention | FindingLevel::Unlisted | FindingLevel::Hint => format!(
            "Ends like the token of {name}, but it is cut off, masked or damaged: alone it can’t be used."
        ),
    }
}

fn message(found: &[RecognisedToken], not_compared: u64) -> String {
    let what = match found {
        [] => "No token of PulseAPI was recognised in it.".to_owned(),
        [token] => token.message.clone(),
        [first, ..] => format!("{} things were recognised. {}", found.len(), first.message),
    };
    // One that was proved needs no comparison.
    let is_proved = found
        .iter()
        .any(|token| token.level == FindingLevel::ThisKey);
    if not_compared == 0 || is_proved {
        return what;
    }
    format!(
        "{what} The keychain did not give all tokens that it holds, so it was not compared with those."
    )
}

/// The file that was dropped on the window last, until it was looked into.
#[derive(Debug, Default)]
pub(crate) struct Dropped(Mutex<Option<PathBuf>>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::row;

    #[test]
    fn what_it_is_is_said_and_never_that_it_works() {
        let now = Timestamp::UNIX_EPOCH;
        let key = row("7", "CI");
        let said = |level| words(level, true, Some(&key), Some(now), now);
        assert_eq!(
            said(FindingLevel::ThisKey),
            "The token of “CI”, genuine by its checksum. The key is alive, as of the list fetched just now."
        );
        assert!(said(FindingLevel::Older).starts_with("An earlier token of “CI”"));
        assert!(said(FindingLevel::Mention).contains("can’t be used"));
        assert!(words(FindingLevel::Unlisted, true, None, None, now).contains("nobody asked"));
    }

    #[test]
    fn a_checksum_is_eight_small_hexadecimal_digits() {
        assert!(is_checksum("ab12cd34"));
        assert!(!is_checksum("ab12cd3G") && !is_checksum("AB12CD34") && !is_checksum("ab12"));
    }
}
