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

/// A service whose list has these keys, and which answers so when it is asked for one of them.
async fn without_single_reads(listed: &'static [u32], is_whole: bool, refusal: Reply) -> Server {
    Server::answering(move |request| match request.path() {
        "/v1/api-keys" => {
            let keys: Vec<Value> = listed.iter().map(|id| key(*id)).collect();
            let total = if is_whole { listed.len() } else { 50 };
            Reply::json(
                200,
                &json!({"data": keys, "meta": {"total": total, "last_page": 1}}),
            )
        }
        _ => refusal.clone(),
    })
    .await
}

fn no_such_call() -> Vec<(Reply, bool)> {
    vec![
        (Reply::message(405, "Method not allowed."), true),
        (Reply::page(405), false),
        (
            Reply::message(404, "The route v1/api-keys/41 could not be found."),
            true,
        ),
        (Reply::json(404, &json!({"error": "Not Found"})), false),
        (Reply::page(404), false),
        (Reply::empty(404), false),
    ]
}

#[tokio::test]
async fn a_service_without_a_call_for_one_key_is_asked_for_its_list() {
    let id = KeyId::parse("41").unwrap();
    for (refusal, _) in no_such_call() {
        for is_whole in [true, false] {
            let server = without_single_reads(&[7, 41], is_whole, refusal.clone()).await;
            let found = client(&server).key(&id).await.unwrap();
            assert_eq!(found.id, id);
        }
    }
}

#[tokio::test]
async fn a_key_is_gone_by_the_list_only_if_it_is_whole_and_the_service_says_that_there_is_no_such_call()
 {
    let id = KeyId::parse("41").unwrap();
    for (refusal, is_named) in no_such_call() {
        let server = without_single_reads(&[7], true, refusal.clone()).await;
        let gone = client(&server).key(&id).await.unwrap_err();
        assert_eq!(gone == pulseapi::Error::NotFound, is_named, "{gone:?}");
        let server = without_single_reads(&[7], false, refusal).await;
        let doubtful = client(&server).key(&id).await.unwrap_err();
        assert_ne!(doubtful, pulseapi::Error::NotFound);
    }
    // What keeps the list from being read is what is told.
    let server = Server::answering(|request| match request.path() {
        "/v1/api-keys" => Reply::message(401, "Unauthenticated."),
        _ => Reply::message(405, "Method not allowed."),
    })
    .await;
    assert_eq!(
        client(&server).key(&id).await,
        Err(pulseapi::Error::Unauthorized)
    );
}
