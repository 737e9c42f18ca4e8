//! Searching this machine for keys while the card before their deletion is on screen: what is found arrives with what
//! then stands before the deletion, without another call.
//!
//! Left out: the search itself (`usage`), and how much is asked for what was found (`delete::friction`).

pub(crate) mod wire;

use crate::base::error::UiError;
use crate::context::Context;
use crate::keys::bulk_delete;
use crate::keys::delete::card;
use crate::keys::search::wire::{OpenCards, UsageProgress, UsageSearched};
use crate::usage::search;
use crate::usage::wire::UsageRequest;

/// Searches this machine for keys. Snapshots go to `on_progress`, about ten a second. A search that is under way for any
/// of the keys is stopped.
///
/// # Errors
/// When the account or the keys are not known, or the search breaks. That findings can't be kept is no error.
pub(crate) async fn usage_search(
    ctx: &Context,
    request: &UsageRequest,
    on_progress: impl Fn(UsageProgress) + Send + Sync,
) -> Result<UsageSearched, UiError> {
    let progress = |folder, report| {
        on_progress(UsageProgress {
            folder,
            report,
            cards: open_cards(ctx, request, false),
        });
    };
    let report = search::usage_search(ctx, request, progress).await?;
    let cards = open_cards(ctx, request, true);
    Ok(UsageSearched { report, cards })
}

/// What is shown of these keys before a deletion, with what is known now of their use: what changed, or all when `whole`.
fn open_cards(ctx: &Context, request: &UsageRequest, whole: bool) -> OpenCards {
    let account = request.account;
    OpenCards {
        one: match request.keys.as_slice() {
            [key] => card::shown_with_findings(ctx, account, key, whole),
            _ => None,
        },
        many: bulk_delete::shown_with_findings(ctx, account, &request.keys, whole),
    }
}
