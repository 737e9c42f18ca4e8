//! The addresses of lists and their pages under a base, as the contract has them.

use url::Url;

use crate::address::BaseUrl;
use crate::endpoint::Endpoint;
use crate::operation::Operation;
use crate::profile::{PageBy, Profile};

/// The address of the list with so many keys to a page.
fn list(profile: &Profile, base: &BaseUrl) -> Url {
    match profile.calls.get(Operation::List) {
        Some(endpoint) => endpoint.url(base, None),
        // No contract is without a list.
        None => base.url().clone(),
    }
}

/// The address of the list's first page.
pub(crate) fn first_page(profile: &Profile, base: &BaseUrl, size: u32) -> Url {
    match profile.pages.by {
        PageBy::Number => list_page(profile, base, 1, size),
        PageBy::Cursor => {
            let mut url = list(profile, base);
            url.query_pairs_mut()
                .append_pair(&profile.pages.size_parameter, &size.to_string());
            url
        }
    }
}

/// The address of one page of the list. Pages count from 1.
pub(crate) fn list_page(profile: &Profile, base: &BaseUrl, page: u32, size: u32) -> Url {
    let name = &profile.pages.number_parameter;
    list_by(profile, base, name, &page.to_string(), size)
}

/// The address of the page of the list that a cursor leads to.
pub(crate) fn list_after(profile: &Profile, base: &BaseUrl, cursor: &str, size: u32) -> Url {
    list_by(profile, base, &profile.pages.cursor_parameter, cursor, size)
}

/// The address of the page of the list that a query leads to which the server gave.
pub(crate) fn list_with(profile: &Profile, base: &BaseUrl, query: &str, size: u32) -> Url {
    let mut url = list(profile, base);
    url.set_query(Some(query));
    let sized_by = profile.pages.size_parameter.as_str();
    let is_sized = url
        .query_pairs()
        .any(|(name, _)| name == sized_by || name == "limit");
    if !is_sized {
        url.query_pairs_mut()
            .append_pair(sized_by, &size.to_string());
    }
    url
}

fn list_by(profile: &Profile, base: &BaseUrl, name: &str, value: &str, size: u32) -> Url {
    let mut url = list(profile, base);
    url.query_pairs_mut()
        .append_pair(name, value)
        .append_pair(&profile.pages.size_parameter, &size.to_string());
    url
}

/// The address of a list of one entry: what it holds does not matter.
pub(crate) fn one_entry(profile: &Profile, base: &BaseUrl, list: &Endpoint) -> Url {
    let mut url = list.url(base, None);
    url.query_pairs_mut()
        .append_pair(&profile.pages.size_parameter, "1");
    url
}
