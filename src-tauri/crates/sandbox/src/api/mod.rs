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
mod state;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};

use error::ApiError;
#[cfg(feature = "faults")]
pub(crate) use rate_limit::Allowance;
pub(crate) use rate_limit::RateLimiter;
#[cfg(feature = "faults")]
pub(crate) use stale::StaleTokens;
pub(crate) use state::App;

/// The largest request body that is read, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The documented prefixes of the API.
pub(crate) const PREFIXES: [&str; 2] = ["/v1", "/api/v1"];

/// Every path of the API, those that manage keys only where wanted, and JSON answers for all others.
pub(crate) fn router(app: App, key_endpoints: bool) -> Router {
    let mut calls = Router::new()
        .route("/user", get(account::user))
        .route("/monitors", get(monitoring::monitors))
        .route("/monitors/{id}", get(monitoring::monitor))
        .route("/monitors/{id}/checks", get(monitoring::checks))
        .route("/incidents", get(monitoring::incidents));
    if key_endpoints {
        calls = calls
            .route("/api-keys", get(keys::list).post(keys::create))
            .route("/api-keys/abilities", get(keys::abilities))
            .route("/api-keys/{id}", get(keys::show).delete(keys::delete))
            .route("/api-keys/{id}/rotate", post(keys::rotate));
    }
    let calls = calls
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES));
    PREFIXES
        .into_iter()
        .fold(Router::new(), |router, prefix| {
            router.nest(prefix, calls.clone())
        })
        .fallback(async || ApiError::NotFound)
        .layer(middleware::from_fn_with_state(app.clone(), access::admit))
        .with_state(app)
}
