//! A few monitors with a day of checks and some incidents, so that a key has something to read.

use jiff::Timestamp;
use rand::RngExt;
use rand::rngs::StdRng;
use rusqlite::Connection;

use super::records::{SECOND_TEAM, TEAM, days_ago, minutes_ago};
use crate::store::Instant;

/// (id, team, name, url, seconds between checks, status)
const MONITORS: [(i64, i64, &str, &str, i64, &str); 5] = [
    (
        611,
        TEAM,
        "Shop front",
        "https://shop.acme.example/",
        60,
        "up",
    ),
    (
        612,
        TEAM,
        "Checkout API",
        "https://api.acme.example/checkout/health",
        60,
        "up",
    ),
    (
        613,
        TEAM,
        "Webhook receiver",
        "https://hooks.acme.example/ping",
        300,
        "down",
    ),
    (
        614,
        TEAM,
        "Old intranet",
        "https://intranet.acme.example/",
        900,
        "paused",
    ),
    (
        702,
        SECOND_TEAM,
        "Labs preview",
        "https://preview.labs.acme.example/",
        300,
        "up",
    ),
];

const REGIONS: [&str; 3] = ["eu-central", "us-east", "ap-southeast"];

/// Checks kept for each monitor.
const CHECKS: i64 = 48;

pub(super) fn fill(
    database: &Connection,
    random: &mut StdRng,
    now: Timestamp,
) -> rusqlite::Result<()> {
    for (id, team, name, url, interval, status) in MONITORS {
        database.execute(
            "INSERT INTO monitors VALUES (?1, ?2, ?3, ?4, 'GET', ?5, ?6, ?7)",
            (
                id,
                team,
                name,
                url,
                interval,
                status,
                days_ago(now, 500 + id % 100),
            ),
        )?;
        for nth in 0..CHECKS {
            check(
                database,
                random,
                id,
                status,
                minutes_ago(now, nth * interval / 60),
            )?;
        }
    }
    let mut incident = database.prepare(
        "INSERT INTO incidents (monitor_id, status, cause, started_at, resolved_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let resolved = Some(days_ago(now, 17));
    incident.execute((
        612,
        "resolved",
        "HTTP 503",
        minutes_ago(now, 17 * 1440 + 34),
        resolved,
    ))?;
    incident.execute((
        611,
        "resolved",
        "TLS certificate expired",
        days_ago(now, 61),
        { Some(minutes_ago(now, 61 * 1440 - 52)) },
    ))?;
    let open = None::<Instant>;
    incident.execute((
        702,
        "acknowledged",
        "Slow answers",
        minutes_ago(now, 190),
        open,
    ))?;
    incident.execute((
        613,
        "open",
        "Connection refused",
        minutes_ago(now, 41),
        open,
    ))?;
    Ok(())
}

fn check(
    database: &Connection,
    random: &mut StdRng,
    monitor: i64,
    status: &str,
    at: Instant,
) -> rusqlite::Result<()> {
    let region = REGIONS[random.random_range(0..REGIONS.len())];
    let answered = status != "down";
    let time = answered.then(|| random.random_range(38..420));
    database
        .prepare_cached(
            "INSERT INTO checks (monitor_id, status, status_code, response_time_ms, region,
                 checked_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            monitor,
            if answered { "up" } else { "down" },
            answered.then_some(200),
            time,
            region,
            at,
        ))
        .map(drop)
}
