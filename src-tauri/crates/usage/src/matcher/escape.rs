//! How one character is written as an escape, and what that stands for within letters of base64: in an address
//! (`%2B`), in JSON (`\/`, `\u002b`), in HTML and XML (`&#43;`, `&sol;`), in mail (`=2F`, a soft end of a line), in a
//! shell and in languages of programs (`\x2b`, `\053`), and escaped again (`%252B`, `\\/`, `&amp;#43;`).
//!
//! Written out as escapes are the characters of base64 that are no letters or digits, and the ends of its lines. A
//! run of letters goes on over these and ends at any other escape. Everything is bounded by a few bytes.

use super::runs::is_alphanumeric;

/// The longest escape: `&amp;amp;amp;#x0000002b;`.
pub(super) const MAX_ESCAPE_BYTES: usize = 32;

/// How many letters and digits may follow the mark of an escape: `U0000002b`, `2525252B`.
const MAX_TAIL_CHARS: usize = 9;

/// How often an escape is escaped again.
const MAX_AGAIN: usize = 4;

/// How many backslashes stand before what they escape: four times escaped are 15.
const MAX_BACKSLASHES: usize = 15;

/// The most digits of a number that says which character it is.
const MAX_DIGITS: usize = 8;

/// The lengths of lines of a mail whose end is soft. A shorter one that ends in `=` is the end of base64.
const SOFT_LINE_BYTES: std::ops::RangeInclusive<usize> = 72..=76;

/// What an escape stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    /// A letter of base64.
    Letter(u8),
    /// The end of a line.
    Line,
    /// Nothing: an end of a line that the text does not have.
    Nothing,
    /// Any other character: no letter of base64 goes on here.
    Other,
}

/// Whether an escape may begin with this byte.
#[inline]
pub(super) fn begins(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'&' | b'=')
}

/// Whether an escape, or the mark that it begins with, may end with this byte where letters follow.
#[inline]
pub(super) fn may_end(byte: u8) -> bool {
    begins(byte) || matches!(byte, b';' | b'#' | b'{' | b'}' | b'\n')
}

/// What the escape at `at` stands for, and where it ends.
pub(super) fn read(text: &[u8], at: usize) -> Option<(Means, usize)> {
    let rest = text.get(at..)?;
    let rest = &rest[..rest.len().min(MAX_ESCAPE_BYTES)];
    let (means, size) = match rest.first()? {
        b'%' => percent(rest),
        b'\\' => backslash(rest),
        b'&' => reference(rest),
        b'=' => mail(rest).or_else(|| soft(text, at)),
        _ => None,
    }?;
    Some((means, at + size))
}

/// The escape whose end is `from` or stands behind that, but no further than `until`, when letters follow from `from`
/// on: where it begins, what it stands for, where it ends.
pub(super) fn read_back(text: &[u8], from: usize, until: usize) -> Option<(usize, Means, usize)> {
    let at = match &text[..from] {
        [.., mark] if begins(*mark) => from - 1,
        [.., b'=' | b'\\', b'\n'] | [.., b'&', b'#'] => from - 2,
        [.., b'=' | b'\\', b'\r', b'\n'] | [.., b'\\', b'u' | b'x', b'{'] => from - 3,
        [.., b';' | b'#'] => mark_before(text, from, b'&')?,
        [.., b'}'] => mark_before(text, from, b'\\')?,
        _ => return None,
    };
    let at = whole(text, at);
    let (means, end) = read(text, at)?;
    (from..=until).contains(&end).then_some((at, means, end))
}

/// The escape that ends at `at`: where it begins, and what it stands for.
pub(super) fn before(text: &[u8], at: usize) -> Option<(usize, Means)> {
    let last = text[..at].last()?;
    let from = if is_alphanumeric(*last) {
        let digits = text[..at].iter().rev().take(MAX_TAIL_CHARS);
        at - digits.take_while(|byte| is_alphanumeric(**byte)).count()
    } else if matches!(last, b'+' | b'/' | b'-' | b'_') {
        at - 1
    } else {
        at
    };
    let (start, means, end) = read_back(text, from, at)?;
    (end == at).then_some((start, means))
}

fn mark_before(text: &[u8], at: usize, mark: u8) -> Option<usize> {
    let before = text[..at].iter().rev().take(MAX_ESCAPE_BYTES);
    let inner = |byte: &u8| is_alphanumeric(*byte) || matches!(byte, b'#' | b';' | b'{' | b'}');
    let size = before.take_while(|byte| inner(byte)).count();
    let at = at.checked_sub(size + 1)?;
    (text[at] == mark).then_some(at)
}

/// Where an escape begins of which a mark stands at `at`: other backslashes may stand before it.
fn whole(text: &[u8], at: usize) -> usize {
    if text[at] != b'\\' {
        return at;
    }
    let more = text[..at].iter().rev().take(MAX_BACKSLASHES - 1);
    at - more.take_while(|byte| **byte == b'\\').count()
}

