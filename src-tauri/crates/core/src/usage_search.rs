//! Searching this machine for keys: what is looked for, where, and what is told while it runs and after it.
//!
//! The search itself (the crate `usage`) runs on a thread of its own; here it is begun, watched, stopped and kept. It is
//! given record ids, last characters and, of tokens that this app holds, their digests: never a token. Its own
//! folders are left out: they hold the last 8 characters of every key, as the list shows them. Left out: what its
//! findings mean for a deletion (`usage_evidence`, `friction`), and what is done about a finding (`usage_deeds`).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use pulseapi::{BearerToken, KeyId};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use tokio::time::MissedTickBehavior;
use usage::{Scan, Sought, Tier};

use crate::app::PulseKeys;
use crate::search_folders::whole;
use crate::usage_evidence::{About, Search, Told};
use crate::usage_found::{Found, small};
use crate::usage_kept as kept;
use crate::usage_words as words;
use crate::view::{
    AccountId, ErrorCode, FindingGroup, FindingLevel, KeyRequest, KeyRow, KeyUsage, KeysRequest,
    LastUses, SearchState, SearchTier, UiError, UsageProgress, UsageReport, UsageRequest,
    UsageVerdict,
};

/// Between two snapshots on screen. Real time, whatever clock the use cases go by: it is for eyes.
const BETWEEN_SNAPSHOTS: Duration = Duration::from_millis(100);

/// How many findings are listed under one heading.
const LISTED: usize = 100;

/// Of more keys than these a snapshot names only those that something was found of.
const ALL_IN_A_SNAPSHOT: usize = 100;

/// A search that is under way at most until this is dropped, so that one that nobody waits for any more ends.
struct Underway<'a> {
    app: &'a PulseKeys,
    search: Arc<Search>,
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        self.search.cancel.stop();
        if self.search.now().told.ended_at.is_none() {
            self.search.end(None, self.app.now());
            self.app.searches.end(&self.search);
        }
    }
}

impl PulseKeys {
    /// Searches this machine for keys. Whole snapshots go to `on_progress`, at most ten a second. A search that is under
    /// way for any of the keys is stopped.
    ///
    /// # Errors
    /// When the account or the keys are not known, or the search breaks. That findings can't be kept is no error.
    pub async fn usage_search(
        &self,
        request: &UsageRequest,
        on_progress: impl Fn(UsageProgress) + Send + Sync,
    ) -> Result<UsageReport, UiError> {
        self.account(request.account)?;
        let rows = self.rows_to_search(request).await?;
        let keys = rows.iter().map(|row| About::of(row, sought(row).is_some()));
        let (account, tier) = (request.account, request.tier);
        let search = Arc::new(Search::begin(account, tier, keys.collect(), self.now()));
        let _underway = Underway {
            app: self,
            search: Arc::clone(&search),
        };
        self.searches.begin(&search);

        let sought = self.all_sought(account, &rows).await;
        let folders = self.preferences().search;
        let home = self.host.home();
        let paths = |written: &[String]| -> Vec<PathBuf> {
            let paths = written.iter();
            paths
                .filter_map(|text| whole(text, home.as_deref()))
                .collect()
        };
        let excluded = paths(&folders.excluded)
            .into_iter()
            .chain(self.own_folders());
        let scan = Scan::new(sought)
            .tier(match tier {
                SearchTier::Named => Tier::Named,
                SearchTier::Folders => Tier::Folders,
                SearchTier::Everything => Tier::Everything,
            })
            .roots(paths(&folders.roots))
            .roots(paths(&folders.extra))
            .excluded(excluded)
            .machine(self.host.machine())
            .stopped_by(search.cancel.clone());
        let mut running = tokio::task::spawn_blocking({
            let search = Arc::clone(&search);
            move || scan.run(&|event| search.take(event))
        });
        let mut ticks = tokio::time::interval(BETWEEN_SNAPSHOTS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let ended = loop {
            tokio::select! {
                biased;
                ended = &mut running => break ended,
                _ = ticks.tick() => on_progress(self.snapshot(&search)),
            }
        };

        search.end(ended.as_ref().ok(), self.now());
        let was_current = self.searches.end(&search);
        let state = search.now();
        if was_current && self.account(account).is_ok() {
            let kept = kept::keep(
                &self.database,
                account,
                state.told.clone(),
                state.keys.clone(),
            );
            if let Err(error) = kept.await {
                tracing::warn!("what a search found is not kept: {error}");
            }
        }
        match ended {
            Ok(_) => Ok(self.report(account, &state.told, &state.keys, usize::MAX)),
            Err(_) => Err(UiError::new(
                ErrorCode::Other,
                "The search of this machine broke off. What it found until then still counts.",
                "Search again.",
            )),
        }
    }

    /// Stops what is under way for any of these keys; without keys everything of the account. What was found stands.
    pub fn usage_cancel(&self, request: &KeysRequest) {
        self.searches.cancel(request.account, &request.keys);
    }

    /// What the last search found of a key, with its time; none where there was none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn usage_last(&self, request: &KeyRequest) -> Result<Option<UsageReport>, UiError> {
        let kept = kept::last(&self.database, request.account, &request.key).await?;
        Ok(kept.map(|(told, about)| self.report(request.account, &told, &[about], usize::MAX)))
    }

