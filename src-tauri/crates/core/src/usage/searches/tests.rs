//! What a search adds up to, without a disk: verdicts, what stays of an older search, and who may stop whom.

use super::*;
use usage::{Event, Level};

use crate::tests::row;
use crate::usage::found::tests::finding;
use crate::usage::protocol::Ended;
use usage::Verdict;

const ACCOUNT: AccountId = AccountId(uuid::Uuid::nil());

fn begin(searches: &Searches, tier: SearchTier) -> Arc<Search> {
    let keys = vec![KeyFindings::of(&row("7", "CI"), true)];
    let reach = Reach::new(tier, &[], &[]);
    let search = Arc::new(Search::begin(ACCOUNT, reach, keys, Timestamp::UNIX_EPOCH));
    searches.begin(&search);
    search
}

fn finds(search: &Search, level: Level, path: &str) {
    search.take(Event::Found(finding(level, path)));
}

fn ends(searches: &Searches, search: &Arc<Search>, stopped: bool) {
    let ended = Ended {
        stopped,
        ..Ended::default()
    };
    search.end(Outcome::of(ended, stopped, &[]), Timestamp::UNIX_EPOCH);
    searches.end(search);
}

fn known(searches: &Searches) -> (Verdict, u32) {
    let evidence = searches.evidence(ACCOUNT, &row("7", "CI").id, "ab12cd34");
    (evidence.verdict, evidence.places)
}

#[test]
fn a_running_search_counts_as_what_it_found_so_far() {
    let searches = Searches::default();
    assert_eq!(known(&searches), (Verdict::NotSearched, 0));
    let search = begin(&searches, SearchTier::Folders);
    assert_eq!(known(&searches), (Verdict::NothingFound, 0));
    finds(&search, Level::Mention, "/a");
    assert_eq!(known(&searches), (Verdict::Possible, 0));
    finds(&search, Level::ThisKey, "/b");
    finds(&search, Level::ThisKey, "/b");
    assert_eq!(known(&searches), (Verdict::Confirmed, 1));
    assert!(
        searches
            .found(ACCOUNT, &row("7", "").id, "another")
            .is_none()
    );
}

#[test]
fn only_a_search_that_ends_and_goes_as_far_lowers_what_is_known() {
    let searches = Searches::default();
    let first = begin(&searches, SearchTier::Folders);
    finds(&first, Level::ThisKey, "/a");
    ends(&searches, &first, false);
    let stopped = begin(&searches, SearchTier::Folders);
    assert_eq!(known(&searches), (Verdict::Confirmed, 1));
    ends(&searches, &stopped, true);
    assert_eq!(known(&searches), (Verdict::Confirmed, 1));
    let shallow = begin(&searches, SearchTier::Named);
    ends(&searches, &shallow, false);
    assert_eq!(known(&searches), (Verdict::Confirmed, 1));
    let whole = begin(&searches, SearchTier::Folders);
    ends(&searches, &whole, false);
    assert_eq!(known(&searches), (Verdict::NothingFound, 0));
}

#[test]
fn a_new_search_stops_the_older_one_of_the_same_key_and_keeps_what_it_found() {
    let searches = Searches::default();
    let older = begin(&searches, SearchTier::Folders);
    finds(&older, Level::ThisKey, "/a");
    let newer = begin(&searches, SearchTier::Folders);
    assert!(older.cancel.is_stopped() && !newer.cancel.is_stopped());
    assert_eq!(known(&searches), (Verdict::Confirmed, 1));
    ends(&searches, &newer, false);
    ends(&searches, &older, true);
    assert_eq!(known(&searches), (Verdict::NothingFound, 0));
}

#[test]
fn what_was_found_of_another_token_of_the_key_counts_for_nothing() {
    let searches = Searches::default();
    let search = begin(&searches, SearchTier::Folders);
    finds(&search, Level::ThisKey, "/a");
    ends(&searches, &search, false);
    let rotated = KeyRow {
        last_eight: "ffffffff".to_owned(),
        ..row("7", "CI")
    };
    let evidence = searches.evidence(ACCOUNT, &rotated.id, &rotated.last_eight);
    assert_eq!(evidence.verdict, Verdict::NotSearched);
}

#[test]
fn a_dead_version_and_a_hint_are_no_places() {
    let searches = Searches::default();
    let search = begin(&searches, SearchTier::Folders);
    finds(&search, Level::Older, "/a");
    search.take(Event::Found(usage::Finding {
        key: None,
        ..finding(Level::Hint, "/b")
    }));
    ends(&searches, &search, false);
    assert_eq!(known(&searches), (Verdict::NothingFound, 0));
    assert_eq!(search.now().meta.hints.len(), 1);
}
