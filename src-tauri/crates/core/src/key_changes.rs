//! What differs between a key as the user was asked about it and as the service describes it now.
//!
//! Left out: what is done about it (`delete`, `rotate`).

use crate::text::exact;
use crate::view::KeyRow;
use crate::words::named;

/// Each difference that matters to somebody who has just said yes, as a sentence.
pub(crate) fn changes(asked: &KeyRow, now: &KeyRow) -> Vec<String> {
    let mut changes = Vec::new();
    if now.name != asked.name {
        changes.push(format!("It was renamed: it is {} now.", named(now)));
    }
    if now.last_eight != asked.last_eight || now.rotated_at != asked.rotated_at {
        changes.push(format!(
            "It was rotated: its token ends in …{} now.",
            now.last_eight
        ));
    }
    if now.team.as_ref().map(|team| &team.id) != asked.team.as_ref().map(|team| &team.id) {
        changes.push(match &now.team {
            Some(team) => format!("It belongs to the team {} now.", team.name),
            None => "It belongs to no team now.".to_owned(),
        });
    }
    if now.abilities != asked.abilities {
        changes.push("What it may do was changed.".to_owned());
    }
    match (asked.last_used_at, now.last_used_at) {
        (before, Some(used)) if before.is_none_or(|before| used > before) => {
            changes.push(format!("It was used at {}.", exact(used)));
        }
        _ if asked.last_use_known && !now.last_use_known => {
            changes.push("PulseAPI does not say any more when it was used.".to_owned());
        }
        _ => {}
    }
    if now.own != asked.own {
        changes.push(if now.own {
            "Pulse Keys signs in with it now.".to_owned()
        } else {
            "Pulse Keys does not sign in with it any more.".to_owned()
        });
    }
    changes
}
