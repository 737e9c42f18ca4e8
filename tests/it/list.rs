//! The list of keys: pages as they arrive, the cache between starts, names that mean harm.

use std::sync::Mutex;

use pulse_keys_core::view::{DeleteOutcome, ErrorCode, Friction, KeyPageArrived, KeyRow};
use sandbox::Settings;
use sandbox::faults::{Fault, Rule, VerbatimKey};
use serde_json::Value;

use crate::world::{KEY, KEYS, World, always, request, status};

#[tokio::test]
async fn ten_thousand_keys_arrive_page_by_page_and_none_twice() {
    let world = World::with(Settings {
        keys: Some(10_000),
        ..Settings::default()
    })
    .await;
    let account = world
        .connect(&world.sandbox.base_url())
        .await
        .unwrap()
        .active
        .unwrap();
    let pages = Mutex::new(Vec::new());

    let refreshed = world
        .app
        .refresh_keys(account, |page| pages.lock().unwrap().push(page))
        .await
        .unwrap();

    let pages = pages.into_inner().unwrap();
    assert!(refreshed.total >= 10_000);
    assert_eq!(
        pages[0].keys.len(),
        100,
        "the first page is there before the rest"
    );
    assert_eq!(pages.last().unwrap().loaded, refreshed.total);
    let mut ids: Vec<_> = pages
        .iter()
        .flat_map(|page| page.keys.iter().map(|key| key.id.clone()))
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), refreshed.total as usize);
    let cached = world.app.cached_keys(account).await.unwrap();
    assert_eq!(cached.keys.len(), refreshed.total as usize);
    assert_eq!(cached.fetched_at, Some(refreshed.fetched_at));
}

#[tokio::test]
async fn a_list_that_breaks_off_leaves_the_cached_one() {
    let world = World::with(Settings {
        keys: Some(250),
        ..Settings::default()
    })
    .await;
    let account = world
        .connect(&world.sandbox.base_url())
        .await
        .unwrap()
        .active
        .unwrap();
    world.app.refresh_keys(account, |_| {}).await.unwrap();
    let before = world.app.cached_keys(account).await.unwrap();

    world.fault(Rule {
        times: 20,
        ..Rule::once(
            "GET",
            "/api-keys",
            Fault::Status {
                status: 503,
                retry_after: None,
            },
        )
    });
    let error = world.app.refresh_keys(account, |_| {}).await.unwrap_err();

    assert_eq!(error.code, ErrorCode::Other);
    assert_eq!(world.app.cached_keys(account).await.unwrap(), before);
}

#[tokio::test]
async fn a_revoked_credential_is_told_as_signed_out_by_the_service() {
    let (world, account) = World::signed_in().await;
    world.fault(Rule {
        times: 5,
        ..Rule::once(
            "GET",
            "/api-keys",
            Fault::Status {
                status: 401,
                retry_after: None,
            },
        )
    });
    let error = world.app.refresh_keys(account, |_| {}).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unauthorized);
}

#[tokio::test]
async fn names_that_mean_harm_arrive_as_harmless_text() {
    let (world, account) = World::signed_in().await;
    let cases = [
        (
            "<img src=x onerror=alert(1)>",
            "<img src=x onerror=alert(1)>",
        ),
        ("safe\u{202E}gpj.exe", "safegpj.exe"),
        ("two\nlines\u{0}", "twolines"),
        ("", ""),
        ("👩\u{200D}💻 laptop", "👩\u{200D}💻 laptop"),
    ];
    for (name, _) in cases {
        world
            .faults()
            .insert_key(VerbatimKey::named(name))
            .await
            .unwrap();
    }
    world.app.refresh_keys(account, |_| {}).await.unwrap();
    let keys = world.app.cached_keys(account).await.unwrap().keys;
    for (name, shown) in cases {
        assert!(
            keys.iter().any(|key| key.name == shown),
            "{name:?} should be shown as {shown:?}"
        );
    }
}

