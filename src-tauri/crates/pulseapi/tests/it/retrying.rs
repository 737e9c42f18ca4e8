//! The retry policy: what is asked again, when, and when it stops.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use pulseapi::{Client, Error, IdempotencyKey, KeyId, Options, RetryPolicy};
use serde_json::json;

use crate::support::{
    FixedJitter, Reply, Server, client_with, closed_port, key, moment, options, token, user,
};

fn ok() -> Reply {
    Reply::json(200, &user())
}

fn limited(seconds: &str) -> Reply {
    Reply::with(429, &[("retry-after", seconds)], "")
}

fn waits(milliseconds: &[u64]) -> Vec<Duration> {
    milliseconds
        .iter()
        .copied()
        .map(Duration::from_millis)
        .collect()
}

#[tokio::test]
async fn a_failing_server_is_asked_again_with_doubling_waits_and_then_no_more() {
    let (options, clock) = options();
    let server = Server::replying(vec![Reply::empty(503)]).await;
    let error = client_with(&server, options).user().await.unwrap_err();
    assert_eq!(error, Error::Server { status: 503 });
    assert_eq!(server.requests().len(), 4);
    assert_eq!(clock.slept(), waits(&[250, 500, 1000]));
}

#[tokio::test]
async fn jitter_is_the_other_half_of_the_wait() {
    let (options, clock) = options();
    let options = Options {
        jitter: Arc::new(FixedJitter(1.0)),
        ..options
    };
    let server = Server::replying(vec![Reply::empty(500), ok()]).await;
    client_with(&server, options).user().await.unwrap();
    assert_eq!(clock.slept(), waits(&[500]));
}

#[tokio::test]
async fn a_broken_connection_is_asked_again() {
    let truncated = Reply::announcing(500, 200, &[("content-type", "application/json")], "{\"da");
    for broken in [Reply::Drop, truncated] {
        let (options, clock) = options();
        let server = Server::replying(vec![broken, ok()]).await;
        client_with(&server, options).user().await.unwrap();
        assert_eq!(clock.slept().len(), 1);
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_out_to_the_moment_the_server_names() {
    let reset = moment(20).as_second().to_string();
    for (reply, milliseconds) in [
        (limited("7"), 7000),
        (
            Reply::with(429, &[("retry-after", "Sun, 01 Mar 2026 12:00:09 GMT")], ""),
            9000,
        ),
        (
            Reply::with(429, &[("x-ratelimit-reset", &reset)], ""),
            20_000,
        ),
        // "At once" is still not a licence to hammer.
        (limited("0"), 500),
    ] {
        let (options, clock) = options();
        let server = Server::replying(vec![reply, ok()]).await;
        client_with(&server, options).user().await.unwrap();
        assert_eq!(clock.slept(), waits(&[milliseconds]));
    }
}

#[tokio::test]
async fn a_wait_that_is_too_long_for_one_call_comes_back_as_a_moment() {
    let (options, clock) = options();
    let server = Server::replying(vec![limited("31"), ok()]).await;
    let error = client_with(&server, options).user().await.unwrap_err();
    assert_eq!(error, Error::RateLimited { until: moment(31) });
    assert!(clock.slept().is_empty());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn several_waits_together_are_bounded_too() {
    let (options, clock) = options();
    let server = Server::replying(vec![limited("20")]).await;
    let error = client_with(&server, options).user().await.unwrap_err();
    assert_eq!(error, Error::RateLimited { until: moment(40) });
    assert_eq!(clock.slept(), waits(&[20_000]));
}

#[tokio::test]
async fn what_is_left_is_told_as_advice_and_known_whatever_the_policy() {
    let (options, _) = options();
    let reset = moment(40).as_second().to_string();
    let headers = [
        ("content-type", "application/json"),
        ("x-ratelimit-remaining", "1"),
        ("x-ratelimit-reset", &*reset),
    ];
    let server = Server::replying(vec![Reply::with(200, &headers, &user().to_string())]).await;
    let client = client_with(&server, options);
    assert_eq!(client.advised_wait(2), None, "nothing was asked yet");
    client.with_retry(RetryPolicy::none()).user().await.unwrap();
    assert_eq!(client.advised_wait(1), None);
    assert_eq!(client.advised_wait(2), Some(moment(40)));
}

#[tokio::test]
async fn a_later_page_survives_a_whole_rate_limit_window() {
    let page = |id: u32| Reply::json(200, &json!({"data": [key(id)], "meta": {"last_page": 2}}));
    let (options, clock) = options();
    let server = Server::replying(vec![page(1), limited("60"), page(2)]).await;
    let pages: Vec<_> = client_with(&server, options).keys().collect().await;
    assert!(pages.iter().all(Result::is_ok) && pages.len() == 2);
    assert_eq!(clock.slept(), waits(&[60_000]));
}

#[tokio::test]
async fn a_refusal_is_not_asked_again() {
    for status in [400, 401, 403, 404, 409, 422] {
        let (options, clock) = options();
        let server = Server::replying(vec![Reply::message(status, "no"), ok()]).await;
        client_with(&server, options).user().await.unwrap_err();
        assert_eq!(
            (server.requests().len(), clock.slept().len()),
            (1, 0),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_asked_again_and_a_silent_one_is_not() {
    let (options, clock) = options();
    let (address, _held) = closed_port();
    let client = Client::new(address, token(), options).unwrap();
    let error = client.user().await.unwrap_err();
    assert!(matches!(error, Error::Offline { .. }), "{error:?}");
    assert_eq!(clock.slept(), waits(&[250, 500, 1000]));

    let (options, clock) = crate::support::options();
    let options = Options {
        total_timeout: Duration::from_millis(200),
        ..options
    };
    let server = Server::replying(vec![Reply::Silence]).await;
    let error = client_with(&server, options).user().await.unwrap_err();
    assert_eq!(error, Error::Timeout { sent: true });
    assert!(
        clock.slept().is_empty(),
        "the whole time was waited once already"
    );
}

#[tokio::test]
async fn a_write_is_sent_once_whatever_happens() {
    for reply in [
        Reply::empty(503),
        limited("1"),
        Reply::Drop,
        Reply::message(409, "busy"),
    ] {
        let (options, clock) = options();
        let server = Server::replying(vec![reply, Reply::empty(204)]).await;
        let client = client_with(&server, options);
        client
            .delete_key(&KeyId::parse("41").unwrap(), IdempotencyKey::random())
            .await
            .unwrap_err();
        assert_eq!((server.requests().len(), clock.slept().len()), (1, 0));
    }
}
