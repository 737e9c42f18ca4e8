//! Secrets in the operating system's keychain: Secret Service on Linux, Keychain on macOS,
//! Credential Manager on Windows; or, when the user chooses so, in this process's memory only.
//!
//! A keychain call can block for as long as the user thinks about a password prompt. So all of
//! them run one after the other on one thread of their own, and callers await the answer: a prompt
//! blocks other keychain calls (the stores would make them wait anyway), never the async runtime.
//!
//! Stores come from `keyring-core` and one store crate per platform, not from the `keyring` facade:
//! the facade opens its store once per process, so a keychain that was not there at the first call
//! would never be there again.
//!
//! Prompts have no timeout: the user decides how long they take.

mod error;
mod error_map;
mod keychain;
mod locked_secret;
mod memory;
mod name;
mod platform;
#[cfg(target_os = "linux")]
mod prompt_display;
mod worker;

use std::sync::Arc;

use secrecy::SecretString;

pub use crate::error::{Missing, VaultError};
pub use crate::locked_secret::LockedSecret;
pub use crate::name::{JOURNAL_SERVICE, SERVICE, SecretName};

use crate::keychain::Keychain;
use crate::memory::Memory;
use crate::worker::Worker;

/// A place for secrets. Clones share it.
///
/// Every method may be called again after any error: the keychain is opened anew when it was not
/// there or stopped answering.
#[derive(Clone)]
pub struct Vault {
    place: Arc<Place>,
}

enum Place {
    Keychain(Worker),
    Memory(Memory),
}

impl Vault {
    /// The operating system's keychain. Opens nothing yet: the first call does.
    #[must_use]
    pub fn keychain() -> Vault {
        Vault::at(Place::Keychain(Worker::start(platform::current())))
    }

    /// A keychain over a store of the caller's own making, so that tests can have one that refuses. All else is as with
    /// [`Vault::keychain`].
    #[cfg(feature = "mock")]
    #[must_use]
    pub fn over_mock(store: Arc<keyring::CredentialStore>) -> Vault {
        let platform = Box::new(platform::Given(store));
        Vault::at(Place::Keychain(Worker::start(platform)))
    }

    /// A vault that keeps secrets in memory and wipes them when its last clone is dropped.
    #[must_use]
    pub fn session_only() -> Vault {
        Vault::at(Place::Memory(Memory::default()))
    }

    fn at(place: Place) -> Vault {
        Vault {
            place: Arc::new(place),
        }
    }

    /// Whether secrets are gone when the app ends.
    #[must_use]
    pub fn is_session_only(&self) -> bool {
        matches!(*self.place, Place::Memory(_))
    }

    /// Can secrets be kept? Leaves nothing behind and never asks the user anything: a locked
    /// keychain is fine as long as there is a display on which it can ask when it is needed.
    ///
    /// # Errors
    /// [`VaultError::Unavailable`], [`VaultError::Locked`] or [`VaultError::Failed`].
    pub async fn check(&self) -> Result<(), VaultError> {
        match &*self.place {
            Place::Keychain(worker) => worker.run(Keychain::check).await,
            Place::Memory(_) => Ok(()),
        }
    }

    /// Shows that a secret can be stored now: writes a probe under a name of its own, reads it back and removes it. A
    /// locked keychain asks the user to unlock it, as it would for a real secret. Always true of memory.
    ///
    /// Meant for the moment before a request whose answer cannot be asked for twice.
    ///
    /// # Errors
    /// Any [`VaultError`] but `None` and `Ambiguous`: then nothing can be stored now.
    pub async fn prove_store(&self) -> Result<(), VaultError> {
        match &*self.place {
            Place::Keychain(worker) => worker.run(Keychain::prove_store).await,
            Place::Memory(_) => Ok(()),
        }
    }

