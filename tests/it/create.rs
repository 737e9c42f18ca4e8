//! Making a key against a real server: what the form says, what is sent, and what is there afterwards.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use pulse_keys_core::view::{
    CreateOutcome, CreateRequest, CustodyPlace, CustodyState, ErrorCode, NextStep, TokenOrigin,
    UiError,
};
use sandbox::ManualClock;
use sandbox::faults::{Fault, Rule, VerbatimKey};
use serde_json::json;

use crate::world::{KEYS, World, always, id_of, new_key, request, same};

/// The second team of the sandbox's user.
const LABS: &str = "58";

#[tokio::test]
async fn a_new_key_works_and_its_token_is_in_the_keychain() {
    let (world, account) = World::with_keychain().await;
    world.refreshed(account).await;

    let token = world.created(account, "  CI \n").await;

    let text = world.reveal(token.id).await;
    assert_eq!(world.status_with(&text).await, 200);
    let name = format!("token/{}/{}", account.0, token.id.0);
    let held = world.keychain().holds(&name);
    assert!(held.is_some_and(|held| same(&held, &text)), "under {name}");
    assert_eq!(
        (token.name.as_str(), token.origin, token.state, token.place),
        (
            "CI",
            TokenOrigin::Created,
            CustodyState::Waiting,
            CustodyPlace::Keychain
        )
    );
    assert_eq!(token.trouble, None);
    assert_eq!(world.ids_of("CI").await, [id_of(&token)]);

    let first = &world.cached(account).await[0];
    assert_eq!(
        (first.name.as_str(), &first.last_eight, first.own),
        ("CI", &token.last_eight, false),
        "the list has it without asking again"
    );
    assert_eq!(world.journalled("create_key").await, ["created"]);
    let row = world.app.journal().await.unwrap().rows.pop().unwrap();
    assert_eq!(row.key_id, Some(id_of(&token).to_string()));
    assert_eq!(row.last_eight, Some(token.last_eight));
}

#[tokio::test]
async fn a_list_that_was_never_fetched_stays_unknown() {
    let (world, account) = World::with_keychain().await;
    world.created(account, "CI").await;
    let cached = world.app.cached_keys(account).await.unwrap();
    assert_eq!((cached.keys, cached.fetched_at), (vec![], None));
}

#[tokio::test]
async fn two_keys_may_have_one_name() {
    let (world, account) = World::with_keychain().await;
    let first = world.created(account, "CI").await;
    let second = world.created(account, "CI").await;
    assert_ne!(first.key, second.key);
    for token in [&first, &second] {
        assert_eq!(world.status_of(token).await, 200);
    }
    assert_eq!(world.custody().await.len(), 2);
}

#[tokio::test]
async fn a_key_is_made_for_the_team_that_was_chosen() {
    let (world, account) = World::with_keychain().await;
    world.refreshed(account).await;
    let request = CreateRequest {
        team: Some(LABS.to_owned()),
        ..new_key(account, "CI")
    };
    let outcome = world.app.create_key(&request).await.unwrap();
    let CreateOutcome::Created { token } = outcome else {
        panic!("{outcome:?}");
    };
    let key = world.faults().key(id_of(&token)).await.unwrap().unwrap();
    assert_eq!(key.team.id.to_string(), LABS);
    let row = world.cached(account).await.remove(0);
    assert_eq!(row.team.map(|team| team.id).as_deref(), Some(LABS));
}

