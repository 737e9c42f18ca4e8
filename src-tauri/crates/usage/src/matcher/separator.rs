//! What stands before the random characters: an optional prefix, a `|` in any of its spellings, and the record id.

use std::ops::Range;

use crate::finding::Encoding;

/// Spellings of `|`. Longer ones first where one ends in another.
const SPELLINGS: [(&[u8], Encoding); 22] = [
    (b"'|'", Encoding::Shell),
    (b"\"|\"", Encoding::Shell),
    (b"\\\\|", Encoding::Shell),
    (b"\\|", Encoding::Shell),
    (b"^|", Encoding::Shell),
    (b"`|", Encoding::Shell),
    (b"|", Encoding::Raw),
    (b"%257C", Encoding::Percent),
    (b"%257c", Encoding::Percent),
    (b"%7C", Encoding::Percent),
    (b"%7c", Encoding::Percent),
    (b"\\u007c", Encoding::Json),
    (b"\\u007C", Encoding::Json),
    (b"\\u{7c}", Encoding::Json),
    (b"\\x7c", Encoding::Shell),
    (b"\\x7C", Encoding::Shell),
    (b"\\174", Encoding::Shell),
    (b"&#124;", Encoding::Html),
    (b"&#x7c;", Encoding::Html),
    (b"&#x7C;", Encoding::Html),
    (b"&vert;", Encoding::Html),
    (b"&verbar;", Encoding::Html),
];

/// The longest prefix that is looked behind, such as `laravel_sanctum_`.
const MAX_PREFIX_CHARS: usize = 48;

/// The longest record id: a UUID.
const MAX_ID_CHARS: usize = 36;

/// What stands before a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lead {
    /// Where the secret part begins: its prefix, or the body.
    pub(super) secret: usize,
    /// The separator, if there is one.
    pub(super) separator: Option<(usize, Encoding)>,
}

/// Reads backwards from the beginning of a body.
pub(super) fn lead(text: &[u8], body: usize) -> Lead {
    let mut secret = body;
    loop {
        if let Some(separator) = separator(&text[..secret]) {
            return Lead {
                secret,
                separator: Some(separator),
            };
        }
        let more = secret > 0 && is_prefix(text[secret - 1]) && body - secret < MAX_PREFIX_CHARS;
        if !more {
            break;
        }
        secret -= 1;
    }
    // Without a separator, a word before the body is its prefix only if it ends like one.
    let is_prefixed = body > 0 && text[body - 1] == b'_';
    Lead {
        secret: if is_prefixed { secret } else { body },
        separator: None,
    }
}

/// The separator directly before the body, for tokens that know no prefix.
pub(super) fn separator(text: &[u8]) -> Option<(usize, Encoding)> {
    SPELLINGS
        .iter()
        .find(|(spelling, _)| text.ends_with(spelling))
        .map(|(spelling, encoding)| (text.len() - spelling.len(), *encoding))
}

/// Where the record id stands that ends at `separator`: a number, a UUID, a ULID, or any word.
pub(super) fn id(text: &[u8], separator: usize) -> Option<Range<usize>> {
    let before = &text[..separator];
    let length = |fits: fn(&u8) -> bool| {
        let shortest = before.len().saturating_sub(MAX_ID_CHARS);
        let gap = before[shortest..].iter().rposition(|byte| !fits(byte));
        gap.map_or(before.len() - shortest, |gap| {
            before.len() - shortest - gap - 1
        })
    };
    let digits = length(u8::is_ascii_digit);
    let letters = length(u8::is_ascii_alphanumeric);
    let word = length(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    let start = if word == MAX_ID_CHARS {
        separator - word
    } else if digits == 0 {
        separator - letters
    } else {
        let start = separator - digits;
        // `%221042%7C`: the first two digits belong to an escaped quote.
        let glued = escaped(&before[..start]);
        if glued > 0 && glued < digits {
            start + glued
        } else if is_escape(&before[..start]) {
            start
        } else {
            separator - letters
        }
    };
    if start == separator {
        return None;
    }
    Some(start..separator)
}

/// How many of the digits that follow `text` belong to an escape that it ends with.
fn escaped(text: &[u8]) -> usize {
    match text {
        [.., b'%'] | [.., b'\\', b'x'] => 2,
        [.., b'\\', b'u'] => 4,
        _ => 0,
    }
}

/// Whether the text ends in an escape with a letter at its end: `%3D`, `\n`, `\u003d`, `\x3d`.
fn is_escape(text: &[u8]) -> bool {
    match text {
        [.., b'%', a, b] | [.., b'\\', b'x', a, b] => {
            a.is_ascii_hexdigit() && b.is_ascii_hexdigit()
        }
        [.., b'\\', b'u', a, b, c, d] => [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()),
        [.., b'\\', letter] => matches!(letter, b'n' | b'r' | b't'),
        _ => false,
    }
}

fn is_prefix(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::{Lead, id, lead};
    use crate::finding::Encoding;

    fn read(before: &str) -> (Option<Encoding>, String, String) {
        let text = format!("{before}BODY");
        let Lead { secret, separator } = lead(text.as_bytes(), before.len());
        let id = separator.and_then(|(at, _)| id(text.as_bytes(), at));
        (
            separator.map(|(_, encoding)| encoding),
            id.map(|id| text[id].to_owned()).unwrap_or_default(),
            text[secret..before.len()].to_owned(),
        )
    }

    #[test]
    fn every_spelling_of_the_separator_is_read() {
        let cases = [
            ("=1042|", Encoding::Raw),
            ("=1042%7C", Encoding::Percent),
            ("%3D1042%257c", Encoding::Percent),
            ("%221042%7C", Encoding::Percent),
            ("\"1042\\u007c", Encoding::Json),
            ("\\n1042\\u007C", Encoding::Json),
            ("\\u00221042|", Encoding::Raw),
            (">1042&#124;", Encoding::Html),
            (">1042&vert;", Encoding::Html),
            (" 1042\\|", Encoding::Shell),
            (" 1042\\x7c", Encoding::Shell),
            (" 1042^|", Encoding::Shell),
            (" 1042'|'", Encoding::Shell),
        ];
        for (before, encoding) in cases {
            let expected = (Some(encoding), "1042".to_owned(), String::new());
            assert_eq!(read(before), expected, "{before}");
        }
    }

    #[test]
    fn a_prefix_belongs_to_the_secret() {
        let expected = (
            Some(Encoding::Percent),
            "1042".to_owned(),
            "laravel_sanctum_".to_owned(),
        );
        assert_eq!(read("=1042%7Claravel_sanctum_"), expected);
        let alone = (None, String::new(), "pulse_".to_owned());
        assert_eq!(read("=pulse_"), alone);
    }

    #[test]
    fn ids_may_be_words() {
        let uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        assert_eq!(read(&format!("='{uuid}|")).1, uuid);
        let ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        assert_eq!(read(&format!("={ulid}|")).1, ulid);
        assert_eq!(read("=|").1, "");
    }
}
