//! Base64, alone or as part of a larger value, in lines or in one.
//!
//! A token that is as long as the old one changes only the letters that it has a share in: padding, line breaks and
//! all else stay as they are by themselves. With another length everything behind it moves, so the value is written
//! anew from there on, in lines as wide as before.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::spelling::found::{Encoding, Found, Split, with};
use crate::token::OldToken;

/// A value in lines is written anew only in lines of such a width: others may be values of their own.
const LINE_LETTERS: [usize; 2] = [64, 76];

/// What is found in decoded bytes.
type Inside<'a> = dyn Fn(&[u8]) -> Result<Vec<Found>, Split> + 'a;

/// A run of letters of base64.
struct Run {
    /// Where each letter stands, line breaks left out.
    at: Vec<usize>,
    /// Where the padding behind it ends.
    end: usize,
}

pub(super) fn find(bytes: &[u8], old: &OldToken, inside: &Inside<'_>) -> Result<Vec<Found>, Split> {
    let shortest = old.secret_chars() * 4 / 3;
    let mut all = Vec::new();
    for run in runs(bytes, shortest) {
        // Something may be glued to its beginning, so each of the four is tried.
        for first in 0..4 {
            let letters = &run.at[first.min(run.at.len())..];
            let found = in_value(bytes, letters, run.end, inside)?;
            if found.is_some() {
                all.extend(found);
                break;
            }
        }
    }
    Ok(all)
}

/// Runs of at least so many letters; a run goes on in the next line.
fn runs(bytes: &[u8], shortest: usize) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !is_letter(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        let mut count = 0;
        while let Some(byte) = bytes.get(at) {
            if is_letter(*byte) {
                count += 1;
                at += 1;
            } else if let Some(next) = next_line(bytes, at) {
                at = next;
            } else {
                break;
            }
        }
        // Most runs are words: only the few long ones are looked at letter by letter.
        if count >= shortest {
            let padding = bytes[at..].iter().take(2).take_while(|byte| **byte == b'=');
            runs.push(Run {
                at: (start..at).filter(|at| is_letter(bytes[*at])).collect(),
                end: at + padding.count(),
            });
        }
    }
    runs
}

/// Where the letters go on, when a line ends at `at` and the next one begins with more of them.
fn next_line(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    let rest = rest
        .strip_prefix(b"\r")
        .unwrap_or(rest)
        .strip_prefix(b"\n")?;
    let indent = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
    let next = bytes.len() - rest.len() + indent.count();
    bytes
        .get(next)
        .is_some_and(|byte| is_letter(*byte))
        .then_some(next)
}

fn in_value(
    bytes: &[u8],
    at: &[usize],
    end: usize,
    inside: &Inside<'_>,
) -> Result<Option<Found>, Split> {
    // A letter alone at the end says nothing.
    let whole = at.len() - usize::from(at.len() % 4 == 1);
    let mut letters = Zeroizing::new(Vec::with_capacity(whole));
    letters.extend(at[..whole].iter().map(|at| standard(bytes[*at])));
    let Ok(decoded) = engine().decode(&letters).map(Zeroizing::new) else {
        return Ok(None);
    };
    let inside = inside(&decoded)?;
    let (Some(first), Some(last)) = (inside.first(), inside.last()) else {
        return Ok(None);
    };
    let url_safe = at.iter().any(|at| matches!(bytes[*at], b'-' | b'_'));
    let encoded = |bytes: &[u8]| {
        let mut letters = Zeroizing::new(engine().encode(bytes).into_bytes());
        if url_safe {
            letters
                .iter_mut()
                .for_each(|letter| *letter = safe(*letter));
        }
        letters
    };
    let written = with(&decoded, &inside);
    let moves = inside.iter().any(|found| {
        let instead = found.instead.as_ref();
        instead.is_some_and(|new| new.len() != found.range.len())
    });
    if moves {
        return rewritten(bytes, at, end, &encoded(&written)).map(Some);
    }
    // Groups of three bytes and four letters; the last may be smaller.
    let groups = first.range.start / 3..last.range.end.div_ceil(3);
    let share = groups.start * 4..(groups.end * 4).min(whole);
    let range = at[share.start]..at[share.end - 1] + 1;
    let has_new = inside.iter().any(|found| found.instead.is_some());
    let instead = has_new.then(|| {
        let letters = encoded(&written[groups.start * 3..(groups.end * 3).min(written.len())]);
        in_place(bytes, range.clone(), &at[share], &letters)
    });
    Ok(Some(Found {
        range,
        encoding: Encoding::Base64,
        instead,
    }))
}

/// Letters put where others stood, with what stands between those.
fn in_place(bytes: &[u8], range: Range<usize>, at: &[usize], letters: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut written = Zeroizing::new(bytes[range.clone()].to_vec());
    for (at, letter) in at.iter().zip(letters) {
        written[at - range.start] = *letter;
    }
    written
}

/// The whole value from its first letter to its padding, when its length changes.
fn rewritten(bytes: &[u8], at: &[usize], end: usize, letters: &[u8]) -> Result<Found, Split> {
    let (Some(first), Some(last)) = (at.first(), at.last()) else {
        return Err(Split);
    };
    let padding = end - last - 1;
    // What is glued to it, or a letter that says nothing, would move along.
    if at.len() % 4 == 1 || padding > 0 && !(at.len() + padding).is_multiple_of(4) {
        return Err(Split);
    }
    // Padded if it was, or if nobody can say because it had no need to be.
    let is_padded = padding > 0 || at.len().is_multiple_of(4);
    let unpadded = letters.iter().rposition(|letter| *letter != b'=');
    let letters = match unpadded {
        Some(last) if !is_padded => &letters[..=last],
        _ => letters,
    };
    let instead = match wrapping(bytes, at)? {
        None => letters.to_vec(),
        Some((width, between)) => letters.chunks(width).collect::<Vec<_>>().join(between),
    };
    Ok(Found {
        range: *first..end,
        encoding: Encoding::Base64,
        instead: Some(Zeroizing::new(instead)),
    })
}

/// How wide the lines of a value are, and what stands between any two; none for a single line.
fn wrapping<'a>(bytes: &'a [u8], at: &[usize]) -> Result<Option<(usize, &'a [u8])>, Split> {
    let breaks: Vec<usize> = (1..at.len())
        .filter(|index| at[index - 1] + 1 != at[*index])
        .collect();
    let Some(width) = breaks.first().copied() else {
        return Ok(None);
    };
    let between = |index: usize| &bytes[at[index - 1] + 1..at[index]];
    let regular = breaks
        .iter()
        .enumerate()
        .all(|(line, index)| *index == (line + 1) * width && between(*index) == between(width));
    let last = at.len() - breaks.len() * width;
    if regular && last <= width && LINE_LETTERS.contains(&width) {
        Ok(Some((width, between(width))))
    } else {
        Err(Split)
    }
}

fn engine() -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&STANDARD, config)
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// The letter of the usual alphabet, for one of either.
fn standard(letter: u8) -> u8 {
    match letter {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    }
}

/// The letter of the alphabet for addresses, for one of the usual alphabet.
fn safe(letter: u8) -> u8 {
    match letter {
        b'+' => b'-',
        b'/' => b'_',
        other => other,
    }
}
