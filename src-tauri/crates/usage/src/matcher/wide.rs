//! Runs of letters of base64, of either alphabet: what is written in it, in hexadecimal, or as a token stands in one.
//!
//! A run goes on over letters that are written as escapes, and over ends of lines that are. Text packed in base64 has
//! a `+` or a `/` among 32 letters, so as escapes they may leave no piece of it that is long enough by itself.
//!
//! Looks at 16 bytes in every 24: whatever is 40 long contains such 16 as a whole. They are looked at all at once, and in
//! most places one of them is a space, a quote or a bracket.

use std::ops::Range;

use super::escape::{self, Means};
use super::runs::is_alphanumeric;

/// The shortest run of interest: a token's body that a line ends in, or a line of base64.
///
/// Fewer letters hold no token, however it is packed: 39 of base64 have 234 bits, and the 40 random ones of a token's
/// body, of 62 each, have 238 alone. As it is, in base64, a token has 64 letters and more, and is found by its last 8.
pub(super) const MIN_WIDE_CHARS: usize = 40;

/// How many ends of lines may stand between two letters of a run.
const MAX_LINES: usize = 4;

/// How many bytes are looked at.
const PROBE_BYTES: usize = 16;

/// Distance between two looks: with what is looked at, no more than the shortest run.
const STRIDE: usize = MIN_WIDE_CHARS - PROBE_BYTES;

/// Whether a byte may be in a run: a letter, a part of an escape, an end of a line.
const IN_RUN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(
            byte as u8,
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'+' | b'/' | b'-' | b'_' // Letters.
                | b'%' | b'\\' | b'&' | b'#' | b';' | b'=' | b'{' | b'}'
                | b'\n' | b'\r'
        );
        byte += 1;
    }
    table
};

/// Whether the byte is a letter of base64.
#[inline]
pub(super) fn is_wide(byte: u8) -> bool {
    is_alphanumeric(byte) || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Letters that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// So many without a gap.
    Plain { start: usize, end: usize },
    /// So many over escapes, of which some may stand for the end of a line. Told before the plain runs in it. Letters
    /// from `loose` to `start` belong to an escape of another character, or are the first of the run.
    Escaped {
        loose: usize,
        start: usize,
        end: usize,
    },
}

/// Calls `found` with every run, in ascending order.
pub(super) fn find(text: &[u8], found: &mut dyn FnMut(Run)) {
    let (mut at, mut last_end, mut escaped_end) = (0, 0, 0);
    while let Some(place) = next_probe(text, at) {
        at = place + STRIDE;
        // Ends of lines belong to what stands before them.
        let ends = text[place..].iter();
        let probe = place
            + ends
                .take_while(|byte| matches!(byte, b'\n' | b'\r'))
                .count();
        let Some(word) = text[probe..].first_chunk() else {
            return;
        };
        let is_plain = gaps(u64::from_le_bytes(*word)) == 0;
        let start = letters_back(text, probe, last_end.min(probe));
        let end = end(text, probe);
        if probe >= escaped_end
            && let Some((run, end)) = escaped(text, probe, start..end, escaped_end.max(last_end))
        {
            escaped_end = end;
            found(run);
        }
        if is_plain && end - start >= MIN_WIDE_CHARS {
            found(Run::Plain { start, end });
            at = end + 1;
            last_end = end;
        }
    }
}

/// The run over escapes around the letters at a probed word, and where that ends, if an escape stands in the word or
/// beside the letters. Text before `floor` belongs to another run.
#[inline]
fn escaped(text: &[u8], probe: usize, letters: Range<usize>, floor: usize) -> Option<(Run, usize)> {
    // Most words have no escape beside them, which a few steps must tell.
    let is_behind = letters.start > floor && escape::may_end(text[letters.start - 1]);
    let is_ahead = text
        .get(letters.end)
        .is_some_and(|byte| escape::begins(*byte));
    if !is_behind && !is_ahead {
        return None;
    }
    let floor = floor.min(probe);
    let before = is_behind.then(|| escape::read_back(text, letters.start, text.len()));
    let middle = match before.flatten().filter(|(at, ..)| *at >= floor) {
        Some((at, means, end)) if end > probe && means != Means::Other => at,
        Some((_, _, end)) => end.max(probe),
        None => {
            escape::read(text, letters.end)?;
            probe
        }
    };
    let ahead = ahead(text, middle);
    let behind = behind(text, middle, floor);
    let is_escaped = ahead.is_escaped || behind.is_escaped;
    (is_escaped && ahead.letters + behind.letters >= MIN_WIDE_CHARS).then_some((
        Run::Escaped {
            loose: behind.loose,
            start: behind.at,
            end: ahead.at,
        },
        ahead.at,
    ))
}

