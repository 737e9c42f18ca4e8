//! The searches of this machine: what each has found so far, and what they say together of a key.
//!
//! A search that is under way counts as what it has found so far, beside what was known before, from this run of the app
//! and from earlier ones. What was found of another token of the same key counts for nothing. Left out: when something
//! stops counting (`evidence`), running a search (`search`), what outlasts the app (`kept`).

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use pulseapi::KeyId;
use tokio::sync::Notify;
use usage::{Cancel, Level};

use crate::base::ids::AccountId;
use crate::base::text;
use crate::records::key::KeyRow;
use crate::usage::evidence::{Evidence, KeyFindings, Reach, SearchMeta};
use crate::usage::found::StoredFinding;
use crate::usage::messages;
use crate::usage::outcome::Outcome;
use crate::usage::wire::{SearchState, SearchTier, SkippedPlace, UsageTotals};

/// A search that is under way, or has just ended.
#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) account: AccountId,
    pub(crate) cancel: Cancel,
    begun: Instant,
    state: Mutex<State>,
    /// Woken whenever the search tells how far it is, as often as it does, and by the first finding.
    pub(crate) progressed: Notify,
}

#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) meta: SearchMeta,
    pub(crate) keys: Vec<KeyFindings>,
    at: HashMap<String, usize>,
    /// Genuine tokens of no key in the list, where they are looked for.
    pub(crate) unlisted: Vec<StoredFinding>,
    has_found: bool,
    folder: String,
}

impl Search {
    pub(crate) fn begin(
        account: AccountId,
        reach: Reach,
        keys: Vec<KeyFindings>,
        now: Timestamp,
    ) -> Self {
        let at = keys.iter().enumerate();
        let at = at.map(|(at, findings)| (findings.key.as_str().to_owned(), at));
        Self {
            account,
            cancel: Cancel::default(),
            begun: Instant::now(),
            state: Mutex::new(State {
                at: at.collect(),
                meta: SearchMeta {
                    reach,
                    begun_at: now,
                    ended_at: None,
                    stopped: false,
                    broke_off: None,
                    milliseconds: 0,
                    read: UsageTotals::default(),
                    skipped: Vec::new(),
                    hints: Vec::new(),
                },
                keys,
                unlisted: Vec::new(),
                has_found: false,
                folder: String::new(),
            }),
            progressed: Notify::new(),
        }
    }

    /// With this as what stops it.
    pub(crate) fn stopped_by(mut self, cancel: Cancel) -> Self {
        self.cancel = cancel;
        self
    }

    /// Takes in what the search tells. Comes from the thread that it runs on.
    pub(crate) fn take(&self, event: usage::Event) {
        let mut state = self.state();
        match event {
            usage::Event::Found(finding) => {
                let at = finding.key.as_ref().and_then(|key| state.at.get(key));
                match at.copied() {
                    Some(at) => {
                        state.keys[at].add(StoredFinding::of(finding));
                        // The first one is worth more than the next tenth of a second.
                        if !std::mem::replace(&mut state.has_found, true) {
                            self.progressed.notify_one();
                        }
                    }
                    None if finding.level == Level::Hint => {
                        state.meta.hints.push(StoredFinding::of(finding));
                    }
                    None if finding.level == Level::Unlisted => {
                        state.unlisted.push(StoredFinding::of(finding));
                    }
                    None => {}
                }
            }
            usage::Event::Progress(progress) => {
                state.meta.read = UsageTotals {
                    files: progress.files,
                    bytes: progress.bytes,
                    folders: progress.folders,
                    objects: progress.objects,
                };
                state.folder = progress.folder.display().to_string();
                self.progressed.notify_one();
            }
        }
    }

    /// Something that it can't look into, whatever comes of it.
    pub(crate) fn can_not_see(&self, spots: Vec<SkippedPlace>) {
        self.state().meta.skipped.extend(spots);
    }

