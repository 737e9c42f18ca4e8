//! The machine is against it: a database that another program holds, a folder that cannot be written.
//!
//! Permissions stop nobody who runs as root, so a second connection holds SQLite's lock, and a folder stands where a
//! file should be.

use std::sync::{Arc, Mutex};

use pulse_keys_core::view::{
    AccountId, CreateOutcome, CustodyPlace, RenameRequest, ReplaceRequest, RotateOutcome,
    RotateReason, UiError,
};
use rusqlite::Connection;

use crate::proxy::Proxy;
use crate::world::{World, new_key, rotation};

/// Somebody else writes to the app's database, and does not come to an end.
fn locked(world: &World) -> Connection {
    let connection = Connection::open(world.folders().database_file()).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

/// An app that reaches its server through somebody who locks the database once the server has answered a write.
async fn locked_at_arrival() -> (World, AccountId, Proxy, Arc<Mutex<Option<Connection>>>) {
    let (world, _) = World::with_keychain().await;
    let between = Proxy::before(&world.sandbox.base_url()).await;
    let state = world.connect(between.base_url()).await.unwrap();
    let lock = Arc::new(Mutex::new(None));
    {
        let (lock, file) = (Arc::clone(&lock), world.folders().database_file());
        between.tamper(move |answer| {
            let connection = Connection::open(file).unwrap();
            connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            *lock.lock().unwrap() = Some(connection);
            answer.to_vec()
        });
    }
    (world, state.active.unwrap(), between, lock)
}

fn says_that_nothing_was_sent(error: &UiError) {
    assert!(error.message.contains("database"), "{error:?}");
    assert!(error.message.contains("Nothing was sent"), "{error:?}");
    assert!(!error.hint.is_empty(), "{error:?}");
}

#[tokio::test]
async fn what_cannot_be_noted_is_not_sent() {
    let create = async {
        let (world, account) = World::with_keychain().await;
        let lock = locked(&world);
        let error = world
            .app
            .create_key(&new_key(account, "CI"))
            .await
            .unwrap_err();
        says_that_nothing_was_sent(&error);
        assert_eq!(world.posts_seen(), 0);
        drop(lock);
        assert_eq!(world.notices().await, []);
        world.created(account, "CI").await;
    };
    let rotate = async {
        let (world, account) = World::with_keychain().await;
        let key = world.idle_key(200).await;
        let lock = locked(&world);
        let request = rotation(account, key.id, RotateReason::Leaked);
        let error = world.app.rotate_key(&request).await.unwrap_err();
        says_that_nothing_was_sent(&error);
        assert_eq!(world.posts_seen(), 0);
        assert_eq!(world.status_with(&key.token).await, 200);
        drop(lock);
        assert_eq!(world.notices().await, []);
        world.rotated(account, key.id).await;
    };
    tokio::join!(create, rotate);
}

#[tokio::test]
async fn a_token_that_cannot_be_written_down_is_safe_all_the_same() {
    let create = async {
        let (mut world, account, _between, lock) = locked_at_arrival().await;
        let outcome = world.create(account, "CI").await;
        let CreateOutcome::Created { token } = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(token.place, CustodyPlace::Keychain);
        let trouble = token
            .trouble
            .as_ref()
            .expect("it could not be written down");
        assert!(trouble.message.contains("database"), "{trouble:?}");
        assert_eq!(world.only_token().await.id, token.id, "it is listed");
        assert_eq!(world.status_of(&token).await, 200);
        assert_eq!(
            world.app.question_before_closing(),
            None,
            "the keychain has it"
        );

        lock.lock().unwrap().take();
        world.restart();
        assert_eq!(world.notices().await, []);
        assert_eq!(world.only_token().await.trouble, None);
        assert_eq!(world.status_of(&token).await, 200);
        world.app.token_stored(token.id).await.unwrap();
        assert_eq!(world.keychain().tokens(), 0);
    };
    let rotate = async {
        let (world, account, _between, lock) = locked_at_arrival().await;
        let key = world.idle_key(200).await;
        let outcome = world.rotate(account, key.id).await;
        let RotateOutcome::Rotated { token, trouble, .. } = outcome else {
            panic!("{outcome:?}");
        };
        assert!(trouble.is_some_and(|trouble| trouble.message.contains("database")));
        assert_eq!(world.status_of(&token).await, 200);

        lock.lock().unwrap().take();
        world.app.token_stored(token.id).await.unwrap();
        assert_eq!(
            (world.custody().await, world.notices().await),
            (vec![], vec![])
        );
        assert_eq!(world.keychain().tokens(), 0);
    };
    tokio::join!(create, rotate);
}

#[tokio::test]
async fn a_list_of_accounts_that_cannot_be_written_changes_nothing() {
    let (mut world, account) = World::with_keychain().await;
    let (file, aside) = (
        world.folders().accounts_file(),
        world.folder().join("aside"),
    );
    std::fs::rename(&file, &aside).unwrap();
    std::fs::create_dir(&file).unwrap();
    let says_so = |error: UiError| {
        assert!(error.message.contains("could not be written"), "{error:?}");
        assert!(error.message.contains("Nothing was changed"), "{error:?}");
    };

    let label = "Acme".to_owned();
    says_so(
        world
            .app
            .rename_account(&RenameRequest { account, label })
            .await
            .unwrap_err(),
    );
    let credential = world.sandbox.mint_credential().await.unwrap();
    says_so(
        world
            .app
            .replace_credential(&ReplaceRequest {
                account,
                credential,
            })
            .await
            .unwrap_err(),
    );

    assert_eq!(
        world.app.state().await.accounts[0].label,
        "ops@acme.example"
    );
    assert!(
        world.signs_in_with(account, &world.credential),
        "the keychain has what it had"
    );
    for action in ["rename_account", "replace_credential"] {
        assert_eq!(world.journalled(action).await, [""; 0]);
    }
    std::fs::remove_dir(&file).unwrap();
    std::fs::rename(&aside, &file).unwrap();
    world.restart();
    assert!(world.refreshed(account).await.iter().any(|row| row.own));
}
