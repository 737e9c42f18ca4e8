//! Searching this machine for keys: what is looked for, where, and what is told while it runs and after it.
//!
//! The search itself (the crate `usage`) runs in a process of its own, but for what belongs to this one: its environment
//! and the table of timed jobs, which are looked at here. Here it is begun, watched, stopped and kept. It is
//! given record ids, last characters and, of tokens that this app holds, their digests: never a token. Its own
//! folders are left out: they hold the last 8 characters of every key, as the list shows them. Left out: the other
//! process (`process`, `worker`), what its findings mean for a deletion (`evidence`, `friction`), and
//! what is done about a finding (`actions`).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use pulseapi::{BearerToken, KeyId};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use usage::{Cancel, FileIndex, SearchKey};
use vault::LockedSecret;

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::{AccountId, CustodyId, KeyRequest, KeysRequest};
use crate::context::Context;
use crate::custody::in_process::InProcess;
use crate::custody::{self, token_name};
use crate::host::SearchProcess;
use crate::preferences::folders_now;
use crate::preferences::search_folders::whole;
use crate::records::accounts::KeyAccess;
use crate::records::key::KeyRow;
use crate::records::{accounts, key_cache, uses};
use crate::usage::evidence::{KeyFindings, Reach};
use crate::usage::outcome::{BrokeOff, Outcome, Why};
use crate::usage::protocol::{Background, Ended, Request};
use crate::usage::report::{of_kept, of_search};
use crate::usage::searches::{Search, Searches};
use crate::usage::wire::{LastUses, SearchTier, UsageReport, UsageRequest};
use crate::usage::{kept, messages, process};
use crate::{credential, preferences};

/// How long the keychain may take to give a token that is compared with what is found. It may ask the user first, and
/// a search does not wait for that.
const KEYCHAIN_TIMEOUT: Duration = Duration::from_secs(3);

/// A search that is under way at most until this is dropped, so that one that nobody waits for any more ends.
struct RunningSearch<'a> {
    app: &'a Context,
    search: Arc<Search>,
}

impl Drop for RunningSearch<'_> {
    fn drop(&mut self) {
        self.search.cancel.stop();
        if self.search.now().meta.ended_at.is_none() {
            self.search.end(Outcome::Stopped(None), self.app.now());
            self.app.of::<Searches>().end(&self.search);
        }
    }
}

/// Searches this machine for keys. `on_progress` gets the folder that was begun last and the report so far, as often as
/// the search tells of its progress (ten times a second). A search that is under way for any of the keys is stopped.
///
/// # Errors
/// When the account or the keys are not known, or the search breaks. That findings can't be kept is no error.
pub(crate) async fn usage_search(
    ctx: &Context,
    request: &UsageRequest,
    on_progress: impl Fn(String, UsageReport) + Send + Sync,
) -> Result<UsageReport, UiError> {
    let guided = accounts::find(ctx, request.account)?.keys == KeyAccess::Guided;
    recall_findings(ctx, request.account).await?;
    let rows = rows_to_search(ctx, request).await?;
    let account = request.account;
    let (search, mut wanted) = prepared(ctx, account, &rows, request.tier);
    // The list is the user's own, and may lack some.
    wanted.unlisted = guided && request.keys.is_empty();
    let search = Arc::new(search);
    let _running_search = RunningSearch {
        app: ctx,
        search: Arc::clone(&search),
    };
    ctx.of::<Searches>().begin(&search);

    wanted.keys = keys_for(ctx, account, &rows, &search).await?;
    let process = ctx.host.search_process();
    let mut running = tokio::task::spawn_blocking({
        let search = Arc::clone(&search);
        move || run(process, wanted, &search)
    });
    let ended = loop {
        on_progress(search.folder(), of_search(ctx, &search));
        tokio::select! {
            biased;
            ended = &mut running => break ended,
            () = search.progressed.notified() => {}
        }
    };

    let outcome = ended.unwrap_or_else(|failed| {
        tracing::error!("a search failed: {failed}");
        Outcome::BrokeOff(BrokeOff::of(Why::Failed, &[]))
    });
    search.end(outcome, ctx.now());
    let was_current = ctx.of::<Searches>().end(&search);
    if was_current && accounts::find(ctx, account).is_ok() {
        let state = search.now();
        let kept = kept::keep(&ctx.database, account, state.meta, state.keys);
        if let Err(error) = kept.await {
            tracing::warn!("what a search found is not kept: {error}");
        }
    }
    Ok(of_search(ctx, &search))
}

