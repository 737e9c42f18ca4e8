//! The truth about a key after a deletion was sent: asked of the service, never guessed.
//!
//! Only reads leave from here. Left out: what is done with the answer (`delete`, `reconcile`).

use std::time::Duration;

use pulseapi::{Client, Error as ApiError};

use crate::app::PulseKeys;
use crate::patience::Patience;
use crate::view::{KeyRow, Verification};

/// A server that lost its answer may still be at work on the request: a key that is alive is looked at once more
/// after this long.
pub(crate) const SECOND_LOOK: Duration = Duration::from_secs(2);

/// What the service says of a key.
#[derive(Debug)]
pub(crate) enum Settled {
    /// It is gone, and this is how that is known.
    Gone(Verification),
    /// It is there.
    Alive,
    /// The service could not be asked.
    NotKnown(ApiError),
}

impl PulseKeys {
    /// After an answer that does not say whether the service acted.
    pub(crate) async fn settle_after_silence(
        &self,
        client: &Client,
        key: &KeyRow,
        patience: &dyn Patience,
    ) -> Settled {
        match look_patiently(client, key, patience).await {
            Settled::Alive => {
                self.options.clock.sleep(SECOND_LOOK).await;
                look_patiently(client, key, patience).await
            }
            settled => settled,
        }
    }
}

/// Asks for the record, and again for as long as the service only asks to wait and the patience lasts.
pub(crate) async fn look_patiently(
    client: &Client,
    key: &KeyRow,
    patience: &dyn Patience,
) -> Settled {
    let mut refusals = 0;
    loop {
        match look(client, key).await {
            Settled::NotKnown(refusal @ ApiError::RateLimited { .. })
                if patience.waits(&refusal, refusals).await =>
            {
                refusals += 1;
            }
            settled => return settled,
        }
    }
}

/// Asks for the record. The app's own key is asked with its own token, which worked a moment ago: a 401 to it is the
/// proof itself.
pub(crate) async fn look(client: &Client, key: &KeyRow) -> Settled {
    match client.key(&key.id).await {
        Ok(_) => Settled::Alive,
        Err(ApiError::NotFound) => Settled::Gone(Verification::RecordGone),
        Err(ApiError::Unauthorized) if key.own => Settled::Gone(Verification::TokenRefused),
        Err(error) => Settled::NotKnown(error),
    }
}
