//! How a search ends: by itself, or at once when it is stopped; and how often it tells of itself.

use std::cell::{Cell, RefCell};
use std::fs;
use std::time::Instant;

use usage::{Event, Tier};

use crate::support::{Token, run, scan};

/// Enough to keep a search busy for a while.
fn busy_home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let text = "a line that holds no key, and another word\n".repeat(200_000);
    for name in 0..24 {
        fs::write(home.path().join(format!("{name}.log")), &text).unwrap();
    }
    home
}

#[test]
fn a_stopped_search_reads_no_further_and_keeps_what_it_found() {
    let home = busy_home();
    let token = Token::new(7);
    // Named places come first, long before the logs.
    fs::write(home.path().join(".env"), format!("K={}\n", token.whole())).unwrap();
    let search = scan(&[token.search_key()], home.path())
        .tier(Tier::Everything)
        .threads(Some(2));
    let cancel = search.cancel();
    // A log is large enough to be told of before more of it than its beginning is read.
    let (findings, summary) = run(search.telling_what_is_read(move |_| cancel.stop()));
    assert!(summary.stopped);
    assert_eq!(findings.len(), 1);
    let one_log = fs::metadata(home.path().join("0.log")).unwrap().len();
    assert!(
        summary.totals.bytes < one_log,
        "{} bytes",
        summary.totals.bytes
    );
}

#[test]
fn progress_is_told_at_most_ten_times_a_second_and_at_the_end() {
    let home = busy_home();
    let token = Token::new(7);
    let told = RefCell::new(Vec::new());
    let last = Cell::new(0);
    let summary = scan(&[token.search_key()], home.path())
        .threads(Some(1))
        .run(&|event| {
            if let Event::Progress(progress) = event {
                told.borrow_mut().push(Instant::now());
                last.set(progress.files);
            }
        });
    let told = told.into_inner();
    let most = summary.took.as_millis() / 100 + 1;
    assert!(
        told.len() as u128 <= most,
        "{} in {:?}",
        told.len(),
        summary.took
    );
    assert!(!told.is_empty());
    assert_eq!(last.get(), summary.totals.files);
}

#[test]
fn a_search_for_nothing_in_nothing_ends() {
    let home = tempfile::tempdir().unwrap();
    let (findings, summary) = run(scan(&[], home.path()));
    assert!(findings.is_empty() && !summary.is_incomplete());
}
