//! An upgrade over an older package: accounts, journal and tokens in custody of earlier forms are there afterwards.
//!
//! What every row becomes is tested without a window (`it/database.rs`); here it is the package that is replaced.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use sandbox::{Sandbox, Settings};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use support::desktop::Desktop;

use crate::machine::{Installed, OlderPackage, package};
use crate::window::TestHost;

/// The account in the fixtures.
const ACCOUNT: &str = "6f1d7c1e-0000-4000-8000-000000000001";

/// The token in custody in those fixtures that have one.
const TOKEN: &str = "22222222-2222-4222-8222-222222222222";

/// Its text, in the keyring.
const WAITING: &str = "43|a-token-of-an-older-version-77e0b1aa";

/// The key that it is of.
const KEY: &str = "CI";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "installs a package into this machine: cargo xtask test install"]
async fn a_newer_package_keeps_what_an_older_one_had() {
    let server = sandbox::start(Settings::default()).await.unwrap();
    let credential = server.mint_credential().await.unwrap();
    let older = OlderPackage::make();
    for fixture in fixtures() {
        let installed = Installed::from(&older.path());
        let host = TestHost::new();
        leave(&host, &fixture, &server, &credential);
        let rows = count(&host.database(), "journal");
        let waits = count(&host.database(), "custody") > 0;
        let before = Installed::version();

        installed.upgrade_to(&package());

        assert_ne!(Installed::version(), before);
        let app = host.start();
        if waits {
            app.wait_for(&format!("New token of “{KEY}”"));
            app.press("push button", "Reveal");
            app.wait_for(WAITING);
            app.press("push button", "Close");
            app.press("push button", "Leave it for later");
            app.wait_for("1 token is waiting for you.");
        }
        app.wait_for("ops@acme.example");
        app.wait_for("Zapier Integration");
        app.press("page tab", "Activity");
        app.wait_for("Journal verified");
        app.wait_for("Delete key");
        app.close();
        assert!(
            count(&host.database(), "journal") >= rows,
            "{}",
            fixture.display()
        );
        assert_eq!(
            count(&host.database(), "custody") > 0,
            waits,
            "{}",
            fixture.display()
        );
        let tokens = host.desktop.keyring().items(vault::SERVICE);
        assert_eq!(
            tokens.len(),
            1 + usize::from(waits),
            "{}",
            fixture.display()
        );
        drop(installed);
    }
}

/// Databases as earlier versions left them.
fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/database");
    let mut fixtures: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    fixtures.sort();
    assert!(!fixtures.is_empty());
    fixtures
}

/// What a user of that version had: an account, its credential, the database, and a token in the keyring where the
/// database tells of one.
fn leave(host: &TestHost, fixture: &Path, server: &Sandbox, credential: &SecretString) {
    for folder in [host.config(), host.data()] {
        fs::create_dir_all(folder).unwrap();
    }
    let token = credential.expose_secret();
    let accounts = json!({ "version": 1, "active": ACCOUNT, "accounts": [{
        "id": ACCOUNT, "label": "ops@acme.example", "base_url": server.base_url(), "kind": "pulseapi",
        "own_key": { "record_id": token.split_once('|').unwrap().0, "last_eight": token[token.len() - 8..] },
        "user_id": "1", "user_name": "Olu", "user_email": "ops@acme.example",
        "plan": null, "teams": [], "current_team": null,
    }]});
    fs::write(host.config().join("accounts.json"), accounts.to_string()).unwrap();
    let connection = Connection::open(host.database()).unwrap();
    connection
        .execute_batch(&fs::read_to_string(fixture).unwrap())
        .unwrap();
    plant(&host.desktop, &format!("account/{ACCOUNT}"), token);
    if count(&host.database(), "custody") > 0 {
        plant(&host.desktop, &format!("token/{ACCOUNT}/{TOKEN}"), WAITING);
        let name = "SELECT key_name FROM custody";
        let name: String = connection.query_row(name, [], |row| row.get(0)).unwrap();
        assert_eq!(name, KEY);
    }
}

fn plant(desktop: &Desktop, name: &str, secret: &str) {
    desktop
        .keyring()
        .plant(&[("service", vault::SERVICE), ("username", name)], secret);
}

/// Rows of a table; none when this form has no such table.
fn count(database: &Path, table: &str) -> i64 {
    let connection = Connection::open(database).unwrap();
    let sql = format!("SELECT count(*) FROM {table}");
    connection
        .query_row(&sql, [], |row| row.get(0))
        .unwrap_or_default()
}
