//! Why a pasted token is not taken, or not yet.

use jiff::Timestamp;

use crate::base::error::UiError;
use crate::context::Context;
use crate::custody;
use crate::keys::guided::paste::before::record_before;
use crate::keys::guided::paste::form::Pasted;
use crate::keys::guided::paste::messages;
use crate::keys::guided::paste::wire::{PasteField, PasteOutcome, PasteProblem};
use crate::records::accounts::{Account, KeyAccess};
use crate::records::key::KeyRow;
use crate::records::key_cache;

/// Why a token is not taken, or not yet; `key` is the one that was rotated.
pub(super) async fn objection(
    ctx: &Context,
    account: &Account,
    key: Option<&KeyRow>,
    pasted: &Pasted,
    despite_doubt: bool,
) -> Result<Option<PasteOutcome>, UiError> {
    let last_eight = &pasted.last_eight;
    if let Some(key) = key.filter(|key| key.last_eight == *last_eight) {
        return Ok(Some(refused(messages::is_old(key))));
    }
    let listed = key_cache::cached_keys(ctx, account.id).await?.keys;
    let is_service_list = account.keys == KeyAccess::Endpoints;
    let same = listed.iter().find(|row| row.last_eight == *last_eight);
    let mut other = same.filter(|row| key.is_none_or(|key| key.id != row.id || !is_service_list));
    // The service's list may have a key that was made a moment ago.
    if key.is_none() && is_service_list {
        other = other.filter(|row| !is_new(row, ctx.now()));
    }
    if let Some(other) = other {
        return Ok(Some(refused(messages::is_of_another(other))));
    }
    if account.own_key.is_token(None, last_eight) {
        return Ok(Some(refused(messages::IS_CREDENTIAL.to_owned())));
    }
    let in_custody = custody::custody(ctx).await?.tokens;
    let of_account = || {
        in_custody
            .iter()
            .filter(|token| token.account == account.id)
    };
    if let Some(same) = of_account().find(|token| token.last_eight == *last_eight) {
        let message = messages::in_custody(&same.name, &same.last_eight);
        return Ok(Some(refused(message)));
    }
    if despite_doubt {
        return Ok(None);
    }
    let record = pasted.token.record_id();
    let before = match key {
        Some(key) => record_before(ctx, account, key).await,
        None => None,
    };
    let is_other_record = record.is_some() && before.is_some() && record != before.as_deref();
    let doubt = pasted
        .doubt
        .or_else(|| is_other_record.then_some(messages::OTHER_RECORD));
    Ok(doubt.map(|why| PasteOutcome::InDoubt {
        message: messages::doubt(why),
    }))
}

/// The longest time, in minutes, between making a key in the browser and pasting its token.
const NEW_FOR: i64 = 60;

/// Whether a key may be the one that the user has just made. Clocks differ.
fn is_new(row: &KeyRow, now: Timestamp) -> bool {
    row.created_at
        .is_none_or(|made| now.duration_since(made).as_mins() <= NEW_FOR)
}

pub(super) fn refused(message: String) -> PasteOutcome {
    PasteOutcome::Refused {
        problems: vec![PasteProblem {
            field: PasteField::Token,
            message,
        }],
    }
}
