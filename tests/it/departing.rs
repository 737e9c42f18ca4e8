//! A service that departs from what is assumed of it: the real server, with somebody before it who asks and answers
//! otherwise. What it does is true; only how it is told differs.

use std::sync::Arc;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::proxy::{end_of_head, request};

/// What is done with a request.
pub(crate) enum Asked {
    /// It goes on to the server, with this as its path and query.
    On(String),
    /// It is answered with this status, header line and body.
    Answered(u16, &'static str, String),
}

/// How a service departs.
pub(crate) trait Departs: Send + Sync + 'static {
    /// What becomes of a request.
    fn asked(&self, _method: &str, target: &str) -> Asked {
        Asked::On(target.to_owned())
    }

    /// Changes what a success brings.
    fn answered(&self, _target: &str, _body: &mut Value) {}
}

/// Listens until it is dropped.
pub(crate) struct Service {
    base_url: String,
    listening: JoinHandle<()>,
}

impl Service {
    /// Stands before the server at this base.
    pub(crate) async fn before(base_url: &str, departs: impl Departs) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap().to_string();
        let there = base_url.trim_start_matches("http://");
        let there = there.split('/').next().unwrap().to_owned();
        let base_url = base_url.replace(&there, &here);
        let departs = Arc::new(departs);
        let listening = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let departs = Arc::clone(&departs);
                tokio::spawn(pass(near, there.clone(), departs));
            }
        });
        Self {
            base_url,
            listening,
        }
    }

    /// Where the app finds the service.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// One request and its answer.
async fn pass(mut near: TcpStream, there: String, departs: Arc<impl Departs>) {
    let Some(request) = request(&mut near).await else {
        return;
    };
    let line_end = request.iter().position(|byte| *byte == b'\r').unwrap();
    let line = String::from_utf8(request[..line_end].to_vec()).unwrap();
    let [method, target, _] = line.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{line}");
    };
    let answer = match departs.asked(method, target) {
        Asked::Answered(status, header, body) => answer(&status.to_string(), header, &body),
        Asked::On(passed) => {
            let mut request = request.clone();
            request.splice(
                ..line_end,
                format!("{method} {passed} HTTP/1.1").into_bytes(),
            );
            let mut far = TcpStream::connect(&there).await.unwrap();
            let mut whole = Vec::new();
            // A server that breaks off leaves what it sent before.
            let _ = far.write_all(&request).await;
            let _ = far.read_to_end(&mut whole).await;
            changed(&whole, target, departs.as_ref())
        }
    };
    let _ = near.write_all(&answer).await;
    let _ = near.shutdown().await;
}

fn changed(whole: &[u8], target: &str, departs: &impl Departs) -> Vec<u8> {
    let end = end_of_head(whole).unwrap();
    let head = String::from_utf8_lossy(&whole[..end]);
    let status = head.split(' ').nth(1).unwrap();
    let body = serde_json::from_slice::<Value>(&whole[end..]);
    match body {
        Ok(mut body) if status.starts_with('2') => {
            departs.answered(target, &mut body);
            answer(status, "content-type: application/json", &body.to_string())
        }
        _ => whole.to_vec(),
    }
}

fn answer(status: &str, header: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\n{header}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}
