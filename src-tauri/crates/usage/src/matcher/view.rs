//! What stands around an anchor, as plain bytes: 16-bit characters narrowed, base64 decoded. Verification then reads
//! every way of writing as if it were plain text.

use super::escape::{self, Means};
use super::needles;
use super::window::BEHIND;

/// How many characters before the anchor are of interest: a record id, a separator, a prefix, 40 characters, and the
/// beginning of the line with the variable's name.
const CHARS_BEFORE: usize = 320;

/// Characters of base64 that are decoded from the anchor's group on: the eight, and what follows them.
const CHARS_AFTER: usize = 20;

/// Plain bytes around an anchor.
#[derive(Debug)]
pub(super) struct View {
    /// The bytes.
    pub(super) text: Vec<u8>,
    /// Where the last 8 characters begin in them.
    pub(super) at: usize,
    /// Where the first of the bytes stands in the searched text.
    pub(super) start: usize,
}

/// The characters around one that begins at `at` and is two bytes wide, whichever byte of each comes first.
pub(super) fn narrow(text: &[u8], at: usize, eight: [u8; 8]) -> Option<View> {
    let wide = text.get(at..at + 15)?;
    let is_it = wide
        .iter()
        .enumerate()
        .all(|(place, byte)| *byte == if place % 2 == 0 { eight[place / 2] } else { 0 });
    if !is_it {
        return None;
    }
    let mut start = at;
    while start >= 2 && text[start - 1] == 0 && (at - start) / 2 < CHARS_BEFORE {
        start -= 2;
    }
    let mut narrow: Vec<u8> = text[start..at + 15].iter().step_by(2).copied().collect();
    // The next character is only one if the byte between is zero too.
    if text.get(at + 15) == Some(&0) {
        narrow.extend(text.get(at + 16));
    }
    Some(View {
        text: narrow,
        at: (at - start) / 2,
        start,
    })
}

/// The decoded text around an anchor of base64 at `at`, with `before` bytes of the group before the eight.
pub(super) fn decode(text: &[u8], at: usize, before: u8, eight: [u8; 8]) -> Option<View> {
    let group = at.checked_sub(needles::lead(before))?;
    let (mut letters, start) = letters_before(text, group);
    // Whole groups, so three bytes for four letters.
    let at = letters.len() / 4 * 3 + usize::from(before);
    letters.extend(letters_from(text, group));
    let text = bytes(&letters);
    (text.get(at..at + 8)? == eight).then_some(View { text, at, start })
}

/// The values of the letters before `group`, in whole groups, and where they begin; lines may be broken between them.
fn letters_before(text: &[u8], group: usize) -> (Vec<u8>, usize) {
    let mut letters = Vec::with_capacity(CHARS_BEFORE + CHARS_AFTER);
    let mut starts = Vec::with_capacity(CHARS_BEFORE);
    let mut at = group;
    // No further than every window has the text: lines may be empty, and indented without end.
    let first = group.saturating_sub(BEHIND);
    let text = &text[first..];
    at -= first;
    while letters.len() < CHARS_BEFORE && at > 0 {
        let escape = escape::before(text, at);
        // What follows a `=` is rather a value that begins with two such digits.
        let escape = escape.filter(|(start, means)| *means != Means::Other || text[*start] != b'=');
        if let Some((start, means)) = escape {
            match means {
                Means::Letter(letter) => {
                    letters.extend(value(letter));
                    starts.push(start);
                }
                Means::Line | Means::Nothing => {}
                Means::Other => break,
            }
            at = start;
        } else if let Some(value) = value(text[at - 1]) {
            at -= 1;
            letters.push(value);
            starts.push(at);
        } else if let Some(line) = line_break_before(text, at) {
            at = line;
        } else {
            break;
        }
    }
    let whole = letters.len() / 4 * 4;
    letters.truncate(whole);
    letters.reverse();
    let start = whole
        .checked_sub(1)
        .map_or(group, |last| first + starts[last]);
    (letters, start)
}

/// The values of the letters from `group` on.
fn letters_from(text: &[u8], group: usize) -> Vec<u8> {
    let mut letters = Vec::with_capacity(CHARS_AFTER);
    let mut at = group;
    let text = &text[..text.len().min(group.saturating_add(BEHIND))];
    while letters.len() < CHARS_AFTER {
        match text.get(at).copied() {
            Some(byte) if value(byte).is_some() => {
                letters.extend(value(byte));
                at += 1;
            }
            Some(b'\r' | b'\n') => {
                at += 1;
                while matches!(text.get(at), Some(b' ' | b'\t' | b'\n')) {
                    at += 1;
                }
            }
            _ => match escape::read(text, at) {
                Some((Means::Letter(letter), next)) => {
                    letters.extend(value(letter));
                    at = next;
                }
                Some((Means::Line | Means::Nothing, next)) => at = next,
                _ => break,
            },
        }
    }
    letters
}