/// How far a run reaches in one direction.
#[derive(Debug, Default)]
struct Reach {
    at: usize,
    loose: usize,
    letters: usize,
    is_escaped: bool,
}

fn ahead(text: &[u8], from: usize) -> Reach {
    let mut reach = Reach {
        at: from,
        ..Reach::default()
    };
    let mut lines = 0;
    loop {
        let end = end(text, reach.at);
        reach.letters += end - reach.at;
        lines = if end > reach.at { 0 } else { lines };
        reach.at = end;
        let next = match escape::read(text, end) {
            Some((Means::Letter(_), next)) => {
                reach.letters += 1;
                lines = 0;
                next
            }
            Some((Means::Line | Means::Nothing, next)) if lines < MAX_LINES => {
                lines += 1;
                next
            }
            _ => return reach,
        };
        reach.is_escaped = true;
        reach.at = next;
    }
}

fn behind(text: &[u8], from: usize, floor: usize) -> Reach {
    let mut reach = Reach {
        at: from,
        ..Reach::default()
    };
    let mut lines = 0;
    loop {
        let front = letters_back(text, reach.at, floor);
        reach.loose = front;
        let before = escape::read_back(text, front, reach.at).filter(|(at, ..)| *at >= floor);
        let Some((at, means, end)) = before else {
            reach.letters += reach.at - front;
            reach.at = front;
            return reach;
        };
        reach.letters += reach.at - end;
        lines = if reach.at > end { 0 } else { lines };
        match means {
            Means::Letter(_) => {
                reach.letters += 1;
                lines = 0;
            }
            Means::Line | Means::Nothing if lines < MAX_LINES => lines += 1,
            _ => {
                reach.is_escaped |= front < end;
                reach.at = end;
                return reach;
            }
        }
        reach.is_escaped = true;
        reach.at = at;
    }
}

/// Calls `found` with each place in a run over escapes where a text may begin: its beginning, and those of its lines.
pub(super) fn beginnings(text: &[u8], run: Range<usize>, found: &mut dyn FnMut(usize)) {
    let mut at = run.start;
    let mut is_first = true;
    while at < run.end {
        let end = end(&text[..run.end], at);
        if is_first && end > at {
            found(at);
            is_first = false;
        }
        let Some((means, next)) = escape::read(text, end) else {
            return;
        };
        match means {
            Means::Letter(_) if is_first => {
                found(end);
                is_first = false;
            }
            Means::Line => is_first = true,
            Means::Letter(_) | Means::Nothing => {}
            Means::Other => return,
        }
        at = next;
    }
}

/// Where the letters begin that end at `at`.
fn letters_back(text: &[u8], mut at: usize, floor: usize) -> usize {
    while let Some(word) = text[floor..at].last_chunk() {
        let gaps = gaps(u64::from_le_bytes(*word));
        if gaps != 0 {
            // The last byte is the highest one.
            return at - gaps.leading_zeros() as usize / 8;
        }
        at -= 8;
    }
    let before = text[floor..at].iter().rev();
    at - before.take_while(|byte| is_wide(**byte)).count()
}

/// The next place to look at, from `at` on, that may stand in a run. The looks don't depend on each other, which makes
/// them fast.
fn next_probe(text: &[u8], at: usize) -> Option<usize> {
    let mut place = at;
    for stride in text.get(at..)?.chunks_exact(STRIDE) {
        if stride
            .first_chunk()
            .is_some_and(|bytes| strange(bytes) == 0)
            && has_room(text, place)
        {
            return Some(place);
        }
        place += STRIDE;
    }
    // What is left may be as long as what is looked at.
    text[place..].first_chunk::<PROBE_BYTES>()?;
    has_room(text, place).then_some(place)
}