    /// The uses of a key that this app came to know of.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_uses(&self, request: &KeyRequest) -> Result<LastUses, UiError> {
        let uses = kept::uses(&self.database, request.account, &request.key).await?;
        Ok(LastUses { uses })
    }

    /// The keys that are asked for as they are known now, each once.
    async fn rows_to_search(&self, request: &UsageRequest) -> Result<Vec<KeyRow>, UiError> {
        let account = request.account;
        let listed = self.cached_keys(account).await?.keys;
        let newest = |row: KeyRow| self.searches.newer(account, &row.id).unwrap_or(row);
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
                self.searches
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
    pub(crate) async fn all_sought(&self, account: AccountId, rows: &[KeyRow]) -> Vec<Sought> {
        let digests = self.digests(account, rows).await;
        rows.iter()
            .filter_map(|row| {
                let key = sought(row)?;
                let digest = digests.get(&row.id);
                Some(match digest {
                    Some(digest) => key.clone().with_sha256(digest).unwrap_or(key),
                    None => key,
                })
            })
            .collect()
    }

    /// The digests of the tokens that this app holds: its own credential, and those in custody.
    async fn digests(&self, account: AccountId, rows: &[KeyRow]) -> HashMap<KeyId, String> {
        let mut digests = HashMap::new();
        if let Some(own) = rows.iter().find(|row| row.own)
            && let Ok(token) = self.credential(account).await
            && token.last_eight().as_deref() == Some(&own.last_eight)
        {
            digests.insert(own.id.clone(), digest(&token));
        }
        let held = self.custody().await.map(|custody| custody.tokens);
        for token in held.unwrap_or_default() {
            let row = rows.iter().find(|row| {
                token.account == account
                    && token.key.as_ref() == Some(&row.id)
                    && token.last_eight == row.last_eight
            });
            let Some(row) = row else { continue };
            // Without the keychain the search proves less; it does not fail.
            let Ok((_, secret)) = self.open_token(token.id).await else {
                continue;
            };
            if let Ok(token) = BearerToken::parse(secret.expose_secret()) {
                digests.insert(row.id.clone(), digest(&token));
            }
        }
        digests
    }

    /// What is known about a key as of now: the last search of this process, and the one that is under way.
    pub(crate) fn key_usage(&self, account: AccountId, key: &KeyRow) -> KeyUsage {
        let evidence = self.searches.evidence(account, key);
        let recently = key.last_used_at.is_some_and(|used| {
            self.now().duration_since(used) < jiff::SignedDuration::from_hours(24)
        });
        let unseen = recently
            && evidence.state == SearchState::Finished
            && matches!(
                evidence.verdict,
                UsageVerdict::NothingFound | UsageVerdict::Possible
            );
        evidence.view(&key.id, unseen)
    }

    fn snapshot(&self, search: &Search) -> UsageProgress {
        let state = search.now();
        UsageProgress {
            folder: crate::text::harmless(&state.folder),
            report: self.report(search.account, &state.told, &state.keys, ALL_IN_A_SNAPSHOT),
        }
    }

    /// `most`: of more keys than these only those that something was found of are named.
    fn report(&self, account: AccountId, told: &Told, keys: &[About], most: usize) -> UsageReport {
        let evidence: Vec<_> = keys.iter().map(|about| about.evidence(told)).collect();
        let named = |about: &&About| keys.len() <= most || !about.found.is_empty();
        let incomplete = told.stopped || told.has_gaps();
        let found = keys.iter().flat_map(|about| &about.found);
        let found: Vec<&Found> = found.chain(&told.hints).collect();
        let home = self.host.home();
        UsageReport {
            account,
            tier: told.tier,
            state: told.state(),
            begun_at: told.begun_at,
            ended_at: told.ended_at,
            milliseconds: told.milliseconds,
            read: told.read,
            keys: keys
                .iter()
                .filter(named)
                .map(|about| about.view(told))
                .collect(),
            groups: words::HEADINGS
                .into_iter()
                .map(|(heading, title)| {
                    let of_it = found.iter().copied();
                    let mut of_it: Vec<&Found> =
                        of_it.filter(|found| found.heading() == heading).collect();
                    of_it.sort_by(|one, other| one.order().cmp(&other.order()));
                    let count = of_it
                        .iter()
                        .filter(|found| found.level >= FindingLevel::Mention)
                        .count();
                    let listed = of_it.iter().take(LISTED);
                    FindingGroup {
                        heading,
                        title: title.to_owned(),
                        count: small(count as u64),
                        findings: listed.map(|found| found.view(home.as_deref())).collect(),
                        more: small(of_it.len().saturating_sub(LISTED) as u64),
                    }
                })
                .collect(),
            blind: told.blind.clone(),
            incomplete,
            message: words::of_search(&evidence, told.state(), incomplete),
        }
    }
}

/// The key as the search takes it; none where there are no 8 characters to look for.
fn sought(row: &KeyRow) -> Option<Sought> {
    let since = row.rotated_at.or(row.created_at);
    let key = Sought::new(row.id.as_str(), &row.last_eight).ok()?;
    Some(
        key.created_at(since.map(SystemTime::from))
            .last_used_at(row.last_used_at.map(SystemTime::from)),
    )
}

/// The SHA-256 of the secret part, in hexadecimal.
fn digest(token: &BearerToken) -> String {
    let token = token.secret().expose_secret();
    let secret = token.split_once('|').map_or(token, |(_, secret)| secret);
    let digest = Sha256::digest(secret.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
