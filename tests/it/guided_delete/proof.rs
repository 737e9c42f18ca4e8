//! A 401 of the key's own token takes it off the list; nothing else that is seen does.

use super::{Guided, noted, tail};
use crate::guided::typed;
use crate::revocation::watched;
use crate::usage_home::put;
use crate::world::World;
use crate::world::id_of;
use crate::world::status;
use jiff::SignedDuration;
use jiff::Timestamp;
use pulse_keys_core::view::Friction;
use pulse_keys_core::view::GuidedCheck;
use pulse_keys_core::view::GuidedConfirmation;
use pulse_keys_core::view::NoteKeyRequest;
use pulse_keys_core::view::SearchTier;
use pulse_keys_core::view::TokenSource;
use pulse_keys_core::view::UsageRequest;
use pulseapi::Clock as _;
use sandbox::ManualClock;
use sandbox::faults::InsertedKey;
use sandbox::faults::Rule;
use secrecy::ExposeSecret as _;
use std::sync::Arc;
use std::time::Duration;

#[tokio::test]
async fn a_token_that_was_accepted_and_gets_401_takes_the_key_off_the_list() {
    let guided = Guided::new().await;
    assert_eq!(guided.begins().await, None);
    assert_eq!(guided.check_with(None).await, GuidedCheck::NoToken);
    guided.pastes().await;
    let open = guided.open().await.unwrap();
    assert!(
        open.accepted && open.in_browser && open.in_memory,
        "{open:?}"
    );
    assert_eq!(
        open.message,
        "“CI” is not deleted: PulseAPI still accepts its token."
    );
    assert!(guided.is_listed().await);

    guided.deletes_in_browser().await;
    watched(&guided.world, async |told| {
        assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
        let now = told.confirmed().await;
        assert_eq!(now.open, []);
        let [confirmed] = &now.confirmed[..] else {
            panic!("{now:?}")
        };
        assert!(confirmed.in_browser && confirmed.signed_out.is_none());
        assert_eq!(confirmed.at, guided.world.time.now());
        assert_eq!(
            confirmed.message,
            "The token of “CI” gets 401: the key has left your list as deleted."
        );
    })
    .await;
    assert!(!guided.is_listed().await);
    assert_eq!(
        guided.world.journalled_deletions().await,
        ["deleted in the browser: 401 confirmed"]
    );
    assert!(
        guided.world.host.asked.lock().unwrap().is_empty(),
        "the proof is enough"
    );
    let written = std::fs::read(guided.world.folders().database_file()).unwrap();
    let body = guided
        .key
        .token
        .expose_secret()
        .split_once('|')
        .unwrap()
        .1
        .as_bytes();
    assert!(!written.windows(body.len()).any(|window| window == body));
}

#[tokio::test]
async fn as_long_as_it_is_accepted_the_key_stays_and_is_tried_by_the_schedule() {
    let guided = Guided::new().await;
    guided.begins().await;
    let first = guided.world.time.now();
    let after = |seconds| first + SignedDuration::from_secs(seconds);
    watched(&guided.world, async |told| {
        guided.pastes().await;
        for (passes, tried, next) in [
            (0, 0, Some(5)),
            (5, 5, Some(15)),
            (10, 15, Some(60)),
            (45, 60, Some(300)),
        ] {
            guided.world.time.passes(Duration::from_secs(passes)).await;
            let now = told
                .until(|now| now.open.iter().any(|open| open.tried_at == after(tried)))
                .await;
            assert_eq!(now.open[0].next_at, next.map(after));
            assert!(now.open[0].accepted && guided.is_listed().await);
        }
        guided.deletes_in_browser().await;
        guided.world.time.passes(Duration::from_secs(240)).await;
        assert_eq!(told.confirmed().await.confirmed[0].at, after(300));
    })
    .await;
    assert!(!guided.is_listed().await);
    assert_eq!(guided.tries().await, vec!["its token is still accepted"; 4]);
}

#[tokio::test]
async fn what_cannot_be_tried_proves_nothing() {
    let guided = Guided::new().await;
    guided.begins().await;
    guided.pastes().await;
    guided.deletes_in_browser().await;
    guided.world.fault(Rule::once("GET", "/user", status(503)));
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    let open = guided.open().await.unwrap();
    assert!(!open.accepted && !open.refused, "{open:?}");
    assert!(
        open.message
            .starts_with("It is not known whether “CI” is deleted"),
        "{open:?}"
    );
    assert!(guided.is_listed().await);
    assert_eq!(guided.world.journalled_deletions().await, [""; 0]);
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    assert!(!guided.is_listed().await);
}

#[tokio::test]
async fn a_service_that_refuses_everything_proves_nothing() {
    let guided = Guided::new().await;
    guided.begins().await;
    guided.pastes().await;
    for _ in 0..2 {
        guided.world.fault(Rule::once("GET", "/user", status(401)));
    }
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    let open = guided.open().await.unwrap();
    assert!(
        open.message.contains("so does this app’s own token"),
        "{open:?}"
    );
    assert!(guided.is_listed().await);
}

