//! Searching a home folder for keys: what is found and under which heading, what that asks of a deletion, what is kept,
//! and that nothing on disk changes.
//!
//! The home is the test's own, and nothing outside it is looked into. Tokens are real ones of the sandbox.

use std::fs;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pulse_keys_core::view::{
    BulkCardRequest, BulkDeleteRequest, BulkOutcome, DeleteOutcome, FindingEncoding,
    FindingHeading, FindingLevel, Friction, KeysRequest, SearchState, SearchTier, TickRequest,
    UnseenPlace, UsageRequest, UsageVerdict,
};
use secrecy::ExposeSecret as _;

use crate::usage_home::{begin, fill, keys, plant, put, search, snapshot, under};
use crate::world::{World, request};

#[tokio::test]
async fn a_planted_key_stands_under_the_right_headings_and_raises_the_friction() {
    let (world, account, key) = begin().await;
    plant(&world, &key);
    let before = snapshot(world.home());
    let card = world
        .app
        .delete_card(&request(account, key.id))
        .await
        .unwrap();
    assert_eq!(card.friction, Friction::Dialog);
    assert_eq!(card.usage.words, "This machine was not searched.");

    let report = search(&world, account, &[key.id], SearchTier::Folders).await;

    assert_eq!(snapshot(world.home()), before, "a search writes nothing");
    assert_eq!(report.state, SearchState::Finished);
    let titles: Vec<&str> = report
        .groups
        .iter()
        .map(|group| group.title.as_str())
        .collect();
    let article = [
        "Application environment variables",
        "CI/CD pipeline secrets",
        "Third-party integrations",
        "Automation scripts",
        "Elsewhere",
    ];
    assert_eq!(titles, article);
    let [env, in_base64] = under(&report, FindingHeading::Environment) else {
        panic!("{report:?}");
    };
    assert_eq!(env.level, FindingLevel::ThisKey);
    assert_eq!(env.short_path, "~/shop/.env");
    assert_eq!(
        (env.line, env.variable.as_deref()),
        (Some(2), Some("PULSEAPI_TOKEN"))
    );
    let [workflow] = under(&report, FindingHeading::Ci) else {
        panic!("{report:?}");
    };
    assert!(workflow.path.ends_with("deploy.yml"), "{workflow:?}");
    assert!(in_base64.path.ends_with("secret.yaml"), "{in_base64:?}");
    assert_eq!(in_base64.encoding, FindingEncoding::Base64);
    assert_eq!(report.keys[0].verdict, UsageVerdict::Confirmed);
    assert_eq!(report.message, "Found in 3 places on this machine.");
    let told = format!("{report:?}");
    let secret = key.token.expose_secret().split_once('|').unwrap().1;
    assert!(!told.contains(&secret[..12]), "no secret leaves");

    let card = world
        .app
        .delete_card(&request(account, key.id))
        .await
        .unwrap();
    assert_eq!(card.friction, Friction::TypePhraseStrongly);
    assert_eq!(card.usage.places, 3);
    let DeleteOutcome::CardChanged { message, .. } = world.delete(account, key.id).await else {
        panic!("a found key was deleted without its name");
    };
    assert!(
        message.contains("Found in 3 places on this machine."),
        "{message}"
    );
    assert_eq!(world.questions(), []);
    world.says_no();
    world
        .delete_typing(account, key.id, Some("Old importer"))
        .await;
    let question = world.questions().pop().unwrap();
    assert!(
        question.paragraphs[0].contains("Found in 3 places on this machine."),
        "{question:?}"
    );
}

#[tokio::test]
async fn a_key_planted_nowhere_is_found_nowhere_that_was_searched() {
    let (world, account, key) = begin().await;
    put(&world, "shop/.env", "PORT=8080\n");
    let report = search(&world, account, &[key.id], SearchTier::Folders).await;
    assert_eq!(report.message, "Nothing found in the places searched.");
    assert_eq!(report.keys[0].verdict, UsageVerdict::NothingFound);
    assert!(!report.incomplete, "{:?}", report.skipped);
    world.says_no();
    world.delete(account, key.id).await;
    let question = world.questions().pop().unwrap();
    assert!(
        question.paragraphs[0].contains("Nothing found in the places searched."),
        "{question:?}"
    );
    let words = question.paragraphs.join(" ").to_lowercase();
    assert!(!words.contains("safe"), "{words}");
}

