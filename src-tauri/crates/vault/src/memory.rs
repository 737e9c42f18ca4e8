//! The session-only vault: secrets in this process's memory, wiped when the last handle goes.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;

use crate::error::VaultError;
use crate::name::SecretName;

#[derive(Default)]
pub(crate) struct Memory {
    // SecretString overwrites its bytes on drop, so replacing and dropping both wipe.
    secrets: Mutex<HashMap<SecretName, SecretString>>,
}

impl Memory {
    pub(crate) fn store(&self, name: &SecretName, secret: SecretString) {
        self.secrets().insert(name.clone(), secret);
    }

    pub(crate) fn load(&self, name: &SecretName) -> Result<SecretString, VaultError> {
        self.secrets().get(name).cloned().ok_or(VaultError::None)
    }

    pub(crate) fn forget(&self, name: &SecretName) {
        self.secrets().remove(name);
    }

    /// The map is whole after every statement above, so a panic elsewhere can't have broken it.
    fn secrets(&self) -> MutexGuard<'_, HashMap<SecretName, SecretString>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
