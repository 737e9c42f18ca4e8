//! Guided mode in the real window: a service without key endpoints, and the list that the user keeps by hand.

use sandbox::faults::{Fault, InsertedKey, Rule, VerbatimKey};
use secrecy::ExposeSecret as _;
use support::driver::App;
use support::scene::{Scene, WINDOW, delete, row, tab_to_in_dialog, wait_for_focus};

/// The native question before only the user's word takes a key off the list.
const WORD: &str = "Deleted in the browser";

/// The field for a token that shows that a key is gone.
const TOKEN: &str = "Token of this key, if you still have it";

/// A server without key endpoints, and one key of it.
async fn scene() -> (Scene, InsertedKey) {
    let scene = Scene::without_key_endpoints().await;
    let key = VerbatimKey::named("Zapier");
    let key = scene.faults().insert_key(key).await.unwrap();
    (scene, key)
}

/// The app with that key in the user's own list, and the focus on its row: all by keyboard.
async fn listing<'a>(scene: &'a Scene, key: &InsertedKey, last_used: &str) -> App<'a> {
    let app = scene.with_an_empty_list().await;
    let screen = app.screen();
    screen.activate(screen.find(WINDOW));
    app.tab_to("Add key…").await;
    screen.press("Return");
    wait_for_focus(&app, "Name").await;
    screen.type_text("Zapier");
    app.tab_to("Last 8 characters").await;
    let token = key.token.expose_secret();
    screen.type_text(&token[token.len() - 8..]);
    app.tab_to("Last used").await;
    screen.type_text(last_used);
    app.tab_to("Created").await;
    screen.type_text("2026-01-02");
    screen.press("Return");
    app.wait_until_gone("[role=dialog]").await;
    app.wait_for_text("1 key in your own list").await;
    screen.press("slash");
    wait_for_focus(&app, "Search keys").await;
    screen.press("Down");
    app.find("[role=grid] [data-key]:focus").await;
    app
}

/// From the row to the steps in the browser.
async fn go_to_browser(app: &App<'_>) {
    app.screen().press("Delete");
    app.wait_for_text("401 Unauthorized").await;
    app.tab_to("Delete in the browser…").await;
    app.screen().press("Return");
    app.wait_for_text("Is it gone?").await;
}

