//! Fake tokens, which no file of the repository may hold, and the random numbers that all of a corpus is made with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::distr::{Alphanumeric, SampleString as _};
/// The generator of every corpus. Unlike `StdRng` it gives the same numbers on every machine and in every version.
pub(super) use rand::rngs::Xoshiro256PlusPlus as Random;

/// A fake token.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) id: usize,
    pub(super) secret: String,
}

impl Token {
    pub(super) fn new(id: usize, random: &mut Random) -> Self {
        let body = Alphanumeric.sample_string(random, 40);
        let checksum = crc32fast::hash(body.as_bytes());
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

/// Base64 with padding.
pub(super) fn base64(text: &[u8]) -> String {
    STANDARD.encode(text)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn a_seed_gives_the_same_token_again() {
        let secret = |seed| Token::new(7, &mut Random::seed_from_u64(seed)).secret;
        assert_eq!(secret(1), secret(1));
        assert_ne!(secret(1), secret(2));
    }
}
