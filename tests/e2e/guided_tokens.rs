//! New tokens that are made in the browser and pasted here, in the real window.

use secrecy::ExposeSecret as _;
use support::driver::App;
use support::processes;
use support::scene::{Scene, WINDOW, body_of, say_stored, wait_for_focus, wait_for_reveal};

/// Somebody who uses the keyboard alone rotates a key in the browser and pastes its new token; the app is killed, and has
/// the token at its next start.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_token_is_pasted_by_keyboard_alone_and_waits_after_a_kill() {
    let scene = Scene::without_key_endpoints().await;
    let key = scene.idle_key("Zapier").await;
    let old = key.token.expose_secret();
    let app = scene.with_an_empty_list().await;
    app.tab_to("Add key…").await;
    let screen = app.screen();
    screen.activate(screen.find(WINDOW));
    screen.press("Return");
    wait_for_focus(&app, "Name").await;
    app.type_into("Name", "Zapier").await;
    app.type_into("Last 8 characters", &old[old.len() - 8..])
        .await;
    screen.press("Return");
    app.wait_until_gone("[role=dialog]").await;
    screen.press("ctrl+f");
    screen.press("Down");
    app.find("[role=grid] [role=row]:focus").await;

    screen.press("ctrl+shift+r");
    app.find("[role=dialog] input[type=radio]").await;
    app.tab_to("The token leaked, or may have").await;
    screen.press("space");
    app.find("[role=dialog] input[type=radio]:checked").await;
    let new = scene.faults().rotates_in_browser(key.id).unwrap().unwrap();
    app.tab_to("Paste the new token").await;
    let field = app.find("[role=dialog] input[type=password]:focus").await;
    field.send_keys(old).await.unwrap();
    screen.press("Return");
    app.wait_for_text("not the new one").await;
    screen.press("ctrl+a");
    field.send_keys(new.expose_secret()).await.unwrap();
    screen.press("Return");
    wait_for_reveal(&app, "Zapier").await;
    app.wait_for_text("200: this token works.").await;
    let source = app.page().source().await.unwrap();
    assert!(!source.contains(body_of(&new)), "the page does not hold it");

    app.processes().into_iter().for_each(processes::kill);
    drop(app);
    let app = App::start(&scene.desktop).await;
    wait_for_reveal(&app, "Zapier").await;
    assert_eq!(scene.token().expose_secret(), new.expose_secret());
    say_stored(&app).await;
    assert_eq!(scene.in_custody().len(), 0);
    let journalled = scene.journalled("rotate_key").await;
    assert_eq!(
        journalled,
        ["rotated: leaked, in the browser; its new token was pasted here"]
    );
}
