//! What the watch says.

use crate::base::database::DatabaseError;
use crate::base::error::{ErrorCode, UiError};
use crate::base::text::sanitized;
use crate::records::key::KeyRow;
use crate::records::names::{capitalised, named, tail};
use crate::records::watched::SeenBy;
use crate::watch::news::News;

/// How many places are named in one sentence.
const MAX_NAMED: usize = 2;

/// What is new about a key.
pub(super) fn of_one(news: &News) -> String {
    let key = called(&news.key);
    let mut sentences = Vec::new();
    match news.places.as_slice() {
        [] => {}
        [place] => sentences.push(format!("{key} turned up in a new place: {place}.")),
        places => sentences.push(format!(
            "{key} turned up in {} new places: {}.",
            places.len(),
            listed(places)
        )),
    }
    let key = if sentences.is_empty() {
        key
    } else {
        "It".to_owned()
    };
    let of = |wanted: &SeenBy| -> Vec<String> {
        let seen = news.seen.iter().filter(|(_, by)| by == wanted);
        seen.map(|(place, _)| place.clone()).collect()
    };
    let open = of(&SeenBy::EveryUser);
    if !open.is_empty() {
        sentences.push(format!(
            "{key} can be read by every user of this computer, in {}.",
            listed(&open)
        ));
    }
    let mut hosts: Vec<&SeenBy> = news.seen.iter().map(|(_, by)| by).collect();
    hosts.sort();
    hosts.dedup();
    for by in hosts {
        if let SeenBy::Remote(host) = by {
            sentences.push(format!(
                "{key} stands in the history of a repository with a remote at {}, in {}. Whether it was pushed, and who \
                 can read it there, is not known here.",
                sanitized(host),
                listed(&of(by))
            ));
        }
    }
    sentences.join(" ")
}

/// What is new about more keys than anybody wants to read of one by one.
pub(super) fn of_many(news: &[News]) -> String {
    let new = news.iter().filter(|news| !news.places.is_empty()).count();
    let seen = news.iter().filter(|news| !news.seen.is_empty()).count();
    let keys: Vec<String> = news.iter().map(|news| called(&news.key)).collect();
    let mut sentences = Vec::new();
    if new > 0 {
        sentences.push(format!("{} turned up in new places.", keys_of(new)));
    }
    if seen > 0 {
        sentences.push(format!(
            "{} may be seen by others where they stand.",
            keys_of(seen)
        ));
    }
    sentences.push(format!("Search for them to see where: {}.", listed(&keys)));
    sentences.join(" ")
}

/// What the desktop shows, where there is something new: no path, as it may be read over somebody's shoulder.
pub(super) fn notification(news: &[News]) -> Option<(String, String)> {
    let (first, rest) = news.split_first()?;
    let title = match (rest, first.places.is_empty()) {
        ([], false) => format!(
            "{} turned up in a new place",
            capitalised(&named(&first.key))
        ),
        ([], true) => format!("{} may be seen by others", capitalised(&named(&first.key))),
        (rest, _) => format!("There is something new about {}", keys_of(rest.len() + 1)),
    };
    Some((title, "Pulse Keys says where.".to_owned()))
}

/// The watch is off, and what it kept is still there.
pub(super) fn not_removed(error: &DatabaseError) -> UiError {
    UiError::new(
        ErrorCode::Other,
        format!("The watch is off, but what it kept of this machine is still there: {error}"),
        "Switch it on and off again.",
    )
}

fn keys_of(count: usize) -> String {
    match count {
        1 => "1 key".to_owned(),
        count => format!("{count} keys"),
    }
}

/// By name and last 8 characters.
fn called(key: &KeyRow) -> String {
    let name = capitalised(&named(key));
    if name.ends_with(')') {
        name
    } else {
        format!("{name} (…{})", tail(&key.last_eight))
    }
}

/// The first few, and how many more there are.
fn listed(all: &[String]) -> String {
    let named = all.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>();
    match all.len().saturating_sub(named.len()) {
        0 => named.join(" and "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
