//! What the tests share: a server, a clock, a token, keys in JSON.

mod message;
mod server;
mod time;

use std::sync::Arc;
use std::time::Duration;

use pulseapi::{BaseUrl, BearerToken, Client, Error, Mismatch, Options};
use serde_json::{Value, json};
use tokio::net::TcpSocket;

pub(crate) use message::{Reply, Request};
pub(crate) use server::Server;
pub(crate) use time::{FixedJitter, StillClock, moment};

/// A token in the form of the service; it belongs to key 7.
pub(crate) const TOKEN: &str = "7|pulse_0123456789abcdefghijABCDEFGHIJ0123456789a1b2c3d4";

/// A token that the server makes, of key 41. Its checksum is right.
pub(crate) const FRESH: &str = "41|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9";

pub(crate) fn token() -> BearerToken {
    BearerToken::parse(TOKEN).unwrap()
}

/// Options on a still clock, and the clock to look at what was waited.
pub(crate) fn options() -> (Options, Arc<StillClock>) {
    let clock = Arc::new(StillClock::default());
    let options = Options {
        clock: clock.clone(),
        jitter: Arc::new(FixedJitter(0.0)),
        // Tests that want a timeout shorten it; the others must not run into one.
        total_timeout: Duration::from_secs(60),
        token_timeout: Duration::from_secs(60),
        ..Options::default()
    };
    (options, clock)
}

/// A client of a test server.
pub(crate) fn client(server: &Server) -> Client {
    client_with(server, options().0)
}

pub(crate) fn client_with(server: &Server, options: Options) -> Client {
    Client::new(server.base("/v1"), token(), options).unwrap()
}

/// An address where nobody listens, and nobody can begin to while the socket is kept.
pub(crate) fn closed_port() -> (BaseUrl, TcpSocket) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let port = socket.local_addr().unwrap().port();
    (base(&format!("http://127.0.0.1:{port}/v1")), socket)
}

pub(crate) fn base(text: &str) -> BaseUrl {
    BaseUrl::parse(text).unwrap()
}

/// A key as the service sends it.
pub(crate) fn key(id: u32) -> Value {
    json!({
        "id": id,
        "name": format!("Key {id}"),
        "last_eight": "a1b2c3d4",
        "abilities": ["monitors:read"],
        "team": {"id": 3, "name": "Platform"},
        "last_used_at": null,
        "created_at": "2026-01-05T10:00:00Z",
        "rotated_at": null,
    })
}

/// A user as the service sends them.
pub(crate) fn user() -> Value {
    json!({"data": {
        "id": 1, "name": "Ada", "email": "ada@example.com", "plan": "team",
        "current_team": {"id": 3, "name": "Platform"},
        "teams": [{"id": 3, "name": "Platform", "role": "owner"}],
    }})
}

pub(crate) fn mismatch(reason: Mismatch) -> Error {
    Error::NotPulseApi { reason }
}
