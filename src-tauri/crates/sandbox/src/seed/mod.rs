//! The records of a fresh sandbox: believable users, teams, keys and monitors, all dated relative to
//! the moment at which the database is made.
//!
//! The tokens of seeded keys are drawn and thrown away: like the keys of colleagues they are in use
//! somewhere, and nobody here knows them.

mod generated;
mod handwritten;
mod monitoring;
mod records;

use jiff::Timestamp;
use rand::rngs::StdRng;
use rusqlite::Connection;

use records::{COLLEAGUE, SECOND_TEAM};
pub(crate) use records::{TEAM, USER};

use crate::settings::Plan;
use crate::store::{accounts, keys};
use crate::token::TokenBody;

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
        users(&filling)?;
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

fn users(database: &Connection) -> rusqlite::Result<()> {
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
