//! What the user writes about a key, in the real window: by keyboard alone, and through the native dialogs for its table.

use std::fs;

use sandbox::faults::InsertedKey;
use secrecy::ExposeSecret as _;
use support::driver::App;
use support::scene::{Scene, WINDOW, body_of, choose_file, row, wait_for_focus};
use support::wait;

/// The first field of the form.
const PURPOSE: &str = "What it is for";

/// The app with the focus on the row of this key, found by its name.
async fn at_row<'a>(scene: &'a Scene, key: &InsertedKey) -> App<'a> {
    let app = scene.connected().await;
    app.wait_for_text("Updated").await;
    app.screen().activate(app.screen().find(WINDOW));
    find(&app, "importer", key).await;
    app
}

/// Searches, and goes down to the only row that is left.
async fn find(app: &App<'_>, text: &str, key: &InsertedKey) {
    let screen = app.screen();
    screen.press("slash");
    wait_for_focus(app, "Search keys").await;
    screen.type_text(text);
    app.until("one row is left", async || {
        let rows = app.page().execute(ROWS, vec![]).await.ok()?;
        (rows == 1).then_some(())
    })
    .await;
    screen.press("Down");
    app.find(&format!("{}:focus", row(key.id))).await;
}

const ROWS: &str = "return document.querySelectorAll('[role=grid] [data-key]').length";

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_written_by_keyboard_and_is_in_details_list_filter_and_cards() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = at_row(&scene, &key).await;
    let screen = app.screen();

    screen.press("ctrl+e");
    wait_for_focus(&app, PURPOSE).await;
    screen.type_text("Reads invoices at night");
    app.tab_to("Owner").await;
    screen.type_text("Ada");
    app.tab_to("Where its token is kept").await;
    screen.type_text(key.token.expose_secret());
    app.tab_to("Review on").await;
    screen.type_text("2026-01-15");
    screen.press("Return");
    app.wait_for_text("A whole token does not belong here")
        .await;
    wait_for_focus(&app, "Where its token is kept").await;
    let field = app.find("[name=storedIn]").await;
    assert_eq!(field.prop("value").await.unwrap().unwrap(), "");
    screen.type_text("1Password");
    screen.press("Return");
    app.wait_until_gone("[role=dialog]").await;
    app.wait_for_text("Note saved.").await;
    let html = app.page().source().await.unwrap();
    assert!(!html.contains(body_of(&key.token)));
    app.find(&format!("{}:focus", row(key.id))).await;

    let everything = [
        "Reads invoices at night",
        "Ada",
        "1Password",
        "15 Jan 2026 · due",
    ];
    for (keys, sheet) in [
        ("Return", "Record id"),
        ("Delete", "401 Unauthorized"),
        ("ctrl+shift+r", "Why do you rotate it?"),
    ] {
        screen.press(keys);
        app.wait_for_text(sheet).await;
        for words in ["Your note"].iter().chain(&everything) {
            app.wait_for_text(words).await;
        }
        screen.press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        app.find(&format!("{}:focus", row(key.id))).await;
    }

    screen.press("ctrl+k");
    wait_for_focus(&app, "Search actions, keys, accounts and teams").await;
    screen.type_text("notes in the list");
    app.find("[role=option] mark").await;
    screen.press("Return");
    app.until("the list has the note", async || {
        let words = app.look_for(&row(key.id)).await?.text().await.ok()?;
        (words.contains("Reads invoices at night") && words.contains("due")).then_some(())
    })
    .await;

    // By the words of the note, which the name does not have; then by the filter.
    find(&app, "invoices 1password", &key).await;
    screen.press("slash");
    screen.press("BackSpace");
    screen.press("Tab");
    app.find("[role=toolbar][aria-label=Filters] button:focus")
        .await;
    app.until("the last button of the filters has the focus", async || {
        screen.press("Right");
        app.look_for("[role=toolbar] button[aria-haspopup]:focus")
            .await
            .map(drop)
    })
    .await;
    screen.press("Return");
    app.find("[role=menu][aria-label=Filters]").await;
    screen.type_text("Review due");
    app.find("[role=menuitemcheckbox][data-key='note:due']:focus")
        .await;
    screen.press("Return");
    screen.press("Escape");
    app.wait_until_gone("[role=menu]").await;
    app.until("one key is due", async || {
        let rows = app.page().execute(ROWS, vec![]).await.ok()?;
        (rows == 1).then_some(())
    })
    .await;
    app.find(&row(key.id)).await;
    app.close();

    // Kept, with its column and its filter.
    let app = App::start(&scene.desktop).await;
    app.find(&row(key.id)).await;
    assert!(app.text().await.contains("Reads invoices at night"));
    let database = fs::read(scene.database_file()).unwrap();
    let body = body_of(&key.token).as_bytes();
    assert!(!database.windows(body.len()).any(|part| part == body));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_exported_and_imported_through_the_native_dialogs_after_a_look() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = at_row(&scene, &key).await;
    let screen = app.screen();
    app.native().press("menu item", "Export notes…");
    screen.activate(screen.find("Export notes"));
    screen.press("Return");
    screen.wait_until_gone("Export notes");
    app.wait_for_text("with your notes").await;
    let file = wait::until("the table is there", || {
        let files = fs::read_dir(scene.desktop.home()).unwrap();
        let mut files = files.map(|entry| entry.unwrap().path());
        files.find(|file| file.extension().is_some_and(|each| each == "csv"))
    });
    let table = fs::read_to_string(&file).unwrap();
    let line = table
        .lines()
        .find(|line| line.contains("Old importer"))
        .unwrap();
    // As a spreadsheet with semicolons writes it.
    let filled = line.replace(",,,,", ",Reads invoices,Ada,,2027-03-01,");
    assert_ne!(filled, line);
    let filled_in = table.replace(line, &filled).replace(',', ";");
    fs::write(&file, filled_in).unwrap();

    app.native().press("menu item", "Import notes…");
    app.find("[role=dialog]").await;
    app.press("button", "Choose a CSV file…").await;
    choose_file(&app, "Choose a table of notes", &file);
    app.wait_for_text("Reads invoices · Owner: Ada · Review: 1 Mar 2027.")
        .await;
    app.press("button", "Import 1 note").await;
    app.wait_until_gone("[role=dialog]").await;
    app.wait_for_text("1 note imported.").await;

    app.native().press("menu item", "Import notes…");
    app.find("[role=dialog]").await;
    app.press("button", "Choose a CSV file…").await;
    choose_file(&app, "Choose a table of notes", &file);
    app.wait_for_text("Nothing in this file is new.").await;
}
