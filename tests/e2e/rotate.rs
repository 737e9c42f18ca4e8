//! Rotating a key in the real window: by mouse, by keyboard alone, and every way in which it may not happen.

use sandbox::faults::{Fault, Rule};
use secrecy::ExposeSecret as _;
use support::driver::App;
use support::scene::{
    ROTATION, Scene, WINDOW, body_of, choose, create, key_of, open_rotation, rotate, row,
    say_stored, tab_to_in_dialog, wait_for_reveal,
};
use support::wait;

const ROTATE: &str = "/api-keys/*/rotate";

#[tokio::test(flavor = "multi_thread")]
async fn by_mouse_from_the_menu_to_the_new_token() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    choose(&app, key.id, "rotate").await;
    app.wait_for_text("Why do you rotate it?").await;
    let go_on = app.find_by_role("button", "Rotate key…").await;
    assert!(!go_on.is_enabled().await.unwrap(), "the reason comes first");
    app.press("radio", "The token leaked, or may have").await;
    app.wait_for_text("The old token stops working at once")
        .await;
    go_on.click().await.unwrap();
    let dialog = app.native().dialog();
    assert_eq!(dialog.buttons(), ["Cancel", "Rotate key"]);
    assert_eq!(dialog.focused_button(), Some("Cancel"));
    app.native().press_in_dialog("Rotate key");
    wait_for_reveal(&app, "Old importer").await;

    let token = scene.token();
    assert_eq!(scene.status_with(&key.token).await, 401);
    assert_eq!(scene.status_with(&token).await, 200);
    assert!(!app.page().source().await.unwrap().contains(body_of(&token)));
    say_stored(&app).await;
    assert_eq!(scene.in_custody().len(), 0);
    assert_eq!(scene.status_with(&token).await, 200);
    assert_eq!(scene.journalled("rotate_key").await, ["rotated: leaked"]);
    app.find(&format!("{}:focus", row(key.id))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_alone() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    let screen = app.screen();
    screen.activate(screen.find(WINDOW));
    screen.press("ctrl+f");
    screen.type_text("Old importer");
    app.find("[role=grid][aria-rowcount='2']").await;
    screen.press("Down");
    app.find(&format!("{}:focus", row(key.id))).await;
    screen.press("ctrl+shift+r");
    app.find("[role=dialog] input[type=radio]").await;
    app.tab_to("The token leaked, or may have").await;
    screen.press("space");
    screen.press("Down");
    app.find("[role=dialog] input[type=radio]:checked:focus")
        .await;
    app.tab_to("Rotate key…").await;
    screen.press("Return");

    let _ = app.native().dialog();
    let dialog = screen.find(ROTATION);
    screen.activate(dialog);
    tab_to_in_dialog(&app, "Rotate key");
    screen.press("space");
    wait_for_reveal(&app, "Old importer").await;
    let token = scene.token();
    app.tab_to("I have stored it").await;
    screen.press("Return");
    app.wait_until_gone("[role=dialog]").await;

    assert_eq!(scene.status_with(&key.token).await, 401);
    assert_eq!(scene.status_with(&token).await, 200);
    assert_eq!(scene.journalled("rotate_key").await, ["rotated: routine"]);
    app.find(&format!("{}:focus", row(key.id))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn return_space_escape_and_closing_leave_the_old_token_alive() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    let screen = app.screen();
    for way in ["Return", "space", "Escape", "close"] {
        open_rotation(&app, key.id).await;
        let dialog = screen.find(ROTATION);
        screen.activate(dialog);
        if way == "close" {
            screen.close(dialog);
        } else {
            screen.press(way);
        }
        screen.wait_until_gone(ROTATION);
        app.find("[role=dialog] footer button:enabled").await;
        assert_eq!(scene.status_with(&key.token).await, 200, "{way}");
        screen.activate(screen.find(WINDOW));
        screen.press("Escape");
        app.wait_until_gone("[role=dialog]").await;
    }
    assert_eq!(scene.writes_seen(), 0);
    assert_eq!(scene.in_custody().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_token_is_tried_and_the_old_one_is_refused() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    create(&app, "Deploy bot").await;
    let old = scene.token();
    app.press("button", "Keep in keychain").await;
    app.wait_until_gone("[role=dialog]").await;
    app.find(&row(key_of(&old))).await;

    rotate(&app, key_of(&old), "Deploy bot").await;
    app.wait_for_text("one with the old token, which must be refused")
        .await;
    app.press("button", "Test it").await;
    app.wait_for_text("this token works").await;
    app.wait_for_text("the token before it is refused, as it should be")
        .await;
    let new = scene.token();
    assert_ne!(old.expose_secret(), new.expose_secret());
    assert_eq!(scene.status_with(&old).await, 401);
    assert_eq!(scene.status_with(&new).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_apps_own_key_is_rotated_and_the_app_moves_to_the_new_token() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    let id = scene.own_key();
    let name = scene.faults().key(id).await.unwrap().unwrap().name;
    rotate(&app, id, &name).await;
    app.wait_for_text("Pulse Keys already signs in with this token")
        .await;
    let token = scene.token();
    say_stored(&app).await;
    assert_eq!(scene.status_with(&scene.credential).await, 401);
    assert_eq!(scene.status_with(&token).await, 200);
    let screen = app.screen();
    screen.activate(screen.find(WINDOW));
    scene.faults().clear_requests();
    screen.press("F5");
    wait::until_true("the list is fetched with the new token", || {
        let mut seen = scene.faults().requests().into_iter();
        seen.any(|request| request.path.ends_with("/api-keys") && request.acted == Some(200))
    });
    app.close();

    let app = App::start(&scene.desktop).await;
    app.wait_for_text("Updated just now").await;
    let shown = app.find(&row(id)).await.text().await.unwrap();
    assert!(shown.contains("this app"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_lost_on_the_way_is_said_plainly_and_rotated_again() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    scene.fault(Rule::once("POST", ROTATE, Fault::DropAfter));
    open_rotation(&app, key.id).await;
    app.native().press_in_dialog("Rotate key");
    app.wait_for_text("that token did not arrive here").await;
    assert_eq!(scene.status_with(&key.token).await, 401);
    assert_eq!(scene.writes_seen(), 1);

    app.press("button", "Rotate again…").await;
    app.press("radio", "Nobody has the token any more").await;
    app.press("button", "Rotate key…").await;
    let _ = app.native().dialog();
    app.native().press_in_dialog("Rotate key");
    wait_for_reveal(&app, "Old importer").await;
    assert_eq!(scene.writes_seen(), 2);
    assert_eq!(scene.status_with(&scene.token()).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_before_the_server_acts_leaves_the_old_token_alive() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    let status = |status| Fault::Status {
        status,
        retry_after: None,
    };
    let as_it_was = "its token is as it was";
    let cases = [
        (status(429), "asks to wait until", as_it_was),
        (status(403), "refused", as_it_was),
        (
            Fault::DropBefore,
            "the key still had its token",
            "but PulseAPI may still rotate it",
        ),
    ];
    for (fault, words, outcome) in cases {
        scene.fault(Rule::once("POST", ROTATE, fault));
        open_rotation(&app, key.id).await;
        app.native().press_in_dialog("Rotate key");
        app.wait_for_text(words).await;
        app.wait_for_text(outcome).await;
        assert_eq!(scene.status_with(&key.token).await, 200, "{words}");
        app.press("button", "Cancel").await;
        app.wait_until_gone("[role=dialog]").await;
    }
}
