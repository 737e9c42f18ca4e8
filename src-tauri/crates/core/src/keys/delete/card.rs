//! The card before a deletion: what is shown of a key, what was shown last, and why it has to be shown again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use pulseapi::KeyId;

use crate::base::ids::AccountId;
use crate::base::text::as_typed;
use crate::context::Context;
use crate::keys::changes::{self, KeyChange, Shown};
use crate::keys::delete::wire::DeleteCard;
use crate::keys::delete::{friction, messages};
use crate::keys::swap;
use crate::records::key::KeyRow;
use crate::records::own_calls;
use crate::usage::searches::Searches;
use crate::{preferences, usage};

/// How long it is remembered that something uses a key all the time.
const EXPECTS_USE_FOR: SignedDuration = SignedDuration::from_mins(15);

/// The card of a key as the service described it just now.
pub(crate) fn card(ctx: &Context, account: AccountId, key: KeyRow) -> DeleteCard {
    ctx.of::<Searches>().looked_at(account, &key);
    card_as_of(ctx, account, key, ctx.now())
}

/// The card of a key as the service described it at that time, with what is known now of its use. Nothing is asked of the
/// service.
pub(crate) fn card_as_of(
    ctx: &Context,
    account: AccountId,
    key: KeyRow,
    asked_at: Timestamp,
) -> DeleteCard {
    let now = ctx.now();
    let strictness = preferences::preferences(ctx).strictness;
    // Taken before anything is looked at: what has the higher number knows at least as much.
    let number = ctx.of::<Cards>().number();
    let searches = ctx.of::<Searches>();
    // Once, so that what the card says of the use and what it asks for can't differ.
    let found = searches.evidence(account, &key.id, &key.last_eight);
    let by_others = own_calls::by_others(ctx, account, &key);
    let quiet = swap::quiet_proof(ctx, account, &by_others.key, asked_at);
    let level = friction::level_with(
        &by_others.key,
        found.verdict,
        strictness,
        quiet.as_ref(),
        now,
    );
    let phrase = friction::phrase(&key, level);
    DeleteCard {
        number,
        friction: level,
        phrase_is_last_eight: phrase
            .as_ref()
            .is_some_and(|(_, is_last_eight)| *is_last_eight),
        phrase: phrase.map(|(phrase, _)| phrase),
        evidence: messages::evidence_of(&by_others, quiet.as_ref(), now),
        quiet: quiet.map(|quiet| quiet.words),
        usage: usage::report::of_key(&found, &key.id, messages::unexplained(&by_others.key), now),
        consequence: messages::consequence(&key, level),
        asked_at,
        key,
    }
}

/// The card of a key that was shown last, where what is known of its use has changed since, or in any case when `whole`.
/// It counts as shown from now on.
pub(crate) fn shown_with_findings(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
    whole: bool,
) -> Option<DeleteCard> {
    let mut all = held(&ctx.of::<Cards>().shown);
    let shown = all.get_mut(&(account, key.clone()))?;
    let card = card_as_of(ctx, account, shown.key.clone(), shown.asked_at);
    let is_news = card.usage != shown.usage || card.friction != shown.friction;
    if !is_news && !whole {
        return None;
    }
    *shown = card;
    Some(shown.clone())
}

/// Why the card comes back: the key is not what the page shows, or what was typed is not the phrase. From now on this card
/// counts as shown.
pub(crate) fn objection(
    ctx: &Context,
    account: AccountId,
    card: &DeleteCard,
    typed: Option<&str>,
) -> Option<String> {
    let page = ctx.of::<Cards>().shown(account, &card.key.id);
    ctx.of::<Cards>().show(account, card);
    if let Some(page) = page {
        let mut changes = changes::changes(&page, &Shown::from(card));
        changes.retain(KeyChange::is_of_identity);
        if !changes.is_empty() {
            return Some(changes::since_the_card(&card.key, &changes));
        }
    }
    let phrase = card.phrase.as_ref()?;
    let is_right = typed.is_some_and(|typed| as_typed(typed) == as_typed(phrase));
    (!is_right).then(|| messages::phrase_missing(card, typed))
}

/// What the page was last shown of keys that are to be deleted, and of which a use stopped the deletion.
#[derive(Default)]
pub(crate) struct Cards {
    shown: Mutex<HashMap<(AccountId, KeyId), DeleteCard>>,
    /// How many cards were made.
    made: AtomicU32,
    in_use: Mutex<HashMap<(AccountId, KeyId), Timestamp>>,
}

impl Cards {
    pub(crate) fn show(&self, account: AccountId, card: &DeleteCard) {
        let id = (account, card.key.id.clone());
        held(&self.shown).insert(id, card.clone());
    }

    pub(crate) fn shown(&self, account: AccountId, key: &KeyId) -> Option<Shown> {
        let shown = held(&self.shown);
        shown.get(&(account, key.clone())).map(Shown::from)
    }

    fn number(&self) -> u32 {
        self.made.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn was_used(&self, account: AccountId, key: &KeyId, now: Timestamp) {
        held(&self.in_use).insert((account, key.clone()), now);
    }

    pub(crate) fn is_in_use(&self, account: AccountId, key: &KeyId, now: Timestamp) -> bool {
        let in_use = held(&self.in_use);
        let seen = in_use.get(&(account, key.clone()));
        seen.is_some_and(|seen| now.duration_since(*seen).abs() < EXPECTS_USE_FOR)
    }

    pub(crate) fn forget(&self, account: AccountId, key: &KeyId) {
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
