//! Queries about users, teams and whose a token is.

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use super::keys::{Team, read_abilities};
use crate::settings::Plan;
use crate::token::Presented;

/// What a valid token stands for.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub(crate) key_id: i64,
    pub(crate) user_id: i64,
    /// The key reaches only this team's resources.
    pub(crate) team_id: i64,
    pub(crate) abilities: Vec<String>,
    pub(crate) plan: Plan,
}

/// `User` in openapi.yaml.
#[derive(Debug, Serialize)]
pub(crate) struct User {
    id: i64,
    name: String,
    email: String,
    plan: String,
    current_team: Team,
    teams: Vec<Membership>,
}

#[derive(Debug, Serialize)]
struct Membership {
    id: i64,
    name: String,
    role: String,
}

/// The credential behind a presented token; `None` when it is unknown, rotated or deleted.
pub(crate) fn credential(
    database: &Connection,
    presented: &Presented,
) -> rusqlite::Result<Option<Credential>> {
    database
        .prepare_cached(
            "SELECT k.id, k.user_id, k.team_id, k.abilities, u.plan
             FROM api_keys k JOIN users u ON u.id = k.user_id
             WHERE k.token_hash = ?1 AND (?2 IS NULL OR k.id = ?2)",
        )?
        .query_row((presented.hash, presented.id), |row| {
            let plan: String = row.get(4)?;
            Ok(Credential {
                key_id: row.get(0)?,
                user_id: row.get(1)?,
                team_id: row.get(2)?,
                abilities: read_abilities(row, 3)?,
                plan: plan.parse().map_err(|error| {
                    rusqlite::Error::FromSqlConversionFailure(
                        4,
                        rusqlite::types::Type::Text,
                        Box::new(error),
                    )
                })?,
            })
        })
        .optional()
}

/// The hash of a key's token, for a cache that remembers it; `None` when there is no such key.
#[cfg(feature = "faults")]
pub(crate) fn token_hash(
    database: &Connection,
    key: i64,
) -> rusqlite::Result<Option<crate::token::TokenHash>> {
    database
        .prepare_cached("SELECT token_hash FROM api_keys WHERE id = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()
}

/// A user with their teams.
pub(crate) fn user(database: &Connection, id: i64) -> rusqlite::Result<User> {
    let teams = database
        .prepare_cached(
            "SELECT t.id, t.name, m.role FROM memberships m JOIN teams t ON t.id = m.team_id
             WHERE m.user_id = ?1 ORDER BY t.id",
        )?
        .query_map([id], |row| {
            Ok(Membership {
                id: row.get(0)?,
                name: row.get(1)?,
                role: row.get(2)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    database
        .prepare_cached(
            "SELECT u.id, u.name, u.email, u.plan, t.id, t.name
             FROM users u JOIN teams t ON t.id = u.current_team_id WHERE u.id = ?1",
        )?
        .query_row([id], |row| {
            Ok(User {
                id: row.get(0)?,
                name: row.get(1)?,
                email: row.get(2)?,
                plan: row.get(3)?,
                current_team: Team {
                    id: row.get(4)?,
                    name: row.get(5)?,
                },
                teams,
            })
        })
}

/// Whether a user belongs to a team.
pub(crate) fn is_member(database: &Connection, user: i64, team: i64) -> rusqlite::Result<bool> {
    database
        .prepare_cached("SELECT 1 FROM memberships WHERE user_id = ?1 AND team_id = ?2")?
        .exists([user, team])
}

/// Changes the plan of every account.
pub(crate) fn set_plan(database: &Connection, plan: Plan) -> rusqlite::Result<()> {
    database
        .execute("UPDATE users SET plan = ?1", [plan.as_str()])
        .map(drop)
}
