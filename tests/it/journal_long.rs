//! How long a journal of a million rows takes, and how much memory: printed, not asserted.
//!
//! `cargo test --release -p pulse-keys-tests --test it journal_long -- --ignored --nocapture`

use std::time::Instant;

use pulse_keys_core::journal::JournalRow;
use pulse_keys_core::view::{ChainView, JournalFormat, JournalRequest};
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};

use crate::world::World;

const ROWS: i64 = 1_000_000;

/// What the app itself would have written.
fn fill(database: &Connection) {
    let mut previous_hash: String = database
        .query_row(
            "SELECT hash FROM journal ORDER BY number DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .unwrap();
    database
        .execute_batch("PRAGMA synchronous = OFF; BEGIN")
        .unwrap();
    let mut insert = database
        .prepare("INSERT INTO journal VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)")
        .unwrap();
    for number in 2..=ROWS {
        let mut row = JournalRow {
            number,
            at: "2026-11-22T14:00:00Z".to_owned(),
            account: "00000000-0000-0000-0000-000000000007".to_owned(),
            account_label: "ops@acme.example".to_owned(),
            action: ["create_key", "rotate_key", "store_token", "delete_key"][number as usize % 4]
                .to_owned(),
            key_id: Some((number % 997).to_string()),
            key_name: Some(format!("Service {}", number % 997)),
            last_eight: Some(format!("{:08x}", number * 2_654_435 % 4_294_967_291)),
            outcome: "done, 401 confirmed".to_owned(),
            request_id: Some("0f6a1b52-7c1d-4f0e-9a63-0c5d3f1e9b77".to_owned()),
            previous_hash,
            hash: String::new(),
        };
        row.hash = hex::encode(Sha256::digest(serde_json::to_vec(&row).unwrap()));
        insert
            .execute(params![
                row.number,
                row.at,
                row.account,
                row.account_label,
                row.action,
                row.key_id,
                row.key_name,
                row.last_eight,
                row.outcome,
                row.request_id,
                row.previous_hash,
                row.hash
            ])
            .unwrap();
        previous_hash = row.hash;
    }
    drop(insert);
    database
        .execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
}

/// Memory of this process that is its own, in MiB: now, and at its highest.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace()
            .nth(1)?
            .parse::<u64>()
            .ok()
            .map(|kib| kib / 1024)
    };
    format!(
        "{:?} MiB now, {:?} MiB at its highest",
        of("VmRSS"),
        of("VmHWM")
    )
}

async fn measured<T>(what: &str, work: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let done = work.await;
    println!(
        "{what}: {:.1} ms; {}",
        begun.elapsed().as_secs_f64() * 1e3,
        memory()
    );
    done
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures a million rows, which takes minutes"]
async fn a_million_rows() {
    let (mut world, _) = World::with_keychain().await;
    let size = |world: &World| {
        let file = std::fs::metadata(world.folders().database_file()).unwrap();
        file.len() / 1024 / 1024
    };
    let begun = Instant::now();
    let mut started = None;
    world.restart_after(|folders| {
        fill(&Connection::open(folders.database_file()).unwrap());
        println!("written in {:.1} s", begun.elapsed().as_secs_f64());
        started = Some(Instant::now());
    });
    println!(
        "start: {:.1} ms, file of {} MiB; {}",
        started.unwrap().elapsed().as_secs_f64() * 1e3,
        size(&world),
        memory()
    );
    let page = |before, text: &str, action: Option<&str>| JournalRequest {
        before,
        limit: 200,
        text: text.to_owned(),
        action: action.map(str::to_owned),
        of_key: None,
    };
    for (what, request) in [
        ("first page", page(None, "", None)),
        ("first page again", page(None, "", None)),
        ("page in the middle", page(Some(ROWS / 2), "", None)),
        ("page of an action", page(None, "", Some("rotate_key"))),
        (
            "page of the only action of its kind",
            page(None, "", Some("sign_in")),
        ),
        ("page of a frequent text", page(None, "service 7", None)),
        (
            "page of a text that is nowhere",
            page(None, "nowhere", None),
        ),
    ] {
        let got = measured(what, world.app.journal_page(request))
            .await
            .unwrap();
        println!("  {} rows", got.rows.len());
    }
    for what in ["verification", "verification again"] {
        let verified = measured(what, world.app.verify_journal(|_| {}))
            .await
            .unwrap();
        assert_eq!(
            (verified.rows, verified.chain),
            (1_000_000, ChainView::Whole)
        );
    }
    // How long others wait for the database meanwhile.
    world.restart();
    let mut longest = std::time::Duration::ZERO;
    let verifying = world.app.verify_journal(|_| {});
    tokio::pin!(verifying);
    loop {
        let begun = Instant::now();
        tokio::select! {
            verified = &mut verifying => {
                verified.unwrap();
                break;
            }
            got = world.app.journal_page(page(None, "", None)) => {
                got.unwrap();
                longest = longest.max(begun.elapsed());
            }
        }
    }
    println!(
        "longest first page while it is verified: {:.1} ms",
        longest.as_secs_f64() * 1e3
    );
    for (name, format) in [
        ("j.csv", JournalFormat::Csv),
        ("j.json", JournalFormat::Json),
    ] {
        world.saves_to(Some(world.folder().join(name)));
        measured(name, world.app.export_journal(format))
            .await
            .unwrap();
    }
}
