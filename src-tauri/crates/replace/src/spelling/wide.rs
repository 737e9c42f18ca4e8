//! 16-bit characters, whichever byte of each comes first: a character's own bytes are exchanged and the zeros between
//! them stay.

use zeroize::Zeroizing;

use crate::spelling::found::{Encoding, Found, Split};
use crate::spelling::text;
use crate::token::{NewToken, OldToken};

/// How many characters before an anchor are of interest, beside the token itself.
const CHARS_BEFORE: usize = 64;

/// How many characters after it.
const CHARS_AFTER: usize = 2;

pub(super) fn find(
    bytes: &[u8],
    old: &OldToken,
    new: Option<&NewToken>,
) -> Result<Vec<Found>, Split> {
    let anchor = widened(&old.last_eight());
    let mut all: Vec<Found> = Vec::new();
    for at in memchr::memmem::find_iter(bytes, &*anchor) {
        let end = at + anchor.len();
        let most = old.secret_chars() + CHARS_BEFORE;
        let mut start = at;
        while start >= 2 && bytes[start - 1] == 0 && (end - start) / 2 < most {
            start -= 2;
        }
        let mut narrow = Zeroizing::new(Vec::with_capacity(most + CHARS_AFTER));
        narrow.extend(bytes[start..end].iter().step_by(2));
        let mut after = end;
        while let Some([0, next]) = bytes.get(after..after + 2)
            && (after - end) / 2 < CHARS_AFTER
        {
            narrow.push(*next);
            after += 2;
        }
        for Found { range, instead, .. } in text::find(&narrow, old, new)? {
            let range = start + 2 * range.start..start + 2 * range.end - 1;
            // A second anchor may see the same token as the first.
            if range.end == end && all.last().is_none_or(|last| last.range.end <= range.start) {
                all.push(Found {
                    range,
                    encoding: Encoding::Utf16,
                    instead: instead.map(|new| widened(&new)),
                });
            }
        }
    }
    Ok(all)
}

/// The characters with a zero between any two of them.
fn widened(narrow: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut wide = Zeroizing::new(Vec::with_capacity(narrow.len() * 2));
    for byte in narrow {
        wide.extend([*byte, 0]);
    }
    wide.pop();
    wide
}
