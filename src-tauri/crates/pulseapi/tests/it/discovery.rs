//! Finding the base: which one is taken, and which failure is told.

use pulseapi::{Acceptance, Error, KeyEndpoints, Mismatch, discover};
use serde_json::json;

use crate::support::{Reply, Request, Server, client, key, mismatch, moment, options, token, user};

async fn found(server: &Server, path: &str) -> Result<String, Error> {
    let connection = discover(&server.base(path), &token(), &options().0).await?;
    assert_eq!(connection.client.base(), &connection.base);
    Ok(connection.base.to_string())
}

/// A server whose API is at one prefix; elsewhere it does something else.
async fn api_at(prefix: &'static str, elsewhere: Reply) -> Server {
    Server::answering(move |request| api(prefix, request).unwrap_or_else(|| elsewhere.clone()))
        .await
}

fn api(prefix: &str, request: &Request) -> Option<Reply> {
    match request.path().strip_prefix(prefix)? {
        "/user" => Some(Reply::json(200, &user())),
        "/api-keys" => Some(Reply::json(
            200,
            &json!({"data": [key(1)], "meta": {"last_page": 1}}),
        )),
        _ => None,
    }
}

#[tokio::test]
async fn the_address_itself_is_tried_first_then_both_prefixes() {
    for (prefix, typed) in [
        ("/v1", "/v1"),
        ("/v1", ""),
        ("/api/v1", "/v1"),
        ("/mine", "/mine"),
    ] {
        let server = api_at(prefix, Reply::page(404)).await;
        assert_eq!(
            found(&server, typed).await.unwrap(),
            server.base(prefix).to_string()
        );
    }
}

#[tokio::test]
async fn the_list_is_asked_for_one_key_only() {
    let server = api_at("/v1", Reply::page(404)).await;
    found(&server, "/v1").await.unwrap();
    let targets: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.target)
        .collect();
    assert_eq!(targets, ["/v1/user", "/v1/api-keys?page=1&per_page=1"]);
}

#[tokio::test]
async fn web_pages_and_404_everywhere_mean_that_there_are_no_keys_here() {
    for elsewhere in [
        Reply::page(200),
        Reply::page(404),
        Reply::message(404, "Not Found"),
    ] {
        let server = api_at("/nowhere", elsewhere).await;
        let error = found(&server, "/v1").await.unwrap_err();
        assert_eq!(error, mismatch(Mismatch::NoKeyEndpoints));
    }
}

#[tokio::test]
async fn a_refusal_in_json_tells_more_than_web_pages_elsewhere() {
    for (reply, error) in [
        (Reply::message(401, "Unauthenticated."), Error::Unauthorized),
        (
            Reply::message(403, "Your plan has no API."),
            Error::PlanWithoutApi {
                message: "Your plan has no API.".into(),
            },
        ),
    ] {
        let server = Server::answering(move |request| {
            if request.path().starts_with("/api/v1") {
                reply.clone()
            } else {
                Reply::page(200)
            }
        })
        .await;
        assert_eq!(found(&server, "").await.unwrap_err(), error);
    }
}

#[tokio::test]
async fn a_refused_list_tells_more_than_a_refusal_elsewhere() {
    let server = Server::answering(|request| match request.path() {
        "/api/v1/user" => Reply::json(200, &user()),
        "/api/v1/api-keys" => Reply::message(403, "Invalid ability provided."),
        _ => Reply::message(401, "Unauthenticated."),
    })
    .await;
    let message = "Invalid ability provided.".to_owned();
    assert_eq!(
        found(&server, "").await.unwrap_err(),
        Error::MissingAbility { message }
    );
}

#[tokio::test]
async fn a_redirect_elsewhere_is_told_so_that_the_address_can_be_corrected() {
    let moved = [("location", "https://www.example.com/v1/user?secret=1")];
    let server = api_at("/nowhere", Reply::with(301, &moved, "")).await;
    let origin = Some("https://www.example.com".to_owned());
    assert_eq!(
        found(&server, "/v1").await.unwrap_err(),
        mismatch(Mismatch::Redirect { origin })
    );
}

