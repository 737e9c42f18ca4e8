//! Whether the token of a deleted key is dead: tried where this app knows it, and again until it gets 401.
//!
//! A deletion is only as good as the 401 that follows it. A service may go on accepting a token whose record is gone,
//! out of a cache. So where the token is in custody, or is the account's own, it is tried with one harmless call as soon
//! as the key is gone; while it is accepted, or cannot be tried, that is told, and it is tried again 5, 15, 60 and
//! 300 s after the first time and at each start. Every try is journalled with its time. The token stays where it is
//! until it got 401, or the person takes it out; the account of an own key stays signed in as long.
//!
//! The tries go on as long as somebody watches ([`PulseKeys::watch_revocations`]), which the page does from its start.
//! Left out: deleting (`deletion`), and what is written down (`revocation_records`).

pub(crate) mod records;
pub(crate) mod wire;

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use pulseapi::{BearerToken, Error as ApiError, KeyId, RetryPolicy};
use secrecy::ExposeSecret as _;
use tokio::sync::watch;

use crate::accounts::Account;
use crate::accounts::wire::{AccountId, KeyRequest};
use crate::app::PulseKeys;
use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::keys::delete::messages as words;
use crate::keys::revocation::records::OpenRevocation;
use crate::keys::revocation::wire::{Revocation, RevocationConfirmed, Revocations};
use crate::records::journal;
use crate::records::journal::{Action, Entry, KeyNamed};

/// A clock that jumps, or a machine that slept, is noticed after this long.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// The watch over tokens of deleted keys, shared by all calls.
pub(crate) struct Watch {
    /// Goes up with every change of what is written down.
    changed: watch::Sender<u64>,
    /// Goes up with every new watcher: only the newest goes on.
    watchers: watch::Sender<u64>,
    /// One try at a time, so that none is made or journalled twice.
    trying: tokio::sync::Mutex<()>,
    /// What an earlier run left was tried.
    is_picked_up: AtomicBool,
    /// Not told yet.
    confirmed: Mutex<VecDeque<RevocationConfirmed>>,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            changed: watch::Sender::new(0),
            watchers: watch::Sender::new(0),
            trying: tokio::sync::Mutex::default(),
            is_picked_up: AtomicBool::new(false),
            confirmed: Mutex::default(),
        }
    }
}

impl Watch {
    fn has_changed(&self) {
        self.changed.send_modify(|count| *count += 1);
    }
}

/// The tokens of a key that this app knows.
#[derive(Default)]
pub(crate) struct KnownTokens {
    tokens: Vec<BearerToken>,
    /// Why there may be more.
    trouble: Option<UiError>,
}

/// What trying the tokens of a key found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trial {
    /// No token of it is known here.
    NoToken,
    /// All that are known got 401; whether the one that the key had at last is among them.
    Refused { is_current: bool },
    /// One is accepted.
    Accepted,
    /// Whether they work is not known, for this reason.
    NotKnown(String),
}

impl Trial {
    /// What is written down where it goes on being tried.
    pub(crate) fn opens(
        &self,
        account: AccountId,
        key: &crate::keys::wire::KeyRow,
        at: Timestamp,
    ) -> Option<OpenRevocation> {
        let trouble = match self {
            Self::NoToken | Self::Refused { .. } => return None,
            Self::Accepted => None,
            Self::NotKnown(why) => Some(why.clone()),
        };
        Some(OpenRevocation::begun(account, key, at, trouble))
    }
}

impl PulseKeys {
    /// The tokens of a key that are in custody, and the account's own where it is this key's. The keychain may ask the
    /// person for that.
    pub(crate) async fn known_tokens(
        &self,
        account: &Account,
        key: &KeyId,
        last_eight: &str,
    ) -> KnownTokens {
        let mut known = KnownTokens::default();
        if account.own_key.is_token(Some(key), last_eight) {
            match self.credential(account.id).await {
                Ok(token) => known.tokens.push(token),
                Err(error) => known.trouble = Some(error),
            }
        }
        let custody = match self.custody().await {
            Ok(custody) => custody.tokens,
            Err(error) => {
                known.trouble = Some(error);
                return known;
            }
        };
        let of_key = custody
            .into_iter()
            .filter(|token| token.account == account.id && token.key.as_ref() == Some(key));
        for token in of_key {
            match self.open_token(token.id).await {
                Ok((_, secret)) => match BearerToken::parse(secret.expose_secret()) {
                    Ok(token) => known.tokens.push(token),
                    Err(_) => known.trouble = Some(words::not_a_token()),
                },
                Err(error) => known.trouble = Some(error),
            }
        }
        known
    }

