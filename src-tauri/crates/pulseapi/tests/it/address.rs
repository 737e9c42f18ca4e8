//! What counts as an address, and which bases are tried for it.

use pulseapi::{AddressError, BaseUrl};

use crate::support::base;

#[test]
fn what_people_type_is_understood() {
    for (typed, meant) in [
        ("https://api.pulseapi.io/v1", "https://api.pulseapi.io/v1"),
        (
            "  https://api.pulseapi.io/v1/\n",
            "https://api.pulseapi.io/v1",
        ),
        ("api.pulseapi.io/v1", "https://api.pulseapi.io/v1"),
        ("HTTPS://API.PulseAPI.io", "https://api.pulseapi.io"),
        (
            "https://api.pulseapi.io:443/v1//",
            "https://api.pulseapi.io/v1",
        ),
        (
            "https://api.pulseapi.io//api///v1",
            "https://api.pulseapi.io/api/v1",
        ),
        ("http://127.0.0.1:4010/v1", "http://127.0.0.1:4010/v1"),
        ("http://127.8.8.8:4010", "http://127.8.8.8:4010"),
        ("http://[::1]:4010/v1", "http://[::1]:4010/v1"),
        ("localhost:4010/v1", "http://localhost:4010/v1"),
        ("https://localhost:4010", "https://localhost:4010"),
    ] {
        assert_eq!(base(typed).to_string(), meant, "{typed:?}");
    }
}

#[test]
fn everything_else_is_refused_by_meaning() {
    for (typed, error) in [
        ("   ", AddressError::Empty),
        ("https://api.pulseapi.io/v 1", AddressError::Whitespace),
        ("https://api.pulse\napi.io", AddressError::Whitespace),
        ("https://", AddressError::Unreadable),
        ("https:api.pulseapi.io", AddressError::Unreadable),
        ("mailto:ada@example.com", AddressError::UserInfo),
        ("ftp://api.pulseapi.io", AddressError::Scheme),
        ("file:///etc/passwd", AddressError::Scheme),
        ("http://api.pulseapi.io", AddressError::PlainHttp),
        ("http://localhost.example.com", AddressError::PlainHttp),
        ("http://127.0.0.1.example.com", AddressError::PlainHttp),
        ("http://0.0.0.0:80", AddressError::PlainHttp),
        (
            "https://ada:hunter2@api.pulseapi.io",
            AddressError::UserInfo,
        ),
        ("http://127.0.0.1@evil.example", AddressError::UserInfo),
        ("https://api.pulseapi.io/v1?token=1", AddressError::Query),
        ("https://api.pulseapi.io/v1#keys", AddressError::Fragment),
    ] {
        assert_eq!(BaseUrl::parse(typed).unwrap_err(), error, "{typed:?}");
    }
    assert_eq!(
        BaseUrl::parse(&"a".repeat(5000)).unwrap_err(),
        AddressError::TooLong
    );
}

#[test]
fn a_password_in_an_address_is_not_repeated() {
    let error = BaseUrl::parse("https://ada:hunter2@api.pulseapi.io").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[test]
fn candidates_are_the_address_and_both_documented_prefixes_each_once() {
    let texts = |typed| {
        base(typed)
            .candidates()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        texts(BaseUrl::DOCUMENTED),
        [
            "https://api.pulseapi.io/v1",
            "https://api.pulseapi.io/api/v1"
        ]
    );
    assert_eq!(
        texts("https://status.example:8443/pulse"),
        [
            "https://status.example:8443/pulse",
            "https://status.example:8443/v1",
            "https://status.example:8443/api/v1"
        ]
    );
}

#[test]
fn an_address_is_kept_as_a_string_and_checked_when_it_is_read_again() {
    let json = serde_json::to_string(&base(BaseUrl::DOCUMENTED)).unwrap();
    assert_eq!(json, r#""https://api.pulseapi.io/v1""#);
    assert_eq!(
        serde_json::from_str::<BaseUrl>(&json).unwrap(),
        base(BaseUrl::DOCUMENTED)
    );
    assert!(serde_json::from_str::<BaseUrl>(r#""http://api.pulseapi.io""#).is_err());
}
