//! What differs between operating systems: which store to open, and the few things that the store
//! crates can't do.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
mod other;
mod traits;
#[cfg(windows)]
mod windows;

#[cfg(feature = "mock")]
use std::sync::Arc;

#[cfg(feature = "mock")]
use keyring::CredentialStore;

pub(crate) use traits::{Platform, Purpose};

/// The keychain of the system this was built for.
pub(crate) fn current() -> Box<dyn Platform> {
    #[cfg(target_os = "linux")]
    return Box::new(linux::SecretServiceKeychain);
    #[cfg(target_os = "macos")]
    return Box::new(macos::AppleKeychain);
    #[cfg(windows)]
    return Box::new(windows::CredentialManager);
    #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
    return Box::new(other::NoKeychain);
}

/// No operating system's: a store that a test made.
#[cfg(feature = "mock")]
pub(crate) struct Given(pub(crate) Arc<CredentialStore>);

#[cfg(feature = "mock")]
impl Platform for Given {
    fn open(&self) -> keyring::Result<Arc<CredentialStore>> {
        Ok(Arc::clone(&self.0))
    }
}
