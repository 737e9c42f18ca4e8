//! The app's database over its life: of an earlier version, of a later one, and damaged.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pulse_keys_core::folders::Folders;
use pulse_keys_core::view::{CustodyState, Notice};
use pulse_keys_core::{DatabaseError, StartError};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::world::World;

/// As the version of that form left it.
fn earlier(form: i64) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/database");
    fixtures.join(format!("{form}.sql"))
}

fn form(file: &Path) -> i64 {
    let connection = Connection::open(file).unwrap();
    connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap()
}

/// Every row of every table.
fn rows(file: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    let connection = Connection::open(file).unwrap();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut tables = connection.prepare(tables).unwrap();
    let names = tables.query_map([], |row| row.get(0)).unwrap();
    let rows_of = |name: &str| {
        let sql = format!("SELECT * FROM {name} ORDER BY 1, 2");
        let mut statement = connection.prepare(&sql).unwrap();
        let width = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..width).map(|at| row.get(at)).collect();
        let rows = statement.query_map([], row).unwrap();
        rows.map(Result::unwrap).collect()
    };
    names
        .map(Result::unwrap)
        .map(|name: String| (name.clone(), rows_of(&name)))
        .collect()
}

/// Puts a database in the place of the app's own.
fn put(folders: &Folders, make: impl FnOnce(&Path)) {
    let file = folders.database_file();
    for ending in ["", "-wal", "-shm"] {
        let mut beside = file.clone().into_os_string();
        beside.push(ending);
        let _ = fs::remove_file(beside);
    }
    make(&file);
}

fn damage(folders: &Folders) -> Vec<u8> {
    let junk = b"a disk had other plans with this ".repeat(100);
    put(folders, |file| fs::write(file, &junk).unwrap());
    junk
}

#[tokio::test]
async fn every_row_of_an_earlier_version_is_there_after_the_upgrade() {
    let mut world = World::new().await;
    let newest = form(&world.folders().database_file());
    for earlier_form in 1..newest {
        let sql = fs::read_to_string(earlier(earlier_form)).expect("a fixture of each form");
        let mut before = BTreeMap::new();
        world.restart_after(|folders| {
            put(folders, |file| {
                Connection::open(file).unwrap().execute_batch(&sql).unwrap();
                assert_eq!(form(file), earlier_form);
                before = rows(file);
            });
        });
        let file = world.folders().database_file();
        assert_eq!(form(&file), newest);
        let after = rows(&file);
        for (table, rows) in before {
            assert!(!rows.is_empty(), "{table} of form {earlier_form}");
            for (row, before) in after[&table].iter().zip(&rows) {
                assert_eq!(row[..before.len()], before[..], "{table}");
            }
            assert_eq!(after[&table].len(), rows.len(), "{table}");
        }
        let journal = world.app.journal().await.unwrap();
        assert_eq!(journal.broken_at, None, "its chain is whole");
        assert_eq!(journal.rows[0].action, "sign_in");
    }
}

#[tokio::test]
async fn what_an_earlier_version_had_in_custody_and_to_tell_is_there_too() {
    let mut world = World::new().await;
    let sql = fs::read_to_string(earlier(2)).unwrap();
    world.restart_after(|folders| {
        put(folders, |file| {
            Connection::open(file).unwrap().execute_batch(&sql).unwrap();
        });
    });
    let token = world.only_token().await;
    assert_eq!(
        (token.name.as_str(), token.state),
        ("CI", CustodyState::Waiting)
    );
    let told = |notice: &Notice| notice.message.contains("“Relay” was rotated");
    let notices = world.notices().await;
    assert!(notices.iter().any(told), "{notices:?}");
}

#[tokio::test]
async fn a_newer_one_is_refused_before_anything_is_touched() {
    let mut world = World::new().await;
    let broken = "{ half a file";
    let mut before = Vec::new();
    let refused = world.start_after(|folders| {
        let connection = Connection::open(folders.database_file()).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        drop(connection);
        fs::write(folders.accounts_file(), broken).unwrap();
        before = fs::read(folders.database_file()).unwrap();
    });
    let Err(StartError::Database(error @ DatabaseError::Newer { .. })) = refused else {
        panic!("it started");
    };
    let words = error.to_string();
    let file = world.folders().database_file();
    for part in [
        file.to_str().unwrap(),
        "written by a newer version of Pulse Keys",
        "Nothing was changed.",
        "Install the newer version again, or move the file away",
    ] {
        assert!(words.contains(part), "{words}");
    }
    assert!(fs::read(&file).unwrap() == before, "it was changed");
    let accounts = fs::read_to_string(world.folders().accounts_file()).unwrap();
    assert_eq!(accounts, broken, "the list of accounts was set aside");
}

#[tokio::test]
async fn a_damaged_one_is_kept_and_told_with_its_path_and_the_app_goes_on() {
    let (mut world, account) = World::with_keychain().await;
    let mut junk = Vec::new();
    world.restart_after(|folders| junk = damage(folders));

    let notices = world.notices().await;
    let [notice] = notices.as_slice() else {
        panic!("{notices:?}");
    };
    assert!(notice.needs_attention);
    assert!(
        notice.message.contains("database was damaged"),
        "{notice:?}"
    );
    assert!(
        notice
            .message
            .contains("journal and your notes start empty"),
        "{notice:?}"
    );
    let (_, aside) = notice.message.split_once("kept as ").unwrap();
    let (aside, _) = aside.split_once(". ").unwrap();
    assert!(fs::read(aside).unwrap() == junk, "{aside}");

    assert!(!world.refreshed(account).await.is_empty());
    world.created(account, "CI").await;
    assert_eq!(world.journalled("create_key").await, ["created"]);
    world.restart();
    assert_eq!(world.notices().await, [], "it is told once");
}

/// The token's name and place went with the database; the token itself did not.
#[tokio::test]
async fn a_token_in_custody_outlives_a_damaged_database() {
    let (mut world, account) = World::with_keychain().await;
    world.created(account, "CI").await;
    world.restart_after(|folders| drop(damage(folders)));
    let notices = world.notices().await;
    assert!(notices[0].message.contains(vault::SERVICE), "{notices:?}");
    assert_eq!(world.keychain().tokens(), 1);
}
