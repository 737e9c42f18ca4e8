//! Whether the last 8 characters of a key really end a token of it: the 40 characters before them, their checksum, the
//! record id and the digest. A right checksum proves it whatever stands around it: letters of another value, of a
//! binary file, of a longer text in base64. Only what nothing proves is judged by where it begins and ends. All of it
//! offline: trying a candidate at the server
//! would move the key's last use, the best evidence there is.

use sha2::{Digest, Sha256};

use super::checksum::{self, BODY};
use super::runs::is_alphanumeric;
use super::separator::{self, Lead};
use super::window::BEHIND;
use crate::finding::{Encoding, Level};
use crate::search_key::SearchKey;

/// Bodies of tokens without a checksum, whole: of Sanctum before 3.3, and before 2.6.
const LEGACY_BODY_CHARS: [usize; 2] = [40, 80];

/// From this length on a run of nothing but hexadecimal digits is taken for a digest.
const MIN_DIGEST_CHARS: usize = 16;

/// What the last 8 characters turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proof {
    pub(super) level: Level,
    /// Where the token begins: its record id, its prefix or its body.
    pub(super) start: usize,
    /// How the separator is written; raw without one.
    pub(super) spelled: Encoding,
    /// Whether the key's own record id stands before it.
    pub(super) with_id: bool,
}

/// What the record id before a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Id {
    Same,
    /// The key's own, directly behind something that may be a part of it.
    Glued,
    Other,
    Absent,
}

/// Judges the last 8 characters of `key` at `at`. `None`: they are a part of something else.
pub(super) fn judge(text: &[u8], at: usize, key: &SearchKey) -> Option<Proof> {
    let end = at + 8;
    // As far back as every window has the text.
    let run = at
        - text[..at]
            .iter()
            .rev()
            .take(BEHIND)
            .take_while(|byte| is_alphanumeric(**byte))
            .count();
    if at - run >= BODY && checksum::is_right(&text[at - BODY..at], key.last_eight) {
        return Some(genuine(text, at - BODY, end, key));
    }
    if text.get(end).is_some_and(|next| is_word(*next)) {
        return by_digest(text, run, end, key);
    }
    if let Some(proof) = LEGACY_BODY_CHARS
        .iter()
        .find_map(|length| legacy(text, end, *length, run, key))
    {
        return Some(proof);
    }
    if let Some(proof) = by_digest(text, run, end, key) {
        return Some(proof);
    }
    let is_digest = end - run >= MIN_DIGEST_CHARS && is_hexadecimal(&text[run..end]);
    (!is_digest).then_some(Proof {
        level: Level::Mention,
        start: run,
        spelled: Encoding::Raw,
        with_id: false,
    })
}

/// The checksum is right.
fn genuine(text: &[u8], body: usize, end: usize, key: &SearchKey) -> Proof {
    let lead = separator::lead(text, body);
    let (id, start) = id_of(text, &lead, key);
    let level = match id {
        Id::Same | Id::Glued => Level::ThisKey,
        // Another id says nothing against it: the secret is whole, and a service may give its records ids of another
        // form than its tokens (`key_1` beside `1|…`).
        Id::Other | Id::Absent if key.sha256.is_none() => Level::ThisKey,
        Id::Other | Id::Absent => Level::Probable,
    };
    let is_it = level != Level::ThisKey && has_digest(text, lead.secret, body, end, key);
    Proof {
        level: if is_it { Level::ThisKey } else { level },
        start,
        spelled: lead.separator.map_or(Encoding::Raw, |(_, spelled)| spelled),
        with_id: matches!(id, Id::Same | Id::Glued),
    }
}

/// Exactly as long as a token that has no checksum.
fn legacy(text: &[u8], end: usize, length: usize, run: usize, key: &SearchKey) -> Option<Proof> {
    let body = end.checked_sub(length).filter(|body| *body >= run)?;
    let separator = separator::separator(&text[..body]);
    let begins_here = body == 0 || !is_word(text[body - 1]);
    if separator.is_none() && !begins_here || is_hexadecimal(&text[body..end]) {
        return None;
    }
    let lead = Lead {
        secret: body,
        separator,
    };
    let (id, start) = id_of(text, &lead, key);
    // Eight random characters are hardly ever a hexadecimal number: then the key has a checksum, and this has not.
    let has_checksum = checksum::is_shaped(key.last_eight);
    let level = match id {
        _ if has_digest(text, body, body, end, key) => Level::ThisKey,
        Id::Same if !has_checksum => Level::ThisKey,
        Id::Absent if !has_checksum => Level::Probable,
        Id::Other if !has_checksum && !is_comparable(text, start, &lead, key) => Level::Probable,
        Id::Same => Level::Probable,
        Id::Absent | Id::Glued | Id::Other => Level::Mention,
    };
    Some(Proof {
        level,
        start,
        spelled: separator.map_or(Encoding::Raw, |(_, spelled)| spelled),
        with_id: id == Id::Same,
    })
}

