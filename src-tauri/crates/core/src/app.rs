//! The app's state behind all use cases: where files are, which accounts there are, where secrets are kept.
//!
//! Left out: the use cases themselves, each in a module of its own, as further methods of [`PulseKeys`].

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use pulseapi::{ApiKey, BaseUrl, BearerToken, Client, Options};
use secrecy::ExposeSecret as _;
use thiserror::Error;
use tokio::sync::{Notify, watch};
use uuid::Uuid;
use vault::{SecretName, Vault, VaultError};

use crate::accounts::wire::{AccountId, AccountKind, AppState, KeychainView, Notice, TeamView};
use crate::accounts::{Account, Accounts};
use crate::base::damaged;
use crate::base::damaged::{Contents, Damaged};
use crate::base::database::{Database, DatabaseError};
use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::accounts_not_written;
use crate::base::folders::Folders;
use crate::base::text::harmless;
use crate::custody::in_process::InProcess;
use crate::host::Host;
use crate::keys::bulk_delete::wire::BulkRow;
use crate::keys::delete::Cards;
use crate::keys::revocation::Watch;
use crate::keys::wire::KeyRow;
use crate::operation_lock::Subject;
use crate::preferences::Chosen;
use crate::records::journal;
use crate::records::journal::check::Verifier;
use crate::records::journal::head::HeadKeeper;
use crate::records::journal::pages as journal_pages;
use crate::records::journal::{Action, Entry, Journal};
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
pub struct PulseKeys {
    pub(crate) host: Arc<dyn Host>,
    pub(crate) options: Options,
    pub(crate) database: Database,
    pub(crate) folders: Folders,
    accounts: Mutex<Accounts>,
    chosen: Mutex<Chosen>,
    vault: Arc<Mutex<Vault>>,
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
    damaged: Vec<Damaged>,
    begins_in_sandbox: AtomicBool,
    pub(crate) version: &'static str,
}

impl PulseKeys {
    /// Opens the app's files and makes them if there are none. Asks neither the keychain nor the service yet.
    ///
    /// `options` are those of every client, and bring the clock.
    ///
    /// # Errors
    /// [`StartError`]; nothing was changed.
    pub fn start(
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

    /// Whoever is signed in nowhere yet begins in the sandbox, not with the form. Asked for on the command line.
    pub fn begin_in_sandbox(&self) {
        self.begins_in_sandbox.store(true, Ordering::Relaxed);
    }

    /// What the window shows when it opens. Where the sandbox was asked for and cannot be had, that is the form, or
    /// what is missing for a keychain.
    pub async fn first_state(&self) -> AppState {
        let state = self.state().await;
        let wants_sandbox = self.begins_in_sandbox.swap(false, Ordering::Relaxed);
        if !wants_sandbox || !state.accounts.is_empty() {
            return state;
        }
        match self.try_sandbox().await {
            Ok(state) => state,
            Err(error) => {
                tracing::warn!("{}", error.message);
                state
            }
        }
    }

    /// Everything the window shows before any list.
    pub async fn state(&self) -> AppState {
        let vault = self.vault();
        let keychain = if vault.is_session_only() {
            KeychainView::SessionOnly
        } else {
            match vault.check().await {
                Ok(()) => KeychainView::Ready,
                Err(error) => KeychainView::Unavailable {
                    problem: error.into(),
                },
            }
        };
        let (accounts, active) = self.accounts().views(vault.is_session_only());
        AppState {
            accounts,
            active,
            keychain,
            preferences: self.preferences(),
            places: self.places(),
            documented_base_url: BaseUrl::DOCUMENTED.to_owned(),
            version: self.version.to_owned(),
        }
    }

    /// From now on secrets live in this process only. Accounts of the keychain stay there, unshown, until the next
    /// start.
    pub async fn continue_for_this_session(&self) -> AppState {
        {
            let mut vault = self.lock(&self.vault);
            if !vault.is_session_only() {
                *vault = Vault::session_only();
            }
        }
        self.state().await
    }

    /// The whole journal in memory, oldest row first, with its chain verified. Not for the window.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn journal(&self) -> Result<Journal, UiError> {
        Ok(journal::read(&self.database).await?)
    }

