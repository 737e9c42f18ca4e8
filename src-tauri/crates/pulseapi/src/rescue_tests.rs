//! What is found, and which of several.

use super::*;

/// A token of another key, with a checksum that is right.
fn proved(id: &str, random: &str) -> String {
    format!(
        "{id}|pulse_{random}{:08x}",
        crc32fast::hash(random.as_bytes())
    )
}

const FIRST: &str = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8n";
const SECOND: &str = "zY3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8n";
const THIRD: &str = "mM3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8n";

/// In the older form: no checksum.
fn old_form(id: &str) -> String {
    format!("{id}|{SECOND}")
}

struct Case {
    rotated: Option<KeyId>,
    last_eight: Option<String>,
    is_whole: bool,
    is_success: bool,
}

impl Case {
    fn plain() -> Self {
        Self {
            rotated: None,
            last_eight: None,
            is_whole: true,
            is_success: true,
        }
    }

    fn rotating(id: &str) -> Self {
        Self {
            rotated: Some(KeyId::parse(id).unwrap()),
            ..Self::plain()
        }
    }

    fn find(&self, body: impl AsRef<[u8]>) -> Option<String> {
        let credential = BearerToken::parse(&proved("7", THIRD)).unwrap();
        let built_in = crate::contract::Contract::built_in().profile().unwrap();
        let search = TokenSearch {
            body: body.as_ref(),
            is_whole: self.is_whole,
            is_success: self.is_success,
            rotated: self.rotated.as_ref(),
            record: None,
            last_eight: self.last_eight.as_deref(),
            credential: &credential,
            names: &built_in.answers.token,
        };
        token_in(&search).map(|token| token.secret().expose_secret().to_owned())
    }
}

