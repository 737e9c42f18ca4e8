//! Errors as a Laravel application words them: `{message}`, and `{message, errors}` for a 422.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::error::StoreError;

/// Every way in which the API refuses.
#[derive(Debug)]
pub(crate) enum ApiError {
    Unauthenticated,
    PlanWithoutApi,
    MissingAbility,
    NotFound,
    MethodNotAllowed,
    MalformedBody,
    BodyTooLarge,
    Invalid(Invalid),
    TooManyRequests,
    Server,
}

/// What is wrong, by field or query parameter.
#[derive(Debug, Default)]
pub(crate) struct Invalid(BTreeMap<String, Vec<String>>);

impl Invalid {
    /// Adds a complaint about a field.
    pub(crate) fn add(&mut self, field: &str, complaint: impl Into<String>) {
        self.0
            .entry(field.to_owned())
            .or_default()
            .push(complaint.into());
    }

    /// Fails if there was any complaint.
    pub(crate) fn into_result(self) -> Result<(), ApiError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(ApiError::Invalid(self))
        }
    }

    /// The first complaint and how many more there are, as Laravel sums them up.
    fn summary(&self) -> String {
        let mut complaints = self.0.values().flatten();
        let first = complaints
            .next()
            .map_or("The given data was invalid.", String::as_str);
        match complaints.count() {
            0 => first.to_owned(),
            1 => format!("{first} (and 1 more error)"),
            more => format!("{first} (and {more} more errors)"),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the sandbox database failed");
        Self::Server
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "Unauthenticated."),
            Self::PlanWithoutApi => (
                StatusCode::FORBIDDEN,
                "Your current plan does not include API access.",
            ),
            Self::MissingAbility => (StatusCode::FORBIDDEN, "Invalid ability provided."),
            Self::NotFound => (StatusCode::NOT_FOUND, "Not found."),
            Self::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "The method is not supported for this route.",
            ),
            Self::MalformedBody => (
                StatusCode::BAD_REQUEST,
                "The request body is not valid JSON.",
            ),
            Self::BodyTooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "The request body is too large.",
            ),
            Self::Invalid(invalid) => {
                let body = json!({"message": invalid.summary(), "errors": invalid.0});
                return (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response();
            }
            Self::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "Too Many Attempts."),
            Self::Server => (StatusCode::INTERNAL_SERVER_ERROR, "Server Error"),
        };
        (status, Json(json!({"message": message}))).into_response()
    }
}
