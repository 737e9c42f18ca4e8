//! The switches over HTTP, under `/testing`.

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::handle::Faults;
use super::records::VerbatimKey;
use super::rule::{InvalidRule, Rule};
use crate::error::StoreError;

pub(super) fn router(faults: Faults) -> Router {
    Router::new()
        .route("/testing/faults", get(rules).post(inject).delete(clear))
        .route("/testing/requests", get(requests).delete(clear_requests))
        .route("/testing/credentials", post(mint))
        .route("/testing/keys", post(insert))
        .route("/testing/keys/{id}", get(key))
        .route("/testing/keys/{id}/stale", post(keep_accepting))
        .with_state(faults)
}

/// Why a switch did not move; its text is for the author of the test.
struct Refused(StatusCode, String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"message": self.1}))).into_response()
    }
}

impl From<JsonRejection> for Refused {
    fn from(rejection: JsonRejection) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, rejection.body_text())
    }
}

impl From<InvalidRule> for Refused {
    fn from(invalid: InvalidRule) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, invalid.to_string())
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
    }
}

async fn rules(State(faults): State<Faults>) -> Json<Value> {
    Json(json!({"data": faults.rules()}))
}

async fn inject(
    State(faults): State<Faults>,
    rule: Result<Json<Rule>, JsonRejection>,
) -> Result<StatusCode, Refused> {
    faults.inject(rule?.0)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn clear(State(faults): State<Faults>) -> StatusCode {
    faults.clear();
    StatusCode::NO_CONTENT
}

async fn requests(State(faults): State<Faults>) -> Json<Value> {
    Json(json!({"data": faults.requests()}))
}

async fn clear_requests(State(faults): State<Faults>) -> StatusCode {
    faults.clear_requests();
    StatusCode::NO_CONTENT
}

async fn mint(State(faults): State<Faults>) -> Result<impl IntoResponse, Refused> {
    let token = faults.0.app.mint_credential().await?;
    let token = token.expose_secret();
    Ok((StatusCode::CREATED, Json(json!({"token": token}))))
}

async fn insert(
    State(faults): State<Faults>,
    key: Result<Json<VerbatimKey>, JsonRejection>,
) -> Result<impl IntoResponse, Refused> {
    let inserted = faults.insert_key(key?.0).await?;
    let token = inserted.token.expose_secret();
    Ok((
        StatusCode::CREATED,
        Json(json!({"id": inserted.id, "token": token})),
    ))
}

async fn key(State(faults): State<Faults>, Path(id): Path<i64>) -> Result<Json<Value>, Refused> {
    let key = faults.key(id).await?;
    let key = key.ok_or_else(|| Refused(StatusCode::NOT_FOUND, "Not found.".to_owned()))?;
    Ok(Json(json!({"data": key})))
}

/// For how many requests.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stale {
    times: u32,
}

async fn keep_accepting(
    State(faults): State<Faults>,
    Path(id): Path<i64>,
    stale: Result<Json<Stale>, JsonRejection>,
) -> Result<StatusCode, Refused> {
    if faults.keep_accepting(id, stale?.0.times).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refused(StatusCode::NOT_FOUND, "Not found.".to_owned()))
    }
}
