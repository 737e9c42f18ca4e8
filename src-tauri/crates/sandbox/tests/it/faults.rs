//! The switches for tests: each does what it says, and they are not there unless asked for.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use sandbox::Settings;
use sandbox::faults::{Fault, InsertedKey, Rule, VerbatimKey};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::{Answer, Api, client};

/// A sandbox, a key in it, and a fault for its deletion.
async fn about_to_delete(fault: Fault) -> (Api, InsertedKey) {
    let api = Api::start().await;
    let key = api.key_with(&["monitors:read"]).await;
    let rule = Rule::once("DELETE", "/api-keys/*", fault);
    api.sandbox.faults().unwrap().inject(rule).unwrap();
    (api, key)
}

fn deletion(api: &Api, key: &InsertedKey) -> reqwest::RequestBuilder {
    api.request(Method::DELETE, &format!("/api-keys/{}", key.id))
        .bearer_auth(api.credential.expose_secret())
        .header("idempotency-key", "one")
}

async fn exists(api: &Api, key: &InsertedKey) -> bool {
    api.sandbox
        .faults()
        .unwrap()
        .key(key.id)
        .await
        .unwrap()
        .is_some()
}

/// (acted, answered) of the only DELETE.
fn the_deletion(api: &Api) -> (Option<u16>, Option<u16>) {
    let mut seen = api.sandbox.faults().unwrap().requests();
    seen.retain(|request| request.method == "DELETE");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].idempotency_key.as_deref(), Some("one"));
    (seen[0].acted, seen[0].answered)
}

