//! The keychain on a store that fails on demand: healing, read-back, and making the keyring.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use keyring::mock::{Cred, Store};
use keyring::{CredentialStore, Error};
use secrecy::{ExposeSecret, SecretString};

use super::Keychain;
use crate::error::{Missing, VaultError};
use crate::name::{SERVICE, SecretName};
use crate::platform::Platform;

/// A keychain whose stores are handed out one per opening; when they run out it can't be opened.
#[derive(Clone, Default)]
struct Scripted {
    stores: Arc<Mutex<VecDeque<Arc<Store>>>>,
    keyrings_made: Arc<Mutex<u32>>,
    /// What comes of asking for the part that a search does not reach while it is locked.
    unlocking: Arc<Mutex<Option<Result<(), VaultError>>>>,
}

impl Scripted {
    fn adding(&self, store: &Arc<Store>) -> &Scripted {
        self.stores.lock().unwrap().push_back(Arc::clone(store));
        self
    }

    fn keychain(&self) -> Keychain {
        Keychain::new(Box::new(self.clone()))
    }
}

impl Platform for Scripted {
    fn open(&self) -> keyring::Result<Arc<CredentialStore>> {
        match self.stores.lock().unwrap().pop_front() {
            Some(store) => Ok(store),
            None => Err(failure()),
        }
    }

    fn is_part_unsearched(&self) -> Result<bool, VaultError> {
        Ok(self.unlocking.lock().unwrap().is_some())
    }

    fn unlock_all(&self) -> Result<(), VaultError> {
        self.unlocking.lock().unwrap().take().unwrap_or(Ok(()))
    }

    fn make_login_keyring(&self) -> Result<(), VaultError> {
        *self.keyrings_made.lock().unwrap() += 1;
        Ok(())
    }
}

fn failure() -> Error {
    Error::PlatformFailure(Box::new(io::Error::other("the daemon is gone")))
}

fn name() -> SecretName {
    SecretName::account("one")
}

fn secret() -> SecretString {
    SecretString::from("7|abc")
}

/// Makes the next call on the account's item in `store` fail with `error`.
fn fail_next(store: &Arc<Store>, error: Error) {
    let entry = (Arc::clone(store) as Arc<CredentialStore>)
        .build(SERVICE, name().as_str(), None)
        .unwrap();
    let item: &Cred = entry.as_any().downcast_ref().unwrap();
    item.set_error(error);
}

#[test]
fn a_keychain_that_was_not_there_is_found_once_it_is() {
    let platform = Scripted::default();
    let mut keychain = platform.keychain();
    assert!(matches!(keychain.check(), Err(VaultError::Failed { .. })));

    platform.adding(&Store::new().unwrap());
    assert_eq!(keychain.check(), Ok(()));
}

#[test]
fn a_store_that_died_is_replaced_within_the_same_call() {
    let (first, second) = (Store::new().unwrap(), Store::new().unwrap());
    let platform = Scripted::default();
    let mut keychain = platform.adding(&first).adding(&second).keychain();
    keychain.check().unwrap();

    fail_next(&first, failure());
    keychain.store(&name(), &secret()).unwrap();

    let kept = keychain.load(&name()).unwrap();
    assert_eq!(kept.expose_secret(), "7|abc");
    // It really is in the new store: with that one gone too, the rest of the script is empty.
    fail_next(&second, failure());
    assert!(matches!(
        keychain.load(&name()),
        Err(VaultError::Failed { .. })
    ));
}

#[test]
fn a_new_store_that_fails_is_not_asked_again_in_the_same_call() {
    let (first, second) = (Store::new().unwrap(), Store::new().unwrap());
    fail_next(&first, failure());
    let platform = Scripted::default();
    let mut keychain = platform.adding(&first).adding(&second).keychain();

    assert!(keychain.store(&name(), &secret()).is_err());
    assert_eq!(platform.stores.lock().unwrap().len(), 1);
    keychain.store(&name(), &secret()).unwrap();
}

#[test]
fn forgetting_what_was_never_kept_succeeds() {
    let platform = Scripted::default();
    let mut keychain = platform.adding(&Store::new().unwrap()).keychain();
    assert_eq!(keychain.forget(&name()), Ok(()));
    assert_eq!(keychain.load(&name()).unwrap_err(), VaultError::None);
}

#[test]
fn not_found_is_no_answer_while_a_part_is_locked() {
    let platform = Scripted::default();
    let mut keychain = platform.adding(&Store::new().unwrap()).keychain();
    let lock = |outcome| *platform.unlocking.lock().unwrap() = Some(outcome);

    lock(Err(VaultError::Denied));
    assert_eq!(keychain.load(&name()).unwrap_err(), VaultError::Denied);
    lock(Err(VaultError::Denied));
    assert_eq!(keychain.forget(&name()), Err(VaultError::Denied));
    lock(Err(VaultError::Denied));
    let unprompted = keychain.load_unprompted(&name());
    assert_eq!(unprompted.unwrap_err(), VaultError::Locked);

    lock(Ok(()));
    assert_eq!(keychain.load(&name()).unwrap_err(), VaultError::None);
    lock(Ok(()));
    assert_eq!(keychain.forget(&name()), Ok(()));
}

#[test]
fn a_secret_that_is_not_text_is_reported_without_its_bytes() {
    let store = Store::new().unwrap();
    fail_next(&store, Error::BadEncoding(vec![0xff, 0x37, 0x39]));
    let platform = Scripted::default();
    let mut keychain = platform.adding(&store).keychain();

    let error = keychain.load(&name()).unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("not text"), "{shown}");
    assert!(!shown.contains("55") && !shown.contains("37"), "{shown}");
}

#[cfg(target_os = "linux")]
#[test]
fn storing_without_a_default_keyring_has_one_made_first() {
    let (first, second) = (Store::new().unwrap(), Store::new().unwrap());
    fail_next(
        &first,
        Error::NoStorageAccess(Box::new(secret_service::Error::NoResult)),
    );
    let platform = Scripted::default();
    let mut keychain = platform.adding(&first).adding(&second).keychain();

    keychain.store(&name(), &secret()).unwrap();
    assert_eq!(*platform.keyrings_made.lock().unwrap(), 1);
    assert_eq!(keychain.load(&name()).unwrap().expose_secret(), "7|abc");
}

#[cfg(target_os = "linux")]
#[test]
fn reading_never_makes_a_keyring() {
    let store = Store::new().unwrap();
    fail_next(
        &store,
        Error::NoStorageAccess(Box::new(secret_service::Error::NoResult)),
    );
    let platform = Scripted::default();
    let mut keychain = platform.adding(&store).keychain();

    assert_eq!(
        keychain.load(&name()).unwrap_err(),
        VaultError::unavailable(Missing::LoginKeyring)
    );
    assert_eq!(*platform.keyrings_made.lock().unwrap(), 0);
}