/// Whether the shortest run may stand around a probed place. Kept out of the loop, which is faster without it.
#[inline(never)]
fn has_room(text: &[u8], probe: usize) -> bool {
    seems_to_have_room(text, probe).unwrap_or(true) && {
        let may_be_in = |byte: &&u8| IN_RUN[usize::from(**byte)];
        let ahead = text[probe..].iter().take(MIN_WIDE_CHARS);
        let ahead = ahead.take_while(may_be_in).count();
        let behind = text[..probe].iter().rev().take(MIN_WIDE_CHARS - ahead);
        ahead >= PROBE_BYTES && ahead + behind.take_while(may_be_in).count() == MIN_WIDE_CHARS
    }
}

/// The same as far as a few steps tell; `None` near an end of the text.
#[inline(always)]
fn seems_to_have_room(text: &[u8], probe: usize) -> Option<bool> {
    // What a run has besides the probed bytes stands in two times as many on either side.
    const _: () = assert!(MIN_WIDE_CHARS <= 3 * PROBE_BYTES);
    let around = text.get(probe.checked_sub(2 * PROBE_BYTES)?..)?;
    let around: &[[u8; PROBE_BYTES]; 5] = around.as_chunks().0.first_chunk()?;
    let [farther, behind, _, ahead, further] = around;
    let behind = room([behind, farther], u128::leading_zeros);
    let ahead = room([ahead, further], u128::trailing_zeros);
    Some(behind + PROBE_BYTES + ahead >= MIN_WIDE_CHARS)
}

/// How many bytes from the probed ones on may be in a run, of two times as many. Written out for each side by the
/// compiler: a call for each count of zeros costs more than the count.
#[inline(always)]
fn room([near, far]: [&[u8; PROBE_BYTES]; 2], zeros: impl Fn(u128) -> u32) -> usize {
    let near = zeros(strange(near)) as usize / 8;
    if near < PROBE_BYTES {
        return near;
    }
    near + zeros(strange(far)) as usize / 8
}

