//! Outcomes that an earlier run or a lost answer left open, settled by asking the keychain and the service.
//!
//! A token that reached the keychain settles its intent, whatever else was interrupted. Otherwise the service is asked:
//! each open intent by its record, and after a refresh the fresh list itself is the answer. "As it was" settles nothing
//! before the last look (`watch`). Nothing is ever sent again. What costs the user a token is kept as a notice until it
//! was read; as long as it is there, a keychain that finds the token after all takes it back. Left out: noting intents
//! (`delete`, `rotate`, `create`).

pub(crate) mod watch;

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use pulseapi::{Client, KeyId};

use crate::base::error::{ErrorCode, UiError};
use crate::base::errors::at_work;
use crate::base::ids::{AccountId, CustodyId};
use crate::base::text;
use crate::context::Context;
use crate::custody::{self, InKeychain, arrival, lock, records};
use crate::keys;
use crate::keys::create::verify::CreationSettled;
use crate::keys::create::{self, messages};
use crate::keys::delete::result::Known;
use crate::keys::delete::{self, messages as delete_words};
use crate::keys::rotate::verify::RotationSettled;
use crate::keys::rotate::{self, messages as rotate_words};
use crate::keys::verify::{Looked, Proof, look};
use crate::records::accounts::{self, Account};
use crate::records::damaged;
use crate::records::intents::{
    self, Creation, Deletion, Intent, Open, Rotation, Unreadable, schedule,
};
use crate::records::key::KeyRow;
use crate::records::notices::{self, Kept, NextStep, Notice};
use crate::session::own_key;
use crate::{operation_lock, updates};

/// How long a start waits for a custodian of an earlier run that is still at work. Real time.
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);

/// Where an open intent stands after a look.
pub(crate) enum Standing {
    /// Its outcome is known, and the intent is closed. What to say once, where no notice that is kept says it; and
    /// whether that needs attention.
    Closed(Option<(bool, String)>),
    /// As it was before the request, which may still take effect.
    Watched(String),
    /// Another process is at work on it.
    InFlight(String),
    /// It could not be found out.
    NotKnown(String),
    /// The same, because the service does not accept the account's credential.
    Unauthorized(String),
}

impl Standing {
    fn told(self) -> Option<(bool, String)> {
        match self {
            Self::Closed(told) => told,
            Self::Watched(message) => Some((false, message)),
            Self::InFlight(message) | Self::NotKnown(message) | Self::Unauthorized(message) => {
                Some((true, message))
            }
        }
    }

    fn not_known(message: String, why: &UiError) -> Self {
        match why.code {
            ErrorCode::Unauthorized => Self::Unauthorized(message),
            _ => Self::NotKnown(message),
        }
    }

    /// What helps to find it out.
    fn next(&self, account: AccountId) -> Option<NextStep> {
        match self {
            Self::Unauthorized(_) => Some(NextStep::ReplaceCredential { account }),
            Self::Closed(_) | Self::Watched(_) | Self::InFlight(_) | Self::NotKnown(_) => None,
        }
    }
}

/// Settles what can be settled, and tells what was found out. What costs the user a token is told until the notice
/// is dismissed, everything else once.
///
/// # Errors
/// When the app's own files fail. A service or keychain that cannot be asked is a notice, not an error.
pub(crate) async fn reconcile(ctx: &Context) -> Result<Vec<Notice>, UiError> {
    let _one_at_a_time = ctx.of::<Settling>().0.lock().await;
    custody::leaving::finish_all_leaving(ctx).await?;
    let mut told: Vec<Notice> = damaged::notices_of_damage(ctx).collect();
    told.extend(settle_all(ctx, LOCK_TIMEOUT).await?);
    told.extend(unreadable(ctx).await?);
    told.extend(notices::unread(&ctx.database).await?);
    Ok(told)
}

