//! Somebody on the wire between app and server, who lets everything pass but the answer to one write.
//!
//! For what the server's own switches can't do: its answer is true, it acted, and only then is something done to it.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What is done to the whole answer, as it is on the wire.
type Tamper = Box<dyn FnOnce(&[u8]) -> Vec<u8> + Send>;

/// Listens until it is dropped.
pub(crate) struct Proxy {
    base_url: String,
    tamper: Arc<Mutex<Option<Tamper>>>,
    listening: JoinHandle<()>,
}

impl Proxy {
    /// Stands before the server at this base.
    pub(crate) async fn before(base_url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap().to_string();
        let there = base_url
            .trim_start_matches("http://")
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let tamper: Arc<Mutex<Option<Tamper>>> = Arc::default();
        let base_url = base_url.replace(&there, &here);
        let listening = {
            let tamper = Arc::clone(&tamper);
            tokio::spawn(async move {
                while let Ok((near, _)) = listener.accept().await {
                    let far = TcpStream::connect(&there).await.unwrap();
                    tokio::spawn(pass(near, far, Arc::clone(&tamper)));
                }
            })
        };
        Self {
            base_url,
            tamper,
            listening,
        }
    }

    /// Where the app finds the server.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// From now on nobody listens.
    pub(crate) async fn leaves(mut self) {
        self.listening.abort();
        // Cancelled, as it should be.
        let _ = (&mut self.listening).await;
    }

    /// Does this to the answer of the next write.
    pub(crate) fn tamper(&self, tamper: impl FnOnce(&[u8]) -> Vec<u8> + Send + 'static) {
        *self.tamper.lock().unwrap() = Some(Box::new(tamper));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// One request and its answer.
async fn pass(mut near: TcpStream, mut far: TcpStream, tamper: Arc<Mutex<Option<Tamper>>>) {
    let Some(request) = request(&mut near).await else {
        return;
    };
    let mut answer = Vec::new();
    // A server that breaks off leaves what it sent before.
    let _ = far.write_all(&request).await;
    let _ = far.read_to_end(&mut answer).await;
    let tamper = if request.starts_with(b"POST") {
        tamper.lock().unwrap().take()
    } else {
        None
    };
    if let Some(tamper) = tamper {
        answer = tamper(&answer);
    }
    let _ = near.write_all(&answer).await;
    let _ = near.shutdown().await;
}

/// A whole request that asks for no second one.
pub(crate) async fn request(near: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    loop {
        if near.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
        let Some(end) = end_of_head(&request) else {
            continue;
        };
        let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .map_or(0, |length| length.trim().parse().unwrap());
        if request.len() >= end + length {
            request.splice(end - 2..end - 2, *b"connection: close\r\n");
            return Some(request);
        }
    }
}

/// Behind the empty line.
pub(crate) fn end_of_head(message: &[u8]) -> Option<usize> {
    let end = message.windows(4).position(|part| part == b"\r\n\r\n")?;
    Some(end + 4)
}

/// Breaks off after the token's closing quote.
pub(crate) fn cut_after_token(answer: &[u8]) -> Vec<u8> {
    let name = b"\"token\":\"";
    let start = answer.windows(name.len()).position(|part| part == name);
    let start = start.expect("the answer holds a token") + name.len();
    let length = answer[start..].iter().position(|byte| *byte == b'"');
    answer[..start + length.unwrap() + 1].to_vec()
}

/// Breaks off in the middle of the token.
pub(crate) fn cut_within_token(answer: &[u8]) -> Vec<u8> {
    let mut answer = cut_after_token(answer);
    answer.truncate(answer.len() - 10);
    answer
}

/// The token as it is, the key in another shape.
pub(crate) fn other_shape_beside_token(answer: &[u8]) -> Vec<u8> {
    with_body(answer, |body| body["data"] = Value::from("made"))
}

/// The key as it is, and no token.
pub(crate) fn without_token(answer: &[u8]) -> Vec<u8> {
    with_body(answer, |body| {
        body.as_object_mut().unwrap().remove("token");
    })
}

/// The token where the record is, under another name, and nothing beside it.
pub(crate) fn token_within_data(answer: &[u8]) -> Vec<u8> {
    with_body(answer, |body| {
        let token = body["token"].take();
        body.as_object_mut().unwrap().remove("token");
        body["data"]["plainTextToken"] = token;
    })
}

/// An object called `token` first, and then the token in JSON within JSON; cut off behind it.
pub(crate) fn cut_after_token_in_text(answer: &[u8]) -> Vec<u8> {
    let token = token_of(answer).replace('|', "\\\\u007c");
    let body = format!(r#"{{"data":{{"token":{{"id":1}}}},"text":"{{\"new\":\"{token}\"#);
    answering("200 OK", "application/json", body.len() + 100, &body)
}

/// An error page of the server, with the token in it.
pub(crate) fn token_on_an_error_page(answer: &[u8]) -> Vec<u8> {
    let token = token_of(answer).replace('|', "&#124;");
    let body = format!("<html><h1>Error</h1><pre>{token}</pre>");
    answering("500 Internal Server Error", "text/html", body.len(), &body)
}

fn token_of(answer: &[u8]) -> String {
    let end = end_of_head(answer).unwrap();
    let body: Value = serde_json::from_slice(&answer[end..]).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

fn answering(status: &str, kind: &str, length: usize, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

fn with_body(answer: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let end = end_of_head(answer).unwrap();
    let mut body: Value = serde_json::from_slice(&answer[end..]).unwrap();
    change(&mut body);
    let body = body.to_string();
    let head = String::from_utf8_lossy(&answer[..end]);
    let status = head.lines().next().unwrap();
    format!(
        "{status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
