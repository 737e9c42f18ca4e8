//! Whatever an archive says of itself, reading it neither panics nor takes more memory or time than its bounds allow.
//!
//! The first byte says how the rest is wrapped before it is read: random bytes alone never come to an inner archive,
//! which begins only behind a beginning, a checksum and packed text that are right. The checksums of tars are mended.

#![no_main]

use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use libfuzzer_sys::fuzz_target;
use usage::{SearchKey, fuzzing};

static KEY: LazyLock<SearchKey> = LazyLock::new(|| SearchKey::new("7", "ab12cd34").expect("8 visible characters"));

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text).expect("memory");
    packed.finish().expect("memory")
}

/// A zip with this text as its only member, packed or not.
fn zip(text: &[u8], is_packed: bool) -> Vec<u8> {
    let content = if is_packed {
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text).expect("memory");
        packed.finish().expect("memory")
    } else {
        text.to_vec()
    };
    let method = if is_packed { 8_u16 } else { 0 };
    let [packed, unpacked] = [content.len(), text.len()].map(|size| u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes());
    let mut common = vec![20, 0, 0, 0];
    common.extend(method.to_le_bytes());
    common.extend([0; 8]);
    common.extend(packed);
    common.extend(unpacked);
    common.extend([1, 0, 0, 0]);
    let mut file = [b"PK\x03\x04", common.as_slice(), b"x", &content].concat();
    let at = u32::try_from(file.len()).unwrap_or(u32::MAX);
    let entry = [b"PK\x01\x02\x14\0", common.as_slice(), &[0; 14], b"x"].concat();
    file.extend_from_slice(&entry);
    file.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    file.extend(u32::try_from(entry.len()).unwrap_or(u32::MAX).to_le_bytes());
    file.extend(at.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// Blocks with the checksums that beginnings of members have, so that what they say is read.
fn tar(text: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    text.resize(text.len().max(512).next_multiple_of(512), 0);
    text[257..263].copy_from_slice(b"ustar\0");
    for block in text.chunks_exact_mut(512) {
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    text
}

fuzz_target!(|input: &[u8]| {
    let [how, text @ ..] = input else {
        return;
    };
    let bytes = match how % 8 {
        0 => text.to_vec(),
        1 => tar(text),
        2 => gzip(text),
        3 => gzip(&tar(text)),
        4 => zip(text, true),
        5 => zip(&tar(text), false),
        6 => gzip(&zip(text, true)),
        _ => tar(&tar(text)),
    };
    let _found = fuzzing::archive(&KEY, &bytes);
    // An honest archive around it hides nothing.
    let token = LazyLock::force(&TOKEN);
    if *how >= 128 {
        let text = [text, b" ", token.as_bytes(), b"\n"].concat();
        let is_plain = !text.starts_with(&[0x1f, 0x8b]) && !text.starts_with(b"PK\x03\x04") && text.get(257..262) != Some(b"ustar".as_slice());
        if is_plain && text.len() < 4096 {
            assert!(fuzzing::archive(&KEY_OF_TOKEN, &gzip(&text)) > 0, "the key in a gzip was not found");
            assert!(fuzzing::archive(&KEY_OF_TOKEN, &zip(&text, true)) > 0, "the key in a zip was not found");
        }
    }
});

/// The random part of a token that belongs to nobody.
const BODY: &str = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8n";

static TOKEN: LazyLock<String> = LazyLock::new(|| format!("1042|{BODY}{:08x}", crc32fast::hash(BODY.as_bytes())));
static KEY_OF_TOKEN: LazyLock<SearchKey> = LazyLock::new(|| {
    let last_eight = format!("{:08x}", crc32fast::hash(BODY.as_bytes()));
    SearchKey::new("1042", &last_eight).expect("8 visible characters")
});