#[tokio::test]
async fn a_service_that_tells_no_user_is_recognised_by_its_list() {
    for reply in [
        Reply::page(404),
        Reply::message(404, "The route v1/user could not be found."),
        Reply::message(404, "Not found."),
        Reply::message(405, "Method not allowed."),
    ] {
        let server = Server::answering(move |request| match request.path() {
            "/v1/user" => reply.clone(),
            _ => api("/v1", request).unwrap_or_else(|| Reply::message(404, "Not found.")),
        })
        .await;
        let connection = discover(&server.base("/v1"), &token(), &options().0)
            .await
            .unwrap();
        assert_eq!(connection.user, None);
        assert_eq!(connection.base, server.base("/v1"));
        connection.client.check_token().await.unwrap();
    }
    // A token that is refused is refused by the list.
    let server = Server::answering(|request| match request.path() {
        "/v1/user" => Reply::page(404),
        _ => Reply::message(401, "Unauthenticated."),
    })
    .await;
    let refused = discover(&server.base("/v1"), &token(), &options().0).await;
    assert_eq!(refused.unwrap_err(), Error::Unauthorized);
    let tried = client(&server).check_token().await;
    assert_eq!(tried, Err(Error::Unauthorized));
}

#[tokio::test]
async fn being_asked_to_sign_in_tells_more_than_web_pages_elsewhere() {
    let server = Server::answering(|request| {
        if request.path().starts_with("/api/v1") {
            Reply::with(302, &[("location", "/login")], "")
        } else {
            Reply::page(404)
        }
    })
    .await;
    let origin = Some(server.base("").to_string());
    assert_eq!(
        found(&server, "").await.unwrap_err(),
        mismatch(Mismatch::SignIn { origin })
    );
}

