//! Whether the token of a deleted key is dead: tried where this app knows it, and again until it gets 401.
//!
//! A deletion is only as good as the 401 that follows it. A service may go on accepting a token whose record is gone,
//! out of a cache. So where the token is in custody, or is the account's own, it is tried with one harmless call as soon
//! as the key is gone; while it is accepted, or cannot be tried, that is told, and it is tried again 5, 15, 60 and
//! 300 s after the first time and at each start. Every try is journalled with its time. The token stays where it is
//! until it got 401, or the user takes it out; the account of an own key stays signed in as long.
//!
//! The tries go on as long as somebody watches ([`PulseKeys::watch_revocations`](crate::PulseKeys::watch_revocations)), which the page does from its start.
//! A key that the user deletes in the browser is tried in the same way before it is known to be gone (`in_browser`).
//! Left out: deleting (`delete`), and what is written down (`records::revocations`).

pub(crate) mod in_browser;
pub(crate) mod messages;
pub(crate) mod wire;

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use pulseapi::{BearerToken, Error as ApiError, KeyId, RetryPolicy};
use secrecy::ExposeSecret as _;
use tokio::sync::watch;

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::base::ids::{AccountId, KeyRequest};
use crate::context::Context;
use crate::keys::revocation::in_browser::Pasted;
use crate::keys::revocation::wire::{Revocation, RevocationConfirmed, Revocations};
use crate::records::accounts::{self, Account};
use crate::records::journal::{self, Action, Entry, KeyNamed};
use crate::records::revocations::{self, InBrowser, OpenRevocation};
use crate::session::{self, own_key};
use crate::{credential, custody};

/// A clock that jumps, or a machine that slept, is noticed after this long.
const MAX_SLEEP: Duration = Duration::from_secs(30);

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
    pasted: Pasted,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            changed: watch::Sender::new(0),
            watchers: watch::Sender::new(0),
            trying: tokio::sync::Mutex::default(),
            is_picked_up: AtomicBool::new(false),
            confirmed: Mutex::default(),
            pasted: Pasted::default(),
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
        key: &crate::records::key::KeyRow,
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

/// The tokens of a key that are in custody, and the account's own where it is this key's. The keychain may ask the
/// user for that.
pub(crate) async fn known_tokens(
    ctx: &Context,
    account: &Account,
    key: &KeyId,
    last_eight: &str,
) -> KnownTokens {
    let mut known = KnownTokens::default();
    if account.own_key.is_token(Some(key), last_eight) {
        match credential::load(ctx, account.id).await {
            Ok(token) => known.tokens.push(token),
            Err(error) => known.trouble = Some(error),
        }
    }
    let in_custody = tokens_in_custody(ctx, account, key).await;
    known.tokens.extend(in_custody.tokens);
    known.trouble = in_custody.trouble.or(known.trouble);
    known
}

/// The tokens of a key that are in custody.
async fn tokens_in_custody(ctx: &Context, account: &Account, key: &KeyId) -> KnownTokens {
    let mut known = KnownTokens::default();
    let custody = match custody::custody(ctx).await {
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
        match custody::open_token(ctx, token.id).await {
            Ok((_, secret)) => match BearerToken::parse(secret.expose_secret()) {
                Ok(token) => known.tokens.push(token),
                Err(_) => known.trouble = Some(messages::not_a_token()),
            },
            Err(error) => known.trouble = Some(error),
        }
    }
    known
}

