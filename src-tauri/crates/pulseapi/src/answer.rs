//! What an answer means: its status, read together with the form of its body.
//!
//! A status speaks for PulseAPI only if the answer is in PulseAPI's form. A captive portal or a
//! proxy that says 404 in HTML, or in JSON of its own, must not pass for "this key is gone". Two
//! statuses are believed in any form, since proxies in front of the service send them too:
//! 429 and 5xx.

use std::collections::BTreeMap;

use jiff::Timestamp;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING};
use reqwest::{Response, StatusCode, Version};
use secrecy::zeroize::Zeroizing;
use serde_json::Value;

use crate::error::{Error, Mismatch};
use crate::profile::{Answers, Profile};
use crate::rate_limit;
use crate::rescue::without_tokens;
use crate::token::BearerToken;

/// The most of a server's message that is kept, in characters.
const MAX_MESSAGE_CHARS: usize = 300;

/// The most fields of a 422 that are kept, and messages of each.
const MAX_FIELDS: usize = 20;

/// Laravel's status for a form whose page is too old (CSRF token mismatch).
const PAGE_EXPIRED: u16 = 419;

/// An answer, whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The body. It may hold a token that is shown this once.
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// Whether it is known that nothing of the body is missing: its end was announced, and has come.
    pub(crate) is_whole: bool,
}

impl Answer {
    /// The head of a response, with nothing of its body yet.
    pub(crate) fn of(response: &Response) -> Self {
        let headers = response.headers().clone();
        let is_framed = headers.contains_key(CONTENT_LENGTH)
            || headers.contains_key(TRANSFER_ENCODING)
            || response.version() >= Version::HTTP_2;
        Self {
            status: response.status(),
            headers,
            body: Zeroizing::default(),
            is_whole: is_framed,
        }
    }

    /// The `X-Request-Id`, cleaned.
    pub(crate) fn request_id(&self) -> Option<String> {
        let id = clean(self.headers.get("x-request-id")?.to_str().ok()?);
        (!id.is_empty()).then_some(id)
    }

    /// Whether it is a web page, by its own word or by its first character.
    pub(crate) fn is_html(&self) -> bool {
        is_html(&self.headers, &self.body)
    }

    /// The mismatch of an answer that is not JSON.
    pub(crate) fn not_json(&self) -> Mismatch {
        not_json(&self.headers, &self.body)
    }

    /// What an answer means that is no success. Its body counts only if it explains something; the token is for taking
    /// it out of what the server says.
    pub(crate) fn refusal(
        &self,
        explains: bool,
        now: Timestamp,
        token: &BearerToken,
        profile: &Profile,
    ) -> Error {
        let names = &profile.answers;
        let body = if explains { self.body.as_slice() } else { &[] };
        match self.status {
            StatusCode::TOO_MANY_REQUESTS => {
                return Error::RateLimited {
                    until: rate_limit::until(&self.headers, now),
                };
            }
            status if status.is_server_error() => {
                return Error::Server {
                    status: status.as_u16(),
                };
            }
            _ => {}
        }
        if self.status == StatusCode::UNAUTHORIZED && is_html(&self.headers, body) {
            return Error::NotPulseApi {
                reason: Mismatch::SignIn { origin: None },
            };
        }
        if self.status.as_u16() == PAGE_EXPIRED {
            return Error::NotPulseApi {
                reason: Mismatch::WebForm,
            };
        }
        let json: Option<Value> = serde_json::from_slice(body).ok();
        let in_form = match &json {
            Some(value) => value.is_object(),
            // Nothing to read is still a refusal, except where it would mean "gone".
            None => body.is_empty() && !is_html(&self.headers, body) && !is_gone(self.status),
        };
        if !in_form || !self.status.is_client_error() {
            return Error::NotPulseApi {
                reason: not_json(&self.headers, body),
            };
        }
        let say = |text: &str| clean(&without_tokens(&token.redact(text)));
        let message = say(message(json.as_ref(), names));
        match self.status {
            StatusCode::UNAUTHORIZED => Error::Unauthorized,
            StatusCode::PAYMENT_REQUIRED => Error::PlanLimit { message },
            StatusCode::FORBIDDEN => forbidden(message),
            status
                if is_gone(status)
                    && (is_html(&self.headers, body)
                        || !tells_of_a_record(json.as_ref(), names)) =>
            {
                Error::NotPulseApi {
                    reason: Mismatch::ForeignNotFound,
                }
            }
            status if is_gone(status) && names_a_route(&message) => Error::NotPulseApi {
                reason: Mismatch::NoKeyEndpoints,
            },
            status if is_gone(status) => Error::NotFound,
            StatusCode::CONFLICT => Error::Conflict { message },
            StatusCode::UNPROCESSABLE_ENTITY => Error::Invalid {
                message,
                fields: fields(json.as_ref(), names, say),
            },
            other => Error::Rejected {
                status: other.as_u16(),
                message,
            },
        }
    }
}

