//! The two checksums that tokens end in: the CRC-32 of everybody (`crc32b` in PHP), and the one that PHP calls
//! `crc32` (the polynomial of bzip2, its bytes reversed), which one release of Sanctum wrote.

/// How many random characters stand before the checksum.
pub(super) const BODY: usize = 40;

/// Whether `suffix` is a checksum of `body`.
pub(super) fn is_right(body: &[u8], suffix: [u8; 8]) -> bool {
    let Some(written) = value(suffix) else {
        return false;
    };
    written == crc32fast::hash(body) || written == php(body)
}

/// Eight lower-case hexadecimal digits as a number.
fn value(suffix: [u8; 8]) -> Option<u32> {
    let mut value = 0;
    for digit in suffix {
        value = value << 4
            | u32::from(match digit {
                b'0'..=b'9' => digit - b'0',
                b'a'..=b'f' => digit - b'a' + 10,
                _ => return None,
            });
    }
    Some(value)
}

/// Whether these could be a checksum at all.
pub(super) fn is_shaped(suffix: [u8; 8]) -> bool {
    value(suffix).is_some()
}

fn php(body: &[u8]) -> u32 {
    let mut remainder = u32::MAX;
    for byte in body {
        remainder ^= u32::from(*byte) << 24;
        for _ in 0..8 {
            let carry = remainder & 0x8000_0000 != 0;
            remainder <<= 1;
            if carry {
                remainder ^= 0x04c1_1db7;
            }
        }
    }
    (!remainder).swap_bytes()
}

#[cfg(test)]
mod tests {
    use super::{is_right, is_shaped};

    #[test]
    fn both_variants_agree_with_the_published_values() {
        assert!(is_right(b"123456789", *b"cbf43926"));
        assert!(is_right(b"123456789", *b"181989fc"));
        let fox = b"The quick brown fox jumped over the lazy dog.";
        assert!(is_right(fox, *b"413a86af"));
    }

    #[test]
    fn anything_else_is_wrong() {
        assert!(!is_right(b"123456789", *b"cbf43927"));
        assert!(!is_right(b"123456789", *b"CBF43926"));
        assert!(!is_shaped(*b"cbf4392G"));
    }
}