    /// Tries the tokens of a key that is gone, with one call each.
    pub(crate) async fn try_tokens(
        &self,
        account: &Account,
        last_eight: &str,
        known: &KnownTokens,
    ) -> Trial {
        let mut trouble = known.trouble.as_ref().map(|error| error.message.clone());
        let mut is_accepted = false;
        let mut is_current = false;
        for token in &known.tokens {
            let client = match self.client_of(account, token.clone()).await {
                Ok(client) => client.with_retry(RetryPolicy::none()),
                Err(error) => {
                    trouble = Some(error.message);
                    continue;
                }
            };
            match client.user().await {
                Ok(_) => is_accepted = true,
                Err(ApiError::Unauthorized) => {
                    let tail = token.last_eight();
                    is_current |= last_eight.is_empty() || tail.as_deref() == Some(last_eight);
                }
                Err(error) => trouble = Some(at_work(&error).message),
            }
        }
        match trouble {
            _ if is_accepted => Trial::Accepted,
            Some(why) => Trial::NotKnown(why),
            None if known.tokens.is_empty() => Trial::NoToken,
            None => Trial::Refused { is_current },
        }
    }

    /// Something was written down about the tokens of a deleted key.
    pub(crate) fn revocations_changed(&self) {
        self.watch.has_changed();
    }

    /// Tries the tokens of deleted keys when they are due, for as long as `tell` says that somebody listens; a newer
    /// watcher takes the place of an older one. A snapshot is told at once and after every change.
    ///
    /// # Errors
    /// When the database fails. What is open stays open.
    pub async fn watch_revocations(
        &self,
        tell: impl Fn(Revocations) -> bool + Send + Sync,
    ) -> Result<(), UiError> {
        self.watch.watchers.send_modify(|count| *count += 1);
        let mut watchers = self.watch.watchers.subscribe();
        let mut changed = self.watch.changed.subscribe();
        let mut told = None;
        loop {
            changed.borrow_and_update();
            let open = records::all(&self.database).await?;
            let views: Vec<Revocation> = open.iter().map(view).collect();
            let confirmed: Vec<_> = self.lock(&self.watch.confirmed).drain(..).collect();
            if told.as_ref() != Some(&views) || !confirmed.is_empty() {
                told = Some(views.clone());
                let snapshot = Revocations {
                    open: views,
                    confirmed,
                };
                if !tell(snapshot) {
                    return Ok(());
                }
            }
            if !self.watch.is_picked_up.swap(true, Ordering::SeqCst) {
                // The earlier run may have ended in the middle of the schedule, or after it.
                for open in open.iter().filter(|open| open.next_at.is_none()) {
                    self.try_open(open.account, &open.key).await?;
                }
            }
            let now = self.now();
            let next = open.iter().filter_map(|open| Some((open.next_at?, open)));
            let next = next.min_by_key(|(at, _)| *at);
            let wait = match next {
                Some((at, due)) if at <= now => {
                    self.try_open(due.account, &due.key).await?;
                    continue;
                }
                Some((at, _)) => {
                    let wait = Duration::try_from(at.duration_since(now)).unwrap_or_default();
                    Some(wait.min(LONGEST_SLEEP))
                }
                None => None,
            };
            let waited = async {
                match wait {
                    Some(wait) => self.options.clock.sleep(wait).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                Ok(()) = watchers.changed() => return Ok(()),
                Ok(()) = changed.changed() => {}
                () = waited => {}
            }
        }
    }

    /// Tries the tokens of a deleted key now. What came of it is told to who watches.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn try_revocation(&self, request: &KeyRequest) -> Result<(), UiError> {
        self.try_open(request.account, &request.key).await
    }

