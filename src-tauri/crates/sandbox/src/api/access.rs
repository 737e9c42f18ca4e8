//! Who is asking, and may they still: bearer token, rate limit, last use, plan, abilities.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::ApiError;
use super::state::App;
use crate::ability;
use crate::store::accounts::{self, Credential};
use crate::store::keys;
use crate::token::Presented;

/// Looks the token up, counts the request, notes the use and puts the rate-limit headers on whatever
/// the answer is.
///
/// Whether a token is *needed* is for the handler to say, by asking for [`Access`]: a path that does
/// not exist is not found, not unauthenticated.
pub(crate) async fn admit(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let presented = presented(request.headers());
    let now = app.clock.now();
    let limiter = app.rate_limiter.clone();
    #[cfg(feature = "faults")]
    let stale = app.stale.clone();
    let admission = app.store.run(move |database| {
        let credential = match presented {
            Some(presented) => {
                let known = accounts::credential(database, &presented)?;
                #[cfg(feature = "faults")]
                let known = known.or_else(|| stale.take(&presented));
                known
            }
            None => None,
        };
        let key = credential.as_ref().map(|credential| credential.key_id);
        let allowance = limiter.take(key, now);
        if let (Some(key), None) = (key, allowance.retry_after) {
            keys::touch(database, key, now.into())?;
        }
        Ok((credential, allowance))
    });
    let (mut response, allowance) = match admission.await {
        Ok((_, allowance)) if allowance.retry_after.is_some() => {
            (ApiError::TooManyRequests.into_response(), allowance)
        }
        Ok((credential, allowance)) => {
            request.extensions_mut().insert(Asking(credential));
            (next.run(request).await, allowance)
        }
        Err(error) => (
            ApiError::from(error).into_response(),
            app.rate_limiter.take(None, now),
        ),
    };
    allowance.write_to(response.headers_mut());
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    response
}

fn presented(headers: &HeaderMap) -> Option<Presented> {
    Presented::from_header(headers.get(AUTHORIZATION)?.to_str().ok()?)
}

/// The credential of a request, if it had a valid one.
#[derive(Clone)]
struct Asking(Option<Credential>);

/// Proof that a request is authenticated and that the plan includes the API.
pub(crate) struct Access(Credential);

impl Access {
    /// Goes on only with an ability.
    pub(crate) fn with(self, wanted: &str) -> Result<Credential, ApiError> {
        if ability::covers(&self.0.abilities, wanted) {
            Ok(self.0)
        } else {
            Err(ApiError::MissingAbility)
        }
    }

    /// For calls that need no ability.
    pub(crate) fn without_ability(self) -> Credential {
        self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Access {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        match parts.extensions.get() {
            Some(Asking(Some(credential))) if !credential.plan.has_api_access() => {
                Err(ApiError::PlanWithoutApi)
            }
            Some(Asking(Some(credential))) => Ok(Self(credential.clone())),
            _ => Err(ApiError::Unauthenticated),
        }
    }
}