/// A token of an unknown shape that has the right digest.
fn by_digest(text: &[u8], run: usize, end: usize, key: &SearchKey) -> Option<Proof> {
    key.sha256?;
    let lead = separator::lead(text, run);
    if !has_digest(text, lead.secret, run, end, key) {
        return None;
    }
    let (id, start) = id_of(text, &lead, key);
    Some(Proof {
        level: Level::ThisKey,
        start,
        spelled: lead.separator.map_or(Encoding::Raw, |(_, spelled)| spelled),
        with_id: id == Id::Same,
    })
}

fn id_of(text: &[u8], lead: &Lead, key: &SearchKey) -> (Id, usize) {
    let Some((separator, _)) = lead.separator else {
        return (Id::Absent, lead.secret);
    };
    let Some(id) = separator::id(text, separator) else {
        return (Id::Absent, separator);
    };
    let start = id.start;
    if text[id] == *key.id.as_bytes() {
        return (Id::Same, start);
    }
    // Something may be glued to it: a letter, a digit, an escape.
    match separator.checked_sub(key.id.len()) {
        Some(glued) if text[glued..separator] == *key.id.as_bytes() => (Id::Glued, glued),
        _ => (Id::Other, start),
    }
}

/// Whether what stands from `start` to the separator is an id of the same form as the key's, so that one that is not the
/// key's is another key's.
fn is_comparable(text: &[u8], start: usize, lead: &Lead, key: &SearchKey) -> bool {
    let is_number = |id: &[u8]| id.iter().all(u8::is_ascii_digit);
    let separator = lead.separator.map_or(start, |(separator, _)| separator);
    is_number(key.id.as_bytes()) == is_number(&text[start..separator])
}

/// Whether the secret, from any place between `first` and `last` on, has the key's digest.
fn has_digest(text: &[u8], first: usize, last: usize, end: usize, key: &SearchKey) -> bool {
    let Some(digest) = key.sha256 else {
        return false;
    };
    (first..=last).any(|start| {
        let secret = &text[start..end];
        let whole = [key.id.as_bytes(), b"|", secret].concat();
        Sha256::digest(secret)[..] == digest || Sha256::digest(&whole)[..] == digest
    })
}

/// A genuine token that ends at `end`, of no key that is looked for: where it begins, its record id, its separator.
pub(super) fn stranger(text: &[u8], end: usize) -> (usize, Option<&[u8]>, Encoding) {
    let lead = separator::lead(text, end - BODY - 8);
    let spelled = lead.separator.map_or(Encoding::Raw, |(_, spelled)| spelled);
    let id = lead
        .separator
        .and_then(|(separator, _)| separator::id(text, separator));
    match id {
        Some(id) => (id.start, Some(&text[id]), spelled),
        None => (lead.secret, None, spelled),
    }
}

fn is_word(byte: u8) -> bool {
    is_alphanumeric(byte) || byte == b'_'
}

