//! `openapi.yaml`: the calls of the client are in it, and everything in it says where it is from.

use pulseapi::{IdempotencyKey, KeyId, NewKey};
use serde_json::Value;

use crate::support::{Reply, Server, client};

fn description() -> Value {
    serde_saphyr::from_str(include_str!("../../openapi.yaml")).unwrap()
}

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// Every operation as `(method, path, what it says)`.
fn operations(description: &Value) -> Vec<(String, String, &Value)> {
    let mut found = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if METHODS.contains(&method.as_str()) {
                found.push((method.to_uppercase(), path.clone(), operation));
            }
        }
    }
    found
}

fn says_its_source(part: &Value) -> bool {
    matches!(part["x-source"].as_str(), Some("documented" | "assumed"))
}

#[tokio::test]
async fn every_call_is_described_with_its_method_and_path() {
    let server = Server::replying(vec![Reply::message(400, "no")]).await;
    let client = client(&server);
    let id = KeyId::parse("41").unwrap();
    let new = NewKey {
        name: "CI".into(),
        abilities: vec!["*".into()],
        team: None,
    };
    // What they answer does not matter here, only what they ask.
    let _ = client.user().await;
    let _ = futures_util::StreamExt::next(&mut client.keys()).await;
    let _ = client.key(&id).await;
    let _ = client.abilities().await;
    let _ = client.create_key(&new, IdempotencyKey::random()).await;
    let _ = client.rotate_key(&id, IdempotencyKey::random()).await;
    let _ = client.delete_key(&id, IdempotencyKey::random()).await;

    let asked: Vec<_> = server
        .requests()
        .iter()
        .map(|request| {
            let path = request
                .path()
                .strip_prefix("/v1")
                .unwrap()
                .replace("41", "{id}");
            (request.method.clone(), path)
        })
        .collect();
    let description = description();
    let mut described: Vec<_> = operations(&description)
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect();
    assert_eq!(asked.len(), 7);
    for call in &asked {
        assert!(described.contains(call), "{call:?} is not in openapi.yaml");
    }
    // And the other way round: whatever is described for people and keys is used.
    described.retain(|(_, path)| path.starts_with("/user") || path.starts_with("/api-keys"));
    for call in &described {
        assert!(asked.contains(call), "{call:?} is described but not called");
    }
}

#[tokio::test]
async fn what_a_token_is_tried_with_is_described() {
    let server = Server::replying(vec![Reply::message(404, "Not found.")]).await;
    let _ = client(&server).check_token().await;
    let description = description();
    let described = operations(&description);
    let asked = server.requests();
    assert_eq!(asked.len(), 4);
    for request in asked {
        let path = request.path().strip_prefix("/v1").unwrap();
        let is_described = described
            .iter()
            .any(|(method, known, _)| *method == request.method && known == path);
        assert!(is_described, "{path} is not in openapi.yaml");
    }
}

#[test]
fn every_operation_and_schema_says_whether_it_is_documented_or_assumed() {
    let description = description();
    for (method, path, operation) in operations(&description) {
        assert!(
            says_its_source(operation),
            "{method} {path} has no x-source"
        );
    }
    for (name, schema) in description["components"]["schemas"].as_object().unwrap() {
        assert!(says_its_source(schema), "schema {name} has no x-source");
    }
}

#[test]
fn the_addresses_that_are_tried_are_the_described_ones() {
    let description = description();
    let servers: Vec<_> = description["servers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|server| server["url"].as_str().unwrap().to_owned())
        .collect();
    let tried: Vec<_> = crate::support::base(pulseapi::BaseUrl::DOCUMENTED)
        .candidates()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(tried, servers);
}
