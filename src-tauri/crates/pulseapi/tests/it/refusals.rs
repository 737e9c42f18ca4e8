//! Refusals by meaning: status and form of the body read together.

use pulseapi::{Error, IdempotencyKey, KeyId, Mismatch, Options, RetryPolicy};
use serde_json::json;

use crate::support::{Reply, Server, TOKEN, client_with, mismatch, moment, options};

async fn refusal(reply: Reply) -> Error {
    let server = Server::replying(vec![reply]).await;
    let options = Options {
        retry: RetryPolicy::none(),
        ..options().0
    };
    client_with(&server, options)
        .key(&KeyId::parse("41").unwrap())
        .await
        .unwrap_err()
}

#[tokio::test]
async fn each_status_has_its_meaning() {
    assert_eq!(
        refusal(Reply::message(401, "Unauthenticated.")).await,
        Error::Unauthorized
    );
    assert_eq!(refusal(Reply::empty(401)).await, Error::Unauthorized);
    assert_eq!(
        refusal(Reply::message(404, "No such key.")).await,
        Error::NotFound
    );
    let message = "The key is being rotated.".to_owned();
    assert_eq!(
        refusal(Reply::message(409, &message)).await,
        Error::Conflict { message }
    );
    let message = "Method not allowed.".to_owned();
    let rejected = Error::Rejected {
        status: 405,
        message: message.clone(),
    };
    assert_eq!(refusal(Reply::message(405, &message)).await, rejected);
    assert_eq!(
        refusal(Reply::page(502)).await,
        Error::Server { status: 502 }
    );
}

#[tokio::test]
async fn a_403_tells_the_plan_from_the_ability_by_its_words() {
    for (words, meaning) in [
        ("Your current plan does not include API access.", "plan"),
        ("Upgrade to use the API.", "plan"),
        ("Invalid ability provided.", "ability"),
        ("This token lacks the ability api-keys:manage.", "ability"),
        ("You have no permission to do this.", "ability"),
        ("Your plan allows 5 API keys.", "limit"),
        ("Your subscription has expired.", "limit"),
        ("This action is unauthorized.", "other"),
        ("Explanation: planted.", "other"),
        ("", "other"),
    ] {
        let message = words.to_owned();
        let expected = match meaning {
            "plan" => Error::PlanWithoutApi { message },
            "limit" => Error::PlanLimit { message },
            "ability" => Error::MissingAbility { message },
            _ => Error::Forbidden { message },
        };
        assert_eq!(refusal(Reply::message(403, words)).await, expected);
    }
}

#[tokio::test]
async fn what_the_service_says_of_a_plan_stands_in_place_of_our_words() {
    let words = "Your plan allows 5 API keys";
    for status in [402, 403] {
        let error = refusal(Reply::message(status, words)).await;
        let told = format!("PulseAPI refused: {words}.");
        assert_eq!(error.to_string(), told, "{status}");
        assert!(!error.outcome_unknown());
    }
    let silent = refusal(Reply::empty(402)).await;
    assert_eq!(
        silent.to_string(),
        "The plan of this account does not allow this."
    );
    let hostile = format!("\u{202e}{TOKEN}\n{}", "x".repeat(5000));
    let told = refusal(Reply::message(402, &hostile)).await.to_string();
    assert!(
        told.contains("[token]") && !told.contains('\u{202e}'),
        "{told}"
    );
    assert!(told.chars().count() < 400, "{told}");
}

#[tokio::test]
async fn rarer_statuses_have_their_meaning_too() {
    let gone = Reply::message(410, "This key was deleted.");
    assert_eq!(refusal(gone).await, Error::NotFound);
    for message in [
        "This API version is no longer available.",
        "This endpoint was removed.",
    ] {
        assert_eq!(
            refusal(Reply::message(410, message)).await,
            mismatch(Mismatch::NoKeyEndpoints)
        );
    }
    assert_eq!(refusal(Reply::page(410)).await, mismatch(Mismatch::Html));
    for reply in [
        Reply::page(419),
        Reply::message(419, "CSRF token mismatch."),
    ] {
        assert_eq!(refusal(reply).await, mismatch(Mismatch::WebForm));
    }
    for status in [202, 207] {
        let server = Server::replying(vec![Reply::json(status, &json!({"message": "Queued."}))]);
        let server = server.await;
        let client = client_with(&server, options().0);
        let id = KeyId::parse("41").unwrap();
        let deleted = client.delete_key(&id, IdempotencyKey::random()).await;
        let rotated = client.rotate_key(&id, IdempotencyKey::random()).await;
        for error in [deleted.unwrap_err(), rotated.unwrap_err()] {
            assert_eq!(error, Error::NotFinished { status });
            assert!(error.outcome_unknown());
        }
    }
}

