//! In what way a key is not what was shown to the user who said yes: what stops a deletion that was confirmed.
//!
//! Pure: two descriptions of a key in, what differs and the sentences for it out. Left out: asking for the key anew
//! and what happens then (both `delete` and `bulk_delete::run`).

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::base::text::{collapsed, cut, exact};
use crate::keys::bulk_delete::wire::BulkRow;
use crate::keys::delete::wire::{DeleteCard, Friction};
use crate::records::key::{KeyRow, TeamView};
use crate::records::names::named;
use crate::usage::messages;

/// How much of a name of the server a sentence shows, in characters.
const MAX_SENTENCE_CHARS: usize = 60;

/// How many abilities a sentence names.
const MAX_ABILITIES_NAMED: usize = 3;

/// What a user was shown of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) key: KeyRow,
    pub(crate) friction: Friction,
    /// In how many places of this machine it was found.
    places: u32,
    /// In how many it may have been.
    possible_places: u32,
}

impl From<&DeleteCard> for Shown {
    fn from(card: &DeleteCard) -> Self {
        Self {
            key: card.key.clone(),
            friction: card.friction,
            places: card.usage.places,
            possible_places: card.usage.possible_places,
        }
    }
}

impl From<&BulkRow> for Shown {
    fn from(row: &BulkRow) -> Self {
        Self {
            key: row.key.clone(),
            friction: row.friction,
            places: row.usage.places,
            possible_places: row.usage.possible_places,
        }
    }
}

/// One thing that is not as it was shown. In the order in which they are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyChange {
    /// Its token is another one.
    Token { last_eight: String },
    /// It was made at another time: it may be another key under the same id.
    Created,
    /// It is called otherwise.
    Name { was: String },
    /// It reaches another team's resources.
    Team { now: Option<String> },
    /// It may do other things.
    Abilities {
        added: Vec<String>,
        lost: Vec<String>,
    },
    /// This app signs in with it now, or no longer.
    Own { now: bool },
    /// Something used it.
    Used { at: Timestamp },
    /// The service tells of its use otherwise: it does not any more, or of an earlier one.
    LastUse,
    /// It was found in more places of this machine.
    Found { was: u32, now: u32 },
    /// It may have been found in more places.
    PossiblyFound { was: u32, now: u32 },
    /// More stands before its deletion, for none of the other reasons.
    CloserLook,
}

impl KeyChange {
    /// Whether it says that this may be another key than the one that was meant.
    pub(crate) fn is_of_identity(&self) -> bool {
        matches!(
            self,
            Self::Token { .. }
                | Self::Created
                | Self::Name { .. }
                | Self::Team { .. }
                | Self::Abilities { .. }
                | Self::Own { .. }
        )
    }
}

/// Everything in which a key is not as it was shown.
pub(crate) fn changes(shown: &Shown, now: &Shown) -> Vec<KeyChange> {
    let mut changes = changes_of_key(&shown.key, &now.key);
    if now.places > shown.places {
        changes.push(KeyChange::Found {
            was: shown.places,
            now: now.places,
        });
    }
    if now.possible_places > shown.possible_places {
        changes.push(KeyChange::PossiblyFound {
            was: shown.possible_places,
            now: now.possible_places,
        });
    }
    if changes.is_empty() && now.friction > shown.friction {
        changes.push(KeyChange::CloserLook);
    }
    changes
}

/// The same, of what the service says of it alone.
pub(crate) fn changes_of_key(before: &KeyRow, after: &KeyRow) -> Vec<KeyChange> {
    let mut changes = Vec::new();
    // Where one of the answers does not speak of rotations, the tail alone says.
    let is_rotated =
        before.rotation_known && after.rotation_known && before.rotated_at != after.rotated_at;
    if before.last_eight != after.last_eight || is_rotated {
        changes.push(KeyChange::Token {
            last_eight: after.last_eight.clone(),
        });
    }
    let created = before.created_at.zip(after.created_at);
    if created.is_some_and(|(before, after)| before != after) {
        changes.push(KeyChange::Created);
    }
    if before.name != after.name {
        changes.push(KeyChange::Name {
            was: before.name.clone(),
        });
    }
    let team = |key: &KeyRow| key.team.as_ref().map(|team| team.id.clone());
    if team(before) != team(after) {
        changes.push(KeyChange::Team {
            now: after.team.as_ref().map(|team: &TeamView| team.name.clone()),
        });
    }
    changes.extend(abilities(before, after));
    if before.own != after.own {
        changes.push(KeyChange::Own { now: after.own });
    }
    // The app uses its own key with every look at it, so that another use of it says nothing.
    if !(before.own && after.own) {
        changes.extend(last_use(before, after));
    }
    changes
}

