//! A long list whose reading broke off: it goes on where it was, unless keys may have moved meanwhile.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::SignedDuration;
use pulse_keys_core::view::{AccountId, KeyPageArrived, KeyRow, KeysRefreshed};
use pulseapi::Clock as _;
use sandbox::Settings;
use sandbox::faults::{Fault, Rule};

use crate::world::{KEYS, World, status};

/// Thirty pages of keys, of which the twenty-fifth did not come. The app was started again since.
async fn broken_off() -> (World, AccountId) {
    let settings = Settings {
        keys: Some(3000),
        ..Settings::default()
    };
    let (mut world, account) = World::with_keychain_of(settings).await;
    break_off(&world, account).await;
    world.restart();
    (world, account)
}

/// Reads the list, of which no page comes behind the twenty-fourth.
async fn break_off(world: &World, account: AccountId) {
    let is_broken = AtomicBool::new(false);
    let on_page = |page: KeyPageArrived| {
        if page.loaded >= 2400 && !is_broken.swap(true, Ordering::SeqCst) {
            world.fault(Rule {
                times: 4,
                ..Rule::once("GET", KEYS, status(503))
            });
        }
    };
    let error = world.app.refresh_keys(account, on_page).await.unwrap_err();
    assert!(error.message.contains("503"), "{error:?}");
    world.faults().clear();
    world.faults().clear_requests();
}

/// Refreshes, and gives the numbers of the pages that were asked for and how many keys the window was given.
async fn refresh(world: &World, account: AccountId) -> (KeysRefreshed, Vec<u32>, usize) {
    let given = Mutex::new(Vec::<KeyRow>::new());
    let on_page = |page: KeyPageArrived| given.lock().unwrap().extend(page.keys);
    let refreshed = world.app.refresh_keys(account, on_page).await.unwrap();
    let requests = world.faults().requests();
    let lists = requests
        .iter()
        .filter(|request| request.path.ends_with(KEYS));
    let pages = lists.map(|request| {
        let query = request.query.as_deref().unwrap();
        let page = query.split('&').find_map(|part| part.strip_prefix("page="));
        page.unwrap().parse().unwrap()
    });
    let mut given: Vec<_> = given
        .into_inner()
        .unwrap()
        .into_iter()
        .map(|key| key.id)
        .collect();
    given.sort();
    given.dedup();
    (refreshed, pages.collect(), given.len())
}

async fn assert_whole(world: &World, account: AccountId) {
    let mut cached: Vec<i64> = world
        .cached(account)
        .await
        .iter()
        .map(|key| key.id.as_str().parse().unwrap())
        .collect();
    cached.sort_unstable();
    let mut keys: Vec<i64> = world
        .faults()
        .keys()
        .unwrap()
        .iter()
        .map(|key| key.id)
        .collect();
    keys.sort_unstable();
    assert_eq!(cached, keys);
}

#[tokio::test]
async fn a_list_that_broke_off_goes_on_after_a_restart() {
    let (world, account) = broken_off().await;
    let restarted = world.time.now();

    let (refreshed, pages, given) = refresh(&world, account).await;

    // The first page, and the last one that it had, are looked at again.
    assert_eq!(pages, [1, 24, 25, 26, 27, 28, 29, 30, 31]);
    assert_eq!(given, refreshed.total as usize, "the window has them all");
    assert_eq!(refreshed.incomplete, None);
    assert!(
        refreshed.fetched_at < restarted,
        "it is as old as its first page"
    );
    assert_whole(&world, account).await;
    world.faults().clear_requests();
    let (_, pages, _) = refresh(&world, account).await;
    assert_eq!(pages.len(), 31, "once it is whole, it is read anew");
}

#[tokio::test]
async fn a_list_whose_app_was_killed_goes_on_from_what_was_written_down() {
    let settings = Settings {
        keys: Some(3000),
        ..Settings::default()
    };
    let (mut world, account) = World::with_keychain_of(settings).await;
    let reached = tokio::sync::Notify::new();
    let on_page = |page: KeyPageArrived| {
        if page.loaded == 2500 {
            reached.notify_one();
        }
    };
    tokio::select! {
        _ = world.app.refresh_keys(account, on_page) => panic!("it was to end before"),
        () = reached.notified() => {}
    }
    world.restart();
    world.faults().clear_requests();

    let (_, pages, _) = refresh(&world, account).await;

    // The last request of the one before may still arrive.
    let again: Vec<u32> = [1].into_iter().chain(20..=31).collect();
    assert!(pages.ends_with(&again), "{pages:?}");
    assert!(pages.len() <= again.len() + 1, "{pages:?}");
    assert_whole(&world, account).await;
}

