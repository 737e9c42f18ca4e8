//! The list of keys: as it was last seen, and fetched anew page by page.
//!
//! Sorting, searching and filtering are the window's, on rows that it has. Left out: paging itself
//! (`pulseapi::Client::keys`).

use std::collections::HashSet;
use std::pin::pin;

use futures_util::StreamExt as _;
use pulseapi::{Client, KeyId};

use crate::accounts::Account;
use crate::app::{PulseKeys, row};
use crate::cache;
use crate::errors::at_work;
use crate::view::{AccountId, CachedKeys, KeyPageArrived, KeyRow, KeysRefreshed, UiError};

impl PulseKeys {
    /// The list as it was last seen; empty and without a time when it never was.
    ///
    /// # Errors
    /// When the account is not known any more, or the database fails.
    pub async fn cached_keys(&self, id: AccountId) -> Result<CachedKeys, UiError> {
        self.account(id)?;
        let cached = cache::load(&self.database, id).await?;
        let (keys, fetched_at) = cached.map_or((Vec::new(), None), |(keys, at)| (keys, Some(at)));
        Ok(CachedKeys {
            account: id,
            keys,
            fetched_at,
        })
    }

    /// Fetches the whole list. Each page goes to `on_page` as it arrives; the cache changes only when all have.
    ///
    /// # Errors
    /// What the service or the database reports. The cache is as it was.
    pub async fn refresh_keys(
        &self,
        id: AccountId,
        on_page: impl Fn(KeyPageArrived) + Send + Sync,
    ) -> Result<KeysRefreshed, UiError> {
        let (account, client) = self.signed_in(id).await?;
        let asked_at = self.now();
        let keys = fetch_twice_if_short(&client, &account, on_page).await?;
        let fetched_at = self.now();
        let settled = self
            .settle_by_list(&account, &client, &keys, asked_at)
            .await?;
        // Signed out meanwhile: its list must not come back.
        self.account(id)?;
        cache::replace(&self.database, id, &keys, fetched_at).await?;
        self.searches.list_fetched(id);
        Ok(KeysRefreshed {
            fetched_at,
            total: count(&keys),
            settled,
        })
    }
}

/// The whole list, for whoever looks for one key in it.
pub(crate) async fn fetch_all(client: &Client, account: &Account) -> Result<Vec<KeyRow>, UiError> {
    Ok(fetch(client, account, |_| {}).await?.keys)
}

/// The same, for whoever takes a key that is not in it for gone.
pub(crate) async fn fetch_whole(
    client: &Client,
    account: &Account,
) -> Result<Vec<KeyRow>, UiError> {
    fetch_twice_if_short(client, account, |_| {}).await
}

/// A key that was deleted while pages were read moves the next ones up and hides one of them. Then all is read again,
/// without telling the window each page twice.
async fn fetch_twice_if_short(
    client: &Client,
    account: &Account,
    on_page: impl Fn(KeyPageArrived) + Send + Sync,
) -> Result<Vec<KeyRow>, UiError> {
    let mut fetched = fetch(client, account, on_page).await?;
    if fetched.is_short() {
        fetched = fetch(client, account, |_| {}).await?;
    }
    Ok(fetched.keys)
}

struct Fetched {
    keys: Vec<KeyRow>,
    total: Option<u32>,
}

impl Fetched {
    fn is_short(&self) -> bool {
        self.total.is_some_and(|total| count(&self.keys) < total)
    }
}

async fn fetch(
    client: &Client,
    account: &Account,
    on_page: impl Fn(KeyPageArrived) + Send + Sync,
) -> Result<Fetched, UiError> {
    let mut seen: HashSet<KeyId> = HashSet::new();
    let mut fetched = Fetched {
        keys: Vec::new(),
        total: None,
    };
    let mut pages = pin!(client.keys());
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| at_work(&error))?;
        // A key made while pages are read pushes one that was seen to the next page.
        let rows: Vec<KeyRow> = page
            .keys
            .iter()
            .filter(|key| seen.insert(key.id.clone()))
            .map(|key| row(key, account))
            .collect();
        fetched.keys.extend(rows.iter().cloned());
        fetched.total = page.total;
        on_page(KeyPageArrived {
            keys: rows,
            loaded: count(&fetched.keys),
            total: page.total,
        });
    }
    Ok(fetched)
}

fn count(keys: &[KeyRow]) -> u32 {
    u32::try_from(keys.len()).unwrap_or(u32::MAX)
}
