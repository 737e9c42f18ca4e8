//! Finds keys in bytes: fast anchors first, slow proof for the few that match.
//!
//! | module | answers |
//! |---|---|
//! | `needles` | what bytes a key may leave behind |
//! | `engine` | where any of them stand |
//! | `runs` | where a genuine token stands, of whatever key |
//! | `view` | what stands around it, whatever it is written in |
//! | `verify`, `checksum`, `separator` | whether it is this key |
//! | `names` | what it is called there |
//! | `deep`, `wide`, `blob`, `shape` | what is encoded in the text, and what that holds |
//! | `escape` | how a character of that is written otherwise |
//! | `passing` | what is known of a text from window to window |
//! | `breaks` | what breaks a value in two |
//!
//! Not found: a token each character of which is written as a number of its own (`\\x61\\x62`), and base64 in lines of
//! less than 40 letters that really end (not by an escape) inside the last 8 characters, or that hold something packed.

mod blob;
mod breaks;
mod checksum;
mod deep;
mod engine;
mod escape;
mod names;
mod needles;
mod passing;
mod runs;
mod separator;
mod shape;
mod verify;
mod view;
mod wide;
mod window;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::atomic::AtomicU64;

use self::engine::Engine;
use self::needles::{Form, Needles};
pub(crate) use self::passing::Deep;
use self::view::View;
pub(crate) use self::window::{AHEAD, BEHIND, Window};
use crate::finding::{Encoding, Layer, Level};
use crate::search_key::SearchKey;

/// What is looked for besides the keys themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extras {
    /// Earlier versions of the keys.
    pub(crate) older: bool,
    /// Genuine tokens of other keys.
    pub(crate) unlisted: bool,
    /// Names of variables.
    pub(crate) hints: bool,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    /// Where in the window.
    pub(crate) at: usize,
    pub(crate) level: Level,
    pub(crate) encoding: Encoding,
    /// What the text was decoded from that it stands in, from the outside in.
    pub(crate) layers: Vec<Layer>,
    pub(crate) mask: String,
    pub(crate) variable: Option<String>,
    /// The number of the key.
    pub(crate) key: Option<usize>,
}

/// What is met in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Met {
    /// Something that was found.
    Match(Match),
    /// Something encoded that was not looked into, by why.
    Unread(&'static str),
}

impl Met {
    /// Where in the window.
    pub(crate) fn at(&self) -> usize {
        match self {
            Self::Match(hit) => hit.at,
            Self::Unread(_) => 0,
        }
    }
}

/// What one search may decode, of all that is encoded in its texts.
const MAX_DECODED_BYTES: u64 = 16 << 30;

/// Everything prepared to look for some keys.
#[derive(Debug)]
pub(crate) struct Matcher {
    keys: Vec<SearchKey>,
    needles: Needles,
    engine: Engine,
    extras: Extras,
    suffixes: HashSet<[u8; 8]>,
    ids: HashMap<Vec<u8>, usize>,
    /// How much may still be decoded.
    decodable: AtomicU64,
}

impl Matcher {
    pub(crate) fn new(keys: Vec<SearchKey>, extras: Extras) -> Self {
        let needles = Needles::new(&keys, extras.hints);
        Self {
            engine: Engine::new(&needles.anchors),
            suffixes: keys.iter().map(|key| key.last_eight).collect(),
            ids: keys
                .iter()
                .enumerate()
                .map(|(at, key)| (key.id.clone().into_bytes(), at))
                .collect(),
            needles,
            extras,
            keys,
            decodable: AtomicU64::new(MAX_DECODED_BYTES),
        }
    }

    pub(crate) fn keys(&self) -> &[SearchKey] {
        &self.keys
    }

    /// Calls `found` for everything that begins in the window, and tells where the next one has to go on.
    pub(crate) fn find(
        &self,
        window: Window<'_>,
        deep: &mut Deep,
        found: &mut dyn FnMut(Met),
    ) -> usize {
        let until = self.find_shallow(window, deep, found);
        self.deep(window, until, deep, found);
        until
    }

    /// The same, without what is encoded in the window.
    fn find_shallow(
        &self,
        window: Window<'_>,
        deep: &mut Deep,
        found: &mut dyn FnMut(Met),
    ) -> usize {
        let Window { text, from, last } = window;
        let until = if last {
            text.len()
        } else {
            text.len().saturating_sub(AHEAD).max(from)
        };
        let base = deep.base(window);
        // Anchors are as long as the shortest look ahead, so one that begins before `until` ends before the window.
        let scanned = if last {
            text
        } else {
            &text[..(until + needles::ANCHOR - 1).min(text.len())]
        };
        self.engine.find(&scanned[from..], &mut |at, anchor| {
            for form in &self.needles.forms[anchor] {
                self.judge(text, from + at, *form, &mut |hit| {
                    if let (Encoding::Base64, Some(key)) = (hit.encoding, hit.key) {
                        deep.know(base + hit.at as u64, key, hit.level);
                    }
                    found(Met::Match(hit));
                });
            }
        });
        until
    }

