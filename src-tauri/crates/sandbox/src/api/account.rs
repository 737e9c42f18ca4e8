//! `/user`: the user behind the token.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::access::Access;
use super::error::ApiError;
use super::state::App;
use crate::store::accounts;

pub(super) async fn user(State(app): State<App>, access: Access) -> Result<Json<Value>, ApiError> {
    let id = access.without_ability().user_id;
    let user = app
        .store
        .run(move |database| accounts::user(database, id))
        .await?;
    Ok(Json(json!({"data": user})))
}
