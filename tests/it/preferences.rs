//! Preferences: what was chosen holds, is kept, and only ever makes a deletion harder.

use std::time::Duration;

use jiff::SignedDuration;
use pulse_keys_core::view::{
    AccountId, CopyForm, CopyRequest, DeleteOutcome, ErrorCode, Folder, Friction, ListPreferences,
    Preferences, Strictness, Theme,
};

use crate::world::{WHOLE_SANDBOX, World, request};

const SECOND: Duration = Duration::from_secs(1);

fn by_name() -> ListPreferences {
    ListPreferences {
        column: "name".to_owned(),
        descending: true,
        filters: vec!["idle".to_owned()],
    }
}

async fn choose(world: &World, preferences: Preferences) -> Preferences {
    let written = world.app.write_preferences(preferences).await;
    written.unwrap().preferences
}

async fn strictly(world: &World, strictness: Strictness) {
    let preferences = Preferences {
        strictness,
        ..world.app.preferences()
    };
    choose(world, preferences).await;
}

async fn friction(world: &World, account: AccountId, key: i64) -> Friction {
    let card = world.app.delete_card(&request(account, key)).await;
    card.unwrap().friction
}

#[tokio::test]
async fn what_was_chosen_is_there_after_the_next_start() {
    let (mut world, account) = World::with_keychain().await;
    assert_eq!(world.app.state().await.preferences, Preferences::default());
    let wanted = Preferences {
        theme: Theme::Dark,
        zoom: 150,
        shortcuts: [("keys.create".to_owned(), vec!["mod+E".to_owned()])].into(),
        lists: [(account, by_name())].into(),
        ..Preferences::default()
    };
    assert_eq!(choose(&world, wanted.clone()).await, wanted);
    world.restart();
    assert_eq!(world.app.state().await.preferences, wanted);

    let reset = world.app.reset_preferences().await.unwrap().preferences;
    let lists_only = Preferences {
        lists: wanted.lists,
        ..Preferences::default()
    };
    assert_eq!(reset, lists_only);
    world.restart();
    assert_eq!(world.app.preferences(), lists_only);
}

#[tokio::test]
async fn what_is_out_of_range_changes_nothing() {
    let (mut world, _) = World::with_keychain().await;
    let sound = Preferences {
        theme: Theme::Light,
        ..Preferences::default()
    };
    choose(&world, sound.clone()).await;
    let unsound = [
        Preferences {
            zoom: 1_000,
            ..Preferences::default()
        },
        Preferences {
            clipboard_seconds: 0,
            ..Preferences::default()
        },
    ];
    for preferences in unsound {
        let error = world.app.write_preferences(preferences).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Other);
        assert!(error.message.contains("Nothing was changed"), "{error:?}");
    }
    assert_eq!(world.app.preferences(), sound);
    world.restart();
    assert_eq!(world.app.preferences(), sound);
}

#[tokio::test]
async fn a_damaged_file_is_kept_and_told_and_the_app_starts_without_it() {
    let (mut world, _) = World::with_keychain().await;
    let file = world.folders().preferences_file();
    std::fs::write(&file, r#"{"version": 1, "zoom": "large"}"#).unwrap();
    world.restart();
    assert_eq!(world.app.preferences(), Preferences::default());
    let notices = world.notices().await;
    assert!(
        notices[0].message.contains("preferences.json.damaged-"),
        "{notices:?}"
    );
}

#[tokio::test]
async fn strictness_raises_what_a_deletion_asks_for_and_lowering_it_takes_a_command() {
    let (world, account) = World::signed_in().await;
    let idle = world.idle_key(200).await;
    let in_use = world.key_used(SignedDuration::from_hours(1)).await;
    assert_eq!(friction(&world, account, idle.id).await, Friction::Dialog);

    for strictness in [Strictness::Careful, Strictness::Strict] {
        strictly(&world, strictness).await;
        let found = friction(&world, account, idle.id).await;
        assert_eq!(found, Friction::TypePhrase);
        let found = friction(&world, account, in_use.id).await;
        assert_eq!(found, Friction::TypePhraseStrongly);
        let refused = world.delete(account, idle.id).await;
        assert!(
            matches!(refused, DeleteOutcome::CardChanged { .. }),
            "{refused:?}"
        );
    }
    assert_eq!(world.deletes_seen(), 0);
    assert!(world.questions().is_empty());

    strictly(&world, Strictness::Standard).await;
    let deleted = world.delete(account, idle.id).await;
    assert!(
        matches!(deleted, DeleteOutcome::Deleted { .. }),
        "{deleted:?}"
    );
}

#[tokio::test]
async fn a_copied_token_stays_on_the_clipboard_for_as_long_as_was_chosen() {
    let (world, account) = World::with_keychain().await;
    let token = world.created(account, "CI").await.id;
    world.time.is_kept();
    let preferences = Preferences {
        clipboard_seconds: 10,
        ..Preferences::default()
    };
    choose(&world, preferences).await;
    let form = CopyForm::Token;
    let copied = world.app.copy_token(&CopyRequest { token, form }).await;
    let copied = copied.unwrap();
    // The clearing task begins to wait.
    world.time.passes(Duration::ZERO).await;
    assert_eq!(copied.clears_after, Some(10));
    assert!(copied.message.contains("in 10 seconds"), "{copied:?}");
    world.time.passes(9 * SECOND).await;
    assert!(!world.clipboard_is_empty());
    world.time.passes(SECOND).await;
    assert!(world.clipboard_is_empty());
}

#[tokio::test]
async fn an_account_takes_the_look_of_its_list_with_it() {
    let (mut world, first) = World::with_keychain().await;
    let second = world
        .app
        .try_sandbox(&WHOLE_SANDBOX)
        .await
        .unwrap()
        .active
        .unwrap();
    let lists = [(first, by_name()), (second, by_name())];
    let preferences = Preferences {
        lists: lists.into(),
        ..Preferences::default()
    };
    choose(&world, preferences.clone()).await;
    world.app.sign_out(second).await.unwrap();
    let left = |world: &World| Vec::from_iter(world.app.preferences().lists.into_keys());
    assert_eq!(left(&world), [first]);
    // A page that has not heard of it yet brings it back in vain.
    choose(&world, preferences).await;
    assert_eq!(left(&world), [first]);
    world.restart();
    assert_eq!(left(&world), [first]);
}

#[tokio::test]
async fn an_account_of_this_session_leaves_no_trace_in_the_file() {
    let (world, account) = World::signed_in().await;
    let preferences = Preferences {
        lists: [(account, by_name())].into(),
        ..Preferences::default()
    };
    assert_eq!(choose(&world, preferences.clone()).await, preferences);
    let file = std::fs::read_to_string(world.folders().preferences_file()).unwrap();
    assert!(!file.contains(&account.0.to_string()), "{file}");
}

#[tokio::test]
async fn the_places_are_where_things_are() {
    let (world, _) = World::with_keychain().await;
    let places = world.app.state().await.places;
    let of = |folder| {
        let mut places = places.iter().filter(|place| place.folder == folder);
        places.next().map(|place| place.path.as_str())
    };
    let below = |name: &str| world.folder().join(name).display().to_string();
    assert_eq!(of(Some(Folder::Config)), Some(below("config").as_str()));
    assert_eq!(of(Some(Folder::Data)), Some(below("data").as_str()));
    assert!(of(None).unwrap().contains(vault::SERVICE));
}