fn abilities(before: &KeyRow, after: &KeyRow) -> Option<KeyChange> {
    let of = |key: &KeyRow| key.abilities.iter().cloned().collect::<BTreeSet<String>>();
    let (before, after) = (of(before), of(after));
    (before != after).then(|| KeyChange::Abilities {
        added: after.difference(&before).cloned().collect(),
        lost: before.difference(&after).cloned().collect(),
    })
}

fn last_use(before: &KeyRow, after: &KeyRow) -> Option<KeyChange> {
    match (before.last_used_at, after.last_used_at) {
        (was, Some(at)) if was.is_none_or(|was| was < at) => Some(KeyChange::Used { at }),
        (was, now) if was != now => Some(KeyChange::LastUse),
        _ if before.last_use_known != after.last_use_known => Some(KeyChange::LastUse),
        _ => None,
    }
}

/// All of it, a sentence each.
pub(crate) fn in_words(changes: &[KeyChange]) -> String {
    let sentences: Vec<String> = changes.iter().map(sentence).collect();
    sentences.join(" ")
}

fn sentence(change: &KeyChange) -> String {
    match change {
        KeyChange::Token { last_eight } if last_eight.is_empty() => {
            "It has another token: somebody rotated it.".to_owned()
        }
        KeyChange::Token { last_eight } => format!(
            "It has another token (…{}): somebody rotated it.",
            short(last_eight)
        ),
        KeyChange::Created => {
            "It was created at another time than shown: it may be another key.".to_owned()
        }
        KeyChange::Name { was } if collapsed(was).is_empty() => "It had no name before.".to_owned(),
        KeyChange::Name { was } => format!("It was called “{}” before.", short(was)),
        KeyChange::Team { now: Some(team) } => {
            format!("It belongs to the team “{}” now.", short(team))
        }
        KeyChange::Team { now: None } => "PulseAPI no longer names a team for it.".to_owned(),
        KeyChange::Abilities { added, lost } => match (&added[..], &lost[..]) {
            ([], lost) => format!("It has fewer abilities: no longer {}.", listed(lost)),
            (added, []) => format!("It has more abilities: now also {}.", listed(added)),
            (added, lost) => format!(
                "It has other abilities: now also {}; no longer {}.",
                listed(added),
                listed(lost)
            ),
        },
        KeyChange::Own { now: true } => "Pulse Keys signs in with it now.".to_owned(),
        KeyChange::Own { now: false } => "Pulse Keys no longer signs in with it.".to_owned(),
        KeyChange::Used { at } => format!("Something used it at {}.", exact(*at)),
        KeyChange::LastUse => "PulseAPI reports its last use differently than before.".to_owned(),
        KeyChange::Found { was, now } => format!(
            "It was found in {} on this machine, not in {was}.",
            messages::places(*now)
        ),
        KeyChange::PossiblyFound { was, now } => format!(
            "It was possibly found in {} on this machine, not in {was}.",
            messages::places(*now)
        ),
        KeyChange::CloserLook => "It needs a closer look than before.".to_owned(),
    }
}

/// Why a deletion that was confirmed was not sent.
pub(crate) fn since_yes(key: &KeyRow, changes: &[KeyChange]) -> String {
    format!(
        "Nothing was deleted: {} changed while the dialog was open. {}",
        named(key),
        in_words(changes)
    )
}

/// Why nobody was asked: the page shows something else.
pub(crate) fn since_the_card(key: &KeyRow, changes: &[KeyChange]) -> String {
    format!(
        "Nothing was deleted: {} changed since this card was opened. {}",
        named(key),
        in_words(changes)
    )
}

fn short(text: &str) -> String {
    cut(&collapsed(text), MAX_SENTENCE_CHARS)
}

