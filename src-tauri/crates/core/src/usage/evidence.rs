//! What a search of this machine says about a key: what friction follows.
//!
//! What one search found counts until another one looks at that very place again and comes to its end: one that is
//! stopped, breaks off, goes less far, begins in other folders or can't read a folder lowers nothing. Left out: which
//! searches there are (`searches`), running one (`search`), what outlasts the app (`kept`).

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use pulseapi::KeyId;
use serde::{Deserialize, Serialize};
use usage::{Environment, Level, Verdict};

use crate::records::key::KeyRow;
use crate::usage::found::{StoredFinding, small};
use crate::usage::outcome::BrokeOff;
use crate::usage::wire::{SearchState, SearchTier, SkippedPlace, UsageTotals};

/// How many findings of one key are held. Nobody reads more, and the verdict is of all of them.
const MAX_FINDINGS: usize = 1000;

/// What is known about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) last_eight: String,
    pub(crate) verdict: Verdict,
    pub(crate) places: u32,
    pub(crate) possible_places: u32,
    /// How many of the places where it was proved to be are in production, as their paths say.
    pub(crate) in_production: u32,
    pub(crate) state: SearchState,
    pub(crate) tier: SearchTier,
    /// Whether something could not be looked into that one would expect to have been.
    pub(crate) gaps: bool,
    /// Whether only an earlier search found it, and the last one did not look there.
    pub(crate) is_earlier: bool,
    /// Whether an earlier search found something that this version can't read.
    pub(crate) is_unreadable: bool,
    pub(crate) found: Vec<StoredFinding>,
}

impl Evidence {
    /// Nobody looked for this token.
    pub(crate) fn none(last_eight: &str) -> Self {
        Self {
            last_eight: last_eight.to_owned(),
            verdict: Verdict::NotSearched,
            places: 0,
            possible_places: 0,
            in_production: 0,
            state: SearchState::Finished,
            tier: SearchTier::Named,
            gaps: false,
            is_earlier: false,
            is_unreadable: false,
            found: Vec::new(),
        }
    }

    /// With what an earlier search found and nobody can read any more: it may be anything.
    pub(crate) fn with_unreadable(mut self) -> Self {
        self.verdict = self.verdict.max(Verdict::Possible);
        self.is_unreadable = true;
        self
    }
}

/// One key of a search and what was found of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyFindings {
    pub(crate) key: KeyId,
    pub(crate) last_eight: String,
    pub(crate) last_used_at: Option<Timestamp>,
    /// False for a key without 8 visible last characters: there is nothing to look for.
    is_searchable: bool,
    strongest: Option<Level>,
    pub(crate) found: Vec<StoredFinding>,
    /// What earlier searches found and this one did not look at again: it counts still.
    #[serde(default)]
    pub(crate) standing: Standing,
}

/// What was found earlier and counts still.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// How far the searches went that found it, taken together.
    reach: Reach,
    pub(crate) found: Vec<StoredFinding>,
}

/// How far a search goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Reach {
    pub(crate) tier: SearchTier,
    /// The search folders; none where an older version did not write them down.
    roots: Vec<PathBuf>,
    excluded: Vec<PathBuf>,
}

impl Reach {
    pub(crate) fn new(tier: SearchTier, roots: &[PathBuf], excluded: &[PathBuf]) -> Self {
        // A path that is no text would not survive being written down.
        let written = |paths: &[PathBuf]| -> Vec<PathBuf> {
            let paths = paths.iter();
            paths
                .map(|path| path.to_string_lossy().into_owned().into())
                .collect()
        };
        Self {
            tier,
            roots: written(roots),
            excluded: written(excluded),
        }
    }

    /// Whether it leads to a place that the other one led to.
    fn covers(&self, other: &Self, place: &Path) -> bool {
        let is_below = |folders: &[PathBuf]| folders.iter().any(|folder| place.starts_with(folder));
        self.tier >= other.tier
            && (is_below(&self.roots) || !is_below(&other.roots))
            && (!is_below(&self.excluded) || is_below(&other.excluded))
    }

    /// As far as both together.
    fn and(mut self, other: &Self) -> Self {
        self.tier = self.tier.max(other.tier);
        for root in &other.roots {
            if !self.roots.contains(root) {
                self.roots.push(root.clone());
            }
        }
        self.excluded.retain(|path| other.excluded.contains(path));
        self
    }
}

impl KeyFindings {
    pub(crate) fn of(key: &KeyRow, is_searchable: bool) -> Self {
        Self {
            key: key.id.clone(),
            last_eight: key.last_eight.clone(),
            last_used_at: key.last_used_at,
            is_searchable,
            strongest: None,
            found: Vec::new(),
            standing: Standing::default(),
        }
    }

    pub(crate) fn add(&mut self, found: StoredFinding) {
        let is_stronger = Some(found.level) > self.strongest;
        self.strongest = self.strongest.max(Some(found.level));
        if self.found.len() < MAX_FINDINGS {
            self.found.push(found);
        } else if is_stronger && let Some(last) = self.found.last_mut() {
            // What decides is never left out.
            *last = found;
        }
    }

