//! A body as it is, and as it reads once its escapes are undone: those of JSON, HTML and addresses, one in another.

use secrecy::zeroize::Zeroizing;

/// How often escapes are undone: JSON in JSON in HTML is three times.
const MAX_DEPTH: usize = 4;

/// What escapes begin with.
const ESCAPES: [u8; 3] = [b'\\', b'&', b'%'];

/// The body, without the zero bytes of wider characters if it has such, and as often unescaped as that changes it.
pub(crate) fn views(body: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut views = vec![Zeroizing::new(body.to_vec())];
    if body.contains(&0) {
        let narrow = body.iter().copied().filter(|byte| *byte != 0);
        views.push(Zeroizing::new(narrow.collect()));
    }
    for _ in 0..MAX_DEPTH {
        let Some(next) = views.last().and_then(|last| unescaped(last)) else {
            break;
        };
        views.push(next);
    }
    views
}

/// The text with one layer of escapes undone; nothing if there are none.
fn unescaped(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if !ESCAPES.iter().any(|escape| text.contains(escape)) {
        return None;
    }
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    let mut changed = false;
    while let Some((first, after)) = rest.split_first() {
        let escape = match first {
            b'\\' => backslash(after),
            b'&' => entity(after),
            b'%' => hex(after, 2),
            _ => None,
        };
        if let Some((byte, length)) = escape {
            changed = true;
            plain.push(byte);
            rest = &after[length..];
        } else {
            plain.push(*first);
            rest = after;
        }
    }
    changed.then_some(plain)
}

/// What stands behind a backslash: the character, and how many bytes that took.
fn backslash(after: &[u8]) -> Option<(u8, usize)> {
    match after.first()? {
        byte @ (b'"' | b'\\' | b'/' | b'\'') => Some((*byte, 1)),
        b'n' | b'r' | b't' | b'b' | b'f' => Some((b' ', 1)),
        b'u' => hex(&after[1..], 4).map(|(byte, length)| (byte, length + 1)),
        b'x' => hex(&after[1..], 2).map(|(byte, length)| (byte, length + 1)),
        _ => None,
    }
}

/// A character reference, without its ampersand.
fn entity(after: &[u8]) -> Option<(u8, usize)> {
    const MAX_ESCAPE_BYTES: usize = 14;
    let end = after
        .iter()
        .take(MAX_ESCAPE_BYTES)
        .position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(&after[..end]).ok()?;
    let byte = match name {
        "vert" | "verbar" | "VerticalLine" => b'|',
        "quot" => b'"',
        "apos" => b'\'',
        "amp" => b'&',
        "lt" => b'<',
        "gt" => b'>',
        "nbsp" => b' ',
        "lowbar" | "UnderBar" => b'_',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            ascii(code.ok()?)
        }
    };
    Some((byte, end + 1))
}

/// So many hex digits at the beginning.
fn hex(text: &[u8], digits: usize) -> Option<(u8, usize)> {
    let text = text.get(..digits)?;
    if !text.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let code = u32::from_str_radix(std::str::from_utf8(text).ok()?, 16).ok()?;
    Some((ascii(code), digits))
}

/// No token has a character outside ASCII in it: a space is as good as any.
fn ascii(code: u32) -> u8 {
    u8::try_from(code).ok().filter(u8::is_ascii).unwrap_or(b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(text: &str) -> String {
        let views = views(text.as_bytes());
        String::from_utf8(views.last().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn each_way_to_write_a_bar_reads_as_one() {
        for bar in [
            "|",
            "\\u007c",
            "\\u007C",
            "\\x7c",
            "&#124;",
            "&#x7C;",
            "&vert;",
            "%7C",
            "%7c",
            "\\\\u007c",
            "\\\\\\\\u007c",
            "&amp;#124;",
            "%257C",
            "\\u0026vert;",
        ] {
            assert_eq!(last(&format!("12{bar}abc")), "12|abc", "{bar}");
        }
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in [
            "100%",
            "a & b",
            "\\",
            "\\u00",
            "%zz",
            "&#;",
            "&nothing;",
            "\\q",
            "%7",
        ] {
            assert_eq!(last(text), text);
        }
        assert_eq!(views(b"plain").len(), 1);
        assert_eq!(last("a\\nb\\u00e9"), "a b ");
        let wide: Vec<u8> = "12|a".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(**views(&wide).last().unwrap(), *b"12|a");
    }

    #[test]
    fn escapes_are_undone_only_so_deep() {
        let deep = format!("%{}7c", "25".repeat(50));
        assert!(views(deep.as_bytes()).len() <= MAX_DEPTH + 1);
    }
}
