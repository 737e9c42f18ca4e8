//! Applies the rules to requests and keeps the log.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::rule::{Fault, final_status};
use super::{Faults, LogEntry, SeenRequest, answer, lock};
use crate::connection::Scissors;
use crate::server::has_stopped;

/// Stands around the whole API.
pub(super) async fn apply(
    State(faults): State<Faults>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
    next: Next,
) -> Response {
    let entry = faults.note_arrival(&request);
    let fault = faults.next_fault(request.method().as_str(), request.uri().path());
    let act = async || {
        let response = next.run(request).await;
        lock(&entry).acted = Some(response.status().as_u16());
        response
    };
    let error = |status| answer::error(faults.0.app.clock.now(), status_of(status), None);
    let response = match fault {
        None => act().await,
        Some(Fault::Delay { milliseconds }) => {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(milliseconds)) => act().await,
                () = has_stopped(faults.0.stopped.clone()) => return cut(&scissors),
            }
        }
        Some(Fault::DropBefore) => return cut(&scissors),
        Some(Fault::DropAfter) => {
            act().await;
            return cut(&scissors);
        }
        Some(Fault::HangAfter) => {
            act().await;
            has_stopped(faults.0.stopped.clone()).await;
            return cut(&scissors);
        }
        Some(Fault::StatusAfter { status }) => {
            act().await;
            error(status)
        }
        Some(Fault::Status {
            status,
            retry_after,
        }) => answer::error(faults.0.app.clock.now(), status_of(status), retry_after),
        Some(Fault::TruncatedBody) => answer::truncated(act().await).await,
        Some(Fault::Html) => answer::html(),
        Some(Fault::HugeBody { bytes, announced }) => answer::huge(bytes, announced),
        Some(Fault::WrongShape) => answer::wrong_shape(),
        Some(Fault::Redirect { location }) => answer::redirect(&location),
        Some(Fault::DeleteFirst { key }) => match faults.delete_key(key).await {
            Ok(_) => act().await,
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        },
        Some(Fault::Replaced { pointer, value }) => {
            answer::replaced(act().await, &pointer, value).await
        }
        Some(Fault::Answer { status, body }) => {
            (status_of(status), axum::Json(body)).into_response()
        }
    };
    lock(&entry).answered = Some(response.status().as_u16());
    response
}

/// Rules are checked when they are queued, so the fallback is never met.
fn status_of(status: u16) -> StatusCode {
    final_status(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Nothing of the returned response is sent.
fn cut(scissors: &Scissors) -> Response {
    scissors.cut();
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

impl Faults {
    fn note_arrival(&self, request: &Request) -> LogEntry {
        let key = request.headers().get("idempotency-key");
        let entry = Arc::new(Mutex::new(SeenRequest {
            method: request.method().as_str().to_owned(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().map(str::to_owned),
            idempotency_key: key.and_then(|value| value.to_str().ok()).map(str::to_owned),
            acted: None,
            answered: None,
        }));
        self.log_mut().push(entry.clone());
        entry
    }

    /// The fault of the first rule that fits, which is then used up a little.
    fn next_fault(&self, method: &str, path: &str) -> Option<Fault> {
        let mut rules = self.rules_mut();
        let index = rules.iter().position(|rule| rule.fits(method, path))?;
        rules[index].times -= 1;
        if rules[index].times == 0 {
            return Some(rules.remove(index).fault);
        }
        Some(rules[index].fault.clone())
    }
}
