//! A token in every way of writing, at every place around the edge of the buffer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use proptest::prelude::*;

use super::{Lines, Reader, count, look};
use crate::cancel::Cancel;
use crate::finding::{Encoding, Layer, Level};
use crate::matcher::{AHEAD, BEHIND, Extras, Match, Matcher, Met};
use crate::testing::Token;

/// The smallest buffer that moves on by a fair step.
const ROOM: usize = 4096;

const EXTRAS: Extras = Extras {
    older: true,
    unlisted: true,
    hints: true,
};

/// Nothing of what is read here is left unread.
fn found(met: Met) -> Match {
    match met {
        Met::Match(hit) => hit,
        Met::Unread(what) => panic!("{what}"),
    }
}

fn stream(text: &[u8], matcher: &Matcher, later: bool, step: usize) -> Vec<(Match, u64)> {
    let mut at = 0;
    let mut source = |room: &mut [u8]| {
        let size = room.len().min(step).min(text.len() - at);
        room[..size].copy_from_slice(&text[at..at + size]);
        at += size;
        Ok(size)
    };
    let mut recount = |from: u64, until: u64| {
        let [from, until] = [from, until].map(|place| usize::try_from(place).unwrap());
        count(&text[from..until])
    };
    let lines = if later {
        Lines::Later(&mut recount)
    } else {
        Lines::Passing
    };
    let mut hits = Vec::new();
    let size = Reader::of_room(ROOM)
        .stream(
            0,
            &mut source,
            lines,
            matcher,
            &Cancel::default(),
            &mut |met, line| {
                hits.push((found(met), line));
            },
        )
        .unwrap();
    assert_eq!(size, text.len() as u64);
    hits
}

/// The text with lines of 50 spaces, the needle at `at`.
fn page(needle: &[u8], at: usize, size: usize) -> Vec<u8> {
    let mut text: Vec<u8> = (0..size)
        .map(|place| if place % 50 == 49 { b'\n' } else { b' ' })
        .collect();
    text[at..at + needle.len()].copy_from_slice(needle);
    text
}

fn forms(token: &Token) -> Vec<(&'static str, Vec<u8>, Encoding)> {
    let whole = token.whole();
    let wide = |order: fn(u16) -> [u8; 2]| whole.encode_utf16().flat_map(order).collect::<Vec<_>>();
    vec![
        ("raw", whole.clone().into_bytes(), Encoding::Raw),
        ("secret", token.secret().into_bytes(), Encoding::Raw),
        (
            "percent",
            whole.replace('|', "%7C").into_bytes(),
            Encoding::Percent,
        ),
        (
            "json",
            whole.replace('|', "\\u007c").into_bytes(),
            Encoding::Json,
        ),
        (
            "html",
            whole.replace('|', "&#124;").into_bytes(),
            Encoding::Html,
        ),
        (
            "shell",
            whole.replace('|', "\\|").into_bytes(),
            Encoding::Shell,
        ),
        ("base64 0", BASE64.encode(&whole).into(), Encoding::Base64),
        (
            "base64 1",
            BASE64.encode(format!(":{whole}")).into(),
            Encoding::Base64,
        ),
        (
            "base64 2",
            BASE64.encode(format!("p:{whole}:")).into(),
            Encoding::Base64,
        ),
        ("utf16 le", wide(u16::to_le_bytes), Encoding::Utf16),
        ("utf16 be", wide(u16::to_be_bytes), Encoding::Utf16),
    ]
}

#[test]
fn every_form_is_found_once_at_every_place_around_the_edge() {
    let token = Token::random("1042");
    let matcher = Matcher::new(vec![token.search_key()], EXTRAS);
    for (form, mut needle, encoding) in forms(&token) {
        // In a variable, so that the name is read across the edge too.
        if encoding != Encoding::Utf16 {
            needle = [b"KEY=".as_slice(), &needle, b"\n"].concat();
        }
        for shift in 0..AHEAD + 700 {
            let at = ROOM - AHEAD - 600 + shift;
            let text = page(&needle, at, ROOM + 2000);
            let hits = stream(&text, &matcher, shift % 2 == 0, ROOM);
            assert_eq!(hits.len(), 1, "{form} at {at}");
            let (hit, line) = &hits[0];
            assert_eq!(hit.level, Level::ThisKey, "{form} at {at}");
            assert_eq!(hit.encoding, encoding, "{form} at {at}");
            let before = count(&text[..at]) + 1;
            assert!((before..=before + 1).contains(line), "{form} at {at}");
            if encoding != Encoding::Utf16 {
                assert_eq!(hit.variable.as_deref(), Some("KEY"), "{form} at {at}");
            }
        }
    }
}