/// What a search in the background came to.
pub(crate) struct Watched {
    /// What it found, key by key, with what counts still of what was known before; none where it did not come to its end.
    pub(crate) keys: Option<Vec<KeyFindings>>,
    /// What the next one may rely on; none where the last one's stands.
    pub(crate) index: Option<FileIndex>,
}

/// The usual search again, for all keys of an account, while nobody waits for it: it stops no other search, and what is
/// known of a key since it began stands. `index` is what the last one read.
///
/// # Errors
/// When the account is not known, or the database fails.
pub(crate) async fn watch_search(
    ctx: &Context,
    account: AccountId,
    index: FileIndex,
    cancel: &Cancel,
) -> Result<Watched, UiError> {
    recall_findings(ctx, account).await?;
    let request = UsageRequest {
        account,
        keys: Vec::new(),
        tier: SearchTier::default(),
    };
    let rows = rows_to_search(ctx, &request).await?;
    let (search, mut wanted) = prepared(ctx, account, &rows, request.tier);
    wanted.keys = keys_for(ctx, account, &rows, &search).await?;
    wanted.background = Some(Background {
        index,
        now: ctx.now().into(),
    });
    let search = Arc::new(search.stopped_by(cancel.clone()));
    let process = ctx.host.search_process();
    let ended = tokio::task::spawn_blocking({
        let search = Arc::clone(&search);
        move || run(process, wanted, &search)
    });
    let mut outcome = ended.await.unwrap_or_else(|failed| {
        tracing::error!("a search in the background failed: {failed}");
        Outcome::BrokeOff(BrokeOff::of(Why::Failed, &[]))
    });
    let index = outcome.take_index();
    let is_finished = matches!(outcome, Outcome::Finished(_));
    search.end(outcome, ctx.now());
    if !is_finished || accounts::find(ctx, account).is_err() {
        return Ok(Watched { keys: None, index });
    }
    let keys = ctx.of::<Searches>().take_in(&search);
    kept::keep(&ctx.database, account, search.now().meta, keys.clone()).await?;
    Ok(Watched {
        keys: Some(keys),
        index,
    })
}

/// A search for these keys that has not begun, and what its process is asked, but for the keys.
fn prepared(
    ctx: &Context,
    account: AccountId,
    rows: &[KeyRow],
    tier: SearchTier,
) -> (Search, Request) {
    let keys = rows
        .iter()
        .map(|row| KeyFindings::of(row, search_key(row).is_some()));
    let folders = preferences::preferences(ctx).search;
    let home = ctx.host.home();
    let paths = |written: &[String]| -> Vec<PathBuf> {
        let paths = written.iter();
        paths
            .filter_map(|text| whole(text, home.as_deref()))
            .collect()
    };
    let mut roots = paths(&folders.roots);
    roots.extend(paths(&folders.extra));
    let mut excluded = paths(&folders.excluded);
    excluded.extend(folders_now::own_folders(ctx));
    let reach = Reach::new(tier, &roots, &excluded);
    let search = Search::begin(account, reach, keys.collect(), ctx.now());
    let request = Request {
        keys: Vec::new(),
        tier,
        roots: roots.into_iter().map(PathBuf::into_os_string).collect(),
        excluded: excluded.into_iter().map(PathBuf::into_os_string).collect(),
        machine: ctx.host.machine(),
        unlisted: false,
        background: None,
    };
    (search, request)
}

/// What is looked for. That the keychain does not give some of it is told.
async fn keys_for(
    ctx: &Context,
    account: AccountId,
    rows: &[KeyRow],
    search: &Search,
) -> Result<Vec<SearchKey>, UiError> {
    let searched = search_keys(ctx, account, rows).await?;
    if searched.not_compared > 0 {
        search.can_not_see(vec![messages::not_compared(searched.not_compared)]);
    }
    Ok(searched.keys)
}