#[test]
fn a_token_is_found_whatever_surrounds_it() {
    for token in [proved("12", FIRST), old_form("12")] {
        let bare = token.replace('|', "\\u007c");
        for body in [
            format!(r#"{{"data": {{"id": 12, "token": "{token}"}}}}"#),
            format!(r#"{{"data": [{{"plainTextToken": "{token}"}}]}}"#),
            format!(r#"{{"a": {{"b": {{"c": [[["{token}"]]]}}}}}}"#),
            format!(r#"["{token}"]"#),
            format!(r#""{token}""#),
            format!(r#"{{"token": "{bare}"}}"#),
            format!(r#"{{"token": {{"id": 3}}, "value": "{token}"}}"#),
            format!(r#"{{"{token}": true}}"#),
            serde_json::json!({"body": serde_json::json!({"token": token}).to_string()})
                .to_string(),
            format!(
                r#"{{"body": "{{\"token\": \"{}\"}}"}}"#,
                token.replace('|', "\\\\u007c")
            ),
            format!(
                "<html><p>Your token:</p><code>{}</code>",
                token.replace('|', "&#124;")
            ),
            format!("<input value='{token}'>"),
            format!("token={}&id=12", token.replace('|', "%7C")),
            format!("Your new token is {token}, keep it.\n"),
            format!("\u{feff}{{\"token\":\"{token}\"}}"),
            format!(r#"{{"message": "line\n{token}\nline"}}"#),
        ] {
            assert_eq!(Case::plain().find(&body).as_ref(), Some(&token), "{body}");
        }
        let mut odd = vec![0xff, 0xfe, b'{'];
        odd.extend_from_slice(format!("\"x\":\"{token}\"").as_bytes());
        odd.extend([0xc3, 0x28, 0]);
        assert_eq!(Case::plain().find(&odd).as_ref(), Some(&token));
        let wide: Vec<u8> = format!("\"{token}\"")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(Case::plain().find(&wide).as_ref(), Some(&token));
    }
}

#[test]
fn a_body_that_breaks_off_gives_a_whole_token_and_never_half_of_one() {
    let broken = Case {
        is_whole: false,
        ..Case::plain()
    };
    let token = proved("12", FIRST);
    let body = format!(r#"{{"data": {{"token": {{"id": 12}}}}, "token": "{token}""#);
    let end = body.len();
    assert_eq!(broken.find(&body).as_ref(), Some(&token));
    assert_eq!(
        broken.find(&body[..end - 1]).as_ref(),
        Some(&token),
        "its checksum says that it is whole"
    );
    for missing in 2..token.len() {
        assert_eq!(
            broken.find(&body[..end - missing]),
            None,
            "{missing} missing"
        );
    }
    let token = old_form("12");
    let body = format!(r#"{{"token": "{token}""#);
    assert_eq!(broken.find(&body).as_ref(), Some(&token));
    assert_eq!(
        broken.find(&body[..body.len() - 1]),
        None,
        "there may be more of it"
    );
    assert_eq!(
        Case::plain().find(&token).as_ref(),
        Some(&token),
        "plain text ends with it"
    );
}

#[test]
fn the_credential_is_never_the_fresh_token() {
    let credential = proved("7", THIRD);
    let token = proved("12", FIRST);
    for echo in [
        format!(r#"{{"token": "{credential}"}}"#),
        format!(r#"{{"message": "{credential} is fine"}}"#),
        format!(
            r#"{{"header": "Bearer {}"}}"#,
            credential.replace('|', "\\u007c")
        ),
        format!(r#"{{"hash": "{}"}}"#, credential.split('|').nth(1).unwrap()),
        format!(r#"{{"cut": "{}…"}}"#, &credential[..50]),
    ] {
        assert_eq!(Case::plain().find(&echo), None, "{echo}");
        let both = format!(r#"[{echo}, {{"x": "{token}"}}]"#);
        assert_eq!(Case::plain().find(&both).as_ref(), Some(&token));
    }
}

#[test]
fn of_several_the_fresh_one_is_chosen() {
    let (fresh, other) = (proved("41", FIRST), proved("12", SECOND));
    let list = |first: &str, second: &str| format!(r#"{{"a": "{first}", "b": "{second}"}}"#);
    for body in [list(&fresh, &other), list(&other, &fresh)] {
        let of_key = Case::rotating("41").find(&body);
        assert_eq!(
            of_key.as_ref(),
            Some(&fresh),
            "the one of the key that was rotated"
        );
        let told = Case {
            last_eight: Some(other[other.len() - 8..].to_owned()),
            ..Case::rotating("41")
        };
        assert_eq!(
            told.find(&body).as_ref(),
            Some(&other),
            "the one that the record tells of"
        );
    }
    for body in [list(&fresh, &old_form("3")), list(&old_form("3"), &fresh)] {
        assert_eq!(
            Case::plain().find(&body).as_ref(),
            Some(&fresh),
            "the one that is proved"
        );
    }
    let previous = proved("41", SECOND);
    for body in [
        format!(r#"{{"old_token": "{previous}", "token": "{fresh}"}}"#),
        format!(r#"{{"token": "{fresh}", "previousToken": "{previous}"}}"#),
    ] {
        assert_eq!(Case::rotating("41").find(&body).as_ref(), Some(&fresh));
    }
    let body = format!(r#"{{"token": "opaque-value-0123456789", "data": {{"x": "{fresh}"}}}}"#);
    assert_eq!(
        Case::plain().find(&body).as_ref(),
        Some(&fresh),
        "form before place"
    );
    // What is left of the escape does not pass for the beginning of a body without an id.
    let escaped = format!(r#"{{"old": "\"{}\""}}"#, fresh.replace('|', "\\\\u007c"));
    assert_eq!(Case::plain().find(&escaped).as_ref(), Some(&fresh));
    let glued = format!("id41|{}", fresh.split('|').nth(1).unwrap());
    assert_eq!(Case::rotating("41").find(&glued).as_ref(), Some(&fresh));
}

#[test]
fn an_explanation_that_shows_what_a_token_looks_like_brings_none() {
    let refused = |rotated: Option<&str>| Case {
        is_success: false,
        ..rotated.map_or_else(Case::plain, Case::rotating)
    };
    let example = format!(
        r#"{{"message": "Send Authorization: Bearer {}"}}"#,
        old_form("1")
    );
    assert_eq!(refused(None).find(&example), None);
    assert_eq!(refused(Some("41")).find(&example), None);
    let fresh = format!(
        r#"{{"message": "Server Error", "token": "{}"}}"#,
        old_form("41")
    );
    assert_eq!(refused(Some("41")).find(&fresh), Some(old_form("41")));
    let token = proved("12", FIRST);
    let fresh = format!(r#"{{"message": "Server Error", "token": "{token}"}}"#);
    assert_eq!(refused(None).find(&fresh), Some(token));
}

#[test]
fn what_has_not_the_form_counts_only_in_the_place_of_a_token() {
    let opaque = "opaque.0123456789~abcdef";
    for body in [
        format!(r#"{{"token": "{opaque}"}}"#),
        format!(r#"{{"data": {{"token" : "{opaque}"}}}}"#),
        format!(r#"{{"token": 5, "x": {{"token":"{opaque}""#),
    ] {
        assert_eq!(Case::plain().find(&body).as_deref(), Some(opaque), "{body}");
    }
    for body in [
        format!(r#"{{"csrf": "{opaque}"}}"#),
        r#"{"token": "12|********************************************"}"#.to_owned(),
        r#"{"token": "[hidden]"}"#.to_owned(),
        r#"{"token": "see the dashboard"}"#.to_owned(),
        r#"{"token": ""}"#.to_owned(),
        format!(r#"{{"token": "{opaque}"#),
        "x".repeat(100_000),
        "12|".to_owned(),
        "|".repeat(10_000),
    ] {
        assert_eq!(
            Case::plain().find(&body),
            None,
            "{}",
            &body[..body.len().min(80)]
        );
    }
}

#[test]
fn a_message_is_told_without_tokens() {
    let token = proved("12", FIRST);
    for text in [
        format!("The token {token} is bad."),
        format!("The token {} is bad.", token.split('|').nth(1).unwrap()),
        format!("The token {} is bad.", &token[..25]),
    ] {
        assert_eq!(without_tokens(&text), "The token [token] is bad.");
    }
    for text in [
        "a|b",
        "Request 9f1c-7a is refused: no plan | no key.",
        "",
        "é 12|ab",
    ] {
        assert_eq!(without_tokens(text), text);
    }
}

#[test]
fn a_token_of_any_form_is_found_under_the_names_that_frameworks_give_it() {
    for name in [
        "token",
        "plainTextToken",
        "plain_text_token",
        "access_token",
        "accessToken",
    ] {
        for body in [
            format!(r#"{{"{name}": "pk_live_1234.abcd"}}"#),
            format!(r#"{{"data": {{"id": 12, "{name}": "pk_live_1234.abcd"}}}}"#),
        ] {
            let found = Case::plain().find(&body);
            assert_eq!(found.as_deref(), Some("pk_live_1234.abcd"), "{body}");
        }
    }
    let body = r#"{"name": "token", "masked_token": "pk_live_1234.abcd", "old_token": "pk_9.a"}"#;
    assert_eq!(Case::plain().find(body), None);
}
