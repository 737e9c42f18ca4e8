//! Linux: the Secret Service over D-Bus (GNOME Keyring, `KWallet`, `KeePassXC` …).

mod provider;

use std::sync::Arc;

use keyring::CredentialStore;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use zbus::zvariant::OwnedObjectPath;

use self::provider::Provider;
use super::traits::{Platform, Purpose};
use crate::error::{Missing, VaultError};
use crate::error_map::from_secret_service;
use crate::name::SecretName;
use crate::prompt_display::can_ask;

/// The default collection's name in libsecret, under which a new one is made.
const LABEL: &str = "Default keyring";
const ALIAS: &str = "default";

pub(crate) struct SecretServiceKeychain;

impl Platform for SecretServiceKeychain {
    fn open(&self) -> keyring::Result<Arc<CredentialStore>> {
        let store = zbus_secret_service_keyring_store::Store::new()?;
        Ok(store)
    }

    fn answering(&self) -> Option<String> {
        Provider::connect().ok()?.owner()
    }

    fn label(&self, name: &SecretName) -> Option<String> {
        Some(format!("Pulse Keys {}", name.as_str()))
    }

    /// Without a display the user cannot be asked to make or unlock a keyring, so then it has to be
    /// there and open.
    fn probe(&self) -> Result<(), VaultError> {
        let provider = Provider::connect()?;
        match provider.default_collection()? {
            Some(collection) if provider.is_collection_locked(&collection)? && !can_ask() => {
                Err(VaultError::Locked)
            }
            None if !can_ask() => Err(VaultError::unavailable(Missing::LoginKeyring)),
            _ => Ok(()),
        }
    }

    /// The default collection is where a new item goes; an item that is there may be in another one.
    fn would_prompt(&self, name: &SecretName) -> Result<bool, VaultError> {
        let provider = Provider::connect()?;
        let Some(collection) = provider.default_collection()? else {
            return Ok(true);
        };
        // Looked at before searching: a search may prompt by itself where everything is locked.
        if provider.is_collection_locked(&collection)? {
            return Ok(true);
        }
        Ok(!provider.search(name)?.locked.is_empty())
    }

    fn unlock(&self, name: &SecretName, purpose: Purpose) -> Result<(), VaultError> {
        let provider = Provider::connect()?;
        let default = provider.default_collection()?;
        if !provider.finds_what_is_locked()? {
            // A search asks for a database even where none is open.
            if provider.collections()?.is_empty() {
                return Err(VaultError::unavailable(Missing::LoginKeyring));
            }
            // Opened here and not by the search, which takes a prompt that was dismissed for an empty database.
            unlock_collections(&provider, default.as_slice())?;
        }
        let found = provider.search(name)?;
        if purpose == Purpose::Writing && found.is_empty() {
            return unlock_collections(&provider, default.as_slice());
        }
        unlock_items(&provider, &found.locked)
    }

    fn is_part_unsearched(&self) -> Result<bool, VaultError> {
        let provider = Provider::connect()?;
        if provider.finds_what_is_locked()? {
            return Ok(false);
        }
        let collections = provider.collections()?;
        if collections.is_empty() {
            // Its databases are closed, or none is shown to other programs.
            return Err(VaultError::unavailable(Missing::LoginKeyring));
        }
        Ok(!locked_of(&provider, &collections)?.is_empty())
    }

    fn unlock_all(&self) -> Result<(), VaultError> {
        let provider = Provider::connect()?;
        unlock_collections(&provider, &provider.collections()?)
    }

    fn make_login_keyring(&self) -> Result<(), VaultError> {
        match connect()?.create_collection(LABEL, ALIAS) {
            Ok(_) => Ok(()),
            Err(secret_service::Error::Prompt) if can_ask() => Err(VaultError::Denied),
            // No display to ask on, or a service in which collections are made by hand (KeePassXC).
            Err(_) => Err(VaultError::unavailable(Missing::LoginKeyring)),
        }
    }
}

fn locked_of(
    provider: &Provider,
    collections: &[OwnedObjectPath],
) -> Result<Vec<OwnedObjectPath>, VaultError> {
    let mut locked = Vec::new();
    for collection in collections {
        if provider.is_collection_locked(collection)? {
            locked.push(collection.clone());
        }
    }
    Ok(locked)
}

fn unlock_collections(
    provider: &Provider,
    collections: &[OwnedObjectPath],
) -> Result<(), VaultError> {
    let locked = locked_of(provider, collections)?;
    if locked.is_empty() {
        return Ok(());
    }
    let are_open = || Ok(locked_of(provider, &locked)?.is_empty());
    provider.unlock(&locked, are_open)?;
    if are_open()? {
        Ok(())
    } else {
        Err(not_unlocked())
    }
}

fn unlock_items(provider: &Provider, items: &[OwnedObjectPath]) -> Result<(), VaultError> {
    if items.is_empty() {
        return Ok(());
    }
    let are_open = || {
        for item in items {
            if provider.is_item_locked(item)? {
                return Ok(false);
            }
        }
        Ok(true)
    };
    provider.unlock(items, are_open)?;
    if are_open()? {
        Ok(())
    } else {
        Err(not_unlocked())
    }
}

/// The service reports a prompt that could not be shown and one that was dismissed alike; what differs is whether there
/// was anywhere to show it.
fn not_unlocked() -> VaultError {
    if can_ask() {
        VaultError::Denied
    } else {
        VaultError::Locked
    }
}

fn connect() -> Result<SecretService<'static>, VaultError> {
    // Dh: secrets cross the bus encrypted; none do here, but some services refuse plain sessions.
    SecretService::connect(EncryptionType::Dh).map_err(|error| from_secret_service(&error))
}