/// The same while nobody asks: what is found out is kept as a notice for the next [`PulseKeys::reconcile`](crate::PulseKeys::reconcile), whatever
/// happens to the app until then.
pub(crate) async fn look_again(ctx: &Context) -> Result<(), UiError> {
    let _one_at_a_time = ctx.of::<Settling>().0.lock().await;
    take_back_lost(ctx).await?;
    for (open, standing) in settle_each(ctx, Duration::ZERO, |_| true).await? {
        // What is still open is told anew by whoever asks.
        let Standing::Closed(Some((needs_attention, message))) = standing else {
            continue;
        };
        let notice = Kept {
            id: open.id(),
            at: ctx.now(),
            account: open.account(),
            key: open.key().cloned(),
            message,
            next: None,
            is_calm: !needs_attention,
        };
        ctx.database
            .run(move |transaction| notices::add(transaction, &notice))
            .await?;
    }
    Ok(())
}

async fn settle_all(ctx: &Context, timeout: Duration) -> Result<Vec<Notice>, UiError> {
    take_back_lost(ctx).await?;
    let mut told = Vec::new();
    for (open, standing) in settle_each(ctx, timeout, |_| true).await? {
        let next = standing.next(open.account());
        if let Some((needs_attention, message)) = standing.told() {
            told.push(Notice {
                id: open.id().to_string(),
                needs_attention,
                message,
                next,
            });
        }
    }
    let open = intents::all(&ctx.database).await?;
    lock::sweep(&ctx.folders.custodian_locks(), |id| {
        open.open.iter().any(|open| open.id() == id)
            || open.unreadable.iter().any(|row| row.id == id.to_string())
    });
    Ok(told)
}

/// The open intents that no call of this process is at work on, newest first: the token that a newer one brought
/// must not be taken for one that an older one lost.
async fn unattended(ctx: &Context) -> Result<Vec<Open>, UiError> {
    let mut open = intents::open(&ctx.database).await?;
    open.reverse();
    let mut busy = Undecided::default();
    open.retain(|open| {
        let is_busy =
            operation_lock::is_on_its_way(ctx, open.id()) || custody::is_held(ctx, open.id());
        if is_busy {
            busy.note(open);
        }
        !is_busy && !busy.holds_back(open)
    });
    Ok(open)
}

/// What a request is about whose outcome nobody knows yet: a key, or the next one of an account. Until it is known, what
/// the service shows says nothing of older requests about the same.
#[derive(Debug, Default)]
struct Undecided(Vec<(AccountId, Option<KeyId>)>);

impl Undecided {
    fn note(&mut self, open: &Open) {
        if open.brings_token() {
            self.0.push((open.account(), open.key().cloned()));
        }
    }

    fn holds_back(&self, open: &Open) -> bool {
        let is_same = |(account, key): &(AccountId, Option<KeyId>)| {
            *account == open.account() && key.as_ref() == open.key()
        };
        open.brings_token() && self.0.iter().any(is_same)
    }
}

/// Settles the open intents that are meant, and tells where each stands, oldest first.
///
/// # Errors
/// When the app's own files fail.
async fn settle_each(
    ctx: &Context,
    timeout: Duration,
    is_meant: impl Fn(&Open) -> bool,
) -> Result<Vec<(Open, Standing)>, UiError> {
    let mut settled = Vec::new();
    let mut undecided = Undecided::default();
    for open in unattended(ctx).await? {
        if !is_meant(&open) || undecided.holds_back(&open) {
            continue;
        }
        let standing = settle_open(ctx, &open, timeout).await?;
        match standing {
            Standing::Closed(_) | Standing::Watched(_) => {}
            Standing::InFlight(_) | Standing::NotKnown(_) | Standing::Unauthorized(_) => {
                undecided.note(&open);
            }
        }
        settled.push((open, standing));
    }
    settled.reverse();
    Ok(settled)
}

