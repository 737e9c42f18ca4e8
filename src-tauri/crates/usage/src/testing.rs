//! Fake tokens for tests, made when a test runs: no source file holds anything that looks like one.

use rand::RngExt;
use rand::distr::Alphanumeric;

use crate::Sought;

/// A token that is right in form and belongs to nobody.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) body: String,
}

impl Token {
    pub(crate) fn random(id: &str) -> Self {
        let body = rand::rng()
            .sample_iter(Alphanumeric)
            .take(40)
            .map(char::from);
        Self {
            id: id.to_owned(),
            body: body.collect(),
        }
    }

    pub(crate) fn last_eight(&self) -> String {
        format!("{:08x}", crc32fast::hash(self.body.as_bytes()))
    }

    pub(crate) fn secret(&self) -> String {
        format!("{}{}", self.body, self.last_eight())
    }

    pub(crate) fn whole(&self) -> String {
        format!("{}|{}", self.id, self.secret())
    }

    pub(crate) fn sought(&self) -> Sought {
        Sought::new(&self.id, &self.last_eight()).unwrap()
    }
}

/// Base64 with padding.
pub(crate) fn base64(text: &[u8]) -> String {
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