fn of(code: u32) -> Means {
    match u8::try_from(code) {
        Ok(letter @ (b'+' | b'/' | b'-' | b'_')) => Means::Letter(letter),
        Ok(b'\n' | b'\r') => Means::Line,
        _ => Means::Other,
    }
}

/// `%2B`, `%252b`.
fn percent(text: &[u8]) -> Option<(Means, usize)> {
    let mut size = 1;
    for _ in 1..MAX_AGAIN {
        if !text[size..].starts_with(b"25") {
            break;
        }
        size += 2;
    }
    let code = number(text.get(size..size + 2)?, 16)?;
    Some((of(code), size + 2))
}

/// `=2B`.
fn mail(text: &[u8]) -> Option<(Means, usize)> {
    Some((of(number(text.get(1..3)?, 16)?), 3))
}

/// The `=` at `at`, where it ends a line of a mail that goes on.
fn soft(text: &[u8], at: usize) -> Option<(Means, usize)> {
    let size = end_of_line(&text[at + 1..])? + 1;
    let first = at.saturating_sub(*SOFT_LINE_BYTES.end());
    let line = text[first..at].iter().rev();
    let line = line.take_while(|byte| **byte != b'\n').count() + 1;
    SOFT_LINE_BYTES
        .contains(&line)
        .then_some((Means::Nothing, size))
}

fn end_of_line(text: &[u8]) -> Option<usize> {
    match text {
        [b'\r', b'\n', ..] => Some(2),
        [b'\n', ..] => Some(1),
        _ => None,
    }
}

/// `\/`, `\n`, `\x2b`, `\u002B`, `\u{2b}`, `\053`, and the same behind more backslashes.
fn backslash(text: &[u8]) -> Option<(Means, usize)> {
    let slashes = text.iter().take(MAX_BACKSLASHES);
    let slashes = slashes.take_while(|byte| **byte == b'\\').count();
    let rest = &text[slashes..];
    if let Some(size) = end_of_line(rest) {
        return Some((Means::Nothing, slashes + size));
    }
    let digits = |from: usize, count: usize| {
        let code = number(rest.get(from..from + count)?, 16)?;
        Some((of(code), from + count))
    };
    let (means, size) = match rest {
        [letter @ (b'/' | b'+' | b'-' | b'_'), ..] => (Means::Letter(*letter), 1),
        [b'n' | b'r', ..] => (Means::Line, 1),
        [b'x' | b'u', b'{', inner @ ..] => {
            let count = inner.iter().take_while(|byte| byte.is_ascii_hexdigit());
            let count = count.count();
            let is_closed = inner.get(count) == Some(&b'}') && count <= MAX_DIGITS;
            let code = number(&inner[..count], 16).filter(|_| is_closed)?;
            (of(code), count + 3)
        }
        [b'x', ..] => digits(1, 2)?,
        [b'u', ..] => digits(1, 4)?,
        [b'U', ..] => digits(1, 8)?,
        [b'0'..=b'7', ..] => {
            let count = rest.iter().take(if rest[0] == b'0' { 4 } else { 3 });
            let octal = count.take_while(|byte| matches!(byte, b'0'..=b'7'));
            let all = octal.count();
            // Of `\0053` and `\0137` all is the number, of `\0531` the last digit is none of it.
            let count = if all == 4 && rest[1] > b'1' { 3 } else { all };
            (of(number(&rest[..count], 8)?), count)
        }
        [b'a' | b'b' | b'e' | b'f' | b't' | b'v', ..] => (Means::Other, 1),
        _ => return None,
    };
    Some((means, slashes + size))
}

/// Names of characters in HTML.
const NAMES: [(&[u8], u8); 7] = [
    (b"plus;", b'+'),
    (b"sol;", b'/'),
    (b"hyphen;", b'-'),
    (b"dash;", b'-'),
    (b"lowbar;", b'_'),
    (b"UnderBar;", b'_'),
    (b"NewLine;", b'\n'),
];

