//! The keychain as the worker thread sees it: blocking calls on a store that is opened when needed
//! and given up when it stops answering.

use std::collections::HashMap;
use std::sync::Arc;

use keyring::{CredentialStore, Entry, Error};
use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretString};

use crate::error::{Missing, VaultError};
use crate::error_map::from_keyring;
use crate::name::SecretName;
use crate::platform::{Platform, Purpose};

pub(crate) struct Keychain {
    platform: Box<dyn Platform>,
    store: Option<Arc<CredentialStore>>,
    /// The program that answered when the store was opened.
    opened_at: Option<String>,
}

impl Keychain {
    pub(crate) fn new(platform: Box<dyn Platform>) -> Keychain {
        Keychain {
            platform,
            store: None,
            opened_at: None,
        }
    }

    /// Gives up the store; the next call opens a new one.
    pub(crate) fn close(&mut self) {
        self.store = None;
    }

    pub(crate) fn check(&mut self) -> Result<(), VaultError> {
        let name = SecretName::check();
        self.healing(|platform, store| {
            platform.probe()?;
            if platform.would_prompt(&name)? {
                return Ok(());
            }
            // Reading what was never stored asks the keychain a real question and leaves nothing.
            match entry(platform, store, &name)?.get_secret() {
                Ok(mut secret) => secret.zeroize(),
                Err(Error::NoEntry) => {}
                Err(error) => return Err(from_keyring(error)),
            }
            Ok(())
        })
    }

    pub(crate) fn store(
        &mut self,
        name: &SecretName,
        secret: &SecretString,
    ) -> Result<(), VaultError> {
        let write = |platform: &dyn Platform, store: &CredentialStore| {
            platform.unlock(name, Purpose::Writing)?;
            write_and_read_back(&entry(platform, store, name)?, secret)
        };
        match self.healing(write) {
            Err(VaultError::Unavailable {
                missing: Missing::LoginKeyring,
            }) => {
                self.platform.make_login_keyring()?;
                self.healing(write)
            }
            outcome => outcome,
        }
    }

    pub(crate) fn prove_store(&mut self) -> Result<(), VaultError> {
        let name = SecretName::probe();
        self.store(&name, &SecretString::from("Pulse Keys can store here"))?;
        // Writing and reading back has shown what was asked. A probe that could not be removed is no secret, and the
        // next one replaces it.
        let _ = self.forget(&name);
        Ok(())
    }

    pub(crate) fn load(&mut self, name: &SecretName) -> Result<SecretString, VaultError> {
        self.healing(|platform, store| {
            let read = || {
                platform.unlock(name, Purpose::Reading)?;
                read(&entry(platform, store, name)?)
            };
            match read() {
                Err(VaultError::None) if platform.is_part_unsearched()? => {
                    platform.unlock_all()?;
                    read()
                }
                outcome => outcome,
            }
        })
    }

    pub(crate) fn forget(&mut self, name: &SecretName) -> Result<(), VaultError> {
        self.healing(|platform, store| {
            let remove = || {
                platform.unlock(name, Purpose::Reading)?;
                remove(&entry(platform, store, name)?)
            };
            match remove()? {
                Removed::Nothing if platform.is_part_unsearched()? => {
                    platform.unlock_all()?;
                    remove().map(|_| ())
                }
                _ => Ok(()),
            }
        })
    }

    /// [`Keychain::store`], where it needs no prompt.
    pub(crate) fn store_unprompted(
        &mut self,
        name: &SecretName,
        secret: &SecretString,
    ) -> Result<(), VaultError> {
        self.healing(|platform, store| {
            refuse_prompt(platform, name)?;
            write_and_read_back(&entry(platform, store, name)?, secret)
        })
    }

    /// [`Keychain::load`], where it needs no prompt.
    pub(crate) fn load_unprompted(
        &mut self,
        name: &SecretName,
    ) -> Result<SecretString, VaultError> {
        self.healing(|platform, store| {
            refuse_prompt(platform, name)?;
            match read(&entry(platform, store, name)?) {
                Err(VaultError::None) if platform.is_part_unsearched()? => Err(VaultError::Locked),
                outcome => outcome,
            }
        })
    }

