//! The list of keys: as it was last seen, and fetched anew page by page.
//!
//! That a key is gone may be concluded from a list only if the list is whole ([`Fetched::is_whole`]). Sorting, searching
//! and filtering are the window's, on rows that it has. Left out: paging, and whether pages add up
//! (`pulseapi::Client::keys`).

mod progress;

use std::collections::HashSet;

use futures_util::StreamExt as _;
use pulseapi::{ApiKey, Client, KeyId, KeyPages};

use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::at_work;
use crate::base::ids::AccountId;
use crate::base::text::sanitized;
use crate::context::Context;
use crate::keys;
use crate::keys::list::progress::Progress;
use crate::keys::wire::{KeyPageArrived, KeysRefreshed};
use crate::records::accounts::{self, Account};
use crate::records::intents::Settle;
use crate::records::key::{KeyRow, TeamView};
use crate::records::key_cache;
use crate::usage::searches::Searches;

/// Most rows that the window is given at once.
const MOST_ROWS: usize = 1000;

/// Fetches the whole list. Each page goes to `on_page` as it arrives; the cache changes only when all have. A reading
/// that broke off a short time ago goes on where it was; the list is then as old as its first page and answers no
/// question. A list that does not add up is read once more; if that does not help, it is added to what is cached, takes
/// nothing away and answers no question.
///
/// # Errors
/// What the service or the database reports. The cache is as it was.
pub(crate) async fn refresh_keys(
    ctx: &Context,
    id: AccountId,
    on_page: impl Fn(KeyPageArrived) + Send + Sync,
) -> Result<KeysRefreshed, UiError> {
    let (account, client) = keys::signed_in(ctx, id).await?;
    let resumed = progress::resume(ctx, id, &client).await?;
    let is_resumed = resumed.is_some();
    let (asked_at, so_far, pages) = match resumed {
        Some(resumed) => {
            let so_far = Fetched::so_far(resumed.keys, resumed.total);
            (resumed.began_at, so_far, resumed.pages)
        }
        None => (ctx.now(), Fetched::nothing(), client.keys()),
    };
    so_far.tell(&on_page);
    let progress = Progress::of(ctx, id, asked_at, so_far.keys.len());
    let first = read(so_far, pages, &account, &on_page, Some(progress)).await?;
    let progress = Progress::of(ctx, id, ctx.now(), 0);
    let mut fetched = read_again_if_needed(first, &client, &account, Some(progress)).await?;
    let is_resumed = is_resumed && !fetched.read_twice;
    let fetched_at = if is_resumed { asked_at } else { ctx.now() };
    // Part of a resumed list is of some time ago, and a key may have come or gone there since: that is no proof.
    let settled = fetched.is_whole
        && !is_resumed
        && ctx
            .of::<Box<dyn Settle>>()
            .by_list(ctx, &account, &client, &fetched.keys, asked_at)
            .await?;
    // Signed out meanwhile: its list must not come back.
    accounts::find(ctx, id)?;
    let keys = std::mem::take(&mut fetched.keys);
    let total = count(&keys);
    if fetched.is_whole {
        key_cache::replace(&ctx.database, id, keys, fetched_at).await?;
    } else {
        key_cache::add(&ctx.database, id, keys, fetched_at).await?;
    }
    ctx.of::<Searches>().list_fetched(id);
    Ok(KeysRefreshed {
        fetched_at,
        total,
        settled,
        incomplete: (!fetched.is_whole).then(|| fetched.what_is_missing()),
        read_twice: fetched.read_twice,
    })
}

/// A list of keys as the service gave it.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// What arrived.
    pub(crate) keys: Vec<KeyRow>,
    /// Whether count, pages and ids agree. Only then is a key that is not in it gone; otherwise that proves nothing.
    pub(crate) is_whole: bool,
    read_twice: bool,
    /// How many arrived the last time that it was read.
    received: u32,
    /// How many there are, as the service said last.
    reported: Option<u32>,
    /// How many of those that arrived can't be read.
    unreadable: u32,
    /// Whether it was given the same keys again when it asked for more.
    repeats: bool,
}

impl Fetched {
    fn nothing() -> Self {
        Self::so_far(Vec::new(), None)
    }

    /// What was read so far of a list that adds up until there, and how many keys there are in all.
    fn so_far(keys: Vec<KeyRow>, reported: Option<u32>) -> Self {
        Self {
            received: count(&keys),
            keys,
            is_whole: true,
            read_twice: false,
            reported,
            unreadable: 0,
            repeats: false,
        }
    }

    /// Gives the window what was read so far.
    fn tell(&self, on_page: impl Fn(KeyPageArrived)) {
        let mut loaded = 0;
        for keys in self.keys.chunks(MOST_ROWS) {
            loaded += count(keys);
            on_page(KeyPageArrived {
                keys: keys.to_vec(),
                loaded,
                total: self.reported,
            });
        }
    }

