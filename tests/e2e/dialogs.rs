//! The native dialog against clicks and keys that were meant for the page, and against text that would fill the screen.

use fantoccini::elements::Element;
use support::driver::App;
use support::wait;

use support::scene::{DIALOG, Scene, WINDOW, delete_button, open_card, open_native_dialog, row};

/// What a small screen has room for, beside a panel and the window's frame.
const SMALL_SCREEN: (i32, i32) = (1024, 700);

/// Where the middle of an element of the page is on the screen. The page fills the window below its menu bar.
async fn place_of(app: &App<'_>, element: &Element) -> (i32, i32) {
    let screen = app.screen();
    let window = screen.find(WINDOW);
    let (left, top) = screen.corner(window);
    let window = screen.geometry(window);
    let (x, y, width, height) = element.rectangle().await.unwrap();
    let inner = app
        .page()
        .execute("return window.innerHeight", Vec::new())
        .await
        .unwrap();
    let bar = f64::from(window.height) - inner.as_f64().unwrap();
    let place = (x + width / 2.0, bar + y + height / 2.0);
    #[expect(clippy::cast_possible_truncation, reason = "a place on a screen")]
    let (x, y) = (place.0 as i32, place.1 as i32);
    (left + x, top + y)
}

#[tokio::test(flavor = "multi_thread")]
async fn clicks_that_go_on_from_the_page_into_the_dialog_delete_nothing() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    let screen = app.screen();
    // Where the dialog's button will be, it was the time before.
    open_native_dialog(&app, key.id).await;
    let (delete, rotate) = (
        app.native().place_in_dialog("Delete key"),
        app.native().place_in_dialog("Rotate instead…"),
    );
    app.native().press_in_dialog("Cancel");
    screen.wait_until_gone(DIALOG);

    for (name, place) in [("Delete key", delete), ("Rotate instead…", rotate)] {
        let button = delete_button(&app).await;
        app.until("the card's button can be pressed", async || {
            button.is_enabled().await.ok()?.then_some(())
        })
        .await;
        // The search says what it found, and the card grows by that.
        app.wait_for_text("Searched ").await;
        app.at_rest().await;
        let from = place_of(&app, &button).await;
        // For longer than the buttons have to be left alone.
        screen.click_on_into(from, DIALOG, place, 25);
        assert!(screen.look_for(DIALOG).is_some(), "{name} was pressed");
        assert_eq!(scene.deletes_seen(), 0);
        app.native().press_in_dialog("Cancel");
        screen.wait_until_gone(DIALOG);
    }

    // Left alone for a moment, it is a button like any other.
    delete_button(&app).await.click().await.unwrap();
    let _ = app.native().dialog();
    screen.click(delete);
    app.wait_until_gone(&row(key.id)).await;
    assert!(!scene.has(&key).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_held_down_from_the_page_into_the_dialog_deletes_nothing() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    let screen = app.screen();
    for held in ["Return", "space"] {
        open_card(&app, key.id).await;
        screen.activate(screen.find(WINDOW));
        app.page()
            .execute(
                "[...document.querySelectorAll('[role=dialog] footer button')].find((each) => \
                 each.textContent.includes('Delete key')).focus()",
                Vec::new(),
            )
            .await
            .unwrap();
        // Repeated by the X server, faster than anybody lets go.
        screen.hold(held, || {
            wait::within(std::time::Duration::from_secs(2), || {
                (scene.deletes_seen() > 0).then_some(())
            })
        });
        assert_eq!(scene.deletes_seen(), 0, "{held}");
        // The key may have asked again before it was let go.
        app.until("the card is back", async || {
            if screen.look_for(DIALOG).is_some() {
                app.native().press_in_dialog("Cancel");
                return None;
            }
            app.look_for("[role=dialog] footer button:first-of-type:enabled")
                .await
        })
        .await;
        screen.activate(screen.find(WINDOW));
        screen.press("Escape");
        app.wait_until_gone("[role=dialog]").await;
    }
    assert!(scene.has(&key).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_key_is_called_the_buttons_and_the_consequence_are_in_sight() {
    let scene = Scene::new().await;
    let names = [
        "x".repeat(10_000),
        "safe to delete\n".repeat(200),
        format!("e{}", "\u{301}".repeat(5_000)),
        "\u{FDFD}".repeat(300),
        format!("\u{202E}{}", "\u{05D0} ".repeat(300)),
    ];
    let mut keys = Vec::new();
    for name in &names {
        keys.push(scene.idle_key(name).await);
    }
    let app = scene.connected().await;
    let screen = app.screen();
    for (name, key) in names.iter().zip(&keys) {
        let start: String = name.chars().take(20).collect();
        open_card(&app, key.id).await;
        delete_button(&app).await.click().await.unwrap();
        let dialog = app.native().dialog();
        let window = screen.geometry(screen.find(DIALOG));
        assert!(
            window.width <= SMALL_SCREEN.0 && window.height <= SMALL_SCREEN.1,
            "{start}: {window:?}"
        );
        let words = dialog.labels().join("\n");
        assert!(words.contains("401 Unauthorized"), "{start}: {words}");
        assert!(!words.contains('\u{202E}'), "{start}");
        for button in ["Cancel", "Rotate instead…", "Delete key"] {
            let (x, y) = app.native().place_in_dialog(button);
            let inside = (window.x..window.x + window.width).contains(&x)
                && (window.y..window.y + window.height).contains(&y);
            assert!(
                inside,
                "{start}: {button} at {x},{y}, outside of {window:?}"
            );
        }
        app.native().press_in_dialog("Cancel");
        screen.wait_until_gone(DIALOG);
        screen.activate(screen.find(WINDOW));
        screen.press("Escape");
        app.wait_until_gone("[role=dialog]").await;
    }
    assert_eq!(scene.deletes_seen(), 0);
}
