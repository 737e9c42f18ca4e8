//! What breaks a value in two: the end of a line with whatever stands around it, a colour, a tag, two texts put
//! together, the number of the next page of a database. What is found across one is proved by its checksum, so any such thing may stand there.

use super::runs::is_alphanumeric;

/// The longest break.
pub(super) const MAX_BREAK_BYTES: usize = 48;

/// The longest sequence of a terminal, and the longest tag.
const MAX_SEQUENCE_BYTES: usize = 16;

/// Where the text goes on behind a break that begins at `at`.
pub(super) fn skip(text: &[u8], at: usize) -> Option<usize> {
    let end = text.len().min(at + MAX_BREAK_BYTES);
    let mut is_broken = false;
    let mut next = at;
    while next < end {
        match text[next] {
            b'\n' | b'\r' | b'"' | b'\'' | 0 => {
                is_broken = true;
                next += 1;
            }
            0x1b => {
                next = sequence(text, next)?;
                is_broken = true;
            }
            b'<' => {
                next = tag(text, next)?;
                is_broken = true;
            }
            b'\\' if matches!(text.get(next + 1), Some(b'n' | b'r')) => {
                is_broken = true;
                next += 2;
            }
            byte if is_alphanumeric(byte) => break,
            _ => next += 1,
        }
    }
    (is_broken && next < end).then_some(next)
}

/// The text without its breaks.
pub(super) fn without(text: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if is_alphanumeric(text[at]) {
            whole.push(text[at]);
            at += 1;
        } else if let Some(next) = skip(text, at) {
            at = next;
        } else {
            whole.push(text[at]);
            at += 1;
        }
    }
    whole
}

/// The end of what tells a terminal a colour.
fn sequence(text: &[u8], at: usize) -> Option<usize> {
    let inner = text.get(at + 1..)?.strip_prefix(b"[")?;
    let end = inner
        .iter()
        .take(MAX_SEQUENCE_BYTES)
        .position(|byte| (0x40..0x7f).contains(byte))?;
    Some(at + 2 + end + 1)
}

fn tag(text: &[u8], at: usize) -> Option<usize> {
    let inner = text.get(at + 1..)?;
    let end = inner
        .iter()
        .take(MAX_SEQUENCE_BYTES)
        .position(|byte| *byte == b'>')?;
    Some(at + 1 + end + 1)
}

#[cfg(test)]
mod tests {
    use super::{skip, without};

    #[test]
    fn every_break_is_passed_and_nothing_else() {
        for between in [
            "\n",
            "\r\n> ",
            " \\\n  ",
            "=\r\n",
            "\n+",
            "\" +\n  \"",
            "\u{1b}[01;31m",
            "\u{1b}[m\u{1b}[K",
            "\\n",
            "\\r\\n",
            " │\n│ ",
            "<wbr>",
            "\0\0\0\u{5}",
        ] {
            let text = format!("a{between}b");
            assert_eq!(
                skip(text.as_bytes(), 1),
                Some(text.len() - 1),
                "{between:?}"
            );
            assert_eq!(without(text.as_bytes()), b"ab");
        }
        for between in ["", "-", "|", ": ", ", ", "\n\n\n"] {
            let text = format!("a{between}");
            assert_eq!(skip(text.as_bytes(), 1), None, "{between:?}");
        }
        assert_eq!(without(b"a|b c"), b"a|b c");
    }
}
