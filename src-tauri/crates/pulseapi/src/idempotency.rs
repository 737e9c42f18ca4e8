//! The `Idempotency-Key` that goes with every write (IETF draft httpapi-idempotency-key-header).
//!
//! Nothing here depends on the server honouring it: no write is ever sent twice by this crate.

use std::fmt;

use uuid::Uuid;

/// Names one intended write. Make one when the intent is recorded, so that it can be found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(Uuid);

impl IdempotencyKey {
    /// A fresh, random key (UUID version 4).
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl From<Uuid> for IdempotencyKey {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
