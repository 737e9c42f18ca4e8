//! The native menu: its items tell the page, keys stay the page's, and the Edit menu works on text.
//!
//! Each test shows a menu of its own through the same commands as the page does.

use serde_json::{Value, json};
use support::driver::App;
use support::wait;

use crate::commands::{arrived, attach, call, wait_for};
use support::scene::{Scene, WINDOW};

fn action(id: &str, title: &str, keys: Option<&str>) -> Value {
    json!({ "kind": "action", "id": id, "title": title, "keys": keys, "enabled": true, "checked": null })
}

fn edit(deed: &str) -> Value {
    json!({ "kind": "edit", "deed": deed })
}

fn model(create: &str, is_dense: bool) -> Value {
    let mut delete = action("key.delete", "&Delete…", Some("Delete"));
    delete["enabled"] = json!(false);
    let mut dense = action("view.dense", "&Compact", None);
    dense["checked"] = json!(is_dense);
    json!({ "menus": [
        { "title": "&File", "items": [
            action("keys.create", create, Some("mod+N")),
            action("app.preferences", "&Preferences", Some("mod+,")),
            { "kind": "separator" },
            action("app.quit", "&Quit", Some("mod+Q")),
        ] },
        { "title": "&Edit", "items": [
            edit("undo"), edit("redo"), { "kind": "separator" },
            edit("cut"), edit("copy"), edit("paste"), edit("select_all"),
        ] },
        { "title": "&Key", "items": [
            action("key.rotate", "&Rotate…", Some("mod+Shift+R")),
            delete,
            action("key.menu", "&Menu", Some("Shift+F10")),
        ] },
        { "title": "&View", "items": [
            dense,
            action("zoom.in", "Zoom &in", Some("mod++")),
            action("list.refresh", "&Refresh", Some("F5")),
        ] },
    ] })
}

async fn show(app: &App<'_>, model: Value) {
    call(app, "menu_show", json!({ "request": model })).await;
    let _ = app.native().find("menu bar", None);
}

/// Waits until an item can be seen, and so its menu is open.
fn wait_until_open(app: &App<'_>, name: &str) {
    wait::until_true(&format!("a menu with {name:?} is open"), || {
        let item = app.native().look_for("menu item", Some(name));
        item.is_some_and(|item| item.is("showing"))
    });
}

async fn opened(scene: &Scene) -> App<'_> {
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("Connect to PulseAPI").await;
    attach(&app).await;
    show(&app, model("&New key…", false)).await;
    app.screen().activate(app.screen().find(WINDOW));
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_tells_the_page_by_its_letter_and_by_assistive_technology() {
    let scene = Scene::new().await;
    let app = opened(&scene).await;
    app.screen().press("alt+f");
    wait_until_open(&app, "New key…");
    app.screen().press("n");
    let create = json!({ "kind": "action", "id": "keys.create" });
    wait_for(&app, json!([create])).await;
    app.native().press("menu item", "Preferences");
    let preferences = json!({ "kind": "action", "id": "app.preferences" });
    wait_for(&app, json!([create, preferences])).await;

    let delete = app.native().find("menu item", Some("Delete…"));
    assert!(!delete.is("enabled"), "{:?}", delete.states);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_the_menu_shows_reach_the_page_and_only_the_page() {
    let scene = Scene::new().await;
    let app = opened(&scene).await;
    let listen = "window.keys = []; \
        window.addEventListener('keydown', (event) => { \
            window.keys.push(event.key); \
            if (!event.target.matches('input')) event.preventDefault(); \
        }, true)";
    app.page().execute(listen, vec![]).await.unwrap();
    let screen = app.screen();
    for key in ["ctrl+n", "ctrl+q", "F5", "Delete", "shift+F10", "ctrl+plus"] {
        screen.press(key);
    }
    app.until("the page had the keys", async || {
        let keys = app.page().execute("return window.keys.filter((key) => key.length > 1 ? !/Control|Shift/.test(key) : true)", vec![]);
        let keys = keys.await.ok()?;
        (keys == json!(["n", "q", "F5", "Delete", "F10", "+"])).then_some(())
    })
    .await;
    assert_eq!(arrived(&app).await, json!([]));

    let field = app.find("input[inputmode=url]").await;
    field.click().await.unwrap();
    for key in ["Home", "Delete", "Delete"] {
        screen.press(key);
    }
    app.until("Delete deletes in a field", async || {
        let text = field.prop("value").await.ok()??;
        (text == "tps://api.pulseapi.io/v1").then_some(())
    })
    .await;

    screen.press("F10");
    wait_until_open(&app, "New key…");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_menu_stays_open_while_its_words_and_ticks_change() {
    let scene = Scene::new().await;
    let app = opened(&scene).await;
    app.screen().press("alt+f");
    wait_until_open(&app, "New key…");
    show(&app, model("New &key in Acme…", true)).await;
    wait_until_open(&app, "New key in Acme…");
    app.screen().press("Escape");
    app.screen().press("Escape");

    let tick = |is_there: bool| {
        wait::until_true("the tick is as the page said", || {
            let item = app.native().find("check menu item", Some("Compact"));
            item.is("checked") == is_there
        });
    };
    tick(true);
    app.native().press("check menu item", "Compact");
    wait_for(&app, json!([{ "kind": "action", "id": "view.dense" }])).await;
    tick(true);
    show(&app, model("New &key in Acme…", false)).await;
    tick(false);
    let only_once = json!([{ "kind": "action", "id": "view.dense" }]);
    assert_eq!(arrived(&app).await, only_once);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_items_take_the_place_of_the_old_ones() {
    let scene = Scene::new().await;
    let app = opened(&scene).await;
    let item = action("help.shortcuts", "&Shortcuts", Some("?"));
    show(
        &app,
        json!({ "menus": [{ "title": "&Help", "items": [item] }] }),
    )
    .await;
    app.native().press("menu item", "Shortcuts");
    wait_for(&app, json!([{ "kind": "action", "id": "help.shortcuts" }])).await;
    assert_eq!(
        app.native().look_for("menu item", Some("Preferences")),
        None
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_edit_menu_works_on_the_field_that_has_the_focus() {
    let scene = Scene::new().await;
    let app = opened(&scene).await;
    let field = app.find("input[inputmode=url]").await;
    field.click().await.unwrap();
    let holds = async |expected: &str| {
        app.until(&format!("the field holds {expected:?}"), async || {
            (field.prop("value").await.ok()??.as_str() == expected).then_some(())
        })
        .await;
    };
    let _elsewhere = app.screen().copy("http://127.0.0.1:9/v1");
    app.native().press("menu item", "Select All");
    app.native().press("menu item", "Paste");
    holds("http://127.0.0.1:9/v1").await;
    app.native().press("menu item", "Undo");
    holds("https://api.pulseapi.io/v1").await;
    app.native().press("menu item", "Redo");
    holds("http://127.0.0.1:9/v1").await;
    app.native().press("menu item", "Select All");
    app.native().press("menu item", "Cut");
    holds("").await;
    wait::until_true("it was cut", || {
        app.screen().clipboard() == "http://127.0.0.1:9/v1"
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn events_reach_a_page_that_was_loaded_anew() {
    let scene = Scene::new().await;
    let app = opened(&scene).await;
    app.page().refresh().await.unwrap();
    app.wait_for_text("Connect to PulseAPI").await;
    attach(&app).await;
    app.native().press("menu item", "Preferences");
    wait_for(&app, json!([{ "kind": "action", "id": "app.preferences" }])).await;
}
