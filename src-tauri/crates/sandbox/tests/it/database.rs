//! The file: it lasts, it is private, it holds no token, and a bad one is left alone.

use std::fs;
use std::path::{Path, PathBuf};

use reqwest::{Method, StatusCode};
use sandbox::{Database, Plan, Settings, StartError};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::Api;

fn on(path: &Path) -> Settings {
    Settings {
        database: Database::File(path.to_owned()),
        ..Settings::default()
    }
}

/// The database and whatever SQLite keeps beside it.
fn files_beside(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path.parent().unwrap()).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[tokio::test]
async fn records_survive_a_restart_and_are_not_seeded_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.sqlite");
    let api = Api::with(on(&path)).await;
    let created = api
        .post("/api-keys", &json!({"name": "Lasting", "abilities": ["*"]}))
        .await;
    let token = created.body["token"].as_str().unwrap().into();
    let doomed = api.key_with(&["*"]).await;
    api.ask(Method::DELETE, &format!("/api-keys/{}", doomed.id))
        .await;
    let old_credential = api.credential.clone();
    api.sandbox.stop().await;

    let api = Api::with(on(&path)).await;
    assert_eq!(
        api.ask_as(&token, Method::GET, "/user").await.status,
        StatusCode::OK
    );
    assert_eq!(
        api.ask_as(&old_credential, Method::GET, "/user")
            .await
            .status,
        StatusCode::OK
    );
    let dead = api.ask_as(&doomed.token, Method::GET, "/user").await;
    assert_eq!(dead.status, StatusCode::UNAUTHORIZED);
    // A dozen, "Lasting" and two credentials.
    assert_eq!(api.get("/api-keys").await.body["meta"]["total"], 15);
    assert!(
        Api::id_of(&api.credential) > doomed.id,
        "ids are never given twice"
    );
}

#[tokio::test]
async fn an_existing_file_is_filled_up_and_takes_the_plan_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.sqlite");
    Api::with(on(&path)).await.sandbox.stop().await;
    let settings = Settings {
        keys: Some(20),
        plan: Plan::Starter,
        ..on(&path)
    };
    let api = Api::with(settings).await;
    assert_eq!(api.get("/api-keys").await.body["meta"]["total"], 21);
    assert_eq!(api.get("/user").await.body["data"]["plan"], "starter");
}

#[tokio::test]
async fn no_file_holds_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.sqlite");
    let api = Api::with(on(&path)).await;
    let key = api.key_with(&["*"]).await;
    let rotated = api
        .ask(Method::POST, &format!("/api-keys/{}/rotate", key.id))
        .await;
    let tokens = [
        api.credential.expose_secret().to_owned(),
        key.token.expose_secret().to_owned(),
        rotated.body["token"].as_str().unwrap().to_owned(),
    ];
    let mut scanned = 0;
    for file in files_beside(&path) {
        let bytes = fs::read(&file).unwrap();
        scanned += bytes.len();
        for token in &tokens {
            // Any 16 characters of the 40 would be a leak; the last 8 are shown in lists.
            let random = &token.split_once('|').unwrap().1[..16];
            let found = bytes.windows(16).any(|window| window == random.as_bytes());
            assert!(!found, "a token is in {}", file.display());
        }
    }
    let name = b"Terraform provider";
    let has_name = |file: &PathBuf| fs::read(file).unwrap().windows(18).any(|w| w == name);
    assert!(
        scanned > 0 && files_beside(&path).iter().any(has_name),
        "the scan can see records"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_the_file_and_what_is_beside_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.sqlite");
    // An empty file, made by somebody less careful, counts as missing.
    fs::write(&path, "").unwrap();
    let api = Api::with(on(&path)).await;
    let files = files_beside(&path);
    assert!(files.len() > 1, "a write-ahead log is beside it");
    for file in files {
        let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
    api.sandbox.stop().await;
}

/// Starts on a file that can't serve; it must be untouched afterwards.
async fn refused(path: &Path) -> StartError {
    let (before, beside) = (fs::read(path).unwrap(), files_beside(path));
    let error = sandbox::start(on(path)).await.unwrap_err();
    assert_eq!(fs::read(path).unwrap(), before, "the file was changed");
    assert_eq!(files_beside(path), beside, "something was left beside it");
    assert!(
        error.to_string().contains(&path.display().to_string()),
        "{error}"
    );
    error
}

#[tokio::test]
async fn a_file_that_is_no_database_or_a_broken_one_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.sqlite");
    fs::write(&path, "These are my notes, not a database. ".repeat(300)).unwrap();
    assert!(matches!(refused(&path).await, StartError::Damaged { .. }));

    let path = folder.path().join("broken.sqlite");
    Api::with(Settings {
        keys: Some(500),
        ..on(&path)
    })
    .await
    .sandbox
    .stop()
    .await;
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xff);
    fs::write(&path, bytes).unwrap();
    assert!(matches!(refused(&path).await, StartError::Damaged { .. }));
}

#[tokio::test]
async fn a_newer_or_foreign_database_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("newer.sqlite");
    Api::with(on(&path)).await.sandbox.stop().await;
    let later = rusqlite::Connection::open(&path).unwrap();
    later.pragma_update(None, "user_version", 99).unwrap();
    drop(later);
    assert!(matches!(
        refused(&path).await,
        StartError::Newer {
            found: 99,
            known: 1,
            ..
        }
    ));

    let path = folder.path().join("foreign.sqlite");
    let foreign = rusqlite::Connection::open(&path).unwrap();
    foreign
        .execute_batch("CREATE TABLE recipes (title TEXT)")
        .unwrap();
    drop(foreign);
    assert!(matches!(refused(&path).await, StartError::Foreign { .. }));
}

#[tokio::test]
async fn a_missing_folder_and_a_taken_port_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    for nowhere in [
        folder.path().join("no/such/folder.sqlite"),
        folder.path().to_owned(),
    ] {
        let error = sandbox::start(on(&nowhere)).await.unwrap_err();
        assert!(matches!(error, StartError::Unreachable { .. }), "{error}");
    }
    let first = Api::start().await;
    let port = first
        .base
        .rsplit(':')
        .next()
        .unwrap()
        .trim_end_matches("/v1")
        .parse()
        .unwrap();
    let path = folder.path().join("unborn.sqlite");
    let error = sandbox::start(Settings { port, ..on(&path) })
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Port { .. }), "{error}");
    assert!(!path.exists());
}