/// Not there, or not there any more.
fn is_gone(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE)
}

fn is_html(headers: &HeaderMap, body: &[u8]) -> bool {
    let declared = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    declared.is_some_and(|value| value.to_ascii_lowercase().contains("html"))
        || body.trim_ascii_start().starts_with(b"<")
}

fn not_json(headers: &HeaderMap, body: &[u8]) -> Mismatch {
    if is_html(headers, body) {
        Mismatch::Html
    } else {
        Mismatch::NotJson
    }
}

/// Tells a plan without API access from one that allows less than was asked for, and both from a missing ability: all
/// are 403. The service gives no code for them that we know of, so the words of its message decide; a last meaning
/// keeps the rest.
fn forbidden(message: String) -> Error {
    const PLAN: [&str; 5] = ["plan", "plans", "subscription", "upgrade", "billing"];
    const ABILITY: [&str; 6] = [
        "ability",
        "abilities",
        "permission",
        "permissions",
        "scope",
        "scopes",
    ];
    let lower = message.to_lowercase();
    let says = |list: &[&str]| {
        lower
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| list.contains(&word))
    };
    // "API keys" are what a plan counts, not what it lacks.
    let rest = lower.replace("api keys", "").replace("api key", "");
    let is_about_api = rest
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| word == "api");
    if says(&PLAN) && is_about_api {
        Error::PlanWithoutApi { message }
    } else if says(&PLAN) {
        Error::PlanLimit { message }
    } else if says(&ABILITY) {
        Error::MissingAbility { message }
    } else {
        Error::Forbidden { message }
    }
}

/// Whether a 404 has the service's own form: `{message}` with words in it. Members that other frameworks and gateways
/// put beside theirs give those away. A gateway can still use the same form: a 404 is no proof that a key is gone.
fn tells_of_a_record(json: Option<&Value>, names: &Answers) -> bool {
    const OTHERS: [&str; 5] = ["error", "status", "statusCode", "code", "path"];
    let Some(fields) = json.and_then(Value::as_object) else {
        return false;
    };
    let mut others = OTHERS.iter().filter(|name| **name != names.message);
    !message(json, names).trim().is_empty() && !others.any(|name| fields.contains_key(*name))
}

/// Whether a 404 or 410 is about the address rather than the record: Laravel's "The route … could not be
/// found.", a gateway's "no Route matched with those values", "This API version is no longer available."
/// Moved endpoints must not look like keys that are gone.
fn names_a_route(message: &str) -> bool {
    let lower = message.to_lowercase();
    let misses = ["could not be found", "not found", "matched", "no route"];
    if lower.contains("api version") || lower.contains("endpoint") {
        return true;
    }
    lower.contains("route") && misses.iter().any(|words| lower.contains(words))
}

fn message<'a>(json: Option<&'a Value>, names: &Answers) -> &'a str {
    json.and_then(|value| value.get(&names.message))
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn fields(
    json: Option<&Value>,
    names: &Answers,
    say: impl Fn(&str) -> String,
) -> BTreeMap<String, Vec<String>> {
    let Some(errors) = json
        .and_then(|value| value.get(&names.errors))
        .and_then(Value::as_object)
    else {
        return BTreeMap::new();
    };
    let texts = |value: &Value| match value {
        Value::String(text) => vec![say(text)],
        Value::Array(list) => list
            .iter()
            .filter_map(Value::as_str)
            .take(MAX_FIELDS)
            .map(&say)
            .collect(),
        _ => Vec::new(),
    };
    errors
        .iter()
        .take(MAX_FIELDS)
        .map(|(field, value)| (say(field), texts(value)))
        .collect()
}

/// A foreign text made fit for an error message: one line, nothing invisible, not too long.
pub(crate) fn clean(text: &str) -> String {
    let visible = text
        .chars()
        .filter(|c| !reorders(*c))
        .map(|c| if c.is_control() { ' ' } else { c });
    let line: String = visible.take(MAX_MESSAGE_CHARS).collect();
    line.trim().to_owned()
}

/// Unicode's bidirectional controls (UAX #9), which can make a text read as another.
fn reorders(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
