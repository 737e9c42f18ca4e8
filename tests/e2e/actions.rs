//! Every row of the table of actions, fired by its key and through the native menu: both do the same, and something.
//!
//! What there is to fire is read from the cheat sheet of the real window, so that a new action is covered by itself.
//! What counts as an effect is what a person could notice: on the page, on the clipboard, at the server, another
//! window, or the end of the app. Only states that an action needs before it can run are prepared by name.

use std::path::Path;

use serde::Deserialize;
use support::driver::App;
use support::scene::{Scene, WINDOW, create, key_of, row};
use support::wait;

/// As the cheat sheet lists it.
#[derive(Clone, Debug, Deserialize)]
struct Listed {
    id: String,
    title: String,
    keys: Vec<String>,
}

/// What a person could notice.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Noticed {
    /// Tab, dialogs, menus, focus, selection, zoom.
    page: String,
    clipboard: String,
    /// How often the list was asked for.
    lists_asked: usize,
    /// What was handed to the browser.
    opened: String,
    windows: usize,
}

const PAGE: &str = "
    const shown = (element) => element.getClientRects().length > 0;
    const said = (element) => element.getAttribute('aria-label')
        ?? document.getElementById(element.getAttribute('aria-labelledby'))?.innerText ?? element.innerText;
    const all = (selector) => [...document.querySelectorAll(selector)].filter(shown).map(said);
    const here = document.activeElement;
    return JSON.stringify([
        all('[role=tab][aria-selected=true]'),
        all('[role=dialog], [role=alertdialog]').map((name) => name?.split('\\n')[0]),
        all('[role=menu], [role=listbox]').length,
        here.closest('[role=row]')?.dataset.key ?? here.getAttribute('aria-label') ?? here.tagName,
        document.querySelectorAll('[role=row][aria-selected=true]').length,
        innerWidth,
    ]);
";

const LISTED: &str = "
    return [...document.querySelectorAll('[data-action]')].map((row) => ({
        id: row.dataset.action,
        title: row.dataset.title,
        keys: JSON.parse(row.dataset.keys),
    }));
";

/// What an action needs before it can run.
async fn prepare(app: &App<'_>, id: &str, base_row: i64) {
    let screen = app.screen();
    match id {
        "journal.csv" | "journal.json" => {
            screen.press("ctrl+2");
            app.wait_for_text("Export CSV").await;
        }
        "selection.clear" => {
            screen.press("space");
            app.find("[role=row][aria-selected=true]").await;
        }
        "zoom.reset" => {
            let before = noticed_width(app).await;
            screen.press("ctrl+plus");
            app.until("the page is larger", async || {
                (noticed_width(app).await != before).then_some(())
            })
            .await;
        }
        "tab.keys" => {
            screen.press("ctrl+2");
            app.wait_for_text("Export CSV").await;
        }
        "list.previous" => {
            screen.press("Down");
            app.wait_until_gone(&format!("{}:focus", row(base_row)))
                .await;
        }
        _ => {}
    }
}

async fn noticed_width(app: &App<'_>) -> Option<u64> {
    let width = app.page().execute("return innerWidth", vec![]).await.ok()?;
    width.as_u64()
}

/// Where every firing begins: a freshly loaded page, the focus on a row that has a token in custody.
async fn begin(app: &App<'_>, scene: &Scene, base_row: i64) {
    scene.faults().clear_requests();
    let _ = std::fs::remove_file(opened_file(scene));
    app.page().refresh().await.unwrap();
    app.find("[role=grid][aria-busy=false] [data-key]").await;
    let close = app.look_for_role("button", "Close").await.ok().flatten();
    if let Some(close) = close {
        close.click().await.unwrap();
        app.press("button", "Leave it for later").await;
        app.wait_until_gone("[role=dialog]").await;
    }
    app.click(&format!("{} [data-column=lastUsed]", row(base_row)))
        .await;
    app.find(&format!("{}:focus", row(base_row))).await;
    app.screen().activate(app.screen().find(WINDOW));
}

fn opened_file(scene: &Scene) -> std::path::PathBuf {
    scene.desktop.home().join("opened")
}

async fn notice(app: &App<'_>, scene: &Scene) -> Noticed {
    let page = app.page().execute(PAGE, vec![]).await;
    let page = page.ok().and_then(|page| page.as_str().map(str::to_owned));
    let requests = scene.faults().requests();
    let lists = requests
        .iter()
        .filter(|request| request.method == "GET" && request.path.ends_with("/api-keys"));
    Noticed {
        page: page.unwrap_or_else(|| "ended".to_owned()),
        clipboard: app.screen().clipboard(),
        lists_asked: lists.count(),
        opened: std::fs::read_to_string(opened_file(scene)).unwrap_or_default(),
        windows: app.screen().stacking().len(),
    }
}

