//! The whole story of a user at the app, with key presses only: connect, create, copy, store, rotate, search, delete
//! five at once, sign out. Every press goes through the window system, as a keyboard's would; the driver only looks.

use secrecy::ExposeSecret as _;
use support::driver::App;
use support::scene::{
    ROTATION, Scene, WINDOW, key_of, row, tab_to_in_dialog, wait_for_focus, wait_for_reveal,
};
use support::wait;

/// The title of the native dialog before several deletions.
const BULK: &str = "Delete API keys";
const SIGN_OUT: &str = "Sign out";

#[tokio::test(flavor = "multi_thread")]
async fn is_told_by_keys_alone() {
    let scene = Scene::new().await;
    let mut old = Vec::new();
    for number in 1..=5 {
        old.push(scene.idle_key(&format!("old job {number}")).await);
    }
    let app = App::start(&scene.desktop).await;
    let screen = app.screen();
    app.wait_for_text("Connect to PulseAPI").await;
    screen.activate(screen.find(WINDOW));

    // Connect.
    app.tab_to("Address").await;
    screen.press("ctrl+a");
    screen.type_text(&scene.sandbox.base_url());
    screen.press("Tab");
    screen.type_text(scene.credential.expose_secret());
    screen.press("Return");
    app.find("[role=grid][aria-busy=false] [data-key]").await;

    // Create, copy, store.
    screen.press("ctrl+n");
    wait_for_focus(&app, "Name").await;
    screen.type_text("Deploy bot");
    app.tab_to("CI pipeline").await;
    screen.press("space");
    app.tab_to("Create key").await;
    screen.press("Return");
    wait_for_reveal(&app, "Deploy bot").await;
    let first = scene.token();
    app.tab_to("Copy the token").await;
    screen.press("space");
    wait::until_true("the token is on the clipboard", || {
        screen.clipboard() == first.expose_secret()
    });
    store(&app).await;
    assert_eq!(scene.status_with(&first).await, 200);
    let made = row(key_of(&first));
    app.find(&format!("{made}:focus")).await;

    // Rotate.
    screen.press("ctrl+shift+r");
    app.find("[role=dialog] input[type=radio]").await;
    app.tab_to("The token leaked, or may have").await;
    screen.press("space");
    app.find("[role=dialog] input[type=radio]:checked:focus")
        .await;
    app.tab_to("Rotate key…").await;
    screen.press("Return");
    screen.activate(screen.find(ROTATION));
    tab_to_in_dialog(&app, "Rotate key");
    screen.press("space");
    wait_for_reveal(&app, "Deploy bot").await;
    let second = scene.token();
    store(&app).await;
    assert_eq!(scene.status_with(&first).await, 401);
    assert_eq!(scene.status_with(&second).await, 200);

    // Search.
    app.find(&format!("{made}:focus")).await;
    screen.press("slash");
    wait_for_focus(&app, "Search keys").await;
    screen.type_text("old job");
    app.wait_for_text("5 of ").await;

    // Delete the five that were found.
    screen.press("Down");
    app.find("[role=grid] [data-key]:focus").await;
    screen.press("ctrl+a");
    app.wait_for_text("5 selected").await;
    screen.press("Delete");
    app.wait_for_text("401 Unauthorized").await;
    app.tab_to("Delete 5 keys…").await;
    screen.press("Return");
    screen.activate(screen.find(BULK));
    assert_eq!(app.native().dialog().focused_button(), Some("Cancel"));
    tab_to_in_dialog(&app, "Delete 5 keys");
    screen.press("space");
    app.wait_for_text("Deleted 5 keys.").await;
    for key in &old {
        assert!(!scene.has(key).await, "{} is gone", key.id);
        assert_eq!(scene.status_with(&key.token).await, 401);
    }
    screen.press("Escape");
    app.wait_until_gone("[role=dialog]").await;

    // Nothing is found any more; Esc in the field shows everything again.
    screen.press("slash");
    wait_for_focus(&app, "Search keys").await;
    screen.press("Escape");
    app.find(&made).await;

    // Sign out.
    screen.press("ctrl+shift+a");
    app.find("[role=menu]").await;
    screen.press("End");
    wait_for_focus(&app, "Sign out…").await;
    screen.press("Return");
    screen.activate(screen.find(SIGN_OUT));
    tab_to_in_dialog(&app, "Sign out");
    screen.press("space");
    app.wait_for_text("Connect to PulseAPI").await;
    wait::until_true("the keychain is empty", || {
        scene.desktop.keyring().items(vault::SERVICE).is_empty()
    });
}

/// The token that is shown is stored elsewhere, says the user.
async fn store(app: &App<'_>) {
    app.tab_to("I have stored it").await;
    app.screen().press("Return");
    app.wait_until_gone("[role=dialog]").await;
}
