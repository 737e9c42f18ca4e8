//! The accounts that the app is signed in to, in a small file: everything about them but their credentials.
//!
//! Accounts of a session without a keychain are never written. Left out: how the file is read and replaced
//! (`json_file`), credentials (`vault`) and lists (`key_cache`).

mod own_key;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use jiff::Timestamp;
use pulseapi::{BaseUrl, BearerToken, KeyEndpoints, Operation, User};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::base::json_file;
use crate::base::text::{collapsed, sanitized};
use crate::context::Context;
use crate::host::SandboxKind;
use crate::records::key::TeamView;

pub(crate) use own_key::OwnKey;

/// The form of the file. A file of a higher one is refused, not overwritten.
const VERSION: u32 = 1;

/// An account, without its credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) label: String,
    pub(crate) base_url: BaseUrl,
    pub(crate) kind: AccountKind,
    /// Files of earlier versions don't say: those signed in only where there were endpoints.
    #[serde(default)]
    pub(crate) keys: KeyAccess,
    pub(crate) own_key: OwnKey,
    /// Empty where the service does not tell whose token it is.
    pub(crate) user_id: String,
    user_name: String,
    user_email: String,
    plan: Option<String>,
    teams: Vec<TeamView>,
    current_team: Option<String>,
    #[serde(skip)]
    pub(crate) session_only: bool,
}

impl Account {
    /// A new account for a credential that has just worked: of its user, or, where the service does not tell who that is,
    /// of whoever has the token at that address.
    pub(crate) fn new(
        base_url: BaseUrl,
        kind: AccountKind,
        keys: KeyAccess,
        user: Option<&User>,
        token: &BearerToken,
    ) -> Self {
        let text = |of: fn(&User) -> &str| user.map(|user| sanitized(of(user)));
        let email = text(|user| &user.email).unwrap_or_default();
        let name = text(|user| &user.name).unwrap_or_default();
        let teams = user.map(|user| user.teams.iter()).into_iter().flatten();
        let label = [&email, &name]
            .into_iter()
            .find(|text| !text.trim().is_empty());
        Self {
            id: AccountId(Uuid::new_v4()),
            label: label.cloned().unwrap_or_else(|| base_url.to_string()),
            base_url,
            kind,
            keys,
            own_key: OwnKey::of(token),
            user_id: user.map_or_else(String::new, |user| user.id.as_str().to_owned()),
            user_name: name,
            user_email: email,
            plan: user.and_then(|user| user.plan.as_deref()).map(sanitized),
            teams: teams
                .map(|team| TeamView {
                    id: team.id.as_str().to_owned(),
                    name: sanitized(&team.name),
                    role: team.role.as_deref().map(sanitized),
                })
                .collect(),
            current_team: user
                .and_then(|user| user.current_team.as_ref())
                .map(|team| team.id.as_str().to_owned()),
            session_only: false,
        }
    }

    /// The same account, described anew by the service as far as it does: what the user chose about it stays.
    pub(crate) fn described_by(
        &self,
        keys: KeyAccess,
        user: Option<&User>,
        token: &BearerToken,
    ) -> Self {
        if user.is_none() {
            return Self {
                keys,
                own_key: OwnKey::of(token),
                ..self.clone()
            };
        }
        Self {
            id: self.id,
            label: self.label.clone(),
            session_only: self.session_only,
            ..Self::new(self.base_url.clone(), self.kind, keys, user, token)
        }
    }

    /// Whether this is the account of that user; nothing where the service does not tell of one of them.
    pub(crate) fn is_of(&self, user: Option<&User>) -> Option<bool> {
        let user = user.filter(|_| !self.user_id.is_empty())?;
        Some(user.id.as_str() == self.user_id)
    }

    /// Whether both are the same user at the same service; a sandbox has another port each time, and there are two. A user of whom the
    /// service does not tell is known by the key alone.
    fn is_same_as(&self, other: &Self) -> bool {
        let is_same_user = if self.user_id.is_empty() || other.user_id.is_empty() {
            self.own_key.last_eight.is_some() && self.own_key == other.own_key
        } else {
            self.user_id == other.user_id
        };
        self.kind == other.kind
            && self.session_only == other.session_only
            && is_same_user
            && match self.kind {
                AccountKind::Pulseapi => self.base_url == other.base_url,
                AccountKind::Sandbox => self.keys == other.keys,
            }
    }

    /// The server inside the app that it is signed in to, if it is one.
    pub(crate) fn sandbox(&self) -> Option<SandboxKind> {
        match (self.kind, self.keys) {
            (AccountKind::Pulseapi, _) => None,
            (AccountKind::Sandbox, KeyAccess::Endpoints) => Some(SandboxKind::Whole),
            (AccountKind::Sandbox, KeyAccess::Guided) => Some(SandboxKind::WithoutKeyEndpoints),
        }
    }

