//! Putting a new token in place, in the real window: a key is rotated, its three places are ticked, and each has the new
//! token in its own way of writing. By mouse, and by keyboard alone.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sandbox::faults::InsertedKey;
use secrecy::{ExposeSecret as _, SecretString};
use support::driver::App;
use support::scene::{Scene, body_of, choose, open_rotation, wait_for_reveal};

fn env(token: &SecretString) -> String {
    format!("A=1\nPULSEAPI_TOKEN={}\n", token.expose_secret())
}

fn manifest(token: &SecretString) -> String {
    let value = STANDARD.encode(token.expose_secret());
    format!("kind: Secret\ndata:\n  token: {value}\n")
}

fn with_crlf(token: &SecretString) -> String {
    format!(
        "[api]\r\ntoken = \"{}\"\r\nother = 1",
        token.expose_secret()
    )
}

/// The title of the native dialog.
const QUESTION: &str = "Put the new token in place";

/// A path, and what stands there with a token.
pub(crate) type File = (&'static str, fn(&SecretString) -> String);

pub(crate) const FILES: [File; 3] = [
    ("code/shop/.env", env),
    ("code/shop/k8s/pulse.yaml", manifest),
    ("code/shop/settings.ini", with_crlf),
];

pub(crate) fn plant(scene: &Scene, key: &InsertedKey) {
    for (path, text) in FILES {
        let path = scene.desktop.home().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text(&key.token)).unwrap();
    }
}

/// Rotates the key, whose places the card has searched for by then, and opens the plan.
async fn open_plan(app: &App<'_>, key: &InsertedKey) {
    open_rotation(app, key.id).await;
    app.native().press_in_dialog("Rotate key");
    wait_for_reveal(app, "Old importer").await;
    app.wait_for_text("Update these 3 places").await;
    app.press("button", "Put it in place…").await;
    app.wait_for_text("3 of 3 files ticked").await;
}

/// How many files of a folder hold a text.
pub(crate) fn holding(folder: &Path, text: &str) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| match entry.file_type().unwrap() {
            kind if kind.is_dir() => holding(&entry.path(), text),
            kind if kind.is_file() => {
                let content = fs::read(entry.path()).unwrap_or_default();
                usize::from(
                    content
                        .windows(text.len())
                        .any(|part| part == text.as_bytes()),
                )
            }
            _ => 0,
        })
        .sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_token_is_in_every_place_and_nowhere_else() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    plant(&scene, &key);
    let app = scene.connected().await;
    open_plan(&app, &key).await;
    let shown = app.text().await;
    for part in [
        "~/code/shop/k8s/pulse.yaml",
        "in base64",
        "PULSEAPI_TOKEN",
        "line 2",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    app.press("button", "Write 3 files…").await;
    let dialog = app.native().dialog();
    assert_eq!(dialog.buttons(), ["Cancel", "Write 3 files"]);
    assert_eq!(dialog.focused_button(), Some("Cancel"));
    assert!(
        dialog
            .labels()
            .join("\n")
            .contains("~/code/shop/settings.ini")
    );
    app.native().press_in_dialog("Write 3 files");
    app.wait_for_text("The new token is in 3 files").await;
    app.wait_for_text("Nothing with the old token found in the places searched.")
        .await;

    let new = scene.token();
    for (path, text) in FILES {
        let now = fs::read_to_string(scene.desktop.home().join(path)).unwrap();
        assert_eq!(now, text(&new), "{path}");
    }
    let body = body_of(&new);
    assert_eq!(holding(&scene.desktop.home(), body), 2, "and one in base64");
    assert_eq!(holding(&scene.desktop.app_home(), body), 0);
    assert!(!app.page().source().await.unwrap().contains(body));
    let journalled = scene.journalled("put_in_place").await;
    assert_eq!(
        journalled,
        [
            "put in place: 3 files: ~/code/shop/.env, ~/code/shop/k8s/pulse.yaml, ~/code/shop/settings.ini"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_alone_only_what_stays_ticked_is_written() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    plant(&scene, &key);
    let app = scene.connected().await;
    open_plan(&app, &key).await;
    let screen = app.screen();
    app.tab_to("~/code/shop/.env").await;
    screen.press("Down");
    screen.press("space");
    app.wait_for_text("2 of 3 files ticked").await;
    app.tab_to("Write 2 files…").await;
    screen.press("Return");
    let _ = app.native().dialog();
    let dialog = screen.find(QUESTION);
    screen.activate(dialog);
    screen.press("Escape");
    app.wait_for_text("2 of 3 files ticked").await;
    for (path, text) in FILES {
        let now = fs::read_to_string(scene.desktop.home().join(path)).unwrap();
        assert_eq!(now, text(&key.token), "Escape writes nothing: {path}");
    }
    app.press("button", "Write 2 files…").await;
    app.native().press_in_dialog("Write 2 files");
    app.wait_for_text("The new token is in 2 files").await;
    let manifest_now = fs::read_to_string(scene.desktop.home().join(FILES[1].0)).unwrap();
    assert_eq!(manifest_now, manifest(&key.token));
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_alone_a_rotation_puts_its_token_where_the_old_one_was() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    plant(&scene, &key);
    let app = scene.connected().await;
    choose(&app, key.id, "rotate").await;
    app.wait_for_text("0 of 3 files ticked").await;
    let screen = app.screen();
    app.tab_to("The token leaked, or may have").await;
    screen.press("Down");
    app.tab_to("Tick all 3").await;
    screen.press("Return");
    app.tab_to("Rotate key, write 3 files…").await;
    screen.press("Return");
    // Return in the dialog means no, and what was ticked is still ticked.
    let _ = app.native().dialog();
    let dialog = screen.find("Rotate API key");
    screen.activate(dialog);
    screen.press("Return");
    screen.wait_until_gone("Rotate API key");
    app.wait_until_gone("[role=dialog] input[type=checkbox]:disabled")
        .await;
    app.wait_for_text("3 of 3 files ticked").await;
    for (path, text) in FILES {
        let now = fs::read_to_string(scene.desktop.home().join(path)).unwrap();
        assert_eq!(now, text(&key.token), "{path}");
    }
    app.tab_to("Rotate key, write 3 files…").await;
    screen.press("Return");
    let dialog = app.native().dialog();
    let told = dialog.labels().join("\n");
    assert!(told.contains("~/code/shop/k8s/pulse.yaml"), "{told}");
    app.native().press_in_dialog("Rotate key, write 3 files");
    wait_for_reveal(&app, "Old importer").await;
    app.wait_for_text("The new token is in 3 files").await;
    app.wait_for_text("Nothing with the old token found in the places searched.")
        .await;
    let new = scene.token();
    for (path, text) in FILES {
        let now = fs::read_to_string(scene.desktop.home().join(path)).unwrap();
        assert_eq!(now, text(&new), "{path}");
    }
}
