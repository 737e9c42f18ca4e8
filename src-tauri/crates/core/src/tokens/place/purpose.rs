//! Why a token is put into files: it is the newer one of its key, it is that of a sibling which takes the place of another
//! key, or it is the old one, which goes back. And what that means for the swap.
//!
//! The old token stands in the files until then, and nowhere else. So before the first of them is written it goes into the
//! keychain for the time of the swap, where it was seen whole and its checksum proves it.

use std::path::PathBuf;

use pulseapi::{BearerToken, KeyId};
use replace::OldToken;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::error::UiError;
use crate::base::ids::{AccountId, CustodyId};
use crate::context::Context;
use crate::custody;
use crate::custody::leaving::custody_entry;
use crate::custody::records::{self, Record, Stage};
use crate::custody::token_name;
use crate::custody::wire::TokenOrigin;
use crate::records::accounts;
use crate::records::intents::AccountWas;
use crate::records::journal::{self, Action};
use crate::records::swaps::{self, OldTokenKept, Swap, SwapPlace};

/// How the journal tells of an old token that is kept.
const KEPT_FOR_SWAP: &str =
    "kept: read where another token takes its place, until the swap is over";

/// Why a token is put into files.
#[derive(Clone, Debug)]
pub(super) enum Purpose {
    /// Its key is not known.
    None,
    /// It takes the place of older tokens of its key.
    Rotation(KeyId),
    /// It takes the place of the token of another key.
    Sibling(Box<Swap>),
    /// It goes back to where it was.
    Back(Box<Swap>),
}

/// Why this token is put into files.
pub(super) async fn of(ctx: &Context, record: &Record) -> Result<Purpose, UiError> {
    let Some(key) = &record.key else {
        return Ok(Purpose::None);
    };
    let found = swaps::all(ctx).await?.into_iter().find_map(|swap| {
        if swap.account != record.account || swap.deleted_at.is_some() {
            return None;
        }
        let sibling = swap.sibling.as_ref();
        if sibling.is_some_and(|sibling| sibling.token == record.id) {
            return Some(Purpose::Sibling(Box::new(swap)));
        }
        let is_old = swap.old_token.is_some_and(|kept| kept.id == record.id);
        is_old.then(|| Purpose::Back(Box::new(swap)))
    });
    Ok(found.unwrap_or_else(|| Purpose::Rotation(key.clone())))
}

impl Purpose {
    /// The key whose token stands in the files until then.
    pub(super) fn of_key(&self) -> Option<&KeyId> {
        match self {
            Self::None => None,
            Self::Rotation(key) => Some(key),
            Self::Sibling(swap) => Some(&swap.key),
            Self::Back(swap) => swap.sibling.as_ref().map(|sibling| &sibling.key),
        }
    }

    pub(super) fn is_back(&self) -> bool {
        matches!(self, Self::Back(_))
    }

    /// The swap that it is for, if it is for one.
    pub(super) fn swap(&self) -> Option<OfSwap> {
        let (Self::Sibling(swap) | Self::Back(swap)) = self else {
            return None;
        };
        Some(OfSwap {
            account: swap.account,
            key: swap.key.clone(),
            is_back: self.is_back(),
        })
    }
}

/// The swap that a token is put into files for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OfSwap {
    account: AccountId,
    key: KeyId,
    /// Whether the old token goes back.
    is_back: bool,
}

/// A place as it was looked at, or written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) short_path: String,
    /// As the page's word for it.
    pub(super) heading: String,
}

impl Place {
    fn at(self, is_done: bool, is_ours: bool) -> SwapPlace {
        SwapPlace {
            path: self.path,
            short_path: self.short_path,
            heading: self.heading,
            is_done,
            is_ours,
        }
    }
}

