//! What counts as a token, and what can be told from it.

use pulseapi::{BearerToken, KeyId, TokenError};
use secrecy::ExposeSecret;

use crate::support::{TOKEN, token};

#[test]
fn white_space_and_the_scheme_around_a_token_are_dropped() {
    for pasted in [
        TOKEN.to_owned(),
        format!("  {TOKEN}\r\n"),
        format!("Bearer {TOKEN}"),
        format!(" bearer\t{TOKEN}\n"),
    ] {
        assert_eq!(
            BearerToken::parse(&pasted)
                .unwrap()
                .secret()
                .expose_secret(),
            TOKEN
        );
    }
    assert_eq!(
        BearerToken::parse("bearer_token")
            .unwrap()
            .secret()
            .expose_secret(),
        "bearer_token"
    );
}

#[test]
fn what_is_no_token_is_refused_by_meaning() {
    for (pasted, error) in [
        ("", TokenError::Empty),
        (" Bearer \n", TokenError::Empty),
        ("7|abc def", TokenError::Whitespace),
        ("7|abc\n8|def", TokenError::Whitespace),
        ("7|abc\u{a0}def", TokenError::Whitespace),
        ("7|abc\0def", TokenError::Control),
        ("7|abc…", TokenError::NotAscii),
        ("“7|abc”", TokenError::NotAscii),
    ] {
        assert_eq!(BearerToken::parse(pasted).unwrap_err(), error, "{pasted:?}");
    }
    assert_eq!(
        BearerToken::parse(&"a".repeat(5000)).unwrap_err(),
        TokenError::TooLong
    );
}

#[test]
fn a_token_tells_its_record_and_its_end() {
    assert_eq!(token().record_id(), Some("7"));
    assert_eq!(token().last_eight().as_deref(), Some("a1b2c3d4"));
    let plain = BearerToken::parse("secret-abc").unwrap();
    assert_eq!(plain.record_id(), None);
    assert_eq!(
        plain.last_eight(),
        None,
        "eight of ten characters would give it away"
    );
}

#[test]
fn an_id_that_would_leave_its_place_in_the_path_is_refused() {
    for id in ["", ".", "..", "a b", "a\n"] {
        assert!(KeyId::parse(id).is_err(), "{id:?}");
    }
    assert_eq!(KeyId::parse("01J-x").unwrap().as_str(), "01J-x");
}