    /// The user's teams.
    pub(crate) fn teams(&self) -> &[TeamView] {
        &self.teams
    }

    fn view(&self, in_browser: Vec<BrowserOperation>) -> AccountView {
        AccountView {
            id: self.id,
            label: self.label.clone(),
            base_url: self.base_url.to_string(),
            kind: self.kind,
            keys: self.keys,
            in_browser,
            // Where the service does not tell who it is, the address stands for them.
            user_name: if self.user_name.is_empty() && self.user_email.is_empty() {
                self.base_url.to_string()
            } else {
                self.user_name.clone()
            },
            user_email: self.user_email.clone(),
            plan: self.plan.clone(),
            teams: self.teams.clone(),
            current_team: self.current_team.clone(),
            session_only: self.session_only,
        }
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    version: u32,
    active: Option<AccountId>,
    accounts: Vec<Account>,
}

/// The accounts, and the file in which they stand.
#[derive(Debug)]
pub(crate) struct Accounts {
    file: PathBuf,
    accounts: Vec<Account>,
    active: Option<AccountId>,
    active_in_session: Option<AccountId>,
}

/// Accounts that were read, and where an unreadable file was put.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) accounts: Accounts,
    pub(crate) damaged: Option<PathBuf>,
}

impl Accounts {
    /// Reads the file; none means no accounts yet.
    ///
    /// # Errors
    /// When the file cannot be opened, or was written by a newer version of the app.
    pub(crate) fn read(file: &Path, now: Timestamp) -> io::Result<Read> {
        let read = json_file::read::<Stored>(file, VERSION, now, |_| true)?;
        let stored = read.content.unwrap_or_default();
        let accounts = Self {
            file: file.to_owned(),
            accounts: stored.accounts,
            active: stored.active,
            active_in_session: None,
        };
        Ok(Read {
            accounts,
            damaged: read.damaged,
        })
    }

    /// The accounts of the file, for whoever only looks: a file that can't be read stays where it is.
    ///
    /// # Errors
    /// When it cannot be opened or understood.
    pub(crate) fn glance(file: &Path) -> io::Result<Self> {
        let stored: Stored = json_file::glance(file)?.unwrap_or_default();
        Ok(Self {
            file: file.to_owned(),
            accounts: stored.accounts,
            active: stored.active,
            active_in_session: None,
        })
    }

    /// The first account of this label or id, whatever its capitals.
    pub(crate) fn named(&self, name: &str) -> Option<&Account> {
        let by_id = name.trim().parse().ok().map(AccountId);
        self.find(self.called(name).or(by_id)?)
    }

