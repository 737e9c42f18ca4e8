//! The app's own calls with the token of a key, told apart from its use by others.
//!
//! When the user has a token tried, the service reports that as a use of its key like any other. The key is looked at
//! before and after, and the use that is new then is remembered as the app's own, by the very time that the service
//! gives it: no clocks are compared. Left out: trying a token (`tokens`), and what follows from uses (`friction`).

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use jiff::Timestamp;
use pulseapi::{ApiKey, KeyId};
use rusqlite::params;

use crate::base::database::DatabaseError;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::key::KeyRow;

/// The own calls of the accounts that anything was done with since the start of the app.
#[derive(Default)]
pub(crate) struct OwnCalls(Mutex<Known>);

#[derive(Default)]
struct Known {
    recalled: HashSet<AccountId>,
    /// To each the use that was reported before it.
    calls: HashMap<(AccountId, KeyId), HashMap<Timestamp, Option<Timestamp>>>,
}

/// A key as it is without the app's own calls.
pub(crate) struct ByOthers {
    /// With the last use by others that is known.
    pub(crate) key: KeyRow,
    /// The app's own call that was the last use, if one was.
    pub(crate) own_call: Option<Timestamp>,
}

/// Brings to mind the calls of earlier runs of the app.
///
/// # Errors
/// When the database fails.
pub(crate) async fn recall(ctx: &Context, account: AccountId) -> Result<(), DatabaseError> {
    if ctx
        .lock(&ctx.of::<OwnCalls>().0)
        .recalled
        .contains(&account)
    {
        return Ok(());
    }
    let id = account.0.to_string();
    let rows: Vec<(String, String, Option<String>)> = ctx
        .database
        .run(move |transaction| {
            let mut statement = transaction
                .prepare("SELECT key_id, used_at, used_before FROM own_call WHERE account = ?1")?;
            let rows =
                statement.query_map([&id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect()
        })
        .await?;
    let mut known = ctx.lock(&ctx.of::<OwnCalls>().0);
    for (key, used_at, before) in rows {
        // A row that can't be read is none: then the use counts as somebody else's.
        let (Ok(key), Ok(used_at)) = (KeyId::parse(&key), used_at.parse()) else {
            continue;
        };
        let before = match before.map(|before| before.parse()) {
            None => None,
            Some(Ok(before)) => Some(before),
            Some(Err(_)) => continue,
        };
        let calls = known.calls.entry((account, key)).or_default();
        calls.insert(used_at, before);
    }
    known.recalled.insert(account);
    Ok(())
}

/// The app has tried the token of a key: what the service reported right before and right after. Where that is no new
/// use, or one of them is not told, nothing is known.
///
/// # Errors
/// When the database fails.
pub(crate) async fn note(
    ctx: &Context,
    account: AccountId,
    before: &ApiKey,
    after: &ApiKey,
) -> Result<(), DatabaseError> {
    let is_told = before.last_use_reported && before.id == after.id;
    let Some(used_at) = after
        .last_used_at
        .filter(|used_at| is_told && before.last_used_at.is_none_or(|before| before < *used_at))
    else {
        return Ok(());
    };
    let used_before = before.last_used_at;
    let (id, key) = (account.0.to_string(), after.id.as_str().to_owned());
    ctx.database
        .run(move |transaction| {
            transaction.execute(
                "INSERT OR IGNORE INTO own_call (account, key_id, used_at, used_before) VALUES (?1, ?2, ?3, ?4)",
                params![id, key, used_at.to_string(), used_before.map(|at| at.to_string())],
            )
        })
        .await?;
    let mut known = ctx.lock(&ctx.of::<OwnCalls>().0);
    let calls = known.calls.entry((account, after.id.clone())).or_default();
    calls.insert(used_at, used_before);
    Ok(())
}

/// A key without the app's own calls: as it would be had nobody tried its token here.
pub(crate) fn by_others(ctx: &Context, account: AccountId, key: &KeyRow) -> ByOthers {
    let last_used_at = last_use_by_others(ctx, account, &key.id, key.last_used_at);
    ByOthers {
        own_call: key.last_used_at.filter(|used| Some(*used) != last_used_at),
        key: KeyRow {
            last_used_at,
            ..key.clone()
        },
    }
}

/// The last use by others that is known, of a key whose last use is that.
pub(crate) fn last_use_by_others(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
    last_used_at: Option<Timestamp>,
) -> Option<Timestamp> {
    let known = ctx.lock(&ctx.of::<OwnCalls>().0);
    let Some(calls) = known.calls.get(&(account, key.clone())) else {
        return last_used_at;
    };
    let mut used = last_used_at;
    // Each is earlier than the one before, so that this ends.
    while let Some(before) = used.and_then(|at| calls.get(&at)) {
        used = *before;
    }
    used
}
