//! The list of keys, page after page.
//!
//! The next page is asked for as the server says (`paging`), by its number where it says nothing. A server that never
//! tells how long its list is, is asked on until nothing new comes. A key that moves to a later page while the list is
//! read (another was made meanwhile) is given once; keys that move to an earlier page may be missed. Whatever speaks
//! against a whole list is told with the page ([`KeyPage::adds_up`]); to read the list again is for the caller.
//!
//! A reading that broke off goes on behind the last page that it had ([`resume`]), if that page is still what it was.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt as _};

use crate::checkpoint::Checkpoint;
use crate::decode::{self, ListedPage};
use crate::error::{Error, Mismatch};
use crate::id::KeyId;
use crate::model::KeyPage;
use crate::paging::{Count, Next, Paging};
use crate::profile::{MAX_PAGE_SIZE, PageBy};
use crate::transport::Transport;
use crate::{endpoints, retry};

/// Where reading stops, whatever is said of the end: 200,000 keys on pages of the usual size. The app is made for half of
/// that.
const MAX_PAGES: u32 = 2000;

/// How many entries pages usually have. A server that gives so many, whichever page it is asked for, may have more.
const USUAL_PAGE_SIZES: [usize; 7] = [10, 15, 20, 25, 30, 50, MAX_PAGE_SIZE as usize];

/// Pages of a list as they arrive. Ends after the last one or after an error.
pub type KeyPages = BoxStream<'static, Result<KeyPage, Error>>;

struct Reading {
    transport: Arc<Transport>,
    /// The number of the page to ask for, from 1, and how; `None` after the last.
    next: Option<(u32, Next)>,
    seen: HashSet<KeyId>,
    /// What the first page had on it, and the one before this.
    first: Vec<KeyId>,
    before: Vec<KeyId>,
    /// What the first page said of how long the list is.
    announced: Option<(Count, Count)>,
    /// Whether any page told how long the list is.
    is_told: bool,
}

/// All pages.
pub(crate) fn stream(transport: Arc<Transport>) -> KeyPages {
    let reading = Reading {
        transport,
        next: Some((1, Next::Numbered)),
        seen: HashSet::new(),
        first: Vec::new(),
        before: Vec::new(),
        announced: None,
        is_told: false,
    };
    reading.into_pages()
}

/// The pages behind one that was read earlier, where `seen` are the keys until there. That page and the first one are
/// asked for once more: `None` where there are other keys on them, where the list has another length, or where the
/// server has no such page. Keys may have come, gone, or moved over the page's edge then, and the list has to be read from
/// its beginning.
///
/// # Errors
/// What the service reports of these pages but that there are none.
pub(crate) async fn resume(
    transport: Arc<Transport>,
    checkpoint: Checkpoint,
    seen: HashSet<KeyId>,
) -> Result<Option<KeyPages>, Error> {
    let mut reading = Reading {
        transport,
        next: None,
        seen,
        first: checkpoint.first,
        before: checkpoint.ids,
        announced: Some(checkpoint.announced),
        is_told: checkpoint.is_told,
    };
    let page = checkpoint.page;
    let first = (1, &Next::Numbered, &reading.first);
    let last = (page, &checkpoint.by, &reading.before);
    let mut next = Next::Unsaid;
    for (page, by, ids) in [first, last] {
        let answer = match reading.ask(page, by).await {
            Err(error) if denies(&error) => return Ok(None),
            answer => answer?,
        };
        let is_same = answer.unreadable == 0 && answer.keys.iter().map(|key| &key.id).eq(ids);
        let paging = answer.paging;
        let is_as_long = Some((paging.last_page, paging.total)) == reading.announced;
        let is_named = paging.goes_on(page, reading.seen.len());
        let goes_on = reading.leads_on(&paging.next, is_named);
        if !(is_same && is_as_long && paging.fits(page) && goes_on) {
            return Ok(None);
        }
        next = paging.next;
    }
    reading.next = Some((page + 1, next));
    Ok(Some(reading.into_pages()))
}

impl Reading {
    fn into_pages(self) -> KeyPages {
        stream::unfold(self, async |mut reading| {
            let (page, by) = reading.next.take()?;
            let result = reading.page(page, by).await;
            Some((result, reading))
        })
        .boxed()
    }

