//! Why it is not known which version is the newest.

use thiserror::Error;

use crate::limits::LIMIT;

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
