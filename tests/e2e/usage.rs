//! Where a key is used, in the real window: what was planted in the user's files is found under its heading, the
//! card follows it, and a search can be stopped and ends with its card.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sandbox::faults::InsertedKey;
use secrecy::ExposeSecret as _;
use serde_json::json;
use support::driver::{App, program};
use support::fake_git::{ENDLESS, FakeGit};
use support::processes;
use support::scene::{
    DIALOG, Scene, ask_to_rotate, body_of, choose, delete_button, fill_in, row, wait_for_reveal,
};
use support::wait;

/// The key's rows in the card, by their names as they are heard.
const FINDINGS: &str = "[role=dialog] section [role=row]";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found_stands_under_its_heading_and_raises_what_is_asked() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    plant(&scene, &key);
    let app = scene.connected().await;
    choose(&app, key.id, "delete").await;
    app.wait_for_text("Found in 3 places on this machine.")
        .await;
    app.wait_for_text("Searched ").await;

    let script = "return [...document.querySelectorAll('[role=dialog] section section')].map((group) => \
        [group.querySelector('h4').firstChild.textContent, \
         [...group.querySelectorAll('[role=row]')].map((row) => row.getAttribute('aria-label'))])";
    let expected = json!([
        [
            "Application environment variables",
            [
                "~/code/shop/.env, line 2: this key",
                "~/code/shop/k8s/pulse.yaml, line 4: this key"
            ]
        ],
        [
            "CI/CD pipeline secrets",
            ["CI, ~/code/shop/.github/workflows/pulse.yml, line 5: this key"]
        ],
    ]);
    // The list builds its rows after the words about the search.
    app.until("each finding stands in its place", async || {
        let groups = app.page().execute(script, vec![]).await.unwrap();
        (groups == expected).then_some(())
    })
    .await;
    app.until("what was skipped is told", async || {
        let shown = app.text().await;
        let told = ["Not searched: ", "Everything in the places"];
        told.iter().any(|words| shown.contains(words)).then_some(())
    })
    .await;
    assert!(
        !app.page()
            .source()
            .await
            .unwrap()
            .contains(body_of(&key.token))
    );

    let button = delete_button(&app).await;
    assert!(!button.is_enabled().await.unwrap(), "the name comes first");
    let field = app.find("[role=dialog] form input").await;
    field.send_keys("Old importer").await.unwrap();
    button.click().await.unwrap();
    let words = app.native().dialog().labels().join("\n");
    assert!(words.contains("Found in 3 places"), "{words}");
    app.native().press_in_dialog("Cancel");
    app.screen().wait_until_gone(DIALOG);
    assert!(scene.has(&key).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_is_copied_and_the_checklist_is_kept() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    plant(&scene, &key);
    let app = scene.connected().await;
    choose(&app, key.id, "delete").await;
    app.wait_for_text("Found in 3 places on this machine.")
        .await;
    app.click(&format!(
        "{FINDINGS}[aria-label^='~/code/shop/.env'] button[aria-label='Copy path']"
    ))
    .await;
    let path = scene.desktop.home().join("code/shop/.env");
    wait::until_true("the path is on the clipboard", || {
        Path::new(&app.screen().clipboard()) == path
    });

    app.press("checkbox", "Other people").await;
    app.wait_for_text("1 of 5 done").await;
    app.press("button", "Cancel").await;
    app.wait_until_gone("[role=dialog]").await;
    choose(&app, key.id, "delete").await;
    app.wait_for_text("1 of 5 done").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_planted_is_nothing_found_in_the_places_searched() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let other = scene.idle_key("Other").await;
    plant(&scene, &other);
    let app = scene.connected().await;
    choose(&app, key.id, "delete").await;
    app.wait_for_text("Searched ").await;
    app.wait_for_text("Nothing found in the places searched")
        .await;
    assert!(app.look_for("[role=dialog] form input").await.is_none());
    assert!(delete_button(&app).await.is_enabled().await.unwrap());
    assert!(!app.text().await.to_lowercase().contains("safe"));
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_keeps_what_was_found_and_closing_ends_the_search() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    plant(&scene, &key);
    let git = endless(&scene);
    let path = git.path();
    let app = App::start_with(&scene.desktop, &program(), &[], &[("PATH", &path)]).await;
    fill_in(
        &app,
        &scene.sandbox.base_url(),
        scene.credential.expose_secret(),
    )
    .await;
    choose(&app, key.id, "delete").await;
    app.wait_for_text("Found in 3 places on this machine.")
        .await;
    wait_until_running(&git, true);
    app.press("button", "Stop").await;
    wait_until_running(&git, false);
    app.wait_for_text("Stopped after").await;
    assert!(
        app.text()
            .await
            .contains("Found in 3 places on this machine.")
    );
    assert!(app.look_for(FINDINGS).await.is_some());
    assert!(!delete_button(&app).await.is_enabled().await.unwrap());

    app.press("button", "Search again").await;
    wait_until_running(&git, true);
    app.press("button", "Cancel").await;
    app.wait_until_gone("[role=dialog]").await;
    wait_until_running(&git, false);
    app.find(&row(key.id)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_breaks_off_keeps_what_it_found_and_the_app_lives() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    plant(&scene, &key);
    let git = endless(&scene);
    let path = git.path();
    let app = App::start_with(&scene.desktop, &program(), &[], &[("PATH", &path)]).await;
    fill_in(
        &app,
        &scene.sandbox.base_url(),
        scene.credential.expose_secret(),
    )
    .await;
    choose(&app, key.id, "delete").await;
    app.wait_for_text("Found in 3 places on this machine.")
        .await;
    wait_until_running(&git, true);
    processes::kill(searcher(&app).unwrap());
    app.wait_for_text("The search broke off while it was reading")
        .await;
    let text = app.text().await;
    assert!(
        text.contains(&git.objects().display().to_string()),
        "{text}"
    );
    assert!(text.contains("the rest was not searched"), "{text}");
    assert!(!text.contains("Nothing under"), "{text}");
    assert!(app.look_for(FINDINGS).await.is_some());
    assert!(!delete_button(&app).await.is_enabled().await.unwrap());
    wait_until_running(&git, false);

    // The app that dies takes its search with it.
    app.press("button", "Search again").await;
    wait_until_running(&git, true);
    let search = searcher(&app).unwrap();
    let all = app.processes().into_iter();
    all.filter(|id| *id != search).for_each(processes::kill);
    wait::until_true("the search has ended with the app", || {
        app.processes().is_empty() && !git.is_running()
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_new_token_stand_the_places_of_the_old_one() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    plant(&scene, &key);
    let app = scene.connected().await;
    choose(&app, key.id, "rotate").await;
    app.wait_for_text("Found in 3 places on this machine.")
        .await;
    app.wait_for_text("Searched ").await;
    app.click("[role=dialog] input[type=radio]").await;
    ask_to_rotate(&app).await;
    app.native().press_in_dialog("Rotate key");
    wait_for_reveal(&app, "Old importer").await;
    app.wait_for_text("Update these 3 places").await;

    let env = scene.desktop.home().join("code/shop/.env");
    fs::write(env, "PULSEAPI_TOKEN=\n").unwrap();
    app.press("button", "Search again").await;
    app.wait_for_text("Update these 2 places").await;
}

/// The key's token where programs keep theirs: in an .env file, a workflow, and in base64 in a manifest.
fn plant(scene: &Scene, key: &InsertedKey) {
    let token = key.token.expose_secret();
    let shop = scene.desktop.home().join("code/shop");
    write(
        &shop.join(".env"),
        &format!("DEBUG=1\nPULSEAPI_TOKEN={token}\n"),
    );
    write(
        &shop.join(".github/workflows/pulse.yml"),
        &format!("on: push\njobs:\n  checks:\n    env:\n      PULSEAPI_TOKEN: {token}\n"),
    );
    write(
        &shop.join("k8s/pulse.yaml"),
        &format!(
            "apiVersion: v1\nkind: Secret\ndata:\n  token: {}\n",
            STANDARD.encode(token)
        ),
    );
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// A search that never comes to the end of a repository.
fn endless(scene: &Scene) -> FakeGit {
    let home = scene.desktop.home();
    FakeGit::new(&home, &home, ENDLESS)
}

fn wait_until_running(git: &FakeGit, expected: bool) {
    let what = if expected {
        "the search is under way"
    } else {
        "the search has ended"
    };
    wait::until_true(what, || git.is_running() == expected);
}

/// The process of the app that searches.
fn searcher(app: &App<'_>) -> Option<i32> {
    app.processes().into_iter().find(|id| {
        let words = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        words
            .split(|byte| *byte == 0)
            .any(|word| word == b"--search-process")
    })
}
