//! What of a look was not known before: keys in places that are new, and places where others can see one.

use std::collections::BTreeSet;
use std::path::Path;

use usage::Level;

use crate::records::key::KeyRow;
use crate::records::watched::{KeyInPlace, Places, SeenBy};
use crate::usage::evidence::KeyFindings;
use crate::usage::found::StoredFinding;
use crate::usage::wire::FindingKind;
use crate::watch::seen_by;

/// One key in one place, as it was found now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) at: KeyInPlace,
    /// As the user reads it.
    pub(super) shown: String,
    pub(super) seen_by: BTreeSet<SeenBy>,
}

/// What is new about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct News {
    pub(super) key: KeyRow,
    /// Places where it was not before.
    pub(super) places: Vec<String>,
    /// Places where others can see it, and who, unless that was told.
    pub(super) seen: Vec<(String, SeenBy)>,
}

/// The places of all keys, each once. Blocks: it looks at the rights of files.
pub(super) fn places(keys: &[KeyFindings], home: Option<&Path>) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for findings in keys {
        let mut met = BTreeSet::new();
        for found in findings.all_found().filter(|found| is_told(found)) {
            let (kind, path) = found.place();
            let place = format!("{kind:?} {path}");
            if !met.insert(place.clone()) {
                continue;
            }
            all.push(Found {
                at: KeyInPlace {
                    key: findings.key.as_str().to_owned(),
                    last_eight: findings.last_eight.clone(),
                    place,
                },
                shown: found.view(home).short_path,
                seen_by: seen_by::of(found),
            });
        }
    }
    all
}

/// Whether it is surely the key, in something that stays.
fn is_told(found: &StoredFinding) -> bool {
    let stays = !matches!(found.kind, FindingKind::Process | FindingKind::Environment);
    found.level >= Level::Probable && stays
}

/// What is new of that, key by key, and what is known from now on. Of a first look no place is new.
pub(super) fn compare(
    rows: &[KeyRow],
    found: Vec<Found>,
    before: &Places,
    is_first: bool,
) -> (Vec<News>, Places) {
    let mut news: Vec<News> = Vec::new();
    let mut now = Places::new();
    for Found { at, shown, seen_by } in found {
        let Some(row) = rows.iter().find(|row| row.id.as_str() == at.key) else {
            continue;
        };
        let known = before.get(&at);
        let seen_before = known.cloned().unwrap_or_default();
        let seen: Vec<_> = seen_by.difference(&seen_before).cloned().collect();
        let is_new = known.is_none() && !is_first;
        if is_new || !seen.is_empty() {
            let place = news.iter().position(|news| news.key.id == row.id);
            let place = place.unwrap_or_else(|| {
                news.push(News {
                    key: row.clone(),
                    places: Vec::new(),
                    seen: Vec::new(),
                });
                news.len() - 1
            });
            if is_new {
                news[place].places.push(shown.clone());
            }
            let seen = seen.into_iter().map(|by| (shown.clone(), by));
            news[place].seen.extend(seen);
        }
        now.insert(at, seen_by);
    }
    (news, now)
}