    /// The tokens of a deleted key are not tried any more. They stay in custody, where the person can take them out.
    ///
    /// # Errors
    /// When the database fails; then it goes on.
    pub async fn stop_revocation(&self, request: &KeyRequest) -> Result<(), UiError> {
        let _one = self.watch.trying.lock().await;
        let found = records::find(&self.database, request.account, &request.key).await?;
        let Some(open) = found else {
            return Ok(());
        };
        let outcome = words::journalled_stop(&open);
        self.end(&open, outcome).await
    }

    async fn try_open(&self, account: AccountId, key: &KeyId) -> Result<(), UiError> {
        let _one = self.watch.trying.lock().await;
        let Some(open) = records::find(&self.database, account, key).await? else {
            return Ok(());
        };
        let Ok(account) = self.account(account) else {
            // Signed out, and with the account went what could be tried.
            return self.end(&open, "not tried any more: signed out").await;
        };
        let known = self
            .known_tokens(&account, &open.key, &open.last_eight)
            .await;
        match self.try_tokens(&account, &open.last_eight, &known).await {
            Trial::NoToken => {
                let outcome = "not tried any more: the token is no longer here";
                self.end(&open, outcome).await
            }
            Trial::Accepted => self.goes_on(open, None).await,
            Trial::NotKnown(why) => self.goes_on(open, Some(why)).await,
            Trial::Refused { .. } => self.confirmed(&account, &open).await,
        }
    }

    async fn goes_on(&self, open: OpenRevocation, trouble: Option<String>) -> Result<(), UiError> {
        let now = self.now();
        let outcome = match &trouble {
            None => "its token is still accepted".to_owned(),
            Some(why) => format!("its token could not be tried: {why}"),
        };
        let entry = self.try_entry(&open, now, &outcome);
        let tried = open.tried(now, trouble);
        self.database
            .run(move |transaction| {
                records::put(transaction, &tried)?;
                journal::append(transaction, &entry)
            })
            .await?;
        self.revocations_changed();
        Ok(())
    }

    /// It got 401: the proof is written down first, and only then does anything go that depends on it.
    async fn confirmed(&self, account: &Account, open: &OpenRevocation) -> Result<(), UiError> {
        let at = self.now();
        self.end_at(open, at, "401 confirmed").await?;
        self.forget_dead_tokens(account.id, &open.key, None).await?;
        let is_own = account.own_key.is_token(Some(&open.key), &open.last_eight);
        let signed_out = if is_own {
            self.forget_account(account, words::OWN_KEY_GONE).await?;
            Some(self.state().await)
        } else {
            None
        };
        let confirmed = RevocationConfirmed {
            account: open.account,
            key: open.key.clone(),
            at,
            message: words::token_refused(open, signed_out.is_some()),
            signed_out,
        };
        self.lock(&self.watch.confirmed).push_back(confirmed);
        self.revocations_changed();
        Ok(())
    }

    async fn end(&self, open: &OpenRevocation, outcome: &str) -> Result<(), UiError> {
        self.end_at(open, self.now(), outcome).await?;
        self.revocations_changed();
        Ok(())
    }

    async fn end_at(
        &self,
        open: &OpenRevocation,
        at: Timestamp,
        outcome: &str,
    ) -> Result<(), UiError> {
        let entry = self.try_entry(open, at, outcome);
        let (account, key) = (open.account, open.key.clone());
        self.database
            .run(move |transaction| {
                if records::remove(transaction, account, &key)? {
                    journal::append(transaction, &entry)?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    fn try_entry(&self, open: &OpenRevocation, at: Timestamp, outcome: &str) -> Entry {
        let label = self.account(open.account).map(|account| account.label);
        Entry {
            at,
            account: open.account,
            account_label: label.unwrap_or_default(),
            action: Action::TryToken,
            key: Some(KeyNamed {
                id: Some(open.key.as_str().to_owned()),
                name: open.name.clone(),
                last_eight: open.last_eight.clone(),
            }),
            outcome: outcome.to_owned(),
            request_id: None,
        }
    }
}

fn view(open: &OpenRevocation) -> Revocation {
    Revocation {
        account: open.account,
        key: open.key.clone(),
        name: open.name.clone(),
        last_eight: open.last_eight.clone(),
        own: open.own,
        tried_at: open.tried_at,
        accepted: open.trouble.is_none(),
        next_at: open.next_at,
        message: words::still_open(open),
    }
}
