//! File dialogs on a desktop with a portal: Debian's, with its GTK backend. A portal has a look at the process that asks,
//! which the app lets nobody but root have: any other user gets GTK's own dialog, as without a portal.

use std::path::PathBuf;

use support::scene::{Scene, WINDOW};
use support::wait;

/// What shows the dialogs.
const PORTAL: &str = "xdg-desktop-portal-gtk";
const APP: &str = "pulse-keys";

fn shown_by() -> &'static str {
    if rustix::process::geteuid().is_root() {
        PORTAL
    } else {
        APP
    }
}

fn exported(scene: &Scene) -> Option<PathBuf> {
    let mut files = scene.desktop.files().into_iter();
    files.find(|file| file.extension().is_some_and(|ending| ending == "csv"))
}

#[tokio::test(flavor = "multi_thread")]
async fn its_dialog_stands_above_the_window_and_what_it_answers_is_done() {
    let scene = Scene::with_portal().await;
    let app = scene.connected().await;
    app.press("tab", "Activity").await;
    let screen = app.screen();

    app.press("button", "Export CSV…").await;
    let dialog = screen.find("Export journal");
    assert_eq!(screen.class(dialog), shown_by());
    assert_eq!(screen.owner(dialog), Some(screen.find(WINDOW)));
    screen.activate(dialog);
    screen.press("Escape");
    screen.wait_until_gone("Export journal");
    assert_eq!(exported(&scene), None, "Esc writes nothing");

    app.press("button", "Export CSV…").await;
    screen.activate(screen.find("Export journal"));
    screen.press("Return");
    screen.wait_until_gone("Export journal");
    app.wait_for_text("as CSV.").await;
    wait::until("the file is there", || exported(&scene));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_portal_that_answers_the_dialog_is_gtks_own() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    app.press("tab", "Activity").await;
    let screen = app.screen();
    app.press("button", "Export JSON…").await;
    let dialog = screen.find("Export journal");
    assert_eq!(screen.class(dialog), APP);
    assert_eq!(screen.owner(dialog), Some(screen.find(WINDOW)));
    screen.activate(dialog);
    screen.press("Escape");
    screen.wait_until_gone("Export journal");
}