/// Waits for an effect, and until nothing changes any more.
async fn effect(app: &App<'_>, scene: &Scene, before: &Noticed, of: &str) -> Noticed {
    let mut last = before.clone();
    app.until(&format!("{of} does something"), async || {
        let now = notice(app, scene).await;
        let is_settled = now != *before && now == last;
        last = now;
        is_settled.then(|| last.clone())
    })
    .await
}

/// A browser that only writes down what it was asked to open.
fn quiet_browser(scene: &Scene) -> String {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = scene.desktop.home().join("bin");
    std::fs::create_dir_all(&folder).unwrap();
    let program = folder.join("xdg-open");
    let file = opened_file(scene);
    std::fs::write(
        &program,
        format!("#!/bin/sh\necho \"$1\" >> '{}'\n", file.display()),
    )
    .unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    format!("{}:{path}", folder.display())
}

/// A person's way to write a chord, as the keyboard's tool takes it: "mod+Shift+R" is ctrl+shift+r.
fn pressed(chord: &str) -> String {
    let (held, key) = match chord.strip_suffix("++") {
        Some(held) => (held, "+"),
        None => chord.rsplit_once('+').unwrap_or(("", chord)),
    };
    let key = match key {
        "/" => "slash".to_owned(),
        "?" => "question".to_owned(),
        "," => "comma".to_owned(),
        "+" => "plus".to_owned(),
        "=" => "equal".to_owned(),
        "-" => "minus".to_owned(),
        "Space" => "space".to_owned(),
        "Enter" => "Return".to_owned(),
        "ContextMenu" => "Menu".to_owned(),
        other if other.len() == 1 => other.to_lowercase(),
        other => other.to_owned(),
    };
    let held = held.split('+').filter(|part| !part.is_empty());
    let held = held.map(|part| {
        if part == "mod" {
            "ctrl".to_owned()
        } else {
            part.to_lowercase()
        }
    });
    held.chain([key]).collect::<Vec<_>>().join("+")
}

/// The actions as the cheat sheet lists them.
async fn listed(app: &App<'_>) -> Vec<Listed> {
    app.screen().press("ctrl+slash");
    app.find("[data-action]").await;
    let listed = app.page().execute(LISTED, vec![]).await.unwrap();
    let listed: Vec<Listed> = serde_json::from_value(listed).unwrap();
    app.screen().press("Escape");
    app.wait_until_gone("[data-action]").await;
    listed
}

/// Two accounts' worth of state in which as much as possible can be done.
async fn opened<'a>(scene: &'a Scene) -> (App<'a>, i64) {
    let app = scene.connected().await;
    create(&app, "Deploy bot").await;
    app.press("button", "Keep in keychain").await;
    app.wait_until_gone("[role=dialog]").await;
    let key = key_of(&scene.token());
    app.close();
    let path = quiet_browser(scene);
    let program = support::driver::program();
    let app = App::start_with(&scene.desktop, Path::new(&program), &[], &[("PATH", &path)]).await;
    app.find(&row(key)).await;
    (app, key)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_does_by_its_key_what_it_does_from_the_menu() {
    let scene = Scene::new().await;
    let (app, key) = opened(&scene).await;
    begin(&app, &scene, key).await;
    let all = listed(&app).await;
    assert!(all.len() > 25, "{} actions are listed", all.len());

    let mut told = Vec::new();
    for action in all.iter().filter(|action| action.id != "app.quit") {
        begin(&app, &scene, key).await;
        prepare(&app, &action.id, key).await;
        let before = notice(&app, &scene).await;
        app.native().press("menu item", &action.title);
        let from_menu = effect(
            &app,
            &scene,
            &before,
            &format!("{} in the menu", action.title),
        )
        .await;
        leave(&app);

        for chord in action.keys.iter().take(1) {
            begin(&app, &scene, key).await;
            prepare(&app, &action.id, key).await;
            let before = notice(&app, &scene).await;
            app.screen().press(&pressed(chord));
            let by_key = effect(
                &app,
                &scene,
                &before,
                &format!("{} by {chord}", action.title),
            )
            .await;
            assert_eq!(by_key, from_menu, "{}: {chord} and the menu", action.id);
            leave(&app);
        }
        told.push(format!(
            "  {:<18} {:<14} {}",
            action.id,
            action.keys.first().map_or("(menu only)", String::as_str),
            from_menu.page
        ));
    }
    println!("{}", told.join("\n"));

    begin(&app, &scene, key).await;
    app.screen().press("ctrl+q");
    wait::until_true("the app has ended", || app.processes().is_empty());
}

/// Native windows that an action has opened close again.
fn leave(app: &App<'_>) {
    let screen = app.screen();
    wait::until_true("only the app's window is there", || {
        let is_alone = screen.stacking().len() == 1;
        if !is_alone {
            screen.press("Escape");
        }
        is_alone
    });
}
