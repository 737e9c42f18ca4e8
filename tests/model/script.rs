//! The server's side of a step: what goes wrong with which request, who else writes meanwhile, and what was seen of it.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use pulse_keys_core::Ending;
use sandbox::Key;
use sandbox::faults::{Fault, Faults, SeenRequest};
use serde_json::json;

use crate::keychain::{Keychain, Mood};
use crate::process::{Moment, Process};
use crate::steps::{Other, Read, Reads, Trouble, Write};

/// Names that the user gives, and somebody else as well.
pub(crate) const NAMES: [&str; 2] = ["Delta", "Echo"];

/// A `DELETE` when it arrived, and the key then.
#[derive(Clone, Debug)]
pub(crate) struct Deletion {
    pub(crate) id: i64,
    pub(crate) key: Option<Key>,
    /// Whether what the app read before was the truth.
    pub(crate) read_the_truth: bool,
}

/// What should not be when a write that brings a token arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Risk {
    /// The keychain would not take the token.
    NoPlace(Mood),
    /// The app itself waits for it, and would end without asking.
    Unguarded,
}

/// Who would know of such a risk.
#[derive(Clone)]
pub(crate) struct Guards {
    pub(crate) keychain: Keychain,
    pub(crate) custodians: Arc<AtomicUsize>,
    pub(crate) ending: Ending,
    /// The user goes on without a keychain.
    pub(crate) is_session_only: bool,
}

impl Guards {
    fn risks(&self) -> impl Iterator<Item = Risk> {
        let mood = self.keychain.mood();
        let takes_none = matches!(mood, Mood::Locked | Mood::Gone | Mood::Full);
        let no_place = takes_none && !self.is_session_only;
        let by_itself = self.custodians.load(Ordering::SeqCst) == 0;
        let unguarded = by_itself && self.ending.costs_no_token();
        let no_place = no_place.then_some(Risk::NoPlace(mood));
        no_place
            .into_iter()
            .chain(unguarded.then_some(Risk::Unguarded))
    }
}

#[derive(Default)]
struct State {
    trouble: Trouble,
    process: Option<Arc<Process>>,
    guards: Option<Guards>,
    risks: Vec<Risk>,
    /// Requests of this step.
    arrived: usize,
    reads: u8,
    has_written: bool,
    has_lied: bool,
    has_lied_after: bool,
    /// Ever, not in this step alone.
    has_told_old: bool,
    /// A write that brings a token has arrived in this step.
    has_posted: bool,
    /// The keys each time that the list was read.
    lists: Vec<Vec<i64>>,
    /// The last answer with a list lacked a row.
    has_shortened: bool,
    deletions: Vec<Deletion>,
    /// Where the log stood when the step began.
    log_from: usize,
    /// All requests so far.
    ever_arrived: usize,
    /// Ids of keys that somebody else deleted.
    others_deleted: HashSet<i64>,
    /// Ids of keys that somebody else renamed or used.
    others_changed: HashSet<i64>,
    /// The keys of writes, in the order in which they arrived, with the keys that somebody else had made until then and
    /// that a true answer could have shown.
    made_before: HashMap<String, HashSet<i64>>,
    others_made: HashSet<i64>,
}

/// The script of a sequence.
#[derive(Default)]
pub(crate) struct Script(Mutex<State>);

impl Script {
    /// A step begins.
    pub(crate) fn begins(&self, faults: &Faults, trouble: Trouble, process: Option<Arc<Process>>) {
        let log_from = faults.requests().len();
        let mut state = self.state();
        let before = std::mem::take(&mut *state);
        *state = State {
            trouble,
            process,
            log_from,
            ever_arrived: before.ever_arrived,
            others_deleted: before.others_deleted,
            others_changed: before.others_changed,
            made_before: before.made_before,
            others_made: before.others_made,
            has_told_old: before.has_told_old,
            ..State::default()
        };
    }

    /// The app of this step, as far as it guards against its own end.
    pub(crate) fn guarded_by(&self, guards: Guards) {
        self.state().guards = Some(guards);
    }

    pub(crate) fn take_risks(&self) -> Vec<Risk> {
        std::mem::take(&mut self.state().risks)
    }

    pub(crate) fn ever_arrived(&self) -> usize {
        self.state().ever_arrived
    }

    /// The requests since the step began.
    pub(crate) fn requests_of_step(&self, faults: &Faults) -> Vec<SeenRequest> {
        let from = self.state().log_from;
        let mut requests = faults.requests();
        requests.drain(..from.min(requests.len()));
        requests
    }