/// A form with something wrong, how often it is sent, and what is told at which field.
struct Wrong {
    name: &'static str,
    abilities: &'static [&'static str],
    team: Option<&'static str>,
    posts: usize,
    told: &'static [(ErrorCode, &'static str)],
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_told_at_its_field_and_nothing_is_made() {
    let long = "x".repeat(10_000).leak();
    let fine = Wrong {
        name: "CI",
        abilities: &["monitors:read"],
        team: None,
        posts: 0,
        told: &[],
    };
    let cases = [
        Wrong {
            name: " \n\t",
            told: &[(ErrorCode::Name, "Give the key a name")],
            ..fine
        },
        Wrong {
            name: long,
            told: &[(
                ErrorCode::Name,
                "at most 255 characters; this one has 10000",
            )],
            ..fine
        },
        Wrong {
            abilities: &[],
            told: &[(ErrorCode::Abilities, "at least one ability")],
            ..fine
        },
        Wrong {
            name: "",
            abilities: &[],
            team: Some(""),
            told: &[
                (ErrorCode::Name, "Give the key a name"),
                (ErrorCode::Abilities, "at least one ability"),
                (ErrorCode::Team, "This team does not exist"),
            ],
            ..fine
        },
        Wrong {
            abilities: &["monitors:read", "billing:pay", "checks:run", "gone:read"],
            posts: 1,
            told: &[(ErrorCode::Abilities, "the ability billing:pay")],
            ..fine
        },
        Wrong {
            team: Some("999"),
            posts: 1,
            told: &[(ErrorCode::Team, "team")],
            ..fine
        },
    ];
    for case in cases {
        let (world, account) = World::with_keychain().await;
        let request = CreateRequest {
            account,
            name: case.name.to_owned(),
            abilities: case.abilities.iter().map(ToString::to_string).collect(),
            team: case.team.map(str::to_owned),
        };
        let outcome = world.app.create_key(&request).await.unwrap();
        let CreateOutcome::NotCreated { errors } = outcome else {
            panic!("{outcome:?}");
        };
        let codes: Vec<_> = errors.iter().map(|error| error.code).collect();
        let wanted: Vec<_> = case.told.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, wanted, "{errors:?}");
        for (error, (_, words)) in errors.iter().zip(case.told) {
            assert!(error.message.contains(words), "{error:?}");
        }
        assert_eq!(world.posts_seen(), case.posts, "{errors:?}");
        assert_eq!(world.ids_of("CI").await, [0_i64; 0]);
        assert_eq!(world.journalled("create_key").await.len(), case.posts);
        assert_eq!(
            (world.custody().await, world.notices().await),
            (vec![], vec![])
        );
    }
}

#[tokio::test]
async fn every_ability_that_vanished_is_named() {
    let (world, account) = World::with_keychain().await;
    let request = CreateRequest {
        abilities: ["billing:pay", "gone:read"].map(str::to_owned).to_vec(),
        ..new_key(account, "CI")
    };
    let outcome = world.app.create_key(&request).await.unwrap();
    let CreateOutcome::NotCreated { errors } = outcome else {
        panic!("{outcome:?}");
    };
    let [UiError { message, hint, .. }] = &errors[..] else {
        panic!("{errors:?}");
    };
    assert!(message.contains("billing:pay") && message.contains("gone:read"));
    assert_eq!(hint, "Nothing was created.");
}

#[tokio::test]
async fn the_form_offers_what_the_service_offers_now() {
    let (world, account) = World::with_keychain().await;
    let form = world.app.create_form(account).await.unwrap();
    assert_eq!(form.longest_name, 255);
    let titles: Vec<_> = form
        .groups
        .iter()
        .map(|group| group.title.as_str())
        .collect();
    assert_eq!(
        titles,
        [
            "Monitors",
            "Checks",
            "Incidents",
            "Alerts",
            "Team",
            "API keys"
        ]
    );
    let presets: Vec<_> = form
        .presets
        .iter()
        .map(|preset| preset.title.as_str())
        .collect();
    assert_eq!(
        presets,
        ["Read-only dashboard", "CI pipeline", "Full access"]
    );

    let abilities = json!({"data": [{"name": "status-pages:read", "description": "See pages"}]});
    let answer = Fault::Answer {
        status: 200,
        body: abilities,
    };
    world.fault(Rule::once("GET", "/api-keys/abilities", answer));
    let form = world.app.create_form(account).await.unwrap();
    assert_eq!(form.groups.len(), 1);
    assert_eq!(form.groups[0].title, "Status pages");
}

#[tokio::test]
async fn two_clicks_make_one_key() {
    let (world, account) = World::with_keychain().await;
    let slow = Fault::Delay { milliseconds: 50 };
    world.fault(Rule::once("POST", KEYS, slow));
    let request = new_key(account, "CI");
    let (first, second) = tokio::join!(
        world.app.create_key(&request),
        world.app.create_key(&request)
    );
    assert!(
        matches!(first, Ok(CreateOutcome::Created { .. })),
        "{first:?}"
    );
    assert!(second.is_err(), "{second:?}");
    assert_eq!(world.posts_seen(), 1);
}

#[tokio::test]
async fn a_name_that_deceives_the_eye_is_shown_as_it_reads() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "ops\u{202e}gpj.exe").await;
    assert_eq!(token.name, "opsgpj.exe");
    assert_eq!(world.status_of(&token).await, 200);
}

#[tokio::test]
async fn an_account_that_is_signed_out_makes_no_key() {
    let (world, account) = World::with_keychain().await;
    world.app.sign_out(account).await.unwrap();
    let error = world
        .app
        .create_key(&new_key(account, "CI"))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Stale);
    assert_eq!(world.posts_seen(), 0);
}

