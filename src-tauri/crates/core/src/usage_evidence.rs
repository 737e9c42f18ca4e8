//! What searches of this machine have said about keys since the app was started: what friction follows.
//!
//! A search that is under way counts as what it has found so far, beside what was known before. Only one that came to its
//! end and went at least as far as the one before takes its place, so that stopping a search lowers nothing. What was
//! found of another token of the same key counts for nothing. Left out: running a search (`usage_search`), what
//! outlasts the app (`usage_kept`).

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use pulseapi::KeyId;
use serde::{Deserialize, Serialize};
use usage::{Cancel, Summary, Verdict};

use crate::usage_found::{Found, level, small};
use crate::usage_words as words;
use crate::view::{
    AccountId, BlindSpot, FindingLevel, KeyRow, KeyUsage, SearchState, SearchTier, UsageTotals,
    UsageVerdict,
};

/// How many findings of one key are held. Nobody reads more, and the verdict is of all of them.
const MOST: usize = 1000;

/// What is known about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) last_eight: String,
    pub(crate) verdict: UsageVerdict,
    pub(crate) places: u32,
    pub(crate) possible_places: u32,
    pub(crate) state: SearchState,
    pub(crate) tier: SearchTier,
    /// Whether something could not be looked into that one would expect to have been.
    pub(crate) gaps: bool,
    pub(crate) found: Vec<Found>,
}

impl Evidence {
    /// Nobody looked for this token.
    pub(crate) fn none(last_eight: &str) -> Self {
        Self {
            last_eight: last_eight.to_owned(),
            verdict: UsageVerdict::NotSearched,
            places: 0,
            possible_places: 0,
            state: SearchState::Finished,
            tier: SearchTier::Named,
            gaps: false,
            found: Vec::new(),
        }
    }

    /// For the level of friction.
    pub(crate) fn for_friction(&self) -> Verdict {
        match self.verdict {
            UsageVerdict::NotSearched => Verdict::NotSearched,
            UsageVerdict::NothingFound => Verdict::NothingFound,
            UsageVerdict::Possible => Verdict::Possible,
            UsageVerdict::Confirmed => Verdict::Confirmed,
        }
    }

    /// As the window sees it.
    pub(crate) fn view(&self, key: &KeyId, used_by_something_unseen: bool) -> KeyUsage {
        KeyUsage {
            key: key.clone(),
            last_eight: self.last_eight.clone(),
            verdict: self.verdict,
            places: self.places,
            possible_places: self.possible_places,
            words: words::of_key(self),
            used_by_something_unseen,
        }
    }

    fn stronger(self, other: Self) -> Self {
        let weight =
            |evidence: &Self| (evidence.verdict, evidence.places, evidence.possible_places);
        if weight(&other) > weight(&self) {
            other
        } else {
            self
        }
    }
}

/// One key of a search and what was found of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    pub(crate) key: KeyId,
    pub(crate) last_eight: String,
    last_used_at: Option<Timestamp>,
    /// False for a key without 8 visible last characters: there is nothing to look for.
    is_searchable: bool,
    strongest: Option<FindingLevel>,
    pub(crate) found: Vec<Found>,
}

impl About {
    pub(crate) fn of(key: &KeyRow, is_searchable: bool) -> Self {
        Self {
            key: key.id.clone(),
            last_eight: key.last_eight.clone(),
            last_used_at: key.last_used_at,
            is_searchable,
            strongest: None,
            found: Vec::new(),
        }
    }

    fn add(&mut self, found: Found) {
        self.strongest = self.strongest.max(Some(found.level));
        if self.found.len() < MOST {
            self.found.push(found);
        }
    }

    pub(crate) fn evidence(&self, told: &Told) -> Evidence {
        let mut places: BTreeMap<_, FindingLevel> = BTreeMap::new();
        for found in &self.found {
            let level = places.entry(found.place()).or_insert(found.level);
            *level = (*level).max(found.level);
        }
        let with = |verdict| {
            let with = places
                .values()
                .filter(|level| verdict_of(**level) == verdict);
            small(with.count() as u64)
        };
        Evidence {
            last_eight: self.last_eight.clone(),
            verdict: match self.strongest {
                _ if !self.is_searchable => UsageVerdict::NotSearched,
                Some(level) => verdict_of(level),
                None => UsageVerdict::NothingFound,
            },
            places: with(UsageVerdict::Confirmed),
            possible_places: with(UsageVerdict::Possible),
            state: told.state(),
            tier: told.tier,
            gaps: told.has_gaps(),
            found: self.found.clone(),
        }
    }

