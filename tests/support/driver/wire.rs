//! The WebDriver calls that fantoccini doesn't offer: whether the driver is ready, and ending a session from `Drop`, which
//! can't await. Plain HTTP to the driver on this machine.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// How long the driver may take to answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends a request without a body and gives the `value` of the answer; `None` when the driver is
/// gone or answers something else.
pub(super) fn request(port: u16, method: &str, path: &str) -> Option<Value> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(REQUEST_TIMEOUT)).ok()?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_head, body) = answer.split_once("\r\n\r\n")?;
    let mut answer: Value = serde_json::from_str(body).ok()?;
    Some(answer.get_mut("value")?.take())
}
