//! How far the reading of a list came. A server that allows 60 requests a minute takes a quarter of an hour for a list of
//! 100,000 keys; after a failure or a restart it goes on where it was.
//!
//! Left out: whether pages still fit together (`pulseapi::Client::resume_keys`), and where it is written down
//! (`unfinished_list`).

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use pulseapi::{Checkpoint, Client, KeyPages};

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::key::KeyRow;
use crate::records::{accounts, unfinished_list};

/// How many pages are read between two times that they are written down. A shorter list is read anew.
const PAGES_BETWEEN: usize = 10;

/// How long after its first page a reading may go on. A later one begins anew: too much of the list would be of the past.
const RESUME_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// A reading that goes on.
pub(super) struct Resumed {
    /// When its first page was asked for (UTC).
    pub(super) began_at: Timestamp,
    /// The keys that it has already.
    pub(super) keys: Vec<KeyRow>,
    /// How many there are in all, where the service tells.
    pub(super) total: Option<u32>,
    /// The pages behind them.
    pub(super) pages: KeyPages,
}

/// The reading that broke off, where there is one, it is not too old, and the list is still as it was.
///
/// # Errors
/// What the service or the database reports. What is kept stays.
pub(super) async fn resume(
    ctx: &Context,
    account: AccountId,
    client: &Client,
) -> Result<Option<Resumed>, UiError> {
    let Some(kept) = unfinished_list::load(&ctx.database, account).await? else {
        return Ok(None);
    };
    let age = ctx.now().duration_since(kept.began_at);
    if age.is_negative() || age > RESUME_WITHIN {
        return Ok(None);
    }
    let total = kept.checkpoint.total();
    let seen: HashSet<_> = kept.keys.iter().map(|key| key.id.clone()).collect();
    let pages = client.resume_keys(kept.checkpoint, seen).await;
    let pages = pages.map_err(|error| at_work(&error))?;
    Ok(pages.map(|pages| Resumed {
        began_at: kept.began_at,
        keys: kept.keys,
        total,
        pages,
    }))
}

/// Writes down how far a reading came, every few pages and where it breaks off.
pub(super) struct Progress<'a> {
    ctx: &'a Context,
    account: AccountId,
    began_at: Timestamp,
    /// How many keys are written down.
    known: usize,
    /// The last page that was read since.
    ahead: Option<Checkpoint>,
    /// How many pages were read since.
    pages_ahead: usize,
}

impl<'a> Progress<'a> {
    /// Of a reading that began at `began_at`, and of which so many keys are written down already.
    pub(super) fn of(
        ctx: &'a Context,
        account: AccountId,
        began_at: Timestamp,
        known: usize,
    ) -> Self {
        Self {
            ctx,
            account,
            began_at,
            known,
            ahead: None,
            pages_ahead: 0,
        }
    }

    /// One more page was read; `keys` are all until there.
    ///
    /// # Errors
    /// Those of [`Progress::keep`].
    pub(super) async fn note(
        &mut self,
        keys: &[KeyRow],
        checkpoint: Option<Checkpoint>,
    ) -> Result<(), UiError> {
        self.ahead = checkpoint;
        self.pages_ahead += 1;
        if self.pages_ahead >= PAGES_BETWEEN {
            self.keep(keys).await?;
        }
        Ok(())
    }

    /// Writes down what is not yet. A list that is not longer than what is read at once is not kept.
    ///
    /// # Errors
    /// When the account is not known any more, or the database fails.
    pub(super) async fn keep(&mut self, keys: &[KeyRow]) -> Result<(), UiError> {
        let is_long = self.known > 0 || self.pages_ahead >= PAGES_BETWEEN;
        let Some(checkpoint) = self.ahead.take().filter(|_| is_long) else {
            return Ok(());
        };
        // Signed out meanwhile: nothing of its list must come back.
        accounts::find(self.ctx, self.account)?;
        let new = keys.get(self.known..).unwrap_or_default();
        let database = &self.ctx.database;
        unfinished_list::keep(
            database,
            self.account,
            self.began_at,
            self.known,
            new,
            &checkpoint,
        )
        .await?;
        self.known = keys.len();
        self.pages_ahead = 0;
        Ok(())
    }
}
