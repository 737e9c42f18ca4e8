//! Chance that repeats itself: the same corpus on every machine. And fake tokens, which no file of the repository may
//! hold. The generator is `SplitMix64`; nothing here needs to be a secret.

/// A source of numbers.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    }

    /// A number below this one.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or_default()
    }

    /// A token's random part.
    fn letters(&mut self, count: usize) -> String {
        const LETTERS: &[u8; 62] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..count)
            .map(|_| char::from(LETTERS[self.below(LETTERS.len())]))
            .collect()
    }
}

/// A fake token.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) id: usize,
    pub(super) secret: String,
}

impl Token {
    pub(super) fn new(id: usize, chance: &mut Chance) -> Self {
        let body = chance.letters(40);
        let checksum = checksum(body.as_bytes());
        Self {
            id,
            secret: format!("{body}{checksum:08x}"),
        }
    }

    pub(super) fn whole(&self) -> String {
        format!("{}|{}", self.id, self.secret)
    }

    pub(super) fn last_eight(&self) -> &str {
        &self.secret[self.secret.len() - 8..]
    }
}

/// CRC-32, a bit at a time: a few hundred tokens are no reason for a dependency.
fn checksum(text: &[u8]) -> u32 {
    let mut remainder = u32::MAX;
    for byte in text {
        remainder ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = remainder & 1;
            remainder = remainder >> 1 ^ (carry * 0xedb8_8320);
        }
    }
    !remainder
}

/// Base64 with padding.
pub(super) fn base64(text: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut letters = String::new();
    for group in text.chunks(3) {
        let mut bytes = [0; 3];
        bytes[..group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            letters.push(if place <= group.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::{Chance, base64, checksum};

    #[test]
    fn the_checksum_is_the_one_of_everybody() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        assert_eq!(base64(b"12345"), "MTIzNDU=");
    }

    #[test]
    fn chance_repeats_itself() {
        assert_eq!(Chance::new(1).next(), Chance::new(1).next());
        assert_ne!(Chance::new(1).next(), Chance::new(2).next());
    }
}