/// `&#43;`, `&#x2B;`, `&plus;`, `&amp;#43;`.
fn reference(text: &[u8]) -> Option<(Means, usize)> {
    let mut size = 1;
    for _ in 1..MAX_AGAIN {
        if !text[size..].starts_with(b"amp;") {
            break;
        }
        size += 4;
    }
    let rest = &text[size..];
    if let Some((name, letter)) = NAMES.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some((of(u32::from(*letter)), size + name.len()));
    }
    let (digits, radix) = match rest {
        [b'#', b'x' | b'X', digits @ ..] => (digits, 16),
        [b'#', digits @ ..] => (digits, 10),
        _ => {
            let name = rest
                .iter()
                .take_while(|byte| is_alphanumeric(**byte))
                .count();
            let is_closed = name > 1 && rest.get(name) == Some(&b';');
            return is_closed.then_some((Means::Other, size + name + 1));
        }
    };
    let before = text.len() - digits.len();
    let count = digits.iter().take(MAX_DIGITS);
    let count = count.take_while(|byte| byte.is_ascii_hexdigit()).count();
    let code = number(&digits[..count], radix)?;
    (digits.get(count) == Some(&b';')).then_some((of(code), before + count + 1))
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    if digits.is_empty() || digits.len() > MAX_DIGITS {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        number.checked_mul(radix)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::{Means, read, read_back};

    /// The same character in every spelling that is known, by its code.
    fn spellings(code: u8) -> Vec<String> {
        let mut all = Vec::new();
        for (low, two) in [
            (true, format!("{code:02x}")),
            (false, format!("{code:02X}")),
        ] {
            all.extend([
                format!("%{two}"),
                format!("%25{two}"),
                format!("%252525{two}"),
                format!("={two}"),
                format!("\\x{two}"),
                format!("\\\\x{two}"),
                format!("\\x{{{two}}}"),
                format!("\\u00{two}"),
                format!("\\\\\\u00{two}"),
                format!("\\u{{{two}}}"),
                format!("\\U000000{two}"),
                format!("&#x{two};"),
                format!("&#X{two};"),
                format!("&amp;#x{two};"),
                format!("&#x0000{two};"),
            ]);
            if low {
                all.extend([
                    format!("\\{code:03o}"),
                    format!("\\0{code:03o}"),
                    format!("&#{code};"),
                    format!("&#0{code};"),
                    format!("&amp;amp;#{code};"),
                ]);
            }
        }
        all
    }

    fn check(spelling: &str, means: Means) {
        for before in ["", "AAAA", "\"", "x=", "?", "n/"] {
            for after in ["", "zZzZ", "\"", "/+", "\n"] {
                let text = format!("{before}{spelling}{after}");
                let (at, end) = (before.len(), before.len() + spelling.len());
                let text = text.as_bytes();
                assert_eq!(read(text, at), Some((means, end)), "{spelling:?}");
                // Letters that an escape ends in are taken for letters first.
                let tail = text[at..end].iter().rev();
                let tail = tail.take_while(|byte| super::super::wide::is_wide(**byte));
                let from = end - tail.count();
                let back = read_back(text, from, end);
                assert_eq!(back, Some((at, means, end)), "{spelling:?} in {before:?}");
            }
        }
    }

    #[test]
    fn every_spelling_says_its_character_from_both_sides() {
        for letter in [b'+', b'/', b'-', b'_'] {
            for spelling in spellings(letter) {
                check(&spelling, Means::Letter(letter));
            }
        }
        for end in [b'\n', b'\r'] {
            for spelling in spellings(end) {
                check(&spelling, Means::Line);
            }
        }
        for other in [b'=', b'"', b' ', b'A', b'|'] {
            for spelling in spellings(other) {
                check(&spelling, Means::Other);
            }
        }
        for (spelling, means) in [
            ("\\/", Means::Letter(b'/')),
            ("\\\\/", Means::Letter(b'/')),
            ("\\+", Means::Letter(b'+')),
            ("&plus;", Means::Letter(b'+')),
            ("&amp;sol;", Means::Letter(b'/')),
            ("&lowbar;", Means::Letter(b'_')),
            ("&NewLine;", Means::Line),
            ("\\n", Means::Line),
            ("\\\\\\n", Means::Line),
            ("\\r", Means::Line),
            ("\\\n", Means::Nothing),
            ("\\\r\n", Means::Nothing),
            ("\\t", Means::Other),
            ("&quot;", Means::Other),
            ("&equals;", Means::Other),
        ] {
            check(spelling, means);
        }
    }

    #[test]
    fn a_line_of_a_mail_is_soft_only_where_one_is_full() {
        for (length, is_soft) in [
            (40, false),
            (71, true),
            (75, true),
            (76, false),
            (90, false),
        ] {
            for (before, end) in [("", "\n"), ("x\n", "\r\n")] {
                let text = format!("{before}{}={end}AAAA", "A".repeat(length));
                let at = before.len() + length;
                let expected = is_soft.then_some((Means::Nothing, at + 1 + end.len()));
                assert_eq!(read(text.as_bytes(), at), expected, "{length}");
            }
        }
    }

    #[test]
    fn what_is_no_escape_is_none() {
        for text in [
            "%",
            "%2",
            "%G0",
            "%25",
            "=",
            "==",
            "=A",
            "=\n",
            "\\",
            "\\q",
            "\\x2",
            "\\u002",
            "\\u{2b",
            "\\u{}",
            "&",
            "&&",
            "&a=b",
            "&#;",
            "&#x;",
            "&#2b;",
            "&#43",
            "&#123456789;",
            "a",
            "",
        ] {
            assert_eq!(read(text.as_bytes(), 0), None, "{text:?}");
        }
    }
}
