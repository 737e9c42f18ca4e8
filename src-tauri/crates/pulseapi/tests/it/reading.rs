//! Reads: what is sent, and how tolerantly answers are read.

use pulseapi::{KeyId, Mismatch, TeamId};
use serde_json::{Value, json};

use crate::support::{Reply, Server, TOKEN, client, key, mismatch, moment, user};

async fn key_from(body: &Value) -> Result<pulseapi::ApiKey, pulseapi::Error> {
    let server = Server::replying(vec![Reply::json(200, body)]).await;
    client(&server).key(&KeyId::parse("41").unwrap()).await
}

async fn shape_error(body: &Value) -> String {
    match key_from(body).await {
        Err(pulseapi::Error::NotPulseApi {
            reason: Mismatch::Shape { path },
        }) => path,
        other => panic!("not a question of shape: {other:?}"),
    }
}

#[tokio::test]
async fn a_read_says_who_asks_and_for_what() {
    let server = Server::replying(vec![Reply::json(200, &user())]).await;
    let user = client(&server).user().await.unwrap();
    assert_eq!(user.teams[0].role.as_deref(), Some("owner"));
    assert_eq!(user.current_team.unwrap().id, TeamId::parse("3").unwrap());

    let request = server.requests().remove(0);
    let agent = concat!("PulseKeys/", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        request.header("authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("user-agent"), Some(agent));
    assert_eq!(request.header("idempotency-key"), None);
}

#[tokio::test]
async fn a_key_may_come_bare_or_inside_data_with_a_number_or_a_string_for_an_id() {
    let mut bare = key(41);
    bare["id"] = json!("41");
    bare["surprise"] = json!({"new": [1, 2]});
    let bare = key_from(&bare).await.unwrap();
    let wrapped = key_from(&json!({ "data": key(41) })).await.unwrap();
    assert_eq!(bare, wrapped);
    assert_eq!(wrapped.id.as_str(), "41");
    assert!(
        wrapped.last_use_reported && wrapped.last_used_at.is_none(),
        "never used"
    );
}

#[tokio::test]
async fn what_is_optional_may_be_missing() {
    let key = key_from(&json!({"id": 41, "last_eight": "a1b2c3d4"}))
        .await
        .unwrap();
    assert_eq!(
        (key.name.as_str(), key.abilities.len(), key.team),
        ("", 0, None)
    );
    assert!(
        !key.last_use_reported,
        "a last use that is not told is not 'never'"
    );
}

#[tokio::test]
async fn a_time_is_read_in_the_forms_that_servers_use() {
    for time in [
        json!("2026-03-01T12:00:00Z"),
        json!("2026-03-01T13:00:00.000000+01:00"),
        json!("2026-03-01 12:00:00"),
        json!(moment(0).as_second()),
    ] {
        let mut key = key(41);
        key["last_used_at"] = time.clone();
        assert_eq!(
            key_from(&key).await.unwrap().last_used_at,
            Some(moment(0)),
            "{time}"
        );
    }
}

#[tokio::test]
async fn a_time_that_can_not_be_read_is_unknown_and_not_never() {
    let mut odd = key(41);
    odd["last_used_at"] = json!("yesterday");
    odd["rotated_at"] = json!(0);
    let odd = key_from(&odd).await.unwrap();
    assert_eq!((odd.last_used_at, odd.rotated_at), (None, None));
    assert!(!odd.last_use_reported && !odd.rotation_reported);
}

#[tokio::test]
async fn an_odd_answer_is_told_with_the_place_in_it() {
    let with = |field: &str, value: Value| {
        let mut key = key(41);
        key[field] = value;
        json!({ "data": key })
    };
    assert_eq!(
        shape_error(&with("abilities", json!(["a", 5]))).await,
        "data.abilities[1]"
    );
    assert_eq!(shape_error(&with("id", json!(".."))).await, "data.id");
    assert_eq!(
        shape_error(&json!({"data": {"id": 1}})).await,
        "data.last_eight"
    );
    assert_eq!(shape_error(&json!("keys")).await, ".");
}

#[tokio::test]
async fn an_answer_that_is_not_json_is_not_pulseapi() {
    for (reply, reason) in [
        (Reply::page(200), Mismatch::Html),
        (Reply::with(200, &[], "  <html>"), Mismatch::Html),
        (
            Reply::with(200, &[("content-type", "text/plain")], "OK"),
            Mismatch::NotJson,
        ),
        (Reply::empty(200), Mismatch::NotJson),
    ] {
        let server = Server::replying(vec![reply]).await;
        assert_eq!(client(&server).user().await.unwrap_err(), mismatch(reason));
    }
}

#[tokio::test]
async fn an_id_stays_one_segment_of_the_path() {
    let server = Server::replying(vec![Reply::message(404, "No such key.")]).await;
    for id in ["a/b", "a?b", "%2e%2e", "a#b"] {
        let _ = client(&server).key(&KeyId::parse(id).unwrap()).await;
    }
    let asked: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.target)
        .collect();
    assert_eq!(
        asked,
        [
            "/v1/api-keys/a%2Fb",
            "/v1/api-keys/a%3Fb",
            "/v1/api-keys/%252e%252e",
            "/v1/api-keys/a%23b"
        ]
    );
}

#[tokio::test]
async fn abilities_come_with_their_meaning() {
    let body =
        json!({"data": [{"name": "monitors:read", "description": "See monitors"}, {"name": "*"}]});
    let server = Server::replying(vec![Reply::json(200, &body)]).await;
    let abilities = client(&server).abilities().await.unwrap();
    assert_eq!(abilities[0].description.as_deref(), Some("See monitors"));
    assert_eq!(abilities[1].name, "*");
}
