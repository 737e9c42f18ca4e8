//! Sanctum-shaped bearer tokens: `ID|` + 40 characters of `[A-Za-z0-9]` + their CRC-32 in hex.
//!
//! The shape is assumed, see `openapi.yaml`. The optional prefix before the 40 is left out. Only the
//! SHA-256 of what follows the `|` is ever stored.

use rand::RngExt;
use rand::distr::Alphanumeric;
use rand::rngs::StdRng;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// SHA-256 of the part of a token after the `|`.
pub(crate) type TokenHash = [u8; 32];

const RANDOM_CHARACTERS: usize = 40;

/// The part of a fresh token after the `|`: 48 characters, the last 8 of them the checksum.
pub(crate) struct TokenBody(SecretString);

impl TokenBody {
    /// Draws a new one.
    pub(crate) fn random(source: &mut StdRng) -> Self {
        let mut body = String::with_capacity(RANDOM_CHARACTERS + 8);
        body.extend(
            source
                .sample_iter(Alphanumeric)
                .take(RANDOM_CHARACTERS)
                .map(char::from),
        );
        let checksum = crc32fast::hash(body.as_bytes());
        body.push_str(&format!("{checksum:08x}"));
        Self(body.into())
    }

    /// What the database keeps.
    pub(crate) fn hash(&self) -> TokenHash {
        Sha256::digest(self.0.expose_secret()).into()
    }

    /// What lists show.
    pub(crate) fn last_eight(&self) -> &str {
        let body = self.0.expose_secret();
        &body[body.len() - 8..]
    }

    /// The whole token, once the record has its id.
    pub(crate) fn with_id(&self, id: i64) -> SecretString {
        format!("{id}|{}", self.0.expose_secret()).into()
    }
}

/// What a request presents in its `Authorization` header, already hashed.
#[derive(Clone, Copy)]
pub(crate) struct Presented {
    /// The id before the `|`; tokens without one are looked up by hash alone, as Sanctum does.
    pub(crate) id: Option<i64>,
    /// Hash of the rest.
    pub(crate) hash: TokenHash,
}

impl Presented {
    /// Reads a header value; `None` when it is no bearer token at all.
    pub(crate) fn from_header(value: &str) -> Option<Self> {
        let (scheme, token) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let (id, body) = match token.trim().split_once('|') {
            Some((id, body)) => (Some(id.parse().ok()?), body),
            None => (None, token.trim()),
        };
        Some(Self {
            id,
            hash: Sha256::digest(body).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_fresh_token_has_sanctums_shape_and_its_own_checksum() {
        let body = TokenBody::random(&mut StdRng::seed_from_u64(1));
        let token = body.with_id(17);
        let (id, rest) = token.expose_secret().split_once('|').unwrap();
        let (random, checksum) = rest.split_at(40);

        assert_eq!(id, "17");
        assert!(random.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(
            checksum,
            format!("{:08x}", crc32fast::hash(random.as_bytes()))
        );
        assert_eq!(body.last_eight(), checksum);
    }

    #[test]
    fn the_checksum_is_phps_crc32b() {
        // hash('crc32b', '123456789'), the check value of CRC-32/ISO-HDLC.
        assert_eq!(crc32fast::hash(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_presented_token_is_hashed_without_its_id() {
        let presented = Presented::from_header("bearer 17|abc").unwrap();
        assert_eq!(presented.id, Some(17));
        assert_eq!(presented.hash, <TokenHash>::from(Sha256::digest("abc")));
        assert!(Presented::from_header("Basic 17|abc").is_none());
        assert!(Presented::from_header("Bearer x|abc").is_none());
    }
}
