//! Whether a key is gone, when the service says that it has no such record.
//!
//! One 404 proves nothing: a gateway may have said it, or a server that has not seen the key yet. Only together with a
//! whole, fresh list that lacks the key it is proof. Left out: what is done with the answer.

use pulseapi::{Client, KeyId};

use crate::accounts::Account;
use crate::list;
use crate::view::{ErrorCode, KeyRow, UiError};

/// What a fresh list says of a key whose own record was not there.
pub(crate) enum Absence {
    /// The list is whole and lacks it too.
    Proven,
    /// The list has it.
    Listed(Box<KeyRow>),
    /// The list could not be had, or is not whole.
    NotKnown(UiError),
}

/// Asks for the list, after the record's own 404.
pub(crate) async fn absence(client: &Client, account: &Account, key: &KeyId) -> Absence {
    match list::fetch_whole(client, account).await {
        Ok(keys) => match keys.into_iter().find(|row| row.id == *key) {
            Some(row) => Absence::Listed(Box::new(row)),
            None => Absence::Proven,
        },
        Err(error) => Absence::NotKnown(error),
    }
}

impl Absence {
    /// Why the key is not taken for gone; none when it is gone.
    pub(crate) fn doubt(self) -> Option<UiError> {
        match self {
            Self::Proven => None,
            Self::Listed(_) => Some(UiError::new(
                ErrorCode::Other,
                "PulseAPI says that it has no such key, but still lists it.",
                "Try again in a minute.",
            )),
            Self::NotKnown(error) => Some(UiError::new(
                error.code,
                format!(
                    "PulseAPI says that it has no such key, but its list could not be read to confirm it. {}",
                    error.message
                ),
                error.hint,
            )),
        }
    }
}