/// Tries the tokens of a key that is gone or has another token, with one call each.
pub(crate) async fn try_tokens(
    ctx: &Context,
    account: &Account,
    last_eight: &str,
    known: &KnownTokens,
) -> Trial {
    let mut trouble = known.trouble.as_ref().map(|error| error.message.clone());
    let mut is_accepted = false;
    let mut is_current = false;
    for token in &known.tokens {
        let client = match own_key::client_of(ctx, account, token.clone()).await {
            Ok(client) => client.with_retry(RetryPolicy::none()),
            Err(error) => {
                trouble = Some(error.message);
                continue;
            }
        };
        match client.check_token().await {
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
pub(crate) fn revocations_changed(ctx: &Context) {
    ctx.of::<Watch>().has_changed();
}

/// Tries the tokens of deleted keys when they are due, for as long as `tell` says that somebody listens; a newer
/// watcher takes the place of an older one. A snapshot is told at once and after every change.
///
/// # Errors
/// When the database fails. What is open stays open.
pub(crate) async fn watch_revocations(
    ctx: &Context,
    tell: impl Fn(Revocations) -> bool + Send + Sync,
) -> Result<(), UiError> {
    ctx.of::<Watch>().watchers.send_modify(|count| *count += 1);
    let mut watchers = ctx.of::<Watch>().watchers.subscribe();
    let mut changed = ctx.of::<Watch>().changed.subscribe();
    let mut told = None;
    loop {
        changed.borrow_and_update();
        let open = revocations::all(&ctx.database).await?;
        let views: Vec<Revocation> = open.iter().map(|open| view(ctx, open)).collect();
        let confirmed: Vec<_> = ctx.lock(&ctx.of::<Watch>().confirmed).drain(..).collect();
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
        if !ctx.of::<Watch>().is_picked_up.swap(true, Ordering::SeqCst) {
            // The earlier run may have ended in the middle of the schedule, or after it. A key that is deleted in the browser
            // may be in use still, and is tried only when the user says so.
            let left = |open: &&OpenRevocation| open.next_at.is_none() && open.in_browser.is_none();
            for open in open.iter().filter(left) {
                try_open(ctx, open.account, &open.key).await?;
            }
        }
        let now = ctx.now();
        let next = open.iter().filter_map(|open| Some((open.next_at?, open)));
        let next = next.min_by_key(|(at, _)| *at);
        let wait = match next {
            Some((at, due)) if at <= now => {
                try_open(ctx, due.account, &due.key).await?;
                continue;
            }
            Some((at, _)) => {
                let wait = Duration::try_from(at.duration_since(now)).unwrap_or_default();
                Some(wait.min(MAX_SLEEP))
            }
            None => None,
        };
        let waited = async {
            match wait {
                Some(wait) => ctx.options.clock.sleep(wait).await,
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
pub(crate) async fn try_revocation(ctx: &Context, request: &KeyRequest) -> Result<(), UiError> {
    try_open(ctx, request.account, &request.key).await
}

/// The tokens of a deleted key are not tried any more. They stay in custody, where the user can take them out.
///
/// # Errors
/// When the database fails; then it goes on.
pub(crate) async fn stop_revocation(ctx: &Context, request: &KeyRequest) -> Result<(), UiError> {
    let _one = ctx.of::<Watch>().trying.lock().await;
    let found = revocations::find(&ctx.database, request.account, &request.key).await?;
    let Some(open) = found else {
        return Ok(());
    };
    in_browser::forget(ctx, open.account, &open.key);
    let outcome = messages::journalled_stop(&open);
    end(ctx, &open, outcome).await
}

async fn try_open(ctx: &Context, account: AccountId, key: &KeyId) -> Result<(), UiError> {
    let _one = ctx.of::<Watch>().trying.lock().await;
    let Some(open) = revocations::find(&ctx.database, account, key).await? else {
        return Ok(());
    };
    let Ok(account) = accounts::find(ctx, account) else {
        // Signed out, and with the account went what could be tried.
        return end(ctx, &open, "not tried any more: signed out").await;
    };
    if open.in_browser.is_some() {
        return in_browser::try_again(ctx, &account, open).await;
    }
    let known = known_tokens(ctx, &account, &open.key, &open.last_eight).await;
    match try_tokens(ctx, &account, &open.last_eight, &known).await {
        Trial::NoToken => {
            let outcome = "not tried any more: the token is no longer here";
            end(ctx, &open, outcome).await
        }
        Trial::Accepted => goes_on(ctx, open, None).await,
        Trial::NotKnown(why) => goes_on(ctx, open, Some(why)).await,
        Trial::Refused { .. } => confirmed(ctx, &open).await,
    }
}

async fn goes_on(
    ctx: &Context,
    open: OpenRevocation,
    trouble: Option<String>,
) -> Result<(), UiError> {
    let outcome = match &trouble {
        None => messages::STILL_ACCEPTED.to_owned(),
        Some(why) => messages::not_tried(why),
    };
    let tried = open.tried(ctx.now(), trouble);
    goes_on_as(ctx, tried, &outcome).await
}

/// What the last try found is written down, and when the next one is.
async fn goes_on_as(ctx: &Context, tried: OpenRevocation, outcome: &str) -> Result<(), UiError> {
    let entry = try_entry(ctx, &tried, tried.tried_at, outcome);
    ctx.database
        .run(move |transaction| {
            revocations::put(transaction, &tried)?;
            journal::append(transaction, &entry)
        })
        .await?;
    revocations_changed(ctx);
    Ok(())
}

/// It got 401: the proof is written down first, and only then does anything go that depends on it.
async fn confirmed(ctx: &Context, open: &OpenRevocation) -> Result<(), UiError> {
    let at = ctx.now();
    end_at(ctx, open, at, "401 confirmed").await?;
    proved(ctx, open, at).await
}

/// The 401 is written down: what is dead goes, and those who watch are told.
async fn proved(ctx: &Context, open: &OpenRevocation, at: Timestamp) -> Result<(), UiError> {
    custody::leaving::forget_dead_tokens(ctx, open.account, &open.key, None).await?;
    // As it is now: it may have got another credential while the old one was tried.
    let own = accounts::find(ctx, open.account)
        .ok()
        .filter(|account| account.own_key.is_token(Some(&open.key), &open.last_eight));
    let signed_out = match own {
        Some(account) => {
            session::forget_account(ctx, &account, messages::OWN_KEY_GONE).await?;
            Some(session::state(ctx).await)
        }
        None => None,
    };
    let confirmed = RevocationConfirmed {
        account: open.account,
        key: open.key.clone(),
        at,
        in_browser: open.in_browser.is_some(),
        message: messages::token_refused(open, signed_out.is_some()),
        signed_out,
    };
    ctx.lock(&ctx.of::<Watch>().confirmed).push_back(confirmed);
    revocations_changed(ctx);
    Ok(())
}

async fn end(ctx: &Context, open: &OpenRevocation, outcome: &str) -> Result<(), UiError> {
    end_at(ctx, open, ctx.now(), outcome).await?;
    revocations_changed(ctx);
    Ok(())
}

async fn end_at(
    ctx: &Context,
    open: &OpenRevocation,
    at: Timestamp,
    outcome: &str,
) -> Result<(), UiError> {
    let entry = try_entry(ctx, open, at, outcome);
    let (account, key) = (open.account, open.key.clone());
    ctx.database
        .run(move |transaction| {
            if revocations::remove(transaction, account, &key)? {
                journal::append(transaction, &entry)?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

fn try_entry(ctx: &Context, open: &OpenRevocation, at: Timestamp, outcome: &str) -> Entry {
    let label = accounts::find(ctx, open.account).map(|account| account.label);
    Entry {
        at,
        account: open.account,
        account_label: label.unwrap_or_default(),
        action: Action::TryToken,
        key: Some(key_named(open)),
        outcome: outcome.to_owned(),
        request_id: None,
    }
}

fn key_named(open: &OpenRevocation) -> KeyNamed {
    KeyNamed {
        id: Some(open.key.as_str().to_owned()),
        name: open.name.clone(),
        last_eight: open.last_eight.clone(),
    }
}

fn view(ctx: &Context, open: &OpenRevocation) -> Revocation {
    Revocation {
        account: open.account,
        key: open.key.clone(),
        name: open.name.clone(),
        last_eight: open.last_eight.clone(),
        own: open.own,
        tried_at: open.tried_at,
        accepted: open.trouble.is_none() && open.in_browser != Some(InBrowser::RefusedUnproved),
        refused: open.trouble.is_none() && open.in_browser == Some(InBrowser::RefusedUnproved),
        in_browser: open.in_browser.is_some(),
        in_memory: in_browser::is_pasted(ctx, open.account, &open.key),
        next_at: open.next_at,
        message: messages::still_open(open),
    }
}
