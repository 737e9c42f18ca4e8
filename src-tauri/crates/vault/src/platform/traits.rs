//! What every operating system's keychain can do.

use std::sync::Arc;

use keyring::CredentialStore;

use crate::error::{Missing, VaultError};
use crate::name::SecretName;

/// One operating system's keychain. Every call may block.
pub(crate) trait Platform: Send {
    /// Opens the store; called again for every call while it fails.
    fn open(&self) -> keyring::Result<Arc<CredentialStore>>;

    /// What keychain programs show for an item; `None` where the store knows no labels.
    fn label(&self, _name: &SecretName) -> Option<String> {
        None
    }

    /// Whether the keychain could take a secret now, beyond having answered a read. Changes
    /// nothing and never prompts.
    fn probe(&self) -> Result<(), VaultError> {
        Ok(())
    }

    /// Whether reading or writing this name now would ask the user for a password. Never prompts itself.
    fn would_prompt(&self, _name: &SecretName) -> Result<bool, VaultError> {
        Ok(false)
    }

    /// Makes the keyring that secrets go to by default; may ask the user for its password.
    fn make_login_keyring(&self) -> Result<(), VaultError> {
        Err(VaultError::unavailable(Missing::LoginKeyring))
    }
}
