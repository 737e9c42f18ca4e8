//! The reveal in the real window: every way of leaving it, of which none loses the token.

use std::time::Duration;

use sandbox::Settings;
use sandbox::faults::{Fault, Rule};
use secrecy::{ExposeSecret as _, SecretString};
use support::desktop::Keyring;
use support::driver::App;
use support::scene::{
    Scene, WINDOW, choose, create, fill_in, fill_in_creation, key_of, leave_for_later, row,
    say_stored, wait_for_reveal,
};
use support::{processes, wait};

const CLOSING: &str = "Close Pulse Keys";

/// The clipboard is cleared after 45 seconds; the machine may be busy then.
const UNTIL_CLEARED: Duration = Duration::from_secs(75);

#[tokio::test(flavor = "multi_thread")]
async fn escape_a_click_outside_the_cross_and_other_tabs_ask_first() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    create(&app, "Deploy bot").await;
    let token = scene.token();
    let screen = app.screen();
    screen.activate(screen.find(WINDOW));
    for way in ["Escape", "outside", "cross"] {
        match way {
            "outside" => app.click_at(300.0, 400.0).await,
            "cross" => app.press("button", "Close").await,
            key => screen.press(key),
        }
        app.wait_for_text("This token has not been stored yet.")
            .await;
        assert_eq!(app.focused().await.as_deref(), Some("Back"), "{way}");
        // What changes nothing has the focus, so Return does just that.
        screen.press("Return");
        app.find_by_role("button", "I have stored it").await;
    }
    for keys in ["ctrl+2", "ctrl+3", "ctrl+n", "ctrl+r"] {
        screen.press(keys);
    }
    // Real keys arrive in order: once this one has shown effect, the others have had their turn.
    screen.press("Escape");
    app.wait_for_text("This token has not been stored yet.")
        .await;
    let tab = app.page().find(selected_tab()).await.unwrap();
    assert_eq!(tab.prop("innerText").await.unwrap().unwrap(), "API Keys");
    assert_eq!(dialogs(&app).await, 1);
    assert_eq!(exposed(&scene), [token.expose_secret()]);

    app.press("button", "Leave it for later").await;
    app.wait_until_gone("[role=dialog]").await;
    app.wait_for_text("1 token is waiting for you.").await;
    assert_eq!(exposed(&scene), [token.expose_secret()]);
    for tab in ["Activity", "Accounts", "API Keys"] {
        app.press("tab", tab).await;
        app.wait_for_text("1 token is waiting for you.").await;
    }
    app.press("button", "Open").await;
    wait_for_reveal(&app, "Deploy bot").await;
    app.press("button", "Reveal").await;
    app.wait_for_text(token.expose_secret()).await;
    say_stored(&app).await;
    assert!(!app.text().await.contains("waiting for you"));
    assert_eq!(scene.status_with(&token).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_window_and_kill_9_leave_it_waiting_for_the_next_start() {
    let scene = Scene::new().await;
    let mut app = scene.connected().await;
    create(&app, "Deploy bot").await;
    let token = scene.token();
    for way in ["close", "kill", "close at rest"] {
        if way == "kill" {
            app.processes().into_iter().for_each(processes::kill);
        } else {
            // The keychain has it: nobody needs to be asked.
            app.screen().close(app.screen().find(WINDOW));
        }
        wait::until_true("the app has ended", || app.processes().is_empty());
        drop(app);
        assert_eq!(exposed(&scene), [token.expose_secret()], "{way}");

        app = App::start(&scene.desktop).await;
        wait_for_reveal(&app, "Deploy bot").await;
        leave_for_later(&app).await;
        app.wait_for_text("1 token is waiting for you.").await;
    }
    app.press("button", "Open").await;
    app.press("button", "Test it").await;
    app.wait_for_text("this token works").await;
    say_stored(&app).await;
    assert_eq!(scene.in_custody().len(), 0);
    assert_eq!(scene.status_with(&token).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_keeps_the_token_or_forgets_it_as_the_user_says() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    create(&app, "Deploy bot").await;
    let token = scene.token();
    leave_for_later(&app).await;

    ask_to_sign_out(&app).await;
    let dialog = app.native().dialog();
    assert_eq!(
        dialog.buttons(),
        [
            "Stay signed in",
            "Sign out, keep 1 token",
            "Sign out, forget 1 token"
        ]
    );
    assert_eq!(dialog.focused_button(), Some("Stay signed in"));
    app.screen().activate(app.screen().find("Sign out"));
    app.screen().press("Return");
    app.native().wait_for_no_dialog();
    assert_eq!(exposed(&scene), [token.expose_secret()]);

    ask_to_sign_out(&app).await;
    app.native().press_in_dialog("Sign out, keep 1 token");
    app.wait_for_text("Connect to PulseAPI").await;
    app.wait_for_text("1 token is waiting for you.").await;
    assert_eq!(exposed(&scene), [token.expose_secret()]);
    app.press("button", "Open").await;
    app.press("button", "Test it").await;
    app.wait_for_text("this token works").await;
    leave_for_later(&app).await;

    let base = scene.sandbox.base_url();
    fill_in(&app, &base, scene.credential.expose_secret()).await;
    app.find("[role=grid] [data-key]").await;
    let second = {
        create(&app, "Second bot").await;
        let all = scene.in_custody().into_iter();
        let mut others = all.filter(|other| other.expose_secret() != token.expose_secret());
        others.next().unwrap()
    };
    leave_for_later(&app).await;
    ask_to_sign_out(&app).await;
    app.native().press_in_dialog(&forget_button(&app));
    app.wait_for_text("Connect to PulseAPI").await;
    // Forgotten is what was asked for; the key itself is the server's.
    assert!(!exposed(&scene).contains(&second.expose_secret().to_owned()));
    assert_eq!(scene.status_with(&second).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_token_is_opened_from_its_row_and_removed_after_a_word() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    create(&app, "Deploy bot").await;
    let token = scene.token();
    app.press("button", "Keep in keychain").await;
    app.wait_until_gone("[role=dialog]").await;
    assert!(!app.text().await.contains("waiting for you"));
    app.close();

    let app = App::start(&scene.desktop).await;
    app.find(&row(key_of(&token))).await;
    assert_eq!(dialogs(&app).await, 0, "what is kept does not wait");
    choose(&app, key_of(&token), "token").await;
    app.wait_for_text("It is kept in your keychain until you remove it.")
        .await;
    app.press("button", "Reveal").await;
    app.wait_for_text(token.expose_secret()).await;
    app.press("button", "Remove from keychain…").await;
    app.press("button", "Back").await;
    assert_eq!(exposed(&scene), [token.expose_secret()]);
    app.press("button", "Remove from keychain…").await;
    app.press("button", "Remove").await;
    app.wait_until_gone("[role=dialog]").await;
    assert_eq!(scene.in_custody().len(), 0);
    assert_eq!(scene.status_with(&token).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_keychain_refuses_is_held_and_the_window_will_not_close_over_it() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    fill_in_creation(&app, "Deploy bot").await;
    let held_up = Fault::Delay {
        milliseconds: 3_000,
    };
    scene.fault(Rule::once("POST", "/api-keys", held_up));
    app.press("button", "Create key").await;
    wait::until_true("the request arrives", || scene.writes_seen() == 1);
    scene.desktop.keyring().stop();
    let seen = scene.faults().requests();
    let write = seen.iter().find(|request| request.method == "POST");
    assert_eq!(write.unwrap().acted, None, "the keychain is away in time");

    wait_for_reveal(&app, "Deploy bot").await;
    app.wait_for_text("It exists only in this window and is lost when the app closes.")
        .await;
    app.press("button", "Copy the token").await;
    app.wait_for_text("It stays on the clipboard, since the token exists nowhere else.")
        .await;
    let token = SecretString::from(app.screen().clipboard());
    assert_eq!(scene.status_with(&token).await, 200);
    for way in ["Return", "space", "Escape", "close"] {
        refuse_to_close(&app, way);
        app.find_by_role("button", "I have stored it").await;
    }

    scene.desktop.keyring().start(Keyring::Unlocked);
    app.press("button", "Keep in keychain").await;
    app.wait_until_gone("[role=dialog]").await;
    assert_eq!(exposed(&scene), [token.expose_secret()]);
    let screen = app.screen();
    screen.close(screen.find(WINDOW));
    wait::until_true("nothing is asked any more", || app.processes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_closing_asks_and_says_what_is_lost() {
    let scene = Scene::with(Keyring::Absent, Settings::default()).await;
    let app = App::start(&scene.desktop).await;
    app.press("button", "Continue for this session only").await;
    let base = scene.sandbox.base_url();
    fill_in(&app, &base, scene.credential.expose_secret()).await;
    app.find("[role=grid] [data-key]").await;
    create(&app, "Deploy bot").await;
    app.wait_for_text("No keychain is in use.").await;
    refuse_to_close(&app, "Return");
    leave_for_later(&app).await;
    app.wait_for_text("store it before you close it").await;
    refuse_to_close(&app, "Escape");

    let screen = app.screen();
    screen.close(screen.find(WINDOW));
    let dialog = app.native().dialog();
    assert_eq!(dialog.buttons(), ["Keep open", "Close and lose 1 token"]);
    app.native().press_in_dialog("Close and lose 1 token");
    wait::until_true("the app has ended", || app.processes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_token_leaves_the_clipboard_unless_something_else_took_its_place() {
    let (scene, changed) = (Scene::new().await, Scene::new().await);
    let (app, other) = (scene.connected().await, changed.connected().await);
    // The one whose clipboard changes is copied from first, so that its time is up first.
    create(&other, "Deploy bot").await;
    other.press("button", "Copy the token").await;
    other
        .wait_for_text("Copied. The clipboard is cleared in 45 seconds.")
        .await;
    assert_eq!(other.screen().clipboard(), changed.token().expose_secret());
    let holder = other.screen().copy("something else");

    create(&app, "Deploy bot").await;
    let token = scene.token();
    app.press("button", "Copy the .env line").await;
    let line = format!("PULSEAPI_TOKEN='{}'", token.expose_secret());
    wait::until_true("the line is there", || app.screen().clipboard() == line);
    app.press("button", "Copy the curl line").await;
    wait::until_true("the line is there", || {
        app.screen().clipboard().starts_with("curl -H")
    });
    assert!(!app.screen().clipboard().contains(token.expose_secret()));
    app.press("button", "Copy the token").await;
    wait::until_true("the token is there", || {
        app.screen().clipboard() == token.expose_secret()
    });
    let hint = app.screen().clipboard_as("x-kde-passwordManagerHint");
    assert_eq!(hint, "secret", "clipboard histories are told");

    let cleared = wait::within(UNTIL_CLEARED, || {
        app.screen().clipboard().is_empty().then_some(())
    });
    assert!(cleared.is_some(), "the clipboard was not cleared");
    assert_eq!(other.screen().clipboard(), "something else");
    drop(holder);
}

/// The texts of the fresh tokens that the keychain holds.
fn exposed(scene: &Scene) -> Vec<String> {
    let tokens = scene.in_custody().into_iter();
    tokens
        .map(|token| token.expose_secret().to_owned())
        .collect()
}

fn selected_tab() -> fantoccini::Locator<'static> {
    fantoccini::Locator::Css("[role=tab][aria-selected=true]")
}

async fn dialogs(app: &App<'_>) -> usize {
    let all = app
        .page()
        .find_all(fantoccini::Locator::Css("[role=dialog]"));
    all.await.unwrap().len()
}

async fn ask_to_sign_out(app: &App<'_>) {
    app.press("tab", "Accounts").await;
    app.click("[aria-label^='Sign out of']").await;
    let _ = app.native().dialog();
}

/// The button that forgets, however many tokens it says.
fn forget_button(app: &App<'_>) -> String {
    let dialog = app.native().dialog();
    let mut buttons = dialog.buttons().into_iter();
    let button = buttons.find(|label| label.starts_with("Sign out, forget"));
    button.unwrap().to_owned()
}

/// Asks the window to close, and answers the native question in a way that must keep it open.
fn refuse_to_close(app: &App<'_>, way: &str) {
    let screen = app.screen();
    screen.close(screen.find(WINDOW));
    let dialog = app.native().dialog();
    assert_eq!(dialog.focused_button(), Some("Keep open"));
    let question = screen.find(CLOSING);
    screen.activate(question);
    if way == "close" {
        screen.close(question);
    } else {
        screen.press(way);
    }
    screen.wait_until_gone(CLOSING);
    assert!(screen.look_for(WINDOW).is_some(), "{way} closed the window");
}
