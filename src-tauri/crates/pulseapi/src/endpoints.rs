//! The calls that this client makes: method and path as `openapi.yaml` has them. The only place in
//! the crate with a path in it.

use reqwest::Method;
use url::Url;

use crate::address::BaseUrl;
use crate::id::KeyId;

/// One call. `{id}` in the path stands for a key's id.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// The HTTP method.
    pub(crate) method: Method,
    /// The path below the base, as a template.
    pub(crate) path: &'static str,
}

pub(crate) const USER: Endpoint = Endpoint {
    method: Method::GET,
    path: "/user",
};
pub(crate) const LIST: Endpoint = Endpoint {
    method: Method::GET,
    path: "/api-keys",
};
pub(crate) const CREATE: Endpoint = Endpoint {
    method: Method::POST,
    path: "/api-keys",
};
pub(crate) const KEY: Endpoint = Endpoint {
    method: Method::GET,
    path: "/api-keys/{id}",
};
pub(crate) const DELETE: Endpoint = Endpoint {
    method: Method::DELETE,
    path: "/api-keys/{id}",
};
pub(crate) const ROTATE: Endpoint = Endpoint {
    method: Method::POST,
    path: "/api-keys/{id}/rotate",
};
pub(crate) const ABILITIES: Endpoint = Endpoint {
    method: Method::GET,
    path: "/api-keys/abilities",
};
pub(crate) const MONITORS: Endpoint = Endpoint {
    method: Method::GET,
    path: "/monitors",
};
pub(crate) const INCIDENTS: Endpoint = Endpoint {
    method: Method::GET,
    path: "/incidents",
};

impl Endpoint {
    /// The address of this call under a base, for a key if the path asks for one.
    pub(crate) fn url(&self, base: &BaseUrl, id: Option<&KeyId>) -> Url {
        let mut url = base.url().clone();
        // HTTP addresses always have segments; `push` escapes what would leave the segment.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            for segment in self.path.split('/').skip(1) {
                match (segment, id) {
                    ("{id}", Some(id)) => segments.push(id.as_str()),
                    _ => segments.push(segment),
                };
            }
        }
        url
    }
}

/// The address of one page of the list. Pages count from 1; the service gives up to 100 keys each.
pub(crate) fn list_page(base: &BaseUrl, page: u32, per_page: u32) -> Url {
    list_by(base, "page", &page.to_string(), per_page)
}

/// The address of the page of the list that a cursor leads to.
pub(crate) fn list_after(base: &BaseUrl, cursor: &str, per_page: u32) -> Url {
    list_by(base, "cursor", cursor, per_page)
}

/// The address of the page of the list that a query leads to which the server gave.
pub(crate) fn list_with(base: &BaseUrl, query: &str, per_page: u32) -> Url {
    let mut url = LIST.url(base, None);
    url.set_query(Some(query));
    let is_sized = url
        .query_pairs()
        .any(|(name, _)| name == "per_page" || name == "limit");
    if !is_sized {
        url.query_pairs_mut()
            .append_pair("per_page", &per_page.to_string());
    }
    url
}

fn list_by(base: &BaseUrl, name: &str, value: &str, per_page: u32) -> Url {
    let mut url = LIST.url(base, None);
    url.query_pairs_mut()
        .append_pair(name, value)
        .append_pair("per_page", &per_page.to_string());
    url
}

/// The address of a list of one entry: what it holds does not matter.
pub(crate) fn one_entry(base: &BaseUrl, list: &Endpoint) -> Url {
    let mut url = list.url(base, None);
    url.query_pairs_mut().append_pair("per_page", "1");
    url
}
