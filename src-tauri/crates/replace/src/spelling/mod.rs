//! Where the old token stands in some bytes, and what has to stand there instead, in the same way of writing.
//!
//! The anchor is the last 8 characters: letters and digits are the same in every way of writing, so what stands before
//! them proves the token, and only the secret part is exchanged as long as both tokens have the same record id.

mod base64;
mod found;
mod text;
mod wide;

use zeroize::Zeroizing;

use crate::spelling::found::{Found, Split};
use crate::token::{NewToken, OldToken};

pub(crate) use found::with;
pub use found::{Encoding, Spot};

/// How often base64 is looked into that stands in base64: the logins of a registry inside a secret of Kubernetes.
const MAX_DEPTH: u8 = 2;

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
        let inside = |decoded: &[u8]| find_in(decoded, old, new, depth - 1);
        found.extend(base64::find(bytes, old, &inside)?);
    }
    found.sort_by_key(|found| found.range.start);
    let overlaps = found
        .windows(2)
        .any(|two| two[0].range.end > two[1].range.start);
    if overlaps { Err(Split) } else { Ok(found) }
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
