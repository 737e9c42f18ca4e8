//! Making a key in the real window: by mouse, by keyboard alone, and every way in which the form can fail.

use sandbox::faults::{Fault, Rule};
use secrecy::ExposeSecret as _;
use serde_json::json;
use support::driver::App;
use support::scene::{
    Scene, WINDOW, body_of, choose, create, fill_in_creation, key_of, row, say_stored,
    wait_for_focus, wait_for_reveal,
};
use support::wait;

const KEYS: &str = "/api-keys";

#[tokio::test(flavor = "multi_thread")]
async fn by_mouse_from_the_button_to_a_token_that_works() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    create(&app, "Deploy bot").await;

    let token = scene.token();
    assert!(!holds(&app, body_of(&token)).await, "shown without a word");
    app.press("button", "Reveal").await;
    app.wait_for_text(token.expose_secret()).await;
    app.press("button", "Test it").await;
    app.wait_for_text("this token works").await;
    say_stored(&app).await;

    assert_eq!(scene.in_custody().len(), 0);
    assert!(!holds(&app, body_of(&token)).await, "still in the page");
    assert_eq!(scene.status_with(&token).await, 200);
    app.find(&row(key_of(&token))).await;
    assert_eq!(scene.journalled("create_key").await, ["created"]);
    assert_eq!(scene.journalled("store_token").await, ["stored elsewhere"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_alone() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    let screen = app.screen();
    screen.activate(screen.find(WINDOW));
    screen.press("ctrl+n");
    wait_for_focus(&app, "Name").await;
    screen.type_text("Deploy bot");
    app.tab_to("CI pipeline").await;
    screen.press("space");
    app.tab_to("Create key").await;
    screen.press("Return");

    wait_for_reveal(&app, "Deploy bot").await;
    let token = scene.token();
    app.tab_to("Reveal").await;
    screen.press("space");
    app.wait_for_text(token.expose_secret()).await;
    app.tab_to("I have stored it").await;
    screen.press("Return");
    app.wait_until_gone("[role=dialog]").await;

    assert_eq!(scene.in_custody().len(), 0);
    assert_eq!(scene.status_with(&token).await, 200);
    let row = row(key_of(&token));
    app.find(&format!("{row}:focus")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_survives_every_failure_and_makes_one_key_in_the_end() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    app.press("button", "Create API key").await;
    app.press("button", "Create key").await;
    app.wait_for_text("Give the key a name.").await;
    app.wait_for_text("Choose at least one ability.").await;

    let screen = app.screen();
    let longest = screen.copy(&"x".repeat(10_000));
    screen.activate(screen.find(WINDOW));
    wait_for_focus(&app, "Name").await;
    screen.press("ctrl+v");
    app.wait_for_text("9,745 characters too many.").await;
    app.press("button", "Create key").await;
    app.wait_for_text("A name has at most 255 characters.")
        .await;
    drop(longest);
    assert_eq!(scene.writes_seen(), 0);

    app.type_into("Name", "Deploy bot").await;
    app.press("button", "Read-only dashboard").await;
    let refused = |status, retry_after| Fault::Status {
        status,
        retry_after,
    };
    let invalid = |errors| Fault::Answer {
        status: 422,
        body: json!({ "message": "The given data was invalid.", "errors": errors }),
    };
    let failures = [
        (refused(401, None), "does not accept this token"),
        (refused(403, None), "refused"),
        (refused(429, Some(1)), "asks to wait until"),
        (refused(503, None), "may still create it"),
        (Fault::DropBefore, "may still create it"),
        (
            invalid(json!({ "name": ["The name is reserved."] })),
            "The name is reserved.",
        ),
        (
            invalid(json!({ "team_id": ["This team is closed."] })),
            "This team is closed.",
        ),
    ];
    let attempts = failures.len() + 1;
    for (fault, words) in failures {
        scene.fault(Rule::once("POST", KEYS, fault));
        send(&scene, &app).await;
        app.wait_for_text(words).await;
        assert_eq!(name_in_form(&app).await, "Deploy bot", "{words}");
        app.find("[role=dialog] input:checked").await;
    }
    send(&scene, &app).await;
    wait_for_reveal(&app, "Deploy bot").await;
    assert_eq!(scene.writes_seen(), attempts);
    let token = scene.token();
    assert_eq!(scene.status_with(&token).await, 200);
    say_stored(&app).await;
    app.wait_for_text("14 keys").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ability_that_vanished_meanwhile_is_named_and_unticked() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    fill_in_creation(&app, "Deploy bot").await;
    let refusal = json!({
        "message": "The selected abilities.0 is invalid.",
        "errors": { "abilities.0": ["The selected abilities.0 is invalid."] },
    });
    let left = json!({ "data": [{ "name": "incidents:read", "description": "See incidents." }] });
    let answer = |status, body| Fault::Answer { status, body };
    scene.fault(Rule::once("POST", KEYS, answer(422, refusal)));
    scene.fault(Rule::once("GET", "/api-keys/abilities", answer(200, left)));
    send(&scene, &app).await;
    app.wait_for_text("PulseAPI does not accept the ability monitors:read.")
        .await;
    app.wait_for_text("No longer offered, and unticked: monitors:read")
        .await;
    app.find("[role=dialog] input:checked").await;
    assert_eq!(name_in_form(&app).await, "Deploy bot");
    send(&scene, &app).await;
    wait_for_reveal(&app, "Deploy bot").await;
    let made = scene.faults().key(key_of(&scene.token())).await.unwrap();
    assert_eq!(made.unwrap().abilities, ["incidents:read"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_lost_on_the_way_is_told_with_the_way_to_begin_again() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    fill_in_creation(&app, "Deploy bot").await;
    scene.fault(Rule::once("POST", KEYS, Fault::DropAfter));
    app.press("button", "Create key").await;
    app.wait_for_text("its token was lost on the way").await;
    app.press("button", "Delete the key…").await;
    app.press("button", "Delete key…").await;
    let _ = app.native().dialog();
    app.native().press_in_dialog("Delete key");
    app.wait_for_text("Deleted “Deploy bot”.").await;

    // The form below is as it was.
    app.press("button", "Create key").await;
    wait_for_reveal(&app, "Deploy bot").await;
    assert_eq!(scene.writes_seen(), 2);
    assert_eq!(scene.status_with(&scene.token()).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_like_another_one_begins_with_its_abilities() {
    let scene = Scene::new().await;
    let like = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    choose(&app, like.id, "duplicate").await;
    app.wait_for_text("1 of ").await;
    assert_eq!(name_in_form(&app).await, "Old importer copy");
    send(&scene, &app).await;
    wait_for_reveal(&app, "Old importer copy").await;
    let made = scene.faults().key(key_of(&scene.token())).await.unwrap();
    assert_eq!(made.unwrap().abilities, ["monitors:read"]);
}

/// Whether the page has a text anywhere in it, shown or not.
async fn holds(app: &App<'_>, text: &str) -> bool {
    app.page().source().await.unwrap().contains(text)
}

async fn name_in_form(app: &App<'_>) -> String {
    let field = app.find("[role=dialog] form input").await;
    field.prop("value").await.unwrap().unwrap_or_default()
}

/// Sends the form, and waits until it has arrived: what is said then is said of it, and of nothing before it.
async fn send(scene: &Scene, app: &App<'_>) {
    let before = scene.writes_seen();
    app.press("button", "Create key").await;
    wait::until_true("the request arrives", || scene.writes_seen() > before);
}
