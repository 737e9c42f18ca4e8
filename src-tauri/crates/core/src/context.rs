//! What every use case is given: the database, the keychain, the clock, what the shell does, and what each feature keeps
//! between calls. It knows no feature.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use pulseapi::Options;
use vault::Vault;

use crate::base::database::Database;
use crate::base::folders::Folders;
use crate::host::Host;

pub(crate) struct Context {
    pub(crate) host: Arc<dyn Host>,
    /// Those of every client, with the clock.
    pub(crate) options: Options,
    pub(crate) database: Database,
    pub(crate) folders: Folders,
    /// Another one takes its place when the user goes on without a keychain.
    pub(crate) vault: Arc<Mutex<Vault>>,
    /// The app's.
    pub(crate) version: &'static str,
    states: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
}

impl Context {
    pub(crate) fn new(
        host: Arc<dyn Host>,
        options: Options,
        database: Database,
        folders: Folders,
        vault: Arc<Mutex<Vault>>,
        version: &'static str,
    ) -> Self {
        Self {
            host,
            options,
            database,
            folders,
            vault,
            version,
            states: HashMap::new(),
        }
    }

    /// The same with what a feature keeps between calls, one value of each type.
    pub(crate) fn with<T: Any + Send + Sync>(mut self, state: T) -> Self {
        self.states.insert(TypeId::of::<T>(), Box::new(state));
        self
    }

    /// What a feature keeps between calls.
    #[expect(
        clippy::expect_used,
        reason = "the façade's start gives every feature its state, which each test of that feature shows"
    )]
    pub(crate) fn of<T: Any + Send + Sync>(&self) -> &T {
        self.states
            .get(&TypeId::of::<T>())
            .and_then(|state| state.downcast_ref())
            .expect("the façade's start gives every feature its state")
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.options.clock.now()
    }

    pub(crate) fn vault(&self) -> Vault {
        self.lock(&self.vault).clone()
    }

    /// Every change under these locks is a single assignment or is rolled back by its own code, so what a panicking
    /// thread leaves behind is sound.
    pub(crate) fn lock<'a, T>(&self, mutex: &'a Mutex<T>) -> MutexGuard<'a, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
