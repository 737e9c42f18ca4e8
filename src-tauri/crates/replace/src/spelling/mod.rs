//! Where the old token stands in some bytes, and what has to stand there instead, in the same way of writing.
//!
//! The anchor is the last 8 characters: letters and digits are the same in every way of writing, so what stands before
//! them proves the token, and only the secret part is exchanged as long as both tokens have the same record id.

mod base64;
mod text;
mod wide;

use std::ops::Range;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::token::{NewToken, OldToken};

/// How often base64 is looked into that stands in base64: the logins of a registry inside a secret of Kubernetes.
const MAX_DEPTH: u8 = 2;

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

/// Every place of the old token, in ascending order.
///
/// # Errors
/// When one of them can't be written in its own way.
pub(crate) fn find(
    bytes: &[u8],
    old: &OldToken,
    new: Option<&NewToken>,
) -> Result<Vec<Found>, Split> {
    find_in(bytes, old, new, MAX_DEPTH)
}

fn find_in(
    bytes: &[u8],
    old: &OldToken,
    new: Option<&NewToken>,
    depth: u8,
) -> Result<Vec<Found>, Split> {
    let mut found = text::find(bytes, old, new)?;
    found.extend(wide::find(bytes, old, new)?);
    if depth > 0 {
        found.extend(base64::find(bytes, old, new, depth - 1)?);
    }
    found.sort_by_key(|found| found.range.start);
    let overlaps = found
        .windows(2)
        .any(|two| two[0].range.end > two[1].range.start);
    if overlaps { Err(Split) } else { Ok(found) }
}

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

/// Some bytes with the new token in each place of the old one, with those places; none where it can't be kept in the way
/// it is written. What a file gets is made in the same way.
#[must_use]
pub fn replaced(
    bytes: &[u8],
    old: &OldToken,
    new: &NewToken,
) -> Option<(Zeroizing<Vec<u8>>, Vec<Spot>)> {
    let found = find(bytes, old, Some(new)).ok()?;
    Some((with(bytes, &found), spots(bytes, &found)))
}

pub(crate) fn spots(bytes: &[u8], found: &[Found]) -> Vec<Spot> {
    let mut line = 1;
    let mut at = 0;
    let of = |found: &Found| {
        line += memchr::memchr_iter(b'\n', &bytes[at..found.range.start]).count();
        at = found.range.start;
        Spot {
            offset: at,
            line,
            encoding: found.encoding,
        }
    };
    found.iter().map(of).collect()
}