/// Brings to mind what earlier runs of the app found for an account: it counts as if it had been found in this one.
///
/// # Errors
/// When the database fails. Then nobody knows what counts, and nothing may be deleted.
pub(crate) async fn recall_findings(ctx: &Context, account: AccountId) -> Result<(), UiError> {
    if !ctx.of::<Searches>().is_recalled(account) {
        let kept = kept::all(&ctx.database, account).await?;
        ctx.of::<Searches>().recall(account, kept);
    }
    Ok(())
}

/// Stops what is under way for any of these keys; without keys everything of the account. What was found stands.
pub(crate) fn usage_cancel(ctx: &Context, request: &KeysRequest) {
    ctx.of::<Searches>().cancel(request.account, &request.keys);
}

/// What the last search found of a key, with its time, and what earlier ones found that counts still; none where
/// there was no search.
///
/// # Errors
/// When the database fails.
pub(crate) async fn usage_last(
    ctx: &Context,
    request: &KeyRequest,
) -> Result<Option<UsageReport>, UiError> {
    let kept = kept::last(&ctx.database, request.account, &request.key).await?;
    Ok(kept.map(|(mut meta, findings)| {
        meta.reach.tier = findings.furthest(&meta);
        of_kept(ctx, request.account, &meta, &findings)
    }))
}

/// The uses of a key that this app came to know of.
///
/// # Errors
/// When the database fails.
pub(crate) async fn last_uses(ctx: &Context, request: &KeyRequest) -> Result<LastUses, UiError> {
    let uses = uses::uses(&ctx.database, request.account, &request.key).await?;
    Ok(LastUses { uses })
}

/// The keys that are asked for as they are known now, each once.
async fn rows_to_search(ctx: &Context, request: &UsageRequest) -> Result<Vec<KeyRow>, UiError> {
    let account = request.account;
    let listed = key_cache::cached_keys(ctx, account).await?.keys;
    let newest = |row: KeyRow| ctx.of::<Searches>().newer(account, &row.id).unwrap_or(row);
    if request.keys.is_empty() {
        return Ok(listed.into_iter().map(newest).collect());
    }
    let mut listed: HashMap<KeyId, KeyRow> = listed
        .into_iter()
        .map(|row| (row.id.clone(), row))
        .collect();
    let mut rows: Vec<KeyRow> = Vec::with_capacity(request.keys.len());
    let mut seen = std::collections::HashSet::new();
    for key in &request.keys {
        if !seen.insert(key) {
            continue;
        }
        rows.extend(
            ctx.of::<Searches>()
                .newer(account, key)
                .or_else(|| listed.remove(key)),
        );
    }
    if rows.is_empty() {
        return Err(UiError::new(
            ErrorCode::Stale,
            "The list does not have this key any more, so there is nothing to search for.",
            "Refresh the list.",
        ));
    }
    Ok(rows)
}

/// What the search is given: with the digest where this app holds the very token.
///
/// # Errors
/// When the database fails.
pub(crate) async fn search_keys(
    ctx: &Context,
    account: AccountId,
    rows: &[KeyRow],
) -> Result<SearchKeys, UiError> {
    let (digests, not_compared) = digests(ctx, account, rows).await?;
    let keys = rows.iter().filter_map(|row| {
        let key = search_key(row)?;
        let digest = digests.get(&row.id);
        Some(match digest {
            Some(digest) => key.clone().with_sha256(digest).unwrap_or(key),
            None => key,
        })
    });
    Ok(SearchKeys {
        keys: keys.collect(),
        not_compared,
    })
}

