//! Queries about API keys. A token reaches this module only as [`TokenBody`] and is stored as a hash.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde::Serialize;

use super::instant::Instant;
use crate::token::TokenBody;

/// A key as the API shows it: everything but its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(
    missing_docs,
    reason = "the fields are those of `ApiKey` in openapi.yaml"
)]
pub struct Key {
    pub id: i64,
    pub name: String,
    pub last_eight: String,
    pub abilities: Vec<String>,
    pub team: Team,
    pub last_used_at: Option<Instant>,
    pub created_at: Instant,
    pub rotated_at: Option<Instant>,
}

/// The team that something belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(
    missing_docs,
    reason = "the fields are those of `Team` in openapi.yaml"
)]
pub struct Team {
    pub id: i64,
    pub name: String,
}

/// A key before it has an id and a token.
#[derive(Debug, Clone)]
pub(crate) struct NewKey {
    pub(crate) user_id: i64,
    pub(crate) team_id: i64,
    pub(crate) name: String,
    pub(crate) abilities: Vec<String>,
    pub(crate) created_at: Instant,
    pub(crate) last_used_at: Option<Instant>,
    pub(crate) rotated_at: Option<Instant>,
}

const SELECT: &str = "SELECT k.id, k.name, k.last_eight, k.abilities, t.id, t.name,
    k.last_used_at, k.created_at, k.rotated_at
    FROM api_keys k JOIN teams t ON t.id = k.team_id WHERE k.user_id = :user";

fn read(row: &Row<'_>) -> rusqlite::Result<Key> {
    Ok(Key {
        id: row.get(0)?,
        name: row.get(1)?,
        last_eight: row.get(2)?,
        abilities: read_abilities(row, 3)?,
        team: Team {
            id: row.get(4)?,
            name: row.get(5)?,
        },
        last_used_at: row.get(6)?,
        created_at: row.get(7)?,
        rotated_at: row.get(8)?,
    })
}

/// Abilities are kept as a JSON list.
pub(crate) fn read_abilities(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

/// One page of a user's keys, newest first, and how many there are.
pub(crate) fn page(
    database: &Connection,
    user: i64,
    offset: i64,
    limit: i64,
) -> rusqlite::Result<(Vec<Key>, i64)> {
    let rows = database
        .prepare_cached(&format!(
            "{SELECT} ORDER BY k.created_at DESC, k.id DESC LIMIT :limit OFFSET :offset"
        ))?
        .query_map(
            named_params! {":user": user, ":limit": limit, ":offset": offset},
            read,
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok((rows, count(database, user)?))
}

/// How many keys a user has.
pub(crate) fn count(database: &Connection, user: i64) -> rusqlite::Result<i64> {
    database
        .prepare_cached("SELECT count(*) FROM api_keys WHERE user_id = ?1")?
        .query_row([user], |row| row.get(0))
}

/// One of a user's keys.
pub(crate) fn find(database: &Connection, user: i64, id: i64) -> rusqlite::Result<Option<Key>> {
    database
        .prepare_cached(&format!("{SELECT} AND k.id = :id"))?
        .query_row(named_params! {":user": user, ":id": id}, read)
        .optional()
}

/// Adds a key and gives its id.
pub(crate) fn insert(
    database: &Connection,
    key: &NewKey,
    token: &TokenBody,
) -> rusqlite::Result<i64> {
    let abilities = serde_json::Value::from(key.abilities.clone()).to_string();
    database
        .prepare_cached(
            "INSERT INTO api_keys (user_id, team_id, name, abilities, token_hash, last_eight,
                 last_used_at, created_at, rotated_at)
             VALUES (:user, :team, :name, :abilities, :hash, :last_eight, :used, :created, :rotated)",
        )?
        .insert(named_params! {
            ":user": key.user_id,
            ":team": key.team_id,
            ":name": key.name,
            ":abilities": abilities,
            ":hash": token.hash(),
            ":last_eight": token.last_eight(),
            ":used": key.last_used_at,
            ":created": key.created_at,
            ":rotated": key.rotated_at,
        })
}

/// Puts a new token in the place of the old one; `false` when the user has no such key.
pub(crate) fn rotate(
    database: &Connection,
    user: i64,
    id: i64,
    token: &TokenBody,
    now: Instant,
) -> rusqlite::Result<bool> {
    let changed = database
        .prepare_cached(
            "UPDATE api_keys SET token_hash = :hash, last_eight = :last_eight, rotated_at = :now
             WHERE id = :id AND user_id = :user",
        )?
        .execute(named_params! {
            ":hash": token.hash(),
            ":last_eight": token.last_eight(),
            ":now": now,
            ":id": id,
            ":user": user,
        })?;
    Ok(changed > 0)
}

/// Revokes a key; `false` when the user has no such key.
pub(crate) fn delete(database: &Connection, user: i64, id: i64) -> rusqlite::Result<bool> {
    let changed = database
        .prepare_cached("DELETE FROM api_keys WHERE id = ?1 AND user_id = ?2")?
        .execute([id, user])?;
    Ok(changed > 0)
}

/// Notes that a key was used.
pub(crate) fn touch(database: &Connection, id: i64, now: Instant) -> rusqlite::Result<()> {
    database
        .prepare_cached("UPDATE api_keys SET last_used_at = ?1 WHERE id = ?2")?
        .execute((now, id))
        .map(drop)
}
