//! The window: where it was and how large at the next start, how it looks, and what another start hands over.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use support::driver::{App, program};
use support::window::{Geometry, WindowId};
use support::{processes, wait};

use crate::commands::{ask, attach, call, command, wait_for};
use support::scene::{Scene, WINDOW};

fn file(scene: &Scene) -> PathBuf {
    scene.desktop.app_home().join("config/window.json")
}

fn remembered(scene: &Scene) -> Value {
    let text = fs::read_to_string(file(scene)).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

async fn started(scene: &Scene) -> (App<'_>, WindowId) {
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("Connect to PulseAPI").await;
    let window = app.screen().find(WINDOW);
    (app, window)
}

fn close(app: App<'_>, window: WindowId) {
    app.screen().close(window);
    wait::until_true("the app has ended", || app.processes().is_empty());
    drop(app);
}

/// Waits until the window has come to rest somewhere.
fn settled(app: &App<'_>, window: WindowId) -> Geometry {
    let mut before = None;
    wait::until("the window is at rest", || {
        let now = app.screen().geometry(window);
        let is_at_rest = before.replace(now) == Some(now);
        is_at_rest.then_some(now)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_comes_back_where_it_was_and_as_large() {
    let scene = Scene::new().await;
    let (app, window) = started(&scene).await;
    app.screen().place(window, (130, 70), (900, 600));
    let placed = settled(&app, window);
    close(app, window);
    // Twice: a window that creeps does so at each start.
    for _ in 0..2 {
        let (app, window) = started(&scene).await;
        wait::until_true("the window is where it was", || {
            app.screen().geometry(window) == placed
        });
        close(app, window);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_maximised_window_comes_back_so_and_goes_back_to_its_size() {
    let scene = Scene::new().await;
    let (app, window) = started(&scene).await;
    app.screen().place(window, (130, 70), (900, 600));
    wait::until_true("the place was noted", || {
        remembered(&scene)["size"] == json!([900.0, 600.0])
    });
    let placed = settled(&app, window);
    app.screen().toggle_maximized(window);
    wait::until_true("that it is maximised was noted", || {
        remembered(&scene)["maximized"] == json!(true)
    });
    assert_eq!(remembered(&scene)["size"], json!([900.0, 600.0]));
    app.processes().into_iter().for_each(processes::kill);
    drop(app);

    let (app, window) = started(&scene).await;
    wait::until_true("the window fills the screen", || {
        app.screen().geometry(window).width == 1280
    });
    app.screen().toggle_maximized(window);
    wait::until_true("the window is where it was", || {
        app.screen().geometry(window) == placed
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_no_monitor_shows_is_forgotten_and_the_size_is_not() {
    let scene = Scene::new().await;
    fs::create_dir_all(file(&scene).parent().unwrap()).unwrap();
    let gone =
        json!({ "version": 1, "corner": [4000, 90], "size": [800.0, 500.0], "maximized": false });
    fs::write(file(&scene), gone.to_string()).unwrap();
    let (app, window) = started(&scene).await;
    let shown = settled(&app, window);
    assert_eq!((shown.width, shown.height), (800, 500));
    assert!(shown.x >= 0 && shown.x + shown.width <= 1280, "{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_as_large_as_was_chosen_from_the_first_moment_and_after_each_change() {
    let scene = Scene::new().await;
    let (app, window) = started(&scene).await;
    let ratio = async |app: &App<'_>| {
        let ratio = app.page().execute("return window.innerWidth", vec![]);
        ratio.await.unwrap().as_i64().unwrap()
    };
    let wide = ratio(&app).await;
    let mut preferences = ask(&app, command::first_state, json!({})).await["preferences"].take();
    preferences["zoom"] = json!(200);
    preferences["theme"] = json!("dark");
    call(
        &app,
        command::write_preferences,
        json!({ "request": preferences }),
    )
    .await;
    app.until("the page is twice as large", async || {
        (ratio(&app).await == wide / 2).then_some(())
    })
    .await;
    let is_dark = async |app: &App<'_>| {
        let script = "return matchMedia('(prefers-color-scheme: dark)').matches";
        app.page().execute(script, vec![]).await.unwrap() == json!(true)
    };
    app.until("the page is dark", async || {
        is_dark(&app).await.then_some(())
    })
    .await;
    close(app, window);

    let (app, _) = started(&scene).await;
    assert_eq!(ratio(&app).await, wide / 2);
    assert!(is_dark(&app).await);
    call(&app, command::reset_preferences, json!({})).await;
    app.until("the page is as it comes", async || {
        (ratio(&app).await == wide && !is_dark(&app).await).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_title_names_the_account() {
    let scene = Scene::new().await;
    let (app, _) = started(&scene).await;
    call(
        &app,
        command::name_window,
        json!({ "request": { "account": "Acme Ops" } }),
    )
    .await;
    let _ = app.screen().find("Acme Ops – Pulse Keys");
    call(
        &app,
        command::name_window,
        json!({ "request": { "account": null } }),
    )
    .await;
    let _ = app.screen().find(WINDOW);
}

#[tokio::test(flavor = "multi_thread")]
async fn quitting_closes_the_window() {
    let scene = Scene::new().await;
    let (app, _) = started(&scene).await;
    let quit = "window.__TAURI_INTERNALS__.invoke(arguments[0], {})";
    // The answer may come, or the page be gone before it.
    let _ = app.page().execute(quit, vec![json!(command::quit)]).await;
    wait::until_true("the app has ended", || app.processes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_a_second_start_hands_over_reaches_the_page() {
    let scene = Scene::new().await;
    let (app, _) = started(&scene).await;
    attach(&app).await;
    for link in [
        "pulsekeys://delete/9",
        "pulsekeys://key/../9",
        "pulsekeys://key/42",
    ] {
        let status = scene.desktop.command(program()).arg(link).status().unwrap();
        assert!(status.success(), "{status}");
    }
    wait_for(&app, json!([{ "kind": "link", "key": "42" }])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_the_app_was_started_with_opens_the_card_of_its_key() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    scene.connected().await.close();
    let link = format!("pulsekeys://key/{}", key.id);
    let app = App::start_with(&scene.desktop, &program(), &[&link], &[]).await;
    app.until("the card is open", async || {
        let words = app.look_for("[role=dialog]").await?.text().await.ok()?;
        words.contains("Old importer").then_some(())
    })
    .await;
    assert!(scene.has(&key).await, "a link only opens");
}
