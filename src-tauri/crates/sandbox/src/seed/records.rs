//! What the seeded records share: whose they are, and when things happened.

use jiff::{SignedDuration, Timestamp};

use crate::store::{Instant, NewKey};

/// The user whose keys are shown.
pub(crate) const USER: i64 = 204;
/// Somebody else, to prove that lists are personal.
pub(super) const COLLEAGUE: i64 = 219;
/// "Acme Ops", the active team.
pub(crate) const TEAM: i64 = 31;
/// "Acme Labs", the second one.
pub(super) const SECOND_TEAM: i64 = 58;

/// The moment so many minutes ago.
pub(super) fn minutes_ago(now: Timestamp, minutes: i64) -> Instant {
    Instant(
        now.checked_sub(SignedDuration::from_mins(minutes))
            .unwrap_or(now),
    )
}

/// The moment so many days ago.
pub(super) fn days_ago(now: Timestamp, days: i64) -> Instant {
    minutes_ago(now, days * 24 * 60)
}

/// A key of the seeded user; more is set by the caller.
pub(super) fn key(team_id: i64, name: &str, abilities: &[&str], created_at: Instant) -> NewKey {
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
