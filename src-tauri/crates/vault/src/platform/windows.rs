//! Windows: Credential Manager. Open as long as the user is signed in; it never asks.

use std::sync::Arc;

use keyring::CredentialStore;

use super::traits::Platform;

pub(crate) struct CredentialManager;

impl Platform for CredentialManager {
    fn open(&self) -> keyring::Result<Arc<CredentialStore>> {
        let store = windows_native_keyring_store::Store::new()?;
        Ok(store)
    }
}
