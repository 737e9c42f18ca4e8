//! A search that knows what an earlier one read: it opens nothing that has not changed, tells the same, and is not deceived.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use usage::{FileIndex, Finding, Level, Reason, Summary};

use crate::support::{Token, git, run, scan};

/// Long after everything that a test writes.
fn later() -> SystemTime {
    SystemTime::now() + Duration::from_hours(1)
}

/// Searches with what is known, and gives what is known then.
fn again(keys: &[&Token], root: &Path, known: &FileIndex) -> (Vec<Finding>, Summary, FileIndex) {
    let keys: Vec<_> = keys.iter().map(|token| token.search_key()).collect();
    let (mut findings, mut summary) = run(scan(&keys, root).index(known.clone(), later()));
    findings.sort_by(|one, other| {
        (&one.path, &one.key, one.line).cmp(&(&other.path, &other.key, other.line))
    });
    let known = summary.index.take().unwrap();
    (findings, summary, known)
}

fn home(files: &[(&str, &str)]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = home.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    home
}

#[test]
fn what_has_not_changed_is_not_opened_and_what_was_told_of_it_is_told_again() {
    let token = Token::new(7);
    let home = home(&[
        ("a/clean.txt", "nothing"),
        ("a/b/clean.md", "nothing"),
        ("shop/config", &format!("TOKEN={}\n", token.whole())),
    ]);
    let (first, summary, known) = again(&[&token], home.path(), &FileIndex::default());
    assert_eq!((summary.totals.files, summary.totals.unchanged), (3, 0));
    assert_eq!(known.len(), 3);
    let (second, summary, known) = again(&[&token], home.path(), &known);
    assert_eq!((summary.totals.files, summary.totals.bytes), (0, 0));
    assert_eq!(summary.totals.unchanged, 3);
    assert_eq!(first.len(), 1);
    assert_eq!(second, first);
    // It stays so, and text is all that it is.
    let text = serde_json::to_string(&known).unwrap();
    assert!(!text.contains(&token.secret()) && !text.contains("clean"));
    let (third, summary, _) = again(
        &[&token],
        home.path(),
        &serde_json::from_str(&text).unwrap(),
    );
    assert_eq!((third, summary.totals.unchanged), (first, 3));
}

#[test]
fn what_was_written_renamed_or_put_there_since_is_read() {
    let token = Token::new(7);
    let home = home(&[("one", "nothing"), ("two", "nothing"), ("three", "nothing")]);
    let (_, _, known) = again(&[&token], home.path(), &FileIndex::default());
    // As long as before, and as old as before.
    let line = token.whole();
    fs::write(home.path().join("one"), &line[..7]).unwrap();
    let old = fs::File::options()
        .write(true)
        .open(home.path().join("one"))
        .unwrap();
    old.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000))
        .unwrap();
    fs::rename(home.path().join("two"), home.path().join("four")).unwrap();
    fs::write(home.path().join("new"), &line).unwrap();
    let (found, summary, known) = again(&[&token], home.path(), &known);
    assert_eq!((summary.totals.files, summary.totals.unchanged), (3, 1));
    assert_eq!(found.len(), 1);
    fs::write(home.path().join("new"), "gone").unwrap();
    let (found, summary, _) = again(&[&token], home.path(), &known);
    assert_eq!((found.len(), summary.totals.files), (0, 1));
}

#[test]
fn a_key_that_is_new_is_looked_for_in_every_file_and_one_that_is_gone_is_not_told() {
    let (old, new) = (Token::new(7), Token::new(8));
    let text = format!("A={}\n\nB={}\n", old.whole(), new.whole());
    let home = home(&[("both", &text), ("clean", "nothing")]);
    let (found, _, known) = again(&[&old], home.path(), &FileIndex::default());
    assert_eq!(found.len(), 1);
    let (found, summary, known) = again(&[&old, &new], home.path(), &known);
    assert_eq!((summary.totals.files, summary.totals.unchanged), (2, 0));
    assert_eq!(found.len(), 2);
    let (found, summary, known) = again(&[&new], home.path(), &known);
    assert_eq!(summary.totals.unchanged, 2);
    let ids: Vec<_> = found.iter().map(|found| found.key.as_deref()).collect();
    assert_eq!(ids, [Some("8")]);
    // Rotated: it is another token from now on.
    let rotated = Token::new(8);
    let (found, summary, _) = again(&[&rotated], home.path(), &known);
    assert_eq!(summary.totals.unchanged, 0);
    assert!(found.iter().all(|found| found.level == Level::Older));
}

