//! A place of the old token in some bytes, and what stands there instead.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A place in a file. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// Where it begins, in bytes.
    pub offset: usize,
    /// The line, counted from 1.
    pub line: usize,
    /// How it is written there.
    pub encoding: Encoding,
}

/// How a token is written, or the bar in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// As it is.
    Raw,
    /// With the bar percent-encoded.
    Percent,
    /// With the bar as `\u007c`.
    Json,
    /// With the bar as a character reference.
    Html,
    /// With the bar escaped or quoted for a shell.
    Shell,
    /// Inside base64.
    Base64,
    /// In 16-bit characters.
    Utf16,
}

/// A range of bytes that holds the old token, and nothing else.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) range: Range<usize>,
    pub(crate) encoding: Encoding,
    /// What stands there instead; none while there is no new token.
    pub(crate) instead: Option<Zeroizing<Vec<u8>>>,
}

/// The token is there, but not in a way that can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Split;

/// The bytes with the new token in every place.
pub(crate) fn with(bytes: &[u8], found: &[Found]) -> Zeroizing<Vec<u8>> {
    let more: usize = found
        .iter()
        .filter_map(|found| found.instead.as_ref())
        .map(|new| new.len())
        .sum();
    // Room for all of it from the beginning: what grows leaves a copy behind.
    let mut written = Zeroizing::new(Vec::with_capacity(bytes.len() + more));
    let mut at = 0;
    for Found { range, instead, .. } in found {
        written.extend_from_slice(&bytes[at..range.start]);
        written.extend_from_slice(instead.as_ref().map_or(&bytes[range.clone()], |new| new));
        at = range.end;
    }
    written.extend_from_slice(&bytes[at..]);
    written
}