    /// With what still stands of what was known before this search.
    pub(crate) fn after(
        mut self,
        meta: &SearchMeta,
        before: &Self,
        meta_before: &SearchMeta,
    ) -> Self {
        if before.last_eight != self.last_eight {
            return self;
        }
        let of_before = before.found.iter().map(|found| (&meta_before.reach, found));
        let earlier = before.standing.found.iter();
        let of_earlier = earlier.map(|found| (&before.standing.reach, found));
        let seen: HashSet<&str> = self.found.iter().map(|found| found.id.as_str()).collect();
        let mut standing = Standing::default();
        let mut kept = HashSet::new();
        for (reach, found) in of_before.chain(of_earlier) {
            let counts = found.level >= Level::Mention;
            if !counts || seen.contains(found.id.as_str()) || meta.looked_again(reach, found) {
                continue;
            }
            if kept.insert(found.id.as_str()) && standing.found.len() < MAX_FINDINGS {
                standing.reach = if standing.found.is_empty() {
                    reach.clone()
                } else {
                    standing.reach.and(reach)
                };
                standing.found.push(found.clone());
            }
        }
        self.standing = standing;
        self
    }

    /// All that counts, of this search and of earlier ones.
    pub(crate) fn all_found(&self) -> impl Iterator<Item = &StoredFinding> {
        self.found.iter().chain(&self.standing.found)
    }

    /// The furthest that any search went whose findings are among [`KeyFindings::all_found`].
    pub(crate) fn furthest(&self, meta: &SearchMeta) -> SearchTier {
        if self.standing.found.is_empty() {
            meta.reach.tier
        } else {
            meta.reach.tier.max(self.standing.reach.tier)
        }
    }

    pub(crate) fn evidence(&self, meta: &SearchMeta) -> Evidence {
        let mut places: BTreeMap<_, (Level, bool)> = BTreeMap::new();
        for found in self.all_found() {
            let (level, in_production) =
                places.entry(found.place()).or_insert((found.level, false));
            *level = (*level).max(found.level);
            *in_production |= found.environment == Some(Environment::Production);
        }
        let with = |verdict, only_production: bool| {
            let with = places.values().filter(|(level, in_production)| {
                level.verdict() == verdict && (*in_production || !only_production)
            });
            small(with.count() as u64)
        };
        let of_this = match self.strongest {
            _ if !self.is_searchable => Verdict::NotSearched,
            Some(level) => level.verdict(),
            None => Verdict::NothingFound,
        };
        // Of a search that broke off nobody can say what it would have found.
        let of_this = match meta.state() {
            SearchState::BrokenOff if of_this == Verdict::NothingFound => Verdict::NotSearched,
            _ => of_this,
        };
        let standing = self.standing.found.iter();
        let verdict = standing
            .map(|found| found.level.verdict())
            .fold(of_this, Verdict::and);
        Evidence {
            last_eight: self.last_eight.clone(),
            verdict,
            is_earlier: verdict > of_this,
            is_unreadable: false,
            places: with(Verdict::Confirmed, false),
            possible_places: with(Verdict::Possible, false),
            in_production: with(Verdict::Confirmed, true),
            state: meta.state(),
            tier: self.furthest(meta),
            gaps: meta.has_gaps(),
            found: self.all_found().cloned().collect(),
        }
    }
}

/// A search, but for what it found of keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SearchMeta {
    #[serde(flatten)]
    pub(crate) reach: Reach,
    pub(crate) begun_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) stopped: bool,
    /// Why it ended before its end, when it did so by itself.
    #[serde(default)]
    pub(crate) broke_off: Option<BrokeOff>,
    pub(crate) milliseconds: u64,
    pub(crate) read: UsageTotals,
    #[serde(rename = "blind")]
    pub(crate) skipped: Vec<SkippedPlace>,
    /// Names that suggest a key, of no key in particular.
    pub(crate) hints: Vec<StoredFinding>,
}

impl SearchMeta {
    pub(crate) fn state(&self) -> SearchState {
        match (self.ended_at, self.stopped) {
            (None, _) => SearchState::Running,
            (Some(_), _) if self.broke_off.is_some() => SearchState::BrokenOff,
            (Some(_), true) => SearchState::Stopped,
            (Some(_), false) => SearchState::Finished,
        }
    }

    /// Whether it has looked again, to its end, at what one that went so far found.
    fn looked_again(&self, reach: &Reach, found: &StoredFinding) -> bool {
        let was_closed = |example: &String| found.path().starts_with(example);
        let mut gaps = self.skipped.iter().filter(|spot| spot.is_gap);
        self.state() == SearchState::Finished
            && self.reach.covers(reach, found.path())
            && !gaps.any(|spot| spot.examples.iter().any(was_closed))
    }

    pub(crate) fn has_gaps(&self) -> bool {
        self.skipped.iter().any(|spot| spot.is_gap)
    }
}