    pub(crate) fn find(&self, id: AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// The first account of this label, whatever its capitals.
    pub(crate) fn called(&self, label: &str) -> Option<AccountId> {
        let wanted = collapsed(label).to_lowercase();
        let mut accounts = self.accounts.iter();
        let found = accounts.find(|account| account.label.to_lowercase() == wanted);
        found.map(|account| account.id)
    }

    /// The id under which a user who signs in again is known already.
    pub(crate) fn same_as(&self, account: &Account) -> Option<&Account> {
        self.accounts.iter().find(|known| known.is_same_as(account))
    }

    pub(crate) fn of_sandbox(&self, sandbox: SandboxKind, session_only: bool) -> Option<&Account> {
        self.accounts.iter().find(|account| {
            account.sandbox() == Some(sandbox) && account.session_only == session_only
        })
    }

    /// What the window shows: the accounts of this mode and the one in use. `in_browser`: what of an account's keys is done
    /// there.
    pub(crate) fn views(
        &self,
        session_only: bool,
        in_browser: impl Fn(&Account) -> Vec<BrowserOperation>,
    ) -> (Vec<AccountView>, Option<AccountId>) {
        let active = self.in_use(session_only);
        let shown = self.of_mode(session_only);
        let views = shown.map(|account| account.view(in_browser(account)));
        (views.collect(), active)
    }

    /// The accounts of this mode.
    pub(crate) fn of_mode(&self, session_only: bool) -> impl Iterator<Item = &Account> {
        let accounts = self.accounts.iter();
        accounts.filter(move |account| account.session_only == session_only)
    }

    /// The account of this mode that is in use.
    pub(crate) fn in_use(&self, session_only: bool) -> Option<AccountId> {
        let wanted = if session_only {
            self.active_in_session
        } else {
            self.active
        };
        wanted
            .filter(|id| self.of_mode(session_only).any(|account| account.id == *id))
            .or_else(|| self.of_mode(session_only).next().map(|account| account.id))
    }

    /// Adds an account, or puts it in place of the one with its id, and makes it the one in use.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing has changed.
    pub(crate) fn put(&mut self, account: Account) -> io::Result<()> {
        self.change(|accounts| {
            let id = account.id;
            let session_only = account.session_only;
            match accounts.accounts.iter_mut().find(|known| known.id == id) {
                Some(known) => *known = account,
                None => accounts.accounts.push(account),
            }
            accounts.mark_active(id, session_only);
        })
    }

    /// Changes an account.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing has changed.
    pub(crate) fn update(
        &mut self,
        id: AccountId,
        update: impl FnOnce(&mut Account),
    ) -> io::Result<()> {
        self.change(|accounts| {
            if let Some(account) = accounts.accounts.iter_mut().find(|known| known.id == id) {
                update(account);
            }
        })
    }

    /// Makes an account the one in use.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing has changed.
    pub(crate) fn switch(&mut self, id: AccountId) -> io::Result<()> {
        let session_only = self.find(id).is_some_and(|account| account.session_only);
        self.change(|accounts| accounts.mark_active(id, session_only))
    }

    /// Takes an account off the list.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing has changed.
    pub(crate) fn remove(&mut self, id: AccountId) -> io::Result<()> {
        self.change(|accounts| accounts.accounts.retain(|account| account.id != id))
    }

    fn mark_active(&mut self, id: AccountId, session_only: bool) {
        if session_only {
            self.active_in_session = Some(id);
        } else {
            self.active = Some(id);
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Self)) -> io::Result<()> {
        let before = (self.accounts.clone(), self.active, self.active_in_session);
        change(self);
        let written = self.write();
        if written.is_err() {
            (self.accounts, self.active, self.active_in_session) = before;
        }
        written
    }

    fn write(&self) -> io::Result<()> {
        let stored = Stored {
            version: VERSION,
            active: self.active,
            accounts: self
                .accounts
                .iter()
                .filter(|account| !account.session_only)
                .cloned()
                .collect(),
        };
        json_file::write(&self.file, &stored)
    }
}

/// Which service an account talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// The service itself, or another server that speaks its API.
    Pulseapi,
    /// The server inside this app.
    Sandbox,
}

/// How keys are managed at the service: asked once, when signing in, and everything that needs to know asks the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeyAccess {
    /// The service lists, makes, rotates and deletes them itself.
    #[default]
    Endpoints,
    /// It has no endpoints for that: the user does it on the web screen, and the list of keys is the user's own.
    Guided,
}

/// Something that the user may have to do on the web screen, since the service has no call for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum BrowserOperation {
    /// Make a key.
    Create,
    /// Give a key another token.
    Rotate,
    /// End a key.
    Delete,
}

impl BrowserOperation {
    pub(crate) const ALL: [Self; 3] = [Self::Create, Self::Rotate, Self::Delete];
}

impl From<BrowserOperation> for Operation {
    fn from(operation: BrowserOperation) -> Self {
        match operation {
            BrowserOperation::Create => Self::Create,
            BrowserOperation::Rotate => Self::Rotate,
            BrowserOperation::Delete => Self::Delete,
        }
    }
}

impl From<KeyEndpoints> for KeyAccess {
    fn from(endpoints: KeyEndpoints) -> Self {
        match endpoints {
            KeyEndpoints::Present => Self::Endpoints,
            KeyEndpoints::Absent => Self::Guided,
        }
    }
}

/// An account that the app is signed in to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Identifies it.
    pub id: AccountId,
    /// What the user calls it; at first the user's e-mail address.
    pub label: String,
    /// Where its API answers.
    pub base_url: String,
    /// Service or sandbox.
    pub kind: AccountKind,
    /// Whether the service manages its keys, or the user does on the web screen.
    pub keys: KeyAccess,
    /// What the user does on the web screen: everything where the service manages no keys, else what it has no call for.
    pub in_browser: Vec<BrowserOperation>,
    /// The user's name; the address of the API where the service does not tell who it is.
    pub user_name: String,
    /// The user's e-mail address.
    pub user_email: String,
    /// The plan's name, when the service says.
    pub plan: Option<String>,
    /// The user's teams.
    pub teams: Vec<TeamView>,
    /// The team whose keys the credential makes, when the service says.
    pub current_team: Option<String>,
    /// True when its credential lives in this process only and the account is gone after quitting.
    pub session_only: bool,
}

/// The accounts, locked. Every change of them is a single assignment or is rolled back by its own code.
pub(crate) fn list(ctx: &Context) -> MutexGuard<'_, Accounts> {
    ctx.lock(ctx.of::<Mutex<Accounts>>())
}

pub(crate) fn find(ctx: &Context, id: AccountId) -> Result<Account, UiError> {
    list(ctx).find(id).cloned().ok_or_else(UiError::stale)
}

#[cfg(test)]
mod tests;
