//! The list of keys, page after page.
//!
//! Pages are asked for by number; addresses that the server gives for the next page are not
//! followed. A key that moves to a later page while the list is read (another was made meanwhile)
//! is given once. Keys that move to an earlier page may be missed. Either way the page says so
//! ([`KeyPage::adds_up`]); to read the list again is for the caller.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::{Stream, stream};

use crate::decode::{self, ListedPage};
use crate::error::{Error, Mismatch};
use crate::id::KeyId;
use crate::model::KeyPage;
use crate::paging::Count;
use crate::transport::Transport;
use crate::{endpoints, retry};

/// How many keys are asked for at a time: the service's maximum.
pub(crate) const PER_PAGE: u32 = 100;

/// More pages than this are no list of one user's keys. 100,000 keys.
const MAX_PAGES: u32 = 1000;

struct Reading {
    transport: Arc<Transport>,
    /// The page to ask for; `None` after the last.
    next: Option<u32>,
    seen: HashSet<KeyId>,
    /// What the first page said of how long the list is.
    announced: Option<(Count, Count)>,
}

/// All pages; ends after the last one or after an error.
pub(crate) fn stream(
    transport: Arc<Transport>,
) -> impl Stream<Item = Result<KeyPage, Error>> + Send + Unpin + use<> {
    let reading = Reading {
        transport,
        next: Some(1),
        seen: HashSet::new(),
        announced: None,
    };
    Box::pin(stream::unfold(reading, async |mut reading| {
        let page = reading.next?;
        let result = reading.page(page).await;
        if result.is_err() {
            reading.next = None;
        }
        Some((result, reading))
    }))
}

impl Reading {
    async fn page(&mut self, page: u32) -> Result<KeyPage, Error> {
        let ListedPage {
            mut keys,
            unreadable,
            paging,
        } = self.ask(page).await?;
        let readable = keys.len();
        let is_empty = readable == 0 && unreadable == 0;
        // A full page without a word on others may be the first of several.
        let may_go_on = paging.says_nothing() && readable == PER_PAGE as usize;
        let mut more = !is_empty && (paging.goes_on(page) || may_go_on);
        keys.retain(|key| self.seen.insert(key.id.clone()));
        // Nothing new on a full page: the server gives the same page again and again, and the rest
        // of the list can't be had.
        let repeats = keys.is_empty() && !is_empty;
        // Unless it never spoke of a rest: then it pays no heed to page numbers, and gave everything at once.
        let is_all_again = repeats && paging.says_nothing() && readable == self.seen.len();
        if is_all_again {
            more = false;
        }
        if more && (repeats || page >= MAX_PAGES) {
            return Err(Error::NotPulseApi {
                reason: Mismatch::EndlessList,
            });
        }
        let announces = (paging.last_page, paging.total);
        let is_as_announced = *self.announced.get_or_insert(announces) == announces;
        let ends_early = !more && paging.goes_on(page);
        let is_counted = more
            || paging
                .total
                .given()
                .is_none_or(|total| usize::try_from(total) == Ok(self.seen.len()));
        let adds_up = paging.fits(page)
            && is_as_announced
            && unreadable == 0
            && (keys.len() == readable || is_all_again)
            && !ends_early
            && is_counted;
        self.next = more.then_some(page + 1);
        Ok(KeyPage {
            keys,
            unreadable: u32::try_from(unreadable).unwrap_or(u32::MAX),
            page,
            last_page: paging.last_page.given(),
            total: paging.total.given(),
            adds_up,
        })
    }

    async fn ask(&self, page: u32) -> Result<ListedPage, Error> {
        let transport = &self.transport;
        let policy = transport.options.retry;
        let longest = if page == 1 {
            policy.longest_wait
        } else {
            policy.longest_page_wait
        };
        let url = endpoints::list_page(&transport.base, page, PER_PAGE);
        retry::read(&transport.options, longest, async || {
            decode::page(&transport.get(url.clone()).await?)
        })
        .await
    }
}
