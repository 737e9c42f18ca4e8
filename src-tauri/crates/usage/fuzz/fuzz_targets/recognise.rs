//! Whatever stands in a file, the matcher neither panics nor tells a secret, and no neighbour hides a key from it.
//!
//! The first bytes of the input say what is put where into the rest of it: random bytes alone never come to the proof,
//! which begins only behind 8 characters that are right. Left out: the search through folders and histories.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use usage::{Level, SearchKey, recognise};

/// The random part of a token that belongs to nobody.
const BODY: &str = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8n";
const ID: &str = "1042";

static LAST_EIGHT: LazyLock<String> =
    LazyLock::new(|| format!("{:08x}", crc32fast::hash(BODY.as_bytes())));
static KEYS: LazyLock<Vec<SearchKey>> =
    LazyLock::new(|| vec![SearchKey::new(ID, &LAST_EIGHT).expect("8 visible characters")]);

/// The token as different files write it, whole or in part.
static SPELLED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let secret = format!("{BODY}{}", *LAST_EIGHT);
    let whole = format!("{ID}|{secret}");
    let wide: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let texts = [
        whole,
        format!("{ID}%7C{secret}"),
        format!("{ID}\\u007c{secret}"),
        format!("{ID}&#124;{secret}"),
        format!("7|{secret}"),
        secret,
        LAST_EIGHT.clone(),
        format!("{}{}", &BODY[3..], *LAST_EIGHT),
    ];
    let mut spelled: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    spelled.push(wide);
    spelled
});

fuzz_target!(|input: &[u8]| {
    let [which, high, low, text @ ..] = input else {
        return;
    };
    let mut text = text.to_vec();
    let spelled = &SPELLED[usize::from(*which) % SPELLED.len()];
    let place = usize::from(u16::from_be_bytes([*high, *low])).min(text.len());
    text.splice(place..place, spelled.iter().copied());

    let found = recognise(&text, &KEYS);

    for each in &found {
        assert!(!each.mask.contains(&BODY[8..16]), "a mask tells the secret");
        let longest = each.mask.split(|letter: char| !letter.is_ascii_alphanumeric()).map(str::len).max();
        assert!(longest <= Some(36), "{} is no mask", each.mask);
        assert!(each.line >= 1);
    }
    // Between characters that end a token, the token as it is is proved, whatever else is around.
    let is_whole = usize::from(*which) % SPELLED.len() == 0;
    let is_edge = |at: Option<&u8>| at.is_none_or(|byte| byte.is_ascii_whitespace());
    let before = place.checked_sub(1).and_then(|at| text.get(at));
    if is_whole && is_edge(before) && is_edge(text.get(place + spelled.len())) {
        let proved = found.iter().any(|each| each.level == Level::ThisKey && each.key.as_deref() == Some(ID));
        assert!(proved, "the key was not found");
    }
});
