//! The window while the keyring's own window asks for a password: what is remembered is there, and it goes on with the
//! answer.

use support::desktop::{Desktop, Keyring};
use support::driver::{App, program};
use support::keyring::PASSWORD;
use support::scene::Scene;
use support::window::Screen;

use sandbox::Settings;

const WAITING: &str = "Waiting for the keychain…";
const PROMPT: &str = "Unlock Login Keyring";

/// An app that was signed in before, started in front of a locked keyring.
async fn locked(scene: &Scene) -> App<'_> {
    let app = scene.connected().await;
    app.wait_for_text("Updated").await;
    app.close();
    scene.desktop.keyring().lock();
    App::start(&scene.desktop).await
}

async fn is_enabled(app: &App<'_>, button: &str) -> bool {
    let button = app.find_by_role("button", button).await;
    button.is_enabled().await.unwrap()
}

async fn wait_until_told_no_more(app: &App<'_>) {
    app.until("the wait for the keychain is over", async || {
        (!app.text().await.contains(WAITING)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_there_while_the_keyring_asks_and_goes_on_with_its_password() {
    let scene = Scene::new().await;
    let app = locked(&scene).await;
    let screen = app.screen();
    let prompt = screen.find(PROMPT);
    app.find("[role=grid] [data-key]").await;
    app.wait_for_text(WAITING).await;
    assert!(!is_enabled(&app, "Create API key").await);
    let asked = scene.faults().requests().len();

    screen.activate(prompt);
    screen.type_text(PASSWORD);
    screen.press("Return");
    wait_until_told_no_more(&app).await;
    app.until("the list is fetched anew", async || {
        (scene.faults().requests().len() > asked).then_some(())
    })
    .await;
    assert!(is_enabled(&app, "Create API key").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dismissed_prompt_leaves_the_list_and_asks_again_only_when_told_to() {
    let scene = Scene::new().await;
    let app = locked(&scene).await;
    let screen = app.screen();
    let prompt = screen.find(PROMPT);
    app.wait_for_text(WAITING).await;
    screen.activate(prompt);
    screen.press("Escape");
    app.wait_for_text("The keychain was not unlocked").await;
    app.find("[role=grid] [data-key]").await;
    screen.wait_until_gone(PROMPT);

    app.press("button", "Retry").await;
    screen.activate(screen.find(PROMPT));
    screen.type_text(PASSWORD);
    screen.press("Return");
    app.until("the list is fetched", async || {
        (!app.text().await.contains("The keychain was not unlocked")).then_some(())
    })
    .await;
}

/// gnome-keyring gives the window in which a new keyring gets its password no title.
fn choose_password(screen: Screen<'_>) {
    screen.activate(screen.find(""));
    screen.type_text(PASSWORD);
    screen.press("Tab");
    screen.type_text(PASSWORD);
    screen.press("Return");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_screen_is_there_while_a_keyring_is_made_for_the_sandbox() {
    let scene = Scene::with(Keyring::Empty, Settings::default()).await;
    let desktop: &Desktop = &scene.desktop;
    let app = App::start_with(desktop, &program(), &["--sandbox"], &[]).await;
    app.find("input[inputmode=url]").await;
    app.wait_for_text(WAITING).await;
    assert!(!is_enabled(&app, "Connect").await);
    choose_password(app.screen());
    wait_until_told_no_more(&app).await;
    // What was typed gets lost in gnome-keyring now and then; then there is the form, and its ways in are on.
    if desktop.keyring().lost_what_was_typed() {
        assert!(is_enabled(&app, "Connect").await);
    } else {
        app.find("[role=grid] [data-key]").await;
    }
}
