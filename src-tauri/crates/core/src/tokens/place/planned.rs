//! The plans that the page shows, and the files in them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;

use pulseapi::KeyId;
use replace::{OldToken, Plan, Reason};

use crate::base::ids::{AccountId, CustodyId};
use crate::custody::records::Record;
use crate::tokens::place::candidates::Candidate;
use crate::tokens::place::interrupted::NamedToken;
use crate::tokens::place::purpose::Place;
use crate::tokens::place::wire::PlaceByHand;
use crate::usage::wire::FindingHeading;

/// Plans that the page shows.
#[derive(Default)]
pub(crate) struct Placing {
    pub(super) shown: Mutex<HashMap<PlanOf, Vec<Planned>>>,
}

/// Which token a plan is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum PlanOf {
    /// One in custody.
    Token(CustodyId),
    /// The one that a rotation of this key will bring.
    Rotation(AccountId, KeyId),
}

/// A file of a plan that the page shows.
pub(super) struct Planned {
    pub(super) candidate: Candidate,
    pub(super) old: OldToken,
    pub(super) plan: Plan,
}

/// Looks at one.
pub(super) fn look(
    candidate: Candidate,
    roots: &[PathBuf],
) -> Result<Planned, Box<(Candidate, Reason)>> {
    let Some(old) = candidate.old.clone() else {
        return Err(Box::new((candidate, Reason::NotThere)));
    };
    match replace::look(&candidate.path, &old, roots) {
        Ok(plan) => Ok(Planned {
            candidate,
            old,
            plan,
        }),
        Err(reason) => Err(Box::new((candidate, reason))),
    }
}

pub(super) fn named(record: &Record) -> NamedToken<'_> {
    NamedToken {
        name: &record.name,
        last_eight: &record.last_eight,
    }
}

pub(super) fn place(candidate: &Candidate) -> Place {
    Place {
        path: candidate.path.clone(),
        short_path: candidate.short_path.clone(),
        heading: word(candidate.heading),
    }
}

pub(super) fn place_by_hand(place: &PlaceByHand) -> Place {
    Place {
        path: PathBuf::from(&place.path),
        short_path: place.short_path.clone(),
        heading: word(FindingHeading::Elsewhere),
    }
}

/// As the page and the database write it.
fn word(heading: FindingHeading) -> String {
    let word = serde_json::to_value(heading).ok();
    let word = word.as_ref().and_then(|word| word.as_str());
    word.unwrap_or_default().to_owned()
}