/// Settles what earlier requests about a key left open, before another one is sent. Why nothing may be sent; none
/// when it may.
///
/// # Errors
/// When the app's own files fail.
pub(crate) async fn settle_before_write(
    ctx: &Context,
    account: &Account,
    key: &KeyId,
) -> Result<Option<UiError>, UiError> {
    let _one_at_a_time = ctx.of::<Settling>().0.lock().await;
    let is_meant = |open: &Open| open.account() == account.id && open.key() == Some(key);
    for (_, standing) in settle_each(ctx, Duration::ZERO, is_meant).await? {
        match standing {
            // An outcome that is kept as a notice is told with the next reconciliation.
            Standing::Closed(_) | Standing::Watched(_) => {}
            Standing::InFlight(message)
            | Standing::NotKnown(message)
            | Standing::Unauthorized(message) => {
                return Ok(Some(UiError::new(
                    ErrorCode::Other,
                    format!("{message} Until then nothing else is sent about this key."),
                    "Try again in a minute.",
                )));
            }
        }
    }
    Ok(None)
}

async fn settle_open(ctx: &Context, open: &Open, timeout: Duration) -> Result<Standing, UiError> {
    let claim = if open.brings_token() {
        let claim = custody::client::claim_intent(ctx, open.id(), timeout).await?;
        if claim.is_none() {
            return Ok(Standing::InFlight(match open {
                Open::Create(intent) => messages::in_flight(&intent.what.name),
                Open::Rotate(intent) => rotate_words::in_flight(&intent.what.key),
                Open::Delete(intent) => delete_words::still_unknown(
                    &intent.what.key,
                    &UiError::new(ErrorCode::Other, "", ""),
                ),
            }));
        }
        claim
    } else {
        None
    };
    // A custodian may have fulfilled it before the claim was ours, and a newer request may have changed what it knows.
    let Some(open) = intents::open_one(&ctx.database, open.id()).await? else {
        return Ok(Standing::Closed(None));
    };
    let standing = match &open {
        Open::Delete(intent) => match accounts::find(ctx, intent.account) {
            Ok(account) => settle_deletion(ctx, &account, intent).await?,
            Err(_) => {
                let message = delete_words::signed_out_since(&intent.what.key);
                close_signed_out(ctx, intent, message).await?
            }
        },
        Open::Rotate(intent) => settle_open_rotation(ctx, intent).await?,
        Open::Create(intent) => settle_open_creation(ctx, intent).await?,
    };
    drop(claim);
    Ok(standing)
}

/// Nobody here can ask the service any more, and the keychain has nothing: that is told.
async fn close_signed_out<W>(
    ctx: &Context,
    intent: &Intent<W>,
    message: String,
) -> Result<Standing, UiError> {
    let (id, at) = (intent.id, ctx.now());
    let notice = Kept {
        id,
        at,
        account: intent.account,
        key: None,
        message,
        next: None,
        is_calm: false,
    };
    ctx.database
        .run(move |transaction| {
            notices::add(transaction, &notice)?;
            intents::mark_lost(transaction, id, at)
        })
        .await?;
    Ok(Standing::Closed(None))
}

async fn settle_deletion(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Deletion>,
) -> Result<Standing, UiError> {
    let key = &intent.what.key;
    let client = match keys::signed_in(ctx, intent.account).await {
        Ok((_, client)) => client,
        Err(error) => {
            return Ok(Standing::not_known(
                delete_words::still_unknown(key, &error),
                &error,
            ));
        }
    };
    Ok(match look(&client, key).await {
        Looked::NoRecord => {
            let proof = Proof::fetch(&client, account).await;
            match proof.lacks(&key.id) {
                Ok(true) => {
                    delete::result::found_gone(ctx, account, intent).await?;
                    Standing::Closed(Some((false, delete_words::found_gone(key))))
                }
                Ok(false) => {
                    let error = delete_words::listed_but_not_found(key, true);
                    Standing::not_known(delete_words::still_unknown(key, &error), &error)
                }
                Err(error) => Standing::not_known(delete_words::still_unknown(key, error), error),
            }
        }
        Looked::Alive(_) => seen_alive(ctx, account, intent).await?,
        // A deletion explains it, and so does a gateway: the credential stays.
        Looked::OwnRefused => {
            let error = delete_words::own_key_in_doubt();
            Standing::not_known(delete_words::still_unknown(key, &error), &error)
        }
        Looked::NotKnown(error) => {
            let error = at_work(&error);
            Standing::not_known(delete_words::still_unknown(key, &error), &error)
        }
    })
}

