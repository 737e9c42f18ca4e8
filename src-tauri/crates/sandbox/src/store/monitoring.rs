//! Queries about monitors, checks and incidents: the read-only set that keys are used for.

use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;

use super::instant::Instant;
use super::keys::Team;

/// `Monitor` in openapi.yaml.
#[derive(Debug, Serialize)]
pub(crate) struct Monitor {
    id: i64,
    name: String,
    url: String,
    method: String,
    interval_seconds: i64,
    status: String,
    team: Team,
    last_checked_at: Option<Instant>,
    created_at: Instant,
}

/// `Check` in openapi.yaml.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    id: i64,
    monitor_id: i64,
    status: String,
    status_code: Option<i64>,
    response_time_ms: Option<i64>,
    region: String,
    checked_at: Instant,
}

/// `Incident` in openapi.yaml.
#[derive(Debug, Serialize)]
pub(crate) struct Incident {
    id: i64,
    monitor_id: i64,
    monitor_name: String,
    status: String,
    cause: String,
    started_at: Instant,
    resolved_at: Option<Instant>,
}

const SELECT_MONITOR: &str = "SELECT m.id, m.name, m.url, m.method, m.interval_seconds, m.status,
    t.id, t.name, (SELECT max(checked_at) FROM checks WHERE monitor_id = m.id), m.created_at
    FROM monitors m JOIN teams t ON t.id = m.team_id WHERE m.team_id = ?1";

fn read_monitor(row: &Row<'_>) -> rusqlite::Result<Monitor> {
    Ok(Monitor {
        id: row.get(0)?,
        name: row.get(1)?,
        url: row.get(2)?,
        method: row.get(3)?,
        interval_seconds: row.get(4)?,
        status: row.get(5)?,
        team: Team {
            id: row.get(6)?,
            name: row.get(7)?,
        },
        last_checked_at: row.get(8)?,
        created_at: row.get(9)?,
    })
}

/// One page of a team's monitors, and how many there are.
pub(crate) fn monitors(
    database: &Connection,
    team: i64,
    offset: i64,
    limit: i64,
) -> rusqlite::Result<(Vec<Monitor>, i64)> {
    let rows = database
        .prepare_cached(&format!(
            "{SELECT_MONITOR} ORDER BY m.id LIMIT ?2 OFFSET ?3"
        ))?
        .query_map([team, limit, offset], read_monitor)?
        .collect::<rusqlite::Result<_>>()?;
    let total = database.query_row(
        "SELECT count(*) FROM monitors WHERE team_id = ?1",
        [team],
        |row| row.get(0),
    )?;
    Ok((rows, total))
}

/// One monitor of a team.
pub(crate) fn monitor(
    database: &Connection,
    team: i64,
    id: i64,
) -> rusqlite::Result<Option<Monitor>> {
    database
        .prepare_cached(&format!("{SELECT_MONITOR} AND m.id = ?2"))?
        .query_row([team, id], read_monitor)
        .optional()
}

/// One page of a monitor's checks, newest first, and how many there are.
pub(crate) fn checks(
    database: &Connection,
    monitor: i64,
    offset: i64,
    limit: i64,
) -> rusqlite::Result<(Vec<Check>, i64)> {
    let rows = database
        .prepare_cached(
            "SELECT id, monitor_id, status, status_code, response_time_ms, region, checked_at
             FROM checks WHERE monitor_id = ?1
             ORDER BY checked_at DESC, id DESC LIMIT ?2 OFFSET ?3",
        )?
        .query_map([monitor, limit, offset], |row| {
            Ok(Check {
                id: row.get(0)?,
                monitor_id: row.get(1)?,
                status: row.get(2)?,
                status_code: row.get(3)?,
                response_time_ms: row.get(4)?,
                region: row.get(5)?,
                checked_at: row.get(6)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let total = database.query_row(
        "SELECT count(*) FROM checks WHERE monitor_id = ?1",
        [monitor],
        |row| row.get(0),
    )?;
    Ok((rows, total))
}

/// One page of a team's incidents, newest first, and how many there are.
pub(crate) fn incidents(
    database: &Connection,
    team: i64,
    offset: i64,
    limit: i64,
) -> rusqlite::Result<(Vec<Incident>, i64)> {
    let rows = database
        .prepare_cached(
            "SELECT i.id, m.id, m.name, i.status, i.cause, i.started_at, i.resolved_at
             FROM incidents i JOIN monitors m ON m.id = i.monitor_id WHERE m.team_id = ?1
             ORDER BY i.started_at DESC, i.id DESC LIMIT ?2 OFFSET ?3",
        )?
        .query_map([team, limit, offset], |row| {
            Ok(Incident {
                id: row.get(0)?,
                monitor_id: row.get(1)?,
                monitor_name: row.get(2)?,
                status: row.get(3)?,
                cause: row.get(4)?,
                started_at: row.get(5)?,
                resolved_at: row.get(6)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let total = database.query_row(
        "SELECT count(*) FROM incidents i JOIN monitors m ON m.id = i.monitor_id
         WHERE m.team_id = ?1",
        [team],
        |row| row.get(0),
    )?;
    Ok((rows, total))
}
