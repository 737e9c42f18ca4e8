//! The address of an API: what the user typed, made into a base URL that a token may be sent to.
//!
//! Nothing is asked of the network here; whether a base answers is found out in `discover`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::{Host, Url};

/// The longest address that is read, in bytes.
const MAX_ADDRESS_BYTES: usize = 2048;

/// The base URL of an API, such as `https://api.pulseapi.io/v1`.
///
/// HTTPS, or HTTP to this machine itself (`localhost`, `127.0.0.0/8`, `::1`); no user info, no
/// query, no fragment, no trailing slash, no empty segment. On the wire and in `Display` it is a string.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BaseUrl(Url);

/// Why a text is no base URL. The messages never repeat what was typed, for it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AddressError {
    /// Nothing was typed.
    #[error("Enter the address of the API.")]
    Empty,
    /// Longer than any address in use.
    #[error("This address is too long.")]
    TooLong,
    /// A space, a line break or a control character inside.
    #[error("An address has no spaces or line breaks in it.")]
    Whitespace,
    /// Not a URL, or one without a host.
    #[error("This is not a web address. It should look like https://api.pulseapi.io/v1.")]
    Unreadable,
    /// A scheme other than HTTPS and HTTP.
    #[error("The address must start with https://.")]
    Scheme,
    /// HTTP to another machine: the token could be read on the way.
    #[error("Only https:// keeps a token private on the way. http:// is for this machine alone.")]
    PlainHttp,
    /// `user:password@` inside.
    #[error("The address must not contain a user name or a password.")]
    UserInfo,
    /// `?…` at the end.
    #[error("The address must not contain a query (the part after ?).")]
    Query,
    /// `#…` at the end.
    #[error("The address must not contain a fragment (the part after #).")]
    Fragment,
}

impl BaseUrl {
    /// The base that the vendor's help gives first.
    pub const DOCUMENTED: &str = "https://api.pulseapi.io/v1";

    /// Reads what the user typed. White space around it is ignored, and without a scheme HTTPS is
    /// meant (HTTP for this machine); everything else is strict.
    pub fn parse(typed: &str) -> Result<Self, AddressError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(AddressError::Empty);
        }
        if typed.len() > MAX_ADDRESS_BYTES {
            return Err(AddressError::TooLong);
        }
        // The URL standard drops tabs and line breaks in silence; two pasted lines are a mistake.
        if typed.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(AddressError::Whitespace);
        }
        Self::check(with_scheme(typed)?)
    }

    fn check(mut url: Url) -> Result<Self, AddressError> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err(AddressError::Scheme);
        }
        if url.host().is_none() {
            return Err(AddressError::Unreadable);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::UserInfo);
        }
        if url.query().is_some() {
            return Err(AddressError::Query);
        }
        if url.fragment().is_some() {
            return Err(AddressError::Fragment);
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(AddressError::PlainHttp);
        }
        // Two slashes where one was meant are a slip of typing or pasting, and lead nowhere.
        let segments = url.path().split('/').filter(|segment| !segment.is_empty());
        let path: Vec<&str> = segments.collect();
        let path = path.join("/");
        url.set_path(&path);
        Ok(Self(url))
    }

    /// Whether the host is this machine itself.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// A page for a browser at the same host, without the `api.` by which a service sets its API apart.
    pub(crate) fn page(&self, path: &str) -> Url {
        let Self(mut url) = self.at(path);
        let host = url.host_str().and_then(|host| host.strip_prefix("api."));
        if let Some(host) = host.filter(|host| host.contains('.')).map(str::to_owned) {
            // The rest of a sound host is one too. If not, the page is looked for beside the API.
            let _unchanged = url.set_host(Some(&host));
        }
        url
    }

    /// Another path at the same origin.
    pub(crate) fn at(&self, path: &str) -> Self {
        let mut url = self.0.clone();
        url.set_path(path);
        Self(url)
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

/// Adds the scheme that the user left out.
/// The address of a page for a browser: no token is sent there, so it may have a query and a fragment.
pub(crate) fn page_address(text: &str) -> Result<Url, AddressError> {
    let url = Url::parse(text).map_err(|_| AddressError::Unreadable)?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(AddressError::PlainHttp),
        _ => return Err(AddressError::Scheme),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::UserInfo);
    }
    Ok(url)
}

fn with_scheme(typed: &str) -> Result<Url, AddressError> {
    let read = |text: &str| Url::parse(text).map_err(|_| AddressError::Unreadable);
    if typed.contains("://") {
        return read(typed);
    }
    let lower = typed.to_ascii_lowercase();
    // `https:host` and `https:/host` are slips that the URL standard would quietly repair.
    if lower.starts_with("https:") || lower.starts_with("http:") {
        return Err(AddressError::Unreadable);
    }
    let mut url = read(&format!("https://{typed}"))?;
    if is_loopback(&url) {
        url = read(&format!("http://{typed}"))?;
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({self})")
    }
}

impl FromStr for BaseUrl {
    type Err = AddressError;

    fn from_str(typed: &str) -> Result<Self, AddressError> {
        Self::parse(typed)
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = AddressError;

    fn try_from(typed: String) -> Result<Self, AddressError> {
        Self::parse(&typed)
    }
}

impl From<BaseUrl> for String {
    fn from(base: BaseUrl) -> Self {
        base.to_string()
    }
}