    pub(crate) fn view(&self, told: &Told) -> KeyUsage {
        let evidence = self.evidence(told);
        let is_recent = |used: Timestamp| {
            let now = told.ended_at.unwrap_or(told.begun_at);
            now.duration_since(used) < SignedDuration::from_hours(24)
        };
        let unseen = told.state() == SearchState::Finished
            && self.last_used_at.is_some_and(is_recent)
            && matches!(
                evidence.verdict,
                UsageVerdict::NothingFound | UsageVerdict::Possible
            );
        evidence.view(&self.key, unseen)
    }
}

fn verdict_of(level: FindingLevel) -> UsageVerdict {
    match level {
        FindingLevel::ThisKey => UsageVerdict::Confirmed,
        FindingLevel::Probable | FindingLevel::Mention => UsageVerdict::Possible,
        FindingLevel::Older | FindingLevel::Unlisted | FindingLevel::Hint => {
            UsageVerdict::NothingFound
        }
    }
}

/// A search, but for what it found of keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    pub(crate) tier: SearchTier,
    pub(crate) begun_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) stopped: bool,
    pub(crate) milliseconds: u64,
    pub(crate) read: UsageTotals,
    pub(crate) blind: Vec<BlindSpot>,
    /// Names that suggest a key, of no key in particular.
    pub(crate) hints: Vec<Found>,
}

impl Told {
    pub(crate) fn state(&self) -> SearchState {
        match (self.ended_at, self.stopped) {
            (None, _) => SearchState::Running,
            (Some(_), true) => SearchState::Stopped,
            (Some(_), false) => SearchState::Finished,
        }
    }

    pub(crate) fn has_gaps(&self) -> bool {
        self.blind.iter().any(|spot| spot.is_gap)
    }
}

/// A search that is under way, or has just ended.
#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) account: AccountId,
    pub(crate) cancel: Cancel,
    begun: Instant,
    state: Mutex<State>,
}

#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) told: Told,
    pub(crate) keys: Vec<About>,
    at: HashMap<String, usize>,
    pub(crate) folder: String,
}

impl Search {
    pub(crate) fn begin(
        account: AccountId,
        tier: SearchTier,
        keys: Vec<About>,
        now: Timestamp,
    ) -> Self {
        let at = keys.iter().enumerate();
        let at = at.map(|(at, about)| (about.key.as_str().to_owned(), at));
        Self {
            account,
            cancel: Cancel::default(),
            begun: Instant::now(),
            state: Mutex::new(State {
                at: at.collect(),
                told: Told {
                    tier,
                    begun_at: now,
                    ended_at: None,
                    stopped: false,
                    milliseconds: 0,
                    read: UsageTotals::default(),
                    blind: Vec::new(),
                    hints: Vec::new(),
                },
                keys,
                folder: String::new(),
            }),
        }
    }

    /// Takes in what the search tells. Comes from the thread that it runs on.
    pub(crate) fn take(&self, event: usage::Event) {
        let mut state = self.state();
        match event {
            usage::Event::Found(finding) => {
                let at = finding.key.as_ref().and_then(|key| state.at.get(key));
                match at.copied() {
                    Some(at) => state.keys[at].add(Found::of(finding)),
                    None if level(finding.level) == FindingLevel::Hint => {
                        state.told.hints.push(Found::of(finding));
                    }
                    None => {}
                }
            }
            usage::Event::Progress(progress) => {
                state.told.read = UsageTotals {
                    files: progress.files,
                    bytes: progress.bytes,
                    folders: progress.folders,
                    objects: progress.objects,
                };
                state.folder = progress.folder.display().to_string();
            }
        }
    }