/// The digests of the tokens that this app holds: its own credential, and those in custody. And of how many there
/// is none because the keychain did not give them: without them the search proves less, which is told. What the
/// keychain says changes nothing of what is written down.
async fn digests(
    ctx: &Context,
    account: AccountId,
    rows: &[KeyRow],
) -> Result<(HashMap<KeyId, String>, u64), UiError> {
    let mut digests = HashMap::new();
    let mut not_compared = 0;
    if let Some(own) = rows.iter().find(|row| row.own) {
        match tokio::time::timeout(KEYCHAIN_TIMEOUT, credential::load(ctx, account)).await {
            Ok(Ok(token)) if token.last_eight().as_deref() == Some(&own.last_eight) => {
                digests.insert(own.id.clone(), digest(&token));
            }
            // The credential of another key than the list takes for its own.
            Ok(Ok(_)) => {}
            Ok(Err(_)) | Err(_) => not_compared += 1,
        }
    }
    let mut is_answering = true;
    for token in custody::custody(ctx).await?.tokens {
        let row = rows.iter().find(|row| {
            token.account == account
                && token.key.as_ref() == Some(&row.id)
                && token.last_eight == row.last_eight
        });
        let Some(row) = row else { continue };
        let secret = if is_answering {
            let asked = token_to_compare(ctx, account, token.id);
            let answer = tokio::time::timeout(KEYCHAIN_TIMEOUT, asked).await;
            is_answering = answer.is_ok();
            answer.ok().flatten()
        } else {
            None
        };
        let token = secret.and_then(|secret| BearerToken::parse(secret.expose_secret()).ok());
        match token {
            Some(token) => {
                digests.insert(row.id.clone(), digest(&token));
            }
            None => not_compared += 1,
        }
    }
    Ok((digests, not_compared))
}

/// A token in custody, only to be compared; none where it can't be had now, for whatever reason. Unlike who opens
/// it for the user, this draws no conclusion from a keychain that does not have it.
async fn token_to_compare(
    ctx: &Context,
    account: AccountId,
    id: CustodyId,
) -> Option<SecretString> {
    let held = {
        let live = ctx.of::<InProcess>().live();
        let secret = live.get(&id).and_then(|live| live.secret.as_ref());
        secret.map(LockedSecret::copy)
    };
    if held.is_some() {
        return held;
    }
    match ctx.vault().load(&token_name(account, id)).await {
        Ok(secret) => Some(secret),
        Err(error) => {
            tracing::warn!("a token in custody is not compared with what is found: {error}");
            None
        }
    }
}

/// What a search is given to look for.
pub(crate) struct SearchKeys {
    pub(crate) keys: Vec<SearchKey>,
    /// How many tokens this app holds that it could not compare with what is found.
    pub(crate) not_compared: u64,
}

/// Searches: in this process what belongs to it, and at the same time all else in one of its own, where there is such a
/// process. Blocks.
fn run(process: Option<SearchProcess>, wanted: Request, search: &Search) -> Outcome {
    let Some(process) = process else {
        return here(wanted, search, &|event| search.take(event));
    };
    let own = Request {
        keys: wanted.keys.clone(),
        tier: SearchTier::Named,
        roots: Vec::new(),
        excluded: Vec::new(),
        machine: wanted.machine.of_this_process(),
        unlisted: wanted.unlisted,
        background: None,
    };
    let elsewhere = Request {
        machine: wanted.machine.without_process(std::process::id()),
        ..wanted
    };
    thread::scope(|scope| {
        // Programs that are asked here may take their time. How far it is, the other part tells: it is nearly all.
        let found = |event| {
            if matches!(event, usage::Event::Found(_)) {
                search.take(event);
            }
        };
        let own = scope.spawn(move || here(own, search, &found));
        let elsewhere = process::run(process, &elsewhere, search);
        let own = own.join();
        let failed = |_| Outcome::BrokeOff(BrokeOff::of(Why::Failed, &[]));
        elsewhere.and(own.unwrap_or_else(failed))
    })
}

/// Searches in this process.
fn here(wanted: Request, search: &Search, tell: &dyn Fn(usage::Event)) -> Outcome {
    let scan = wanted.scan().stopped_by(search.cancel.clone());
    let summary = scan.run(tell);
    Outcome::of(Ended::from(&summary), search.cancel.is_stopped(), &[])
}

/// The key as the search takes it; none where there are no 8 characters to look for.
fn search_key(row: &KeyRow) -> Option<SearchKey> {
    let since = row.rotated_at.or(row.created_at);
    let key = SearchKey::new(row.id.as_str(), &row.last_eight).ok()?;
    Some(key.created_at(since.map(SystemTime::from)))
}

/// The SHA-256 of the secret part, in hexadecimal.
fn digest(token: &BearerToken) -> String {
    let token = token.secret().expose_secret();
    let secret = token.split_once('|').map_or(token, |(_, secret)| secret);
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Searches of an account end, and what they found is forgotten.
pub(crate) fn forget_account(ctx: &Context, account: AccountId) {
    ctx.of::<Searches>().forget(account);
}
