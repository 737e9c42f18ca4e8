//! What the page is given with its first line of script, so that its first screen waits for no question.
//!
//! The web view takes hundreds of milliseconds to come about. What the first screen shows is in the app's own files and
//! is read meanwhile; the keychain and the service are not asked. It is a loan: the page shows it and asks for
//! everything anew. No token is in it. Left out: how it gets to the page (the shell's window).

use serde::Serialize;

use crate::accounts::connect;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::custody;
use crate::custody::wire::Custody;
use crate::notes;
use crate::notes::wire::KeyNotes;
use crate::preferences;
use crate::records::first_rows::{self, SortedBy, Sorting};
use crate::records::key::KeyRow;
use crate::session::wire::AppState;
use jiff::Timestamp;

/// More rows than a screen has.
const MAX_ROWS: usize = 100;

/// A server may give keys names of any length: beyond this the page asks for the list, as it does without.
const MAX_ROWS_BYTES: usize = 256 * 1024;

/// What the first screen shows, as the app's own files say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Handover {
    /// As `first_state` answers.
    pub state: AppState,
    /// The beginning of the list of the account in use; none where it is not known.
    pub keys: Option<FirstKeys>,
    /// The tokens in custody, without their text; none where that can't be read.
    pub custody: Option<Custody>,
    /// What the user wrote about the keys of the account in use; none where that can't be read.
    pub notes: Option<KeyNotes>,
}

/// The beginning of a list as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FirstKeys {
    /// Whose.
    pub account: AccountId,
    /// All of a short list; of a longer one the first rows, as the preferences sort it.
    pub keys: Vec<KeyRow>,
    /// How many keys the list has.
    pub total: usize,
    /// When the whole list was last fetched; none if it never was, or if what is remembered of it can't all be read.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub fetched_at: Option<Timestamp>,
}

/// What the first screen shows. What can't be read is left out: the page asks for it, and is told why.
pub(crate) async fn handover(ctx: &Context) -> Handover {
    let state = connect::first_state(ctx).await;
    let keys = match state.active {
        Some(account) => first_keys(ctx, account).await,
        None => None,
    };
    let notes = match state.active {
        Some(account) => notes::key_notes(ctx, account).await.ok(),
        None => None,
    };
    Handover {
        keys,
        notes,
        custody: custody::custody(ctx).await.ok(),
        state,
    }
}

async fn first_keys(ctx: &Context, account: AccountId) -> Option<FirstKeys> {
    let sorting = sorting(ctx, account);
    let first = first_rows::load(&ctx.database, account, sorting, MAX_ROWS)
        .await
        .ok()?;
    let is_known = !first.rows.is_empty() || (first.total == 0 && first.whole_at.is_some());
    let keys = FirstKeys {
        account,
        keys: first.rows,
        total: first.total,
        fetched_at: first.whole_at,
    };
    let is_small = || serde_json::to_vec(&keys).is_ok_and(|json| json.len() <= MAX_ROWS_BYTES);
    (is_known && is_small()).then_some(keys)
}

/// How the page sorts an account's list, by its names for columns; none where it is filtered, or sorted in a way that
/// only the page knows. `ui/src/features/keys/order.ts` is the other side of it.
fn sorting(ctx: &Context, account: AccountId) -> Option<Sorting> {
    let preferences = preferences::preferences(ctx);
    let Some(list) = preferences.lists.get(&account) else {
        return Some(Sorting {
            by: SortedBy::LastUse,
            is_descending: true,
        });
    };
    if !list.filters.is_empty() {
        return None;
    }
    let by = match list.column.as_str() {
        "lastUsed" => SortedBy::LastUse,
        "created" => SortedBy::Creation,
        "token" => SortedBy::LastEight,
        _ => return None,
    };
    Some(Sorting {
        by,
        is_descending: list.descending,
    })
}
