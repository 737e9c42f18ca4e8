//! Keys in what is written in another way: base64 in base64, packed and then in base64, hexadecimal, 16-bit characters,
//! and all of these in each other. Also tokens with a break inside the last 8 characters.
//!
//! Only runs of letters are looked at that are long enough to hold a token; of these only those are decoded that begin
//! like text or like something packed; and how much comes out, and how deep it goes, is bounded. What is over a bound
//! is told.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::ZlibDecoder;

use super::blob::{self, Blob, Collected};
use super::passing::Deep;
use super::shape::{self, Shape};
use super::window::{BEHIND, Window};
use super::{Match, Matcher, Met, breaks, names, runs, verify, wide};
use crate::archive::{self, Kind};
use crate::finding::{Encoding, Layer, Level};

/// How many ways of writing are read that stand in each other.
const MAX_LAYERS: usize = 4;

/// What is decoded of one text, beyond as many times its own size.
const MAX_DECODED_BYTES: u64 = 64 << 20;

/// What one packed text may become.
const MAX_UNPACKED_BYTES: u64 = 16 << 20;

/// How much of a token must stand on one side of a break: the body.
const BODY_CHARS: usize = 40;

/// How far back a token is read whose last 8 characters stand across a break.
const BROKEN_BYTES_BEFORE: usize = 160;

/// As far back as a run may begin that is judged with what follows: 39 letters, most of them escapes.
const LOOK_BACK_BYTES: usize = 512;

/// What was not looked into, by why.
const TOO_DEEP: &str = "encoded more than four times";
const TOO_LARGE: &str = "encoded, and too large";

/// Findings of a part of a text go here.
type Found<'found> = dyn FnMut(Met) + 'found;

impl Matcher {
    /// Looks through what is encoded in a window, up to `until`, and calls `run` with each run of letters in it.
    pub(super) fn deep(
        &self,
        window: Window<'_>,
        until: usize,
        deep: &mut Deep,
        found: &mut Found<'_>,
    ) {
        let Window { text, from, last } = window;
        let base = deep.base(window);
        deep.passed = base + until as u64;
        if let Some(place) = shape::wide(&text[from..until]) {
            let from = from + place;
            let mut narrow: Vec<_> = text[from..until].iter().step_by(2).copied().collect();
            self.layer(&narrow, Layer::Utf16, from, deep, &mut |met| {
                // As it is, it was found where it stands.
                let is_known = |hit: &Match| {
                    hit.layers == [Layer::Utf16]
                        && hit.encoding != Encoding::Base64
                        && hit.level >= Level::Mention
                };
                if !matches!(&met, Met::Match(hit) if is_known(hit)) {
                    found(met);
                }
            });
            zeroize::Zeroize::zeroize(&mut narrow);
            return;
        }
        if let Some(blob) = deep.blob.take() {
            self.go_on(blob, text, base, until, deep, found);
        }
        let behind = from.saturating_sub(LOOK_BACK_BYTES);
        let limit = if last { text.len() } else { until };
        wide::find(&text[behind..until], &mut |run| match run {
            wide::Run::Escaped { loose, start, end } => {
                let (loose, run) = (behind + loose, behind + start..behind + end);
                if run.end < from || run.end == from && from > 0 {
                    return;
                }
                let mut begin = |at: usize| {
                    if base + (at as u64) < deep.done || deep.blob.is_some() {
                        return;
                    }
                    // Without a place for a token nothing is decoded.
                    let mut letters = blob::head(text, at, limit);
                    if letters.len() >= wide::MIN_WIDE_CHARS {
                        self.begin(&letters, at, (text, base, limit), deep, found);
                    }
                    zeroize::Zeroize::zeroize(&mut letters);
                };
                // What follows a `=` is rather a value that begins with two such digits.
                if loose < run.start && text[..loose].ends_with(b"=") {
                    begin(loose);
                }
                wide::beginnings(text, run.clone(), &mut begin);
                if loose < run.start {
                    begin(loose);
                }
            }
            wide::Run::Plain { start, end } => {
                let (start, end) = (behind + start, behind + end);
                self.strangers(text, start..end, last || end < until, from, found);
                if end < from || end == from && from > 0 {
                    return;
                }
                if end < limit || last {
                    self.broken(text, end, found);
                }
                self.begin(&text[start..end], start, (text, base, limit), deep, found);
            }
        });
    }

    /// Looks through what is encoded from `at` on, where letters stand that begin like these.
    fn begin(
        &self,
        letters: &[u8],
        at: usize,
        (text, base, until): (&[u8], u64, usize),
        deep: &mut Deep,
        found: &mut Found<'_>,
    ) {
        let start = base + at as u64;
        if start < deep.done || deep.blob.is_some() {
            return;
        }
        let Some((alphabet, skipped, shape)) = shape::probe(letters) else {
            return;
        };
        let blob = Blob::new(alphabet, shape, start, skipped);
        self.go_on(blob, text, base, until, deep, found);
    }

