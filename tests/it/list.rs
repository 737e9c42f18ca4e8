//! The list of keys: pages as they arrive, the cache between starts, names that mean harm.

use std::sync::Mutex;

use pulse_keys_core::view::ErrorCode;
use sandbox::Settings;
use sandbox::faults::{Fault, Rule, VerbatimKey};

use crate::world::World;

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
