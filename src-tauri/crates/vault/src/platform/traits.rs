//! What every operating system's keychain can do.

use std::sync::Arc;

use keyring::CredentialStore;

use crate::error::{Missing, VaultError};
use crate::name::SecretName;

/// What an item is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To read or remove it, if it is there.
    Reading,
    /// To write it, whether it is there or not.
    Writing,
}

/// One operating system's keychain. Every call may block.
pub(crate) trait Platform: Send {
    /// Opens the store; called again for every call while it fails.
    fn open(&self) -> keyring::Result<Arc<CredentialStore>>;

    /// The running program that answers, where that may be exchanged for another one: a store that was opened at an
    /// earlier one is of no use. `None` where nothing answers, or there is but one.
    fn answering(&self) -> Option<String> {
        None
    }

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

    /// Has the user asked for what must be open before this name can be read or written; nothing where the store asks by
    /// itself.
    fn unlock(&self, _name: &SecretName, _purpose: Purpose) -> Result<(), VaultError> {
        Ok(())
    }

    /// Whether "nothing is kept under this name" may only mean that a part of the keychain is locked, and could not be
    /// searched. Never prompts.
    fn is_part_unsearched(&self) -> Result<bool, VaultError> {
        Ok(false)
    }

    /// Has the user asked for every part that is locked.
    fn unlock_all(&self) -> Result<(), VaultError> {
        Ok(())
    }

    /// Makes the keyring that secrets go to by default; may ask the user for its password.
    fn make_login_keyring(&self) -> Result<(), VaultError> {
        Err(VaultError::unavailable(Missing::LoginKeyring))
    }
}