#[tokio::test]
async fn a_search_while_the_question_is_on_screen_brings_the_card_back() {
    let (world, account, key) = begin().await;
    plant(&world, &key);
    let answers = world.thinks();
    let search = async {
        while world.questions().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        search(&world, account, &[key.id], SearchTier::Folders).await;
        answers.send(()).unwrap();
    };
    let (found, ()) = tokio::join!(world.delete(account, key.id), search);
    let DeleteOutcome::CardChanged { card, message } = found else {
        panic!("{found:?}");
    };
    assert_eq!(card.friction, Friction::TypePhraseStrongly);
    assert!(message.contains("3 places"), "{message}");
    assert!(world.exists(key.id).await);
    assert_eq!(world.deletes_seen(), 0);
}

#[tokio::test]
async fn several_keys_are_searched_for_at_once_and_their_question_counts_places() {
    let (world, account, key) = begin().await;
    let other = world.idle_key(300).await;
    world.refreshed(account).await;
    plant(&world, &key);
    let ids = [key.id, other.id];
    let named = keys(&ids);
    let request = BulkCardRequest {
        account,
        keys: named.clone(),
    };
    let calm = world.app.bulk_card(&request).await.unwrap();
    assert!(calm.rows.iter().all(|row| row.ticked));

    let report = search(&world, account, &ids, SearchTier::Folders).await;

    assert_eq!(report.message, "1 of 2 keys found on this machine.");
    let deletion = |typed: Option<&str>| BulkDeleteRequest {
        account,
        keys: named.clone(),
        typed: typed.map(str::to_owned),
    };
    let outcome = world
        .app
        .delete_keys(&deletion(None), |_| {})
        .await
        .unwrap();
    let BulkOutcome::CardChanged { card, message } = outcome else {
        panic!("{outcome:?}");
    };
    // That one was found came with the search; what is missing is what that calls for.
    assert!(message.contains("type “delete 2 keys”"), "{message}");
    assert!(card.rows[0].usage.words.contains("Found in 3 places"));
    assert_eq!(
        card.rows.iter().map(|row| row.risky).collect::<Vec<_>>(),
        [true, false]
    );
    world.says_no();
    let typed = deletion(Some("delete 2 keys"));
    world.app.delete_keys(&typed, |_| {}).await.unwrap();
    let text = world.questions().pop().unwrap().paragraphs.join("\n");
    assert!(text.contains("found in 3 places"), "{text}");
    assert!(
        text.contains("1 of them was found on this machine, in 3 places."),
        "{text}"
    );
}

#[tokio::test]
async fn a_stopped_search_is_told_as_one_and_what_it_found_stands() {
    let (world, account, key) = begin().await;
    fill(&world);
    plant(&world, &key);
    // Known places come first, so this is found before the folders are walked through.
    put(
        &world,
        ".netrc",
        &format!("machine api password {}\n", key.token.expose_secret()),
    );
    let request = UsageRequest {
        account,
        keys: keys(&[key.id]),
        tier: SearchTier::Folders,
    };
    let stopped = Mutex::new(false);
    let report = world
        .app
        .usage_search(&request, |progress| {
            let has_found = progress.report.keys[0].verdict == UsageVerdict::Confirmed;
            let is_over = progress.report.state != SearchState::Running;
            if has_found && !is_over && !std::mem::replace(&mut *stopped.lock().unwrap(), true) {
                world.app.usage_cancel(&KeysRequest {
                    account,
                    keys: keys(&[key.id]),
                });
            }
        })
        .await
        .unwrap()
        .report;
    // A search of so little may be over before it is stopped.
    if *stopped.lock().unwrap() {
        assert_eq!(report.state, SearchState::Stopped);
    }
    assert_eq!(report.keys[0].verdict, UsageVerdict::Confirmed);
    let card = world
        .app
        .delete_card(&self::request(account, key.id))
        .await
        .unwrap();
    assert_eq!(card.friction, Friction::TypePhraseStrongly);
    let kept = world
        .app
        .usage_last(&self::request(account, key.id))
        .await
        .unwrap();
    assert_eq!(kept.unwrap().state, report.state);
}

