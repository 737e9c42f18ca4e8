//! Linux: the Secret Service over D-Bus (GNOME Keyring, `KWallet`, `KeePassXC` …).

use std::collections::HashMap;
use std::sync::Arc;

use keyring::CredentialStore;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;

use super::traits::Platform;
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

    fn label(&self, name: &SecretName) -> Option<String> {
        Some(format!("Pulse Keys {}", name.as_str()))
    }

    /// Without a display the user cannot be asked to make or unlock a keyring, so then it has to be
    /// there and open.
    fn probe(&self) -> Result<(), VaultError> {
        let service = connect()?;
        let locked = match service.get_default_collection() {
            Ok(collection) => collection
                .is_locked()
                .map_err(|error| from_secret_service(&error))?,
            Err(secret_service::Error::NoResult) if can_ask() => return Ok(()),
            Err(error) => return Err(from_secret_service(&error)),
        };
        if locked && !can_ask() {
            return Err(VaultError::Locked);
        }
        Ok(())
    }

    /// The default collection is where a new item goes; an item that is there may be in another one.
    fn would_prompt(&self, name: &SecretName) -> Result<bool, VaultError> {
        let service = connect()?;
        let is_locked = match service.get_default_collection() {
            Ok(collection) => collection
                .is_locked()
                .map_err(|error| from_secret_service(&error))?,
            Err(secret_service::Error::NoResult) => true,
            Err(error) => return Err(from_secret_service(&error)),
        };
        if is_locked {
            return Ok(true);
        }
        let attributes = HashMap::from([("service", name.service()), ("username", name.as_str())]);
        let found = service
            .search_items(attributes)
            .map_err(|error| from_secret_service(&error))?;
        Ok(!found.locked.is_empty())
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

fn connect() -> Result<SecretService<'static>, VaultError> {
    // Dh: secrets cross the bus encrypted; none do here, but some services refuse plain sessions.
    SecretService::connect(EncryptionType::Dh).map_err(|error| from_secret_service(&error))
}
