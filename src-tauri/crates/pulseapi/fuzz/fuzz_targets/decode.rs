//! Whatever a server answers, decoding neither panics nor tells a secret, and a fresh token in it is found.
//!
//! The first bytes of the input say what is put where into the rest of it, and how the answer arrives: random bytes
//! alone never make a token. Left out: the connection.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pulseapi::fuzzing::{Arrived, CREDENTIAL, read};
use secrecy::ExposeSecret as _;

/// The random part of a token that belongs to nobody.
const RANDOM: &str = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8n";

static FRESH: LazyLock<String> =
    LazyLock::new(|| format!("41|pulse_{RANDOM}{:08x}", crc32fast::hash(RANDOM.as_bytes())));

/// The token as different servers write it, whole or in part; the first ones are whole.
static SPELLED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let fresh = FRESH.as_str();
    let json = |bar: &str| format!("\"{}\"", fresh.replace('|', bar));
    [
        json("|"),
        json("\\u007c"),
        json("&#124;"),
        json("%7C"),
        format!("\\\"{}\\\"", fresh.replace('|', "\\\\u007c")),
        format!("\"{CREDENTIAL}\""),
        format!("\"{}\"", &fresh[..fresh.len() - 3]),
        format!("\"token\":\"{fresh}\""),
        String::new(),
    ]
    .map(String::into_bytes)
    .into()
});

/// How many of them hold the whole token.
const WHOLE: usize = 5;

const STATUS: [u16; 8] = [200, 201, 302, 401, 404, 409, 422, 500];

fuzz_target!(|input: &[u8]| {
    let [which, high, low, how, body @ ..] = input else {
        return;
    };
    let mut body = body.to_vec();
    let which = usize::from(*which) % SPELLED.len();
    let place = usize::from(u16::from_be_bytes([*high, *low])).min(body.len());
    body.splice(place..place, SPELLED[which].iter().copied());
    let arrived = Arrived {
        status: STATUS[usize::from(*how & 7)],
        is_html: how & 8 != 0,
        is_whole: how & 16 != 0,
        rotates: how & 32 != 0,
        body: &body,
    };

    let outcome = read(&arrived);

    for told in &outcome.told {
        for secret in [FRESH.as_str(), &FRESH[3..], &FRESH[9..30], CREDENTIAL, &CREDENTIAL[8..30]] {
            assert!(!told.contains(secret), "an error tells a secret");
        }
    }
    if let Some(token) = &outcome.token {
        assert!(!token.expose_secret().contains(&CREDENTIAL[8..]), "the credential was taken for a fresh token");
    }
    // Where nothing in the rest can pass for a token or a part of one, the one that was put there is found.
    let has_own = input[4..].iter().any(|byte| b"|\\&%\0".contains(byte))
        || input[4..].windows(40).any(|run| run.iter().all(u8::is_ascii_alphanumeric))
        || input[4..].windows(5).any(|part| part.eq_ignore_ascii_case(b"token"));
    if which < WHOLE && !has_own {
        let found = outcome.token.as_ref().map(|token| token.expose_secret());
        assert_eq!(found, Some(FRESH.as_str()), "the token was not found");
    }
});