    /// Why keys may be missing, for a list that is not whole.
    pub(crate) fn what_is_missing(&self) -> String {
        let Self {
            unreadable,
            received,
            reported,
            repeats,
            ..
        } = *self;
        match reported {
            _ if unreadable == 1 => {
                "The list is incomplete: one of the keys that PulseAPI sent can't be read."
                    .to_owned()
            }
            _ if unreadable > 1 => format!(
                "The list is incomplete: {unreadable} of the keys that PulseAPI sent can't be read."
            ),
            Some(reported) if reported != received => format!(
                "The list is incomplete: PulseAPI reports {} and sent {received}.",
                amount(reported)
            ),
            _ if repeats => {
                "The list may be incomplete: asked for more, PulseAPI sends the same keys again."
                    .to_owned()
            }
            _ => "The list may be incomplete: it changed while it was read.".to_owned(),
        }
    }

    /// The same as an error, for a caller that needs a whole list.
    pub(crate) fn not_whole(&self) -> UiError {
        UiError::new(
            ErrorCode::Other,
            self.what_is_missing(),
            "Refresh the list.",
        )
    }
}

/// The list, to look for keys in it: read again once if it does not add up.
///
/// # Errors
/// What the service reports.
pub(crate) async fn fetch_whole(client: &Client, account: &Account) -> Result<Fetched, UiError> {
    let first = read_anew(client, account, None).await?;
    read_again_if_needed(first, client, account, None).await
}

/// A key that is deleted while pages are read moves the next ones up and hides one of them; one that is made gives one
/// of them twice. Then all is read again, without telling the window each page twice.
async fn read_again_if_needed(
    first: Fetched,
    client: &Client,
    account: &Account,
    progress: Option<Progress<'_>>,
) -> Result<Fetched, UiError> {
    // A server that gives the same again will do so again.
    if first.is_whole || first.repeats {
        return Ok(first);
    }
    let mut again = read_anew(client, account, progress).await?;
    again.read_twice = true;
    if !again.is_whole {
        // What only the first reading had may be what the second one missed.
        let seen: HashSet<_> = again.keys.iter().map(|key| key.id.clone()).collect();
        let missed = first.keys.into_iter().filter(|key| !seen.contains(&key.id));
        again.keys.extend(missed);
    }
    Ok(again)
}

async fn read_anew(
    client: &Client,
    account: &Account,
    progress: Option<Progress<'_>>,
) -> Result<Fetched, UiError> {
    read(Fetched::nothing(), client.keys(), account, |_| {}, progress).await
}

/// Reads pages to the end of the list. Where that breaks off, `progress` has what was read.
async fn read(
    mut fetched: Fetched,
    mut pages: KeyPages,
    account: &Account,
    on_page: impl Fn(KeyPageArrived) + Send + Sync,
    mut progress: Option<Progress<'_>>,
) -> Result<Fetched, UiError> {
    while let Some(page) = pages.next().await {
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                if let Some(progress) = &mut progress
                    && let Err(trouble) = progress.keep(&fetched.keys).await
                {
                    tracing::warn!("how far the list came is not kept: {}", trouble.message);
                }
                return Err(at_work(&error));
            }
        };
        let rows: Vec<KeyRow> = page.keys.iter().map(|key| row(key, account)).collect();
        fetched.keys.extend(rows.iter().cloned());
        fetched.received = count(&fetched.keys);
        fetched.reported = page.total;
        fetched.unreadable = fetched.unreadable.saturating_add(page.unreadable);
        fetched.is_whole &= page.adds_up;
        fetched.repeats |= page.repeats;
        on_page(KeyPageArrived {
            keys: rows,
            loaded: fetched.received,
            total: page.total,
        });
        // What does not add up is read anew from its beginning.
        progress = progress.filter(|_| fetched.is_whole);
        if let Some(progress) = &mut progress {
            progress.note(&fetched.keys, page.checkpoint).await?;
        }
    }
    Ok(fetched)
}

fn count(keys: &[KeyRow]) -> u32 {
    u32::try_from(keys.len()).unwrap_or(u32::MAX)
}

fn amount(keys: u32) -> String {
    if keys == 1 {
        "1 key".to_owned()
    } else {
        format!("{keys} keys")
    }
}

/// A key as the window sees it.
pub(crate) fn row(key: &ApiKey, account: &Account) -> KeyRow {
    KeyRow {
        id: key.id.clone(),
        name: sanitized(&key.name),
        last_eight: sanitized(&key.last_eight),
        abilities: key
            .abilities
            .iter()
            .map(|ability| sanitized(ability))
            .collect(),
        team: key.team.as_ref().map(|team| TeamView {
            id: team.id.as_str().to_owned(),
            name: sanitized(&team.name),
            role: None,
        }),
        last_used_at: key.last_used_at,
        last_use_known: key.last_use_reported,
        created_at: key.created_at,
        rotated_at: key.rotated_at,
        rotation_known: key.rotation_reported,
        own: account.own_key.is(key),
        noted_at: None,
    }
}

/// A key of which only the id is known.
pub(crate) fn unknown_row(id: &KeyId) -> KeyRow {
    KeyRow {
        id: id.clone(),
        name: String::new(),
        last_eight: String::new(),
        abilities: Vec::new(),
        team: None,
        last_used_at: None,
        last_use_known: false,
        created_at: None,
        rotated_at: None,
        rotation_known: false,
        own: false,
        noted_at: None,
    }
}
