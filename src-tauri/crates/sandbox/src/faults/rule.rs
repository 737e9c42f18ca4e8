//! What can be made to go wrong, and for which requests.

use axum::http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::PREFIXES;

/// A fault for the next requests that fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `GET`, `DELETE`, …; any when absent.
    #[serde(default)]
    pub method: Option<String>,
    /// A path without its prefix, in which `*` stands for one segment (`/api-keys/*`); any when absent.
    #[serde(default)]
    pub path: Option<String>,
    /// How many requests it applies to.
    #[serde(default = "once")]
    pub times: u32,
    /// What goes wrong.
    pub fault: Fault,
}

fn once() -> u32 {
    1
}

/// Something that goes wrong. "Acts" means that the API does what it was asked for, and commits it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Waits, then acts and answers as usual; does neither when the client hangs up meanwhile. For a
    /// client that gives up although the server acted take [`Fault::HangAfter`].
    Delay {
        /// How long.
        milliseconds: u64,
    },
    /// Closes the connection without acting.
    DropBefore,
    /// Acts, then closes the connection without a byte of answer.
    DropAfter,
    /// Acts, then never answers.
    HangAfter,
    /// Never answers, and acts when the client has given up and so much time has passed since.
    Late {
        /// How long after, in tokio's time.
        seconds: u64,
    },
    /// Waits, then acts whether or not the client is still there, and answers it if it is.
    Slow {
        /// How long, in tokio's time.
        seconds: u64,
    },
    /// Answers a read as the same one of the same caller was answered last, as a cache in between does. Acts as usual
    /// when it is a write, or the first one since there is a [judge](super::Faults::judged_by).
    Stale,
    /// Acts, then answers with an error instead.
    StatusAfter {
        /// 200 to 599.
        status: u16,
    },
    /// Answers with an error, without acting.
    Status {
        /// 200 to 599.
        status: u16,
        /// Seconds for `Retry-After`; a 429 has 1 when absent, others none.
        #[serde(default)]
        retry_after: Option<u32>,
    },
    /// Acts, sends the headers and half of the body, then closes the connection.
    TruncatedBody,
    /// A page of HTML with status 200, without acting: a login page of somebody else's network.
    Html,
    /// Valid JSON of this size with status 200, without acting.
    HugeBody {
        /// 20 MB when absent.
        #[serde(default = "twenty_megabytes")]
        bytes: usize,
        /// Whether a `Content-Length` announces it.
        #[serde(default)]
        announced: bool,
    },
    /// JSON with status 200 that has nothing to do with the API, without acting.
    WrongShape,
    /// A 307 to another address, without acting.
    Redirect {
        /// The address.
        location: String,
    },
    /// Somebody else deletes a key of the seeded user; then acts and answers as usual.
    DeleteFirst {
        /// The key's id.
        key: i64,
    },
    /// Acts, then answers with another value in one place of the JSON; as usual where there is no such place.
    Replaced {
        /// The place, as a JSON pointer (RFC 6901), such as `/data/0/created_at`.
        pointer: String,
        /// What stands there instead.
        value: Value,
    },
    /// Exactly this JSON, without acting.
    Answer {
        /// 200 to 599; 200 when absent.
        #[serde(default = "ok")]
        status: u16,
        /// The body.
        body: Value,
    },
}

fn ok() -> u16 {
    200
}

fn twenty_megabytes() -> usize {
    20_000_000
}

/// Why a rule is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRule {
    /// `times` is 0.
    #[error("times must be at least 1")]
    Never,
    /// No final status.
    #[error("{0} is no status of an answer; use 200 to 599")]
    Status(u16),
    /// The address can't stand in a header.
    #[error("the location is no header value")]
    Location,
}

impl Rule {
    /// The next request that fits, once.
    pub fn once(method: &str, path: &str, fault: Fault) -> Self {
        Self {
            method: Some(method.to_owned()),
            path: Some(path.to_owned()),
            times: 1,
            fault,
        }
    }

    pub(super) fn check(&self) -> Result<(), InvalidRule> {
        if self.times == 0 {
            return Err(InvalidRule::Never);
        }
        match &self.fault {
            Fault::StatusAfter { status }
            | Fault::Status { status, .. }
            | Fault::Answer { status, .. } => final_status(*status)
                .map(drop)
                .ok_or(InvalidRule::Status(*status)),
            Fault::Redirect { location } => HeaderValue::from_str(location)
                .map(drop)
                .map_err(|_| InvalidRule::Location),
            _ => Ok(()),
        }
    }

    pub(super) fn fits(&self, method: &str, path: &str) -> bool {
        let method_fits = self
            .method
            .as_ref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method));
        let path_fits = self
            .path
            .as_ref()
            .is_none_or(|pattern| path_fits(pattern, without_prefix(path)));
        method_fits && path_fits
    }
}

pub(super) fn final_status(status: u16) -> Option<StatusCode> {
    StatusCode::from_u16(status)
        .ok()
        .filter(|_| (200..600).contains(&status))
}

fn without_prefix(path: &str) -> &str {
    let stripped = PREFIXES.iter().find_map(|prefix| path.strip_prefix(prefix));
    stripped
        .filter(|rest| rest.starts_with('/'))
        .unwrap_or(path)
}

fn path_fits(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(want), Some(have)) if want == "*" || want == have => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_one_segment_under_either_prefix() {
        let rule = Rule::once("delete", "/api-keys/*", Fault::DropBefore);
        assert!(rule.fits("DELETE", "/v1/api-keys/5"));
        assert!(rule.fits("DELETE", "/api/v1/api-keys/5"));
        assert!(!rule.fits("DELETE", "/v1/api-keys/5/rotate"));
        assert!(!rule.fits("DELETE", "/v1/api-keys"));
        assert!(!rule.fits("GET", "/v1/api-keys/5"));
    }

    #[test]
    fn a_misspelt_field_is_refused() {
        let rule = r#"{"fault": {"kind": "drop_after"}, "time": 3}"#;
        assert!(serde_json::from_str::<Rule>(rule).is_err());
        let rule = r#"{"fault": {"kind": "status", "status": 503, "retryafter": 3}}"#;
        assert!(serde_json::from_str::<Rule>(rule).is_err());
    }
}