/// The key is there. Only the last look may say that it was not deleted.
async fn seen_alive(
    ctx: &Context,
    account: &Account,
    intent: &Intent<Deletion>,
) -> Result<Standing, UiError> {
    let key = &intent.what.key;
    if !schedule::is_over(intent.open_since(), ctx.now()) {
        return Ok(Standing::Watched(delete_words::still_watched(
            key,
            ctx.now(),
        )));
    }
    let outcome = "not deleted: interrupted, the key is alive";
    delete::result::write(ctx, account, key, Some(intent), Known::Alive, outcome, None).await?;
    Ok(Standing::Closed(Some((
        true,
        delete_words::found_alive(key),
    ))))
}

/// A key that is listed is alive. One that is not is gone when the service, asked for it, has no such record either.
async fn settle_deletion_by_list(
    ctx: &Context,
    account: &Account,
    client: &Client,
    intent: &Intent<Deletion>,
    keys: &[KeyRow],
) -> Result<(), UiError> {
    let key = &intent.what.key;
    if keys.iter().any(|listed| listed.id == key.id) {
        seen_alive(ctx, account, intent).await?;
    } else if let Looked::NoRecord = look(client, key).await {
        delete::result::found_gone(ctx, account, intent).await?;
    }
    Ok(())
}

async fn settle_open_rotation(
    ctx: &Context,
    intent: &Intent<Rotation>,
) -> Result<Standing, UiError> {
    let key = &intent.what.key;
    match custody::token_in_keychain(ctx, intent.account, intent.custody()).await {
        // The account moves to it first; signing in does that.
        InKeychain::Yes(_) if key.own && accounts::find(ctx, intent.account).is_ok() => {
            return Ok(
                match own_key::finish_claimed_own_rotation(ctx, intent).await {
                    Ok(()) => Standing::Closed(None),
                    Err(error) => Standing::NotKnown(rotate_words::not_adopted(error).message),
                },
            );
        }
        InKeychain::Yes(token) => {
            arrival::rotation_found_in_keychain(ctx, intent, &token).await?;
            return Ok(Standing::Closed(None));
        }
        InKeychain::No => {}
        InKeychain::NotKnown(error) => {
            return Ok(Standing::not_known(
                rotate_words::still_unknown(key, &error),
                &error,
            ));
        }
    }
    let Ok(account) = accounts::find(ctx, intent.account) else {
        let message = rotate_words::signed_out_since(key);
        return close_signed_out(ctx, intent, message).await;
    };
    let client = match keys::signed_in(ctx, account.id)
        .await
        .map(|(_, client)| client)
    {
        Ok(client) => client,
        Err(error) => {
            return Ok(Standing::not_known(
                rotate_words::still_unknown(key, &error),
                &error,
            ));
        }
    };
    let settled = rotate::verify::settle_rotation(ctx, &account, &client, intent).await?;
    Ok(standing_of_rotation(key, settled, ctx.now()))
}

async fn settle_open_creation(
    ctx: &Context,
    intent: &Intent<Creation>,
) -> Result<Standing, UiError> {
    let name = &intent.what.name;
    match custody::token_in_keychain(ctx, intent.account, intent.custody()).await {
        InKeychain::Yes(token) => {
            arrival::creation_found_in_keychain(ctx, intent, &token).await?;
            return Ok(Standing::Closed(None));
        }
        InKeychain::No => {}
        InKeychain::NotKnown(error) => {
            return Ok(Standing::not_known(
                messages::still_unknown(name, &error),
                &error,
            ));
        }
    }
    let Ok(account) = accounts::find(ctx, intent.account) else {
        let message = messages::signed_out_since(name);
        return close_signed_out(ctx, intent, message).await;
    };
    let client = match keys::signed_in(ctx, intent.account).await {
        Ok((_, client)) => client,
        Err(error) => {
            return Ok(Standing::not_known(
                messages::still_unknown(name, &error),
                &error,
            ));
        }
    };
    let settled = create::verify::settle_creation(ctx, &account, &client, intent).await?;
    Ok(standing_of_creation(name, settled, ctx.now()))
}

