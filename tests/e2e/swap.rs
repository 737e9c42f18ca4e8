//! A swap in the real window, with the app's and the server's clock put forward: a sibling, three places, a late use, quiet
//! again, deleted with its 401 seen. By mouse, and by keyboard alone.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sandbox::faults::{InsertedKey, VerbatimKey};
use support::driver::App;
use support::scene::{Scene, body_of, choose, row, wait_for_focus};

use crate::place::{FILES, holding, plant};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// More than lies between two readings of the last use.
const READ: Duration = Duration::from_secs(16 * 60);

/// A key that something used an hour ago.
async fn key_in_use(scene: &Scene) -> InsertedKey {
    let key = VerbatimKey {
        last_used_at: Some((Timestamp::now() - SignedDuration::from_hours(1)).into()),
        ..VerbatimKey::named("CI runner")
    };
    scene.faults().insert_key(key).await.unwrap()
}

/// Goes to a control of the sheet by Tab, and presses Return.
async fn press_by_key(app: &App<'_>, name: &str) {
    app.tab_to(name).await;
    app.screen().press("Return");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swap_leads_from_the_sibling_over_its_places_and_a_late_use_to_the_confirmed_401() {
    let scene = Scene::new().await;
    let key = key_in_use(&scene).await;
    plant(&scene, &key);
    let app = scene.connected().await;
    choose(&app, key.id, "swap").await;
    app.wait_for_text("PulseAPI can’t rename a key").await;
    app.press("button", "Make the sibling").await;

    // Its token goes where the old one stands.
    app.wait_for_text("Update these 3 places").await;
    let new = scene.token();
    // It may be below what is in sight, where the driver does not click.
    press_by_key(&app, "Put it in place…").await;
    app.wait_for_text("3 of 3 files ticked").await;
    app.press("button", "Write 3 files…").await;
    let dialog = app.native().dialog();
    assert_eq!(dialog.focused_button(), Some("Cancel"));
    assert!(
        dialog.labels().join("\n").contains("into your keychain"),
        "{:?}",
        dialog.labels()
    );
    app.native().press_in_dialog("Write 3 files");
    app.wait_for_text("The new token is in 3 files").await;
    app.wait_for_text("Nothing with the old token found in the places searched.")
        .await;
    for (path, text) in FILES {
        let file = scene.desktop.home().join(path);
        assert_eq!(std::fs::read_to_string(file).unwrap(), text(&new), "{path}");
    }
    assert_eq!(
        scene.in_custody().len(),
        2,
        "the old token is kept meanwhile"
    );
    app.press("button", "Done").await;
    app.wait_for_text("In place (3 of 3)").await;
    app.press("button", "All is in place: watch it").await;
    app.wait_for_text("Back to its places").await;

    // A day later something uses the old one, which the app sees by itself.
    scene.is_later(DAY);
    scene.faults().somebody_uses(key.id).unwrap();
    scene.is_later(READ);
    app.wait_for_text("after it should have been quiet").await;
    app.wait_for_text("Used again").await;

    // Quiet for a week and an hour.
    scene.is_later(7 * DAY + HOUR);
    app.wait_for_text("Quiet for 7 days. Nothing is deleted by itself")
        .await;
    app.find_by_role("button", "Delete key…").await;
    press_by_key(&app, "Delete key…").await;
    app.wait_for_text("Quiet for 7 days: last used ").await;
    press_by_key(&app, "Delete key…").await;
    let dialog = app.native().dialog();
    assert!(
        dialog
            .labels()
            .join("\n")
            .contains("Quiet for 7 days: last used "),
        "{:?}",
        dialog.labels()
    );
    app.native().press_in_dialog("Delete key");
    app.wait_for_text("its token got 401 at ").await;
    app.wait_for_text("Deleted, 401 confirmed").await;
    assert!(!scene.has(&key).await);
    assert_eq!(scene.status_with(&key.token).await, 401);
    assert_eq!(scene.status_with(&new).await, 200);
    assert_eq!(scene.in_custody().len(), 1, "the dead token is gone");
    let old = body_of(&key.token);
    assert_eq!(holding(&scene.desktop.home(), old), 0);
    app.press("button", "Done").await;
    app.wait_until_gone("[role=dialog]").await;
    app.wait_until_gone(&row(key.id)).await;

    let journalled = scene.journalled("swap_key").await;
    let begins: Vec<&str> = journalled
        .iter()
        .map(|row| row.split([':', ',']).next().unwrap())
        .collect();
    assert_eq!(
        begins,
        [
            "begun",
            "watched",
            "used after it should have been quiet",
            "quiet for 7 days"
        ]
    );
    assert_eq!(
        scene.journalled("delete_key").await,
        ["deleted: 401 confirmed"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_alone_a_swap_is_begun_watched_gone_back_from_and_stopped() {
    let scene = Scene::new().await;
    let key = key_in_use(&scene).await;
    let app = scene.connected().await;
    let screen = app.screen();
    app.click(&row(key.id)).await;
    screen.press("ctrl+shift+s");
    app.wait_for_text("PulseAPI can’t rename a key").await;
    press_by_key(&app, "Make the sibling").await;
    app.wait_for_text("Sibling created").await;
    press_by_key(&app, "All is in place: watch it").await;
    app.wait_for_text("Back to its places").await;
    press_by_key(&app, "Back to its places").await;
    app.wait_for_text("All is in place: watch it").await;
    press_by_key(&app, "Stop the swap…").await;
    wait_for_focus(&app, "Back").await;
    screen.press("Escape");
    app.wait_for_text("All is in place: watch it").await;
    press_by_key(&app, "Stop the swap…").await;
    press_by_key(&app, "Stop the swap").await;
    app.wait_until_gone("[role=dialog]").await;
    assert!(scene.has(&key).await, "both keys stay");
    assert_eq!(scene.in_custody().len(), 1, "and the token of the sibling");
    assert_eq!(
        scene.journalled("swap_key").await.last().unwrap(),
        "stopped: both keys stay as they are"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_undone_by_keyboard_alone() {
    let scene = Scene::new().await;
    let key = key_in_use(&scene).await;
    plant(&scene, &key);
    let app = scene.connected().await;
    app.click(&row(key.id)).await;
    app.screen().press("ctrl+shift+s");
    app.wait_for_text("PulseAPI can’t rename a key").await;
    press_by_key(&app, "Make the sibling").await;
    app.wait_for_text("Update these 3 places").await;
    press_by_key(&app, "Put it in place…").await;
    app.wait_for_text("3 of 3 files ticked").await;
    press_by_key(&app, "Write 3 files…").await;
    app.native().press_in_dialog("Write 3 files");
    app.wait_for_text("The new token is in 3 files").await;
    press_by_key(&app, "Done").await;
    app.wait_for_text("In place (3 of 3)").await;

    press_by_key(&app, "Put the old token back…").await;
    app.wait_for_text("3 of 3 files ticked").await;
    press_by_key(&app, "Write 3 files…").await;
    assert_eq!(app.native().dialog().focused_button(), Some("Cancel"));
    app.native().press_in_dialog("Write 3 files");
    app.wait_for_text("The old token is in 3 files").await;
    for (path, text) in FILES {
        let file = scene.desktop.home().join(path);
        let now = std::fs::read_to_string(file).unwrap();
        assert_eq!(now, text(&key.token), "{path}");
    }
    press_by_key(&app, "Done").await;
    app.wait_for_text("In place (0 of 3)").await;
    assert_eq!(scene.status_with(&key.token).await, 200);
}
