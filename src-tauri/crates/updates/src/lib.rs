//! Which version of the app is the newest, asked of one address.
//!
//! One GET without a credential, a cookie, a version or an id of any kind: the server learns that somebody asked, and
//! from which network address. The answer is read as untrusted text. Replacing the app is for its package manager.

mod address;
mod error;
mod fetch;
mod limits;
mod release;

use url::Url;

pub use error::UpdateError;
pub use limits::{LIMIT, Timeouts};
pub use release::Release;
pub use semver::Version;

/// Asks. Once: nothing is repeated and no redirect is followed.
///
/// # Errors
/// [`UpdateError`].
pub async fn newest(address: &Url, timeouts: Timeouts) -> Result<Release, UpdateError> {
    if !address::is_private(address) {
        return Err(UpdateError::NotPrivate);
    }
    let body = fetch::body(address, timeouts).await?;
    Release::read(&body, address).ok_or(UpdateError::NotARelease)
}
