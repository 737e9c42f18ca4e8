//! Writes: what is sent, what comes back, and which failures leave the outcome open.

use pulseapi::{Error, IdempotencyKey, KeyId, Mismatch, NewKey, NewToken, TeamId};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::{FRESH, Reply, Server, TOKEN, client, key, mismatch, moment};

fn id() -> KeyId {
    KeyId::parse("41").unwrap()
}

async fn delete(reply: Reply) -> Result<Option<String>, Error> {
    let server = Server::replying(vec![reply]).await;
    client(&server)
        .delete_key(&id(), IdempotencyKey::random())
        .await
}

#[tokio::test]
async fn a_delete_names_its_key_and_its_intent() {
    let reply = Reply::with(204, &[("x-request-id", "req-5")], "");
    let server = Server::replying(vec![reply]).await;
    let intent = IdempotencyKey::random();
    let request_id = client(&server).delete_key(&id(), intent).await.unwrap();
    assert_eq!(request_id.as_deref(), Some("req-5"));
    let request = server.requests().remove(0);
    assert_eq!(
        (request.method.as_str(), request.path()),
        ("DELETE", "/v1/api-keys/41")
    );
    assert_eq!(
        request.header("idempotency-key"),
        Some(intent.to_string().as_str())
    );
    assert_eq!(
        request.header("authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
}

#[tokio::test]
async fn a_delete_is_done_only_if_pulseapi_says_so() {
    assert_eq!(delete(Reply::empty(204)).await, Ok(None));
    assert_eq!(delete(Reply::empty(200)).await, Ok(None));
    assert_eq!(delete(Reply::message(200, "Deleted.")).await, Ok(None));
    assert_eq!(
        delete(Reply::page(200)).await,
        Err(mismatch(Mismatch::Html))
    );
    assert_eq!(
        delete(Reply::message(404, "No such key.")).await,
        Err(Error::NotFound)
    );
}

#[tokio::test]
async fn a_new_key_comes_with_its_token() {
    let body = json!({"data": key(42), "token": FRESH});
    let server = Server::replying(vec![Reply::json(201, &body)]).await;
    let new = NewKey {
        name: "CI \"quoted\"".into(),
        abilities: vec!["checks:run".into()],
        team: Some(TeamId::parse("3").unwrap()),
    };
    let made = client(&server)
        .create_key(&new, IdempotencyKey::random())
        .await
        .unwrap();
    assert_eq!(made.key.unwrap().id.as_str(), "42");
    assert_eq!(made.token.secret().expose_secret(), FRESH);
    let sent: Value = serde_json::from_str(&server.requests()[0].body).unwrap();
    let expected = json!({"name": "CI \"quoted\"", "abilities": ["checks:run"], "team_id": 3});
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_rotation_keeps_the_record_and_brings_another_token() {
    let mut record = key(41);
    record["rotated_at"] = json!("2026-03-01T12:00:00Z");
    let body = json!({"data": record, "token": FRESH});
    let server = Server::replying(vec![Reply::json(200, &body)]).await;
    let rotated = client(&server)
        .rotate_key(&id(), IdempotencyKey::random())
        .await
        .unwrap();
    let record = rotated.key.unwrap();
    assert_eq!((record.id, record.rotated_at), (id(), Some(moment(0))));
    let request = server.requests().remove(0);
    assert_eq!(
        (request.method.as_str(), request.path()),
        ("POST", "/v1/api-keys/41/rotate")
    );
}

#[tokio::test]
async fn a_new_key_without_a_usable_token_is_an_error_with_an_open_outcome() {
    for token in [json!(null), json!(5), json!(""), json!("two words")] {
        let body = json!({"data": key(42), "token": token});
        let server = Server::replying(vec![Reply::json(201, &body)]).await;
        let error = client(&server)
            .rotate_key(&id(), IdempotencyKey::random())
            .await
            .unwrap_err();
        assert_eq!(
            error,
            mismatch(Mismatch::Shape {
                path: "token".into()
            })
        );
        assert!(error.outcome_unknown());
    }
}

#[tokio::test]
async fn an_outcome_is_known_only_after_a_refusal_by_pulseapi_itself() {
    for status in [400, 401, 403, 404, 422, 429] {
        let error = delete(Reply::message(status, "no")).await.unwrap_err();
        assert!(!error.outcome_unknown(), "{status}");
    }
    for status in [408, 409, 500, 502, 503, 504] {
        let error = delete(Reply::message(status, "no")).await.unwrap_err();
        assert!(error.outcome_unknown(), "{status}");
    }
    for status in [200, 401, 403, 404] {
        let error = delete(Reply::page(status)).await.unwrap_err();
        assert!(error.outcome_unknown(), "a web page with {status}");
    }
}

#[tokio::test]
async fn a_token_is_taken_out_of_an_answer_that_breaks_off_behind_it() {
    let arrived = json!({"data": key(42), "token": FRESH}).to_string();
    let arrived = arrived.trim_end_matches('}');
    let reply = Reply::announcing(arrived.len() + 40, 201, &[], arrived);
    let made = rotated(reply).await.unwrap();
    assert_eq!(made.token.secret().expose_secret(), FRESH);
    assert!(made.key.is_none());
}

#[tokio::test]
async fn half_a_token_is_none() {
    let arrived = format!("{{\"token\":\"{}", &FRESH[..30]);
    let reply = Reply::announcing(arrived.len() + 40, 200, &[], &arrived);
    let error = rotated(reply).await.unwrap_err();
    assert!(matches!(error, Error::ConnectionLost { .. }), "{error:?}");
    assert!(error.outcome_unknown());
}

#[tokio::test]
async fn a_token_counts_even_if_the_key_beside_it_is_told_in_another_shape() {
    let body = json!({"data": "see the dashboard", "token": FRESH});
    let made = rotated(Reply::json(200, &body)).await.unwrap();
    assert_eq!(made.token.secret().expose_secret(), FRESH);
    assert!(made.key.is_none());
}

async fn rotated(reply: Reply) -> Result<NewToken, Error> {
    let server = Server::replying(vec![reply]).await;
    client(&server)
        .rotate_key(&id(), IdempotencyKey::random())
        .await
}