#[tokio::test]
async fn a_422_names_its_fields() {
    let body = json!({
        "message": "The given data was invalid.",
        "errors": {"name": ["Too long.", 5, "Taken."], "team_id": "Unknown.", "odd": {}},
    });
    let Error::Invalid { fields, message } = refusal(Reply::json(422, &body)).await else {
        panic!("not invalid")
    };
    assert_eq!(message, "The given data was invalid.");
    assert_eq!(fields["name"], ["Too long.", "Taken."]);
    assert_eq!(fields["team_id"], ["Unknown."]);
    assert!(fields["odd"].is_empty());
}

#[tokio::test]
async fn a_404_that_is_not_pulseapis_own_does_not_say_that_a_key_is_gone() {
    assert_eq!(refusal(Reply::page(404)).await, mismatch(Mismatch::Html));
    assert_eq!(
        refusal(Reply::empty(404)).await,
        mismatch(Mismatch::NotJson)
    );
    assert_eq!(
        refusal(Reply::json(404, &json!("gone"))).await,
        mismatch(Mismatch::NotJson)
    );
    for moved in [
        "The route v1/api-keys/41 could not be found.",
        "no Route matched with those values",
    ] {
        assert_eq!(
            refusal(Reply::message(404, moved)).await,
            mismatch(Mismatch::NoKeyEndpoints)
        );
    }
}

#[tokio::test]
async fn a_404_of_a_gateway_that_speaks_json_does_not_say_that_a_key_is_gone() {
    for body in [
        json!({}),
        json!({"error": "not found"}),
        json!({"message": ""}),
        json!({"message": 5}),
        json!({"message": {"text": "No such key."}}),
        json!({"errors": [{"title": "Not found"}]}),
        json!({"statusCode": 404, "message": "Not Found", "error": "Not Found"}),
        json!({"status": 404, "message": "No message available", "path": "/v1/api-keys/41"}),
    ] {
        let error = refusal(Reply::json(404, &body)).await;
        assert_eq!(error, mismatch(Mismatch::ForeignNotFound), "{body}");
        assert!(
            error.outcome_unknown(),
            "another system spoke for the service"
        );
    }
    let page = [("content-type", "text/html")];
    assert_eq!(
        refusal(Reply::with(404, &page, r#"{"message": "No such key."}"#)).await,
        mismatch(Mismatch::ForeignNotFound)
    );
    let trace = json!({"message": "No such key.", "exception": "NotFoundHttpException"});
    assert_eq!(refusal(Reply::json(404, &trace)).await, Error::NotFound);
}

#[tokio::test]
async fn a_web_page_refuses_nothing_in_the_name_of_pulseapi() {
    for status in [403, 409, 422] {
        assert_eq!(
            refusal(Reply::page(status)).await,
            mismatch(Mismatch::Html),
            "{status}"
        );
    }
    let asks = mismatch(Mismatch::SignIn { origin: None });
    assert_eq!(refusal(Reply::page(401)).await, asks);
    assert!(asks.outcome_unknown());
}

#[tokio::test]
async fn a_rate_limit_says_until_when_whichever_way_it_is_told() {
    let reset = (moment(90).as_second()).to_string();
    for (headers, until) in [
        (vec![("retry-after", "30")], 30),
        (vec![("retry-after", "Sun, 01 Mar 2026 12:00:45 GMT")], 45),
        (vec![("x-ratelimit-reset", reset.as_str())], 90),
        (vec![("x-ratelimit-reset", "2026-03-01T12:01:30Z")], 90),
        (
            vec![("retry-after", "30"), ("x-ratelimit-reset", reset.as_str())],
            30,
        ),
        (
            vec![
                ("retry-after", "soon"),
                ("x-ratelimit-reset", reset.as_str()),
            ],
            90,
        ),
        (vec![("retry-after", "Sun, 01 Mar 2020 12:00:00 GMT")], 0),
        (vec![], 60),
    ] {
        let error = refusal(Reply::with(429, &headers, "slow down")).await;
        assert_eq!(
            error,
            Error::RateLimited {
                until: moment(until)
            },
            "{headers:?}"
        );
    }
    // Too far to be a time is as far as there is.
    let far = refusal(Reply::with(429, &[("retry-after", "9999999999999999")], "")).await;
    assert_eq!(
        far,
        Error::RateLimited {
            until: jiff::Timestamp::MAX
        }
    );
}

#[tokio::test]
async fn what_a_server_says_is_cut_and_cleaned() {
    let hostile = format!("\u{202e}first\nsecond\u{7}{}", "x".repeat(5000));
    let Error::Conflict { message } = refusal(Reply::message(409, &hostile)).await else {
        panic!("not a conflict")
    };
    assert!(message.starts_with("first second"));
    assert!(message.chars().count() <= 300);
    assert!(!message.chars().any(|c| c.is_control() || c == '\u{202e}'));
}