#[tokio::test]
async fn a_new_search_of_a_key_stops_the_older_one_and_searching_again_may_lower_the_friction() {
    let (world, account, key) = begin().await;
    fill(&world);
    let path = put(
        &world,
        ".netrc",
        &format!("machine api password {}\n", key.token.expose_secret()),
    );
    let request = UsageRequest {
        account,
        keys: keys(&[key.id]),
        tier: SearchTier::Everything,
    };
    let older = world.app.usage_search(&request, |_| {});
    let newer = async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        search(&world, account, &[key.id], SearchTier::Everything).await
    };
    let (older, newer) = tokio::join!(older, newer);
    let older = older.unwrap().report;
    assert!(matches!(
        older.state,
        SearchState::Stopped | SearchState::Finished
    ));
    assert_eq!(newer.state, SearchState::Finished);
    assert_eq!(newer.keys[0].verdict, UsageVerdict::Confirmed);

    fs::remove_file(path).unwrap();
    let again = search(&world, account, &[key.id], SearchTier::Everything).await;
    assert_eq!(again.keys[0].verdict, UsageVerdict::NothingFound);
    let card = world
        .app
        .delete_card(&self::request(account, key.id))
        .await
        .unwrap();
    assert_eq!(card.friction, Friction::Dialog);
}

#[tokio::test]
async fn what_was_found_is_kept_until_the_key_is_gone_and_never_with_a_secret() {
    let (mut world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    plant(&world, &key);
    let report = search(&world, account, &[key.id], SearchTier::Folders).await;
    let tick = TickRequest {
        account,
        key: keys(&[key.id]).remove(0),
        place: UnseenPlace::RemoteCi,
        ticked: true,
    };
    world.app.tick_checklist(&tick).await.unwrap();

    world.restart();

    let request = request(account, key.id);
    let kept = world.app.usage_last(&request).await.unwrap().unwrap();
    assert_eq!(kept, report);
    let card = world.app.delete_card(&request).await.unwrap();
    assert_eq!(card.usage.verdict, UsageVerdict::Confirmed);
    let ticked = |list: &pulse_keys_core::view::Checklist| {
        list.items
            .iter()
            .filter(|item| item.ticked_at.is_some())
            .count()
    };
    assert_eq!(ticked(&world.app.checklist(&request).await.unwrap()), 1);

    let secret = key.token.expose_secret().split_once('|').unwrap().1;
    for (path, (content, _)) in snapshot(world.folders().data()) {
        let holds = |part: &str| {
            content
                .windows(part.len())
                .any(|bytes| bytes == part.as_bytes())
        };
        assert!(!holds(&secret[..16]), "{} holds a secret", path.display());
        assert!(
            !holds(&STANDARD.encode(key.token.expose_secret())[..24]),
            "{}",
            path.display()
        );
    }

    let outcome = world
        .delete_typing(account, key.id, Some("Old importer"))
        .await;
    assert!(
        matches!(outcome, DeleteOutcome::Deleted { .. }),
        "{outcome:?}"
    );
    assert_eq!(world.app.usage_last(&request).await.unwrap(), None);
    assert_eq!(ticked(&world.app.checklist(&request).await.unwrap()), 0);
}

#[tokio::test]
async fn a_token_that_the_app_holds_is_looked_for_by_its_digest_too() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await;
    let id = crate::world::id_of(&token);
    world.refreshed(account).await;
    let secret = world.reveal(token.id).await;
    // Without its record id only the digest tells that it is this one.
    let (_, body) = secret.expose_secret().split_once('|').unwrap();
    put(&world, "x.txt", &format!("{body}\n"));
    let report = search(&world, account, &[id], SearchTier::Folders).await;
    assert_eq!(
        report.keys[0].verdict,
        UsageVerdict::Confirmed,
        "{report:?}"
    );
}

#[tokio::test]
async fn each_refresh_that_tells_of_another_use_adds_to_the_history() {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(30).await;
    let request = request(account, key.id);
    let uses = async || world.app.last_uses(&request).await.unwrap().uses;
    assert_eq!(uses().await, []);
    world.refreshed(account).await;
    world.refreshed(account).await;
    let first = uses().await;
    assert_eq!(first.len(), 1);
    assert_eq!(world.status_with(&key.token).await, 200);
    world.refreshed(account).await;
    let second = uses().await;
    assert_eq!(second.len(), 2);
    assert_eq!(second[1], first[0]);
    assert!(second[0].used_at > first[0].used_at);
}

#[tokio::test]
async fn every_key_of_the_list_is_searched_for_when_none_is_named() {
    let (world, account, key) = begin().await;
    plant(&world, &key);
    let report = search(&world, account, &[], SearchTier::Named).await;
    assert_eq!(report.keys.len(), world.cached(account).await.len());
    let unknown = UsageRequest {
        account,
        keys: keys(&[999_999]),
        tier: SearchTier::Named,
    };
    assert!(world.app.usage_search(&unknown, |_| {}).await.is_err());
}