#[tokio::test]
async fn reading_the_list_moves_no_key_but_the_apps_own() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    let before = world
        .faults()
        .key(key.id)
        .await
        .unwrap()
        .unwrap()
        .last_used_at;
    world.app.refresh_keys(account, |_| {}).await.unwrap();
    assert_eq!(
        world
            .faults()
            .key(key.id)
            .await
            .unwrap()
            .unwrap()
            .last_used_at,
        before
    );
}

fn replaced(pointer: &str, value: Value) -> Fault {
    Fault::Replaced {
        pointer: pointer.to_owned(),
        value,
    }
}

/// For both readings of a list of one page.
fn twice(fault: Fault) -> Rule {
    Rule {
        times: 2,
        ..Rule::once("GET", KEYS, fault)
    }
}

fn lists_seen(world: &World) -> usize {
    let requests = world.faults().requests();
    let lists = requests
        .iter()
        .filter(|request| request.method == "GET" && request.path.ends_with(KEYS));
    lists.count()
}

fn ids(keys: &[KeyRow]) -> Vec<String> {
    let mut ids: Vec<_> = keys.iter().map(|key| key.id.to_string()).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn a_key_that_goes_while_pages_are_read_hides_no_other() {
    let world = World::with(Settings {
        keys: Some(250),
        ..Settings::default()
    })
    .await;
    let connected = world.connect(&world.sandbox.base_url()).await.unwrap();
    let account = connected.active.unwrap();
    let first_page = Mutex::new(Vec::new());
    let keep_first = |page: KeyPageArrived| {
        let mut kept = first_page.lock().unwrap();
        if kept.is_empty() {
            *kept = page.keys;
        }
    };
    world.app.refresh_keys(account, keep_first).await.unwrap();
    let before = ids(&world.cached(account).await);
    let goes = first_page.into_inner().unwrap()[50].id.to_string();
    world.faults().clear_requests();
    // Nothing happens to the first page; the second one is read after the key went.
    world.fault(Rule::once("GET", KEYS, Fault::Delay { milliseconds: 0 }));
    let key = goes.parse().unwrap();
    world.fault(Rule::once("GET", KEYS, Fault::DeleteFirst { key }));

    let refreshed = world.app.refresh_keys(account, |_| {}).await.unwrap();

    let mut expected = before;
    expected.retain(|id| *id != goes);
    assert_eq!(ids(&world.cached(account).await), expected);
    assert_eq!((refreshed.incomplete, refreshed.read_twice), (None, true));
    assert_eq!(refreshed.total as usize, expected.len());
    assert_eq!(
        lists_seen(&world),
        2 * 3,
        "read once more, and not again and again"
    );
}

#[tokio::test]
async fn a_list_that_is_shorter_than_it_says_is_read_once_more_and_then_told_and_takes_no_key_away()
{
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    let before = world.refreshed(account).await;
    let fetched_at = world.app.cached_keys(account).await.unwrap().fetched_at;
    // The key is not sent, and all keys are counted.
    let others: Vec<Value> = world.raw_list().await;
    let total = others.len();
    let others: Vec<Value> = others
        .into_iter()
        .filter(|other| other["id"] != key.id)
        .collect();
    let sent = others.len();
    assert_eq!(sent + 1, total);
    world.faults().clear_requests();
    world.fault(twice(replaced("/data", Value::from(others))));

    let refreshed = world.app.refresh_keys(account, |_| {}).await.unwrap();

    let told = format!("The list is incomplete: PulseAPI reports {total} keys and sent {sent}.");
    assert_eq!(refreshed.incomplete, Some(told));
    assert_eq!(lists_seen(&world), 2);
    let cached = world.app.cached_keys(account).await.unwrap();
    assert_eq!(ids(&cached.keys), ids(&before), "no live key vanishes");
    assert_eq!(
        cached.fetched_at, fetched_at,
        "it was whole when it was whole"
    );

    let whole = world.app.refresh_keys(account, |_| {}).await.unwrap();
    assert_eq!((whole.incomplete, whole.read_twice), (None, false));
}

#[tokio::test]
async fn a_list_that_is_not_whole_answers_no_open_question() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    // A deletion that the server did not carry out, and whose outcome stays open.
    world.meanwhile(|faults| {
        // The look right before the deletion still gets its answer.
        faults
            .inject(Rule::once("GET", KEY, Fault::Delay { milliseconds: 0 }))
            .unwrap();
        faults
            .inject(always("DELETE", KEY, Fault::DropBefore))
            .unwrap();
        for path in [KEYS, KEY] {
            faults.inject(always("GET", path, status(503))).unwrap();
        }
    });
    let outcome = world.delete(account, key.id).await;
    assert!(
        matches!(outcome, DeleteOutcome::Unknown { .. }),
        "{outcome:?}"
    );
    world.faults().clear();
    let others: Vec<Value> = world.raw_list().await;
    let others: Vec<Value> = others
        .into_iter()
        .filter(|other| other["id"] != key.id)
        .collect();
    world.fault(twice(replaced("/data", Value::from(others))));

    let refreshed = world.app.refresh_keys(account, |_| {}).await.unwrap();

    assert!(refreshed.incomplete.is_some());
    assert!(!refreshed.settled, "a short list proves nothing");
    let cached = world.cached(account).await;
    assert!(
        cached
            .iter()
            .any(|row| row.id.as_str() == key.id.to_string())
    );
    let settled = world.app.refresh_keys(account, |_| {}).await.unwrap();
    assert!(settled.settled, "a whole one does: the key is alive");
    assert!(world.exists(key.id).await);
}