    fn go_on(
        &self,
        mut blob: Blob,
        text: &[u8],
        base: u64,
        until: usize,
        deep: &mut Deep,
        found: &mut Found<'_>,
    ) {
        if blob.collect(text, base, until) == Collected::Part {
            deep.blob = Some(blob);
            return;
        }
        deep.done = blob.at;
        // Told where it begins, or where it ends when that is out of sight.
        let place = |at: u64| usize::try_from(at.checked_sub(base)?).ok();
        let here = place(blob.start).unwrap_or_else(|| place(blob.at).unwrap_or(0));
        let name = place(blob.start).and_then(|start| names::before(text, start));
        let (start, end) = (blob.start, blob.at);
        let shallow: Vec<_> = deep
            .shallow
            .iter()
            .filter(|(at, ..)| (start..end).contains(at))
            .map(|(_, key, level)| (*key, *level))
            .collect();
        self.decode(blob, here, deep, &mut |met| {
            let Met::Match(mut hit) = met else {
                return found(met);
            };
            let is_known =
                |(key, level): &(usize, Level)| hit.key == Some(*key) && *level >= hit.level;
            if !shallow.iter().any(is_known) {
                hit.variable = hit.variable.or_else(|| name.clone());
                found(Met::Match(hit));
            }
        });
    }

    fn decode(&self, mut blob: Blob, at: usize, deep: &mut Deep, found: &mut Found<'_>) {
        if blob.is_too_long {
            return found(Met::Unread(TOO_LARGE));
        }
        let layer = match blob.alphabet {
            shape::Alphabet::Base64 => Layer::Base64,
            shape::Alphabet::Hex => Layer::Hex,
        };
        let mut decoded = blob
            .alphabet
            .decode(blob.letters.get(blob.skipped..).unwrap_or_default());
        zeroize::Zeroize::zeroize(&mut blob.letters);
        self.within(&decoded, blob.shape, layer, at, deep, found);
        zeroize::Zeroize::zeroize(&mut decoded);
    }

    /// Looks through decoded bytes of this shape.
    fn within(
        &self,
        decoded: &[u8],
        shape: Shape,
        layer: Layer,
        at: usize,
        deep: &mut Deep,
        found: &mut Found<'_>,
    ) {
        let is_last = deep.layers.len() + 1 >= MAX_LAYERS;
        match shape {
            Shape::Text => self.layer(decoded, layer, at, deep, found),
            _ if is_last && !matches!(shape, Shape::Container(Kind::Packed(_))) => {
                found(Met::Unread(TOO_DEEP));
            }
            Shape::Wide(place) => {
                let mut narrow: Vec<_> = decoded[place..].iter().step_by(2).copied().collect();
                deep.layers.push(layer);
                self.layer(&narrow, Layer::Utf16, at, deep, found);
                deep.layers.pop();
                zeroize::Zeroize::zeroize(&mut narrow);
            }
            Shape::Zlib => {
                deep.layers.push(layer);
                let text = &mut ZlibDecoder::new(decoded);
                // What only begins like it is none: two bytes prove little.
                let _ = self.unpacked(text, Layer::Zlib, at, deep, found);
                deep.layers.pop();
            }
            Shape::Container(kind) => {
                deep.layers.push(layer);
                self.container(decoded, kind, at, deep, found);
                deep.layers.pop();
            }
        }
    }

    fn container(
        &self,
        packed: &[u8],
        kind: Kind,
        at: usize,
        deep: &mut Deep,
        found: &mut Found<'_>,
    ) {
        let layer = Layer::of(kind);
        let mut over = false;
        let visited = archive::each(packed, kind, &mut |_, text| {
            let outcome = self.unpacked(text, layer, at, deep, found);
            over |= matches!(&outcome, Err(error) if error.kind() == io::ErrorKind::QuotaExceeded);
            // Letters that follow it were taken for a part of it: what came before their end was looked through.
            if over { outcome } else { Ok(()) }
        });
        if over {
            found(Met::Unread(TOO_LARGE));
        } else if let Err(what) = visited {
            found(Met::Unread(what));
        }
    }