    /// Runs `operation`, and once more on a new store when one that was open from before turns out
    /// to be dead (the daemon was restarted, the bus went away). Every operation may be repeated.
    fn healing<T>(
        &mut self,
        operation: impl Fn(&dyn Platform, &CredentialStore) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let was_open = self.store.is_some();
        match self.attempt(&operation) {
            Err(VaultError::Failed { .. } | VaultError::Unavailable { .. }) if was_open => {
                self.attempt(&operation)
            }
            outcome => outcome,
        }
    }

    fn attempt<T>(
        &mut self,
        operation: impl Fn(&dyn Platform, &CredentialStore) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        if self.store.is_some() && self.opened_at != self.platform.answering() {
            self.close();
        }
        let store = match &self.store {
            Some(store) => Arc::clone(store),
            None => {
                let opened = self.platform.open().map_err(from_keyring)?;
                self.opened_at = self.platform.answering();
                Arc::clone(self.store.insert(opened))
            }
        };
        let outcome = operation(self.platform.as_ref(), store.as_ref());
        if matches!(
            outcome,
            Err(VaultError::Failed { .. } | VaultError::Unavailable { .. })
        ) {
            self.close();
        }
        outcome
    }
}

fn refuse_prompt(platform: &dyn Platform, name: &SecretName) -> Result<(), VaultError> {
    if platform.would_prompt(name)? {
        return Err(VaultError::Locked);
    }
    Ok(())
}

fn write_and_read_back(entry: &Entry, secret: &SecretString) -> Result<(), VaultError> {
    replace(entry, secret.expose_secret().as_bytes())?;
    if read(entry)?.expose_secret() == secret.expose_secret() {
        Ok(())
    } else {
        Err(VaultError::failed(
            "it did not give back the secret it had just accepted",
        ))
    }
}

fn entry(
    platform: &dyn Platform,
    store: &CredentialStore,
    name: &SecretName,
) -> Result<Entry, VaultError> {
    let label = platform.label(name);
    let modifiers = label
        .as_deref()
        .map(|label| HashMap::from([("label", label)]));
    store
        .build(name.service(), name.as_str(), modifiers.as_ref())
        .map_err(from_keyring)
}

fn read(entry: &Entry) -> Result<SecretString, VaultError> {
    let bytes = entry.get_secret().map_err(from_keyring)?;
    match String::from_utf8(bytes) {
        Ok(secret) => Ok(SecretString::from(secret)),
        Err(error) => Err(from_keyring(Error::BadEncoding(error.into_bytes()))),
    }
}

/// Writes the secret into one item and removes all others of the name; the write comes first, so
/// that a failure half way never leaves fewer secrets than there were.
fn replace(entry: &Entry, secret: &[u8]) -> Result<(), VaultError> {
    match entry.set_secret(secret) {
        Err(Error::Ambiguous(items)) => {
            let mut items = items.iter();
            if let Some(kept) = items.next() {
                kept.set_secret(secret).map_err(from_keyring)?;
            }
            items.try_for_each(|item| item.delete_credential().map_err(from_keyring))
        }
        outcome => outcome.map_err(from_keyring),
    }
}

/// What was there to remove.
enum Removed {
    Nothing,
    Items,
}

/// Removes every item of the name. That an item is gone is believed when it is no longer found.
fn remove(entry: &Entry) -> Result<Removed, VaultError> {
    match entry.delete_credential() {
        Ok(()) => {}
        Err(Error::NoEntry) => return Ok(Removed::Nothing),
        Err(Error::Ambiguous(items)) => {
            for item in &items {
                item.delete_credential().map_err(from_keyring)?;
            }
        }
        Err(error) => return Err(from_keyring(error)),
    }
    match entry.get_credential() {
        Err(Error::NoEntry) => Ok(Removed::Items),
        Ok(_) | Err(Error::Ambiguous(_)) => Err(VaultError::failed(
            "it still has what it said it had removed",
        )),
        Err(error) => Err(from_keyring(error)),
    }
}

#[cfg(test)]
#[path = "keychain_tests.rs"]
mod tests;
