use std::collections::BTreeSet;

use super::messages;
use super::news::{Found, compare};
use crate::records::watched::{KeyInPlace, Places, SeenBy};
use crate::tests::row;

fn found(key: &str, place: &str, seen_by: &[SeenBy]) -> Found {
    Found {
        at: KeyInPlace {
            key: key.to_owned(),
            last_eight: "ab12cd34".to_owned(),
            place: place.to_owned(),
        },
        shown: place.to_owned(),
        seen_by: seen_by.iter().cloned().collect(),
    }
}

#[test]
fn a_place_is_new_once_and_of_a_first_look_none_is() {
    let rows = [row("7", "CI")];
    let first = vec![found("7", "a", &[])];
    let (news, known) = compare(&rows, first.clone(), &Places::new(), true);
    assert!(news.is_empty());
    let (news, known) = compare(&rows, first.clone(), &known, false);
    assert!(news.is_empty());
    let second = vec![found("7", "a", &[]), found("7", "b", &[])];
    let (news, known) = compare(&rows, second.clone(), &known, false);
    assert_eq!(news[0].places, ["b"]);
    assert!(compare(&rows, second, &known, false).0.is_empty());
    // It went, and came back.
    let (_, known) = compare(&rows, first, &known, false);
    let (news, _) = compare(&rows, vec![found("7", "b", &[])], &known, false);
    assert_eq!(news[0].places, ["b"]);
}

#[test]
fn who_can_see_it_is_told_of_a_first_look_too_and_again_only_when_it_was_otherwise_between() {
    let rows = [row("7", "CI")];
    let open = vec![found("7", "a", &[SeenBy::EveryUser])];
    let (news, known) = compare(&rows, open.clone(), &Places::new(), true);
    assert!(news[0].places.is_empty());
    assert_eq!(news[0].seen, [("a".to_owned(), SeenBy::EveryUser)]);
    assert!(compare(&rows, open.clone(), &known, false).0.is_empty());
    let (news, known) = compare(&rows, vec![found("7", "a", &[])], &known, false);
    assert!(news.is_empty());
    let (news, known) = compare(&rows, open, &known, false);
    assert_eq!(news.len(), 1);
    let other = vec![found(
        "7",
        "a",
        &[SeenBy::EveryUser, SeenBy::Remote("git.test".to_owned())],
    )];
    let (news, known) = compare(&rows, other, &known, false);
    let remote = SeenBy::Remote("git.test".to_owned());
    assert_eq!(news[0].seen, [("a".to_owned(), remote)]);
    assert!(known.values().all(|seen: &BTreeSet<_>| seen.len() == 2));
    // A key that is not in the list any more.
    assert!(
        compare(&[], vec![found("7", "b", &[])], &known, false)
            .0
            .is_empty()
    );
}

#[test]
fn the_words_claim_only_what_is_known() {
    let rows = [row("7", "CI  \u{202E}x"), row("8", "")];
    let remote = SeenBy::Remote("git.test".to_owned());
    let of = |found: Vec<Found>| compare(&rows, found, &Places::new(), false).0;
    let news = of(vec![found("7", "~/a", &[]), found("7", "~/b", &[])]);
    let said = messages::of_one(&news[0]);
    assert!(
        said.ends_with("turned up in 2 new places: ~/a and ~/b."),
        "{said}"
    );
    assert!(!said.contains('\u{202E}'), "{said}");
    let news = of(vec![found("8", "~/a/.git", &[SeenBy::EveryUser, remote])]);
    let said = messages::of_one(&news[0]);
    assert!(
        said.contains("every user of this computer, in ~/a/.git."),
        "{said}"
    );
    assert!(said.contains("a remote at git.test"), "{said}");
    assert!(said.contains("is not known here"), "{said}");
    let (title, text) = messages::notification(&news).unwrap();
    assert!(!title.contains("~/") && !text.contains("~/"));
    assert!(messages::notification(&[]).is_none());
    let places: Vec<_> = ["a", "b", "c", "d"]
        .map(|place| found("7", place, &[]))
        .into();
    let said = messages::of_one(&of(places)[0]);
    assert!(
        said.ends_with("in 4 new places: a, b and 2 more."),
        "{said}"
    );
}
