//! Deleting a key in the real window: from the form to the 401, and every way in which it may not happen.

use jiff::Timestamp;
use sandbox::faults::{Fault, Rule, VerbatimKey};
use secrecy::ExposeSecret as _;
use support::driver::App;
use support::wait;

use support::scene::{
    DIALOG, Scene, WINDOW, create, delete, delete_button, key_of, leave_for_later, open_card,
    open_native_dialog, row,
};

const KEY: &str = "/api-keys/*";

#[tokio::test(flavor = "multi_thread")]
async fn from_the_keychain_to_the_401() {
    let scene = Scene::new().await;
    let (doomed, other) = (
        scene.idle_key("Old importer").await,
        scene.idle_key("Other").await,
    );
    let app = scene.connected().await;

    let items = scene.desktop.keyring().items(vault::SERVICE);
    assert_eq!(items.len(), 1);
    assert_eq!(
        items[0].secret.as_deref(),
        Some(scene.credential.expose_secret())
    );

    delete(&app, doomed.id).await;

    app.wait_until_gone(&row(doomed.id)).await;
    app.wait_for_text("Deleted “Old importer”.").await;
    assert_eq!(scene.status_with(&doomed.token).await, 401);
    assert_eq!(scene.status_with(&other.token).await, 200);
    assert_eq!(
        scene.journalled("delete_key").await,
        ["deleted: record gone"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_credential_is_in_the_keychain_and_nowhere_else() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    let secret = scene.credential.expose_secret();
    let body = secret
        .split_once('|')
        .map_or(secret, |(_, body)| body)
        .as_bytes();
    let holds = |bytes: &[u8]| bytes.windows(body.len()).any(|window| window == body);

    for file in scene.desktop.files() {
        // A file may go away while it is looked at: the app's own temporary ones do.
        let bytes = std::fs::read(&file).unwrap_or_default();
        assert!(!holds(&bytes), "{}", file.display());
    }
    for pid in app.processes() {
        for what in ["cmdline", "environ"] {
            // The process of a search may have ended meanwhile.
            let bytes = std::fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default();
            assert!(!holds(&bytes), "{what} of {pid}");
        }
    }
    let html = app.page().source().await.unwrap();
    assert!(!holds(html.as_bytes()), "the page still holds it");
}

#[tokio::test(flavor = "multi_thread")]
async fn return_space_escape_and_closing_leave_the_key_alive() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    let screen = app.screen();
    for way in ["Return", "space", "Escape", "close"] {
        open_native_dialog(&app, key.id).await;
        let dialog = screen.find(DIALOG);
        screen.activate(dialog);
        if way == "close" {
            screen.close(dialog);
        } else {
            screen.press(way);
        }
        screen.wait_until_gone(DIALOG);
        // The card is back in the user's hands, and goes with Esc.
        wait_until_idle(&app).await;
        assert!(scene.has(&key).await, "{way} deleted the key");
        screen.activate(screen.find(WINDOW));
        screen.press("Escape");
        app.wait_until_gone("[role=dialog]").await;
    }
    assert_eq!(scene.deletes_seen(), 0);
    delete(&app, key.id).await;
    app.wait_until_gone(&row(key.id)).await;
    assert!(!scene.has(&key).await, "the button itself does delete");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dialog_says_what_it_is_about_and_starts_at_cancel() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    open_native_dialog(&app, key.id).await;
    let dialog = app.native().dialog();
    assert_eq!(
        dialog.buttons(),
        ["Cancel", "Rotate instead…", "Delete key"]
    );
    assert_eq!(dialog.focused_button(), Some("Cancel"));
    let words = dialog.labels().join("\n");
    let tail = scene
        .faults()
        .key(key.id)
        .await
        .unwrap()
        .unwrap()
        .last_eight;
    for fact in [
        "Delete “Old importer”?",
        &tail,
        "200 days ago",
        "401 Unauthorized",
    ] {
        assert!(words.contains(fact), "{fact:?} is not in:\n{words}");
    }
    app.native().press_in_dialog("Cancel");
}

#[tokio::test(flavor = "multi_thread")]
async fn rotate_instead_leads_to_the_rotate_card_and_deletes_nothing() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    open_native_dialog(&app, key.id).await;
    app.native().press_in_dialog("Rotate instead…");
    app.native().wait_for_no_dialog();
    app.wait_for_text("Rotate “Old importer”?").await;
    app.find("[role=dialog] input[type=radio]").await;
    assert_eq!(scene.deletes_seen(), 0);
    assert_eq!(scene.status_with(&key.token).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dialog_stays_above_its_window() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    open_native_dialog(&app, key.id).await;
    let screen = app.screen();
    let (dialog, window) = (screen.find(DIALOG), screen.find(WINDOW));
    assert_eq!(screen.owner(dialog), Some(window));
    screen.ask_to_raise(window);
    assert_eq!(screen.stacking().last(), Some(&dialog));
    app.native().press_in_dialog("Cancel");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_settled_by_asking_and_never_by_a_second_delete() {
    let scene = Scene::new().await;
    let (acted, not_acted) = (
        scene.idle_key("Acted").await,
        scene.idle_key("Not acted").await,
    );
    let app = scene.connected().await;

    scene.fault(Rule::once("DELETE", KEY, Fault::DropAfter));
    delete(&app, acted.id).await;
    app.wait_for_text("Deleted “Acted”.").await;
    app.wait_until_gone(&row(acted.id)).await;
    assert_eq!(scene.deletes_seen(), 1);

    scene.fault(Rule::once("DELETE", KEY, Fault::DropBefore));
    delete(&app, not_acted.id).await;
    app.wait_for_text("but PulseAPI may still delete it").await;
    app.find(&row(not_acted.id)).await;
    assert_eq!(scene.deletes_seen(), 2);
    assert!(scene.has(&not_acted).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_renamed_behind_the_dialog_is_not_deleted_and_the_card_says_why() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    open_native_dialog(&app, key.id).await;
    scene.renamed(&key, "production master").await;
    app.native().press_in_dialog("Delete key");
    app.native().wait_for_no_dialog();
    app.wait_for_text("changed while the dialog was open").await;
    app.wait_for_text("It was called “Old importer” before.")
        .await;
    app.wait_for_text("Delete “production master”?").await;
    wait_until_idle(&app).await;
    assert!(scene.has(&key).await);
    assert_eq!(scene.deletes_seen(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_still_accepted_is_told_as_that_until_it_gets_401() {
    // Few keys: the row of the new one is on screen, under whatever is told above the list.
    let scene = Scene::with_keys(0).await;
    let app = scene.connected().await;
    create(&app, "CI").await;
    leave_for_later(&app).await;
    let token = scene.token();
    let id = key_of(&token);
    // The first try, and the one that the user asks for.
    assert!(scene.faults().keep_accepting(id, 2).await.unwrap());

    delete(&app, id).await;
    app.wait_for_text("“CI” is deleted, but PulseAPI still accepts its token.")
        .await;
    app.wait_for_text("Trying again at").await;
    assert_eq!(scene.in_custody().len(), 1, "its token stays in custody");
    app.press("button", "Try now").await;
    // And then by itself.
    app.wait_for_text("The token of “CI” gets 401 now.").await;
    app.wait_for_text("401 confirmed").await;

    assert_eq!(scene.status_with(&token).await, 401);
    assert_eq!(scene.in_custody().len(), 0, "a dead token is forgotten");
    assert_eq!(
        scene.journalled("delete_key").await,
        ["deleted: record gone, its token is still accepted"]
    );
    assert_eq!(
        scene.journalled("try_token").await,
        ["its token is still accepted", "401 confirmed"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_leaves_the_row_and_says_why_and_what_now() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    let not_deleted = "The key was not deleted.";
    let cases = [
        (401, "does not accept this token", not_deleted),
        (403, "refused", not_deleted),
        (429, "asks to wait until", not_deleted),
        // What answered may not be what deletes.
        (
            500,
            "failed with status 500",
            "but PulseAPI may still delete it",
        ),
    ];
    open_card(&app, key.id).await;
    for (status, words, outcome) in cases {
        scene.fault(Rule::once(
            "DELETE",
            KEY,
            Fault::Status {
                status,
                retry_after: None,
            },
        ));
        delete_button(&app).await.click().await.unwrap();
        let _ = app.native().dialog();
        app.native().press_in_dialog("Delete key");
        app.native().wait_for_no_dialog();
        app.wait_for_text(words).await;
        app.wait_for_text(outcome).await;
        wait_until_idle(&app).await;
        assert!(scene.has(&key).await, "{status}");
    }
    app.find(&row(key.id)).await;
    assert_eq!(scene.journalled("delete_key").await.len(), cases.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_somebody_else_deleted_was_gone_already() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    // It is gone by the time that the answer comes, and the answer says that it was before.
    let gone = Fault::StatusAfter { status: 404 };
    scene.fault(Rule::once("DELETE", KEY, gone));
    delete(&app, key.id).await;
    app.wait_for_text("was gone already").await;
    app.wait_until_gone(&row(key.id)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_use_has_its_name_typed_first() {
    let scene = Scene::new().await;
    let used = VerbatimKey {
        last_used_at: Some(Timestamp::now().into()),
        ..VerbatimKey::named("CI deploy")
    };
    let key = scene.faults().insert_key(used).await.unwrap();
    let app = scene.connected().await;
    open_card(&app, key.id).await;
    let button = delete_button(&app).await;
    let field = app.find("[role=dialog] form input").await;
    assert!(!button.is_enabled().await.unwrap());
    field.send_keys("CI deplo").await.unwrap();
    assert!(!button.is_enabled().await.unwrap());
    field.send_keys("y").await.unwrap();
    button.click().await.unwrap();
    let _ = app.native().dialog();
    app.native().press_in_dialog("Delete key");
    app.wait_until_gone(&row(key.id)).await;
    assert!(!scene.has(&key).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_apps_own_key_carries_its_badge_and_takes_the_account_along() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    let id = scene.own_key();
    let shown = app.find(&row(id)).await.text().await.unwrap();
    assert!(shown.contains("this app"), "{shown}");

    open_card(&app, id).await;
    app.wait_for_text("signs this app out").await;
    assert!(!delete_button(&app).await.is_enabled().await.unwrap());
    let name = scene.faults().key(id).await.unwrap().unwrap().name;
    app.find("[role=dialog] form input")
        .await
        .send_keys(&name)
        .await
        .unwrap();
    delete_button(&app).await.click().await.unwrap();
    let _ = app.native().dialog();
    app.native().press_in_dialog("Delete key");

    app.wait_for_text("Connect to PulseAPI").await;
    assert_eq!(scene.status_with(&scene.credential).await, 401);
    wait::until_true("the keychain is empty", || {
        scene.desktop.keyring().items(vault::SERVICE).is_empty()
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_delete_key_deletes_text_in_a_field_and_opens_the_card_in_the_list() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    let screen = app.screen();
    screen.activate(screen.find(WINDOW));

    let search = app.find("[role=search] input").await;
    search.click().await.unwrap();
    screen.type_text("abc");
    screen.press("Home");
    screen.press("Delete");
    wait_for_value(&app, "bc").await;
    assert!(
        app.page()
            .find(fantoccini::Locator::Css("[role=dialog]"))
            .await
            .is_err()
    );
    screen.press("ctrl+a");
    screen.press("Delete");
    wait_for_value(&app, "").await;

    app.find(&row(key.id)).await.click().await.unwrap();
    screen.press("Delete");
    app.find("[role=dialog]").await;
}

async fn wait_for_value(app: &App<'_>, value: &str) {
    app.until(&format!("the search field holds {value:?}"), async || {
        let field = app.look_for("[role=search] input").await?;
        (field.prop("value").await.ok()?? == value).then_some(())
    })
    .await;
}

/// The native dialog has been answered, and the card can be used again.
async fn wait_until_idle(app: &App<'_>) {
    app.find("[role=dialog] footer button:first-of-type:enabled")
        .await;
}
