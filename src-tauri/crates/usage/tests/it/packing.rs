//! Texts packed in the ways that tests need, and bytes that don't pack.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng as _, SeedableRng as _};

/// How a character is written as an escape.
pub(crate) type Spelling = fn(u8) -> String;

/// Base64 of which what is no letter or digit is written so.
pub(crate) fn spelled(base64: &str, spelling: Spelling) -> String {
    let mut text = String::new();
    for byte in base64.bytes() {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            text.push_str(&spelling(byte));
        }
    }
    text
}

/// Bytes that don't pack.
pub(crate) fn noise(size: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; size];
    Xoshiro256PlusPlus::seed_from_u64(seed).fill_bytes(&mut bytes);
    bytes
}

pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

pub(crate) fn zlib(text: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

pub(crate) fn zip(name: &str, text: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    archive.start_file(name, options).unwrap();
    archive.write_all(text).unwrap();
    archive.finish().unwrap().into_inner()
}

pub(crate) fn tar(name: &str, text: &[u8]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    archive.append_data(&mut header, name, text).unwrap();
    archive.into_inner().unwrap()
}