/// Gives the key's token, which is tried at once.
async fn check_with(app: &App<'_>, key: &InsertedKey) {
    app.tab_to(TOKEN).await;
    app.screen().type_text(key.token.expose_secret());
    app.screen().press("Return");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_deleted_in_the_browser_and_its_401_is_the_proof_by_keyboard_alone() {
    let (scene, key) = scene().await;
    let app = listing(&scene, &key, "Never").await;
    go_to_browser(&app).await;
    check_with(&app, &key).await;
    app.wait_for_text("“Zapier” is not deleted: PulseAPI still accepts its token.")
        .await;
    assert!(scene.faults().delete_key(key.id).await.unwrap());
    app.tab_to("Check now").await;
    app.screen().press("Return");
    app.wait_for_text("The token of “Zapier” gets 401").await;
    app.wait_for_text("No keys in your list yet").await;
    assert_eq!(
        scene.journalled("delete_key").await,
        ["deleted in the browser: 401 confirmed"]
    );
    let html = app.page().source().await.unwrap();
    assert!(!html.contains(support::scene::body_of(&key.token)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_whose_token_is_still_accepted_stays_in_the_list_by_keyboard_alone() {
    let (scene, key) = scene().await;
    let app = listing(&scene, &key, "2 days ago").await;
    let screen = app.screen();
    screen.press("Delete");
    app.wait_for_text("As you noted on").await;
    app.tab_to("Type Zapier to delete it").await;
    screen.type_text("Zapier");
    screen.press("Return");
    app.wait_for_text("Is it gone?").await;
    check_with(&app, &key).await;
    app.wait_for_text("Still accepted at").await;
    screen.press("Escape");
    app.wait_until_gone("[role=dialog]").await;
    // It goes on above the list, and leads back.
    app.wait_for_text("“Zapier” is not deleted").await;
    assert!(app.text().await.contains("1 key in your own list"));
    assert_eq!(scene.status_with(&key.token).await, 200);
    assert_eq!(scene.journalled("delete_key").await, [""; 0]);
    app.tab_to("Go on…").await;
    screen.press("Return");
    app.wait_for_text("Type Zapier to delete it").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_a_native_dialog_asks_for_the_users_word_and_starts_at_cancel() {
    let (scene, key) = scene().await;
    let app = listing(&scene, &key, "Never").await;
    let screen = app.screen();
    go_to_browser(&app).await;
    app.tab_to("I have deleted it…").await;
    screen.press("Return");
    screen.activate(screen.find(WORD));
    assert_eq!(app.native().dialog().focused_button(), Some("Cancel"));
    screen.press("Escape");
    app.native().wait_for_no_dialog();
    assert_eq!(scene.journalled("delete_key").await, [""; 0]);

    screen.activate(screen.find(WINDOW));
    app.tab_to("I have deleted it…").await;
    screen.press("Return");
    screen.activate(screen.find(WORD));
    let _ = app.native().dialog();
    tab_to_in_dialog(&app, "I have deleted it");
    screen.press("space");
    app.wait_for_text("deleted in the browser, as you say. It was not checked.")
        .await;
    app.wait_for_text("No keys in your list yet").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_without_key_endpoints_is_connected_and_its_keys_are_kept_by_hand() {
    let scene = Scene::without_key_endpoints().await;
    let app = scene.with_an_empty_list().await;

    app.tab_to("Add key…").await;
    app.screen().press("Return");
    wait_for_focus(&app, "Name").await;
    app.type_into("Name", "Zapier").await;
    app.type_into("Last 8 characters", scene.credential.expose_secret())
        .await;
    app.screen().press("Return");
    app.wait_for_text("A whole token does not belong here")
        .await;
    app.type_into("Last 8 characters", "…ab12cd34").await;
    app.screen().press("Return");
    app.wait_until_gone("[role=dialog]").await;
    app.wait_for_text("1 key in your own list").await;
    assert!(app.text().await.contains("Zapier"));
}

/// From the first screen's small print to the web screen of the sandbox, which survives a restart as its own account.
#[tokio::test(flavor = "multi_thread")]
async fn guided_mode_can_be_tried_without_an_account() {
    let scene = Scene::new().await;
    let app = App::start(&scene.desktop).await;
    app.press("button", "Try it without key endpoints").await;
    app.wait_for_text("No keys in your list yet").await;
    drop(app);
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("No keys in your list yet").await;
}

/// By keyboard alone: what the search finds is named, and is in the list.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_on_this_machine_is_added_to_the_list_by_its_name() {
    let scene = Scene::without_key_endpoints().await;
    let key = scene.idle_key("Zapier").await;
    let line = format!("PULSEAPI_TOKEN={}\n", key.token.expose_secret());
    std::fs::write(scene.desktop.home().join(".env"), line).unwrap();
    let app = scene.with_an_empty_list().await;

    app.tab_to("Find on this machine…").await;
    app.screen().press("Return");
    app.wait_for_text("1 token in 1 place. Which keys are they?")
        .await;
    app.tab_to("Name on the web screen").await;
    app.screen().type_text("Zapier");
    app.tab_to("Add 1 key").await;
    app.screen().press("Return");
    app.wait_for_text("1 key in your own list").await;
    assert!(app.text().await.contains("Zapier"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_web_screens_table_is_pasted_reviewed_and_added_by_keyboard_alone() {
    let (scene, key) = scene().await;
    let app = scene.with_an_empty_list().await;
    let screen = app.screen();
    let token = key.token.expose_secret();
    let tail = &token[token.len() - 8..];
    let table = format!(
        "Name\tToken\tAbilities\tLast used\tCreated\nZapier\t…{tail}\tmonitors:read\tNever\t2026-01-02\nBackup\t…ab12cd34\t*\t2 \
         days ago\t2026-02-03\nnot a key at all\n"
    );
    let clipboard = screen.copy(&table);
    screen.activate(screen.find(WINDOW));
    app.tab_to("Paste from the web screen…").await;
    screen.press("Return");
    app.find("[role=dialog] textarea:focus").await;
    screen.press("ctrl+v");
    app.find("[aria-label='What was recognised']").await;
    drop(clipboard);
    // Nothing is in the list before the user has looked at it.
    app.find("[role=dialog] input[type=checkbox]:checked").await;
    assert!(app.text().await.contains("not a key at all"));
    app.tab_to("Backup …ab12cd34").await;
    screen.press("space");
    app.tab_to("Add 1 key").await;
    screen.press("Return");
    app.wait_for_text("1 key in your own list").await;
    app.wait_until_gone("[role=dialog]").await;
    let text = app.text().await;
    assert!(text.contains("Zapier") && text.contains(tail), "{text}");
    assert!(!text.contains("Backup"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_the_service_has_no_call_for_goes_on_in_the_browser_and_its_list_is_the_proof()
 {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    scene.fault(Rule {
        method: Some("DELETE".to_owned()),
        path: Some("/api-keys/*".to_owned()),
        times: 50,
        fault: Fault::Status {
            status: 405,
            retry_after: None,
        },
    });
    let app = scene.connected().await;
    delete(&app, key.id).await;
    app.wait_for_text("Go on in the browser…").await;
    app.tab_to("Go on in the browser…").await;
    app.screen().press("Return");
    app.tab_to("Delete in the browser…").await;
    app.screen().press("Return");
    app.wait_for_text("Is it gone?").await;
    app.tab_to("Check now").await;
    app.screen().press("Return");
    app.wait_for_text("PulseAPI still had “Old importer”").await;
    assert!(scene.faults().delete_key(key.id).await.unwrap());
    app.tab_to("Check now").await;
    app.screen().press("Return");
    app.wait_until_gone(&row(key.id)).await;
    let journal = scene.journalled("delete_key").await;
    assert_eq!(journal[1..], ["deleted in the browser: record gone"]);
}