    pub(crate) fn deletions(&self) -> Vec<Deletion> {
        self.state().deletions.clone()
    }

    pub(crate) fn has_posted(&self) -> bool {
        self.state().has_posted
    }

    /// The keys that there were when the list was read last in this step.
    pub(crate) fn listed(&self) -> Vec<i64> {
        self.state().lists.last().cloned().unwrap_or_default()
    }

    /// Whether the list showed these keys at some time in this step, in any order.
    pub(crate) fn has_listed(&self, keys: &[i64]) -> bool {
        let sorted = |keys: &[i64]| {
            let mut keys = keys.to_vec();
            keys.sort_unstable();
            keys
        };
        let keys = sorted(keys);
        self.state().lists.iter().any(|list| sorted(list) == keys)
    }

    /// Whether the list that was read last in this step lacked a row.
    pub(crate) fn has_shortened(&self) -> bool {
        self.state().has_shortened
    }

    /// Whether one after the write was.
    pub(crate) fn has_lied_after(&self) -> bool {
        self.state().has_lied_after
    }

    /// Whether a read of this step was answered with something else than the truth.
    pub(crate) fn has_lied(&self) -> bool {
        self.state().has_lied
    }

    /// Whether a read was ever answered as one long before: what was made of it may be told later.
    pub(crate) fn has_told_old(&self) -> bool {
        self.state().has_told_old
    }

    pub(crate) fn somebody_else_deleted(&self, id: i64) -> bool {
        self.state().others_deleted.contains(&id)
    }

    pub(crate) fn somebody_else_changed(&self, id: i64) -> bool {
        self.state().others_changed.contains(&id)
    }

    /// Whether somebody else made this key after a write of ours had arrived, so that it may be taken for the one that
    /// the write made.
    pub(crate) fn somebody_else_made_it_after(&self, id: i64, write: &str) -> bool {
        let state = self.state();
        let before = state.made_before.get(write);
        state.others_made.contains(&id) && before.is_some_and(|before| !before.contains(&id))
    }

    pub(crate) fn somebody_else_made(&self, id: i64) -> bool {
        self.state().others_made.contains(&id)
    }

    /// Somebody else does something at once. What it was, for people.
    pub(crate) fn other(&self, faults: &Faults, other: Other) -> String {
        let keys = faults.keys().unwrap();
        let pick = |pick: u8| keys.get(usize::from(pick) % keys.len().max(1)).cloned();
        match other {
            Other::Creates(name) => {
                let name = NAMES[usize::from(name) % NAMES.len()];
                let id = faults.somebody_creates(name).unwrap();
                self.state().others_made.insert(id);
                format!("somebody else creates {name} (id {id})")
            }
            Other::Uses(key) => with(pick(key), |key| {
                faults.somebody_uses(key.id).unwrap();
                self.state().others_changed.insert(key.id);
                format!("somebody uses {} (id {})", key.name, key.id)
            }),
            Other::Rotates(key) => with(pick(key), |key| {
                faults.somebody_rotates(key.id).unwrap();
                format!("somebody else rotates {} (id {})", key.name, key.id)
            }),
            Other::Renames(key) => with(pick(key), |key| {
                let name = format!("production master of {}", key.id);
                self.state().others_changed.insert(key.id);
                faults.somebody_renames(key.id, &name).unwrap();
                format!(
                    "somebody else renames {} (id {}) to {name}",
                    key.name, key.id
                )
            }),
            Other::Deletes(key) => with(pick(key), |key| {
                faults.somebody_deletes(key.id).unwrap();
                self.state().others_deleted.insert(key.id);
                format!("somebody else deletes {} (id {})", key.name, key.id)
            }),
        }
    }

    /// Says what goes wrong with a request.
    pub(crate) fn judge(&self, faults: &Faults, seen: &SeenRequest) -> Option<Fault> {
        let (process, arrived) = {
            let mut state = self.state();
            state.arrived += 1;
            state.ever_arrived += 1;
            (state.process.clone(), state.arrived)
        };
        if let Some(process) = process {
            process.happened(Moment::Arrived(u8::try_from(arrived).unwrap_or(u8::MAX)));
        }
        if seen.method == "GET" {
            self.judge_read(faults, seen)
        } else {
            self.judge_write(faults, seen)
        }
    }

