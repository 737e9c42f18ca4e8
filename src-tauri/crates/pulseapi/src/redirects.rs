//! What a redirect means, and where it leads.

use reqwest::header::LOCATION;
use reqwest::{Response, StatusCode};
use url::Url;

use crate::answer::clean;
use crate::error::{Error, Mismatch};

/// Where a redirect leads. Which host that is, is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectedTo {
    /// To the same origin; it was followed.
    SameHost,
    /// To a page for signing in.
    SignIn,
    /// To another origin; it was not followed.
    AnotherHost,
    /// Nowhere that can be read, or round in circles.
    Nowhere,
}

pub(crate) fn is_redirect(status: StatusCode) -> bool {
    status.is_redirection() && status != StatusCode::NOT_MODIFIED
}

pub(crate) fn location(from: &Url, response: &Response) -> Option<Url> {
    let mut target = from
        .join(response.headers().get(LOCATION)?.to_str().ok()?)
        .ok()?;
    // User info in it would become a second Authorization header. Not every URL can have some.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    Some(target)
}

pub(crate) fn redirected(target: Option<&Url>) -> Error {
    let origin = target.map(|url| clean(&url.origin().ascii_serialization()));
    let reason = if target.is_some_and(is_sign_in) {
        Mismatch::SignIn { origin }
    } else {
        Mismatch::Redirect { origin }
    };
    Error::NotPulseApi { reason }
}

/// Whether an address looks like that of a page for signing in. There a web application leads whoever brings no token
/// that it accepts.
pub(crate) fn is_sign_in(url: &Url) -> bool {
    const PAGES: [&str; 8] = [
        "login",
        "log-in",
        "log_in",
        "signin",
        "sign-in",
        "sign_in",
        "sso",
        "authenticate",
    ];
    let mut segments = url.path_segments().into_iter().flatten();
    segments.any(|segment| {
        let name = segment.split('.').next().unwrap_or(segment);
        PAGES.contains(&name.to_ascii_lowercase().as_str())
    })
}
