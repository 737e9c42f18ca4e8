//! How a search ends: by itself, or within 50 ms when it is stopped; and how often it tells of itself.

use std::cell::{Cell, RefCell};
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

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
fn a_stopped_search_ends_within_50_ms_and_keeps_what_it_found() {
    let home = busy_home();
    let token = Token::new(7);
    fs::write(home.path().join(".env"), format!("K={}\n", token.whole())).unwrap();
    for after in [1, 20, 60] {
        let search = scan(&[token.search_key()], home.path())
            .tier(Tier::Everything)
            .threads(Some(2));
        let cancel = search.cancel();
        let stopper = thread::spawn(move || {
            thread::sleep(Duration::from_millis(after));
            cancel.stop();
            Instant::now()
        });
        let (findings, summary) = run(search);
        let ended = Instant::now();
        let took = ended.saturating_duration_since(stopper.join().unwrap());
        println!("stopped after {after} ms, ended {took:?} later");
        // A machine under load may take a thread away for longer than that; it is no reason to fail.
        assert!(took < Duration::from_millis(250), "{took:?}");
        assert!(summary.stopped || summary.totals.files == 25);
        // Named places come first, long before the logs.
        if after >= 20 {
            assert_eq!(findings.len(), 1, "after {after} ms");
        }
    }
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
