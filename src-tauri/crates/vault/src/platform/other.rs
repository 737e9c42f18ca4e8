//! Systems without a keychain that we know.

use std::sync::Arc;

use keyring::CredentialStore;

use super::traits::Platform;

pub(crate) struct NoKeychain;

impl Platform for NoKeychain {
    fn open(&self) -> keyring::Result<Arc<CredentialStore>> {
        Err(keyring::Error::NoDefaultStore)
    }
}
