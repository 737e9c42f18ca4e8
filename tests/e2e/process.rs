//! The app as a process: one at a time, and what a killed one leaves for the next.

use sandbox::faults::{Fault, Rule};
use support::driver::{App, program};
use support::{processes, wait};

use support::scene::{Scene, WINDOW, open_native_dialog};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_ends_at_once_and_leaves_one_window() {
    let scene = Scene::new().await;
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("Connect to PulseAPI").await;
    let status = scene.desktop.command(program()).status().unwrap();
    assert!(status.success(), "{status}");
    assert_eq!(app.screen().titles(), [WINDOW]);
    assert_eq!(app.processes().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_was_cut_off_by_a_kill_is_told_at_the_next_start() {
    for (fault, words) in [
        (Fault::HangAfter, "“Old importer” was deleted"),
        (
            Fault::Delay {
                milliseconds: 60_000,
            },
            "“Old importer” was not deleted",
        ),
    ] {
        let scene = Scene::new().await;
        let key = scene.idle_key("Old importer").await;
        let app = scene.connected().await;
        scene.fault(Rule::once("DELETE", "/api-keys/*", fault));
        open_native_dialog(&app, key.id).await;
        app.native().press_in_dialog("Delete key");
        wait::until_true("the deletion has reached the server", || {
            scene.deletes_seen() == 1
        });
        app.processes().into_iter().for_each(processes::kill);
        drop(app);

        let app = App::start(&scene.desktop).await;
        app.wait_for_text(words).await;
        assert_eq!(scene.deletes_seen(), 1);
    }
}
