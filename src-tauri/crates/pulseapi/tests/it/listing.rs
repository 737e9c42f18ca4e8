//! The list of keys: pages, and where it ends.

use futures_util::StreamExt;
use pulseapi::{Error, KeyPage, Mismatch};
use serde_json::{Value, json};

use crate::support::{Reply, Request, Server, client, key, mismatch};

async fn pages(server: &Server) -> Vec<Result<KeyPage, Error>> {
    client(server).keys().collect().await
}

fn ids(pages: &[Result<KeyPage, Error>]) -> Vec<Vec<String>> {
    pages
        .iter()
        .map(|page| {
            page.as_ref()
                .unwrap()
                .keys
                .iter()
                .map(|key| key.id.to_string())
                .collect()
        })
        .collect()
}

fn asked_page(request: &Request) -> u32 {
    request.query("page").unwrap().parse().unwrap()
}

fn laravel_page(keys: &[u32], page: u32, last: u32) -> Reply {
    let keys: Vec<Value> = keys.iter().map(|id| key(*id)).collect();
    let next = (page < last).then_some("https://elsewhere.example/?page=2");
    Reply::json(
        200,
        &json!({
            "data": keys,
            "links": {"next": next},
            "meta": {"current_page": page, "last_page": last, "total": 5},
        }),
    )
}

#[tokio::test]
async fn every_page_is_asked_for_at_our_own_address_up_to_the_last() {
    let server = Server::answering(|request| match asked_page(request) {
        1 => laravel_page(&[1, 2], 1, 3),
        2 => laravel_page(&[3, 4], 2, 3),
        _ => laravel_page(&[5], 3, 3),
    })
    .await;
    let pages = pages(&server).await;
    assert_eq!(ids(&pages), [vec!["1", "2"], vec!["3", "4"], vec!["5"]]);
    let first = pages[0].as_ref().unwrap();
    assert_eq!(
        (first.page, first.last_page, first.total),
        (1, Some(3), Some(5))
    );
    let targets: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.target)
        .collect();
    assert_eq!(targets[2], "/v1/api-keys?page=3&per_page=100");
    assert_eq!(targets.len(), 3);
}

#[tokio::test]
async fn a_bare_list_is_one_page() {
    let server = Server::replying(vec![Reply::json(200, &json!([key(1), key(2)]))]).await;
    assert_eq!(ids(&pages(&server).await), [vec!["1", "2"]]);
}

#[tokio::test]
async fn without_a_last_page_the_list_ends_where_no_next_is_named() {
    let server = Server::answering(|request| {
        let page = asked_page(request);
        let next = (page < 2).then_some("/api-keys?page=2");
        Reply::json(200, &json!({"data": [key(page)], "links": {"next": next}}))
    })
    .await;
    assert_eq!(ids(&pages(&server).await), [vec!["1"], vec!["2"]]);
}

#[tokio::test]
async fn no_keys_is_one_empty_page() {
    let server = Server::replying(vec![laravel_page(&[], 1, 1)]).await;
    assert_eq!(ids(&pages(&server).await), [Vec::<String>::new()]);
}

#[tokio::test]
async fn a_key_that_slides_to_the_next_page_meanwhile_is_given_once() {
    let server = Server::answering(|request| match asked_page(request) {
        1 => laravel_page(&[1, 2], 1, 2),
        _ => laravel_page(&[2, 3], 2, 2),
    })
    .await;
    assert_eq!(ids(&pages(&server).await), [vec!["1", "2"], vec!["3"]]);
}

#[tokio::test]
async fn a_list_that_shrinks_meanwhile_ends_with_an_empty_page() {
    let server = Server::answering(|request| match asked_page(request) {
        1 => laravel_page(&[1, 2], 1, 3),
        _ => laravel_page(&[], 2, 3),
    })
    .await;
    assert_eq!(pages(&server).await.len(), 2);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_same_page_again_and_again_is_an_error_and_no_endless_list() {
    let server = Server::replying(vec![laravel_page(&[1, 2], 1, 9)]).await;
    let pages = pages(&server).await;
    assert_eq!(pages.last().unwrap(), &Err(mismatch(Mismatch::EndlessList)));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_list_that_always_has_more_is_given_up() {
    let server =
        Server::answering(|request| laravel_page(&[asked_page(request)], 1, u32::MAX)).await;
    let pages = pages(&server).await;
    assert_eq!(pages.last().unwrap(), &Err(mismatch(Mismatch::EndlessList)));
    assert_eq!(pages.len(), 1000);
}

#[tokio::test]
async fn an_error_ends_the_list_and_keeps_what_came_before() {
    let server = Server::answering(|request| match asked_page(request) {
        1 => laravel_page(&[1], 1, 3),
        _ => Reply::message(401, "Unauthenticated."),
    })
    .await;
    let pages = pages(&server).await;
    assert_eq!(pages.len(), 2);
    assert_eq!(pages[1], Err(Error::Unauthorized));
}

#[tokio::test]
async fn a_bad_key_is_named_by_its_place_in_the_list() {
    let mut bad = key(2);
    bad["id"] = Value::Null;
    let server = Server::replying(vec![Reply::json(200, &json!({"data": [key(1), bad]}))]).await;
    let reason = Mismatch::Shape {
        path: "data[1].id".into(),
    };
    assert_eq!(pages(&server).await, [Err(mismatch(reason))]);
}
