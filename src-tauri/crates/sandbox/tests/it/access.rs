//! Who gets in: tokens, plan, abilities; and what a use leaves behind.

use reqwest::{Method, StatusCode};
use sandbox::{Plan, Settings};
use secrecy::{ExposeSecret, SecretString};

use crate::support::{Answer, Api};

#[tokio::test]
async fn only_a_whole_and_present_token_gets_in() {
    let api = Api::start().await;
    let token = api.credential.expose_secret();
    let (id, body) = token.split_once('|').unwrap();
    let broken = [
        String::new(),
        "nonsense".to_owned(),
        format!("{id}|"),
        format!("{id}|{}", &body[..47]),
        format!("{id}|{}", body.to_uppercase()),
        format!("{}|{body}", Api::id_of(&api.credential) - 1),
        format!("99999999999999999999|{body}"),
    ];
    for token in broken {
        let answer = api
            .ask_as(&SecretString::from(token.clone()), Method::GET, "/user")
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
        assert_eq!(answer.message(), "Unauthenticated.");
    }
    let without = Answer::of_api(api.request(Method::GET, "/user")).await;
    assert_eq!(without.status, StatusCode::UNAUTHORIZED);
    assert_eq!(api.get("/user").await.status, StatusCode::OK);
}

#[tokio::test]
async fn both_documented_prefixes_reach_the_same_api() {
    let api = Api::start().await;
    for path in ["/v1/user", "/api/v1/user"] {
        let request = crate::support::client()
            .get(api.base.replace("/v1", path))
            .bearer_auth(api.credential.expose_secret());
        let answer = Answer::of_api(request).await;
        assert_eq!(answer.body["data"]["email"], "ops@acme.example");
        assert_eq!(answer.body["data"]["plan"], "team");
        assert_eq!(answer.body["data"]["teams"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn without_key_endpoints_keys_are_still_accepted_and_nothing_manages_them() {
    let api = Api::with(Settings {
        key_endpoints: false,
        ..Settings::default()
    })
    .await;
    let own = format!("/api-keys/{}", Api::id_of(&api.credential));
    for (method, path) in [
        (Method::GET, "/api-keys?page=1&per_page=1"),
        (Method::GET, "/api-keys/abilities"),
        (Method::GET, &own),
        (Method::DELETE, &own),
        (Method::POST, "/api-keys"),
        (Method::POST, &format!("{own}/rotate")),
    ] {
        let answer = api.ask(method, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/user", "/monitors?per_page=1", "/incidents"] {
        assert_eq!(api.get(path).await.status, StatusCode::OK, "{path}");
    }
    let unknown = SecretString::from("1|unknown");
    let refused = api.ask_as(&unknown, Method::GET, "/user").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_deleted_key_gets_401_from_the_next_request_on_and_others_live() {
    let api = Api::start().await;
    let victim = api.key_with(&["monitors:read"]).await;
    let other = api.key_with(&["monitors:read"]).await;
    let before = api.ask_as(&victim.token, Method::GET, "/monitors").await;
    assert_eq!(before.status, StatusCode::OK);

    let deleted = api
        .ask(Method::DELETE, &format!("/api-keys/{}", victim.id))
        .await;

    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    let after = api.ask_as(&victim.token, Method::GET, "/monitors").await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        api.ask_as(&other.token, Method::GET, "/monitors")
            .await
            .status,
        StatusCode::OK
    );
    let gone = api
        .ask(Method::DELETE, &format!("/api-keys/{}", victim.id))
        .await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_key_may_delete_itself() {
    let api = Api::start().await;
    let own = format!("/api-keys/{}", Api::id_of(&api.credential));
    assert_eq!(
        api.ask(Method::DELETE, &own).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(api.get("/user").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn each_call_needs_its_ability_and_a_star_has_them_all() {
    let api = Api::start().await;
    let calls = [
        (Method::GET, "/api-keys", "api-keys:manage"),
        (Method::GET, "/api-keys/abilities", "api-keys:manage"),
        (Method::GET, "/api-keys/1", "api-keys:manage"),
        (Method::POST, "/api-keys", "api-keys:manage"),
        (Method::POST, "/api-keys/1/rotate", "api-keys:manage"),
        (Method::DELETE, "/api-keys/1", "api-keys:manage"),
        (Method::GET, "/monitors", "monitors:read"),
        (Method::GET, "/monitors/611", "monitors:read"),
        (Method::GET, "/monitors/611/checks", "monitors:read"),
        (Method::GET, "/incidents", "incidents:read"),
    ];
    let lacking = api.key_with(&["team:write", "api-keys", "monitors:"]).await;
    let star = api.key_with(&["*"]).await;
    for (method, path, ability) in calls {
        let refused = api.ask_as(&lacking.token, method.clone(), path).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{method} {path}");
        assert_eq!(refused.message(), "Invalid ability provided.");
        let just_enough = api.key_with(&[ability]).await;
        for token in [&star.token, &just_enough.token] {
            let answer = api.ask_as(token, method.clone(), path).await;
            assert_ne!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
        }
    }
    let user = api.ask_as(&lacking.token, Method::GET, "/user").await;
    assert_eq!(user.status, StatusCode::OK, "/user needs no ability");
}

#[tokio::test]
async fn the_free_plan_has_no_api_and_the_others_have() {
    for plan in [Plan::Free, Plan::Starter, Plan::Professional, Plan::Team] {
        let api = Api::with(Settings {
            plan,
            ..Settings::default()
        })
        .await;
        let answer = api.get("/api-keys").await;
        if plan == Plan::Free {
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert!(answer.message().contains("plan"), "{}", answer.message());
        } else {
            assert_eq!(answer.status, StatusCode::OK, "{plan:?}");
        }
    }
}

#[tokio::test]
async fn any_authenticated_call_moves_the_last_use_and_no_other_does() {
    let api = Api::start().await;
    let faults = api.sandbox.faults().unwrap();
    let key = api.key_with(&["monitors:read"]).await;
    assert_eq!(
        faults.key(key.id).await.unwrap().unwrap().last_used_at,
        None
    );

    let mut moments = Vec::new();
    for path in ["/monitors", "/api-keys", "/monitors/999"] {
        api.wait(30);
        api.ask_as(&key.token, Method::GET, path).await;
        let used = faults
            .key(key.id)
            .await
            .unwrap()
            .unwrap()
            .last_used_at
            .unwrap();
        assert_eq!(used.0, api.now(), "{path}");
        moments.push(used);
    }
    api.wait(30);
    api.get(&format!("/api-keys/{}", key.id)).await;
    let wrong = SecretString::from(format!("{}|wrong", key.id));
    api.ask_as(&wrong, Method::GET, "/monitors").await;
    assert_eq!(
        faults.key(key.id).await.unwrap().unwrap().last_used_at,
        moments.pop()
    );
}

#[tokio::test]
async fn a_key_reaches_its_own_teams_monitors_only() {
    let api = Api::start().await;
    let answer = api.get("/monitors").await;
    let teams: Vec<_> = answer.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["team"]["name"])
        .collect();
    assert_eq!(teams, ["Acme Ops"; 4]);
    assert_eq!(api.get("/monitors/702").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        api.get("/monitors/702/checks").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_apis_own_shape() {
    let api = Api::start().await;
    for path in [
        "/",
        "/nothing",
        "/api-keys/",
        "/api-keys/x",
        "/api-keys/-1",
        "/api-keys/%ff",
    ] {
        assert_eq!(api.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = api.ask(Method::PUT, "/api-keys").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers["allow"], "GET,HEAD,POST");
    let root = crate::support::client().get(api.base.replace("/v1", "/user"));
    assert_eq!(Answer::of_api(root).await.status, StatusCode::NOT_FOUND);
}
