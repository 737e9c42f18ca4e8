//! A fresh token on the wire: whatever status it comes with and however the body ends, it is given back.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use pulseapi::{Error, IdempotencyKey, KeyId, NewKey, NewToken, Options};
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::sync::Notify;

use crate::support::{FRESH, Reply, Server, TOKEN, client, client_with, key, options};

const LIMIT: usize = 8 * 1024 * 1024;

async fn rotated(reply: Reply) -> Result<NewToken, Error> {
    let server = Server::replying(vec![reply]).await;
    client(&server)
        .rotate_key(&KeyId::parse("41").unwrap(), IdempotencyKey::random())
        .await
}

async fn created(reply: Reply) -> Result<NewToken, Error> {
    let new = NewKey {
        name: "CI".into(),
        abilities: vec![],
        team: None,
    };
    let server = Server::replying(vec![reply]).await;
    client(&server)
        .create_key(&new, IdempotencyKey::random())
        .await
}

/// Both kinds of write bring the token of this reply.
async fn brings(what: &str, reply: Reply) {
    for made in [rotated(reply.clone()).await, created(reply).await] {
        let token = made.map(|made| made.token.secret().expose_secret().to_owned());
        assert_eq!(token.as_deref(), Ok(FRESH), "{what}");
    }
}

fn answer() -> String {
    json!({"data": key(41), "token": FRESH}).to_string()
}

fn head(fields: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{fields}\r\n").into_bytes()
}

#[tokio::test]
async fn inside_data_the_token_comes_with_the_record() {
    let mut inside = key(41);
    inside["token"] = json!(FRESH);
    let made = rotated(Reply::json(200, &json!({"data": inside})))
        .await
        .unwrap();
    assert_eq!(made.token.secret().expose_secret(), FRESH);
    assert_eq!(made.key.unwrap().id.as_str(), "41");
}

#[tokio::test]
async fn a_token_is_rescued_whatever_the_status() {
    for status in [
        200, 201, 202, 206, 302, 307, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503,
    ] {
        let body = json!({"message": "Something", "new": {"plainTextToken": FRESH}});
        brings(&format!("{status}"), Reply::json(status, &body)).await;
        let page = format!("<html><pre>{}</pre>", FRESH.replace('|', "&#124;"));
        let html = [("content-type", "text/html")];
        brings(
            &format!("a page with {status}"),
            Reply::with(status, &html, &page),
        )
        .await;
    }
}

#[tokio::test]
async fn a_token_is_rescued_however_the_body_ends() {
    let whole = answer();
    let longer = Reply::announcing(whole.len() + 40, 200, &[], &whole);
    brings("less than was announced", longer).await;
    for status in [201, 500] {
        let cut = Reply::announcing(whole.len(), status, &[], whole.trim_end_matches("\"}"));
        brings("cut off behind the token", cut).await;
    }
    let named_before = format!(r#"{{"data":{{"id":41,"token":{{"id":41}}}},"token":"{FRESH}""#);
    brings(
        "an object called token before",
        Reply::announcing(900, 200, &[], &named_before),
    )
    .await;
    let mut chunked = head("transfer-encoding: chunked\r\n");
    chunked.extend_from_slice(format!("{:x}\r\n{whole}\r\nnonsense", whole.len()).as_bytes());
    brings("a chunk that is none", Reply::Bytes(chunked)).await;
    let mut unannounced = head("");
    unannounced.extend_from_slice(whole.as_bytes());
    brings("without a length", Reply::Bytes(unannounced)).await;
    let mut odd = head(&format!("content-length: {}\r\n", whole.len() + 3));
    odd.extend([0xff, 0xc3, 0x28]);
    odd.extend_from_slice(whole.as_bytes());
    brings("bytes that are no UTF-8", Reply::Bytes(odd)).await;
}

#[tokio::test]
async fn a_token_that_arrives_before_time_runs_out_is_rescued() {
    let whole = answer();
    let mut bytes = head(&format!("content-length: {}\r\n", whole.len() + 1));
    bytes.extend_from_slice(whole.as_bytes());
    let server = Server::replying(vec![Reply::Stalling(bytes)]).await;
    let options = Options {
        token_timeout: Duration::from_millis(300),
        ..options().0
    };
    let made = client_with(&server, options)
        .rotate_key(&KeyId::parse("41").unwrap(), IdempotencyKey::random())
        .await;
    assert_eq!(made.unwrap().token.secret().expose_secret(), FRESH);
}

#[tokio::test]
async fn a_token_is_rescued_out_of_a_body_that_nobody_asked_to_be_packed() {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(answer().as_bytes()).unwrap();
    packer.flush().unwrap();
    let without_end = packer.get_ref().clone();
    let packed = packer.finish().unwrap();
    for (what, length, body) in [
        ("packed", packed.len(), &packed),
        ("packed and cut off", packed.len(), &without_end),
    ] {
        let mut bytes = head(&format!(
            "content-encoding: gzip\r\ncontent-length: {length}\r\n"
        ));
        bytes.extend_from_slice(body);
        brings(what, Reply::Bytes(bytes)).await;
    }
}

#[tokio::test]
async fn a_token_is_rescued_out_of_a_body_that_is_too_large() {
    let filling = "x".repeat(LIMIT + 300_000);
    let before = format!(r#"{{"token": "{FRESH}", "data": "{filling}"}}"#);
    let behind = format!(r#"{{"data": "{filling}", "token": "{FRESH}"}}"#);
    for body in [before, behind] {
        brings("too large", Reply::with(200, &[], &body)).await;
    }
    let nothing = format!(r#"{{"data": "{filling}"}}"#);
    let error = rotated(Reply::with(200, &[], &nothing)).await.unwrap_err();
    assert_eq!(error, Error::BodyTooLarge { limit: LIMIT });
}

#[tokio::test]
async fn the_credential_that_comes_back_is_no_fresh_token() {
    for status in [200, 401, 500] {
        let echo = json!({"token": TOKEN, "sent": {"authorization": format!("Bearer {TOKEN}")}});
        let error = rotated(Reply::json(status, &echo)).await.unwrap_err();
        assert_eq!(error.outcome_unknown(), status != 401, "{error:?}");
        let both = json!({"sent": {"authorization": format!("Bearer {TOKEN}")}, "token": FRESH});
        brings("beside the credential", Reply::json(status, &both)).await;
    }
}

#[tokio::test]
async fn a_write_that_brings_a_token_may_take_longer_than_other_requests() {
    let (told, whole) = (Arc::new(Notify::new()), answer());
    let mut bytes = head(&format!("content-length: {}\r\n", whole.len()));
    bytes.extend_from_slice(whole.as_bytes());
    let held = Arc::clone(&told);
    let server = Server::answering(move |request| match request.method.as_str() {
        "POST" => Reply::Held(Arc::clone(&held), bytes.clone()),
        _ => Reply::Silence,
    })
    .await;
    let options = Options {
        total_timeout: Duration::from_millis(200),
        ..options().0
    };
    let client = client_with(&server, options);
    let id = KeyId::parse("41").unwrap();
    let others = async {
        let error = client.delete_key(&id, IdempotencyKey::random()).await;
        told.notify_one();
        error
    };
    let (made, deleted) = tokio::join!(client.rotate_key(&id, IdempotencyKey::random()), others);
    assert_eq!(deleted, Err(Error::Timeout { sent: true }));
    assert_eq!(made.unwrap().token.secret().expose_secret(), FRESH);
    let defaults = Options::default();
    assert_eq!(
        (defaults.total_timeout, defaults.token_timeout),
        (Duration::from_secs(20), Duration::from_secs(60))
    );
}
