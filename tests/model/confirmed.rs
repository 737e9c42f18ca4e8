//! What the user saw before saying yes, and whether what was deleted was that.

use pulse_keys_core::host::Reply;
use pulse_keys_core::text::{ago, exact};
use pulse_keys_core::view::KeyRow;
use sandbox::Key;

use crate::ledger::{Held, broken, key_number};
use crate::test_host::Answered;
use crate::world::World;

/// A key as the user saw it before saying yes.
#[derive(Clone, Debug)]
pub(crate) struct Confirmed {
    id: i64,
    abilities: Vec<String>,
    team: Option<String>,
    own: bool,
}

impl Confirmed {
    pub(crate) fn of(row: &KeyRow) -> Self {
        Self {
            id: key_number(&row.id),
            abilities: row.abilities.clone(),
            team: row.team.as_ref().map(|team| team.id.clone()),
            own: row.own,
        }
    }
}

impl World {
    /// What was deleted was what the user had seen when saying yes.
    pub(crate) fn deleted_as_confirmed(&self, confirmed: &[Confirmed]) -> Held {
        let answered = self.answered();
        let yes = answered
            .iter()
            .rev()
            .find(|asked| asked.reply == Reply::Yes);
        for deletion in self.stage.script.deletions() {
            let Some(key) = deletion.key else {
                continue;
            };
            let Some(yes) = yes else {
                return broken("b: deleted without a yes", format!("key {}", deletion.id));
            };
            if !deletion.read_the_truth {
                continue;
            }
            let seen = confirmed.iter().find(|seen| seen.id == deletion.id);
            let Some(seen) = seen else {
                return broken(
                    "b: deleted unseen",
                    format!("key {} was on no card", deletion.id),
                );
            };
            if let Some(differs) = differs(&key, seen, yes) {
                return broken(
                    "b: deleted in another state than confirmed",
                    format!("key {} {}: {differs}", key.id, key.name),
                );
            }
        }
        Ok(())
    }
}

/// In what a key differs from what the user saw.
fn differs(key: &Key, seen: &Confirmed, yes: &Answered) -> Option<String> {
    let question = format!(
        "{} {}",
        yes.question.headline,
        yes.question.paragraphs.join(" ")
    );
    let team = key.team.id.to_string();
    if !question.contains(&key.name) {
        return Some(format!("it is called {} by now", key.name));
    }
    if !question.contains(&key.last_eight) {
        return Some(format!("its token ends in {} by now", key.last_eight));
    }
    if key.abilities != seen.abilities {
        return Some(format!("it may {:?} by now", key.abilities));
    }
    if seen.team.as_ref().is_some_and(|seen| *seen != team) {
        return Some(format!("it is of team {team} by now"));
    }
    let used = key.last_used_at.map(|used| used.0);
    let is_told = match used {
        _ if seen.own => true,
        Some(used) => {
            question.contains(&exact(used))
                || question.contains(&format!("last used {}", ago(used, yes.at)))
        }
        None => question.contains("never"),
    };
    (!is_told).then(|| format!("it was last used {used:?} by now"))
}