    /// It is over.
    pub(crate) fn end(&self, outcome: Outcome, now: Timestamp) {
        let mut state = self.state();
        let meta = &mut state.meta;
        meta.ended_at = Some(now);
        meta.milliseconds = self.milliseconds();
        let ended = match outcome {
            Outcome::Finished(ended) => Some(ended),
            Outcome::Stopped(ended) => {
                meta.stopped = true;
                ended
            }
            Outcome::BrokeOff(why) => {
                meta.stopped = true;
                meta.broke_off = Some(why);
                None
            }
        };
        if let Some(ended) = ended {
            meta.skipped.extend(messages::skipped(&ended.skipped));
            meta.read = ended.read;
        }
    }

    /// The folder that was begun last, to be shown; empty before the first.
    pub(crate) fn folder(&self) -> String {
        text::sanitized(&self.state().folder)
    }

    /// How it stands now.
    pub(crate) fn now(&self) -> State {
        let mut state = self.state().clone();
        if state.meta.ended_at.is_none() {
            state.meta.milliseconds = self.milliseconds();
        }
        state
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn has(&self, account: AccountId, key: &KeyId) -> bool {
        self.account == account && self.state().at.contains_key(key.as_str())
    }

    /// What is known of a key while it runs, with what was known before.
    fn evidence(&self, key: &KeyId, before: Option<&Known>) -> Option<Evidence> {
        let state = self.state();
        let at = *state.at.get(key.as_str())?;
        let findings = state.keys[at].clone();
        Some(with_earlier(findings, &state.meta, before).evidence(&state.meta))
    }

    fn found(&self, key: &KeyId, id: &str) -> Option<StoredFinding> {
        let state = self.state();
        let at = *state.at.get(key.as_str())?;
        let mut all = state.keys[at].found.iter().chain(&state.meta.hints);
        all.find(|found| found.id == id).cloned()
    }

    /// Each change under the lock leaves what is there before or after it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A search that is known, and what it found of a key.
type Known = (Arc<SearchMeta>, KeyFindings);

/// What a search found of a key, and what still counts of what was known before.
fn with_earlier(findings: KeyFindings, meta: &SearchMeta, before: Option<&Known>) -> KeyFindings {
    match before {
        Some((meta_before, before)) => findings.after(meta, before, meta_before),
        None => findings,
    }
}

/// A search as it stands, with what still counts of what was known before it.
pub(crate) struct Merged {
    pub(crate) meta: SearchMeta,
    pub(crate) keys: Vec<KeyFindings>,
    /// What is known of each of the keys.
    pub(crate) evidence: Vec<Evidence>,
    /// While it runs: what was found before and says little (a name, a dead version), so that it keeps its place on screen
    /// until the search is at its end.
    pub(crate) weak: Vec<StoredFinding>,
    /// What was skipped: by itself once it has ended, until then by the search before.
    pub(crate) skipped: Vec<SkippedPlace>,
}

/// What was known before a search, but for what counts still.
struct Before<'a> {
    /// The newest search of those that reported on its keys.
    newest: Option<&'a SearchMeta>,
    /// What they found that says little.
    weak: Vec<&'a StoredFinding>,
}

/// All searches of this process, and what they said.
#[derive(Debug, Default)]
pub(crate) struct Searches {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    running: Vec<Arc<Search>>,
    known: HashMap<(AccountId, KeyId), Known>,
    /// Keys of which an earlier search found something that can't be read any more.
    unreadable: HashSet<(AccountId, KeyId)>,
    /// The accounts whose kept findings are among what is known.
    recalled: HashSet<AccountId>,
    /// Keys as the service described them after the list was fetched.
    looked_at: HashMap<(AccountId, KeyId), KeyRow>,
}

impl Inner {
    /// What a search says of each of its keys is known from now on, with what still stands of what was known before.
    fn learn(&mut self, search: &Search) {
        let mut state = search.state();
        let meta = Arc::new(state.meta.clone());
        let is_wide = meta.state() == SearchState::Finished && meta.reach.tier > SearchTier::Named;
        for findings in &mut state.keys {
            let id = (search.account, findings.key.clone());
            *findings = with_earlier(findings.clone(), &meta, self.known.get(&id));
            if is_wide {
                self.unreadable.remove(&id);
            }
            self.known.insert(id, (Arc::clone(&meta), findings.clone()));
        }
    }

