//! The list of keys: pages as the service is assumed to give them, and where it ends. Other ways: `paging`.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::StreamExt;
use pulseapi::{Error, KeyPage, Mismatch};
use serde_json::{Value, json};

use crate::support::{Reply, Request, Server, client, key, mismatch};

pub(crate) async fn pages(server: &Server) -> Vec<Result<KeyPage, Error>> {
    client(server).keys().collect().await
}

pub(crate) fn ids(pages: &[Result<KeyPage, Error>]) -> Vec<Vec<String>> {
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

/// Whether the list adds up, and whether the same keys came again.
pub(crate) fn verdict(pages: &[Result<KeyPage, Error>]) -> (bool, bool) {
    let pages: Vec<_> = pages.iter().map(|page| page.as_ref().unwrap()).collect();
    (
        pages.iter().all(|page| page.adds_up),
        pages.iter().any(|page| page.repeats),
    )
}

pub(crate) fn asked_page(request: &Request) -> u32 {
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
async fn the_same_page_again_and_again_is_given_once_and_no_whole_list() {
    for body in [
        json!({"data": [key(1), key(2)], "meta": {"last_page": 9}}),
        json!({"data": [key(1), key(2)], "next_cursor": "same"}),
        json!({"data": [key(1), key(2)], "has_more": true}),
    ] {
        let server = Server::replying(vec![Reply::json(200, &body)]).await;
        let pages = pages(&server).await;
        assert_eq!(ids(&pages).concat(), ["1", "2"]);
        assert_eq!(verdict(&pages), (false, true));
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_list_that_always_has_more_is_given_up() {
    let server =
        Server::answering(|request| laravel_page(&[asked_page(request)], 1, u32::MAX)).await;
    let pages = pages(&server).await;
    let goes_on = Mismatch::LongList { pages: 2000 };
    assert_eq!(pages.last().unwrap(), &Err(mismatch(goes_on)));
    assert_eq!(pages.len(), 2000);
}

#[tokio::test]
async fn a_list_of_more_than_a_thousand_pages_is_whole() {
    let server = Server::answering(|request| {
        laravel_page(&[asked_page(request)], asked_page(request), 1001)
    })
    .await;
    let pages = pages(&server).await;
    assert!(pages.iter().all(Result::is_ok));
    assert_eq!(pages.len(), 1001);
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
async fn a_key_that_can_not_be_read_hides_no_other_and_is_counted() {
    let mut without_id = key(2);
    without_id["id"] = Value::Null;
    let mut odd_name = key(3);
    odd_name["name"] = json!({"en": "CI"});
    let list = json!({"data": [key(1), without_id, odd_name, "key", key(4)]});
    let server = Server::replying(vec![Reply::json(200, &list)]).await;
    let pages = pages(&server).await;
    assert_eq!(ids(&pages).concat(), ["1", "4"]);
    let page = pages[0].as_ref().unwrap();
    assert_eq!((page.unreadable, page.adds_up), (3, false));
}

#[tokio::test]
async fn a_page_on_which_no_key_can_be_read_is_none_of_keys() {
    let mut bad = key(2);
    bad["id"] = Value::Null;
    let server = Server::replying(vec![Reply::json(200, &json!({"data": [bad, "key"]}))]).await;
    let reason = Mismatch::Shape {
        path: "data[0].id".into(),
    };
    assert_eq!(pages(&server).await, [Err(mismatch(reason))]);
}

#[tokio::test]
async fn a_date_that_can_not_be_read_hides_no_key_and_is_not_never() {
    let mut odd = key(2);
    for field in ["last_used_at", "created_at", "rotated_at"] {
        odd[field] = json!("a while ago");
    }
    let server = Server::replying(vec![laravel(&json!([key(1), odd, key(3)]), 1, 1, 3)]).await;
    let pages = pages(&server).await;
    assert_eq!(ids(&pages), [vec!["1", "2", "3"]]);
    let page = pages[0].as_ref().unwrap();
    assert!(page.adds_up, "an odd date is no missing key");
    let odd = &page.keys[1];
    assert_eq!(
        (odd.last_used_at, odd.created_at, odd.rotated_at),
        (None, None, None)
    );
    assert!(!odd.last_use_reported && !odd.rotation_reported);
    assert!(page.keys[0].last_use_reported && page.keys[0].rotation_reported);
}

fn laravel(keys: &Value, page: u32, last: u32, total: u32) -> Reply {
    let next = (page < last).then_some("https://elsewhere.example/?page=2");
    let meta = json!({"current_page": page, "last_page": last, "total": total});
    Reply::json(
        200,
        &json!({"data": keys, "links": {"next": next}, "meta": meta}),
    )
}

/// Whether the list of these pages, asked for in turn, adds up page by page.
async fn adding_up(replies: Vec<Reply>) -> Vec<bool> {
    let server = Server::replying(replies).await;
    let pages = pages(&server).await;
    pages
        .iter()
        .map(|page| page.as_ref().unwrap().adds_up)
        .collect()
}

async fn one(body: Value) -> bool {
    let pages = adding_up(vec![Reply::json(200, &body)]).await;
    pages.iter().all(|adds_up| *adds_up)
}

#[tokio::test]
async fn a_list_adds_up_if_count_pages_and_ids_agree() {
    let (first, second) = (json!([key(1), key(2)]), json!([key(3)]));
    let whole = vec![laravel(&first, 1, 2, 3), laravel(&second, 2, 2, 3)];
    assert_eq!(adding_up(whole).await, [true, true]);
    assert!(
        one(json!([key(1)])).await,
        "a bare list has nothing to disagree with"
    );
    assert!(one(json!({"data": []})).await);
    assert!(
        one(json!({"data": [], "meta": {"current_page": "1", "last_page": "1", "total": "0"}}))
            .await
    );
    assert!(
        one(json!({"data": [], "meta": {"current_page": 1, "last_page": 0, "total": 0}})).await
    );

    let short = vec![laravel(&first, 1, 2, 4), laravel(&second, 2, 2, 4)];
    assert_eq!(adding_up(short).await, [true, false], "fewer than it says");
    let long = vec![laravel(&first, 1, 2, 2), laravel(&second, 2, 2, 2)];
    assert_eq!(adding_up(long).await, [true, false], "more than it says");
    // 100 of 250 gone while the list is read: the count is right at last, and a key is missing.
    let changed = vec![laravel(&first, 1, 2, 4), laravel(&second, 2, 2, 3)];
    assert_eq!(adding_up(changed).await, [true, false], "the count changed");
    let shrunk = vec![laravel(&first, 1, 3, 3), laravel(&second, 2, 2, 3)];
    assert_eq!(
        adding_up(shrunk).await,
        [true, false],
        "the number of pages changed"
    );
    let again = vec![
        laravel(&first, 1, 2, 3),
        laravel(&json!([key(2), key(3)]), 2, 2, 3),
    ];
    assert_eq!(adding_up(again).await, [true, false], "an id twice");
    let early = vec![laravel(&first, 1, 3, 3), laravel(&json!([]), 2, 3, 3)];
    assert_eq!(
        adding_up(early).await,
        [true, false],
        "empty before the last"
    );
}

#[tokio::test]
async fn what_a_page_says_of_the_list_must_be_readable_and_agree_with_itself() {
    let twice = json!([key(1), key(1)]);
    assert!(!one(twice).await, "an id twice on one page");
    for meta in [
        json!({"total": 2}),
        json!({"total": "some"}),
        json!({"total": -1}),
        json!({"total": 5_000_000_000_u64}),
        json!({"current_page": 2}),
        json!({"current_page": "first"}),
        json!({"last_page": []}),
    ] {
        let body = json!({"data": [key(1)], "meta": meta});
        assert!(!one(body.clone()).await, "{body}");
    }
    let body = json!({"data": [key(1)], "links": {"next": "…"}, "meta": {"last_page": 1}});
    assert!(!one(body).await, "a next page after the last");
    let body = json!({"data": [key(1)], "total": 2, "last_page": 1});
    assert!(!one(body).await, "beside data, as a plain paginator has it");
}

#[tokio::test]
async fn more_pages_are_asked_for_wherever_they_are_named() {
    for (headers, beside) in [
        (
            vec![("link", "</v1/api-keys?page=2>; rel=\"next\"")],
            json!({}),
        ),
        (vec![], json!({"next_page_url": "/v1/api-keys?page=2"})),
        (vec![], json!({"has_more": true})),
        (
            vec![],
            json!({"last_page": 2, "links": [{"url": null, "label": "1"}]}),
        ),
    ] {
        let server = Server::answering(move |request| {
            let page = asked_page(request);
            let (headers, mut body) = match page {
                1 => (headers.clone(), beside.clone()),
                _ => (vec![], json!({})),
            };
            body["data"] = json!([key(page)]);
            Reply::with(200, &headers, &body.to_string())
        })
        .await;
        assert_eq!(ids(&pages(&server).await), [vec!["1"], vec!["2"]]);
    }
}

/// The first two pages of three are read, and the second leads on from another process.
async fn resumed(server: &Server) -> Option<Vec<Result<KeyPage, Error>>> {
    let read: Vec<_> = client(server).keys().take(2).collect().await;
    let read: Vec<KeyPage> = read.into_iter().map(Result::unwrap).collect();
    let seen = read.iter().flat_map(|page| &page.keys);
    let seen = seen.map(|key| key.id.clone()).collect();
    let kept = serde_json::to_string(read[1].checkpoint.as_ref().unwrap()).unwrap();
    let checkpoint = serde_json::from_str(&kept).unwrap();
    let pages = client(server).resume_keys(checkpoint, seen).await.unwrap();
    Some(pages?.collect().await)
}

#[tokio::test]
async fn a_list_goes_on_behind_a_page_that_was_read_earlier_however_pages_are_asked_for() {
    let numbered = Server::answering(|request| match asked_page(request) {
        1 => laravel_page(&[1, 2], 1, 3),
        2 => laravel_page(&[3, 4], 2, 3),
        _ => laravel_page(&[5], 3, 3),
    })
    .await;
    let by_cursor = Server::answering(|request| {
        let (ids, next) = match request.query("cursor") {
            None => ([1, 2], Some("b")),
            Some("b") => ([3, 4], Some("c")),
            Some(_) => ([5, 6], None),
        };
        Reply::json(
            200,
            &json!({"data": ids.map(key), "meta": {"next_cursor": next}}),
        )
    })
    .await;
    for (server, last) in [(numbered, vec!["5"]), (by_cursor, vec!["5", "6"])] {
        let pages = resumed(&server).await.unwrap();
        assert_eq!(ids(&pages), [last]);
        assert_eq!(verdict(&pages), (true, false));
        assert!(pages[0].as_ref().unwrap().checkpoint.is_none());
        let asked = server.requests().len();
        assert_eq!(
            asked, 5,
            "the first and the second page are looked at again"
        );
    }
}

#[tokio::test]
async fn a_list_does_not_go_on_where_keys_came_or_went() {
    let changes: [(&str, [&[u32]; 2], u32); 4] = [
        ("one came on the first page", [&[9, 1], &[3, 4]], 5),
        ("keys moved over the edge", [&[1, 2], &[4, 5]], 5),
        ("there is one more", [&[1, 2], &[3, 4]], 6),
        ("the page is gone", [&[1, 2], &[]], 5),
    ];
    for (what, [first, second], total) in changes {
        let asked = AtomicU32::new(0);
        let server = Server::answering(move |request| {
            let is_before = asked.fetch_add(1, Ordering::SeqCst) < 2;
            let (first, second, total) = if is_before {
                (&[1, 2][..], &[3, 4][..], 5)
            } else {
                (first, second, total)
            };
            let page = asked_page(request);
            let ids = if page == 1 { first } else { second };
            let keys: Vec<Value> = ids.iter().map(|id| key(*id)).collect();
            let meta = json!({"current_page": page, "last_page": 3, "total": total});
            Reply::json(200, &json!({"data": keys, "meta": meta}))
        })
        .await;
        assert!(resumed(&server).await.is_none(), "{what}");
    }
}
