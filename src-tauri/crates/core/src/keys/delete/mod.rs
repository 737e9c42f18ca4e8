//! Deleting a key: look, ask, note, act, check the truth, write it down.
//!
//! 1. The service is asked for the key again, so that the evidence is of now and not of when the list was read.
//! 2. The level of friction is computed from that evidence, what a search of this machine has found so far, and what the
//!    person chose, and enforced: the phrase has to match.
//! 3. The host asks the person. Anything but an explicit yes ends it; nothing was sent. So does a record that is not
//!    what the page shows: another name or token, say.
//! 4. The deletion goes its way (`deletion`): the key is looked at once more, and anything that is not as it was shown
//!    brings back the card, with what changed.
//!
//! A key that something uses every few seconds would never be as it was shown. So after a use has stopped a deletion,
//! the next question says that the key is in use, and that another use meanwhile will not stop it.
//!
//! Left out: how the level is computed (`friction`), the words (`messages`), many keys at once (`bulk_delete`), and
//! what a later start does with an open intent (`reconcile`).

pub mod friction;
pub(crate) mod messages;
pub(crate) mod result;
pub(crate) mod send;
pub(crate) mod wire;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use pulseapi::{Client, Error as ApiError, KeyId};

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::base::ids::{AccountId, KeyRequest};
use crate::base::rate_limit_wait::NoPatience;
use crate::base::text::collapsed;
use crate::context::Context;
use crate::host::Reply;
use crate::keys::bulk_delete::unknown_row;
use crate::keys::changes::{KeyChange, Shown};
use crate::keys::delete::result::{Doubt, Fate};
use crate::keys::delete::send::{Confirmed, Sent};
use crate::keys::delete::wire::{DeleteCard, DeleteOutcome, DeleteRequest};
use crate::keys::list::row;
use crate::keys::verify::Proof;
use crate::keys::{self, changes, revocation};
use crate::operation_lock::{self, Subject};
use crate::records::accounts::Account;
use crate::records::intents::Settle;
use crate::records::key::KeyRow;
use crate::records::key_cache;
use crate::usage::searches::Searches;
use crate::{preferences, usage};

/// How long it is remembered that something uses a key all the time.
const IN_USE: SignedDuration = SignedDuration::from_mins(15);

/// What the page was last shown of keys that are to be deleted, and of which a use stopped the deletion.
#[derive(Default)]
pub(crate) struct Cards {
    shown: Mutex<HashMap<(AccountId, KeyId), Shown>>,
    in_use: Mutex<HashMap<(AccountId, KeyId), Timestamp>>,
}

impl Cards {
    fn show(&self, account: AccountId, card: &DeleteCard) {
        let id = (account, card.key.id.clone());
        held(&self.shown).insert(id, Shown::from(card));
    }

    fn shown(&self, account: AccountId, key: &KeyId) -> Option<Shown> {
        held(&self.shown).get(&(account, key.clone())).cloned()
    }

    fn was_used(&self, account: AccountId, key: &KeyId, now: Timestamp) {
        held(&self.in_use).insert((account, key.clone()), now);
    }

    fn is_in_use(&self, account: AccountId, key: &KeyId, now: Timestamp) -> bool {
        let in_use = held(&self.in_use);
        let seen = in_use.get(&(account, key.clone()));
        seen.is_some_and(|seen| now.duration_since(*seen).abs() < IN_USE)
    }

    fn forget(&self, account: AccountId, key: &KeyId) {
        held(&self.shown).remove(&(account, key.clone()));
        held(&self.in_use).remove(&(account, key.clone()));
    }

    /// Nobody is signed in to the account any more.
    pub(crate) fn forget_account(&self, account: AccountId) {
        held(&self.shown).retain(|(of, _), _| *of != account);
        held(&self.in_use).retain(|(of, _), _| *of != account);
    }
}

/// Every change under these locks is one call on a map, so what a panicking thread leaves behind is sound.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is shown before a key is deleted, asked of the service now.
///
/// # Errors
/// What the service reports; with the code "other" when the key is gone already.
pub(crate) async fn delete_card(
    ctx: &Context,
    request: &KeyRequest,
) -> Result<DeleteCard, UiError> {
    let (account, client) = keys::signed_in(ctx, request.account).await?;
    let key = client
        .key(&request.key)
        .await
        .map_err(|error| at_work(&error))?;
    let card = card(ctx, &account, row(&key, &account));
    ctx.of::<Cards>().show(account.id, &card);
    Ok(card)
}

/// The card of a key as the service described it just now.
pub(crate) fn card(ctx: &Context, account: &Account, key: KeyRow) -> DeleteCard {
    let now = ctx.now();
    ctx.of::<Searches>().looked_at(account.id, &key);
    let strictness = preferences::preferences(ctx).strictness;
    let found = ctx
        .of::<Searches>()
        .evidence(account.id, &key)
        .for_friction();
    let level = friction::level(&key, found, strictness, now);
    let phrase = friction::phrase(&key, level);
    DeleteCard {
        friction: level,
        phrase_is_last_eight: phrase
            .as_ref()
            .is_some_and(|(_, is_last_eight)| *is_last_eight),
        phrase: phrase.map(|(phrase, _)| phrase),
        evidence: messages::evidence(&key, now),
        usage: usage::search::key_usage(ctx, account.id, &key),
        consequence: messages::consequence(&key, level),
        asked_at: now,
        key,
    }
}

