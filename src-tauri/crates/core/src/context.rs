//! What every use case is given: the files, the keychain, the clock, clients, and the locks on operations.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use pulseapi::{Client, Options};
use thiserror::Error;
use tokio::sync::{Notify, watch};
use uuid::Uuid;
use vault::Vault;

use crate::accounts::Accounts;
use crate::base::database::{Database, DatabaseError};
use crate::base::folders::Folders;
use crate::base::ids::AccountId;
use crate::custody::in_process::InProcess;
use crate::host::Host;
use crate::keys::bulk_delete::wire::BulkRow;
use crate::keys::delete::Cards;
use crate::keys::revocation::Watch;
use crate::operation_lock::Subject;
use crate::preferences::Chosen;
use crate::records::damaged;
use crate::records::damaged::{Contents, Damaged};
use crate::records::journal::check::Verifier;
use crate::records::journal::head::HeadKeeper;
use crate::records::journal::pages as journal_pages;
use crate::usage::searches::Searches;

/// Why the app cannot start. Its files are as they were.
#[derive(Debug, Error)]
pub enum StartError {
    /// The app's folders or its list of accounts cannot be used.
    #[error("The app's files cannot be used: {0}.")]
    Files(#[from] std::io::Error),
    /// The app's database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// The app, but for its window. Shared by all commands.
pub(crate) struct Context {
    pub(crate) host: Arc<dyn Host>,
    pub(crate) options: Options,
    pub(crate) database: Database,
    pub(crate) folders: Folders,
    accounts: Mutex<Accounts>,
    chosen: Mutex<Chosen>,
    pub(crate) vault: Arc<Mutex<Vault>>,
    /// Kept so that connections are reused; an account's goes when its credential does.
    clients: Mutex<HashMap<AccountId, Client>>,
    /// What somebody writes about at this moment: a second write about the same is refused.
    pub(crate) under_way: Mutex<HashSet<Subject>>,
    /// What was last shown of each key before it is deleted.
    pub(crate) cards: Cards,
    /// The watch over the tokens of deleted keys.
    pub(crate) watch: Watch,
    /// What was last shown of each account before many of its keys are deleted: only what was shown may be deleted.
    pub(crate) bulk_cards: Mutex<HashMap<AccountId, Vec<BulkRow>>>,
    /// The runs through many keys that are under way, and how to call each off.
    pub(crate) bulk_runs: Mutex<HashMap<AccountId, watch::Sender<bool>>>,
    /// Requests between note and outcome, and whether they may bring a fresh token.
    pub(crate) on_their_way: Arc<Mutex<HashMap<Uuid, bool>>>,
    pub(crate) in_process: InProcess,
    /// The searches of this machine, and what they said since the start.
    pub(crate) searches: Searches,
    /// The file that was dropped on the window last, until it was looked into.
    pub(crate) dropped: Mutex<Option<PathBuf>>,
    /// How often something secret was copied: only the last copy's timer clears the clipboard.
    pub(crate) copies: Arc<AtomicU64>,
    /// Open intents are settled by one at a time, so that nothing is journalled twice.
    pub(crate) settling: tokio::sync::Mutex<()>,
    /// Newer versions are asked for by one at a time, so that one start is one request.
    pub(crate) asking_for_updates: tokio::sync::Mutex<()>,
    /// An intent has been opened or its outcome has become unknown: it is to be watched.
    pub(crate) watch_changed: Notify,
    /// What is known of the journal: its chain, and its end.
    pub(crate) journal_verifier: Verifier,
    pub(crate) journal_head: Arc<HeadKeeper>,
    pub(crate) journal_searches: journal_pages::Searches,
    pub(crate) damaged: Vec<Damaged>,
    pub(crate) begins_in_sandbox: AtomicBool,
    pub(crate) version: &'static str,
}

impl Context {
    /// Opens the app's files and makes them if there are none. Asks neither the keychain nor the service yet.
    ///
    /// `options` are those of every client, and bring the clock.
    ///
    /// # Errors
    /// [`StartError`]; nothing was changed.
    pub(crate) fn start(
        folders: &Folders,
        vault: Vault,
        host: Arc<dyn Host>,
        options: Options,
        version: &'static str,
    ) -> Result<Self, StartError> {
        folders.prepare()?;
        Database::refuse_newer(&folders.database_file())?;
        let now = options.clock.now();
        let read = Accounts::read(&folders.accounts_file(), now)?;
        let chosen = Chosen::read(&folders.preferences_file(), now)?;
        let opened = Database::open(&folders.database_file(), now)?;
        let vault = Arc::new(Mutex::new(vault));
        let clock = Arc::clone(&options.clock);
        let journal_head = HeadKeeper::start(folders, &opened.database, Arc::clone(&vault), clock)?;
        Ok(Self {
            host,
            options,
            database: opened.database,
            folders: folders.clone(),
            accounts: Mutex::new(read.accounts),
            chosen: Mutex::new(chosen.chosen),
            vault,
            clients: Mutex::default(),
            under_way: Mutex::default(),
            cards: Cards::default(),
            watch: Watch::default(),
            bulk_cards: Mutex::default(),
            bulk_runs: Mutex::default(),
            on_their_way: Arc::default(),
            in_process: InProcess::default(),
            searches: Searches::default(),
            dropped: Mutex::default(),
            copies: Arc::default(),
            settling: tokio::sync::Mutex::default(),
            asking_for_updates: tokio::sync::Mutex::default(),
            watch_changed: Notify::new(),
            journal_verifier: Verifier::default(),
            journal_head,
            journal_searches: journal_pages::Searches::default(),
            damaged: damaged::found([
                (Contents::Accounts, read.damaged),
                (Contents::Preferences, chosen.damaged),
                (Contents::Database, opened.damaged),
            ]),
            begins_in_sandbox: AtomicBool::new(false),
            version,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.options.clock.now()
    }

    pub(crate) fn vault(&self) -> Vault {
        self.lock(&self.vault).clone()
    }

    pub(crate) fn accounts(&self) -> MutexGuard<'_, Accounts> {
        self.lock(&self.accounts)
    }

    pub(crate) fn chosen(&self) -> MutexGuard<'_, Chosen> {
        self.lock(&self.chosen)
    }

    pub(crate) fn clients(&self) -> MutexGuard<'_, HashMap<AccountId, Client>> {
        self.lock(&self.clients)
    }

    /// Every change under these locks is a single assignment or is rolled back by its own code, so what a panicking
    /// thread leaves behind is sound.
    pub(crate) fn lock<'a, T>(&self, mutex: &'a Mutex<T>) -> MutexGuard<'a, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
