//! What a test server hears and says.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Notify;

/// What the server does once it has read a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Sends a body of this many bytes, chunked, so that no length is announced.
    Chunked(usize),
    /// Sends these bytes, and then neither anything more nor an end.
    Stalling(Vec<u8>),
    /// The same as `Bytes`, once it is told to.
    Held(Arc<Notify>, Vec<u8>),
    /// Closes without a word.
    Drop,
    /// Never answers.
    Silence,
}

impl Reply {
    /// JSON with a status.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::with(
            status,
            &[("content-type", "application/json")],
            &body.to_string(),
        )
    }

    /// `{message}` with a status.
    pub(crate) fn message(status: u16, message: &str) -> Self {
        Self::json(status, &serde_json::json!({ "message": message }))
    }

    /// A web page.
    pub(crate) fn page(status: u16) -> Self {
        Self::with(
            status,
            &[("content-type", "text/html; charset=utf-8")],
            "<!doctype html><p>Hi",
        )
    }

    /// A status with nothing else.
    pub(crate) fn empty(status: u16) -> Self {
        Self::with(status, &[], "")
    }

    /// Any answer.
    pub(crate) fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        Self::announcing(body.len(), status, headers, body)
    }

    /// An answer whose `Content-Length` need not be true.
    pub(crate) fn announcing(
        length: usize,
        status: u16,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Self {
        let mut text = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        // 204 has no length (RFC 9110, 8.6).
        if status != 204 {
            text += &format!("content-length: {length}\r\n");
        }
        Self::Bytes(format!("{text}\r\n{body}").into_bytes())
    }
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(n, _)| *n == name)
            .map(|(_, v)| v)
    }
}
