//! The packed streams of a PDF. Which objects they are of does not matter: each that begins as one is unpacked.

use memchr::memmem;

const STREAM: &[u8] = b"stream";

/// Where packed streams begin in a document, one after the other.
pub(crate) fn streams(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    memmem::find_iter(text, STREAM).filter_map(|at| {
        if text[..at].ends_with(b"end") {
            return None;
        }
        let after = &text[at + STREAM.len()..];
        let after = after.strip_prefix(b"\r").unwrap_or(after);
        let after = after.strip_prefix(b"\n").unwrap_or(after);
        is_zlib(after).then_some(after)
    })
}

/// Whether this begins as a text that is packed by zlib does.
pub(crate) fn is_zlib(text: &[u8]) -> bool {
    match text {
        [first, second, ..] => {
            first & 0x8f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0
        }
        _ => false,
    }
}
