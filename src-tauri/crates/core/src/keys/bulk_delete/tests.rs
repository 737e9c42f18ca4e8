use super::*;

use crate::tests::row as key;

fn shown(id: &str, friction: Friction) -> BulkRow {
    BulkRow {
        number: 1,
        key: key(id, "CI"),
        friction,
        risky: friction >= Friction::TypePhrase,
        evidence: String::new(),
        usage: not_searched(&key(id, "CI")),
        ticked: true,
        obstacle: None,
    }
}

fn ids(ids: &[&str]) -> Vec<KeyId> {
    ids.iter().map(|id| KeyId::parse(id).unwrap()).collect()
}

#[test]
fn a_key_that_is_named_twice_is_one() {
    assert_eq!(
        named_once(&ids(&["7", "3", "7"])).unwrap(),
        ids(&["7", "3"])
    );
}

#[test]
fn none_and_more_than_the_most_are_refused_in_words() {
    let many: Vec<String> = (0..=MAX_KEYS).map(|id| id.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(named_once(&ids(&many[..MAX_KEYS])).is_ok());
    for refused in [&[][..], &many] {
        assert!(!named_once(&ids(refused)).unwrap_err().message.is_empty());
    }
}

#[test]
fn only_what_was_shown_may_go_and_only_as_it_was_shown() {
    let before = [shown("1", Friction::SpelledOut)];
    let own = BulkRow {
        key: KeyRow {
            own: true,
            ..key("1", "CI")
        },
        ..shown("1", Friction::OwnKey)
    };
    let rotated = BulkRow {
        key: KeyRow {
            last_eight: "ffffffff".to_owned(),
            ..key("1", "CI")
        },
        ..shown("1", Friction::SpelledOut)
    };
    let renamed = BulkRow {
        key: key("1", "production master"),
        ..shown("1", Friction::SpelledOut)
    };
    let used = BulkRow {
        key: KeyRow {
            last_used_at: Some(jiff::Timestamp::UNIX_EPOCH),
            ..key("1", "CI")
        },
        ..shown("1", Friction::SpelledOut)
    };
    let cases = [
        (shown("1", Friction::SpelledOut), None),
        // Older is calmer, and needs no second look.
        (shown("1", Friction::Dialog), None),
        (
            shown("1", Friction::TypePhraseStrongly),
            Some(Change::CloserLook),
        ),
        (rotated, Some(Change::Rotated)),
        (own, Some(Change::Own)),
        (
            missing(None, &ids(&["1"])[0], messages::GONE, messages::NO_RECORD),
            Some(Change::Gone),
        ),
        (
            missing(
                None,
                &ids(&["1"])[0],
                messages::IN_DOUBT,
                messages::CONTRADICTION,
            ),
            Some(Change::InDoubt),
        ),
        (renamed, Some(Change::Edited)),
        (used, Some(Change::CloserLook)),
        (shown("2", Friction::Dialog), Some(Change::NotShown)),
    ];
    for (now, expected) in cases {
        let wanted = [now.key.id.clone()];
        let found = changes(std::slice::from_ref(&now), &before, &wanted);
        assert_eq!(found.get(&wanted[0]).copied(), expected, "{now:?}");
    }
}

#[test]
fn a_change_of_a_key_that_is_not_wanted_is_no_reason_to_ask_again() {
    let before = [shown("1", Friction::Dialog), shown("2", Friction::Dialog)];
    let now = [
        shown("1", Friction::Dialog),
        shown("2", Friction::TypePhrase),
    ];
    assert!(changes(&now, &before, &ids(&["1"])).is_empty());
}