#[tokio::test]
async fn a_list_that_changed_meanwhile_is_read_from_its_beginning() {
    type Change = fn(&World, &[i64]);
    let changes: [(&str, Change); 3] = [
        ("one goes", |world, ids| {
            assert!(world.faults().somebody_deletes(ids[5]).unwrap());
        }),
        ("one comes", |world, _| {
            world.faults().somebody_creates("Newcomer").unwrap();
        }),
        ("one goes and one comes: there are as many", |world, ids| {
            assert!(world.faults().somebody_deletes(ids[5]).unwrap());
            world.faults().somebody_creates("Newcomer").unwrap();
        }),
    ];
    for (what, change) in changes {
        let (world, account) = broken_off().await;
        let ids: Vec<i64> = world
            .faults()
            .keys()
            .unwrap()
            .iter()
            .map(|key| key.id)
            .collect();
        change(&world, &ids);
        let (refreshed, pages, _) = refresh(&world, account).await;
        let all: Vec<u32> = (1..=refreshed.total.div_ceil(100)).collect();
        assert!(pages.ends_with(&all), "{what}: {pages:?}");
        assert_eq!(refreshed.incomplete, None, "{what}");
        assert_whole(&world, account).await;
    }
}

#[tokio::test]
async fn what_this_app_changed_meanwhile_is_not_undone_by_it() {
    let (world, account) = broken_off().await;
    let key = world.faults().keys().unwrap()[100].id;
    world.rotated(account, key).await;
    world.faults().clear_requests();

    let (_, pages, _) = refresh(&world, account).await;

    assert_eq!(pages, (1..=31).collect::<Vec<u32>>());
    let cached = world.cached(account).await;
    let row = cached.iter().find(|row| row.id.as_str() == key.to_string());
    let now = world.faults().key(key).await.unwrap().unwrap();
    assert_eq!(row.unwrap().last_eight, now.last_eight);
}

#[tokio::test]
async fn a_list_that_broke_off_long_ago_is_read_from_its_beginning() {
    let (world, account) = broken_off().await;
    world.time.is_later(SignedDuration::from_mins(61));
    let (_, pages, _) = refresh(&world, account).await;
    assert_eq!(pages, (1..=31).collect::<Vec<u32>>());
}

#[tokio::test]
async fn a_server_that_is_away_leaves_what_was_read_for_the_next_time() {
    let (world, account) = broken_off().await;
    world.fault(Rule {
        times: 4,
        ..Rule::once("GET", KEYS, status(503))
    });
    world.app.refresh_keys(account, |_| {}).await.unwrap_err();
    world.faults().clear();
    world.faults().clear_requests();
    let (_, pages, _) = refresh(&world, account).await;
    assert_eq!(pages[..3], [1, 24, 25]);
    assert_whole(&world, account).await;
}

#[tokio::test]
async fn nothing_is_kept_of_an_account_that_was_signed_out_meanwhile() {
    let settings = Settings {
        keys: Some(3000),
        ..Settings::default()
    };
    let (world, account) = World::with_keychain_of(settings).await;
    world.fault(Rule {
        times: 20,
        ..Rule::once("GET", KEYS, Fault::Delay { milliseconds: 50 })
    });
    let first = tokio::sync::Notify::new();
    let on_page = |page: KeyPageArrived| {
        if page.loaded == 100 {
            first.notify_one();
        }
    };
    let (refreshed, ()) = tokio::join!(world.app.refresh_keys(account, on_page), async {
        first.notified().await;
        world.app.sign_out(account).await.unwrap();
    });
    refreshed.unwrap_err();
    let file = rusqlite::Connection::open(world.folders().database_file()).unwrap();
    let rows = "SELECT count(*) FROM unfinished_key";
    let kept: i64 = file.query_row(rows, [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 0);
}

/// A minute of the server's clock for every 60 pages; nobody waits for it.
#[tokio::test]
async fn a_list_of_more_pages_than_a_minute_allows_is_read_to_its_end() {
    let (world, account) = World::limited(60, 15_000).await;
    let began = world.time.now();
    let refreshed = world.app.refresh_keys(account, |_| {}).await.unwrap();
    assert_eq!(refreshed.incomplete, None);
    assert_eq!(refreshed.total, 15_001);
    let took = world.time.now().duration_since(began);
    assert!(took >= SignedDuration::from_mins(2), "{took}");
}
