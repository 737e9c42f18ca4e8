//! macOS: the login keychain. It asks for its password, and for leave, by itself.

use std::sync::Arc;

use keyring::CredentialStore;

use super::traits::Platform;

pub(crate) struct AppleKeychain;

impl Platform for AppleKeychain {
    fn open(&self) -> keyring::Result<Arc<CredentialStore>> {
        let store = apple_native_keyring_store::keychain::Store::new()?;
        Ok(store)
    }
}
