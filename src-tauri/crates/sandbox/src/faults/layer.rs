//! Applies the rules to requests and keeps the log.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::oneshot;

use super::answer;
use super::handle::Faults;
use super::log::{LogEntry, SeenRequest, lock};
use super::rule::{Fault, final_status};
use super::watched::{Caller, Progress};
use crate::connection::Scissors;
use crate::shutdown::has_stopped;

/// Stands around the whole API.
pub(super) async fn apply(
    State(faults): State<Faults>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
    next: Next,
) -> Response {
    let entry = faults.note_arrival(&request);
    let progress = Progress::working(&faults.0.at_work);
    let caller = Caller::of(&request);
    let act = match Act::read(&faults, &entry, &caller, request, next).await {
        Ok(act) => act,
        Err(broken) => return broken,
    };
    let seen = lock(&entry).clone();
    let error = |status| answer::error(faults.0.app.clock.now(), status_of(status), None);
    let response = match faults.next_fault(&seen) {
        None => act.now().await,
        Some(Fault::Delay { milliseconds }) => {
            let withheld = progress.withheld();
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(milliseconds)) => {}
                () = has_stopped(faults.0.stopped.clone()) => return cut(&scissors),
            }
            drop(withheld);
            act.now().await
        }
        Some(Fault::DropBefore) => return cut(&scissors),
        Some(Fault::DropAfter) => {
            act.now().await;
            return cut(&scissors);
        }
        Some(Fault::HangAfter) => {
            act.now().await;
            let _withheld = progress.withheld();
            has_stopped(faults.0.stopped.clone()).await;
            return cut(&scissors);
        }
        Some(Fault::Late { seconds }) => {
            let _withheld = progress.withheld();
            let _until_given_up = act.after_hanging_up(seconds);
            has_stopped(faults.0.stopped.clone()).await;
            return cut(&scissors);
        }
        Some(Fault::Slow { seconds }) => {
            let _withheld = progress.withheld();
            act.later(seconds).await
        }
        Some(Fault::Stale) => match faults.answered_before(&seen, &caller) {
            Some(old) => old,
            None => act.now().await,
        },
        Some(Fault::StatusAfter { status }) => {
            act.now().await;
            error(status)
        }
        Some(Fault::Status {
            status,
            retry_after,
        }) => answer::error(faults.0.app.clock.now(), status_of(status), retry_after),
        Some(Fault::TruncatedBody) => answer::truncated(act.now().await).await,
        Some(Fault::Html) => answer::html(),
        Some(Fault::HugeBody { bytes, announced }) => answer::huge(bytes, announced),
        Some(Fault::WrongShape) => answer::wrong_shape(),
        Some(Fault::Redirect { location }) => answer::redirect(&location),
        Some(Fault::DeleteFirst { key }) => match faults.delete_key(key).await {
            Ok(_) => act.now().await,
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        },
        Some(Fault::Replaced { pointer, value }) => {
            answer::replaced(act.now().await, &pointer, value).await
        }
        Some(Fault::Answer { status, body }) => {
            (status_of(status), axum::Json(body)).into_response()
        }
    };
    lock(&entry).answered = Some(response.status().as_u16());
    response
}

/// What the API was asked for, whole, so that it can be done when the connection is gone. It is done to its end even when
/// the client hangs up meanwhile, as a real server does.
struct Act {
    faults: Faults,
    entry: LogEntry,
    caller: Caller,
    request: Request,
    next: Next,
}

impl Act {
    async fn read(
        faults: &Faults,
        entry: &LogEntry,
        caller: &Caller,
        request: Request,
        next: Next,
    ) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        // The API has a limit of its own, far below.
        let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
            return Err(StatusCode::BAD_REQUEST.into_response());
        };
        Ok(Self {
            faults: faults.clone(),
            entry: entry.clone(),
            caller: caller.clone(),
            request: Request::from_parts(parts, Body::from(body)),
            next,
        })
    }

    async fn now(self) -> Response {
        self.later(0).await
    }

    async fn later(self, seconds: u64) -> Response {
        lock(&self.entry).to_come = true;
        let acting = tokio::spawn(async move {
            if seconds > 0 {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
            }
            self.at_last().await
        });
        // Only a panic in a handler ends it otherwise.
        acting
            .await
            .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }

    /// Begins to wait when what is returned is dropped.
    fn after_hanging_up(self, seconds: u64) -> oneshot::Sender<()> {
        lock(&self.entry).to_come = true;
        let (until, hung_up) = oneshot::channel();
        tokio::spawn(async move {
            // An error is what is waited for: the other end was dropped.
            let _ = hung_up.await;
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            self.at_last().await;
        });
        until
    }

    async fn at_last(self) -> Response {
        let _working = Progress::working(&self.faults.0.at_work);
        let response = self.next.run(self.request).await;
        let response = self.faults.watch(&self.entry, &self.caller, response).await;
        let mut entry = lock(&self.entry);
        entry.acted = Some(response.status().as_u16());
        entry.to_come = false;
        drop(entry);
        response
    }
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
            to_come: false,
        }));
        self.log_mut().push(entry.clone());
        entry
    }

    /// What the judge says; where there is none, the fault of the first rule that fits, which is then used up a little.
    fn next_fault(&self, seen: &SeenRequest) -> Option<Fault> {
        if let Some(judge) = self.judge() {
            return judge(seen);
        }
        let mut rules = self.rules_mut();
        let index = rules
            .iter()
            .position(|rule| rule.fits(&seen.method, &seen.path))?;
        rules[index].times -= 1;
        if rules[index].times == 0 {
            return Some(rules.remove(index).fault);
        }
        Some(rules[index].fault.clone())
    }
}