/// Tokens that were found to be lost and that the keychain has after all: it was another one then, or not whole.
async fn take_back_lost(ctx: &Context) -> Result<(), UiError> {
    ctx.database.run(intents::close_read).await?;
    for lost in intents::all(&ctx.database).await?.lost {
        let id = CustodyId(lost.id());
        if let InKeychain::Yes(token) = custody::token_in_keychain(ctx, lost.account(), id).await {
            match &lost {
                Open::Rotate(intent) => {
                    arrival::rotation_found_in_keychain(ctx, intent, &token).await?;
                }
                Open::Create(intent) => {
                    arrival::creation_found_in_keychain(ctx, intent, &token).await?;
                }
                Open::Delete(_) => {}
            }
        }
    }
    Ok(())
}

async fn unreadable(ctx: &Context) -> Result<Vec<Notice>, UiError> {
    let intents = intents::all(&ctx.database).await?.unreadable;
    let mut notices: Vec<Notice> = intents.into_iter().map(unreadable_intent).collect();
    let records = records::count_unreadable(&ctx.database).await?;
    if records > 0 {
        notices.push(Notice {
            id: "unreadable-tokens".to_owned(),
            needs_attention: true,
            message: format!(
                "{records} of the tokens in custody cannot be shown: this version of Pulse Keys cannot read what is \
                 written down about them. They are still in the keychain. Install the newest version."
            ),
            next: None,
        });
    }
    Ok(notices)
}

/// What was called not done, and is seen to be done after all, is told; a week later nobody looks any more.
async fn correct_not_done(
    ctx: &Context,
    account: &Account,
    keys: &[KeyRow],
) -> Result<(), UiError> {
    for told in intents::all(&ctx.database).await?.not_done {
        if told.account() != account.id {
            continue;
        }
        let end = told
            .not_done_at()
            .and_then(|at| at.checked_add(schedule::CORRECTED_WITHIN).ok());
        if end.is_none_or(|end| ctx.now() > end) {
            let id = told.id();
            ctx.database
                .run(move |transaction| intents::settle(transaction, id))
                .await?;
            continue;
        }
        match told {
            Open::Rotate(intent) => {
                rotate::verify::correct_not_rotated(ctx, account, &intent, keys).await?;
            }
            Open::Create(intent) => {
                create::verify::correct_not_created(ctx, &intent, keys).await?;
            }
            Open::Delete(_) => {}
        }
    }
    Ok(())
}

/// A whole list answers questions about its account that were open before it was asked for. Whether there was one.
pub(crate) async fn settle_by_list(
    ctx: &Context,
    account: &Account,
    client: &Client,
    keys: &[KeyRow],
    asked_at: Timestamp,
) -> Result<bool, UiError> {
    let _one_at_a_time = ctx.of::<Settling>().0.lock().await;
    let mut any = false;
    let mut undecided = Undecided::default();
    for open in unattended(ctx).await? {
        if open.account() != account.id || undecided.holds_back(&open) {
            continue;
        }
        let claim = custody::client::claim_intent(ctx, open.id(), Duration::ZERO).await?;
        if open.open_since() > asked_at || open.brings_token() && claim.is_none() {
            undecided.note(&open);
            continue;
        }
        let Some(open) = intents::open_one(&ctx.database, open.id()).await? else {
            continue;
        };
        any = true;
        match open {
            Open::Delete(intent) => {
                settle_deletion_by_list(ctx, account, client, &intent, keys).await?;
            }
            Open::Rotate(intent) => {
                match custody::token_in_keychain(ctx, account.id, intent.custody()).await {
                    InKeychain::Yes(token) if !intent.what.key.own => {
                        arrival::rotation_found_in_keychain(ctx, &intent, &token).await?;
                    }
                    // The app's own is finished by signing in, which has happened before a list was read.
                    InKeychain::Yes(_) | InKeychain::NotKnown(_) => {
                        undecided.note(&Open::Rotate(intent));
                    }
                    InKeychain::No => {
                        rotate::verify::settle_rotation_by_list(
                            ctx, account, client, &intent, keys,
                        )
                        .await?;
                    }
                }
            }
            Open::Create(intent) => {
                match custody::token_in_keychain(ctx, account.id, intent.custody()).await {
                    InKeychain::Yes(token) => {
                        arrival::creation_found_in_keychain(ctx, &intent, &token).await?;
                    }
                    InKeychain::NotKnown(_) => undecided.note(&Open::Create(intent)),
                    InKeychain::No => {
                        create::verify::settle_creation_by_list(ctx, account, &intent, keys)
                            .await?;
                    }
                }
            }
        }
    }
    correct_not_done(ctx, account, keys).await?;
    Ok(any)
}

