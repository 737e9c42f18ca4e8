//! The truth about a key, asked of the service, never guessed: whether its record is there, and what a list proves.
//!
//! One answer is no proof that a key is gone: a gateway says 404 too, and a cache says what was. Absence is believed
//! when the record's own 404 and a fresh, whole list agree; after a confirmed deletion the 404 alone is enough. Only
//! reads leave from here. Left out: what is done with the answer (`delete`, `reconcile`).

use std::collections::HashSet;

use async_trait::async_trait;
use pulseapi::{ApiKey, Client, Error as ApiError, KeyId};

use crate::base::error::UiError;
use crate::keys::list::{self, Fetched};
use crate::records::accounts::Account;
use crate::records::key::KeyRow;
use crate::records::notices::NextStep;

/// What the service says of a key.
#[derive(Debug)]
pub(crate) enum Looked {
    /// It is there, and this is it.
    Alive(Box<ApiKey>),
    /// It has no such record.
    NoRecord,
    /// It refuses the app's own token, which is the key's.
    OwnRefused,
    /// It could not be asked.
    NotKnown(ApiError),
}

/// What became of a request whose token did not arrive, once the service was asked. Nothing makes a creation moot: its
/// `Why` has no value.
#[derive(Debug)]
pub(crate) enum Settled<Why> {
    /// It had no effect, and is closed.
    NotDone,
    /// It had no effect so far, and may still take effect.
    Watched,
    /// It was done, and nobody here has its token. Kept as a notice.
    Lost {
        message: String,
        next: Option<NextStep>,
    },
    /// Whether it was done can't be told any more, and makes no difference.
    Moot(Why),
    NotKnown(UiError),
}

impl<Why> Settled<Why> {
    /// The same, with another reason why it makes no difference.
    pub(crate) fn map_moot<Other>(self, map: impl FnOnce(Why) -> Other) -> Settled<Other> {
        match self {
            Self::NotDone => Settled::NotDone,
            Self::Watched => Settled::Watched,
            Self::Lost { message, next } => Settled::Lost { message, next },
            Self::Moot(why) => Settled::Moot(map(why)),
            Self::NotKnown(error) => Settled::NotKnown(error),
        }
    }
}

/// Whether and how a use case waits when the service asks it to (429). A refusal with a time is the one failure of a
/// write that may be followed by the same request: nothing was done, and the service itself says when to come back.
/// [`pulseapi::RetryPolicy`] says how long and how often.
#[async_trait]
pub(crate) trait RateLimitWait: Send + Sync {
    /// The same request was refused with a time, before this `earlier` times in a row. Waits, and says whether it is
    /// to be sent again.
    async fn waits(&self, refusal: &ApiError, earlier: u32) -> bool;
}

/// Nobody waits: a refusal is the outcome, and the user decides.
pub(crate) struct NoWait;

#[async_trait]
impl RateLimitWait for NoWait {
    async fn waits(&self, _: &ApiError, _: u32) -> bool {
        false
    }
}

/// Asks for the record, and again for as long as the service only asks to wait and the policy allows.
pub(crate) async fn look_with_retry(
    client: &Client,
    key: &KeyRow,
    wait_policy: &dyn RateLimitWait,
) -> Looked {
    let mut refusals = 0;
    loop {
        match look(client, key).await {
            Looked::NotKnown(refusal @ ApiError::RateLimited { .. })
                if wait_policy.waits(&refusal, refusals).await =>
            {
                refusals += 1;
            }
            looked => return looked,
        }
    }
}

/// Asks for the record.
pub(crate) async fn look(client: &Client, key: &KeyRow) -> Looked {
    match client.key(&key.id).await {
        Ok(found) => Looked::Alive(Box::new(found)),
        Err(ApiError::NotFound) => Looked::NoRecord,
        Err(ApiError::Unauthorized) if key.own => Looked::OwnRefused,
        Err(error) => Looked::NotKnown(error),
    }
}

/// A whole list that was fetched to prove something, or why it proves nothing.
pub(crate) struct Proof(Result<HashSet<KeyId>, UiError>);

impl Proof {
    /// Fetches the list anew.
    pub(crate) async fn fetch(client: &Client, account: &Account) -> Self {
        match list::fetch_whole(client, account).await {
            Ok(list) => Self::of(&list),
            Err(error) => Self::none(error),
        }
    }

    /// There is none, for this reason.
    pub(crate) fn none(why: UiError) -> Self {
        Self(Err(why))
    }

    /// A list that has just been fetched. One that is not whole proves nothing.
    pub(crate) fn of(list: &Fetched) -> Self {
        Self(if list.is_whole {
            Ok(list.keys.iter().map(|row| row.id.clone()).collect())
        } else {
            Err(list.not_whole())
        })
    }

    /// Whether the list lacks a key.
    ///
    /// # Errors
    /// Why that is not known.
    pub(crate) fn lacks(&self, key: &KeyId) -> Result<bool, &UiError> {
        self.0.as_ref().map(|listed| !listed.contains(key))
    }
}
