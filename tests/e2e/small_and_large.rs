//! The smallest window that everything is made for, and text of twice the size: nothing is lost in either.

use secrecy::ExposeSecret as _;
use serde_json::json;
use support::driver::App;
use support::scene::{Scene, create, fill_in, open_card, say_stored};

use crate::commands::call;

/// How the app is looked at.
#[derive(Clone, Copy, Debug)]
enum View {
    /// The smallest window.
    Small,
    /// The usual window, and all text twice as large.
    LargeText,
    /// The usual window, and the whole page twice as large.
    Zoomed,
}

impl View {
    async fn enter(self, app: &App<'_>) {
        match self {
            View::Small => {
                app.page().set_window_size(720, 480).await.unwrap();
                wait_for(app, "innerWidth === 720 && innerHeight <= 480").await;
            }
            View::LargeText => {
                let larger = "document.documentElement.style.fontSize = '32px'; return true";
                app.page().execute(larger, vec![]).await.unwrap();
            }
            View::Zoomed => {
                let state = "const done = arguments[0]; \
                    window.__TAURI_INTERNALS__.invoke('app_state').then((state) => done(state.preferences))";
                let mut preferences = app.page().execute_async(state, vec![]).await.unwrap();
                let before = app.page().execute("return innerWidth", vec![]).await;
                preferences["zoom"] = json!(200);
                // The page is told nothing of it: the shell alone makes everything larger.
                call(app, "preferences_write", json!({ "request": preferences })).await;
                let half = before.unwrap().as_i64().unwrap() / 2 + 1;
                wait_for(app, &format!("innerWidth <= {half}")).await;
            }
        }
    }
}

async fn wait_for(app: &App<'_>, condition: &str) {
    app.until(condition, async || {
        let script = format!("return {condition}");
        let holds = app.page().execute(&script, vec![]).await.ok()?;
        (holds == true).then_some(())
    })
    .await;
}

async fn nothing_is_lost(app: &App<'_>, view: View, state: &str, lost: &mut Vec<String>) {
    // Sheets come in with a movement.
    wait_for(
        app,
        "document.getAnimations().every((each) => each.effect.getComputedTiming().iterations === Infinity)",
    )
    .await;
    let here = app.lost().await;
    lost.extend(here.iter().map(|each| format!("{view:?}, {state}: {each}")));
}

async fn look_at(view: View) {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("Connect to PulseAPI").await;
    view.enter(&app).await;
    let mut lost = Vec::new();
    nothing_is_lost(&app, view, "first start", &mut lost).await;
    let base = scene.sandbox.base_url();
    fill_in(&app, &base, scene.credential.expose_secret()).await;
    app.wait_for_text("Updated").await;
    nothing_is_lost(&app, view, "list", &mut lost).await;
    open_card(&app, key.id).await;
    nothing_is_lost(&app, view, "delete card", &mut lost).await;
    app.press("button", "Cancel").await;
    app.wait_until_gone("[role=dialog]").await;
    app.press("button", "Create API key").await;
    app.wait_for_text("chosen").await;
    nothing_is_lost(&app, view, "create sheet", &mut lost).await;
    app.press("button", "Cancel").await;
    app.wait_until_gone("[role=dialog]").await;
    create(&app, "Deploy bot").await;
    nothing_is_lost(&app, view, "reveal", &mut lost).await;
    say_stored(&app).await;
    for tab in ["Activity", "Accounts"] {
        app.press("tab", tab).await;
        nothing_is_lost(&app, view, tab, &mut lost).await;
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_window_of_720_by_480_nothing_is_lost() {
    look_at(View::Small).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_text_of_twice_the_size_nothing_is_lost() {
    look_at(View::LargeText).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_200_percent_nothing_is_lost() {
    look_at(View::Zoomed).await;
}
