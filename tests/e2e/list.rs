//! The list in the real window: many keys, hostile names, failures.

use fantoccini::Locator;
use sandbox::Settings;
use sandbox::faults::{Fault, Rule, VerbatimKey};
use serde_json::Value;
use support::desktop::Keyring;
use support::driver::App;

use support::scene::{Scene, row};

use crate::commands::command;

async fn number(app: &App<'_>, script: &str) -> f64 {
    app.page()
        .execute(script, vec![])
        .await
        .unwrap()
        .as_f64()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_thousand_keys_the_first_page_is_there_before_the_last_and_few_rows_exist_at_once() {
    let scene = Scene::with(
        Keyring::Unlocked,
        Settings {
            keys: Some(10_000),
            ..Settings::default()
        },
    )
    .await;
    let slow = Fault::Delay { milliseconds: 40 };
    scene.fault(Rule {
        times: 200,
        ..Rule::once("GET", "/api-keys", slow)
    });
    let app = scene.connected().await;
    let asked = scene.faults().requests().len();
    assert!(asked < 100, "rows were shown only after {asked} requests");

    scene.faults().clear();
    app.wait_for_text("Updated").await;
    app.wait_for_text("10,0").await;
    let scroll = "const grid = document.querySelector('[role=grid]'); grid.scrollTop = grid.scrollHeight; return 0";
    number(&app, scroll).await;
    app.find("[role=row][aria-rowindex=\"10000\"]").await;
    let rows = app
        .page()
        .find_all(Locator::Css("[role=row][data-key]"))
        .await
        .unwrap()
        .len();
    assert!(rows < 80, "{rows} rows exist at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_was_not_read_to_its_end_goes_on_when_the_app_is_started_again() {
    let scene = Scene::with_keys(2000).await;
    // Some of them answer the sign-in. Behind the others the server is silent.
    for (times, fault) in [
        (15, Fault::Delay { milliseconds: 20 }),
        (100, Fault::HangAfter),
    ] {
        scene.fault(Rule {
            times,
            ..Rule::once("GET", "/api-keys", fault)
        });
    }
    let app = scene.connected().await;
    app.until("more than ten pages are there", async || {
        lists_asked(&scene).contains(&12).then_some(())
    })
    .await;
    app.close();
    scene.faults().clear();
    scene.faults().clear_requests();

    let app = App::start(&scene.desktop).await;
    app.wait_for_text("Updated").await;
    app.wait_for_text("2,001 keys").await;
    let again = lists_asked(&scene);
    // The first page, the last one that was written down, and those behind it.
    assert_eq!(again[..3], [1, 10, 11]);
    assert_eq!(again.last(), Some(&21));
    assert_eq!(again.len(), 13);
}

/// The numbers of the pages of the list that were asked for.
fn lists_asked(scene: &Scene) -> Vec<u32> {
    let requests = scene.faults().requests();
    let queries = requests
        .iter()
        .filter(|request| request.path.ends_with("/api-keys"));
    let numbers = queries.filter_map(|request| {
        let mut parts = request.query.as_deref()?.split('&');
        parts
            .find_map(|part| part.strip_prefix("page="))?
            .parse()
            .ok()
    });
    numbers.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_are_text_and_break_no_layout() {
    let scene = Scene::new().await;
    let markup =
        "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>";
    let long = "x".repeat(300);
    let zalgo =
        "Z\u{0351}\u{036B}\u{0343}\u{036A}\u{0302}\u{036B}\u{033D}\u{034F}\u{0334}".repeat(20);
    let names = [
        markup,
        "invoice\u{202E}fdp.exe",
        "\u{2067}עברית\u{2069} ltr",
        "👩\u{200D}💻🔥 emoji",
        &long,
        "",
        &zalgo,
    ];
    let mut ids = Vec::new();
    for name in names {
        ids.push(
            scene
                .faults()
                .insert_key(VerbatimKey::named(name))
                .await
                .unwrap()
                .id,
        );
    }
    let app = scene.connected().await;
    for id in &ids {
        app.find(&row(*id)).await;
    }
    let shown = app.text().await;
    assert!(
        shown.contains("<img src=x"),
        "markup is shown as text:\n{shown}"
    );
    assert!(
        shown.contains("invoicefdp.exe"),
        "the override is gone:\n{shown}"
    );
    assert!(shown.contains("(no name)"), "{shown}");
    assert_eq!(app.page().title().await.unwrap(), "Pulse Keys");
    assert!(
        app.page()
            .find(Locator::Css("[role=row] img, [role=row] script"))
            .await
            .is_err()
    );

    let uneven = "const heights = [...document.querySelectorAll('[role=row][data-key]')].map((row) => row.offsetHeight); \
                  return new Set(heights).size";
    assert_eq!(
        number(&app, uneven).await as i64,
        1,
        "every row has the same height"
    );
    let overflow = "const grid = document.querySelector('[role=grid]'); \
                    return grid.scrollWidth - grid.clientWidth \
                      + document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(number(&app, overflow).await as i64, 0, "nothing sticks out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_cannot_be_fetched_keeps_the_cached_one_with_its_age() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    app.wait_for_text("Updated").await;
    app.close();

    let gone = Fault::Status {
        status: 401,
        retry_after: None,
    };
    scene.fault(Rule {
        times: 50,
        ..Rule::once("GET", "/api-keys", gone)
    });
    let app = App::start(&scene.desktop).await;
    app.find(&row(key.id)).await;
    app.wait_for_text("does not accept this token").await;
    app.wait_for_text("Shown as of").await;
    app.find_by_role("button", "Sign in again…").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_no_capability_lists_is_refused() {
    let scene = Scene::new().await;
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("Connect to PulseAPI").await;
    let call = "const [name, done] = arguments; \
                window.__TAURI_INTERNALS__.invoke(name, {}).then(() => done('allowed'), (e) => done(String(e)))";
    for refused in [
        "plugin:event|emit",
        "plugin:window|close",
        "plugin:webview|create_webview_window",
        "plugin:opener|open_url",
        "plugin:fs|read_text_file",
        "confirm",
    ] {
        let answer = app
            .page()
            .execute_async(call, vec![Value::from(refused)])
            .await
            .unwrap();
        let answer = answer.as_str().unwrap_or_default();
        assert!(
            answer.contains("not allowed") || answer.contains("not found"),
            "{refused}: {answer}"
        );
    }
    let listed = app
        .page()
        .execute_async(call, vec![Value::from(command::first_state)])
        .await
        .unwrap();
    assert_eq!(listed, "allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_shows_no_page_but_its_own() {
    let scene = Scene::new().await;
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("Connect to PulseAPI").await;
    let leave = format!(
        "location.href = '{}/user'; window.open('{0}/user'); return 0",
        scene.sandbox.base_url()
    );
    number(&app, &leave).await;
    // A page that was left would be gone by the time that the next command is answered.
    app.wait_for_text("Connect to PulseAPI").await;
    assert_eq!(app.page().current_url().await.unwrap().scheme(), "tauri");
    assert_eq!(app.screen().titles(), ["Pulse Keys"]);
    assert_eq!(scene.faults().requests(), []);
}

/// Every read ends before an answer, as without a network.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_connection_the_list_is_readable_and_comes_back_by_itself() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    app.wait_for_text("Updated").await;
    scene.fault(Rule {
        times: 1_000,
        ..Rule::once("GET", "/api-keys", Fault::DropBefore)
    });
    app.screen().press("F5");
    app.wait_for_text("Creating, rotating and deleting is off until PulseAPI answers")
        .await;
    app.find(&row(key.id)).await;
    let create = app.find_by_role("button", "Create API key").await;
    assert!(!create.is_enabled().await.unwrap());

    scene.faults().clear();
    let online = "window.dispatchEvent(new Event('online'))";
    app.page().execute(online, vec![]).await.unwrap();
    app.wait_for_text("Updated").await;
    app.until("Create is there again", async || {
        let create = app.find_by_role("button", "Create API key").await;
        create.is_enabled().await.ok()?.then_some(())
    })
    .await;
}
