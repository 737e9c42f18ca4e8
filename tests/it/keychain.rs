//! A keychain that outlives the app, lets itself be looked into, and refuses when told to.
//!
//! The vault before it is the real one. Left out: what the keychains of operating systems do (`vault_keychain`).

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use keyring::api::{CredentialApi, CredentialStoreApi};
use keyring::{Credential, CredentialStore, Entry, Error, Result};
use secrecy::SecretString;
use vault::Vault;

/// What the keychain does not do at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Refuses {
    #[default]
    Nothing,
    Storing,
    /// Storing anything but the probe that is to show whether it stores.
    StoringSecrets,
    Removing,
    Everything,
}

#[derive(Default)]
struct State {
    secrets: BTreeMap<String, Vec<u8>>,
    refuses: Refuses,
    stops_after: Option<&'static str>,
    is_held_back: bool,
}

/// The keychain. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Keychain(Arc<(Mutex<State>, Condvar)>);

impl Keychain {
    /// A vault in front of it, as each start of the app opens one.
    pub(crate) fn vault(&self) -> Vault {
        let store: Arc<CredentialStore> = Arc::new(self.clone());
        Vault::over_mock(store)
    }

    /// From now on it refuses this.
    pub(crate) fn refuses(&self, what: Refuses) {
        self.state().refuses = what;
    }

    /// From now on it answers nothing, as one whose password prompt is open.
    pub(crate) fn holds_back(&self) {
        self.state().is_held_back = true;
    }

    /// The prompt was answered: so are those who wait.
    pub(crate) fn answers(&self) {
        self.state().is_held_back = false;
        self.0.1.notify_all();
    }

    /// The next call that stores something under such a name does so and never returns: to whoever called, the world
    /// ends there.
    pub(crate) fn stops_after_storing(&self, prefix: &'static str) {
        self.state().stops_after = Some(prefix);
    }

    /// Whether that has happened.
    pub(crate) fn has_stopped(&self) -> bool {
        self.state().stops_after.is_none()
    }

    /// How many tokens in custody it holds.
    pub(crate) fn tokens(&self) -> usize {
        let state = self.state();
        let names = state.secrets.keys();
        names.filter(|name| name.starts_with("token/")).count()
    }

    /// What it holds under a name.
    pub(crate) fn holds(&self, name: &str) -> Option<SecretString> {
        let bytes = self.state().secrets.get(name).cloned()?;
        Some(SecretString::from(String::from_utf8(bytes).unwrap()))
    }

    /// The one name with this beginning that it holds something under.
    pub(crate) fn name_with(&self, prefix: &str) -> Option<String> {
        let state = self.state();
        state
            .secrets
            .keys()
            .find(|name| name.starts_with(prefix))
            .cloned()
    }

    /// Something of an earlier time stands under a name, or nothing at all.
    pub(crate) fn put(&self, name: &str, secret: Option<&str>) {
        let mut state = self.state();
        match secret {
            Some(secret) => state.secrets.insert(name.to_owned(), secret.into()),
            None => state.secrets.remove(name),
        };
    }

    /// Another keychain is in use, which has no tokens. What this one had.
    pub(crate) fn take_tokens(&self) -> BTreeMap<String, Vec<u8>> {
        let mut state = self.state();
        let all = std::mem::take(&mut state.secrets);
        let (tokens, rest) = all
            .into_iter()
            .partition(|(name, _)| name.starts_with("token/"));
        state.secrets = rest;
        tokens
    }

    /// The usual one is in use again.
    pub(crate) fn give_back(&self, tokens: BTreeMap<String, Vec<u8>>) {
        self.state().secrets.extend(tokens);
    }

    /// Somebody empties it with another program.
    pub(crate) fn lose_tokens(&self) {
        let mut state = self.state();
        state.secrets.retain(|name, _| !name.starts_with("token/"));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap()
    }

    fn ask(&self, refused_as: Refuses) -> Result<MutexGuard<'_, State>> {
        let state = self.state();
        let state = self.0.1.wait_while(state, |state| state.is_held_back);
        let state = state.unwrap();
        let is_storing = refused_as == Refuses::StoringSecrets && state.refuses == Refuses::Storing;
        if state.refuses == Refuses::Everything || state.refuses == refused_as || is_storing {
            let cause = io::Error::other("the daemon said no");
            return Err(Error::PlatformFailure(Box::new(cause)));
        }
        Ok(state)
    }
}

impl CredentialStoreApi for Keychain {
    fn vendor(&self) -> String {
        "tests".to_owned()
    }

    fn id(&self) -> String {
        "1".to_owned()
    }

    fn build(&self, _: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(Item {
            keychain: self.clone(),
            name: user.to_owned(),
        })))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keychain")
    }
}

/// One name in the keychain.
struct Item {
    keychain: Keychain,
    name: String,
}

impl CredentialApi for Item {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        let refused_as = if self.name == "probe" {
            Refuses::Storing
        } else {
            Refuses::StoringSecrets
        };
        let mut state = self.keychain.ask(refused_as)?;
        state.secrets.insert(self.name.clone(), secret.to_vec());
        if state
            .stops_after
            .is_some_and(|prefix| self.name.starts_with(prefix))
        {
            state.stops_after = None;
            drop(state);
            loop {
                std::thread::park();
            }
        }
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        let state = self.keychain.ask(Refuses::Everything)?;
        state.secrets.get(&self.name).cloned().ok_or(Error::NoEntry)
    }

    fn delete_credential(&self) -> Result<()> {
        let mut state = self.keychain.ask(Refuses::Removing)?;
        let removed = state.secrets.remove(&self.name);
        removed.map(drop).ok_or(Error::NoEntry)
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}