#[tokio::test]
async fn a_401_to_the_token_before_takes_nothing_off_the_list() {
    let guided = Guided::new().await;
    guided.begins().await;
    guided.pastes().await;
    // Rotated in the browser: the old token is dead, the key lives.
    assert!(
        guided
            .world
            .faults()
            .somebody_rotates(guided.key.id)
            .unwrap()
    );
    let again = NoteKeyRequest {
        key: Some(guided.row.id.clone()),
        ..typed(guided.account, "CI", "ffee0011")
    };
    guided.world.app.note_key(&again).await.unwrap();
    watched(&guided.world, async |told| {
        guided.world.time.passes(Duration::from_secs(5)).await;
        told.until(|now| now.open.is_empty()).await;
    })
    .await;
    assert!(guided.is_listed().await);
    assert_eq!(guided.world.journalled_deletions().await, [""; 0]);
    assert_eq!(
        guided.tries().await.last().unwrap(),
        "not tried any more: the list has another token for it, or not the key"
    );
}

#[tokio::test]
async fn the_apps_own_key_signs_out_once_its_401_is_seen_twice() {
    let mut guided = Guided::new().await;
    let credential = guided.world.credential.clone();
    guided.row = noted(&guided.world, guided.account, "This app", tail(&credential)).await;
    let card = guided
        .world
        .app
        .delete_card(&guided.request())
        .await
        .unwrap();
    assert_eq!(card.friction, Friction::OwnKey);
    assert!(
        card.consequence.contains("your own list goes with it"),
        "{}",
        card.consequence
    );
    assert_eq!(guided.begins().await, Some(TokenSource::Own));
    let confirmed = guided.confirms().await;
    assert!(
        matches!(confirmed, GuidedConfirmation::CheckFirst { .. }),
        "{confirmed:?}"
    );

    guided.world.fault(Rule::once("GET", "/user", status(401)));
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    assert!(
        guided.open().await.unwrap().accepted,
        "one 401 may be anybody’s"
    );
    let id: i64 = guided.row.id.as_str().parse().unwrap();
    assert!(guided.world.faults().delete_key(id).await.unwrap());
    watched(&guided.world, async |told| {
        guided.check_with(None).await;
        let now = told.confirmed().await;
        assert_eq!(now.confirmed[0].signed_out.as_ref().unwrap().active, None);
    })
    .await;
    assert!(!guided.world.signs_in_with(guided.account, &credential));
    assert_eq!(
        guided.world.journalled_deletions().await,
        ["deleted in the browser: 401 confirmed"]
    );
}

/// A service that had endpoints for keys when the token came into custody, and has none any more.
#[tokio::test]
async fn a_token_in_custody_is_the_proof_over_a_restart_and_goes_when_it_is_dead() {
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let (mut world, account) = World::with_keychain_and_clock(clock).await;
    let token = world.created(account, "CI").await;
    world.refreshed(account).await;
    world.restart_after(|folders| {
        let file = folders.accounts_file();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("\"endpoints\""), "{text}");
        std::fs::write(&file, text.replace("\"endpoints\"", "\"guided\"")).unwrap();
    });
    world.time.is_kept();
    let row = world.cached(account).await;
    let row = row.into_iter().find(|row| row.name == "CI").unwrap();
    let key = InsertedKey {
        id: id_of(&token),
        token: world.reveal(token.id).await,
    };
    let mut guided = Guided {
        world,
        account,
        key,
        row,
    };
    assert_eq!(guided.begins().await, Some(TokenSource::Custody));
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    let open = guided.open().await.unwrap();
    assert!(open.accepted && !open.in_memory, "{open:?}");
    guided.world.restart();
    assert_eq!(guided.world.notices().await, []);
    guided.deletes_in_browser().await;
    watched(&guided.world, async |told| {
        guided.world.time.passes(Duration::from_secs(5)).await;
        told.confirmed().await;
    })
    .await;
    assert!(!guided.is_listed().await);
    assert_eq!(guided.world.custody().await, []);
}

#[tokio::test]
async fn a_token_at_a_place_that_the_search_found_proves_it_and_stays_where_it_is() {
    let guided = Guided::new().await;
    let token = guided.key.token.expose_secret();
    let text = format!("A=1\nPULSEAPI_TOKEN='{token}'\n");
    let file = put(&guided.world, "shop/.env", &text);
    assert_eq!(guided.begins().await, None, "nothing was searched for yet");
    let request = UsageRequest {
        account: guided.account,
        keys: vec![guided.row.id.clone()],
        tier: SearchTier::Folders,
    };
    let searched = guided.world.app.usage_search(&request, |_| {}).await;
    assert_eq!(searched.unwrap().report.keys[0].places, 1);

    assert_eq!(guided.begins().await, Some(TokenSource::Found));
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    assert!(guided.open().await.unwrap().accepted);
    guided.deletes_in_browser().await;
    assert_eq!(guided.check_with(None).await, GuidedCheck::Tried);
    assert!(!guided.is_listed().await, "its 401 was seen");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    assert_eq!(guided.world.custody().await, []);
}

#[tokio::test]
async fn a_place_that_has_another_text_by_now_proves_nothing() {
    let guided = Guided::new().await;
    let token = guided.key.token.expose_secret();
    put(&guided.world, "shop/.env", &format!("T={token}\n"));
    let request = UsageRequest {
        account: guided.account,
        keys: vec![guided.row.id.clone()],
        tier: SearchTier::Folders,
    };
    let searched = guided.world.app.usage_search(&request, |_| {}).await;
    assert_eq!(searched.unwrap().report.keys[0].places, 1);
    // A mask with the same tail, and a token whose first letters are gone.
    let cut = format!("T=••••{}\nU={}\n", tail(&guided.key.token), &token[12..]);
    put(&guided.world, "shop/.env", &cut);
    assert_eq!(guided.begins().await, None);
    assert_eq!(guided.check_with(None).await, GuidedCheck::NoToken);
    assert!(guided.is_listed().await);
}
