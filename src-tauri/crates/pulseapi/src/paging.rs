//! What an answer says of the list that its page is of: which page it is, how many there are, whether there are more.
//!
//! The service is assumed to put this into `meta` and `links` (Laravel's API resources). The same framework's plain
//! paginator puts it beside `data`, other services into a `Link` header, and a list with more pages must not pass for
//! a whole one because its server tells of them elsewhere.

use reqwest::header::{HeaderMap, LINK};
use serde_json::{Map, Value};

/// A number that an answer may give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// What one page says of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Paging {
    /// Which page this is.
    pub(crate) current_page: Count,
    /// The number of the last page.
    pub(crate) last_page: Count,
    /// How many entries the whole list has.
    pub(crate) total: Count,
    /// Whether a next page is named; `None` when the answer does not speak of one.
    pub(crate) next: Option<bool>,
}

impl Paging {
    /// What the fields beside the list say; `fields` is `None` for a bare list.
    pub(crate) fn of(fields: Option<&Map<String, Value>>, headers: &HeaderMap) -> Self {
        let inside = |name: &str, field: &str| fields.and_then(|all| all.get(name)?.get(field));
        let field =
            |name: &str| inside("meta", name).or_else(|| fields.and_then(|all| all.get(name)));
        let names = |value: Option<&Value>| value.map(|value| !value.is_null());
        let next = names(inside("links", "next"))
            .or_else(|| names(field("next_page_url")))
            .or_else(|| names(field("next_cursor")))
            .or_else(|| field("has_more").and_then(Value::as_bool))
            .or_else(|| links_to_next(headers).then_some(true));
        Self {
            current_page: Count::of(field("current_page")),
            last_page: Count::of(field("last_page")),
            total: Count::of(field("total")),
            next,
        }
    }

    /// Whether it gives no hint of other pages.
    pub(crate) fn says_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Whether there are more pages than this one: by the number of the last, else by a named next one.
    pub(crate) fn goes_on(&self, page: u32) -> bool {
        match self.last_page {
            Count::Given(last) => page < last,
            Count::Absent | Count::Unreadable => self.next == Some(true),
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
                page <= last.max(1) && self.next.is_none_or(|next| next == (page < last))
            }
            Count::Unreadable => false,
        };
        is_this_page && ends_alike && self.total != Count::Unreadable
    }
}

/// RFC 8288: `Link: <…>; rel="next"`.
fn links_to_next(headers: &HeaderMap) -> bool {
    headers
        .get_all(LINK)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| {
            let value = value.to_ascii_lowercase();
            value.contains("rel=\"next\"") || value.contains("rel=next")
        })
}