#[tokio::test]
async fn what_all_candidates_share_ends_the_search_at_once() {
    let limited = Reply::with(429, &[("retry-after", "5")], "");
    let server = api_at("/nowhere", limited).await;
    let error = found(&server, "/v1").await.unwrap_err();
    assert_eq!(error, Error::RateLimited { until: moment(5) });
    assert_eq!(server.requests().len(), 1);

    let server = Server::replying(vec![Reply::Drop]).await;
    let error = found(&server, "/v1").await.unwrap_err();
    assert!(matches!(error, Error::ConnectionLost { .. }));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_api_of_another_kind_is_told_by_its_shape() {
    let server = Server::replying(vec![Reply::json(200, &json!({"ok": true}))]).await;
    let reason = Mismatch::Shape { path: "id".into() };
    assert_eq!(found(&server, "/v1").await.unwrap_err(), mismatch(reason));
}

#[tokio::test]
async fn a_list_of_another_shape_tells_more_than_404_elsewhere() {
    let server = Server::answering(|request| match request.path() {
        "/v1/user" => Reply::json(200, &user()),
        "/v1/api-keys" => Reply::json(200, &json!({"data": [{}]})),
        _ => Reply::page(404),
    })
    .await;
    let reason = Mismatch::Shape {
        path: "data[0].id".into(),
    };
    assert_eq!(found(&server, "").await.unwrap_err(), mismatch(reason));
}

/// A service without endpoints for keys. What it has, answers this; nothing else is there.
async fn without_keys(has: Vec<(&'static str, u16)>) -> Server {
    Server::answering(
        move |request| match has.iter().find(|(known, _)| *known == request.path()) {
            Some(("/v1/user", 200)) => Reply::json(200, &user()),
            Some((_, 200)) => Reply::json(200, &json!({"data": []})),
            Some((_, 403)) => Reply::message(403, "Invalid ability provided."),
            Some((_, status)) => Reply::message(*status, "No."),
            None => Reply::message(404, "Not found."),
        },
    )
    .await
}

#[tokio::test]
async fn where_the_token_is_accepted_and_no_list_of_keys_is_there_the_base_is_taken_without_one() {
    for (has, knows_user) in [
        (vec![("/v1/user", 200)], true),
        (vec![("/v1/monitors", 200)], false),
        (vec![("/v1/monitors", 403), ("/v1/incidents", 200)], false),
        // A token of the service, though it may do nothing that was asked.
        (vec![("/v1/monitors", 403)], false),
        (vec![("/v1/user", 200), ("/api/v1/user", 401)], true),
    ] {
        let server = without_keys(has.clone()).await;
        let found = discover(&server.base(""), &token(), &options().0).await;
        let connection = found.unwrap();
        assert_eq!(connection.keys, KeyEndpoints::Absent, "{has:?}");
        assert_eq!(connection.base, server.base("/v1"), "{has:?}");
        assert_eq!(connection.user.is_some(), knows_user, "{has:?}");
    }
    let server = api_at("/api/v1", Reply::message(404, "Not found.")).await;
    let found = discover(&server.base(""), &token(), &options().0).await;
    assert_eq!(found.unwrap().keys, KeyEndpoints::Present);
}

#[tokio::test]
async fn a_service_that_has_a_list_elsewhere_is_not_taken_for_one_without() {
    let server = Server::answering(|request| match request.path() {
        "/v1/user" => Reply::json(200, &user()),
        path if path.starts_with("/api/v1") => {
            api("/api/v1", request).unwrap_or_else(|| Reply::message(404, "Not found."))
        }
        _ => Reply::message(404, "Not found."),
    })
    .await;
    assert_eq!(
        found(&server, "/v1").await.unwrap(),
        server.base("/api/v1").to_string()
    );
}

#[tokio::test]
async fn a_refused_token_is_told_where_there_are_no_key_endpoints_too() {
    let server = without_keys(vec![("/v1/monitors", 401)]).await;
    assert_eq!(
        found(&server, "/v1").await.unwrap_err(),
        Error::Unauthorized
    );
}

#[tokio::test]
async fn a_service_in_trouble_never_passes_for_one_without_key_endpoints() {
    for trouble in [
        (
            "500 of the list",
            "/v1/api-keys",
            Reply::message(500, "No."),
        ),
        ("no list", "/v1/api-keys", Reply::Drop),
        ("a page for 404", "/v1/api-keys", Reply::page(404)),
        ("a page", "/v1/api-keys", Reply::page(200)),
        (
            "503 of abilities",
            "/v1/api-keys/abilities",
            Reply::message(503, "No."),
        ),
        (
            "abilities",
            "/v1/api-keys/abilities",
            Reply::json(200, &json!([])),
        ),
        ("502 elsewhere", "/api/v1/user", Reply::message(502, "No.")),
        ("nothing elsewhere", "/api/v1/user", Reply::Drop),
    ] {
        let (what, path, reply) = trouble;
        let server = Server::answering(move |request| match request.path() {
            asked if asked == path => reply.clone(),
            "/v1/user" => Reply::json(200, &user()),
            _ => Reply::message(404, "Not found."),
        })
        .await;
        assert!(found(&server, "/v1").await.is_err(), "{what}");
    }
}

#[tokio::test]
async fn whether_a_token_works_is_asked_with_what_the_service_has() {
    for (has, accepted) in [
        (vec![("/v1/incidents", 200)], Ok(Acceptance::Works(None))),
        (
            vec![("/v1/monitors", 403)],
            Ok(Acceptance::NotForThis {
                message: "Invalid ability provided.".into(),
            }),
        ),
        (vec![("/v1/user", 401)], Err(Error::Unauthorized)),
        (vec![("/v1/incidents", 401)], Err(Error::Unauthorized)),
        (vec![], Err(Error::NotFound)),
    ] {
        let server = without_keys(has.clone()).await;
        assert_eq!(client(&server).check_token().await, accepted, "{has:?}");
    }
}
