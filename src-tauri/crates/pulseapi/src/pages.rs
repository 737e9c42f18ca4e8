//! The list of keys, page after page.
//!
//! Pages are asked for by number; addresses that the server gives for the next page are not
//! followed. A key that moves to a later page while the list is read (another was made meanwhile)
//! is given once. Keys that move to an earlier page may be missed: the next refresh has them.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::{Stream, stream};

use crate::decode::ListedPage;
use crate::transport::Transport;
use crate::{Error, KeyId, KeyPage, Mismatch, decode, endpoints, retry};

/// How many keys are asked for at a time: the service's maximum.
pub(crate) const PER_PAGE: u32 = 100;

/// More pages than this are no list of one person's keys. 100,000 keys.
const MOST_PAGES: u32 = 1000;

struct Reading {
    transport: Arc<Transport>,
    /// The page to ask for; `None` after the last.
    next: Option<u32>,
    seen: HashSet<KeyId>,
}

/// All pages; ends after the last one or after an error.
pub(crate) fn stream(
    transport: Arc<Transport>,
) -> impl Stream<Item = Result<KeyPage, Error>> + Send + Unpin + use<> {
    let reading = Reading {
        transport,
        next: Some(1),
        seen: HashSet::new(),
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
        let listed = self.ask(page).await?;
        let given = listed.keys.len();
        let more = given > 0 && goes_on(&listed, page);
        let mut keys = listed.keys;
        keys.retain(|key| self.seen.insert(key.id.clone()));
        // Nothing new on a full page: the server gives the same page again and again, and the rest
        // of the list can't be had.
        let repeats = keys.is_empty() && given > 0;
        if more && (repeats || page >= MOST_PAGES) {
            return Err(Error::NotPulseApi {
                reason: Mismatch::EndlessList,
            });
        }
        self.next = more.then_some(page + 1);
        let (last_page, total) = (listed.meta.last_page, listed.meta.total);
        Ok(KeyPage {
            keys,
            page,
            last_page,
            total,
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

/// Whether there are more pages: by the number of the last, else by a named next one. A list that
/// speaks of neither is whole.
fn goes_on(listed: &ListedPage, page: u32) -> bool {
    match listed.meta.last_page {
        Some(last) => page < last,
        None => listed.next == Some(true),
    }
}