fn unreadable_intent(row: Unreadable) -> Notice {
    let what = match row.action.as_str() {
        "delete_key" => "A deletion",
        "rotate_key" => "A rotation",
        "create_key" => "The creation of a key",
        _ => "A request",
    };
    let at = row.at.parse().map_or_else(
        |_| "earlier".to_owned(),
        |at| format!("at {}", text::exact(at)),
    );
    Notice {
        id: row.id,
        needs_attention: true,
        message: format!(
            "{what} that was begun {at} was interrupted, and this version of Pulse Keys cannot read what is written down \
             about it. It stays written down. Install the newest version, and compare your keys with PulseAPI’s dashboard."
        ),
        next: None,
    }
}

fn standing_of_rotation(key: &KeyRow, settled: RotationSettled, now: Timestamp) -> Standing {
    match settled {
        RotationSettled::NotRotated => {
            Standing::Closed(Some((false, rotate_words::found_unchanged(key))))
        }
        RotationSettled::Watched => Standing::Watched(rotate_words::still_watched(key, now)),
        // Told by the notice that is kept.
        RotationSettled::Lost { .. } => Standing::Closed(None),
        RotationSettled::Gone => Standing::Closed(Some((false, rotate_words::gone(Some(key))))),
        RotationSettled::NotKnown(error) => {
            Standing::not_known(rotate_words::still_unknown(key, &error), &error)
        }
    }
}

fn standing_of_creation(name: &str, settled: CreationSettled, now: Timestamp) -> Standing {
    match settled {
        CreationSettled::NotCreated => Standing::Closed(Some((false, messages::found_none(name)))),
        CreationSettled::Watched => Standing::Watched(messages::still_watched(name, now)),
        // Told by the notice that is kept.
        CreationSettled::Lost { .. } => Standing::Closed(None),
        CreationSettled::NotKnown(error) => {
            Standing::not_known(messages::still_unknown(name, &error), &error)
        }
    }
}

/// Open intents are settled by one at a time, so that nothing is journalled twice.
#[derive(Debug, Default)]
pub(crate) struct Settling(tokio::sync::Mutex<()>);

/// A notice was read. One that is not kept, or not known, is no error.
///
/// # Errors
/// When the database fails; the notice comes back at the next start.
pub(crate) async fn dismiss_notice(ctx: &Context, id: &str) -> Result<(), UiError> {
    if id == updates::NOTICE {
        updates::dismiss_newer_version(ctx);
        return Ok(());
    }
    let id = id.to_owned();
    ctx.database
        .run(move |transaction| {
            transaction.execute("DELETE FROM notice WHERE id = ?1", [id])?;
            intents::close_read(transaction)
        })
        .await?;
    Ok(())
}

/// What settles open requests for the features below.
pub(crate) struct Settler;

#[async_trait]
impl intents::Settle for Settler {
    async fn before_write(
        &self,
        ctx: &Context,
        account: &Account,
        key: &KeyId,
    ) -> Result<Option<UiError>, UiError> {
        settle_before_write(ctx, account, key).await
    }

    async fn by_list(
        &self,
        ctx: &Context,
        account: &Account,
        client: &Client,
        keys: &[KeyRow],
        asked_at: Timestamp,
    ) -> Result<bool, UiError> {
        settle_by_list(ctx, account, client, keys, asked_at).await
    }
}
