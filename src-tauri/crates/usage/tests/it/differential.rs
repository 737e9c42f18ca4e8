//! The search beside a slow, plain reference that tries each decoding at each offset: on generated folders of tokens in
//! ways of writing that stand in each other, and of things that only look like tokens, both find the same.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{
    DecodePaddingMode, general_purpose::STANDARD, general_purpose::URL_SAFE_NO_PAD,
};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use rand::distr::Alphanumeric;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use usage::{Level, SearchKey, Tier};

use crate::packing::{Spelling, spelled};
use crate::support::{run, scan, wrapped};

/// How many folders are made, each from its own seed.
const FOLDERS: u64 = 60;

/// How many files a folder has.
const FILES: usize = 12;

/// How many ways of writing stand in each other at most; as deep as the search goes.
const MAX_DEPTH: usize = 4;

/// The shortest run of letters that the reference decodes: as many as a token's body has.
const MIN_RUN: usize = 40;

struct Made {
    id: String,
    body: String,
    last_eight: String,
}

impl Made {
    fn new(rng: &mut StdRng) -> Self {
        let body: String = letters(rng, 40);
        Self {
            id: rng.random_range(1..100_000).to_string(),
            last_eight: format!("{:08x}", crc32fast::hash(body.as_bytes())),
            body,
        }
    }

    fn secret(&self) -> String {
        format!("{}{}", self.body, self.last_eight)
    }

    fn key(&self) -> SearchKey {
        SearchKey::new(&self.id, &self.last_eight).unwrap()
    }
}

fn letters(rng: &mut StdRng, count: usize) -> String {
    let letters = rng.sample_iter(Alphanumeric).take(count);
    letters.map(char::from).collect()
}

/// What stands around a token, or around nothing.
fn around(rng: &mut StdRng, value: &str) -> String {
    let name = ["PULSE_TOKEN", "token", "auth", "TOKEN_FOR_CI"];
    let name = name.choose(rng).unwrap();
    let noise = noise(rng);
    match rng.random_range(0..5) {
        0 => format!("{noise}\n{name}={value}\n"),
        1 => format!("{{\"{name}\": \"{value}\", \"other\": \"{noise}\"}}\n"),
        2 => format!("# {noise}\nexport {name}='{value}'\nexport OTHER=1\n"),
        3 => format!("a: b\n{name}: {value}\nnoise: {noise}\n"),
        _ => format!("curl -H 'Authorization: Bearer {value}' https://x.example/\n{noise}\n"),
    }
}

fn noise(rng: &mut StdRng) -> String {
    match rng.random_range(0..6) {
        0 => String::new(),
        1 => "nothing to see here, only words of a language".to_owned(),
        2 => letters(rng, 40),
        // Ends like a token whose checksum is another's.
        3 => format!("{}|{}{:08x}", 7, letters(rng, 40), rng.random::<u32>()),
        4 => {
            let bytes: Vec<u8> = (0..60).map(|_| rng.random()).collect();
            STANDARD.encode(bytes)
        }
        _ => {
            let bytes: Vec<u8> = (0..32).map(|_| rng.random()).collect();
            hex::encode(bytes)
        }
    }
}