/// Digits, and letters of one case only.
fn is_hexadecimal(text: &[u8]) -> bool {
    text.iter()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        || text
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'))
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::judge;
    use crate::finding::{Encoding, Level};
    use crate::search_key::SearchKey;

    const BODY: &str = "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUiOpAsDf";

    fn suffix() -> String {
        format!("{:08x}", crc32fast::hash(BODY.as_bytes()))
    }

    fn key() -> SearchKey {
        SearchKey::new("1042", &suffix()).unwrap()
    }

    fn level(text: &str, key: &SearchKey) -> Option<Level> {
        let at = text.rfind(key.last_eight()).unwrap();
        judge(text.as_bytes(), at, key).map(|proof| proof.level)
    }

    #[test]
    fn a_checksum_proves_it_with_and_without_its_id() {
        let secret = format!("{BODY}{}", suffix());
        for text in [
            format!("x=1042|{secret}"),
            format!("x={secret}\n"),
            format!("\"1042\\u007c{secret}\""),
            format!("1042|laravel_sanctum_{secret}"),
        ] {
            assert_eq!(level(&text, &key()), Some(Level::ThisKey), "{text}");
        }
        let named = SearchKey::new("key_1042", &suffix()).unwrap();
        for id in ["1042", "1043", "key_1"] {
            let text = format!("{id}|{secret}");
            assert_eq!(level(&text, &key()), Some(Level::ThisKey), "{text}");
            assert_eq!(level(&text, &named), Some(Level::ThisKey), "{text}");
        }
        let proof = judge(format!("x=1042%7C{secret}").as_bytes(), 9 + 40, &key()).unwrap();
        assert_eq!(
            (proof.start, proof.spelled, proof.with_id),
            (2, Encoding::Percent, true)
        );
    }

    #[test]
    fn a_wrong_checksum_is_a_mention_at_most() {
        let text = format!("1042|X{}{}", &BODY[1..], suffix());
        assert_eq!(level(&text, &key()), Some(Level::Mention));
        assert_eq!(
            level(&format!("****{}", suffix()), &key()),
            Some(Level::Mention)
        );
    }

    #[test]
    fn inside_a_digest_or_a_longer_word_it_is_nothing() {
        let digest = hex::encode(Sha256::digest("x"));
        let wrong = format!("X{}", &BODY[1..]);
        for text in [
            format!("{}{}", &digest[..56], suffix()),
            format!("{}{}", &digest[..32], suffix()),
            format!("{wrong}{}0", suffix()),
            format!("{wrong}{}_x", suffix()),
        ] {
            assert_eq!(level(&text, &key()), None, "{text}");
        }
    }

    #[test]
    fn what_its_checksum_proves_is_this_key_whatever_stands_around_it() {
        let secret = format!("{BODY}{}", suffix());
        for before in [
            "",
            "1042|",
            "x1042|",
            "_1042|",
            "71042|",
            "x1042%7C",
            "Zz9",
            "\u{0}A1042|",
            "cell|",
        ] {
            for after in ["", "\n", "0", "f", "Z", "_", "_x", "|", "\u{0}", "1042"] {
                let text = format!("{before}{secret}{after}");
                let at = text.find(&suffix()).unwrap();
                let proof = judge(text.as_bytes(), at, &key()).unwrap();
                assert_eq!(proof.level, Level::ThisKey, "{text}");
                assert_eq!(proof.with_id, before.contains("1042"), "{text}");
            }
        }
        // A glued id proves nothing where no checksum does.
        let legacy = SearchKey::new("7", "hJkLzXcV").unwrap();
        let secret = format!("{}hJkLzXcV", &BODY[..32]);
        assert_eq!(
            level(&format!("x7|{secret}"), &legacy),
            Some(Level::Mention)
        );
        assert_eq!(level(&format!("7|{secret}0"), &legacy), None);
    }

    #[test]
    fn a_run_without_end_is_read_no_further_back_than_a_window() {
        let key = SearchKey::new("7", "00000000").unwrap();
        let mut text = vec![b'x'; 1 << 20];
        text.extend_from_slice(b"00000000");
        let proof = judge(&text, 1 << 20, &key).unwrap();
        assert_eq!(
            (proof.level, proof.start),
            (Level::Mention, (1 << 20) - super::BEHIND)
        );
    }

    #[test]
    fn a_token_without_a_checksum_is_this_key_by_its_id_and_probably_without() {
        let key = SearchKey::new("7", "hJkLzXcV").unwrap();
        let secret = format!("{}hJkLzXcV", &BODY[..32]);
        assert_eq!(
            level(&format!("x='7|{secret}'"), &key),
            Some(Level::ThisKey)
        );
        assert_eq!(
            level(&format!("x=7%7C{secret}&"), &key),
            Some(Level::ThisKey)
        );
        assert_eq!(level(&format!("x={secret}"), &key), Some(Level::Probable));
        assert_eq!(level(&format!("x=8|{secret}"), &key), Some(Level::Mention));
        let named = SearchKey::new("key_7", "hJkLzXcV").unwrap();
        assert_eq!(
            level(&format!("x=7|{secret}"), &named),
            Some(Level::Probable),
            "ids of two forms can't be compared"
        );
        assert_eq!(level(&format!("x=7|9{secret}"), &key), Some(Level::Mention));
    }

    #[test]
    fn the_digest_decides_where_it_is_known() {
        let secret = format!("{BODY}{}", suffix());
        let right = key()
            .with_sha256(&hex::encode(Sha256::digest(&secret)))
            .unwrap();
        let wrong = key().with_sha256(&"00".repeat(32)).unwrap();
        assert_eq!(level(&secret, &right), Some(Level::ThisKey));
        assert_eq!(level(&secret, &wrong), Some(Level::Probable));
        // An id and a checksum outweigh a digest that may be of an older version.
        assert_eq!(
            level(&format!("1042|{secret}"), &wrong),
            Some(Level::ThisKey)
        );
        let odd = SearchKey::new("7", "hJkLzXcV").unwrap();
        let odd = odd
            .with_sha256(&hex::encode(Sha256::digest("ab_12hJkLzXcV")))
            .unwrap();
        assert_eq!(level("x=7|ab_12hJkLzXcV", &odd), Some(Level::ThisKey));
    }
}