    /// Looks through what is unpacked.
    fn unpacked(
        &self,
        text: &mut dyn Read,
        layer: Layer,
        at: usize,
        deep: &mut Deep,
        found: &mut Found<'_>,
    ) -> io::Result<()> {
        let mut unpacked = Vec::new();
        let read = text.take(MAX_UNPACKED_BYTES + 1).read_to_end(&mut unpacked);
        let is_over = unpacked.len() as u64 > MAX_UNPACKED_BYTES;
        let shape = shape::of(&unpacked);
        match shape {
            Some(shape @ (Shape::Container(_) | Shape::Zlib | Shape::Wide(_))) => {
                self.within(&unpacked, shape, layer, at, deep, found);
            }
            _ => self.layer(&unpacked, layer, at, deep, found),
        }
        zeroize::Zeroize::zeroize(&mut unpacked);
        if is_over {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        read.map(|_| ())
    }

    /// Looks through a text that was decoded from another one.
    fn layer(&self, text: &[u8], layer: Layer, at: usize, deep: &mut Deep, found: &mut Found<'_>) {
        let size = text.len() as u64;
        deep.decoded += size;
        if deep.decoded > MAX_DECODED_BYTES.saturating_add(deep.passed.saturating_mul(4))
            || !take(&self.decodable, size)
        {
            return found(Met::Unread(TOO_LARGE));
        }
        let mut layers = deep.layers.clone();
        layers.push(layer);
        let is_last = layers.len() >= MAX_LAYERS;
        let mut inner = Deep {
            layers: layers.clone(),
            decoded: deep.decoded,
            ..Deep::default()
        };
        let window = Window {
            text,
            from: 0,
            last: true,
        };
        let mut pass = |met| match met {
            // Names say nothing here, and repeat themselves.
            Met::Match(hit) if hit.level == Level::Hint => {}
            Met::Match(mut hit) => {
                hit.at = at;
                if !hit.layers.starts_with(&layers) {
                    hit.layers.splice(0..0, layers.iter().copied());
                }
                found(Met::Match(hit));
            }
            Met::Unread(what) => found(Met::Unread(what)),
        };
        if is_last {
            self.find_shallow(window, &mut inner, &mut pass);
            self.strangers(text, 0..text.len(), true, 0, &mut pass);
        } else {
            self.find(window, &mut inner, &mut pass);
        }
        deep.decoded = inner.decoded;
    }

    /// A token whose last 8 characters stand on both sides of a break at `end`.
    fn broken(&self, text: &[u8], end: usize, found: &mut Found<'_>) {
        let before = text[..end].iter().rev().take(BODY_CHARS + 8);
        let run = before
            .take_while(|byte| runs::is_alphanumeric(**byte))
            .count();
        if run <= BODY_CHARS {
            return;
        }
        let Some(next) = breaks::skip(text, end) else {
            return;
        };
        for there in 1..8.min(run - BODY_CHARS + 1) {
            let Some(rest) = text.get(next..next + 8 - there) else {
                continue;
            };
            let mut suffix = [0; 8];
            suffix[..there].copy_from_slice(&text[end - there..end]);
            suffix[there..].copy_from_slice(rest);
            if !self.suffixes.contains(&suffix) {
                continue;
            }
            let start = end.saturating_sub(BROKEN_BYTES_BEFORE);
            let after = text.get(next + 8 - there).copied();
            let mut whole: Vec<_> = [&text[start..end], rest].concat();
            let at = whole.len() - 8;
            whole.extend(after);
            for (key, searched) in self.keys.iter().enumerate() {
                if searched.last_eight != suffix {
                    continue;
                }
                if let Some(proof) = verify::judge(&whole, at, searched)
                    && proof.level >= Level::Probable
                {
                    let variable = names::before(&whole, proof.start);
                    let mut hit = self.matched(end - 1, key, &proof, proof.spelled, variable);
                    hit.layers = vec![Layer::Lines];
                    found(Met::Match(hit));
                }
            }
            zeroize::Zeroize::zeroize(&mut whole);
        }
    }

    /// What proves the last 8 characters at `at`, when the body before them is broken.
    pub(super) fn joined(
        &self,
        text: &[u8],
        at: usize,
        key: usize,
    ) -> Option<(verify::Proof, Option<String>)> {
        let start = at.saturating_sub(BROKEN_BYTES_BEFORE);
        let mut whole = breaks::without(&text[start..at]);
        let place = whole.len();
        whole.extend_from_slice(&text[at..text.len().min(at + 9)]);
        let proof = verify::judge(&whole, place, &self.keys[key])
            .filter(|proof| proof.level >= Level::Probable);
        let named = proof.map(|proof| {
            let variable = names::before(&whole, proof.start);
            (proof, variable)
        });
        zeroize::Zeroize::zeroize(&mut whole);
        named
    }
}

/// Takes so much of what there is to spare.
fn take(pool: &AtomicU64, size: u64) -> bool {
    let taken = pool.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
        left.checked_sub(size)
    });
    taken.is_ok()
}

const _: () = assert!(LOOK_BACK_BYTES + BROKEN_BYTES_BEFORE < BEHIND);
