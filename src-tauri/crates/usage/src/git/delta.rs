//! Making an object from another one and a list of differences, as packs store most of them.

use super::inflate::reserve;

/// How large the object is that `delta` makes from a base of this size; `None` when the two don't fit, or it says
/// another size than its parts have together. No memory is taken for that.
pub(super) fn size_of_result(base: u64, delta: &[u8]) -> Option<u64> {
    let (base_size, delta) = size(delta)?;
    let (result_size, mut delta) = size(delta)?;
    let mut together = 0_u64;
    while let Some((command, rest)) = delta.split_first() {
        let (length, rest) = if command & 0x80 != 0 {
            let (_, length, rest) = copied(*command, rest)?;
            (length, rest)
        } else {
            let (fresh, rest) = rest.split_at_checked(usize::from(*command))?;
            (fresh.len(), rest)
        };
        together = together.checked_add(length as u64)?;
        delta = rest;
    }
    (base_size == base && result_size == together).then_some(result_size)
}

/// The object that `delta` makes from `base`, into `result`; `None` when the two don't fit. `limit` is the size that
/// [`size_of_result`] told; memory is taken for that much at most.
pub(super) fn apply(base: &[u8], delta: &[u8], limit: u64, result: &mut Vec<u8>) -> Option<()> {
    let (base_size, delta) = size(delta)?;
    let (result_size, mut delta) = size(delta)?;
    if base_size != base.len() as u64 || result_size > limit {
        return None;
    }
    reserve(result, result_size).ok()?;
    let result_size = usize::try_from(result_size).ok()?;
    while let Some((command, rest)) = delta.split_first() {
        if command & 0x80 != 0 {
            let (from, length, rest) = copied(*command, rest)?;
            let copy = base.get(from..from.checked_add(length)?)?;
            // Before memory is taken for more than was announced.
            if copy.len() > result_size - result.len() {
                return None;
            }
            result.extend_from_slice(copy);
            delta = rest;
        } else if *command != 0 {
            let (fresh, rest) = rest.split_at_checked(usize::from(*command))?;
            if fresh.len() > result_size - result.len() {
                return None;
            }
            result.extend_from_slice(fresh);
            delta = rest;
        } else {
            return None;
        }
    }
    (result.len() == result_size).then_some(())
}

/// Where to copy from, and how much.
fn copied(command: u8, mut rest: &[u8]) -> Option<(usize, usize, &[u8])> {
    let mut number = |bits: std::ops::Range<u32>| {
        let mut number = 0_usize;
        for (place, bit) in bits.enumerate() {
            if command >> bit & 1 != 0 {
                let (byte, more) = rest.split_first()?;
                number |= usize::from(*byte) << (8 * place);
                rest = more;
            }
        }
        Some(number)
    };
    let from = number(0..4)?;
    let length = number(4..7)?;
    Some((from, if length == 0 { 0x1_0000 } else { length }, rest))
}

/// A number in groups of seven bits, the lowest first.
fn size(text: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (place, byte) in text.iter().enumerate().take(9) {
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((number, &text[place + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{apply, size_of_result};

    #[test]
    fn copies_and_additions_make_the_object() {
        let base = b"hello world";
        // 11 bytes to 12: copy 6 from 0, add "there!".
        let delta = [11, 12, 0x90, 6, 6, b't', b'h', b'e', b'r', b'e', b'!'];
        let mut result = Vec::new();
        assert_eq!(apply(base, &delta, 100, &mut result), Some(()));
        assert_eq!(result, b"hello there!");
        assert_eq!(apply(base, &delta, 5, &mut result), None);
        assert_eq!(apply(b"short", &delta, 100, &mut result), None);
        assert_eq!(size_of_result(11, &delta), Some(12));
        assert_eq!(size_of_result(5, &delta), None);
    }

    #[test]
    fn a_size_that_the_parts_do_not_have_is_not_believed() {
        // Says 16 MB and copies 6 bytes.
        let delta = [11, 0x80, 0x80, 0x80, 0x08, 0x90, 6];
        assert_eq!(size_of_result(11, &delta), None);
        assert_eq!(size_of_result(11, &[11, 0x80]), None);
    }

    proptest! {
        #[test]
        fn nonsense_never_panics(
            base in prop::collection::vec(any::<u8>(), 0..200),
            mut delta in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let mut result = Vec::new();
            let _ = apply(&base, &delta, 10_000, &mut result);
            // With a fitting beginning it gets further.
            delta.splice(0..0, [u8::try_from(base.len() & 0x7f).unwrap(), 0x7f]);
            let base = &base[..base.len() & 0x7f];
            let size = size_of_result(base.len() as u64, &delta);
            let made = apply(base, &delta, 10_000, &mut result);
            if made.is_some() {
                prop_assert_eq!(size, Some(result.len() as u64));
            }
        }
    }
}
