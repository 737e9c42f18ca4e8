//! What a search says of a key, for each of the ways in which one may stand on a disk: found, and how surely; or told as
//! not looked into, with the reason. Never silent.
//!
//! `cargo test -p usage --test it -- the_recall_table --nocapture` prints it, and with `PULSE_KEYS_REGENERATE=1` writes it
//! anew.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use usage::{Finding, Level, SearchKey, Summary, Tier};

use crate::forms::{self, Form};
use crate::support::{Token, run, scan};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/recall.md");

/// How many answers are silent: none may be.
const SILENT: usize = 0;

/// How many ways there are at least.
const MIN_LINES: usize = 160;

#[test]
fn the_recall_table_is_as_written_and_no_more_of_it_is_silent() {
    let mut table = "| kind | form | place | usual search | everything |\n".to_owned();
    table.push_str("| --- | --- | --- | --- | --- |\n");
    let mut lines = 0;
    for (number, form) in forms::all().into_iter().enumerate() {
        let token = Token::new(1000 + number);
        let home = tempfile::tempdir().unwrap();
        // A folder whose name says nothing, or the rules for names would look at it.
        let home = home.path().canonicalize().unwrap().join("h");
        std::fs::create_dir(&home).unwrap();
        (form.put)(&home, &token);
        let [usual, everything] =
            [Tier::Folders, Tier::Everything].map(|tier| said(&form, &home, &token, tier));
        let Form {
            kind, form, place, ..
        } = form;
        let form = form.replace('|', "\\|");
        table.push_str(&format!(
            "| {kind} | {form} | {place} | {usual} | {everything} |\n"
        ));
        lines += 1;
    }
    println!("{table}");
    let counts = ["this key", "gap", "silent"].map(|word| table.matches(word).count());
    println!(
        "{lines} lines; this key {}, gap {}, silent {}",
        counts[0], counts[1], counts[2]
    );
    if std::env::var_os("PULSE_KEYS_REGENERATE").is_some() {
        std::fs::write(FILE, &table).unwrap();
    }
    let written = std::fs::read_to_string(FILE).unwrap_or_default();
    for (now, then) in table.lines().zip(written.lines()) {
        assert_eq!(
            now, then,
            "see the head of this file for how to write it anew"
        );
    }
    assert_eq!(table.lines().count(), written.lines().count());
    assert!(lines >= MIN_LINES, "{lines} lines");
    assert_eq!(counts[2], SILENT, "answers of which nothing is said");
}

/// What is said of the key in the home folder.
fn said(form: &Form, home: &Path, token: &Token, tier: Tier) -> String {
    // A link that leads out of what is searched has its target beside it.
    let root = if form.place.starts_with("home/") {
        home.join("home")
    } else {
        home.to_owned()
    };
    let key: SearchKey = token.search_key();
    let (findings, summary) = run(scan(&[key], &root).tier(tier));
    let best = findings
        .iter()
        .filter(|finding| finding.key.as_deref() == Some(&token.id))
        // Of several, the plainest: which comes first is up to the threads.
        .max_by_key(|finding| (finding.level, Reverse(finding.way())));
    match best {
        Some(finding) => found(finding),
        None => gaps(&summary),
    }
}

fn found(finding: &Finding) -> String {
    let level = match finding.level {
        Level::ThisKey => "this key",
        Level::Probable => "probable",
        Level::Mention => "mention",
        Level::Older | Level::Unlisted | Level::Hint => "other",
    };
    match finding.way() {
        Some(way) => format!("{level}: {way}"),
        None => level.to_owned(),
    }
}

fn gaps(summary: &Summary) -> String {
    let mut gaps = BTreeMap::new();
    for skipped in &summary.skipped {
        let what = skipped
            .what
            .as_deref()
            .map(|what| format!(" ({what})"))
            .unwrap_or_default();
        let known = if skipped.reason.is_gap() {
            "gap"
        } else {
            "left out"
        };
        gaps.insert(
            format!("{known}: {:?}{what}", skipped.reason),
            skipped.count,
        );
    }
    if gaps.is_empty() {
        return "silent".to_owned();
    }
    let words: Vec<_> = gaps
        .iter()
        .map(|(words, count)| format!("{words} {count}"))
        .collect();
    words.join(", ")
}