    fn judge_read(&self, faults: &Faults, seen: &SeenRequest) -> Option<Fault> {
        let between = {
            let mut state = self.state();
            state.reads += 1;
            let reads = state.reads;
            state.trouble.between.filter(|(at, _)| *at == reads)
        };
        if let Some((_, other)) = between {
            self.other(faults, other);
        }
        let mut state = self.state();
        if state.trouble.accepts_dead && seen.path.ends_with("/user") {
            return Some(Fault::Stale);
        }
        let has_written = state.has_written;
        let reads = if has_written {
            &mut state.trouble.after
        } else {
            &mut state.trouble.before
        };
        let what = next(reads);
        if matches!(
            what,
            Read::Stale | Read::Gateway404 | Read::Refused | Read::Short
        ) {
            state.has_lied = true;
            state.has_lied_after |= has_written;
        }
        state.has_told_old |= what == Read::Stale;
        if seen.path.ends_with("/api-keys") {
            state.has_shortened = what == Read::Short;
            let keys = faults.keys().unwrap();
            state.lists.push(keys.iter().map(|key| key.id).collect());
        }
        drop(state);
        match what {
            Read::Fails => Some(fails(503)),
            Read::Cut => Some(Fault::DropBefore),
            Read::Stale => Some(Fault::Stale),
            Read::Gateway404 => Some(gateway_404()),
            Read::Refused => Some(Fault::Answer {
                status: 401,
                body: json!({"message": "Unauthenticated."}),
            }),
            Read::Short if seen.path.ends_with("/api-keys") => Some(short_list(faults)),
            Read::Ok | Read::Short => None,
        }
    }

    fn judge_write(&self, faults: &Faults, seen: &SeenRequest) -> Option<Fault> {
        let mut state = self.state();
        state.has_written = true;
        if let Some(key) = &seen.idempotency_key {
            let made = if state.has_lied {
                HashSet::new()
            } else {
                state.others_made.clone()
            };
            state.made_before.insert(key.clone(), made);
        }
        state.has_posted |= seen.method == "POST";
        if seen.method == "POST"
            && let Some(guards) = state.guards.clone()
        {
            state.risks.extend(guards.risks());
        }
        if seen.method == "DELETE" {
            let id = id_of(&seen.path);
            let key = faults.keys().unwrap().into_iter().find(|key| key.id == id);
            let read_the_truth = !state.has_lied;
            state.deletions.push(Deletion {
                id,
                key,
                read_the_truth,
            });
        }
        let write = std::mem::take(&mut state.trouble.write);
        match write {
            Write::Ok => None,
            Write::CutBefore => Some(Fault::DropBefore),
            Write::CutAfter => Some(Fault::DropAfter),
            Write::Halved => Some(Fault::TruncatedBody),
            Write::Hangs => Some(Fault::HangAfter),
            Write::Late(seconds) => Some(Fault::Late {
                seconds: seconds.into(),
            }),
            Write::Slow(seconds) => Some(Fault::Slow {
                seconds: seconds.into(),
            }),
            Write::Gateway404 => Some(gateway_404()),
            Write::Fails => Some(fails(503)),
            Write::FailsAfter => Some(Fault::StatusAfter { status: 502 }),
            Write::Portal => Some(Fault::Html),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

/// The record id in the path of a key.
pub(crate) fn id_of(path: &str) -> i64 {
    let mut parts = path.split('/').filter_map(|part| part.parse().ok());
    parts.next().unwrap_or_default()
}

fn with(key: Option<Key>, act: impl FnOnce(&Key) -> String) -> String {
    key.map_or_else(|| "there is no key".to_owned(), |key| act(&key))
}

fn next(reads: &mut Reads) -> Read {
    if reads.times == 0 {
        return Read::Ok;
    }
    reads.times -= 1;
    reads.what
}

fn fails(status: u16) -> Fault {
    Fault::Status {
        status,
        retry_after: None,
    }
}

fn gateway_404() -> Fault {
    Fault::Answer {
        status: 404,
        body: json!({"error": "no such upstream", "gateway": "edge-7"}),
    }
}

/// A list that counts one row more than it has.
fn short_list(faults: &Faults) -> Fault {
    let mut keys = faults.keys().unwrap();
    let total = keys.len();
    keys.pop();
    Fault::Answer {
        status: 200,
        body: json!({
            "data": keys,
            "links": {"first": null, "last": null, "prev": null, "next": null},
            "meta": {"current_page": 1, "last_page": 1, "per_page": 100, "total": total},
        }),
    }
}