    /// Files that could not be read at the start and were renamed, as notices.
    pub(crate) fn notices_of_damage(&self) -> impl Iterator<Item = Notice> + '_ {
        self.damaged.iter().map(Damaged::notice)
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

    pub(crate) fn account(&self, id: AccountId) -> Result<Account, UiError> {
        self.accounts().find(id).cloned().ok_or_else(UiError::stale)
    }

    /// An account and a client that is signed in to it.
    pub(crate) async fn signed_in(&self, id: AccountId) -> Result<(Account, Client), UiError> {
        let account = self.account(id)?;
        // Whatever is done next may depend on what was found of a key.
        self.recall_findings(id).await?;
        if let Some(client) = self.clients().get(&id) {
            return Ok((account, client.clone()));
        }
        self.finish_own_rotation(id).await?;
        let token = self.credential(id).await?;
        let client = self.client_of(&account, token.clone()).await?;
        // A crash between storing a token and writing down whose it is would leave the badge on the wrong key.
        self.note_own_key(id, &token)?;
        self.clients().insert(id, client.clone());
        Ok((self.account(id)?, client))
    }

    /// The stored credential of an account.
    pub(crate) async fn credential(&self, id: AccountId) -> Result<BearerToken, UiError> {
        let secret = self.vault().load(&secret_name(id)).await?;
        BearerToken::parse(secret.expose_secret()).map_err(|_| {
            UiError::new(
                ErrorCode::Unauthorized,
                "What the keychain holds for this account is no token.",
                "Sign in again.",
            )
        })
    }

    /// Everything of an account goes: credential, list, entry. The credential goes first: an entry without one can
    /// be signed in to again, a credential without an entry would be left behind.
    pub(crate) async fn forget_account(&self, account: &Account, why: &str) -> Result<(), UiError> {
        match self.vault().forget(&secret_name(account.id)).await {
            Ok(()) | Err(VaultError::None) => {}
            Err(error) => return Err(error.into()),
        }
        self.clients().remove(&account.id);
        self.lock(&self.bulk_cards).remove(&account.id);
        self.searches.forget(account.id);
        self.cards.forget_account(account.id);
        let entry = self.entry(account, Action::SignOut, why);
        let id = account.id.0.to_string();
        self.database
            .run(move |transaction| {
                crate::records::key_cache::remove_list(transaction, &id)?;
                crate::keys::revocation::records::remove_account(transaction, &id)?;
                journal::append(transaction, &entry)
            })
            .await?;
        self.revocations_changed();
        self.accounts()
            .remove(account.id)
            .map_err(|error| accounts_not_written(&error))?;
        self.forget_list_preferences(account.id);
        if account.kind == AccountKind::Sandbox {
            self.host.discard_sandbox().await;
        }
        Ok(())
    }

    /// A journal row about an account, now.
    pub(crate) fn entry(&self, account: &Account, action: Action, outcome: &str) -> Entry {
        Entry {
            at: self.now(),
            account: account.id,
            account_label: account.label.clone(),
            action,
            key: None,
            outcome: outcome.to_owned(),
            request_id: None,
        }
    }
}

/// Under which name an account's credential is kept.
pub(crate) fn secret_name(id: AccountId) -> SecretName {
    SecretName::account(&id.0.to_string())
}

/// A key as the window sees it.
pub(crate) fn row(key: &ApiKey, account: &Account) -> KeyRow {
    KeyRow {
        id: key.id.clone(),
        name: harmless(&key.name),
        last_eight: harmless(&key.last_eight),
        abilities: key
            .abilities
            .iter()
            .map(|ability| harmless(ability))
            .collect(),
        team: key.team.as_ref().map(|team| TeamView {
            id: team.id.as_str().to_owned(),
            name: harmless(&team.name),
            role: None,
        }),
        last_used_at: key.last_used_at,
        last_use_known: key.last_use_reported,
        created_at: key.created_at,
        rotated_at: key.rotated_at,
        rotation_known: key.rotation_reported,
        own: account.own_key.is(key),
    }
}