    /// Genuine tokens in a run of letters, which is `whole` at its end: each is judged once, in the window that has it.
    fn strangers(
        &self,
        text: &[u8],
        run: Range<usize>,
        whole: bool,
        from: usize,
        found: &mut dyn FnMut(Met),
    ) {
        if self.extras.older || self.extras.unlisted {
            let start = run.start;
            runs::find(&text[run], whole, &mut |end| {
                if start + end >= from {
                    self.meet(text, start + end, &mut |hit| found(Met::Match(hit)));
                }
            });
        }
    }

    fn judge(&self, text: &[u8], at: usize, form: Form, found: &mut dyn FnMut(Match)) {
        match form {
            Form::Raw(key) => {
                let proof = verify::judge(text, at, &self.keys[key]);
                let is_weak = proof
                    .as_ref()
                    .is_none_or(|proof| proof.level < Level::Probable);
                if is_weak && let Some((proof, variable)) = self.joined(text, at, key) {
                    let mut hit = self.matched(at, key, &proof, proof.spelled, variable);
                    hit.layers = vec![Layer::Lines];
                    return found(hit);
                }
                if let Some(proof) = proof {
                    let variable = names::before(text, proof.start);
                    found(self.matched(at, key, &proof, proof.spelled, variable));
                }
            }
            Form::Utf16(key) => {
                if let Some(view) = view::narrow(text, at, self.keys[key].last_eight) {
                    let proof = verify::judge(&view.text, view.at, &self.keys[key]);
                    let variable = proof
                        .as_ref()
                        .and_then(|proof| names::before(&view.text, proof.start));
                    found_in(view, proof, |proof| {
                        found(self.matched(at, key, &proof, Encoding::Utf16, variable));
                    });
                }
            }
            Form::Base64(key, before) => {
                if let Some(view) = view::decode(text, at, before, self.keys[key].last_eight) {
                    let proof = verify::judge(&view.text, view.at, &self.keys[key]);
                    let variable = names::before(text, view.start);
                    found_in(view, proof, |proof| {
                        found(self.matched(at, key, &proof, Encoding::Base64, variable));
                    });
                }
            }
            Form::Name => {
                if let Some(name) = names::hint(text, at) {
                    found(Match {
                        at,
                        level: Level::Hint,
                        encoding: Encoding::Raw,
                        layers: Vec::new(),
                        mask: String::new(),
                        variable: Some(name),
                        key: None,
                    });
                }
            }
        }
    }

    fn matched(
        &self,
        at: usize,
        key: usize,
        proof: &verify::Proof,
        encoding: Encoding,
        variable: Option<String>,
    ) -> Match {
        let searched = &self.keys[key];
        let id = proof.with_id.then_some(searched.id.as_str());
        Match {
            at,
            level: proof.level,
            encoding,
            layers: Vec::new(),
            mask: mask(id, searched.last_eight()),
            variable,
            key: Some(key),
        }
    }

    /// The key of a record id, which may have something glued to it.
    fn key_of(&self, id: &[u8]) -> Option<usize> {
        let known = |id: &[u8]| self.ids.get(id).copied();
        known(id).or_else(|| {
            let digits = id.iter().rev().take_while(|byte| byte.is_ascii_digit());
            let digits = digits.take(MAX_DIGITS).count();
            (1..=digits)
                .rev()
                .find_map(|digits| known(&id[id.len() - digits..]))
        })
    }

    /// A genuine token ends at `end`: is it an older version of a key, or of no key in the list?
    fn meet(&self, text: &[u8], end: usize, found: &mut dyn FnMut(Match)) {
        let Some(suffix) = text[..end].last_chunk::<8>() else {
            return;
        };
        if self.suffixes.contains(suffix) {
            return;
        }
        let (start, id, encoding) = verify::stranger(text, end);
        let key = id.and_then(|id| self.key_of(id));
        let level = match key {
            Some(_) if self.extras.older => Level::Older,
            None if self.extras.unlisted => Level::Unlisted,
            _ => return,
        };
        let id = id.map(String::from_utf8_lossy);
        found(Match {
            at: end - 8,
            level,
            encoding,
            layers: Vec::new(),
            mask: mask(id.as_deref(), &String::from_utf8_lossy(suffix)),
            variable: names::before(text, start),
            key,
        });
    }
}

/// As many digits as the longest number has.
const MAX_DIGITS: usize = 20;

fn found_in(mut view: View, proof: Option<verify::Proof>, found: impl FnOnce(verify::Proof)) {
    if let Some(proof) = proof {
        found(proof);
    }
    // A decoded token must not stay behind in freed memory.
    zeroize::Zeroize::zeroize(&mut view.text);
}

fn mask(id: Option<&str>, last_eight: &str) -> String {
    match id {
        Some(id) => format!("{id}|••••{last_eight}"),
        None => format!("••••{last_eight}"),
    }
}
