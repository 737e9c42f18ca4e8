//! The token is in no text that this crate gives, whatever the server does with it.

use pulseapi::{Client, Error, IdempotencyKey, KeyId, NewKey, discover};
use serde_json::json;

use crate::support::{FRESH, Reply, Server, TOKEN, client, key, options, token, user};

fn assert_silent(what: &str, text: &str) {
    for token in [TOKEN, FRESH] {
        let body = token.split('|').nth(1).unwrap();
        for secret in [token, body, &body[..20]] {
            assert!(!text.contains(secret), "{what} leaks: {text}");
        }
    }
}

/// Every call of the client, and what each of them fails with.
async fn failures(client: &Client) -> Vec<Error> {
    let id = KeyId::parse("41").unwrap();
    let new = NewKey {
        name: "CI".into(),
        abilities: vec![],
        team: None,
    };
    let intent = IdempotencyKey::random();
    let page = futures_util::StreamExt::next(&mut client.keys())
        .await
        .unwrap();
    [
        client.user().await.err(),
        page.err(),
        client.key(&id).await.err(),
        client.abilities().await.err(),
        client.delete_key(&id, intent).await.err(),
        client.create_key(&new, intent).await.err(),
        client.rotate_key(&id, intent).await.err(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[tokio::test]
async fn no_failure_repeats_the_token_even_if_the_server_does() {
    let long = format!("{} {TOKEN}", "x".repeat(280));
    let echoing = json!({
        "message": long,
        "errors": {TOKEN: [format!("The token {TOKEN} is bad.")]},
        "id": [TOKEN], "data": {"id": TOKEN, "name": {TOKEN: TOKEN}}, "token": [TOKEN],
    });
    let location = format!("https://{TOKEN}@elsewhere.example/{TOKEN}?token={TOKEN}");
    let mut replies = vec![
        Reply::Drop,
        Reply::page(200),
        Reply::with(200, &[], &format!("{{\"{TOKEN}\": {TOKEN}")),
        Reply::with(302, &[("location", &location)], ""),
        Reply::announcing(9999, 200, &[], TOKEN),
        Reply::announcing(99_999_999, 200, &[], TOKEN),
    ];
    replies.extend(
        [200, 201, 400, 401, 403, 404, 409, 422, 429, 500].map(|code| Reply::json(code, &echoing)),
    );
    for reply in replies {
        let server = Server::replying(vec![reply]).await;
        let failures = failures(&client(&server)).await;
        assert!(
            failures.len() >= 6,
            "the server was meant to fail: {failures:?}"
        );
        for error in failures {
            assert_silent("an error", &format!("{error} {error:?}"));
        }
    }
}

#[tokio::test]
async fn nothing_that_holds_the_token_shows_it() {
    let server = Server::answering(|request| match request.path() {
        "/v1/user" => Reply::json(200, &user()),
        "/v1/api-keys" if request.method == "GET" => Reply::json(200, &json!([key(1)])),
        _ => Reply::json(200, &json!({"data": key(41), "token": FRESH})),
    })
    .await;
    let connection = discover(&server.base("/v1"), &token(), &options().0)
        .await
        .unwrap();
    assert_silent("a connection", &format!("{connection:#?}"));
    assert_silent("a client", &format!("{:?}", connection.client));
    assert_silent("a token", &format!("{:?}", token()));
    let id = KeyId::parse("41").unwrap();
    let new = connection
        .client
        .rotate_key(&id, IdempotencyKey::random())
        .await
        .unwrap();
    assert_silent("a new token", &format!("{new:#?}"));
}

#[tokio::test]
async fn a_refusal_that_holds_a_part_of_a_fresh_token_does_not_tell_it() {
    let body = FRESH.split('|').nth(1).unwrap();
    let part = &FRESH[..FRESH.len() - 4];
    for status in [400, 403, 404, 409, 422] {
        for text in [part, &body[..45]] {
            let refusal = json!({"message": text, "errors": {"name": [text]}});
            let server = Server::replying(vec![Reply::json(status, &refusal)]).await;
            for error in failures(&client(&server)).await {
                assert_silent("an error", &format!("{error} {error:?}"));
            }
        }
    }
}
