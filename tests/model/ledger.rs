//! What is true, and what was told about it: the writes that the server saw, the tokens that came of them, and how each
//! was told to have ended.

use std::collections::{HashMap, HashSet};

use pulseapi::KeyId;
use sandbox::faults::{Faults, Issued, SeenRequest};
use secrecy::ExposeSecret as _;

use crate::keychain::Keychain;
use crate::script::id_of;

/// A promise that was broken.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    /// Which rule, for telling kinds of faults apart.
    pub(crate) rule: &'static str,
    /// What was told and what is true.
    pub(crate) what: String,
}

pub(crate) type Held<T = ()> = Result<T, Broken>;

/// Breaks off with a broken rule.
pub(crate) fn broken<T>(rule: &'static str, what: impl Into<String>) -> Held<T> {
    Err(Broken {
        rule,
        what: what.into(),
    })
}

/// What a write was to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Create,
    Rotate(i64),
    Delete(i64),
}

/// A write of ours, as the server saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OurWrite {
    /// Its `Idempotency-Key`, which is the id of its intent.
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// The server did it.
    pub(crate) done: bool,
    /// The server has yet to do it.
    pub(crate) to_come: bool,
}

impl OurWrite {
    pub(crate) fn of(seen: &SeenRequest) -> Option<Self> {
        let id = seen.idempotency_key.clone()?;
        let kind = match (seen.method.as_str(), seen.path.ends_with("/rotate")) {
            ("DELETE", _) => Kind::Delete(id_of(&seen.path)),
            ("POST", true) => Kind::Rotate(id_of(&seen.path)),
            ("POST", false) => Kind::Create,
            _ => return None,
        };
        Some(Self {
            id,
            kind,
            done: seen.acted.is_some_and(|status| status < 300),
            to_come: seen.to_come,
        })
    }
}

/// A key's id as the server counts it; 0 for an id that is no number, which no key has.
pub(crate) fn key_number(id: &KeyId) -> i64 {
    id.as_str().parse().unwrap_or_default()
}

/// All our writes so far.
pub(crate) fn our_writes(faults: &Faults) -> Vec<OurWrite> {
    faults.requests().iter().filter_map(OurWrite::of).collect()
}

/// How something was told to have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Told {
    NotDone,
    /// Done, and its token is lost.
    Lost,
    /// Done, and if it brought a token, that is there.
    Done,
    /// That if it was done, nobody has its token.
    LostIfDone,
    /// That it is not known.
    Unclear,
}

/// What was told of each write, by its id; and what the user gave up.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) told: HashMap<String, Vec<Told>>,
    /// What the keys of creations were to be called, by the ids of the writes.
    pub(crate) names: HashMap<String, String>,
    /// The texts of tokens that the user has stored, or agreed to lose.
    pub(crate) given_up: HashSet<String>,
    /// The notices that were told.
    pub(crate) notices: HashSet<(String, String)>,
    pub(crate) journal_rows: usize,
}

impl Ledger {
    pub(crate) fn tell(&mut self, write: &str, told: Told) {
        self.told.entry(write.to_owned()).or_default().push(told);
    }

    pub(crate) fn was_told(&self, write: &str, told: Told) -> bool {
        self.told.get(write).is_some_and(|all| all.contains(&told))
    }

    /// After signing out the user need not hear any more what became of these.
    pub(crate) fn close(&mut self, writes: impl Iterator<Item = String>) {
        for write in writes {
            if self.is_open(&write) {
                self.told.remove(&write);
            }
        }
    }

    /// Whether nothing definite was told of a write.
    pub(crate) fn is_open(&self, write: &str) -> bool {
        let told = self.told.get(write);
        told.is_none_or(|all| all.iter().all(|told| *told == Told::Unclear))
    }

    /// What was told last that is definite.
    pub(crate) fn last_told(&self, write: &str) -> Option<Told> {
        let told = self.told.get(write)?;
        told.iter()
            .rev()
            .find(|told| **told != Told::Unclear)
            .copied()
    }
}

/// The token that a write brought.
pub(crate) fn issued_for(faults: &Faults, write: &str) -> Option<Issued> {
    let mut issued = faults.issued().into_iter();
    issued.find(|issued| issued.idempotency_key.as_deref() == Some(write))
}

/// The name under which the keychain has a token in custody, seen or not.
pub(crate) fn in_custody(keychain: &Keychain, issued: &Issued) -> Option<String> {
    keychain.holds(issued.token.expose_secret(), "token/")
}

/// What a sentence says of a write.
///
/// "Most likely" and "may be" are no claims; where there is a token, they are told to a user who has lost one.
pub(crate) fn verdict(text: &str) -> Option<Told> {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&[
        "signed out since",
        "brought no token",
        "ost likely",
        "has another token since",
    ]) {
        Some(Told::LostIfDone)
    } else if says(&[
        "not known",
        "may ",
        "if it was",
        "cannot tell",
        "can't tell",
    ]) {
        Some(Told::Unclear)
    } else if says(&[
        "not rotated",
        "not created",
        "not deleted",
        "othing was created",
    ]) {
        Some(Told::NotDone)
    } else if says(&["was lost", "nobody has its token"]) {
        Some(Told::Lost)
    } else if says(&["was deleted", "was rotated", "was created"]) {
        Some(Told::Done)
    } else {
        None
    }
}
