//! Redirects: within the origin, for reads, a few. The token goes nowhere else.

use pulseapi::{Error, IdempotencyKey, KeyId, Mismatch};

use crate::support::{Reply, Server, TOKEN, client, mismatch, user};

fn to(status: u16, location: &str) -> Reply {
    Reply::with(status, &[("location", location)], "")
}

fn redirects_to(origin: &str) -> Error {
    mismatch(Mismatch::Redirect {
        origin: Some(origin.to_owned()),
    })
}

#[tokio::test]
async fn a_read_follows_within_the_origin_and_brings_the_token() {
    let server = Server::answering(|request| match request.path() {
        "/v1/user" => to(308, "/v2/user"),
        _ => Reply::json(200, &user()),
    })
    .await;
    client(&server).user().await.unwrap();
    let last = server.requests().pop().unwrap();
    assert_eq!(last.target, "/v2/user");
    assert_eq!(
        last.header("authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
}

#[tokio::test]
async fn another_origin_is_never_asked() {
    let other = Server::replying(vec![Reply::json(200, &user())]).await;
    for status in [301, 302, 303, 307, 308] {
        let location = other.base("/v1/user").to_string();
        let server = Server::replying(vec![to(status, &location)]).await;
        let origin = other.base("").to_string();
        assert_eq!(
            client(&server).user().await.unwrap_err(),
            redirects_to(&origin)
        );
    }
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn user_info_in_a_redirect_is_dropped() {
    let server = Server::answering(|request| match request.path() {
        "/v1/user" => {
            let host = request.header("host").unwrap();
            to(307, &format!("http://ada:hunter2@{host}/v2/user"))
        }
        _ => Reply::json(200, &user()),
    })
    .await;
    client(&server).user().await.unwrap();
    let last = server.requests().pop().unwrap();
    assert_eq!(
        last.header("authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
}

#[tokio::test]
async fn a_circle_is_left() {
    let server = Server::replying(vec![to(302, "/v1/user")]).await;
    let origin = server.base("").to_string();
    assert_eq!(
        client(&server).user().await.unwrap_err(),
        redirects_to(&origin)
    );
    assert_eq!(server.requests().len(), 6);
}

#[tokio::test]
async fn a_write_is_not_redirected_and_its_outcome_is_unknown() {
    let server = Server::replying(vec![to(303, "/v1/api-keys")]).await;
    let id = KeyId::parse("41").unwrap();
    let error = client(&server)
        .delete_key(&id, IdempotencyKey::random())
        .await
        .unwrap_err();
    let origin = server.base("").to_string();
    assert_eq!(error, redirects_to(&origin));
    assert!(error.outcome_unknown());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn the_way_to_a_page_for_signing_in_is_not_followed_and_speaks_of_the_token() {
    for (location, elsewhere) in [
        ("/login", None),
        ("/auth/sign-in.php?next=%2Fv1%2Fuser", None),
        (
            "https://accounts.example.com/SSO/start",
            Some("https://accounts.example.com"),
        ),
    ] {
        let server = Server::replying(vec![to(302, location)]).await;
        let own = server.base("").to_string();
        let reason = Mismatch::SignIn {
            origin: Some(elsewhere.unwrap_or(&own).to_owned()),
        };
        let error = client(&server).user().await.unwrap_err();
        assert_eq!(error, mismatch(reason));
        assert_eq!(server.requests().len(), 1);
    }
    let error = mismatch(Mismatch::SignIn { origin: None });
    assert_eq!(
        error.to_string(),
        "This does not answer like PulseAPI: it asks to sign in."
    );
}
