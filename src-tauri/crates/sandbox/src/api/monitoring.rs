//! `/monitors` and `/incidents`, read-only and limited to the team of the key.

use axum::Json;
use axum::extract::{OriginalUri, State};
use serde_json::{Value, json};

use super::access::Access;
use super::error::ApiError;
use super::page::{Page, Paging, PathId};
use super::state::App;
use crate::ability::{INCIDENTS_READ, MONITORS_READ};
use crate::store::monitoring::{self, Check, Incident, Monitor};

pub(super) async fn monitors(
    State(app): State<App>,
    access: Access,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Page<Monitor>>, ApiError> {
    let team = access.with(MONITORS_READ)?.team_id;
    let paging = Paging::from_uri(&uri)?;
    let (offset, limit) = (paging.offset(), paging.limit());
    let rows = app
        .store
        .run(move |database| monitoring::monitors(database, team, offset, limit))
        .await?;
    Ok(Json(Page::new(rows, paging, &app.origin, &uri)))
}

pub(super) async fn monitor(
    State(app): State<App>,
    access: Access,
    id: PathId,
) -> Result<Json<Value>, ApiError> {
    let team = access.with(MONITORS_READ)?.team_id;
    let id = id.get()?;
    let monitor = app
        .store
        .run(move |database| monitoring::monitor(database, team, id))
        .await?;
    Ok(Json(json!({"data": monitor.ok_or(ApiError::NotFound)?})))
}

pub(super) async fn checks(
    State(app): State<App>,
    access: Access,
    id: PathId,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Page<Check>>, ApiError> {
    let team = access.with(MONITORS_READ)?.team_id;
    let id = id.get()?;
    let paging = Paging::from_uri(&uri)?;
    let (offset, limit) = (paging.offset(), paging.limit());
    let rows = app.store.run(move |database| {
        if monitoring::monitor(database, team, id)?.is_none() {
            return Ok(None);
        }
        monitoring::checks(database, id, offset, limit).map(Some)
    });
    let rows = rows.await?.ok_or(ApiError::NotFound)?;
    Ok(Json(Page::new(rows, paging, &app.origin, &uri)))
}

pub(super) async fn incidents(
    State(app): State<App>,
    access: Access,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Page<Incident>>, ApiError> {
    let team = access.with(INCIDENTS_READ)?.team_id;
    let paging = Paging::from_uri(&uri)?;
    let (offset, limit) = (paging.offset(), paging.limit());
    let rows = app
        .store
        .run(move |database| monitoring::incidents(database, team, offset, limit))
        .await?;
    Ok(Json(Page::new(rows, paging, &app.origin, &uri)))
}
