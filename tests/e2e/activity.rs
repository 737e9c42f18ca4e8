//! The journal in the real window: what was done, when exactly, whether anybody changed it, and taking it along.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::Connection;
use secrecy::SecretString;
use support::driver::App;
use support::scene::{Scene, WINDOW, body_of, create, delete, key_of, rotate, row, say_stored};
use support::wait;

/// What [`lived`] leaves in the journal, oldest first.
const ACTIONS: [&str; 5] = [
    "sign_in",
    "create_key",
    "store_token",
    "rotate_key",
    "keep_token",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_is_listed_with_its_exact_time_and_filtered() {
    let scene = Scene::new().await;
    let (app, _) = lived(&scene).await;
    app.press("tab", "Activity").await;
    app.wait_for_text("Journal verified: all 5 rows are unchanged.")
        .await;
    app.wait_for_text("The keychain confirms that none is missing at the end.")
        .await;
    for words in [
        "Sign in",
        "Create key",
        "Store token",
        "Rotate key",
        "Keep token",
    ] {
        app.wait_for_text(words).await;
    }

    let screen = app.screen();
    screen.activate(screen.find(WINDOW));
    screen.press("ctrl+f");
    screen.press("Down");
    app.find(&format!("{}:focus", row(5))).await;
    screen.press("Right");
    screen.press("Right");
    let newest = scene.journal().await.pop().unwrap();
    let at: Timestamp = newest.at.parse().unwrap();
    let exact = at
        .to_zoned(TimeZone::system())
        .strftime("%-d %b %Y, %H:%M:%S");
    app.until("the exact time shows on focus", async || {
        let tip = app.look_for("[role=tooltip]").await?.text().await.ok()?;
        (tip == exact.to_string()).then_some(())
    })
    .await;

    app.type_into("Search the journal by key", "deploy bot")
        .await;
    app.wait_for_text("4 of 5 rows").await;
    app.click("[role=tabpanel] [aria-haspopup=listbox]").await;
    app.click("[role=option][data-key=rotate_key]").await;
    app.wait_for_text("1 of 5 rows").await;
    app.find(&row(4)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_somebody_changed_is_shown_as_the_break() {
    let scene = Scene::new().await;
    let (app, _) = lived(&scene).await;
    app.close();
    let database = Connection::open(scene.database_file()).unwrap();
    database
        .execute_batch(
            "DROP TRIGGER journal_rows_stay; DROP TRIGGER journal_rows_do_not_change;
             UPDATE journal SET outcome = 'not created' WHERE number = 2",
        )
        .unwrap();
    drop(database);

    let app = App::start(&scene.desktop).await;
    app.find("[role=grid] [data-key]").await;
    app.press("tab", "Activity").await;
    app.wait_for_text("Row 2 was changed, or a row before it was removed, outside Pulse Keys.")
        .await;
    app.wait_for_text("Row 1 is unchanged.").await;
    app.press("button", "Show row 2").await;
    app.find(&format!("{}:focus", row(2))).await;
    app.find(&format!("{} [aria-label='changed']", row(2)))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn newest_rows_that_somebody_removed_are_missed() {
    let scene = Scene::new().await;
    let (app, _) = lived(&scene).await;
    wait::until_true("the keychain knows of five rows", || {
        let items = scene.desktop.keyring().items(vault::JOURNAL_SERVICE);
        let notes = items.iter().filter_map(|item| item.secret.as_deref());
        notes.into_iter().any(|note| note.contains("\"rows\":5,"))
    });
    app.close();
    let database = Connection::open(scene.database_file()).unwrap();
    database
        .execute_batch("DROP TRIGGER journal_rows_stay; DELETE FROM journal WHERE number > 3")
        .unwrap();
    drop(database);

    let app = App::start(&scene.desktop).await;
    app.find("[role=grid] [data-key]").await;
    app.press("tab", "Activity").await;
    app.wait_for_text(
        "Row 5 was the newest one that the keychain knew of; it was removed or replaced",
    )
    .await;
    app.wait_for_text("when there were 3 rows.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_exported_through_the_native_dialog_and_holds_no_token() {
    let scene = Scene::new().await;
    let (app, tokens) = lived(&scene).await;
    app.press("tab", "Activity").await;
    let screen = app.screen();
    for (button, ending) in [("Export CSV…", "csv"), ("Export JSON…", "json")] {
        app.press("button", button).await;
        let dialog = screen.find("Export journal");
        assert_eq!(screen.owner(dialog), Some(screen.find(WINDOW)));
        screen.activate(dialog);
        screen.press("Escape");
        screen.wait_until_gone("Export journal");
        assert!(exported(&scene, ending).is_none(), "Esc writes nothing");

        app.press("button", button).await;
        screen.activate(screen.find("Export journal"));
        screen.press("Return");
        screen.wait_until_gone("Export journal");
        app.wait_for_text(&format!("Exported 5 rows as {}.", ending.to_uppercase()))
            .await;
        let text = wait::until("the file is there", || exported(&scene, ending));
        for action in ACTIONS {
            assert!(text.contains(action), "{action} is not in:\n{text}");
        }
        for token in &tokens {
            assert!(!text.contains(body_of(token)), "{ending} holds a token");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_shows_up_while_the_tab_is_open() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    app.press("tab", "Activity").await;
    app.wait_for_text("Journal verified: its 1 row is unchanged.")
        .await;
    app.press("tab", "API Keys").await;
    delete(&app, key.id).await;
    app.wait_until_gone(&row(key.id)).await;
    app.press("tab", "Activity").await;
    app.wait_for_text("deleted: record gone").await;
    app.wait_for_text("Journal verified: all 2 rows are unchanged.")
        .await;
}

/// A key that was made, stored, rotated and kept, and the tokens of it.
async fn lived(scene: &Scene) -> (App<'_>, [SecretString; 2]) {
    let app = scene.connected().await;
    create(&app, "Deploy bot").await;
    let first = scene.token();
    say_stored(&app).await;
    app.find(&row(key_of(&first))).await;
    rotate(&app, key_of(&first), "Deploy bot").await;
    let second = scene.token();
    app.press("button", "Keep in keychain").await;
    app.wait_until_gone("[role=dialog]").await;
    let journal = scene.journal().await;
    let actions: Vec<_> = journal.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(actions, ACTIONS);
    (app, [first, second])
}

/// The exported file with this ending, where the dialog begins: in the HOME.
fn exported(scene: &Scene, ending: &str) -> Option<String> {
    let files = std::fs::read_dir(scene.desktop.home()).unwrap();
    let mut files = files.map(|entry| entry.unwrap().path());
    let file = files.find(|file| file.extension().is_some_and(|each| each == ending))?;
    std::fs::read_to_string(file).ok()
}
