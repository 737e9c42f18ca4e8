//! "I found this string" and the search folders in the real window, with the native dialogs that belong to them.

use std::fs;

use sandbox::faults::InsertedKey;
use secrecy::ExposeSecret as _;
use support::driver::App;
use support::scene::{Scene, WINDOW, body_of, choose_file, row, wait_for_focus};
use support::wait;

use crate::canary::is_in_page;

const FILE_DIALOG: &str = "Choose a file to look into";
const FOLDER_DIALOG: &str = "Choose a folder to search";
const FIELD: &str = "[role=dialog] input[type=password]";

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_token_is_named_offline_and_nothing_of_it_stays_in_the_page() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = connected(&scene, &key).await;
    let screen = app.screen();
    let used = scene.faults().key(key.id).await.unwrap().unwrap();
    let line = format!("PULSEAPI_TOKEN={}", key.token.expose_secret());
    let clipboard = screen.copy(&format!("# ours\n{line}\n"));
    scene.faults().clear_requests();

    screen.press("ctrl+shift+f");
    app.find(&format!("{FIELD}:focus")).await;
    screen.press("ctrl+v");
    let said = wait_for_answer(&app, "Old importer").await;
    assert!(said.contains("The token that this key has now"), "{said}");
    assert!(said.contains("Yes, by its checksum"), "{said}");
    assert!(
        said.contains("Yes, as of the list fetched just now"),
        "{said}"
    );
    assert_eq!(scene.faults().requests().len(), 0, "nobody was asked");
    let since = scene.faults().key(key.id).await.unwrap().unwrap();
    assert_eq!(since.last_used_at, used.last_used_at);

    drop(clipboard);
    let field = app.find(FIELD).await;
    assert_eq!(field.prop("value").await.unwrap().unwrap(), "");
    assert!(!is_in_page(&app, body_of(&key.token)).await);

    // What is typed is in its field only until it was asked about. Opened anew, there is no answer but the one to this.
    screen.press("Escape");
    app.wait_until_gone("[role=dialog]").await;
    screen.press("ctrl+shift+f");
    app.find(&format!("{FIELD}:focus")).await;
    screen.type_text(key.token.expose_secret());
    assert!(app.find(FIELD).await.prop("value").await.unwrap().is_some());
    screen.press("Return");
    wait_for_answer(&app, "Old importer").await;
    app.press("button", "Details").await;
    app.find_by_role("heading", "Old importer").await;
    assert!(!is_in_page(&app, body_of(&key.token)).await);
    assert_eq!(scene.deletes_seen(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_chosen_in_the_native_dialog_from_the_menu_on() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = connected(&scene, &key).await;
    let file = scene.desktop.home().join("deploy.env");
    let text = format!("A=1\n\nTOKEN='{}'\n", key.token.expose_secret());
    fs::write(&file, text).unwrap();

    app.native().press("menu item", "I found this string…");
    app.find(FIELD).await;
    app.press("button", "Choose a file…").await;
    cancel(&app, FILE_DIALOG);
    app.wait_for_text("Is it genuine, by its checksum?").await;

    app.press("button", "Choose a file…").await;
    choose_file(&app, FILE_DIALOG, &file);
    let said = wait_for_answer(&app, "Old importer").await;
    assert!(said.contains("deploy.env · 1 string recognised"), "{said}");
    assert!(said.contains("on line 3"), "{said}");
    assert!(!is_in_page(&app, body_of(&key.token)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_dragged_from_a_file_manager() {
    const FILES: &str = "Files";
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = connected(&scene, &key).await;
    let file = scene.desktop.home().join(".env");
    let text = format!("TOKEN='{}'\n", key.token.expose_secret());
    fs::write(&file, text).unwrap();

    let screen = app.screen();
    screen.place(screen.find(WINDOW), (0, 0), (900, 760));
    let manager = screen.file_manager(FILES, &file);
    let window = screen.find(FILES);
    screen.place(window, (1000, 100), (160, 120));
    let (x, y) = screen.corner(window);
    screen.drag((x + 80, y + 60), (450, 500));
    let said = wait_for_answer(&app, "Old importer").await;
    assert!(said.contains(".env · 1 string recognised"), "{said}");
    assert!(!is_in_page(&app, body_of(&key.token)).await);
    drop(manager);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_folder_survives_a_restart_and_is_said_to_be_gone_when_it_is() {
    let scene = Scene::new().await;
    let folder = scene.desktop.home().join("elsewhere");
    fs::create_dir_all(&folder).unwrap();
    let shown = folder.display().to_string();
    let app = scene.connected().await;
    app.press("tab", "Preferences").await;
    app.wait_for_text("Always left out").await;
    let before = app.text().await;
    assert!(!before.contains(&shown), "{before}");

    app.press("button", "Add folder… And in").await;
    cancel(&app, FOLDER_DIALOG);
    app.press("button", "Add folder… And in").await;
    choose_file(&app, FOLDER_DIALOG, &folder);
    app.find_by_role("button", &format!("Remove {shown}")).await;
    // It is in the home folder, where everything is searched already.
    app.wait_for_text("Inside ~.").await;
    close(app);

    fs::remove_dir(&folder).unwrap();
    let app = App::start(&scene.desktop).await;
    app.press("tab", "Preferences").await;
    app.wait_for_text("Nothing is there now.").await;
    app.press("button", &format!("Remove {shown}")).await;
    wait_for_focus(&app, "Add folder… And in").await;
    close(app);

    let app = App::start(&scene.desktop).await;
    app.press("tab", "Preferences").await;
    app.wait_for_text("Always left out").await;
    assert!(!app.text().await.contains(&shown));
}

/// The app with the key's row in sight, and the keyboard.
async fn connected<'a>(scene: &'a Scene, key: &InsertedKey) -> App<'a> {
    let app = scene.connected().await;
    app.click(&format!("{} [data-column=lastUsed]", row(key.id)))
        .await;
    app.find(&format!("{}:focus", row(key.id))).await;
    app.screen().activate(app.screen().find(WINDOW));
    app
}

/// What the dialog says of a key.
async fn wait_for_answer(app: &App<'_>, name: &str) -> String {
    app.until(&format!("the answer names {name}"), async || {
        app.look_for("[role=dialog] section[aria-busy=false] li")
            .await?;
        let words = app.look_for("[role=dialog]").await?.text().await.ok()?;
        words.contains(name).then_some(words)
    })
    .await
}

fn cancel(app: &App<'_>, dialog: &str) {
    let screen = app.screen();
    screen.activate(screen.find(dialog));
    screen.press("Escape");
    screen.wait_until_gone(dialog);
    screen.activate(screen.find(WINDOW));
}

fn close(app: App<'_>) {
    app.screen().close(app.screen().find(WINDOW));
    wait::until_true("the app has ended", || app.processes().is_empty());
    drop(app);
}