    async fn page(&mut self, page: u32, by: Next) -> Result<KeyPage, Error> {
        let answer = match self.ask(page, &by).await {
            // Nobody said that there is such a page.
            Err(error) if page > 1 && !self.is_told && denies(&error) => {
                return Ok(after_the_last(page));
            }
            answer => answer?,
        };
        let ListedPage {
            mut keys,
            unreadable,
            paging,
        } = answer;
        let ids: Vec<KeyId> = keys.iter().map(|key| key.id.clone()).collect();
        keys.retain(|key| self.seen.insert(key.id.clone()));
        self.is_told |= paging.tells_the_end();
        let is_empty = ids.is_empty() && unreadable == 0;
        let brings_nothing = is_empty || keys.is_empty();
        let is_named = paging.goes_on(page, self.seen.len());
        let more = !brings_nothing && self.leads_on(&paging.next, is_named);
        if more && page >= MAX_PAGES {
            return Err(Error::NotPulseApi {
                reason: Mismatch::LongList { pages: page },
            });
        }

        let repeats = keys.is_empty() && !is_empty;
        let is_end_again = repeats && self.is_end_again(&ids, page);
        let announces = (paging.last_page, paging.total);
        let is_as_announced = *self.announced.get_or_insert(announces) == announces;
        let ends_early = !more && is_named;
        let adds_up = paging.fits(page)
            && is_as_announced
            && unreadable == 0
            && (keys.len() == ids.len() || is_end_again)
            && !ends_early
            && (self.is_told || !self.is_by_cursor())
            && (more || self.is_counted(&paging));
        self.next = more.then(|| (page + 1, paging.next));
        if page == 1 {
            self.first.clone_from(&ids);
        }
        let checkpoint = more.then(|| Checkpoint {
            page,
            by,
            ids: ids.clone(),
            first: self.first.clone(),
            announced: announces,
            is_told: self.is_told,
        });
        self.before = ids;
        Ok(KeyPage {
            keys,
            unreadable: u32::try_from(unreadable).unwrap_or(u32::MAX),
            page,
            last_page: paging.last_page.given(),
            total: paging.total.given(),
            adds_up,
            repeats: repeats && !is_end_again,
            checkpoint,
        })
    }

    /// Whether a page on which nothing is new is the last one once more, of a server that never told how long its list
    /// is: it gives the last page for each number beyond it, or pays no heed to numbers and gave all there is at once.
    fn is_end_again(&self, ids: &[KeyId], page: u32) -> bool {
        let size = self.transport.profile.pages.size;
        let may_be_more =
            USUAL_PAGE_SIZES.contains(&ids.len()) || usize::try_from(size) == Ok(ids.len());
        let has_all = page > 2 || !may_be_more;
        !self.is_told && ids == self.before && has_all
    }

    fn is_by_cursor(&self) -> bool {
        self.transport.profile.pages.by == PageBy::Cursor
    }

    /// Whether there is a page to ask for after this one. Where pages go by cursor, only a cursor or an address leads
    /// to one, and a server that never spoke of either says by that nothing on how long its list is.
    fn leads_on(&self, next: &Next, is_named: bool) -> bool {
        if self.is_by_cursor() {
            matches!(next, Next::Cursor(_) | Next::Query(_))
        } else {
            is_named || !self.is_told
        }
    }

    fn is_counted(&self, paging: &Paging) -> bool {
        let total = paging.total.given();
        total.is_none_or(|total| usize::try_from(total) == Ok(self.seen.len()))
    }

    async fn ask(&self, page: u32, by: &Next) -> Result<ListedPage, Error> {
        let transport = &self.transport;
        let policy = transport.options.retry;
        let longest = if page == 1 {
            policy.longest_wait
        } else {
            policy.longest_page_wait
        };
        let (profile, base) = (&*transport.profile, &transport.base);
        let size = profile.pages.size;
        let url = match by {
            Next::Cursor(cursor) => endpoints::list_after(profile, base, cursor, size),
            Next::Query(query) => endpoints::list_with(profile, base, query, size),
            Next::Unsaid | Next::Last | Next::Numbered if page == 1 => {
                endpoints::first_page(profile, base, size)
            }
            Next::Unsaid | Next::Last | Next::Numbered => {
                endpoints::list_page(profile, base, page, size)
            }
        };
        retry::read(&transport.options, longest, async || {
            decode::page(&transport.get(url.clone()).await?, profile, page)
        })
        .await
    }
}

/// Whether a server says that way that it has no such page.
fn denies(error: &Error) -> bool {
    matches!(
        error,
        Error::NotFound
            | Error::Invalid { .. }
            | Error::Rejected { .. }
            | Error::NotPulseApi { .. }
    )
}

/// A page that is none. Whoever says so, a service or a gateway: one refusal is no proof that the page before it was the
/// last.
fn after_the_last(page: u32) -> KeyPage {
    KeyPage {
        keys: Vec::new(),
        unreadable: 0,
        page,
        last_page: None,
        total: None,
        adds_up: false,
        repeats: false,
        checkpoint: None,
    }
}
