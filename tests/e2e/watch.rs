//! Keep watch in the real window, with the app's clock put forward: turned on by keys alone, and a day later it tells where a
//! key turned up and leads to it.

use std::fs;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use support::driver::App;
use support::scene::{Scene, WINDOW};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Turns it on in the preferences, by keys alone.
async fn turn_on(app: &App<'_>) {
    let screen = app.screen();
    screen.activate(screen.find(WINDOW));
    screen.press("ctrl+comma");
    app.wait_for_text("Where data lives").await;
    app.tab_to("Keep watch").await;
    screen.press("Return");
    app.wait_for_text("Off: nothing is searched unless you search")
        .await;
    screen.press("Tab");
    screen.press("Right");
    app.wait_for_text("The first search begins a minute after")
        .await;
}

/// The first look comes to its end.
async fn first_look(scene: &Scene, app: &App<'_>) {
    scene.is_later(HOUR);
    comes(app, "and again a day later").await;
}

/// Waits for words as long as a search may take that everything else goes before, on a machine that is busy.
async fn comes(app: &App<'_>, words: &str) {
    const WAIT: Duration = Duration::from_secs(240);
    let shown = async {
        while !app.text().await.contains(words) {
            tokio::task::yield_now().await;
        }
    };
    let came = tokio::time::timeout(WAIT, shown).await;
    assert!(came.is_ok(), "{words:?} never came: {}", app.text().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_a_new_place_is_told_a_day_later_and_leads_to_the_key() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let home = scene.desktop.home();
    let line = format!("PULSEAPI_TOKEN={}\n", key.token.expose_secret());
    fs::write(home.join("first.env"), &line).unwrap();
    let app = scene.connected().await;
    app.wait_for_text("Updated").await;
    turn_on(&app).await;
    first_look(&scene, &app).await;
    app.screen().press("ctrl+1");
    app.wait_for_text("Updated").await;
    let shown = app.text().await;
    assert!(!shown.contains("turned up in a new place"), "{shown}");

    fs::write(home.join("second.env"), &line).unwrap();
    scene.is_later(DAY);
    comes(&app, "turned up in a new place: ~/second.env.").await;
    let shown = app.text().await;
    assert!(!shown.contains("new place: ~/first.env"), "{shown}");
    app.tab_to("Show the key").await;
    app.screen().press("Return");
    app.wait_for_text("When it was used").await;
}
