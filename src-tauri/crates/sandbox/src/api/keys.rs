//! `/api-keys`: list, show, create, rotate, delete, and the abilities to choose from.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::access::Access;
use super::error::ApiError;
use super::new_key::{self, Wanted};
use super::page::{Page, Paging, PathId};
use super::state::App;
use crate::ability::{API_KEYS_MANAGE, CATALOGUE};
use crate::store::{Key, NewKey, accounts, keys};

pub(super) async fn list(
    State(app): State<App>,
    access: Access,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Page<Key>>, ApiError> {
    let user = access.with(API_KEYS_MANAGE)?.user_id;
    let paging = Paging::from_uri(&uri)?;
    let (offset, limit) = (paging.offset(), paging.limit());
    let rows = app
        .store
        .run(move |database| keys::page(database, user, offset, limit))
        .await?;
    Ok(Json(Page::new(rows, paging, &app.origin, &uri)))
}

pub(super) async fn abilities(access: Access) -> Result<Json<Value>, ApiError> {
    access.with(API_KEYS_MANAGE)?;
    let data: Vec<_> = CATALOGUE
        .iter()
        .map(|(name, description)| json!({"name": name, "description": description}))
        .collect();
    Ok(Json(json!({"data": data})))
}

pub(super) async fn show(
    State(app): State<App>,
    access: Access,
    id: PathId,
) -> Result<Json<Value>, ApiError> {
    let user = access.with(API_KEYS_MANAGE)?.user_id;
    let id = id.get()?;
    let key = app
        .store
        .run(move |database| keys::find(database, user, id))
        .await?;
    Ok(Json(json!({"data": key.ok_or(ApiError::NotFound)?})))
}

pub(super) async fn create(
    State(app): State<App>,
    access: Access,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let credential = access.with(API_KEYS_MANAGE)?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::BodyTooLarge,
        _ => ApiError::MalformedBody,
    })?;
    let wanted = Wanted::read(&headers, &body)?;
    let token = app.fresh_token_body();
    let key = NewKey {
        user_id: credential.user_id,
        team_id: wanted.team_id.unwrap_or(credential.team_id),
        name: wanted.name,
        abilities: wanted.abilities,
        created_at: app.clock.now().into(),
        last_used_at: None,
        rotated_at: None,
    };
    let created = app.store.run(move |database| {
        if !accounts::is_member(database, key.user_id, key.team_id)? {
            return Ok(None);
        }
        let id = keys::insert(database, &key, &token)?;
        Ok(keys::find(database, key.user_id, id)?.map(|key| (key, token.with_id(id))))
    });
    let (key, token) = created.await?.ok_or_else(new_key::unknown_team)?;
    Ok((StatusCode::CREATED, with_token(&key, &token)))
}

pub(super) async fn rotate(
    State(app): State<App>,
    access: Access,
    id: PathId,
) -> Result<Json<Value>, ApiError> {
    let user = access.with(API_KEYS_MANAGE)?.user_id;
    let id = id.get()?;
    let token = app.fresh_token_body();
    let now = app.clock.now().into();
    let rotated = app.store.run(move |database| {
        keys::rotate(database, user, id, &token, now)?;
        Ok(keys::find(database, user, id)?.map(|key| (key, token.with_id(id))))
    });
    let (key, token) = rotated.await?.ok_or(ApiError::NotFound)?;
    Ok(with_token(&key, &token))
}

pub(super) async fn delete(
    State(app): State<App>,
    access: Access,
    id: PathId,
) -> Result<StatusCode, ApiError> {
    let user = access.with(API_KEYS_MANAGE)?.user_id;
    let id = id.get()?;
    if app
        .store
        .run(move |database| keys::delete(database, user, id))
        .await?
    {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NotFound)
    }
}

/// The one answer that holds a token.
fn with_token(key: &Key, token: &SecretString) -> Json<Value> {
    Json(json!({"data": key, "token": token.expose_secret()}))
}
