//! Bad answers.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use futures_util::Stream;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::api::Allowance;

/// An error in the API's shape. The rate-limit headers are there, as on every answer; a 429 says that
/// nothing is left.
pub(super) fn error(now: Timestamp, status: StatusCode, retry_after: Option<u32>) -> Response {
    let message = status.canonical_reason().unwrap_or("Error");
    let mut response = (status, Json(json!({"message": message}))).into_response();
    let limited = status == StatusCode::TOO_MANY_REQUESTS;
    let seconds = retry_after.or(limited.then_some(1)).map(i64::from);
    let allowance = Allowance {
        limit: 600,
        remaining: if limited { 0 } else { 599 },
        reset: now.as_second() + seconds.unwrap_or(60),
        retry_after: seconds,
    };
    allowance.write_to(response.headers_mut());
    response
}

/// The headers of `response`, which announce the whole body, and the first half of that body.
pub(super) async fn truncated(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(bytes) if !bytes.is_empty() => bytes,
        // What has no body can't lose half of it: this is half of an answer with one.
        _ => {
            parts.status = StatusCode::OK;
            Bytes::from_static(b"{\"message\": \"half of this never comes\"}")
        }
    };
    parts
        .headers
        .insert(header::CONTENT_LENGTH, whole.len().into());
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(parts, Body::from_stream(Interrupted::AtStart(half)))
}

/// `response` with another value where `pointer` points to in its JSON.
pub(super) async fn replaced(response: Response, pointer: &str, value: Value) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    let Ok(mut json) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    if let Some(place) = json.pointer_mut(pointer) {
        *place = value;
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(json.to_string()))
}

/// Somebody else's page.
pub(super) fn html() -> Response {
    Html("<!doctype html><title>Sign in</title><h1>Welcome to the hotel network</h1>")
        .into_response()
}

/// `{"data":"xxxx…"}` of `bytes` bytes (at least 11).
pub(super) fn huge(bytes: usize, announced: bool) -> Response {
    let filling = bytes.saturating_sub(11);
    let text = Bytes::from(format!("{{\"data\":\"{}\"}}", "x".repeat(filling)));
    let body = if announced {
        Body::from(text)
    } else {
        Body::from_stream(futures_util::stream::iter([Ok::<_, io::Error>(text)]))
    };
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// JSON of some other service.
pub(super) fn wrong_shape() -> Response {
    Json(json!({"data": {"status": "ok", "uptime": 12}, "service": "somebody else"}))
        .into_response()
}

/// Points elsewhere.
pub(super) fn redirect(location: &str) -> Response {
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// A body that ends in the middle. It pauses before it fails, so that what came before is sent.
enum Interrupted {
    AtStart(Bytes),
    Paused,
    Broken,
}

impl Stream for Interrupted {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match std::mem::replace(&mut *self, Self::Broken) {
            Self::AtStart(half) => {
                *self = Self::Paused;
                Poll::Ready(Some(Ok(half)))
            }
            Self::Paused => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Broken => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
        }
    }
}