/// Where the run ends that goes on at `at`.
pub(super) fn end(text: &[u8], mut at: usize) -> usize {
    while let Some(word) = text[at..].first_chunk() {
        let gaps = gaps(u64::from_le_bytes(*word));
        if gaps != 0 {
            return at + gaps.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = text[at..].iter();
    at + rest.take_while(|byte| is_wide(**byte)).count()
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES * 0x80;

/// Which bytes are none of a run, as far as a few steps tell: some others are taken for such too. The first one is the
/// lowest. As a call it would cost the loop a third more.
#[inline(always)]
fn strange(bytes: &[u8; PROBE_BYTES]) -> u128 {
    let mut strange = [0; PROBE_BYTES];
    for (strange, byte) in strange.iter_mut().zip(bytes) {
        *strange = if is_strange(*byte) { 0xff } else { 0 };
    }
    u128::from_le_bytes(strange)
}

/// Whether the byte is one of those in which most texts end a run: the compiler makes one step of it for all 16, as long
/// as nothing in it depends on anything else.
#[inline(always)]
fn is_strange(byte: u8) -> bool {
    let is_above_quote = byte.cast_signed() > 0x22;
    let is_bracket_star_comma_dot = byte & !6 == b'(';
    let is_colon_greater = byte & !4 == b':';
    let is_end = (byte == b'\n') | (byte == b'\r');
    !((is_above_quote & !is_bracket_star_comma_dot & !is_colon_greater) | is_end)
}

/// The high bit of every byte that is no letter of base64.
#[inline]
fn gaps(word: u64) -> u64 {
    let low = word & !HIGH;
    let small = low | (ONES * 0x20);
    // Sets a byte's high bit if the byte is that letter or a later one; no carry reaches the next byte.
    let from = |bytes: u64, letter: u8| bytes + ONES * u64::from(0x80 - letter);
    let digits = from(low, b'0') & !from(low, b'9' + 1);
    let letters = from(small, b'a') & !from(small, b'z' + 1);
    // Sets it if the byte is just that.
    let is = |letter: u8| !((low ^ (ONES * u64::from(letter))) + ONES * 0x7f);
    let others = is(b'+') | is(b'-') | is(b'/') | is(b'_');
    (!(digits | letters | others) | word) & HIGH
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{IN_RUN, MIN_WIDE_CHARS, PROBE_BYTES, Run, STRIDE, find, gaps, is_wide};

    #[test]
    fn eight_bytes_at_a_time_say_what_one_at_a_time_says() {
        for byte in 0..=255_u8 {
            for place in 0..8 {
                let mut word = *b"a+09/M_-";
                word[place] = byte;
                let expected = if is_wide(byte) {
                    0
                } else {
                    0x80 << (8 * place)
                };
                assert_eq!(
                    gaps(u64::from_le_bytes(word)),
                    expected,
                    "{byte} at {place}"
                );
            }
        }
    }

    #[test]
    fn the_first_look_passes_over_nothing() {
        for byte in 0..=255_u8 {
            for place in 0..PROBE_BYTES {
                let mut bytes = *b"a+09/M_-%\\&#;={}";
                bytes[place] = byte;
                assert!(
                    super::strange(&bytes) == 0 || !IN_RUN[usize::from(byte)],
                    "{byte} at {place}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn finds_every_run(parts in prop::collection::vec("[aZ9+/_-]{0,90}", 0..8)) {
            let text = parts.join(" ");
            let mut expected = Vec::new();
            let mut at = 0;
            for part in &parts {
                if part.len() >= MIN_WIDE_CHARS {
                    expected.push((at, at + part.len()));
                }
                at += part.len() + 1;
            }
            let mut found = Vec::new();
            find(text.as_bytes(), &mut |run| found.extend(plain(run)));
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn finds_every_run_over_escapes(
            parts in prop::collection::vec((prop::sample::select(ESCAPES), "[aZ9+_-]{0,39}"), 0..12),
            before in prop::sample::select(&["", " ", "key: \"", "a b %20", "\u{e9}", "\\t"][..]),
            shift in 0..STRIDE,
        ) {
            let mut text = format!("{}{before}", ".".repeat(shift));
            let start = text.len();
            let mut letters = 0;
            let mut ends = 0;
            for (number, (escape, part)) in parts.iter().enumerate() {
                let is_end = escape.ends_with(['n', '\n']);
                // No escape ends in the middle of another one's letters, and a run in too many ends of lines.
                if number > 0 && !(is_end && ends == 2) {
                    text.push_str(escape);
                    letters += usize::from(!is_end);
                    ends = if is_end { ends + 1 } else { 0 };
                }
                ends = if part.is_empty() { ends } else { 0 };
                text.push_str(part);
                letters += part.len();
            }
            let end = text.len();
            text.push_str("\" x");
            let mut found = Vec::new();
            find(text.as_bytes(), &mut |run| {
                if let Run::Escaped { start, end, .. } = run {
                    found.push((start, end));
                }
            });
            let is_one = parts.len() > 1 || before.ends_with("20") || before.ends_with('t');
            let expected = (is_one && letters >= MIN_WIDE_CHARS).then_some((start, end));
            prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{}", text);
        }
    }

    const ESCAPES: &[&str] = &[
        "%2B",
        "%2f",
        "%252F",
        "\\/",
        "\\\\/",
        "\\u002b",
        "\\x2F",
        "\\053",
        "&#43;",
        "&#x2F;",
        "&sol;",
        "&amp;#43;",
        "=2B",
        "\\n",
        "\\r\\n",
        "\\\n",
        "\\\r\n",
    ];

    fn plain(run: Run) -> Option<(usize, usize)> {
        match run {
            Run::Plain { start, end } => Some((start, end)),
            Run::Escaped { .. } => None,
        }
    }

    #[test]
    fn a_text_may_begin_with_each_line_of_a_run() {
        let text = b"\\nabc\\r\\nde%2Bf\\n\\n%2Fg\\n";
        let mut found = Vec::new();
        super::beginnings(text, 0..text.len(), &mut |at| found.push(at));
        assert_eq!(found, [2, 9, 19]);
    }

    #[test]
    fn a_flood_of_escapes_is_read_once() {
        for unit in [
            "\\n", "%25", "\\\\", "&amp;", "%2B", "=2B", "a\\n", "&#43;", "{;#", "\\u{",
        ] {
            let text = unit.repeat((4 << 20) / unit.len());
            let mut runs = 0;
            find(text.as_bytes(), &mut |_| runs += 1);
            assert!(runs < text.len() / MIN_WIDE_CHARS, "{unit}");
        }
    }
}
