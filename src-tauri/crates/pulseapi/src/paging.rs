//! What an answer says of the list that its page is of: which page it is, how many there are, whether there are more.
//!
//! Where it stands, the contract says: in `meta` and `links` (Laravel's API resources), or beside `data` as the same
//! framework's plain paginators have it; its cursor paginator names no numbers. Other services use a `Link` header, and
//! a list with more pages must not pass for a whole one because its server tells of them elsewhere.
//!
//! Of an address for the next page only the query is taken: it goes to our own address of the list, so that the
//! credential goes nowhere else, whatever origin a server believes to have.

use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::link::{self, Linked};
use crate::profile::Pages;

/// The longest cursor or query that is taken from an answer, in bytes.
const MAX_NEXT_BYTES: usize = 2048;

/// A number that an answer may give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Count {
    /// It does not.
    #[default]
    Absent,
    /// It does.
    Given(u32),
    /// It gives something else in its place.
    Unreadable,
}

impl Count {
    fn of(value: Option<&Value>) -> Self {
        let number = match value {
            None | Some(Value::Null) => return Self::Absent,
            Some(Value::Number(number)) => number.as_u64(),
            // Parameters of the request that are repeated in the answer come as text.
            Some(Value::String(text)) => text.parse().ok(),
            Some(_) => None,
        };
        let number = number.and_then(|number| u32::try_from(number).ok());
        number.map_or(Self::Unreadable, Self::Given)
    }

    /// The number, if there is one.
    pub(crate) fn given(self) -> Option<u32> {
        match self {
            Self::Given(number) => Some(number),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

/// Whether there is a next page, and how it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Next {
    /// The answer does not speak of one.
    #[default]
    Unsaid,
    /// There is none.
    Last,
    /// By its number.
    Numbered,
    /// By a cursor.
    Cursor(String),
    /// By what the address that the server gives has behind its `?`.
    Query(String),
}

/// What one page says of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Paging {
    /// Which page this is.
    pub(crate) current_page: Count,
    /// The number of the last page.
    pub(crate) last_page: Count,
    /// How many entries the whole list has.
    pub(crate) total: Count,
    /// What it says of the page after this one.
    pub(crate) next: Next,
}

impl Paging {
    /// What the fields beside the list say, and the headers; `fields` is `None` for a bare list. `page` is the number
    /// of the page that was asked for, from 1.
    pub(crate) fn of(
        fields: Option<&Map<String, Value>>,
        headers: &HeaderMap,
        page: u32,
        pages: &Pages,
    ) -> Self {
        let numbered_by = pages.number_parameter.as_str();
        let cursors = pages.next_cursor.all(fields).map(cursor);
        let addresses = pages.next_address.all(fields);
        let linked = addresses.map(|value| linked(value, page, numbered_by));
        let header = match link::next(headers) {
            Linked::Unsaid => None,
            Linked::Last => Some(Next::Last),
            Linked::Next(address) => Some(behind(&address, page, numbered_by)),
        };
        let has_more = pages.has_more.first(fields).and_then(Value::as_bool);
        let said = has_more.map(|more| if more { Next::Numbered } else { Next::Last });
        // One place may have nothing to say where another does: null stands for the last page only if nothing else
        // names a next one.
        let mut named: Vec<Next> = cursors.chain(linked).chain(header).chain(said).collect();
        let next = match named.iter().position(|next| *next != Next::Last) {
            Some(first) => named.swap_remove(first),
            None => named.pop().unwrap_or_default(),
        };
        let current_page = Count::of(pages.current_page.first(fields));
        let last_page = Count::of(pages.last_page.first(fields));
        let has_numbers = current_page != Count::Absent || last_page != Count::Absent;
        Self {
            current_page,
            last_page,
            total: Count::of(pages.total.first(fields)),
            // Where pages have numbers, the next number says all.
            next: match next {
                Next::Query(_) if has_numbers => Next::Numbered,
                next => next,
            },
        }
    }

    /// Whether it tells in any way how long the list is.
    pub(crate) fn tells_the_end(&self) -> bool {
        let counts = [self.last_page, self.total];
        self.next != Next::Unsaid || counts.iter().any(|count| *count != Count::Absent)
    }

    /// Whether there are more pages than this one, of which `seen` keys are known: by the number of the last, by a
    /// named next one, or by the count of all.
    pub(crate) fn goes_on(&self, page: u32, seen: usize) -> bool {
        if let Count::Given(last) = self.last_page {
            return page < last;
        }
        match self.next {
            Next::Numbered | Next::Cursor(_) | Next::Query(_) => true,
            Next::Last => false,
            Next::Unsaid => {
                let total = self.total.given();
                total.is_some_and(|total| usize::try_from(total).is_ok_and(|total| seen < total))
            }
        }
    }

    /// Whether what it says is readable, fits page number `page` (from 1), and does not contradict itself.
    pub(crate) fn fits(&self, page: u32) -> bool {
        let is_this_page = match self.current_page {
            Count::Absent => true,
            Count::Given(current) => current == page,
            Count::Unreadable => false,
        };
        let ends_alike = match self.last_page {
            Count::Absent => true,
            // An empty list has one page, or none.
            Count::Given(last) => {
                let agrees = match self.next {
                    Next::Unsaid => true,
                    Next::Last => page >= last,
                    Next::Numbered | Next::Cursor(_) | Next::Query(_) => page < last,
                };
                page <= last.max(1) && agrees
            }
            Count::Unreadable => false,
        };
        is_this_page && ends_alike && self.total != Count::Unreadable
    }
}

fn cursor(value: &Value) -> Next {
    match value {
        Value::Null => Next::Last,
        Value::String(text) if text.is_empty() => Next::Last,
        Value::String(text) if text.len() <= MAX_NEXT_BYTES => Next::Cursor(text.clone()),
        Value::Number(number) => Next::Cursor(number.to_string()),
        _ => Next::Numbered,
    }
}

fn linked(value: &Value, page: u32, numbered_by: &str) -> Next {
    match value {
        Value::Null => Next::Last,
        Value::String(address) => behind(address, page, numbered_by),
        _ => Next::Numbered,
    }
}

/// What an address, whole or not, says of the next page.
fn behind(address: &str, page: u32, numbered_by: &str) -> Next {
    // Any origin will do: it is left out.
    let here = Url::parse("https://localhost/").ok();
    let url = here.and_then(|here| here.join(address).ok());
    let Some(query) = url.as_ref().and_then(Url::query) else {
        return Next::Numbered;
    };
    let follows = page.saturating_add(1).to_string();
    let is_numbered = url
        .iter()
        .flat_map(Url::query_pairs)
        .any(|(name, value)| name == numbered_by && value == follows);
    if is_numbered || query.is_empty() || query.len() > MAX_NEXT_BYTES {
        Next::Numbered
    } else {
        Next::Query(query.to_owned())
    }
}
