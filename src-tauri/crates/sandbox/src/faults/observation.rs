//! How a test watches the whole server: it decides on every request, and sees what the server works on and gave out.

use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use super::handle::Faults;
use super::log::{LogEntry, SeenRequest, lock};
use super::watched::{AtWork, Caller, Issued, Judge};
use crate::store::accounts;
use crate::token::Presented;

impl Faults {
    /// From now on this says what goes wrong with each request, and no rule does; none brings the rules back.
    pub fn judged_by(&self, judge: Option<Judge>) {
        lock(&self.0.watched).judge = judge;
    }

    pub(super) fn judge(&self) -> Option<Judge> {
        lock(&self.0.watched).judge.clone()
    }

    /// What the server is at work on.
    pub fn at_work(&self) -> AtWork {
        let withheld = self.0.at_work.withheld.load(Ordering::SeqCst);
        let all = self.0.at_work.working.load(Ordering::SeqCst);
        AtWork {
            working: all.saturating_sub(withheld),
            withheld,
        }
    }

    /// The tokens that the API gave out, whether or not an answer with one arrived, oldest first.
    pub fn issued(&self) -> Vec<Issued> {
        lock(&self.0.watched).issued.clone()
    }

    /// Whether a token works, without counting as a use of it.
    pub fn accepts(&self, token: &str) -> bool {
        let Some(presented) = Presented::from_header(&format!("Bearer {token}")) else {
            return false;
        };
        let found = self
            .0
            .app
            .store
            .with(|database| accounts::credential(database, &presented));
        matches!(found, Ok(Some(_)))
    }

    /// Looks at what the API answered, and passes it on.
    pub(super) async fn watch(
        &self,
        entry: &LogEntry,
        caller: &Caller,
        response: Response,
    ) -> Response {
        if self.judge().is_none() || !response.status().is_success() {
            return response;
        }
        let (parts, body) = response.into_parts();
        let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
            return parts.into_response();
        };
        if let Ok(value) = serde_json::from_slice::<Value>(&bytes) {
            let seen = lock(entry).clone();
            let mut watched = lock(&self.0.watched);
            if let (Some(token), Some(key)) =
                (value["token"].as_str(), value["data"]["id"].as_i64())
            {
                watched.issued.push(Issued {
                    key,
                    token: token.to_owned().into(),
                    idempotency_key: seen.idempotency_key.clone(),
                });
            }
            if let Some(asked) = caller.asked(&seen) {
                watched.answers.insert(asked, value);
            }
        }
        Response::from_parts(parts, Body::from(bytes))
    }

    /// What a cache would answer.
    pub(super) fn answered_before(&self, seen: &SeenRequest, caller: &Caller) -> Option<Response> {
        let asked = caller.asked(seen)?;
        let body = lock(&self.0.watched).answers.get(&asked).cloned()?;
        Some(axum::Json(body).into_response())
    }
}