/// The places were looked at: in `files` the old token stands now, and in those of `by_hand` the search found it.
pub(super) async fn learn(
    ctx: &Context,
    swap: &Swap,
    files: Vec<Place>,
    by_hand: Vec<Place>,
) -> Result<(), UiError> {
    if files.is_empty() && by_hand.is_empty() {
        return Ok(());
    }
    swaps::change(ctx, swap.account, &swap.key, move |swap| {
        for place in files {
            swap.put_place(place.at(false, false));
        }
        for place in by_hand {
            // What the user has said of it stays.
            if swap.places.iter().all(|known| known.path != place.path) {
                swap.put_place(place.at(false, false));
            }
        }
    })
    .await?;
    Ok(())
}

impl OfSwap {
    /// These files were written, which is noted with the swap. To note it twice changes nothing.
    pub(super) async fn written(self, ctx: &Context, files: Vec<Place>) -> Result<(), UiError> {
        let is_back = self.is_back;
        swaps::change(ctx, self.account, &self.key, move |swap| {
            if is_back && !files.is_empty() {
                // The old key is in use again: nobody expects it to be quiet.
                swap.watched_since = None;
                swap.told = None;
            }
            for place in files {
                swap.put_place(place.at(!is_back, !is_back));
            }
        })
        .await?;
        Ok(())
    }

    pub(super) fn is_back(&self) -> bool {
        self.is_back
    }
}

/// Keeps the old token for the time of the swap. Not where it was not seen whole, or the keychain does not take it: then
/// only the user can undo.
pub(super) async fn keep_old(ctx: &Context, purpose: &Purpose, seen: &[OldToken]) {
    let Purpose::Sibling(swap) = purpose else {
        return;
    };
    if swap.old_token.is_some() {
        return;
    }
    let kept = match keep(ctx, swap, seen).await {
        Ok(Some(kept)) => kept,
        Ok(None) => return,
        Err(error) => {
            tracing::warn!("the old token is not kept: {}", error.message);
            return;
        }
    };
    // Before a file is written: whatever happens then, the swap knows how it is undone.
    let changed = swaps::change(ctx, swap.account, &swap.key, move |swap| {
        swap.old_token.get_or_insert(kept);
    });
    if let Err(error) = changed.await {
        tracing::warn!("the swap does not know its old token: {error}");
    }
}

async fn keep(
    ctx: &Context,
    swap: &Swap,
    seen: &[OldToken],
) -> Result<Option<OldTokenKept>, UiError> {
    let in_custody = custody::custody(ctx).await?.tokens;
    let here = in_custody.iter().find(|token| {
        token.account == swap.account
            && token.key.as_ref() == Some(&swap.key)
            && token.last_eight == swap.last_eight
    });
    if let Some(here) = here {
        return Ok(Some(OldTokenKept {
            id: here.id,
            for_swap: false,
        }));
    }
    let vault = ctx.vault();
    let texts = seen.iter().filter_map(OldToken::text);
    let mut tokens = texts.filter_map(|text| BearerToken::parse(text.expose_secret()).ok());
    let is_it = |token: &BearerToken| token.last_eight().as_deref() == Some(&*swap.last_eight);
    let Some(token) = tokens.find(is_it).filter(|_| !vault.is_session_only()) else {
        return Ok(None);
    };
    let account = accounts::find(ctx, swap.account)?;
    let id = CustodyId(Uuid::new_v4());
    let record = Record {
        key: Some(swap.key.clone()),
        name: swap.name.clone(),
        // What a kill leaves of it is taken out at the next start.
        stage: Stage::Leaving,
        ..Record::of(
            &token,
            id,
            (account.id, &AccountWas::of(&account)),
            TokenOrigin::Found,
            ctx.now(),
        )
    };
    let entry = custody_entry(ctx, &record, Action::KeepToken, KEPT_FOR_SWAP);
    let name = token_name(record.account, id);
    ctx.database
        .run(move |transaction| records::add(transaction, &record))
        .await?;
    if let Err(error) = vault.store(&name, token.secret().clone()).await {
        ctx.database
            .run(move |transaction| records::remove(transaction, id))
            .await?;
        return Err(error.into());
    }
    ctx.database
        .run(move |transaction| {
            records::advance(transaction, id, Stage::Kept)?;
            journal::append(transaction, &entry)
        })
        .await?;
    Ok(Some(OldTokenKept { id, for_swap: true }))
}