/// One more way of writing around a text, and what it is called.
fn written(rng: &mut StdRng, text: &[u8]) -> (Vec<u8>, &'static str) {
    match rng.random_range(0..9) {
        0 => (STANDARD.encode(text).into_bytes(), "base64"),
        1 => (URL_SAFE_NO_PAD.encode(text).into_bytes(), "base64url"),
        2 => {
            let width = *[60, 64, 76].choose(rng).unwrap();
            let lines = wrapped(&STANDARD.encode(text), width, "\n");
            (lines.into_bytes(), "base64 in lines")
        }
        3 => (hex::encode(text).into_bytes(), "hex"),
        4 => {
            let mut packer = GzEncoder::new(Vec::new(), Compression::default());
            packer.write_all(text).unwrap();
            let packed = packer.finish().unwrap();
            (STANDARD.encode(packed).into_bytes(), "gzip in base64")
        }
        5 => match std::str::from_utf8(text) {
            Ok(text) => {
                let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                (STANDARD.encode(wide).into_bytes(), "UTF-16 in base64")
            }
            Err(_) => (hex::encode(text).into_bytes(), "hex"),
        },
        6 => {
            let (way, spelling) = *ESCAPES.choose(rng).unwrap();
            let mut packer = GzEncoder::new(Vec::new(), Compression::default());
            packer.write_all(text).unwrap();
            let packed = STANDARD.encode(packer.finish().unwrap());
            (spelled(&packed, spelling).into_bytes(), way)
        }
        7 => {
            let width = *[20, 32, 36].choose(rng).unwrap();
            let lines = wrapped(&STANDARD.encode(text), width, "\\n");
            (lines.into_bytes(), "base64 in short lines, escaped")
        }
        _ => (hex::encode_upper(text).into_bytes(), "HEX"),
    }
}

/// Ways to escape what is no letter or digit in base64 of something packed.
const ESCAPES: [(&str, Spelling); 6] = [
    ("gzip in base64 for an address", |byte| {
        format!("%{byte:02X}")
    }),
    ("gzip in base64 for an address, twice", |byte| {
        format!("%25{byte:02x}")
    }),
    ("gzip in base64 in JSON", |byte| format!("\\u{byte:04X}")),
    ("gzip in base64 in HTML", |byte| format!("&#{byte};")),
    ("gzip in base64 in XML", |byte| format!("&#x{byte:x};")),
    ("gzip in base64 in a shell", |byte| format!("\\x{byte:02x}")),
];

/// The text without the escapes of base64, each written in full.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    for (_, spelling) in ESCAPES {
        for byte in *b"+/=" {
            text = replaced(&text, spelling(byte).as_bytes(), &[byte]);
        }
    }
    replaced(&text, b"\\n", b"")
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(from) {
            whole.extend_from_slice(to);
            at += from.len();
        } else {
            whole.push(text[at]);
            at += 1;
        }
    }
    whole
}

/// Ways of writing in each other, each within some text; and which they are, from the inside out.
fn file(rng: &mut StdRng, token: Option<&Made>) -> (Vec<u8>, Vec<&'static str>) {
    let value = match token {
        Some(token) => format!("{}|{}", token.id, token.secret()),
        None => noise(rng),
    };
    let mut text = around(rng, &value).into_bytes();
    let mut ways = Vec::new();
    // Packed and then written in letters, or widened so, is two.
    let mut depth = 0;
    for _ in 0..rng.random_range(0..=MAX_DEPTH) {
        let (inner, way) = written(rng, &text);
        depth += if way.contains(" in base64") { 2 } else { 1 };
        if depth > MAX_DEPTH {
            break;
        }
        ways.push(way);
        let inner = String::from_utf8(inner).unwrap();
        // In lines a text can't stand within a line.
        text = if inner.contains('\n') {
            format!("header\n\n{inner}\n\nfooter\n").into_bytes()
        } else {
            around(rng, &inner).into_bytes()
        };
    }
    (text, ways)
}

/// Which tokens a text holds, each decoding tried at each offset.
fn reference(text: &[u8], depth: usize, tokens: &[Made], found: &mut BTreeSet<usize>) {
    for (number, token) in tokens.iter().enumerate() {
        let secret = token.secret();
        if text
            .windows(secret.len())
            .any(|part| part == secret.as_bytes())
        {
            found.insert(number);
        }
    }
    if depth == 0 {
        return;
    }
    // An escape is no depth of its own.
    let plainer = unescaped(text);
    if plainer != text {
        reference(&plainer, depth, tokens, found);
    }
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let plain = GeneralPurpose::new(&alphabet::STANDARD, config);
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    for lines in [false, true] {
        for run in runs(text, |byte| is_letter(byte) || lines && byte == b'\n') {
            let letters: Vec<u8> = run
                .iter()
                .filter(|byte| **byte != b'\n')
                .map(|byte| match byte {
                    b'-' => b'+',
                    b'_' => b'/',
                    other => *other,
                })
                .collect();
            for skipped in 0..4 {
                let rest = &letters[skipped..];
                let whole = if rest.len() % 4 == 1 {
                    rest.len() - 1
                } else {
                    rest.len()
                };
                let decoded = plain.decode(&rest[..whole]).unwrap();
                inner(&decoded, depth, tokens, found);
            }
        }
    }
    for run in runs(text, |byte| byte.is_ascii_hexdigit()) {
        for skipped in 0..2 {
            let rest = &run[skipped..];
            let decoded = hex::decode(&rest[..rest.len() / 2 * 2]).unwrap();
            inner(&decoded, depth, tokens, found);
        }
    }
}