    /// It has come to its end, or was stopped.
    pub(crate) fn end(&self, summary: Option<&Summary>, now: Timestamp) {
        let mut state = self.state();
        state.told.ended_at = Some(now);
        state.told.milliseconds = self.milliseconds();
        state.told.stopped = summary.is_none_or(|summary| summary.stopped);
        if let Some(summary) = summary {
            state.told.blind = words::blind(&summary.blind);
            state.told.read = UsageTotals {
                files: summary.totals.files,
                bytes: summary.totals.bytes,
                folders: summary.totals.folders,
                objects: summary.totals.objects,
            };
        }
    }

    /// How it stands now.
    pub(crate) fn now(&self) -> State {
        let mut state = self.state().clone();
        if state.told.ended_at.is_none() {
            state.told.milliseconds = self.milliseconds();
        }
        state
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn has(&self, account: AccountId, key: &KeyId) -> bool {
        self.account == account && self.state().at.contains_key(key.as_str())
    }

    fn evidence(&self, key: &KeyId) -> Option<Evidence> {
        let state = self.state();
        let at = *state.at.get(key.as_str())?;
        Some(state.keys[at].evidence(&state.told))
    }

    fn found(&self, key: &KeyId, id: &str) -> Option<Found> {
        let state = self.state();
        let at = *state.at.get(key.as_str())?;
        let mut all = state.keys[at].found.iter().chain(&state.told.hints);
        all.find(|found| found.id == id).cloned()
    }

    /// Each change under the lock leaves what is there before or after it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All searches of this process, and what they said.
#[derive(Debug, Default)]
pub(crate) struct Searches {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    running: Vec<Arc<Search>>,
    known: HashMap<(AccountId, KeyId), Evidence>,
    /// Keys as the service described them after the list was fetched.
    looked_at: HashMap<(AccountId, KeyId), KeyRow>,
}

impl Inner {
    /// What a search says of each of its keys takes its place beside what was known before, or in place of it.
    fn learn(&mut self, search: &Search) {
        let state = search.now();
        for about in &state.keys {
            let new = about.evidence(&state.told);
            let known = self.known.entry((search.account, about.key.clone()));
            let known = known.or_insert_with(|| Evidence::none(&about.last_eight));
            let replaces = new.state == SearchState::Finished && new.tier >= known.tier;
            let before = std::mem::replace(known, new.clone());
            if before.last_eight == new.last_eight && !replaces {
                *known = new.stronger(before);
            }
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
            .map(|about| about.key)
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

    /// Stops the searches that are under way for any of these keys; without keys all of the account.
    pub(crate) fn cancel(&self, account: AccountId, keys: &[KeyId]) {
        for search in &self.inner().running {
            let is_named = keys.is_empty() || keys.iter().any(|key| search.has(account, key));
            if search.account == account && is_named {
                search.cancel.stop();
            }
        }
    }

    /// What is known about a key as of now.
    pub(crate) fn evidence(&self, account: AccountId, key: &KeyRow) -> Evidence {
        let inner = self.inner();
        let is_of_this_token = |evidence: &Evidence| evidence.last_eight == key.last_eight;
        let known = inner.known.get(&(account, key.id.clone())).cloned();
        let running = inner
            .running
            .iter()
            .filter(|search| search.account == account);
        let running = running.filter_map(|search| search.evidence(&key.id));
        let mut all = running.chain(known).filter(is_of_this_token);
        let first = all.next();
        first.map_or_else(
            || Evidence::none(&key.last_eight),
            |first| all.fold(first, Evidence::stronger),
        )
    }

    /// A finding of a key by its id.
    pub(crate) fn found(&self, account: AccountId, key: &KeyId, id: &str) -> Option<Found> {
        let inner = self.inner();
        let running = inner
            .running
            .iter()
            .filter(|search| search.account == account);
        let running = running.filter_map(|search| search.found(key, id)).next();
        running.or_else(|| {
            let known = inner.known.get(&(account, key.clone()))?;
            known.found.iter().find(|found| found.id == id).cloned()
        })
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
        inner.looked_at.retain(|(of, _), _| *of != account);
    }

    /// Whatever a panicking thread left behind is whole: every change is one call on a map or a list.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[path = "usage_evidence_tests.rs"]
mod tests;
