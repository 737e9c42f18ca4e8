//! Pages in Laravel's shape: `{data, links, meta}`; and ids in paths.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use serde::Serialize;

use super::error::{ApiError, Invalid};

const DEFAULT_PER_PAGE: i64 = 15;
const MAX_PER_PAGE: i64 = 100;
const MAX_PAGE: i64 = i32::MAX as i64;

/// Which page is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paging {
    page: i64,
    per_page: i64,
}

impl Paging {
    /// Reads `page` and `per_page`; other parameters are ignored.
    pub(crate) fn from_uri(uri: &Uri) -> Result<Self, ApiError> {
        // Anything can be decoded into pairs of strings; a failure would mean no parameters.
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .unwrap_or_default()
            .0;
        let mut invalid = Invalid::default();
        let page = number(&pairs, "page", "page", MAX_PAGE, &mut invalid);
        let per_page = number(&pairs, "per_page", "per page", MAX_PER_PAGE, &mut invalid);
        invalid.into_result()?;
        Ok(Self {
            page: page.unwrap_or(1),
            per_page: per_page.unwrap_or(DEFAULT_PER_PAGE),
        })
    }

    /// Rows before this page.
    pub(crate) fn offset(self) -> i64 {
        (self.page - 1) * self.per_page
    }

    /// Rows on this page.
    pub(crate) fn limit(self) -> i64 {
        self.per_page
    }
}

/// A whole number from 1 to `max`, given at most once.
fn number(
    pairs: &[(String, String)],
    name: &str,
    spoken: &str,
    max: i64,
    invalid: &mut Invalid,
) -> Option<i64> {
    let mut given = pairs
        .iter()
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.as_str());
    let text = given.next()?;
    if given.next().is_some() {
        invalid.add(name, format!("The {spoken} field must be given once."));
        return None;
    }
    let complaint = if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        "must be an integer.".to_owned()
    } else {
        match text.parse() {
            Ok(0) => "must be at least 1.".to_owned(),
            Ok(number) if number <= max => return Some(number),
            _ => format!("must not be greater than {max}."),
        }
    };
    invalid.add(name, format!("The {spoken} field {complaint}"));
    None
}

/// One page of rows.
#[derive(Debug, Serialize)]
pub(crate) struct Page<T> {
    data: Vec<T>,
    links: Links,
    meta: Meta,
}

#[derive(Debug, Serialize)]
struct Links {
    first: String,
    last: String,
    prev: Option<String>,
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct Meta {
    current_page: i64,
    last_page: i64,
    per_page: i64,
    total: i64,
}

impl<T> Page<T> {
    /// Wraps the rows of a page; `origin` and the path of `uri` make the links.
    pub(crate) fn new(
        (data, total): (Vec<T>, i64),
        paging: Paging,
        origin: &str,
        uri: &Uri,
    ) -> Self {
        let Paging { page, per_page } = paging;
        let last_page = ((total + per_page - 1) / per_page).max(1);
        let link = |page: i64| {
            let path = uri.path();
            format!("{origin}{path}?page={page}&per_page={per_page}")
        };
        Self {
            data,
            links: Links {
                first: link(1),
                last: link(last_page),
                prev: (page > 1).then(|| link(page - 1)),
                next: (page < last_page).then(|| link(page + 1)),
            },
            meta: Meta {
                current_page: page,
                last_page,
                per_page,
                total,
            },
        }
    }
}

/// The `{id}` of a path; `None` when no record can have it.
pub(crate) struct PathId(pub(crate) Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let text = Path::<String>::from_request_parts(parts, state).await.ok();
        let digits = text.filter(|Path(text)| text.bytes().all(|byte| byte.is_ascii_digit()));
        Ok(Self(digits.and_then(|Path(text)| text.parse().ok())))
    }
}

impl PathId {
    /// The id, or "not found".
    pub(crate) fn get(&self) -> Result<i64, ApiError> {
        self.0.ok_or(ApiError::NotFound)
    }
}
