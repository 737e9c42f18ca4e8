//! Limits of time and size, and connections that don't come about.

use std::time::Duration;

use pulseapi::{Client, Error, IdempotencyKey, KeyId, Options, RetryPolicy};

use crate::support::{Reply, Server, base, client_with, closed_port, options, token};

const LIMIT: usize = 8 * 1024 * 1024;

fn once() -> Options {
    Options {
        retry: RetryPolicy::none(),
        ..options().0
    }
}

#[tokio::test]
async fn a_huge_answer_is_given_up_announced_or_not() {
    let announced = Reply::announcing(20 * 1024 * 1024, 200, &[], "{");
    for reply in [announced, Reply::Chunked(20 * 1024 * 1024)] {
        let server = Server::replying(vec![reply]).await;
        let error = client_with(&server, once()).user().await.unwrap_err();
        assert_eq!(error, Error::BodyTooLarge { limit: LIMIT });
    }
}

#[tokio::test]
async fn a_refusal_with_a_huge_explanation_is_still_that_refusal() {
    let huge = "x".repeat(1024 * 1024);
    let json = [("content-type", "application/json")];
    let server = Server::replying(vec![Reply::with(401, &json, &huge)]).await;
    assert_eq!(
        client_with(&server, once()).user().await.unwrap_err(),
        Error::Unauthorized
    );
}

#[tokio::test]
async fn a_silent_server_is_a_timeout_after_sending() {
    let server = Server::replying(vec![Reply::Silence]).await;
    let options = Options {
        total_timeout: Duration::from_millis(200),
        ..once()
    };
    let client = client_with(&server, options);
    assert_eq!(
        client.user().await.unwrap_err(),
        Error::Timeout { sent: true }
    );
    let id = KeyId::parse("41").unwrap();
    let error = client
        .delete_key(&id, IdempotencyKey::random())
        .await
        .unwrap_err();
    assert!(error.outcome_unknown());
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_a_timeout_before_sending() {
    // It waits for the end of what it takes for the head of a request.
    let server = Server::replying(vec![Reply::Silence]).await;
    let options = Options {
        connect_timeout: Duration::from_millis(200),
        ..once()
    };
    let address = base(&format!("https://127.0.0.1:{}/v1", server.port()));
    let client = Client::new(address, token(), options).unwrap();
    let error = client.user().await.unwrap_err();
    assert_eq!(error, Error::Timeout { sent: false });
    assert!(!error.outcome_unknown());
}

#[tokio::test]
async fn nobody_there_is_offline_and_nothing_was_sent() {
    let (address, _held) = closed_port();
    let client = Client::new(address, token(), once()).unwrap();
    let id = KeyId::parse("41").unwrap();
    let error = client
        .delete_key(&id, IdempotencyKey::random())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Offline { .. }), "{error:?}");
    assert!(!error.outcome_unknown());
}

#[tokio::test]
async fn a_connection_that_breaks_counts_as_sent() {
    let truncated = Reply::announcing(500, 200, &[], "{\"da");
    let dropping = Server::replying(vec![Reply::Drop]).await;
    let cutting = Server::replying(vec![truncated]).await;
    let hanging_up = Server::hanging_up().await;
    for server in [dropping, cutting, hanging_up] {
        let id = KeyId::parse("41").unwrap();
        let client = client_with(&server, once());
        let error = client
            .delete_key(&id, IdempotencyKey::random())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::ConnectionLost { .. }), "{error:?}");
        assert!(error.outcome_unknown());
    }
}