#[tokio::test]
async fn without_the_setting_there_are_no_switches() {
    let sandbox = sandbox::start(Settings::default()).await.unwrap();
    assert!(sandbox.faults().is_none());
    let base = sandbox.base_url().replace("/v1", "");
    for path in ["faults", "requests", "keys", "keys/1", "credentials"] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let request = client().request(method, format!("{base}/testing/{path}"));
            assert_eq!(
                Answer::of_api(request).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn a_connection_dropped_before_acting_leaves_the_key() {
    let (api, key) = about_to_delete(Fault::DropBefore).await;
    assert!(deletion(&api, &key).send().await.is_err());
    assert!(exists(&api, &key).await);
    assert_eq!(the_deletion(&api), (None, None));
}

#[tokio::test]
async fn a_connection_dropped_after_acting_has_deleted_it() {
    let (api, key) = about_to_delete(Fault::DropAfter).await;
    assert!(deletion(&api, &key).send().await.is_err());
    assert!(!exists(&api, &key).await);
    assert_eq!(the_deletion(&api), (Some(204), None));
}

#[tokio::test]
async fn a_hanging_answer_never_comes_and_does_not_keep_the_sandbox_from_stopping() {
    let (api, key) = about_to_delete(Fault::HangAfter).await;
    let asked = tokio::spawn(deletion(&api, &key).send());
    while exists(&api, &key).await {
        tokio::task::yield_now().await;
    }
    assert!(!asked.is_finished());
    api.sandbox.stop().await;
    assert!(asked.await.unwrap().is_err());
}

#[tokio::test]
async fn an_error_after_acting_has_deleted_it() {
    let (api, key) = about_to_delete(Fault::StatusAfter { status: 502 }).await;
    assert_eq!(
        Answer::of_api(deletion(&api, &key)).await.status,
        StatusCode::BAD_GATEWAY
    );
    assert!(!exists(&api, &key).await);
    assert_eq!(the_deletion(&api), (Some(204), Some(502)));
}

#[tokio::test]
async fn an_error_instead_of_acting_leaves_the_key() {
    for status in [401, 403, 409, 429, 500, 503] {
        let (api, key) = about_to_delete(Fault::Status {
            status,
            retry_after: None,
        })
        .await;
        let answer = Answer::of_api(deletion(&api, &key)).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.headers.contains_key("retry-after"), status == 429);
        assert!(exists(&api, &key).await);
        assert_eq!(the_deletion(&api), (None, Some(status)));
    }
}

#[tokio::test]
async fn a_delay_postpones_the_act_and_its_answer() {
    let (api, key) = about_to_delete(Fault::Delay { milliseconds: 30 }).await;
    let asked = std::time::Instant::now();
    let answer = Answer::of_api(deletion(&api, &key)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(asked.elapsed() >= Duration::from_millis(30));
    assert_eq!(the_deletion(&api), (Some(204), Some(204)));
}

#[tokio::test]
async fn a_truncated_body_starts_and_does_not_end() {
    let api = Api::start().await;
    let rule = Rule::once("GET", "/user", Fault::TruncatedBody);
    api.sandbox.faults().unwrap().inject(rule).unwrap();
    let request = api
        .request(Method::GET, "/user")
        .bearer_auth(api.credential.expose_secret());
    let mut response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let begin = response.chunk().await.unwrap().unwrap();
    assert!(begin.starts_with(b"{\"data\":"));
    assert!(response.bytes().await.is_err());
}

#[tokio::test]
async fn bad_answers_are_as_bad_as_promised() {
    let api = Api::start().await;
    let faults = api.sandbox.faults().unwrap();
    let send = async |fault| {
        faults.inject(Rule::once("GET", "/user", fault)).unwrap();
        api.request(Method::GET, "/user").send().await.unwrap()
    };
    let html = send(Fault::Html).await;
    assert_eq!(html.status(), StatusCode::OK);
    assert!(
        html.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );

    for announced in [true, false] {
        let huge = send(Fault::HugeBody {
            bytes: 20_000_000,
            announced,
        })
        .await;
        assert_eq!(huge.headers().contains_key("content-length"), announced);
        assert_eq!(huge.bytes().await.unwrap().len(), 20_000_000);
    }
    let redirect = send(Fault::Redirect {
        location: "https://elsewhere.example/".into(),
    })
    .await;
    assert_eq!(redirect.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(redirect.headers()["location"], "https://elsewhere.example/");

    let body = json!([{"id": "7"}]);
    let verbatim = send(Fault::Answer {
        status: 200,
        body: body.clone(),
    })
    .await;
    assert_eq!(verbatim.json::<Value>().await.unwrap(), body);
    let wrong = send(Fault::WrongShape).await.json::<Value>().await.unwrap();
    assert!(wrong["data"].get("email").is_none());
}

#[tokio::test]
async fn a_rule_applies_as_often_as_it_says_and_can_be_forgotten() {
    let api = Api::start().await;
    let faults = api.sandbox.faults().unwrap();
    let fault = Fault::Status {
        status: 503,
        retry_after: Some(9),
    };
    let rule = Rule {
        method: None,
        path: None,
        times: 2,
        fault,
    };
    faults.inject(rule.clone()).unwrap();
    faults.inject(Rule { times: 5, ..rule }).unwrap();
    for _ in 0..3 {
        let answer = api.get("/user").await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("retry-after")),
            (503, 9)
        );
    }
    assert_eq!(
        faults
            .rules()
            .iter()
            .map(|rule| rule.times)
            .collect::<Vec<_>>(),
        [4]
    );
    faults.clear();
    assert_eq!(api.get("/user").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_switches_work_over_http_too() {
    let api = Api::start().await;
    let testing = api.base.replace("/v1", "/testing");
    let post = async |path: &str, body: Value| {
        Answer::of(client().post(format!("{testing}/{path}")).json(&body)).await
    };
    let rule =
        json!({"method": "GET", "path": "/user", "fault": {"kind": "status", "status": 503}});
    assert_eq!(post("faults", rule).await.status, StatusCode::NO_CONTENT);
    assert_eq!(
        api.get("/user").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    for wrong in [
        json!({"fault": {"kind": "nothing"}}),
        json!({"fault": {"kind": "status", "status": 99}}),
        json!({"fault": {"kind": "html"}, "times": 0}),
    ] {
        assert_eq!(
            post("faults", wrong).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let seen = Answer::of(client().get(format!("{testing}/requests")))
        .await
        .body;
    assert_eq!(seen["data"][0]["answered"], 503);
    let emptied = Answer::of(client().delete(format!("{testing}/requests"))).await;
    assert_eq!(emptied.status, StatusCode::NO_CONTENT);
    assert!(api.sandbox.faults().unwrap().requests().is_empty());

    let minted = post("credentials", Value::Null).await.body["token"].clone();
    let list = api
        .ask_as(&minted.as_str().unwrap().into(), Method::GET, "/api-keys")
        .await;
    assert_eq!(list.status, StatusCode::OK);
}

#[tokio::test]
async fn a_key_is_written_and_read_back_verbatim() {
    let api = Api::start().await;
    let testing = api.base.replace("/v1", "/testing/keys");
    for name in [
        "",
        "\u{202e}drowssap\u{202c}",
        "<script>alert(1)</script>",
        &"x".repeat(300),
    ] {
        let key = json!({"name": name, "created_at": "2019-01-02T03:04:05Z",
            "last_used_at": "2020-01-02T03:04:05Z", "team_id": 58});
        let written = Answer::of(client().post(&testing).json(&key)).await;
        assert_eq!(written.status, StatusCode::CREATED);
        let id = written.body["id"].as_i64().unwrap();
        let listed = &api.get(&format!("/api-keys/{id}")).await.body["data"];
        let read = &Answer::of(client().get(format!("{testing}/{id}")))
            .await
            .body["data"];
        assert_eq!(read, listed);
        for field in ["name", "created_at", "last_used_at"] {
            assert_eq!(read[field], key[field]);
        }
        let token = written.body["token"].as_str().unwrap().into();
        assert_eq!(
            api.ask_as(&token, Method::GET, "/monitors").await.status,
            StatusCode::OK
        );
    }
    let nowhere = VerbatimKey {
        team_id: 1,
        ..VerbatimKey::named("x")
    };
    assert!(
        api.sandbox
            .faults()
            .unwrap()
            .insert_key(nowhere)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn somebody_else_can_delete_a_key_just_before() {
    let api = Api::start().await;
    let key = api.key_with(&["monitors:read"]).await;
    let rule = Rule::once("GET", "/user", Fault::DeleteFirst { key: key.id });
    api.sandbox.faults().unwrap().inject(rule).unwrap();
    let request = api
        .request(Method::GET, "/user")
        .bearer_auth(api.credential.expose_secret());
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    assert!(!exists(&api, &key).await);
}

#[tokio::test]
async fn one_place_of_an_answer_can_be_replaced() {
    let api = Api::start().await;
    let fault = Fault::Replaced {
        pointer: "/data/name".to_owned(),
        value: json!(5),
    };
    let rule = Rule::once("GET", "/user", fault);
    api.sandbox.faults().unwrap().inject(rule).unwrap();
    let request = api
        .request(Method::GET, "/user")
        .bearer_auth(api.credential.expose_secret());
    let body: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(body["data"]["name"], 5);
    assert!(body["data"]["email"].is_string(), "the rest is as it was");
}
