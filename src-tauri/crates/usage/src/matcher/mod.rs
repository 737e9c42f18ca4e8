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
//!
//! Not found: base64 that is broken by a line inside the 8 characters, base64 in base64, hexadecimal. The key-less
//! search reads plain text only.

mod checksum;
mod engine;
mod names;
mod needles;
mod runs;
mod separator;
mod verify;
mod view;
mod window;

use std::collections::{HashMap, HashSet};

use self::engine::Engine;
use self::needles::{Form, Needles};
use self::view::View;
pub(crate) use self::window::{AHEAD, BEHIND, Window};
use crate::finding::{Encoding, Level};
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
    pub(crate) mask: String,
    pub(crate) variable: Option<String>,
    /// The number of the key.
    pub(crate) key: Option<usize>,
}

/// Everything prepared to look for some keys.
#[derive(Debug)]
pub(crate) struct Matcher {
    keys: Vec<SearchKey>,
    needles: Needles,
    engine: Engine,
    extras: Extras,
    suffixes: HashSet<[u8; 8]>,
    ids: HashMap<Vec<u8>, usize>,
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
        }
    }

    pub(crate) fn keys(&self) -> &[SearchKey] {
        &self.keys
    }

    /// Calls `found` for everything that begins in the window, and tells where the next one has to go on.
    pub(crate) fn find(&self, window: Window<'_>, found: &mut dyn FnMut(Match)) -> usize {
        let Window { text, from, last } = window;
        let until = if last {
            text.len()
        } else {
            text.len().saturating_sub(AHEAD).max(from)
        };
        // Anchors are as long as the shortest look ahead, so one that begins before `until` ends before the window.
        let scanned = if last {
            text
        } else {
            &text[..(until + needles::ANCHOR - 1).min(text.len())]
        };
        self.engine.find(&scanned[from..], &mut |at, anchor| {
            for form in &self.needles.forms[anchor] {
                self.judge(text, from + at, *form, found);
            }
        });
        if self.extras.older || self.extras.unlisted {
            // A run is judged at its end: in the window that has it, and only once.
            let behind = from.saturating_sub(BEHIND);
            runs::find(&text[behind..until], last, &mut |end| {
                if behind + end >= from {
                    self.meet(text, behind + end, found);
                }
            });
        }
        until
    }

    fn judge(&self, text: &[u8], at: usize, form: Form, found: &mut dyn FnMut(Match)) {
        match form {
            Form::Raw(key) => {
                if let Some(proof) = verify::judge(text, at, &self.keys[key]) {
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
