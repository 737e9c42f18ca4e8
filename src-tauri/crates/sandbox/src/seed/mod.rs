//! The records of a fresh sandbox: believable people, teams, keys and monitors, all dated relative to
//! the moment at which the database is made.
//!
//! The tokens of seeded keys are drawn and thrown away: like the keys of colleagues they are in use
//! somewhere, and nobody here knows them.

mod generated;
mod handwritten;
mod monitoring;

use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rusqlite::Connection;

use crate::settings::Plan;
use crate::store::{Instant, NewKey, accounts, keys};
use crate::token::TokenBody;

/// The person whose keys are shown.
pub(crate) const USER: i64 = 204;
/// Somebody else, to prove that lists are personal.
const COLLEAGUE: i64 = 219;
/// "Acme Ops", the active team.
pub(crate) const TEAM: i64 = 31;
/// "Acme Labs", the second one.
const SECOND_TEAM: i64 = 58;

/// Ids of keys count on from here. Small ones would be hit by chance when a test guesses numbers.
const FIRST_KEY_ID: i64 = 41_207;

/// Seeds an empty database; fills an existing one up to `wanted` keys; sets the plan. One transaction.
pub(crate) fn fill(
    database: &mut Connection,
    random: &mut StdRng,
    now: Timestamp,
    wanted: Option<u32>,
    plan: Plan,
) -> rusqlite::Result<()> {
    let filling = database.transaction()?;
    let mut new_keys = Vec::new();
    let is_empty = !filling.prepare("SELECT 1 FROM users")?.exists([])?;
    if is_empty {
        people(&filling)?;
        monitoring::fill(&filling, random, now)?;
        new_keys = handwritten::keys(now);
        new_keys.truncate(wanted.map_or(usize::MAX, |wanted| wanted as usize));
        keys::insert(
            &filling,
            &handwritten::colleagues_key(now),
            &TokenBody::random(random),
        )?;
    }
    let present = keys::count(&filling, USER)? as usize + new_keys.len();
    let missing = (wanted.unwrap_or(0) as usize).saturating_sub(present);
    new_keys.extend((0..missing).map(|_| generated::key(random, now)));
    // Older keys have smaller ids, as they would.
    new_keys.sort_by_key(|key| key.created_at);
    for key in &new_keys {
        keys::insert(&filling, key, &TokenBody::random(random))?;
    }
    accounts::set_plan(&filling, plan)?;
    filling.commit()
}

fn people(database: &Connection) -> rusqlite::Result<()> {
    database.execute_batch(&format!(
        "INSERT INTO teams (id, name) VALUES ({TEAM}, 'Acme Ops'), ({SECOND_TEAM}, 'Acme Labs');
         INSERT INTO users (id, name, email, plan, current_team_id) VALUES
            ({USER}, 'Robin Okafor', 'ops@acme.example', 'team', {TEAM}),
            ({COLLEAGUE}, 'Mira Lindqvist', 'mira@acme.example', 'team', {TEAM});
         INSERT INTO memberships (user_id, team_id, role) VALUES
            ({USER}, {TEAM}, 'owner'), ({USER}, {SECOND_TEAM}, 'admin'),
            ({COLLEAGUE}, {TEAM}, 'member');
         INSERT INTO sqlite_sequence (name, seq) VALUES ('api_keys', {FIRST_KEY_ID});"
    ))
}

/// The moment so many minutes ago.
fn minutes_ago(now: Timestamp, minutes: i64) -> Instant {
    Instant(
        now.checked_sub(SignedDuration::from_mins(minutes))
            .unwrap_or(now),
    )
}

/// The moment so many days ago.
fn days_ago(now: Timestamp, days: i64) -> Instant {
    minutes_ago(now, days * 24 * 60)
}

/// A key of the seeded person; more is set by the caller.
fn key(team_id: i64, name: &str, abilities: &[&str], created_at: Instant) -> NewKey {
    NewKey {
        user_id: USER,
        team_id,
        name: name.to_owned(),
        abilities: abilities
            .iter()
            .map(|&ability| ability.to_owned())
            .collect(),
        created_at,
        last_used_at: None,
        rotated_at: None,
    }
}
