//! Whatever a file holds beside the token, however the token is written, wherever it stands: afterwards the new one is
//! exactly there, every other byte is the same, and the way back gives the file as it was.

use base64::Engine as _;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD,
};
use proptest::prelude::*;
use replace::{Encoding, OldToken, replaced};

use crate::support::Pair;

/// A part of a file.
#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Token(Way),
}

/// A way to write a token.
#[derive(Clone, Debug)]
enum Way {
    Raw(&'static str),
    Quoted(char),
    Alone,
    Base64 {
        before: String,
        after: String,
        kind: u8,
        line: Option<(usize, &'static str)>,
    },
    Twice(String),
    Wide {
        little: bool,
    },
}

fn way() -> impl Strategy<Value = Way> {
    let bars = prop::sample::select(vec![
        "|", "%7C", "%7c", "%257C", "\\u007c", "\\x7c", "&#124;", "&vert;", "\\|", "^|", "'|'",
    ]);
    let line = prop::option::of((
        prop::sample::select(vec![64_usize, 76]),
        prop::sample::select(vec!["\n", "\r\n", "\n    "]),
    ));
    prop_oneof![
        bars.prop_map(Way::Raw),
        prop::sample::select(vec!['"', '\'', '`']).prop_map(Way::Quoted),
        Just(Way::Alone),
        ("[ -~]{0,60}", "[ -~]{0,90}", 0..4_u8, line).prop_map(|(before, after, kind, line)| {
            Way::Base64 {
                // The token must end where it ends.
                before: format!("{before}="),
                after: format!(";{after}"),
                kind,
                line,
            }
        }),
        "[ -~]{0,40}".prop_map(|before| Way::Twice(format!("{before}:"))),
        any::<bool>().prop_map(|little| Way::Wide { little }),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        3 => "([A-Z_]{1,12}=[ -~é…]{0,40}(\n|\r\n)){0,4}".prop_map(Part::Text),
        1 => "[ -~\t]{0,60}".prop_map(Part::Text),
        3 => way().prop_map(Part::Token),
    ]
}

/// The token in its way of writing.
fn written(way: &Way, token: &str) -> Vec<u8> {
    let (id, secret) = token.split_once('|').unwrap();
    match way {
        Way::Raw(bar) => format!("{id}{bar}{secret}").into_bytes(),
        Way::Quoted(quote) => format!("{quote}{token}{quote}").into_bytes(),
        Way::Alone => secret.as_bytes().to_vec(),
        Way::Base64 {
            before,
            after,
            kind,
            line,
        } => {
            let value = format!("{before}{token}{after}");
            let encoded = match kind {
                0 => BASE64_STANDARD.encode(value),
                1 => BASE64_STANDARD_NO_PAD.encode(value),
                2 => BASE64_URL_SAFE.encode(value),
                _ => BASE64_URL_SAFE_NO_PAD.encode(value),
            };
            match line {
                None => encoded.into_bytes(),
                Some((width, between)) => {
                    let lines: Vec<&[u8]> = encoded.as_bytes().chunks(*width).collect();
                    lines.join(between.as_bytes())
                }
            }
        }
        Way::Twice(before) => {
            let inner = BASE64_STANDARD.encode(format!("{before}{token}"));
            BASE64_STANDARD
                .encode(format!("{{\"auth\":\"{inner}\"}}"))
                .into_bytes()
        }
        Way::Wide { little } => {
            let units = token.encode_utf16();
            let order = if *little {
                u16::to_le_bytes
            } else {
                u16::to_be_bytes
            };
            units.flat_map(order).collect()
        }
    }
}

/// A file of these parts, each token with something around it that ends it.
fn file(parts: &[Part], token: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) => bytes.extend_from_slice(text.as_bytes()),
            Part::Token(way) => {
                bytes.extend_from_slice(b"\nK: ");
                bytes.extend(written(way, token));
                bytes.extend_from_slice(b" \n");
            }
        }
    }
    bytes
}

fn tokens(parts: &[Part]) -> usize {
    parts
        .iter()
        .filter(|part| matches!(part, Part::Token(_)))
        .count()
}

/// A copy without its id can't be told from that of another id, and can't be told apart on the way back.
fn ids() -> impl Strategy<Value = Pair> {
    prop::sample::select(vec![("1042", "1042"), ("7", "1043"), ("1042", "9")])
        .prop_map(|(old, new)| Pair::new(old, new))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn the_new_token_is_exactly_there_and_every_other_byte_is_the_same(
        parts in prop::collection::vec(part(), 1..8),
        pair in ids(),
    ) {
        let before = file(&parts, &pair.old);
        let expected = file(&parts, &pair.new);
        let (after, spots) = replaced(&before, &pair.known(), &pair.fresh()).unwrap();
        prop_assert_eq!(spots.len(), tokens(&parts));
        prop_assert!(*after == expected);
        let back = pair.back();
        let (again, _) = replaced(&after, &back.known(), &back.fresh()).unwrap();
        prop_assert!(*again == before);
    }

    #[test]
    fn a_token_that_only_its_checksum_proves_is_replaced_alike(
        parts in prop::collection::vec(part(), 1..6),
    ) {
        let pair = Pair::new("1042", "1042");
        let old = OldToken::by_checksum("1042", &pair.old[pair.old.len() - 8..]).unwrap();
        let before = file(&parts, &pair.old);
        let (after, _) = replaced(&before, &old, &pair.fresh()).unwrap();
        prop_assert!(*after == file(&parts, &pair.new));
    }

    #[test]
    fn random_bytes_are_survived_and_left_as_they_are(bytes in prop::collection::vec(any::<u8>(), 0..4000)) {
        let pair = Pair::new("1042", "7");
        let (after, spots) = replaced(&bytes, &pair.known(), &pair.fresh()).unwrap();
        prop_assert!(spots.is_empty() && *after == bytes);
    }
}

#[test]
fn the_line_and_the_way_of_writing_are_told() {
    let pair = Pair::new("7", "7");
    let encoded = BASE64_STANDARD.encode(&pair.old);
    let text = format!("# x\r\nA={}\r\nB: {encoded}", pair.old);
    let (_, spots) = replaced(text.as_bytes(), &pair.known(), &pair.fresh()).unwrap();
    let told: Vec<_> = spots
        .iter()
        .map(|spot| (spot.line, spot.encoding))
        .collect();
    assert_eq!(told, [(2, Encoding::Raw), (3, Encoding::Base64)]);
}

#[test]
fn lines_that_may_be_values_of_their_own_are_not_moved() {
    let pair = Pair::new("7", "1042");
    let value = BASE64_STANDARD_NO_PAD.encode(format!("{}.", pair.old));
    let lines = format!("{value}\n{value}\n");
    assert!(replaced(lines.as_bytes(), &pair.known(), &pair.fresh()).is_none());
}