    /// Keeps `secret` under `name`, in place of whatever was kept there, and reads it back: `Ok`
    /// means that the keychain answered with the same value.
    ///
    /// When several items carry the name, all are replaced by this one: nothing else writes under
    /// [`SERVICE`], so the others are leftovers, and signing in again must be able to end an
    /// [`VaultError::Ambiguous`]. When the desktop has no default keyring yet, it is asked to make
    /// one, as libsecret does; the user sees the prompt for its password.
    ///
    /// # Errors
    /// Any [`VaultError`] but `None` and `Ambiguous`.
    pub async fn store(&self, name: &SecretName, secret: SecretString) -> Result<(), VaultError> {
        match &*self.place {
            Place::Keychain(worker) => {
                let name = name.clone();
                worker
                    .run(move |keychain| keychain.store(&name, &secret))
                    .await
            }
            Place::Memory(memory) => {
                memory.store(name, secret);
                Ok(())
            }
        }
    }

    /// The secret kept under `name`.
    ///
    /// # Errors
    /// [`VaultError::None`] when there is none, [`VaultError::Ambiguous`] when there are several,
    /// or any other [`VaultError`].
    pub async fn load(&self, name: &SecretName) -> Result<SecretString, VaultError> {
        match &*self.place {
            Place::Keychain(worker) => {
                let name = name.clone();
                worker.run(move |keychain| keychain.load(&name)).await
            }
            Place::Memory(memory) => memory.load(name),
        }
    }

    /// [`Vault::store`] for what is not worth a prompt: nothing is stored where the user would have to be asked for a
    /// password first, or to make a keyring.
    ///
    /// # Errors
    /// [`VaultError::Locked`] where the user would be asked; any other [`VaultError`] but `None` and `Ambiguous`.
    pub async fn store_unprompted(
        &self,
        name: &SecretName,
        secret: SecretString,
    ) -> Result<(), VaultError> {
        match &*self.place {
            Place::Keychain(worker) => {
                let name = name.clone();
                worker
                    .run(move |keychain| keychain.store_unprompted(&name, &secret))
                    .await
            }
            Place::Memory(_) => self.store(name, secret).await,
        }
    }

    /// [`Vault::load`] for what is not worth a prompt.
    ///
    /// # Errors
    /// [`VaultError::Locked`] where the user would be asked for a password; any other [`VaultError`].
    pub async fn load_unprompted(&self, name: &SecretName) -> Result<SecretString, VaultError> {
        match &*self.place {
            Place::Keychain(worker) => {
                let name = name.clone();
                worker
                    .run(move |keychain| keychain.load_unprompted(&name))
                    .await
            }
            Place::Memory(_) => self.load(name).await,
        }
    }

    /// Removes everything kept under `name`; `Ok` also when there was nothing.
    ///
    /// # Errors
    /// Any [`VaultError`] but `None` and `Ambiguous`.
    pub async fn forget(&self, name: &SecretName) -> Result<(), VaultError> {
        match &*self.place {
            Place::Keychain(worker) => {
                let name = name.clone();
                worker.run(move |keychain| keychain.forget(&name)).await
            }
            Place::Memory(memory) => {
                memory.forget(name);
                Ok(())
            }
        }
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault")
            .field("session_only", &self.is_session_only())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret, SecretString};

    use super::{SecretName, Vault, VaultError};

    #[tokio::test]
    async fn a_session_only_vault_keeps_replaces_and_forgets() {
        let vault = Vault::session_only();
        let name = SecretName::account("one");

        assert!(vault.is_session_only());
        assert_eq!(vault.check().await, Ok(()));
        assert_eq!(vault.load(&name).await.unwrap_err(), VaultError::None);

        vault
            .store(&name, SecretString::from("first"))
            .await
            .unwrap();
        vault
            .store(&name, SecretString::from("second"))
            .await
            .unwrap();
        let clone = vault.clone();
        assert_eq!(clone.load(&name).await.unwrap().expose_secret(), "second");

        vault.forget(&name).await.unwrap();
        vault.forget(&name).await.unwrap();
        assert_eq!(clone.load(&name).await.unwrap_err(), VaultError::None);
    }

    #[tokio::test]
    async fn debug_shows_no_secret() {
        let vault = Vault::session_only();
        let secret = SecretString::from("7|s3cret");
        vault
            .store(&SecretName::account("one"), secret)
            .await
            .unwrap();
        assert!(!format!("{vault:?}").contains("s3cret"));
    }
}
