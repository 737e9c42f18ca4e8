//! What every handler is given.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use secrecy::SecretString;

use super::rate_limit::RateLimiter;
#[cfg(feature = "faults")]
use super::stale::StaleTokens;
use crate::ability;
use crate::clock::Clock;
use crate::error::StoreError;
use crate::seed;
use crate::store::{NewKey, Store, keys};
use crate::token::TokenBody;

/// The name of the keys that [`App::mint_credential`] makes.
const CREDENTIAL_NAME: &str = "Pulse Keys (this app)";

/// What every handler needs.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) rate_limiter: Arc<RateLimiter>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<Mutex<StdRng>>,
    /// `http://127.0.0.1:PORT`, for links between pages.
    pub(crate) origin: Arc<str>,
    /// Tokens that a cache still knows, for tests.
    #[cfg(feature = "faults")]
    pub(crate) stale: StaleTokens,
}

impl App {
    /// Makes a key with which the app, or curl, can manage keys.
    pub(crate) async fn mint_credential(&self) -> Result<SecretString, StoreError> {
        let abilities = [
            ability::API_KEYS_MANAGE,
            ability::MONITORS_READ,
            ability::INCIDENTS_READ,
        ];
        let key = NewKey {
            user_id: seed::USER,
            team_id: seed::TEAM,
            name: CREDENTIAL_NAME.to_owned(),
            abilities: abilities.map(str::to_owned).to_vec(),
            created_at: self.clock.now().into(),
            last_used_at: None,
            rotated_at: None,
        };
        let body = self.fresh_token_body();
        let insert = move |database: &mut _| Ok(body.with_id(keys::insert(database, &key, &body)?));
        self.store.run(insert).await
    }

    /// Draws a token.
    pub(crate) fn fresh_token_body(&self) -> TokenBody {
        TokenBody::random(&mut self.random.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
