//! The ways in which servers tell of further pages, or don't, and when a list is whole.

use pulseapi::{Error, KeyPage};
use serde_json::{Value, json};

use crate::listing::{asked_page, ids, pages, verdict};
use crate::support::{Reply, Request, Server, key};

#[tokio::test]
async fn a_bare_list_is_asked_on_until_nothing_new_comes() {
    let all: Vec<u32> = (1..=250).collect();
    for wrapped in [false, true] {
        // As many to a page as it likes, and no word on how many there are.
        for size in [15, 100, 250, 300] {
            let keys = all.clone();
            let server = Server::answering(move |request| {
                let from = size * (asked_page(request) as usize - 1);
                let keys = keys.iter().skip(from).take(size).map(|id| key(*id));
                let keys: Vec<Value> = keys.collect();
                let body = if wrapped {
                    json!({"data": keys})
                } else {
                    json!(keys)
                };
                Reply::json(200, &body)
            })
            .await;
            let pages = pages(&server).await;
            assert_eq!(ids(&pages).concat().len(), 250, "{size}");
            assert!(pages.iter().all(|page| page.as_ref().unwrap().adds_up));
        }
    }
}

#[tokio::test]
async fn a_server_that_gives_all_whatever_page_is_asked_for_is_whole_unless_that_may_be_a_page() {
    for (count, is_whole) in [(1, true), (3, true), (100, false), (15, false), (250, true)] {
        let keys: Vec<Value> = (1..=count).map(key).collect();
        let server = Server::answering(move |_| Reply::json(200, &json!(keys))).await;
        let pages = pages(&server).await;
        assert_eq!(ids(&pages).concat().len(), count as usize);
        let (adds_up, repeats) = verdict(&pages);
        assert_eq!((adds_up, repeats), (is_whole, !is_whole), "{count}");
    }
}

#[tokio::test]
async fn a_server_that_repeats_its_last_page_or_denies_the_next_has_no_more() {
    let clamped = Server::answering(|request| match asked_page(request) {
        1 => Reply::json(200, &json!([key(1), key(2)])),
        _ => Reply::json(200, &json!([key(3)])),
    })
    .await;
    let found = pages(&clamped).await;
    assert_eq!(ids(&found).concat(), ["1", "2", "3"]);
    assert_eq!(verdict(&found), (true, false));

    // One refusal may be a gateway's: the list may be incomplete.
    for reply in [
        Reply::message(404, "Invalid page."),
        Reply::message(422, "Invalid page."),
        Reply::page(404),
    ] {
        let server = Server::answering(move |request| match asked_page(request) {
            1 => Reply::json(200, &json!([key(1), key(2)])),
            _ => reply.clone(),
        })
        .await;
        let found = pages(&server).await;
        assert_eq!(ids(&found).concat(), ["1", "2"]);
        assert_eq!(verdict(&found), (false, false));
    }
    let failing = Server::answering(|request| match asked_page(request) {
        1 => Reply::json(200, &json!([key(1)])),
        _ => Reply::message(401, "Unauthenticated."),
    })
    .await;
    assert_eq!(
        pages(&failing).await.pop().unwrap(),
        Err(Error::Unauthorized)
    );
}

/// A list of 250 that is asked for by what this makes of the request, and told of by what that makes of page and body.
async fn paged(
    asked: fn(&Request) -> u32,
    told: fn(u32, u32, Value) -> Reply,
) -> (Vec<Result<KeyPage, Error>>, Vec<String>) {
    let server = Server::answering(move |request| {
        let page = asked(request);
        let keys: Vec<Value> = (1..=250)
            .skip(100 * (page as usize - 1))
            .take(100)
            .map(key)
            .collect();
        told(page, 3, json!(keys))
    })
    .await;
    let pages = pages(&server).await;
    let targets = server.requests().into_iter().map(|request| request.target);
    (pages, targets.collect())
}