#[tokio::test]
async fn one_date_that_can_not_be_read_hides_no_key_and_is_not_never_used() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    let place = world
        .raw_list()
        .await
        .iter()
        .position(|row| row["id"] == key.id)
        .unwrap();
    let before = world.refreshed(account).await;
    let odd = format!("/data/{place}/last_used_at");
    world.fault(Rule::once(
        "GET",
        KEYS,
        replaced(&odd, Value::from("a while ago")),
    ));

    let refreshed = world.app.refresh_keys(account, |_| {}).await.unwrap();

    assert_eq!((refreshed.incomplete, refreshed.read_twice), (None, false));
    let after = world.cached(account).await;
    assert_eq!(ids(&after), ids(&before));
    let row = after
        .iter()
        .find(|row| row.id.as_str() == key.id.to_string())
        .unwrap();
    assert_eq!((row.last_used_at, row.last_use_known), (None, false));
    let card = world
        .app
        .delete_card(&request(account, key.id))
        .await
        .unwrap();
    assert!(
        card.friction < Friction::TypePhrase,
        "the record itself can be read: {:?}",
        card.friction
    );
    world.fault(Rule::once(
        "GET",
        KEY,
        replaced("/data/last_used_at", Value::from("a while ago")),
    ));
    let card = world
        .app
        .delete_card(&request(account, key.id))
        .await
        .unwrap();
    assert_eq!(
        card.friction,
        Friction::TypePhrase,
        "not taken for a key that nothing uses"
    );
}

#[tokio::test]
async fn a_key_that_can_not_be_read_hides_no_other_and_is_told() {
    let (world, account) = World::signed_in().await;
    let before = world.refreshed(account).await;
    world.fault(twice(replaced("/data/1/id", Value::Null)));

    let refreshed = world.app.refresh_keys(account, |_| {}).await.unwrap();

    let told = "The list is incomplete: one of the keys that PulseAPI sent can't be read.";
    assert_eq!(refreshed.incomplete.as_deref(), Some(told));
    assert_eq!(ids(&world.cached(account).await), ids(&before));
}

#[tokio::test]
async fn a_list_that_never_was_whole_is_remembered_as_such() {
    let (mut world, account) = World::with_keychain().await;
    world.fault(twice(replaced("/meta/total", Value::from(1000))));
    let refreshed = world.app.refresh_keys(account, |_| {}).await.unwrap();
    assert!(refreshed.incomplete.is_some());
    world.restart();
    let cached = world.app.cached_keys(account).await.unwrap();
    assert_eq!(cached.fetched_at, None);
    assert_eq!(cached.keys.len(), refreshed.total as usize);
}
