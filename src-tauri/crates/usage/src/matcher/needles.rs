//! The eight-byte anchors that are searched for: for every key its last 8 characters as they are, in base64 at each
//! of the three alignments, and in 16-bit characters; and the names that hint at a key of this service.
//!
//! All anchors have the same length on purpose: at one position only one of them can match, which makes both engines
//! exact and lets the skip table step over five bytes at a time.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::search_key::SearchKey;

/// The length of every anchor.
pub(super) const ANCHOR: usize = 8;

/// What a matched anchor may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The last 8 characters of a key as they are.
    Raw(usize),
    /// The same in base64, with as many bytes of the group before them.
    Base64(usize, u8),
    /// The same in 16-bit characters.
    Utf16(usize),
    /// Part of a name that hints at a key.
    Name,
}

/// Parts of names such as `PULSEAPI_TOKEN`.
const NAMES: [&[u8; ANCHOR]; 5] = [
    b"PULSEAPI",
    b"pulseapi",
    b"PULSE_AP",
    b"pulse_ap",
    b"pulseApi",
];

/// Anchors without repetition, each with everything that it may mean.
#[derive(Debug, Default)]
pub(super) struct Needles {
    pub(super) anchors: Vec<[u8; ANCHOR]>,
    pub(super) forms: Vec<Vec<Form>>,
}

impl Needles {
    pub(super) fn new(keys: &[SearchKey], hints: bool) -> Self {
        let mut needles = Self::default();
        let mut known = HashMap::new();
        let mut add = |anchor: [u8; ANCHOR], form| {
            let at = *known.entry(anchor).or_insert_with(|| {
                needles.anchors.push(anchor);
                needles.forms.push(Vec::new());
                needles.anchors.len() - 1
            });
            needles.forms[at].push(form);
        };
        for (at, key) in keys.iter().enumerate() {
            add(key.last_eight, Form::Raw(at));
            for before in 0..3 {
                add(base64(key.last_eight, before), Form::Base64(at, before));
            }
            let [a, b, c, d, ..] = key.last_eight;
            add([a, 0, b, 0, c, 0, d, 0], Form::Utf16(at));
        }
        if hints {
            for name in NAMES {
                add(*name, Form::Name);
            }
        }
        needles
    }
}

/// How many characters of base64 come before the first that depends on nothing but the eight, when `before` bytes of
/// another text share their group.
pub(super) fn lead(before: u8) -> usize {
    match before {
        0 => 0,
        1 => 2,
        _ => 3,
    }
}

/// The first eight of the ten characters of base64 that depend on nothing but the eight.
fn base64(eight: [u8; 8], before: u8) -> [u8; ANCHOR] {
    let text = [&[0; 2][..usize::from(before)], &eight].concat();
    let letters = STANDARD_NO_PAD.encode(text);
    // Eight bytes are 11 letters at least, of which 3 at most are left out.
    let anchor = letters.as_bytes()[lead(before)..].first_chunk();
    anchor.copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{ANCHOR, Form, Needles, base64, lead};
    use crate::search_key::SearchKey;

    #[test]
    fn base64_of_the_eight_is_where_it_should_be_at_every_alignment() {
        // "..ab12cd34" with 0, 1 and 2 bytes before, encoded by another program.
        for (before, whole) in [
            (0, "YWIxMmNkMzQ="),
            (1, "eGFiMTJjZDM0"),
            (2, "eHhhYjEyY2QzNA=="),
        ] {
            let from = lead(before);
            assert_eq!(
                &base64(*b"ab12cd34", before),
                &whole.as_bytes()[from..from + ANCHOR]
            );
        }
    }

    #[test]
    fn keys_with_the_same_last_eight_share_their_anchors() {
        let keys = [
            SearchKey::new("1", "ab12cd34").unwrap(),
            SearchKey::new("2", "ab12cd34").unwrap(),
        ];
        let needles = Needles::new(&keys, true);
        assert_eq!(needles.anchors.len(), 5 + 5);
        assert_eq!(needles.forms[0], [Form::Raw(0), Form::Raw(1)]);
    }
}