/// Where the line before ends, when nothing but a line break and indentation stands before `at`.
fn line_break_before(text: &[u8], at: usize) -> Option<usize> {
    let mut end = at;
    while end > 0 && matches!(text[end - 1], b' ' | b'\t') {
        end -= 1;
    }
    if end == 0 || text[end - 1] != b'\n' {
        return None;
    }
    end -= 1;
    if end > 0 && text[end - 1] == b'\r' {
        end -= 1;
    }
    Some(end)
}

/// What stands for no letter in the table of their values.
const NONE: u8 = 0xff;

/// The values of letters of both alphabets of base64.
const VALUES: [u8; 256] = {
    let mut table = [NONE; 256];
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < letters.len() {
        table[letters[value] as usize] = value as u8;
        value += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table
};

/// By hand: letters of both alphabets are read in place, across line breaks, on the way through the text.
#[inline]
pub(super) fn value(letter: u8) -> Option<u8> {
    let value = VALUES[usize::from(letter)];
    (value != NONE).then_some(value)
}

/// Six bits a letter; a last group may be incomplete.
pub(super) fn bytes(values: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(values.len() / 4 * 3 + 3);
    let (groups, rest) = values.as_chunks::<4>();
    bytes.extend(groups.iter().flat_map(|group| whole(*group)));
    let mut last = [0; 4];
    last[..rest.len()].copy_from_slice(rest);
    bytes.extend_from_slice(&whole(last)[..rest.len().saturating_sub(1)]);
    bytes
}

/// The same for letters as they are written, into `room`, which must be large enough; what is no letter is passed over.
/// Returns how many bytes it makes.
pub(super) fn decode_into(letters: &[u8], room: &mut [u8]) -> usize {
    let (groups, _) = letters.as_chunks::<4>();
    let (places, _) = room.as_chunks_mut::<3>();
    let mut done = 0;
    for (group, place) in groups.iter().zip(places) {
        let values = group.map(|letter| VALUES[usize::from(letter)]);
        // No value of a letter has the high bit.
        if values[0] | values[1] | values[2] | values[3] == NONE {
            break;
        }
        *place = whole(values);
        done += 1;
    }
    let rest = zeroize::Zeroizing::new(slowly(&letters[done * 4..]));
    let filled = done * 3;
    room[filled..filled + rest.len()].copy_from_slice(&rest);
    filled + rest.len()
}

fn slowly(letters: &[u8]) -> Vec<u8> {
    let values: Vec<_> = letters.iter().filter_map(|byte| value(*byte)).collect();
    bytes(&values)
}

#[inline]
fn whole(values: [u8; 4]) -> [u8; 3] {
    let [a, b, c, d] = values;
    [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]
}

#[cfg(test)]
mod tests {
    use super::{decode, narrow};

    #[test]
    fn wide_characters_of_either_order_are_narrowed() {
        let plain = "x=7|secretab12cd34\n";
        let little: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = plain.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let place = plain.find("ab12").unwrap() * 2;
        for (text, at) in [(&little, place), (&big, place + 1)] {
            let view = narrow(text, at, *b"ab12cd34").unwrap();
            assert_eq!(view.text, plain.as_bytes());
            assert_eq!(view.at, place / 2);
        }
        assert!(narrow(&little, place, *b"ab12cd35").is_none());
    }

    #[test]
    fn base64_is_decoded_across_lines() {
        // "7|secretab12cd34\n" wrapped after 12 letters.
        let text = b"token: N3xzZWNyZXRh\r\n  YjEyY2QzNAo=\n";
        let at = text
            .windows(8)
            .position(|window| window == b"YjEyY2Qz")
            .unwrap();
        // The anchor at alignment 2 would begin one letter earlier, on the other line: only what is whole is found.
        assert!(decode(text, at, 0, *b"ab12cd34").is_none());
        let text = b"token: N3xzZWNy\n  ZXRhYjEyY2QzNAo=\n";
        let at = text
            .windows(8)
            .position(|window| window == b"hYjEyY2Q")
            .unwrap();
        let view = decode(text, at, 2, *b"ab12cd34").unwrap();
        assert_eq!(view.text, b"7|secretab12cd34\n");
        assert_eq!((view.at, view.start), (8, 7));
    }

    #[test]
    fn base64_is_decoded_across_escapes() {
        // "\u{ff}\u{ff}\u{ff}>>>7|secretab12cd34\n", where the first groups are `/` and `+`.
        for (line, slash, plus) in [
            ("\\n", "\\/", "\\u002b"),
            ("%0D%0A", "%2F", "%2b"),
            ("&#10;", "&#x2F;", "&plus;"),
            ("\\\n", "/", "\\x2B"),
        ] {
            let text = format!(
                "token: {slash}{slash}{slash}{slash}Pj4{plus}N3xzZWNy{line}ZXRhYjEyY2QzNAo="
            );
            let at = text.find("hYjEyY2Q").unwrap();
            let view = decode(text.as_bytes(), at, 2, *b"ab12cd34").unwrap();
            assert_eq!(view.text, b"\xff\xff\xff>>>7|secretab12cd34\n", "{text}");
            assert_eq!(view.start, 7, "{text}");
        }
    }
}
