//! Guided mode in the real window: a service without key endpoints, and the list that the user keeps by hand.

use sandbox::Settings;
use secrecy::ExposeSecret as _;
use support::desktop::Keyring;
use support::driver::App;
use support::scene::{Scene, fill_in, wait_for_focus};

#[tokio::test(flavor = "multi_thread")]
async fn a_service_without_key_endpoints_is_connected_and_its_keys_are_kept_by_hand() {
    let settings = Settings {
        key_endpoints: false,
        ..Settings::default()
    };
    let scene = Scene::with(Keyring::Unlocked, settings).await;
    let app = App::start(&scene.desktop).await;
    fill_in(
        &app,
        &scene.sandbox.base_url(),
        scene.credential.expose_secret(),
    )
    .await;
    app.wait_for_text("No keys in your list yet").await;

    app.tab_to("Add key…").await;
    app.screen().press("Return");
    wait_for_focus(&app, "Name").await;
    app.type_into("Name", "Zapier").await;
    app.type_into("Last 8 characters", scene.credential.expose_secret())
        .await;
    app.screen().press("Return");
    app.wait_for_text("A whole token stands here").await;
    app.type_into("Last 8 characters", "…ab12cd34").await;
    app.screen().press("Return");
    app.wait_until_gone("[role=dialog]").await;
    app.wait_for_text("1 key in your own list").await;
    assert!(app.text().await.contains("Zapier"));
}

/// From the first screen's small print to the web screen of the sandbox, which survives a restart as its own account.
#[tokio::test(flavor = "multi_thread")]
async fn guided_mode_can_be_tried_without_an_account() {
    let scene = Scene::with(Keyring::Unlocked, Settings::default()).await;
    let app = App::start(&scene.desktop).await;
    app.press("button", "Try it without key endpoints").await;
    app.wait_for_text("No keys in your list yet").await;
    drop(app);
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("No keys in your list yet").await;
}

/// By keyboard alone: what the search finds is named, and is in the list.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_on_this_machine_is_added_to_the_list_by_its_name() {
    let settings = Settings {
        key_endpoints: false,
        ..Settings::default()
    };
    let scene = Scene::with(Keyring::Unlocked, settings).await;
    let key = scene.idle_key("Zapier").await;
    let line = format!("PULSEAPI_TOKEN={}\n", key.token.expose_secret());
    std::fs::write(scene.desktop.home().join(".env"), line).unwrap();
    let app = App::start(&scene.desktop).await;
    fill_in(
        &app,
        &scene.sandbox.base_url(),
        scene.credential.expose_secret(),
    )
    .await;
    app.wait_for_text("No keys in your list yet").await;

    app.tab_to("Find on this machine…").await;
    app.screen().press("Return");
    app.wait_for_text("1 token in 1 place. Which keys are they?")
        .await;
    app.tab_to("Name on the web screen").await;
    app.screen().type_text("Zapier");
    app.tab_to("Add 1 key").await;
    app.screen().press("Return");
    app.wait_for_text("1 key in your own list").await;
    assert!(app.text().await.contains("Zapier"));
}