fn listed(abilities: &[String]) -> String {
    let mut named: Vec<String> = abilities
        .iter()
        .take(MAX_ABILITIES_NAMED)
        .map(|ability| short(ability))
        .collect();
    if abilities.len() > named.len() {
        named.push(format!("{} more", abilities.len() - named.len()));
    }
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::row;

    fn shown(key: KeyRow) -> Shown {
        Shown {
            key,
            friction: Friction::Dialog,
            places: 0,
            possible_places: 0,
        }
    }

    fn time(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    /// The message about a change to a key of 2026.
    fn told(change: impl FnOnce(&mut Shown)) -> String {
        let before = shown(KeyRow {
            created_at: time("2026-01-05T10:00:00Z"),
            ..row("7", "CI")
        });
        let mut now = before.clone();
        change(&mut now);
        in_words(&changes(&before, &now))
    }

    #[test]
    fn a_key_that_is_as_it_was_shown_has_no_changes() {
        assert_eq!(told(|_| {}), "");
        assert_eq!(
            told(|now| now.key.abilities.push("monitors:read".to_owned())),
            ""
        );
    }

    #[test]
    fn each_change_is_one_sentence() {
        let used = "2026-11-22T14:00:00Z";
        type Change = Box<dyn FnOnce(&mut Shown)>;
        let cases: [(Change, &str); 11] = [
            (
                Box::new(|now| now.key.last_eight = "00000000".to_owned()),
                "It has another token (…00000000): somebody rotated it.",
            ),
            (
                Box::new(move |now| now.key.rotated_at = time(used)),
                "It has another token (…ab12cd34): somebody rotated it.",
            ),
            (
                Box::new(move |now| now.key.created_at = time(used)),
                "It was created at another time than shown: it may be another key.",
            ),
            (
                Box::new(|now| now.key.name = "production master".to_owned()),
                "It was called “CI” before.",
            ),
            (
                Box::new(|now| {
                    now.key.team = Some(TeamView {
                        id: "2".to_owned(),
                        name: "Ops".to_owned(),
                        role: None,
                    });
                }),
                "It belongs to the team “Ops” now.",
            ),
            (
                Box::new(|now| now.key.abilities = vec!["*".to_owned()]),
                "It has other abilities: now also *; no longer monitors:read.",
            ),
            (
                Box::new(|now| now.key.own = true),
                "Pulse Keys signs in with it now.",
            ),
            (
                Box::new(move |now| now.key.last_used_at = time(used)),
                "Something used it at 22 Nov 2026 14:00:00 UTC.",
            ),
            (
                Box::new(|now| now.key.last_use_known = false),
                "PulseAPI reports its last use differently than before.",
            ),
            (
                Box::new(|now| now.places = 2),
                "It was found in 2 places on this machine, not in 0.",
            ),
            (
                Box::new(|now| now.friction = Friction::TypePhrase),
                "It needs a closer look than before.",
            ),
        ];
        for (change, expected) in cases {
            assert_eq!(told(change), expected);
        }
    }

    #[test]
    fn a_last_use_that_went_away_or_back_is_a_change_too() {
        let used = KeyRow {
            last_used_at: time("2026-11-22T14:00:00Z"),
            ..row("7", "CI")
        };
        for now in [None, time("2026-11-20T14:00:00Z")] {
            let after = KeyRow {
                last_used_at: now,
                ..used.clone()
            };
            assert_eq!(
                changes(&shown(used.clone()), &shown(after)),
                [KeyChange::LastUse]
            );
        }
    }

    #[test]
    fn the_apps_own_use_of_its_own_key_is_no_news() {
        let own = |at| {
            shown(KeyRow {
                own: true,
                last_used_at: time(at),
                ..row("7", "CI")
            })
        };
        let (before, after) = (own("2026-11-22T14:00:00Z"), own("2026-11-22T14:00:01Z"));
        assert_eq!(changes(&before, &after), []);
    }

    #[test]
    fn several_changes_are_told_one_after_the_other() {
        assert_eq!(
            told(|now| {
                now.key.name = "production master".to_owned();
                now.key.last_eight = "00000000".to_owned();
                now.friction = Friction::OwnKey;
            }),
            "It has another token (…00000000): somebody rotated it. It was called “CI” before."
        );
    }
}
