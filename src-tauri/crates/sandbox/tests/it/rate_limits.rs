//! The window of 60 seconds.

use reqwest::{Method, StatusCode};
use sandbox::Settings;

use crate::support::{Answer, Api};

async fn three_a_minute() -> Api {
    Api::with(Settings {
        requests_per_minute: 3,
        ..Settings::default()
    })
    .await
}

#[tokio::test]
async fn a_used_up_window_refuses_until_its_reset_and_says_when_that_is() {
    let api = three_a_minute().await;
    let start = api.now().as_second();
    for left in [2, 1, 0] {
        let answer = api.get("/user").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("x-ratelimit-limit"), 3);
        assert_eq!(answer.header("x-ratelimit-remaining"), left);
        assert_eq!(answer.header("x-ratelimit-reset"), start + 60);
    }
    api.wait(20);
    let refused = api.get("/user").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), 40);
    assert_eq!(refused.header("x-ratelimit-remaining"), 0);

    api.wait(40);
    let fresh = api.get("/user").await;
    assert_eq!(fresh.status, StatusCode::OK);
    assert_eq!(fresh.header("x-ratelimit-remaining"), 2);
    assert!(!fresh.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn each_key_has_its_own_window_and_nobody_has_one_too() {
    let api = three_a_minute().await;
    let other = api.key_with(&["monitors:read"]).await;
    for _ in 0..4 {
        api.get("/user").await;
    }
    assert_eq!(api.get("/user").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        api.ask_as(&other.token, Method::GET, "/user").await.status,
        StatusCode::OK
    );
    for expected in [401, 401, 401, 429] {
        let anonymous = Answer::of_api(api.request(Method::GET, "/user")).await;
        assert_eq!(anonymous.status, expected);
    }
}

#[tokio::test]
async fn a_refused_request_neither_acts_nor_counts_as_a_use() {
    let api = three_a_minute().await;
    let key = api.key_with(&["monitors:read"]).await;
    for _ in 0..3 {
        api.get("/user").await;
        api.ask_as(&key.token, Method::GET, "/monitors").await;
    }
    let faults = api.sandbox.faults().unwrap();
    let before = faults.key(key.id).await.unwrap().unwrap();
    api.wait(5);
    let deletion = api
        .ask(Method::DELETE, &format!("/api-keys/{}", key.id))
        .await;
    let use_of_it = api.ask_as(&key.token, Method::GET, "/monitors").await;
    assert_eq!(deletion.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(use_of_it.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(faults.key(key.id).await.unwrap(), Some(before));
}
