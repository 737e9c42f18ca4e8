//! The smallest window that everything is made for, and text of twice the size: nothing is lost in either.

use secrecy::ExposeSecret as _;
use serde_json::json;
use support::driver::App;
use support::scene::{Scene, create, fill_in, open_card, say_stored};

use crate::commands::{ask, call, command};

/// The size in which the window first opens.
const USUAL: (u32, u32) = (1180, 760);

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
            View::Small => resize(app, (720, 480)).await,
            View::LargeText => set_root_font(app, "32px").await,
            View::Zoomed => zoom(app, 200).await,
        }
    }

    async fn leave(self, app: &App<'_>) {
        match self {
            View::Small => resize(app, USUAL).await,
            View::LargeText => set_root_font(app, "").await,
            View::Zoomed => zoom(app, 100).await,
        }
    }
}

async fn resize(app: &App<'_>, (width, height): (u32, u32)) {
    app.page().set_window_size(width, height).await.unwrap();
    wait_for(app, &format!("Math.abs(innerWidth - {width}) < 4")).await;
}

async fn set_root_font(app: &App<'_>, size: &str) {
    let set = format!("document.documentElement.style.fontSize = '{size}'; return true");
    app.page().execute(&set, vec![]).await.unwrap();
}

async fn zoom(app: &App<'_>, percent: u32) {
    let mut preferences = ask(app, command::first_state, json!({})).await["preferences"].take();
    preferences["zoom"] = json!(percent);
    // The page is told nothing of it: the shell alone makes everything larger.
    call(
        app,
        command::write_preferences,
        json!({ "request": preferences }),
    )
    .await;
    let width = USUAL.0 * 100 / percent;
    wait_for(app, &format!("Math.abs(innerWidth - {width}) < 4")).await;
}

async fn wait_for(app: &App<'_>, condition: &str) {
    app.until(condition, async || {
        let script = format!("return {condition}");
        let holds = app.page().execute(&script, vec![]).await.ok()?;
        (holds == true).then_some(())
    })
    .await;
}

/// Looks at a state, which is come to in the usual view: on a page that is zoomed the driver clicks beside what it means.
async fn nothing_is_lost(app: &App<'_>, view: View, state: &str, lost: &mut Vec<String>) {
    view.enter(app).await;
    app.at_rest().await;
    let here = app.lost().await;
    view.leave(app).await;
    // The list scrolls back to where it was, which closes a menu that is opened meanwhile.
    app.at_rest().await;
    lost.extend(here.iter().map(|each| format!("{view:?}, {state}: {each}")));
}

async fn look_at(view: View) {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("Connect to PulseAPI").await;
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