    /// Puts what still counts of what was known before beside what a running search has found. Gives what does not count, and
    /// yet keeps its place on screen while it runs.
    fn put_beside(
        &self,
        account: AccountId,
        meta: &SearchMeta,
        keys: &mut [KeyFindings],
    ) -> Before<'_> {
        let mut newest: Option<&SearchMeta> = None;
        let mut weak: Vec<&StoredFinding> = Vec::new();
        for findings in keys.iter_mut() {
            let before = self.known.get(&(account, findings.key.clone()));
            *findings = with_earlier(findings.clone(), meta, before);
            let Some((meta_before, before)) = before else {
                continue;
            };
            if before.last_eight == findings.last_eight {
                let is_weak = |found: &&StoredFinding| found.level < Level::Mention;
                weak.extend(before.found.iter().filter(is_weak));
                if newest.is_none_or(|newest| newest.begun_at < meta_before.begun_at) {
                    newest = Some(meta_before);
                }
            }
        }
        weak.extend(newest.into_iter().flat_map(|before| &before.hints));
        let found = keys.iter().flat_map(KeyFindings::all_found);
        let found = found.chain(&meta.hints).map(|found| found.id.as_str());
        let mut listed: HashSet<&str> = found.collect();
        weak.retain(|found| listed.insert(found.id.as_str()));
        Before { newest, weak }
    }

    /// With what an earlier search found of a key and nobody can read any more.
    fn with_unreadable(&self, id: &(AccountId, KeyId), evidence: Evidence) -> Evidence {
        if self.unreadable.contains(id) {
            evidence.with_unreadable()
        } else {
            evidence
        }
    }

    fn stop(&mut self, which: impl Fn(&Search) -> bool) {
        let (stopped, running): (Vec<_>, Vec<_>) = std::mem::take(&mut self.running)
            .into_iter()
            .partition(|search| which(search));
        self.running = running;
        for search in stopped {
            search.cancel.stop();
            self.learn(&search);
        }
    }
}

impl Searches {
    /// A search begins. Those that are under way for any of its keys are stopped; what they found so far stands.
    pub(crate) fn begin(&self, search: &Arc<Search>) {
        let mut inner = self.inner();
        let keys: Vec<KeyId> = search
            .now()
            .keys
            .into_iter()
            .map(|findings| findings.key)
            .collect();
        inner.stop(|other| keys.iter().any(|key| other.has(search.account, key)));
        inner.running.push(Arc::clone(search));
    }

    /// A search has ended. Whether it was under way until then, and not stopped for another one.
    pub(crate) fn end(&self, search: &Arc<Search>) -> bool {
        let mut inner = self.inner();
        let before = inner.running.len();
        inner.running.retain(|other| !Arc::ptr_eq(other, search));
        let was_running = inner.running.len() < before;
        if was_running {
            inner.learn(search);
        }
        was_running
    }

    /// A search that ran beside the others has come to its end: what it says is known from now on, but of keys that another
    /// one has looked for since it began. Gives what is known of the others.
    pub(crate) fn take_in(&self, search: &Search) -> Vec<KeyFindings> {
        let mut inner = self.inner();
        {
            let mut state = search.state();
            let begun_at = state.meta.begun_at;
            let is_newest = |findings: &KeyFindings| {
                let known = inner.known.get(&(search.account, findings.key.clone()));
                let ended_at = known.and_then(|(meta, _)| meta.ended_at);
                ended_at.is_none_or(|ended_at| ended_at <= begun_at)
            };
            state.keys.retain(is_newest);
            let keys = state.keys.iter().enumerate();
            let at = keys.map(|(at, findings)| (findings.key.as_str().to_owned(), at));
            state.at = at.collect();
        }
        inner.learn(search);
        search.now().keys
    }

    /// Stops the searches that are under way for any of these keys; without keys all of the account.
    pub(crate) fn cancel(&self, account: AccountId, keys: &[KeyId]) {
        for search in &self.inner().running {
            let is_named = keys.is_empty() || keys.iter().any(|key| search.has(account, key));
            if search.account == account && is_named {
                search.cancel.stop();
            }
        }
    }