/// Deletes a key, after the person has said yes to the host's question.
///
/// # Errors
/// When the account is not known any more, its credential cannot be read, a deletion of the same key is under
/// way, or the app's own files fail. Whatever the service says is an outcome, not an error.
pub(crate) async fn delete_key(
    ctx: &Context,
    request: &DeleteRequest,
) -> Result<DeleteOutcome, UiError> {
    let _turn = operation_lock::take_turn(ctx, Subject::Key(request.account, request.key.clone()))?;
    let (account, client) = keys::signed_in(ctx, request.account).await?;
    if let Some(error) = ctx
        .of::<Box<dyn Settle>>()
        .before_write(ctx, &account, &request.key)
        .await?
    {
        return Ok(DeleteOutcome::NotDeleted {
            error: error.and_the_key_is_alive(),
        });
    }

    let key = match client.key(&request.key).await {
        Ok(key) => row(&key, &account),
        Err(ApiError::NotFound) => return gone_before(ctx, &account, &client, request).await,
        Err(error) => {
            return Ok(DeleteOutcome::NotDeleted {
                error: at_work(&error).and_the_key_is_alive(),
            });
        }
    };
    let card = card(ctx, &account, key);
    let shown = Shown::from(&card);
    let page = ctx.of::<Cards>().shown(account.id, &request.key);
    ctx.of::<Cards>().show(account.id, &card);
    if let Some(page) = page {
        let mut changes = changes::changes(&page, &shown);
        changes.retain(KeyChange::is_of_identity);
        if !changes.is_empty() {
            let message = changes::since_the_card(&card.key, &changes);
            return Ok(DeleteOutcome::CardChanged { card, message });
        }
    }
    if let Some(phrase) = &card.phrase {
        let typed = request.typed.as_deref().map(collapsed);
        if typed.as_ref() != Some(phrase) {
            let message = messages::phrase_missing(&card, typed.as_deref());
            return Ok(DeleteOutcome::CardChanged { card, message });
        }
    }
    let now = ctx.now();
    let expects_use = ctx.of::<Cards>().is_in_use(account.id, &request.key, now);
    match ctx
        .host
        .ask(messages::question(&card, expects_use, now))
        .await
    {
        Reply::Yes => {}
        Reply::Alternative => return Ok(DeleteOutcome::RotateInstead),
        Reply::No => return Ok(DeleteOutcome::Cancelled),
    }

    // The dialog may have been open for long: the account as it is now. Whatever may wait comes before the last look.
    let (account, client) = keys::signed_in(ctx, request.account).await?;
    let tokens = revocation::known_tokens(ctx, &account, &request.key, &shown.key.last_eight).await;
    let confirmed = Confirmed {
        shown,
        expects_use,
        tokens,
    };
    let sent = send::delete_confirmed(ctx, &account, &client, &confirmed, &NoPatience).await?;
    let fate = match sent {
        Sent::Ended(fate) => fate,
        Sent::Doubtful(doubt) => {
            let proof = Proof::fetch(&client, &account).await;
            result::resolve_doubt(ctx, &account, &doubt, &proof, &confirmed.tokens).await?
        }
    };
    remember(ctx, account.id, &request.key, &fate);
    Ok(fate.into())
}

fn remember(ctx: &Context, account: AccountId, key: &KeyId, fate: &Fate) {
    match fate {
        Fate::Deleted { .. } | Fate::GoneAlready { .. } => ctx.of::<Cards>().forget(account, key),
        Fate::Changed { card, changes } => {
            ctx.of::<Cards>().show(account, card);
            if changes
                .iter()
                .any(|change| matches!(change, KeyChange::Used { .. }))
            {
                ctx.of::<Cards>().was_used(account, key, ctx.now());
            }
        }
        Fate::NotDeleted { .. } | Fate::Unknown { .. } | Fate::Watched { .. } => {}
    }
}

/// The service had no such key when it was asked before anything was sent. Whether that is so, a list says.
async fn gone_before(
    ctx: &Context,
    account: &Account,
    client: &Client,
    request: &DeleteRequest,
) -> Result<DeleteOutcome, UiError> {
    let cached = key_cache::cached_keys(ctx, account.id)
        .await?
        .keys
        .into_iter();
    let known = cached
        .chain(
            ctx.of::<Cards>()
                .shown(account.id, &request.key)
                .map(|shown| shown.key),
        )
        .find(|row| row.id == request.key);
    let key = known.unwrap_or_else(|| unknown_row(&request.key));
    let tokens = revocation::known_tokens(ctx, account, &key.id, &key.last_eight).await;
    let proof = Proof::fetch(client, account).await;
    let doubt = Doubt::before_anything(key);
    let fate = result::resolve_doubt(ctx, account, &doubt, &proof, &tokens).await?;
    remember(ctx, account.id, &request.key, &fate);
    Ok(fate.into())
}

/// Nothing that was shown of an account counts any more.
pub(crate) fn forget_account(ctx: &Context, account: AccountId) {
    ctx.of::<Cards>().forget_account(account);
}