#[tokio::test]
async fn a_namesake_is_not_taken_for_the_key_whose_token_was_lost() {
    for fault in [Fault::DropBefore, Fault::DropAfter] {
        let (world, account) = World::with_keychain().await;
        let namesake = world
            .faults()
            .insert_key(VerbatimKey::named("CI"))
            .await
            .unwrap();
        world.refreshed(account).await;
        // Made elsewhere since the list was read, and in use.
        let used = VerbatimKey {
            last_used_at: Some(Timestamp::now().into()),
            ..VerbatimKey::named("CI")
        };
        let used = world.faults().insert_key(used).await.unwrap();

        world.fault(Rule::once("POST", KEYS, fault.clone()));
        let outcome = world.create(account, "CI").await;

        let mut made = world.ids_of("CI").await;
        made.retain(|id| ![namesake.id, used.id].contains(id));
        match (&outcome, &made[..]) {
            (CreateOutcome::Unknown { .. }, []) => {
                assert_eq!(fault, Fault::DropBefore);
                world.time.is_later(SignedDuration::from_mins(10));
                let notices = world.notices().await;
                assert!(
                    notices[0].message.contains("“CI” was not created"),
                    "{notices:?}"
                );
            }
            (CreateOutcome::TokenLost { next, .. }, [id]) => {
                let key = request(account, *id).key;
                assert_eq!(*next, Some(NextStep::DeleteKey { account, key }));
            }
            other => panic!("{fault:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn keys_that_may_be_the_lost_one_or_somebody_elses_are_left_to_the_user() {
    let (world, account) = World::with_keychain().await;
    world.refreshed(account).await;
    // Somebody else makes one of the same name, and the list cannot be read.
    let namesake = VerbatimKey::named("CI");
    world.faults().insert_key(namesake).await.unwrap();
    world.fault(Rule::once("POST", KEYS, Fault::DropAfter));
    world.fault(always("GET", KEYS, Fault::DropBefore));
    let outcome = world.create(account, "CI").await;
    assert!(
        matches!(outcome, CreateOutcome::Unknown { .. }),
        "{outcome:?}"
    );
    world.faults().clear();
    let notices = world.notices().await;
    assert!(
        notices[0].message.contains("may be the one that it made"),
        "{notices:?}"
    );
    assert_eq!(
        notices[0].next, None,
        "no button deletes one of them by guess"
    );
}

/// A colleague's key of the same name was there before the request was sent, and the app had not seen it yet.
#[tokio::test]
async fn a_key_that_a_colleague_made_before_the_request_is_not_taken_for_ours() {
    let (world, account) = World::with_keychain().await;
    world.refreshed(account).await;
    world
        .faults()
        .insert_key(VerbatimKey::named("CI"))
        .await
        .unwrap();
    world.fault(Rule::once("POST", KEYS, Fault::DropBefore));
    let outcome = world.create(account, "CI").await;
    assert!(
        matches!(outcome, CreateOutcome::Unknown { .. }),
        "{outcome:?}"
    );
    world.time.is_later(SignedDuration::from_mins(10));
    let notices = world.notices().await;
    assert!(
        notices[0].message.contains("“CI” was not created"),
        "{notices:?}"
    );
    assert_eq!(notices[0].next, None);
}

#[tokio::test]
async fn a_server_that_acts_late_is_found_out_while_the_window_is_open() {
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let world = World::with_clock(Arc::clone(&clock)).await;
    let state = world.connect(&world.sandbox.base_url()).await.unwrap();
    let account = state.active.unwrap();
    world.fault(Rule::once("POST", KEYS, Fault::DropBefore));
    let outcome = world.create(account, "CI").await;
    let CreateOutcome::Unknown { error } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(error.message.contains("may still create it"), "{error:?}");

    let made = VerbatimKey {
        abilities: vec!["monitors:read".to_owned()],
        ..VerbatimKey::named("CI")
    };
    let id = world.faults().insert_key(made).await.unwrap().id;
    let looked = tokio::sync::Notify::new();
    tokio::select! {
        never = world.app.watch_open_intents(|| looked.notify_one()) => match never {},
        () = looked.notified() => {}
    }
    let notices = world.notices().await;
    let key = request(account, id).key;
    assert_eq!(
        notices[0].next,
        Some(NextStep::DeleteKey { account, key }),
        "{notices:?}"
    );
}
