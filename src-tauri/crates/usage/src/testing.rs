//! Fake tokens for tests, made when a test runs: no source file holds anything that looks like one.

use rand::RngExt;
use rand::distr::Alphanumeric;

use crate::search_key::SearchKey;

/// A token that is right in form and of no account.
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

    pub(crate) fn search_key(&self) -> SearchKey {
        SearchKey::new(&self.id, &self.last_eight()).unwrap()
    }
}
