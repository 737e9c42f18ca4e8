//! A keychain that outlives processes: shared by the app and its custodians, locked, gone or forgetful when told to, and
//! a witness of everything that is removed from it.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use keyring::api::{CredentialApi, CredentialStoreApi};
use keyring::{Credential, CredentialStore, Entry, Error, Result};
use vault::Vault;

use crate::process::Process;

/// How the keychain behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It does what it is asked.
    #[default]
    Up,
    /// It is locked, and the user does not unlock it.
    Locked,
    /// Its daemon is gone.
    Gone,
    /// It answers questions and takes nothing.
    Full,
    /// It answers "not found" for everything that it held before, as another keychain would.
    Forgetting,
}

/// Something that left the keychain.
#[derive(Clone, Debug)]
pub(crate) struct Removed {
    pub(crate) name: String,
    pub(crate) text: String,
    /// Whether another text took its place.
    pub(crate) replaced: bool,
}

#[derive(Default)]
struct State {
    secrets: BTreeMap<String, String>,
    /// What is there and not found.
    hidden: BTreeSet<String>,
    mood: Mood,
    removed: Vec<Removed>,
}

/// The keychain. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Keychain(Arc<Mutex<State>>);

impl Keychain {
    /// A vault in front of it, as each process opens one.
    pub(crate) fn vault(&self, process: &Arc<Process>) -> Vault {
        let store: Arc<CredentialStore> = Arc::new(Access {
            keychain: self.clone(),
            process: Arc::clone(process),
        });
        Vault::over_mock(store)
    }

    pub(crate) fn becomes(&self, mood: Mood) {
        let mut state = self.state();
        state.mood = mood;
        state.hidden = match mood {
            Mood::Forgetting => state.secrets.keys().cloned().collect(),
            _ => BTreeSet::new(),
        };
    }

    pub(crate) fn mood(&self) -> Mood {
        self.state().mood
    }

    /// Under which name that begins so it holds a text, whether or not it would say so now.
    pub(crate) fn holds(&self, text: &str, prefix: &str) -> Option<String> {
        let state = self.state();
        let mut all = state.secrets.iter();
        let found = all.find(|(name, held)| *held == text && name.starts_with(prefix));
        found.map(|(name, _)| name.clone())
    }

    /// The credentials that left it and were not looked at yet.
    pub(crate) fn credentials(&self) -> Vec<String> {
        self.removed_below("account/")
    }

    fn removed_below(&self, prefix: &str) -> Vec<String> {
        let state = self.state();
        let removed = state.removed.iter();
        let removed = removed.filter(|removed| removed.name.starts_with(prefix));
        removed.map(|removed| removed.text.clone()).collect()
    }

    /// Texts of tokens that were removed and are not looked at yet.
    pub(crate) fn removed_tokens(&self) -> Vec<String> {
        self.removed_below("token/")
    }

    /// What left it since it was last asked.
    pub(crate) fn take_removed(&self) -> Vec<Removed> {
        std::mem::take(&mut self.state().removed)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

/// The keychain as a process has it open.
struct Access {
    keychain: Keychain,
    process: Arc<Process>,
}

impl CredentialStoreApi for Access {
    fn vendor(&self) -> String {
        "tests".to_owned()
    }

    fn id(&self) -> String {
        "1".to_owned()
    }

    fn build(&self, _: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(Item {
            keychain: self.keychain.clone(),
            process: Arc::clone(&self.process),
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
    process: Arc<Process>,
    name: String,
}

impl Item {
    fn ask(&self, writes: bool) -> Result<MutexGuard<'_, State>> {
        // A process that was killed asks nothing any more, whatever its threads still do here.
        if !self.process.is_alive() {
            return Err(refusal("the process is gone"));
        }
        let state = self.keychain.state();
        match state.mood {
            Mood::Locked => Err(refusal("it is locked")),
            Mood::Gone => Err(refusal("its daemon is gone")),
            Mood::Full if writes => Err(refusal("it has no room")),
            _ => Ok(state),
        }
    }
}

fn refusal(why: &'static str) -> Error {
    Error::PlatformFailure(Box::new(io::Error::other(why)))
}

impl CredentialApi for Item {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        let mut state = self.ask(true)?;
        let text = String::from_utf8(secret.to_vec()).unwrap();
        let before = state.secrets.insert(self.name.clone(), text.clone());
        state.hidden.remove(&self.name);
        if let Some(before) = before.filter(|before| *before != text) {
            state.removed.push(Removed {
                name: self.name.clone(),
                text: before,
                replaced: true,
            });
        }
        drop(state);
        self.process.wrote_to_keychain();
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        let state = self.ask(false)?;
        let found = state.secrets.get(&self.name);
        let found = found.filter(|_| !state.hidden.contains(&self.name));
        found
            .map(|text| text.clone().into_bytes())
            .ok_or(Error::NoEntry)
    }

    fn delete_credential(&self) -> Result<()> {
        let mut state = self.ask(true)?;
        if state.hidden.contains(&self.name) {
            return Err(Error::NoEntry);
        }
        let text = state.secrets.remove(&self.name).ok_or(Error::NoEntry)?;
        state.removed.push(Removed {
            name: self.name.clone(),
            text,
            replaced: false,
        });
        drop(state);
        self.process.wrote_to_keychain();
        Ok(())
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
