//! What differs between operating systems: which store to open, and the few things that the store
//! crates can't do.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
mod other;
#[cfg(windows)]
mod windows;

use std::sync::Arc;

use keyring::CredentialStore;

use crate::{Missing, SecretName, VaultError};

#[cfg(target_os = "linux")]
pub(crate) use linux::can_ask;

/// One operating system's keychain. Every call may block.
pub(crate) trait Platform: Send {
    /// Opens the store; called again for every call while it fails.
    fn open(&self) -> keyring::Result<Arc<CredentialStore>>;

    /// What keychain programs show for an item; `None` where the store knows no labels.
    fn label(&self, _name: &SecretName) -> Option<String> {
        None
    }

    /// Whether the keychain could take a secret now, beyond having answered a read. Changes
    /// nothing and asks nobody.
    fn probe(&self) -> Result<(), VaultError> {
        Ok(())
    }

    /// Whether reading or writing this name now would ask the person for a password. Asks nobody.
    fn would_prompt(&self, _name: &SecretName) -> Result<bool, VaultError> {
        Ok(false)
    }

    /// Makes the keyring that secrets go to by default; may ask the person for its password.
    fn make_login_keyring(&self) -> Result<(), VaultError> {
        Err(VaultError::unavailable(Missing::LoginKeyring))
    }
}

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
