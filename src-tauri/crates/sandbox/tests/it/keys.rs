//! `/api-keys`: the seeded list, pages, validation, creation and rotation.

use std::collections::HashSet;

use reqwest::{Method, StatusCode};
use sandbox::Settings;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::support::{Answer, Api};

#[tokio::test]
async fn the_seed_has_keys_of_all_kinds_and_none_of_a_colleague() {
    let api = Api::start().await;
    let keys = api.all_keys(100).await;
    let named = |name: &str| {
        keys.iter()
            .find(|key| key["name"] == name)
            .unwrap_or_else(|| panic!("no {name}"))
    };

    assert_eq!(keys.len(), 13, "a dozen and the credential");
    assert_eq!(
        named("CI/CD Pipeline")["last_used_at"],
        "2026-03-14T09:14:53Z"
    );
    assert_eq!(
        named("Zapier Integration")["last_used_at"],
        "2026-03-11T09:26:53Z"
    );
    assert_eq!(named("Terraform provider")["last_used_at"], Value::Null);
    assert_eq!(named("Slack incident bot")["team"]["name"], "Acme Labs");
    assert_eq!(named("Break-glass, full access")["abilities"], json!(["*"]));
    assert!(
        keys.iter()
            .any(|key| key["name"].as_str().unwrap().contains("<b>"))
    );
    assert!(
        keys.iter()
            .any(|key| key["name"].as_str().unwrap().len() > 120)
    );
    assert!(!keys.iter().any(|key| key["name"] == "Mira's laptop"));
    assert!(
        keys.iter()
            .all(|key| key.get("token").is_none() && key.get("token_hash").is_none())
    );
}

