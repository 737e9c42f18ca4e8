//! Which version of the app is the newest, asked of one address.
//!
//! One GET without a credential, a cookie, a version or an id of any kind: whoever answers learns that somebody asked,
//! and from which network address. The answer is read as something that a stranger wrote. Left out: whether and when to
//! ask, what was answered before, and replacing the app, which is for whoever packaged it.

mod fetch;
mod release;

use std::time::Duration;

use thiserror::Error;
use url::{Host, Url};

pub use release::Release;
pub use semver::Version;

/// How long an answer may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Name lookup, connection and TLS handshake together.
    pub connect: Duration,
    /// From the first to the last byte.
    pub total: Duration,
}

/// Why it is not known which version is the newest.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UpdateError {
    /// Plain HTTP to another machine, or no HTTP at all. Nothing was sent.
    #[error("the address is not https://")]
    NotPrivate,
    /// The machine's certificates cannot be read. Nothing was sent.
    #[error("this machine's certificates could not be read")]
    NoTrustStore,
    /// No connection, or a certificate that is not trusted.
    #[error("the address could not be reached")]
    Unreachable,
    /// It did not end in time.
    #[error("the answer took too long")]
    TimedOut,
    /// It ended before it was whole.
    #[error("the answer broke off")]
    BrokeOff,
    /// Anything but 200; redirects are not followed.
    #[error("the answer had the status {0} instead of 200")]
    Status(u16),
    /// More than [`LIMIT`] bytes.
    #[error("the answer was larger than {} KiB", LIMIT / 1024)]
    TooLarge,
    /// Not JSON, or without a version number.
    #[error("the answer names no version")]
    NotARelease,
}

/// The most that is read of an answer, in bytes.
pub const LIMIT: usize = 256 * 1024;

/// Asks. Once: nothing is repeated and no redirect is followed.
///
/// # Errors
/// [`UpdateError`].
pub async fn newest(address: &Url, patience: Patience) -> Result<Release, UpdateError> {
    if !is_private(address) {
        return Err(UpdateError::NotPrivate);
    }
    let body = fetch::body(address, patience).await?;
    Release::read(&body, address).ok_or(UpdateError::NotARelease)
}

/// HTTPS, or this machine itself.
fn is_private(address: &Url) -> bool {
    match address.scheme() {
        "https" => true,
        "http" => is_loopback(address),
        _ => false,
    }
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