#[tokio::test]
async fn the_plain_paginators_of_the_framework_are_read() {
    let whole = paged(asked_page, |page, last, keys| {
        Reply::json(200, &flat_page(page, last, &keys, true))
    });
    let nested = paged(asked_page, |page, last, keys| {
        Reply::json(200, &json!({"data": flat_page(page, last, &keys, true)}))
    });
    let simple = paged(asked_page, |page, last, keys| {
        Reply::json(200, &flat_page(page, last, &keys, false))
    });
    for (pages, targets) in [whole.await, nested.await, simple.await] {
        assert_eq!(ids(&pages).concat().len(), 250);
        assert_eq!(verdict(&pages), (true, false));
        assert_eq!(targets.len(), 3, "{targets:?}");
    }
}

/// A page as Laravel's `paginate()` writes it, or its `simplePaginate()`, which counts nothing.
fn flat_page(page: u32, last: u32, keys: &Value, is_counted: bool) -> Value {
    let next = (page < last).then(|| format!("https://elsewhere.example/?page={}", page + 1));
    let mut body = json!({
        "current_page": page, "data": keys, "from": 1, "per_page": 100, "to": 100,
        "path": "https://elsewhere.example/", "next_page_url": next, "prev_page_url": null,
    });
    if is_counted {
        body["last_page"] = json!(last);
        body["total"] = json!(250);
        body["links"] = json!([{"url": null, "label": "&laquo; Previous", "active": false}]);
    }
    body
}

fn asked_cursor(request: &Request) -> u32 {
    let cursor = request.query("cursor");
    cursor.map_or(1, |cursor| {
        cursor.strip_prefix("c%3D").unwrap().parse().unwrap()
    })
}

#[tokio::test]
async fn a_cursor_leads_to_the_next_page() {
    let within_meta = paged(asked_cursor, |page, last, keys| {
        let next = (page < last).then(|| format!("c={}", page + 1));
        let link = next
            .as_ref()
            .map(|_| "https://elsewhere.example/?cursor=other");
        Reply::json(
            200,
            &json!({"data": keys, "links": {"next": link}, "meta": {"next_cursor": next}}),
        )
    });
    let beside_data = paged(asked_cursor, |page, last, keys| {
        let next = (page < last).then(|| format!("c={}", page + 1));
        Reply::json(200, &json!({"data": keys, "next_cursor": next}))
    });
    for (pages, targets) in [within_meta.await, beside_data.await] {
        assert_eq!(ids(&pages).concat().len(), 250);
        assert_eq!(verdict(&pages), (true, false));
        assert_eq!(targets[1], "/v1/api-keys?cursor=c%3D2&per_page=100");
    }
}

#[tokio::test]
async fn a_link_is_followed_at_our_own_address_whatever_its_origin() {
    let asked = |request: &Request| {
        let after = request.query("after");
        after.map_or(1, |after| after.parse().unwrap())
    };
    let by_header = paged(asked, |page, last, keys| {
        let link = if page < last {
            let next = page + 1;
            format!("<https://elsewhere.example/keys?after={next}&per_page=100>; rel=\"next\"")
        } else {
            "</keys?after=1>; rel=\"prev\"".to_owned()
        };
        Reply::with(200, &[("link", &link)], &keys.to_string())
    });
    let by_body = paged(asked, |page, last, keys| {
        let next = (page < last).then(|| format!("//elsewhere.example/x?after={}", page + 1));
        Reply::json(200, &json!({"data": keys, "links": {"next": next}}))
    });
    for (pages, targets) in [by_header.await, by_body.await] {
        assert_eq!(ids(&pages).concat().len(), 250);
        assert_eq!(verdict(&pages), (true, false));
        assert_eq!(
            targets[1..],
            [
                "/v1/api-keys?after=2&per_page=100",
                "/v1/api-keys?after=3&per_page=100"
            ]
        );
    }
}

#[tokio::test]
async fn a_count_that_is_not_reached_is_a_reason_to_ask_on() {
    let (pages, _) = paged(asked_page, |_, _, keys| {
        Reply::json(200, &json!({"data": keys, "total": 250}))
    })
    .await;
    assert_eq!(ids(&pages).concat().len(), 250);
    assert_eq!(verdict(&pages), (true, false));
}