    /// What is known about a key as of now. What earlier runs of the app found is known once it was recalled.
    pub(crate) fn evidence(&self, account: AccountId, key: &KeyId, last_eight: &str) -> Evidence {
        let inner = self.inner();
        let id = (account, key.clone());
        let is_of_this_token = |evidence: &Evidence| evidence.last_eight == last_eight;
        let known = inner.known.get(&id);
        let mut running = inner
            .running
            .iter()
            .filter(|search| search.account == account)
            .filter_map(|search| search.evidence(key, known));
        let evidence = running
            .find(is_of_this_token)
            .or_else(|| known.map(|(meta, findings)| findings.evidence(meta)))
            .filter(is_of_this_token)
            .unwrap_or_else(|| Evidence::none(last_eight));
        inner.with_unreadable(&id, evidence)
    }

    /// A search as it stands. One that runs is put beside what was known before: while it has not looked again, that
    /// counts. One that has ended has taken in what still counts ([`Searches::end`]).
    pub(crate) fn merged(&self, search: &Search) -> Merged {
        let State { meta, mut keys, .. } = search.now();
        let inner = self.inner();
        let mut skipped = meta.skipped.clone();
        let mut weak = Vec::new();
        if meta.ended_at.is_none() {
            let before = inner.put_beside(search.account, &meta, &mut keys);
            if let Some(before) = before.newest {
                skipped.clone_from(&before.skipped);
            }
            weak = before.weak.into_iter().cloned().collect();
        }
        let evidence = keys.iter().map(|findings| {
            let id = (search.account, findings.key.clone());
            inner.with_unreadable(&id, findings.evidence(&meta))
        });
        Merged {
            evidence: evidence.collect(),
            meta,
            keys,
            weak,
            skipped,
        }
    }

    /// A finding of a key by its id.
    pub(crate) fn found(&self, account: AccountId, key: &KeyId, id: &str) -> Option<StoredFinding> {
        let inner = self.inner();
        let running = inner
            .running
            .iter()
            .filter(|search| search.account == account);
        let running = running.filter_map(|search| search.found(key, id)).next();
        running.or_else(|| {
            let (meta, findings) = inner.known.get(&(account, key.clone()))?;
            let mut all = findings.all_found().chain(&meta.hints);
            all.find(|found| found.id == id).cloned()
        })
    }

    /// Whether what earlier runs of the app found for an account is known.
    pub(crate) fn is_recalled(&self, account: AccountId) -> bool {
        self.inner().recalled.contains(&account)
    }

    /// What earlier runs of the app found for an account, key by key; none where it can't be read. What this run found
    /// is newer and has been put beside it already.
    pub(crate) fn recall(
        &self,
        account: AccountId,
        kept: Vec<(KeyId, Option<(SearchMeta, KeyFindings)>)>,
    ) {
        let mut inner = self.inner();
        if !inner.recalled.insert(account) {
            return;
        }
        for (key, kept) in kept {
            let id = (account, key);
            match kept {
                Some((meta, findings)) => {
                    inner.known.entry(id).or_insert((Arc::new(meta), findings));
                }
                None => {
                    inner.unreadable.insert(id);
                }
            }
        }
    }

    /// The service has described a key anew.
    pub(crate) fn looked_at(&self, account: AccountId, key: &KeyRow) {
        let id = (account, key.id.clone());
        self.inner().looked_at.insert(id, key.clone());
    }

    /// A key as the service described it since the list was fetched.
    pub(crate) fn newer(&self, account: AccountId, key: &KeyId) -> Option<KeyRow> {
        self.inner().looked_at.get(&(account, key.clone())).cloned()
    }

    /// The list of an account was fetched: nothing is newer.
    pub(crate) fn list_fetched(&self, account: AccountId) {
        self.inner().looked_at.retain(|(of, _), _| *of != account);
    }

    /// An account is gone.
    pub(crate) fn forget(&self, account: AccountId) {
        let mut inner = self.inner();
        inner.stop(|search| search.account == account);
        inner.known.retain(|(of, _), _| *of != account);
        inner.unreadable.retain(|(of, _)| *of != account);
        inner.recalled.remove(&account);
        inner.looked_at.retain(|(of, _), _| *of != account);
    }

    /// Whatever a panicking thread left behind is whole: every change is one call on a map or a list.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
