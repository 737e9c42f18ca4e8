//! The public API as `openapi.yaml` describes it, under both documented prefixes.
//!
//! A request passes [`access`] (who is it, may it still ask), then a handler, which states the ability
//! that it needs before it looks at anything else.

mod access;
mod account;
mod error;
mod keys;
mod monitoring;
mod new_key;
mod page;
mod rate_limit;
#[cfg(feature = "faults")]
mod stale;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use rand::rngs::StdRng;
use secrecy::SecretString;

pub(crate) use error::ApiError;
#[cfg(feature = "faults")]
pub(crate) use rate_limit::Allowance;
pub(crate) use rate_limit::RateLimiter;
#[cfg(feature = "faults")]
pub(crate) use stale::StaleTokens;

use crate::ability;
use crate::clock::Clock;
use crate::seed;
use crate::store::{self, NewKey, Store, StoreError};
use crate::token::TokenBody;

/// The largest request body that is read, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// The name of the keys that [`App::mint_credential`] makes.
const CREDENTIAL_NAME: &str = "Pulse Keys (this app)";

/// The documented prefixes of the API.
pub(crate) const PREFIXES: [&str; 2] = ["/v1", "/api/v1"];

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
        let insert =
            move |database: &mut _| Ok(body.with_id(store::keys::insert(database, &key, &body)?));
        self.store.run(insert).await
    }

    /// Draws a token.
    pub(crate) fn fresh_token_body(&self) -> TokenBody {
        TokenBody::random(&mut self.random.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Every path of the API, and JSON answers for all others.
pub(crate) fn router(app: App) -> Router {
    let calls = Router::new()
        .route("/user", get(account::user))
        .route("/api-keys", get(keys::list).post(keys::create))
        .route("/api-keys/abilities", get(keys::abilities))
        .route("/api-keys/{id}", get(keys::show).delete(keys::delete))
        .route("/api-keys/{id}/rotate", post(keys::rotate))
        .route("/monitors", get(monitoring::monitors))
        .route("/monitors/{id}", get(monitoring::monitor))
        .route("/monitors/{id}/checks", get(monitoring::checks))
        .route("/incidents", get(monitoring::incidents))
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    PREFIXES
        .into_iter()
        .fold(Router::new(), |router, prefix| {
            router.nest(prefix, calls.clone())
        })
        .fallback(async || ApiError::NotFound)
        .layer(middleware::from_fn_with_state(app.clone(), access::admit))
        .with_state(app)
}
