//! The app on Wayland: started, listed, created in, revealed, copied, deleted from, and the clipboard cleared. Once where
//! programs reach the clipboard without a window, and once where only the window with the keyboard does.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use support::desktop::{Compositor, Desktop};
use support::driver::App;
use support::scene::{Scene, create, delete, row, say_stored};
use support::wait;

/// The clipboard is cleared after 45 seconds; the machine may be busy then.
const UNTIL_CLEARED: Duration = Duration::from_secs(75);

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_where_programs_reach_the_clipboard_without_a_window() {
    if !Compositor::Sway.starts_here() {
        println!(
            "not tested: Sway refuses to run as root, and this machine gives no user namespace"
        );
        return;
    }
    works_on(Compositor::Sway).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_where_only_the_window_with_the_keyboard_reaches_the_clipboard() {
    works_on(Compositor::Weston).await;
}

/// The program that copied last hangs: whether the token is still in a history can't be seen any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_clipboard_that_does_not_answer_when_it_is_to_be_cleared_is_told() {
    if !Compositor::Sway.starts_here() {
        println!("not tested: Sway does not start here");
        return;
    }
    let scene = Scene::on_wayland(Compositor::Sway).await;
    let app = scene.connected().await;
    create(&app, "Deploy bot").await;
    app.press("button", "Copy the token").await;
    app.wait_for_text("Copied. The clipboard is cleared in 45 seconds.")
        .await;

    let desktop = &scene.desktop;
    let mut copy = desktop.command("wl-copy");
    copy.args(["--foreground", "something else"]);
    let holder = desktop.start("wl-copy", &copy);
    wait::until_true("another program has it", || {
        pasted(desktop, "text/plain") == "something else"
    });
    let holder_pid = rustix::process::Pid::from_raw(holder.pid()).unwrap();
    rustix::process::kill_process(holder_pid, rustix::process::Signal::STOP).unwrap();

    let told = "The clipboard could not be used: it does not answer. It may still hold the token that you copied";
    let is_told = tokio::time::timeout(UNTIL_CLEARED, async {
        while !app.text().await.contains(told) {
            // The time between attempts, but not the time in which nothing answers.
            scene.is_later(Duration::from_secs(5));
        }
    });
    assert!(is_told.await.is_ok(), "it was not told");
    rustix::process::kill_process(holder_pid, rustix::process::Signal::CONT).unwrap();
}

async fn works_on(compositor: Compositor) {
    let scene = Scene::on_wayland(compositor).await;
    let idle = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    create(&app, "Deploy bot").await;
    let token = scene.token();
    app.press("button", "Reveal").await;
    app.wait_for_text(token.expose_secret()).await;

    let desktop = &scene.desktop;
    press(&app, compositor, "Copy the curl line").await;
    wait::until_true("the line is there", || {
        pasted(desktop, "text/plain").starts_with("curl -H")
    });
    press(&app, compositor, "Copy the token").await;
    app.wait_for_text("Copied. The clipboard is cleared in 45 seconds.")
        .await;
    wait::until_true("the token is there", || {
        pasted(desktop, "text/plain") == token.expose_secret()
    });
    let hint = pasted(desktop, "x-kde-passwordManagerHint");
    assert_eq!(hint, "secret", "clipboard histories are told");

    say_stored(&app).await;
    delete(&app, idle.id).await;
    app.wait_until_gone(&row(idle.id)).await;
    assert_eq!(scene.status_with(&idle.token).await, 401);

    let cleared = wait::within(UNTIL_CLEARED, || {
        pasted(desktop, "text/plain").is_empty().then_some(())
    });
    assert!(cleared.is_some(), "the clipboard was not cleared");
}

/// Presses a button: by a real key where there is a keyboard, since a compositor gives the clipboard for that alone.
async fn press(app: &App<'_>, compositor: Compositor, button: &str) {
    if compositor == Compositor::Sway {
        app.press("button", button).await;
        return;
    }
    let element = app.find_by_role("button", button).await;
    let focus = "arguments[0].focus()";
    let element = serde_json::to_value(&element).unwrap();
    app.page().execute(focus, vec![element]).await.unwrap();
    app.press_behind("space");
}

/// What another program gets when it pastes in this form; empty when there is nothing.
fn pasted(desktop: &Desktop, form: &str) -> String {
    let mut command = desktop.command("timeout");
    command.args(["5", "wl-paste", "--no-newline", "--type", form]);
    let output = command.output().expect("wl-clipboard is installed");
    if output.status.success() {
        String::from_utf8_lossy(&output.stdout).into_owned()
    } else {
        String::new()
    }
}