#[test]
fn base64_over_escapes_is_found_once_at_every_place_around_the_edge() {
    let token = Token::random("1042");
    let matcher = Matcher::new(vec![token.search_key()], EXTRAS);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let inner = format!("{:x}\nK={}\n", 0x9e37_79b9_7f4a_7c15_u64, token.whole());
    std::io::Write::write_all(&mut packer, inner.as_bytes()).unwrap();
    let packed = BASE64.encode(packer.finish().unwrap());
    // In lines so short that no piece is long.
    let lines: Vec<_> = packed.as_bytes().chunks(28).collect();
    let lines = lines.join(b"\\u000a".as_slice());
    let spelled = packed.replace('+', "%2B").replace('/', "%2F");
    for needle in [lines, spelled.replace('=', "%3D").into_bytes()] {
        let needle = [b"\"".as_slice(), &needle, b"\"\n"].concat();
        for shift in 0..AHEAD + 700 {
            let at = ROOM - AHEAD - 600 + shift;
            let text = page(&needle, at, ROOM + 2000);
            let hits = stream(&text, &matcher, false, ROOM);
            assert_eq!(hits.len(), 1, "at {at}");
            let way = [Layer::Base64, Layer::Gzip];
            assert_eq!(hits[0].0.layers, way, "at {at}");
            assert_eq!(hits[0].1, count(&text[..at]) + 1, "at {at}");
        }
    }
}

#[test]
fn an_older_version_and_a_name_are_found_once_at_every_place_around_the_edge() {
    let token = Token::random("1042");
    let older = Token::random("1042");
    let matcher = Matcher::new(vec![token.search_key()], EXTRAS);
    let needle = format!("PULSEAPI_TOKEN={}\n", older.whole());
    for shift in 0..AHEAD + 400 {
        let at = ROOM - AHEAD - 300 + shift;
        let text = page(needle.as_bytes(), at, ROOM + 2000);
        let hits = stream(&text, &matcher, false, ROOM);
        let mut levels: Vec<_> = hits.iter().map(|(hit, _)| hit.level).collect();
        levels.sort();
        assert_eq!(levels, [Level::Hint, Level::Older], "at {at}");
    }
}

#[test]
fn a_token_at_the_very_beginning_and_the_very_end_is_found() {
    let token = Token::random("7");
    let matcher = Matcher::new(vec![token.search_key()], EXTRAS);
    for size in [token.whole().len(), ROOM, ROOM + 1, 3 * ROOM] {
        for at in [0, size - token.whole().len()] {
            let text = page(token.whole().as_bytes(), at, size);
            let hits = stream(&text, &matcher, false, ROOM);
            assert_eq!(hits.len(), 1, "{at} of {size}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn however_the_source_delivers_the_same_is_found(
        step in 1_usize..5000,
        places in prop::collection::vec(0_usize..ROOM + 8000, 0..8),
    ) {
        let token = Token::random("1042");
        let matcher = Matcher::new(vec![token.search_key()], EXTRAS);
        let mut text = page(b"", 0, ROOM + 9000);
        for place in places {
            let needle = token.whole();
            text[place..place + needle.len()].copy_from_slice(needle.as_bytes());
        }
        let mut whole = Vec::new();
        look(&text, &matcher, &mut |met, line| whole.push((found(met).level, line)));
        let streamed: Vec<_> = stream(&text, &matcher, false, step)
            .into_iter()
            .map(|(hit, line)| (hit.level, line))
            .collect();
        prop_assert_eq!(streamed, whole);
    }

    #[test]
    fn random_bytes_never_panic_and_hold_no_key(
        bytes in prop::collection::vec(any::<u8>(), 0..4000),
        pieces in prop::collection::vec((0_usize..12, any::<prop::sample::Index>()), 0..6),
    ) {
        // Random bytes with pieces of tokens in between, which lead the proof into every corner.
        let token = Token::random("1042");
        let matcher = Matcher::new(vec![token.search_key()], EXTRAS);
        let mut text = bytes;
        for (form, place) in pieces {
            let forms = forms(&token);
            let needle = &forms[form % forms.len()].1;
            let cut = place.index(needle.len());
            let at = place.index(text.len() + 1);
            text.splice(at..at, needle[cut..].iter().copied());
        }
        look(&text, &matcher, &mut |_, _| {});
    }
}

// The loop above begins its needles far enough before the edge.
const _: () = assert!(BEHIND > 600);