#[tokio::test]
async fn another_users_key_is_not_found() {
    let api = Api::start().await;
    let listed: HashSet<_> = api
        .all_keys(100)
        .await
        .iter()
        .map(|key| key["id"].as_i64().unwrap())
        .collect();
    let newest = Api::id_of(&api.credential);
    let hidden: Vec<_> = (newest - 13..newest)
        .filter(|id| !listed.contains(id))
        .collect();
    assert_eq!(hidden.len(), 1, "the colleague's");
    let path = format!("/api-keys/{}", hidden[0]);
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::DELETE, path.clone()),
        (Method::POST, format!("{path}/rotate")),
    ] {
        assert_eq!(api.ask(method, &path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn pages_are_newest_first_and_hold_every_key_once() {
    let api = Api::with(Settings {
        keys: Some(250),
        ..Settings::default()
    })
    .await;
    // The same moment for many: the order must still be one.
    for _ in 0..20 {
        api.key_with(&["monitors:read"]).await;
    }
    let keys = api.all_keys(7).await;

    let ids: HashSet<_> = keys.iter().map(|key| key["id"].as_i64().unwrap()).collect();
    assert_eq!((keys.len(), ids.len()), (271, 271));
    let order: Vec<(jiff::Timestamp, i64)> = keys
        .iter()
        .map(|key| {
            let created = key["created_at"].as_str().unwrap().parse().unwrap();
            (created, key["id"].as_i64().unwrap())
        })
        .collect();
    assert!(order.is_sorted_by(|newer, older| newer > older));
}

#[tokio::test]
async fn a_page_tells_where_it_stands() {
    let api = Api::start().await;
    let page = api.get("/api-keys?page=2&per_page=5").await.body;
    let link = |number: i64| format!("{}/api-keys?page={number}&per_page=5", api.base);
    assert_eq!(
        page["meta"],
        json!({"current_page": 2, "last_page": 3, "per_page": 5, "total": 13})
    );
    assert_eq!(
        page["links"],
        json!({"first": link(1), "last": link(3), "prev": link(1), "next": link(3)})
    );
    let beyond = api.get("/api-keys?page=2147483647&per_page=100").await;
    assert_eq!(
        (beyond.status, &beyond.body["data"]),
        (StatusCode::OK, &json!([]))
    );
    assert_eq!(api.get("/api-keys").await.body["meta"]["per_page"], 15);
}

#[tokio::test]
async fn wrong_paging_names_the_parameter() {
    let api = Api::start().await;
    for (query, field) in [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=%2B1", "page"),
        ("page=", "page"),
        ("page=1.5", "page"),
        ("page=1&page=2", "page"),
        ("page=99999999999999999999", "page"),
        ("per_page=101", "per_page"),
        ("per_page=all", "per_page"),
    ] {
        let answer = api.get(&format!("/api-keys?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(
            answer.body["errors"][field][0].is_string(),
            "{query}: {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn a_created_key_works_with_the_token_of_its_answer() {
    let api = Api::start().await;
    let wanted = json!({"name": " Deploy 🚀 ", "abilities": ["monitors:read"], "team_id": 58});
    let created = api.post("/api-keys", &wanted).await;

    assert_eq!(created.status, StatusCode::CREATED);
    let key = &created.body["data"];
    let token = created.body["token"].as_str().unwrap();
    assert_eq!(key["name"], "Deploy 🚀");
    assert_eq!(key["team"]["name"], "Acme Labs");
    assert_eq!(key["last_used_at"], Value::Null);
    assert_eq!(key["created_at"], crate::support::START);
    assert!(token.ends_with(key["last_eight"].as_str().unwrap()));
    let used = api
        .ask_as(&SecretString::from(token), Method::GET, "/monitors")
        .await;
    assert_eq!(used.body["data"][0]["name"], "Labs preview");
    let own_team = api
        .post("/api-keys", &json!({"name": "x", "abilities": ["*"]}))
        .await;
    assert_eq!(own_team.body["data"]["team"]["name"], "Acme Ops");
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_is_created() {
    let api = Api::start().await;
    for (body, field) in [
        (json!({"abilities": ["*"]}), "name"),
        (json!({"name": " \u{7} ", "abilities": ["*"]}), "name"),
        (json!({"name": "x".repeat(256), "abilities": ["*"]}), "name"),
        (json!({"name": 5, "abilities": ["*"]}), "name"),
        (json!({"name": "x"}), "abilities"),
        (json!({"name": "x", "abilities": []}), "abilities"),
        (json!({"name": "x", "abilities": "*"}), "abilities"),
        (
            json!({"name": "x", "abilities": ["*", "root"]}),
            "abilities.1",
        ),
        (json!({"name": "x", "abilities": ["*", "*"]}), "abilities.1"),
        (json!({"name": "x", "abilities": [null]}), "abilities.0"),
        (
            json!({"name": "x", "abilities": ["*"], "team_id": "31"}),
            "team_id",
        ),
        (
            json!({"name": "x", "abilities": ["*"], "team_id": 7}),
            "team_id",
        ),
        (json!([]), "name"),
        (json!(null), "abilities"),
    ] {
        let answer = api.post("/api-keys", &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(
            answer.body["errors"][field][0].is_string(),
            "{body}: {}",
            answer.body
        );
    }
    assert_eq!(api.get("/api-keys").await.body["meta"]["total"], 13);
}

#[tokio::test]
async fn a_body_that_is_no_json_or_too_large_is_refused() {
    let api = Api::start().await;
    let post = |body: String| {
        api.request(Method::POST, "/api-keys")
            .bearer_auth(api.credential.expose_secret())
            .header("content-type", "application/json")
            .body(body)
    };
    for body in ["", "{", "{\"name\": \"x\",}", "name=x", &"[".repeat(10_000)] {
        let answer = Answer::of_api(post(body.to_owned())).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body:.20}");
    }
    let answer = Answer::of_api(post(format!("\"{}\"", "x".repeat(70_000)))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn rotation_keeps_the_record_and_kills_the_old_token() {
    let api = Api::start().await;
    let key = api.key_with(&["monitors:read"]).await;
    let path = format!("/api-keys/{}", key.id);
    let before = api.get(&path).await.body["data"].clone();
    api.wait(60);

    let rotated = api.ask(Method::POST, &format!("{path}/rotate")).await;

    assert_eq!(rotated.status, StatusCode::OK);
    let after = &rotated.body["data"];
    for same in ["id", "name", "abilities", "team", "created_at"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_ne!(before["last_eight"], after["last_eight"]);
    assert_eq!(after["rotated_at"], "2026-03-14T09:27:53Z");
    let new = SecretString::from(rotated.body["token"].as_str().unwrap());
    assert_eq!(
        api.ask_as(&new, Method::GET, "/monitors").await.status,
        StatusCode::OK
    );
    let old = api.ask_as(&key.token, Method::GET, "/monitors").await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_list_of_keys_to_start_with_can_have_any_length() {
    for wanted in [0, 3, 12, 40] {
        let api = Api::with(Settings {
            keys: Some(wanted),
            ..Settings::default()
        })
        .await;
        let total = &api.get("/api-keys").await.body["meta"]["total"];
        assert_eq!(total, &json!(wanted + 1), "and the credential");
    }
}

#[tokio::test]
async fn ten_thousand_keys_are_believable() {
    let api = Api::with(Settings {
        keys: Some(10_000),
        ..Settings::default()
    })
    .await;
    let page = api.get("/api-keys?per_page=100&page=37").await.body;
    assert_eq!(page["meta"]["total"], 10_001);
    for key in page["data"].as_array().unwrap() {
        let instant = |field: &str| {
            key[field]
                .as_str()
                .map(|text| text.parse::<jiff::Timestamp>().unwrap())
        };
        assert!(instant("created_at") < Some(api.now()));
        if let Some(used) = instant("last_used_at") {
            assert!(
                Some(used) >= instant("created_at") && used <= api.now(),
                "{key}"
            );
        }
        assert!(!key["abilities"].as_array().unwrap().is_empty());
    }
}