#[test]
fn what_was_not_looked_into_is_told_again() {
    let token = Token::new(7);
    let home = home(&[("clean", "nothing")]);
    let mut archive = vec![0x28, 0xb5, 0x2f, 0xfd];
    archive.extend([0xff; 64]);
    fs::write(home.path().join("x.tar.zst"), &archive).unwrap();
    let skipped = |summary: &Summary| -> Vec<(Reason, u64)> {
        let skipped = summary.skipped.iter();
        skipped
            .map(|skipped| (skipped.reason, skipped.count))
            .collect()
    };
    let (_, first, known) = again(&[&token], home.path(), &FileIndex::default());
    assert!(first.is_incomplete(), "{:?}", first.skipped);
    let (_, second, _) = again(&[&token], home.path(), &known);
    assert_eq!(second.totals.unchanged, 2);
    assert_eq!(skipped(&second), skipped(&first));
    assert_eq!(second.skipped, first.skipped);
}

#[test]
fn a_file_that_may_have_been_written_within_the_same_tick_is_read_again() {
    let token = Token::new(7);
    let home = home(&[("clean", "nothing")]);
    let keys = [token.search_key()];
    let search = |known| run(scan(&keys, home.path()).index(known, SystemTime::now())).1;
    let known = search(FileIndex::default()).index.unwrap();
    assert!(known.is_empty());
    assert_eq!(search(known).totals.unchanged, 0);
}

#[test]
fn a_stopped_search_forgets_nothing_and_claims_nothing() {
    let token = Token::new(7);
    let home = home(&[("a", "nothing"), ("b", "nothing")]);
    let (_, _, known) = again(&[&token], home.path(), &FileIndex::default());
    let stopped = scan(&[token.search_key()], home.path()).index(known.clone(), later());
    stopped.cancel().stop();
    let (_, summary) = run(stopped);
    assert!(summary.stopped);
    assert_eq!(summary.index.unwrap(), known);
    let stopped = scan(&[token.search_key()], home.path()).index(FileIndex::default(), later());
    stopped.cancel().stop();
    assert!(run(stopped).1.index.unwrap().is_empty());
}

#[test]
fn a_history_is_unpacked_once_and_what_was_found_in_it_is_told_again() {
    let token = Token::new(7);
    let home = home(&[("shop/.env", &token.whole())]);
    let shop = home.path().join("shop");
    git(&shop, &["init", "-q"]);
    git(&shop, &["add", "-A"]);
    git(&shop, &["commit", "-qm", "one"]);
    git(&shop, &["repack", "-adq"]);
    fs::write(shop.join(".env"), "gone").unwrap();
    git(&shop, &["commit", "-qam", "two"]);
    let (first, summary, known) = again(&[&token], home.path(), &FileIndex::default());
    assert!(summary.totals.objects >= 6);
    assert_eq!(first.len(), 1);
    assert!(first[0].object.is_some());
    let (second, summary, known) = again(&[&token], home.path(), &known);
    assert_eq!((summary.totals.objects, summary.totals.files), (0, 0));
    assert_eq!(second, first);
    // One commit more: what is in no pack yet is read, the pack is not.
    fs::write(shop.join("b"), token.whole()).unwrap();
    git(&shop, &["add", "-A"]);
    git(&shop, &["commit", "-qm", "three"]);
    fs::remove_file(shop.join("b")).unwrap();
    let (third, summary, _) = again(&[&token], home.path(), &known);
    assert!((1..=3).contains(&summary.totals.objects), "{summary:?}");
    // The same object as before: the commit has it under another name.
    assert!(third.iter().any(|found| found.object == first[0].object));
}