/// What was decoded may be packed, or wide, or text.
fn inner(decoded: &[u8], depth: usize, tokens: &[Made], found: &mut BTreeSet<usize>) {
    reference(decoded, depth - 1, tokens, found);
    for at in 0..decoded.len() {
        if decoded[at..].starts_with(&[0x1f, 0x8b, 8]) {
            let mut unpacked = Vec::new();
            let _cut = GzDecoder::new(&decoded[at..]).read_to_end(&mut unpacked);
            reference(&unpacked, depth.saturating_sub(2), tokens, found);
        }
    }
    for place in 0..2 {
        let (pairs, _) = decoded[place.min(decoded.len())..].as_chunks::<2>();
        for other in 0..2 {
            if pairs.iter().filter(|pair| pair[other] == 0).count() * 2 > pairs.len() {
                let narrow: Vec<u8> = pairs.iter().map(|pair| pair[1 - other]).collect();
                reference(&narrow, depth.saturating_sub(2), tokens, found);
            }
        }
    }
}

fn runs(text: &[u8], is_in: impl Fn(u8) -> bool) -> impl Iterator<Item = &[u8]> {
    text.split(move |byte| !is_in(*byte))
        .filter(|run| run.len() >= MIN_RUN)
}

#[test]
fn the_search_finds_what_a_slow_one_finds() {
    let mut met = 0;
    for seed in 0..FOLDERS {
        let rng = &mut StdRng::seed_from_u64(seed);
        let tokens: Vec<Made> = (0..FILES).map(|_| Made::new(rng)).collect();
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("h");
        fs::create_dir(&root).unwrap();
        let mut ways = Vec::new();
        let mut expected = BTreeSet::new();
        for (number, token) in tokens.iter().enumerate() {
            let is_there = rng.random_bool(0.7);
            let (text, way) = file(rng, is_there.then_some(token));
            let mut found = BTreeSet::new();
            reference(&text, MAX_DEPTH, &tokens, &mut found);
            assert!(
                found.len() == usize::from(is_there),
                "the reference missed {way:?} of seed {seed}, file {number}"
            );
            expected.extend(found);
            fs::write(root.join(format!("f{number}.txt")), text).unwrap();
            ways.push(way);
        }
        let keys: Vec<SearchKey> = tokens.iter().map(Made::key).collect();
        let (findings, _) = run(scan(&keys, &root).tier(Tier::Everything));
        let found: BTreeSet<usize> = findings
            .iter()
            .filter(|finding| finding.level >= Level::Probable)
            .map(|finding| {
                let key = finding.key.as_ref().unwrap();
                let number = tokens.iter().position(|token| token.id == *key).unwrap();
                let name = finding.path.file_name().unwrap().to_string_lossy();
                assert_eq!(name, format!("f{number}.txt"), "seed {seed}");
                number
            })
            .collect();
        let missed: Vec<_> = expected
            .difference(&found)
            .map(|number| &ways[*number])
            .collect();
        assert!(missed.is_empty(), "seed {seed}: missed {missed:?}");
        assert_eq!(found, expected, "seed {seed}");
        met += found.len();
    }
    assert!(met > 300, "{met}");
}
