//! Every row of the table of actions, fired by its key and through the native menu: both do the same, and something.
//!
//! What there is to fire is read from the cheat sheet of the real window, so that a new action is covered by itself.
//! What counts as an effect is what a user could notice: on the page, on the clipboard, at the server, another
//! window, or the end of the app. Only states that an action needs before it can run are prepared by name.

use std::path::Path;

use serde::Deserialize;
use serde_json::json;
use support::driver::App;
use support::scene::{Scene, WINDOW, create, key_of, row, wait_for_focus};
use support::service::Service;
use support::wait;

use crate::commands::command;

/// The class of the app's windows.
const PROGRAM: &str = "pulse-keys";

/// What is fired last, since nothing comes after it.
pub(crate) const QUIT: &str = "app.quit";

/// As the cheat sheet lists it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Listed {
    pub(crate) id: String,
    /// The menu that it stands in.
    group: String,
    pub(crate) title: String,
    pub(crate) keys: Vec<String>,
}

/// What a user could notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Noticed {
    /// Tab, dialogs, menus, focus, selection, the column of notes, zoom.
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
        all('[role=columnheader]').some((name) => name?.includes('Your note')),
        innerWidth,
    ]);
";

/// Of keys that are more than a modifier.
const COUNT_KEYS: &str = "
    window.arrivedKeys = 0;
    addEventListener('keydown', ({ key }) => {
        if (!['Control', 'Shift', 'Alt', 'Meta'].includes(key)) window.arrivedKeys += 1;
    }, true);
";

const LISTED: &str = "
    return [...document.querySelectorAll('[data-action]')].map((row) => ({
        id: row.dataset.action,
        group: row.closest('section').querySelector('h3').innerText,
        title: row.firstElementChild.firstChild.textContent,
        keys: JSON.parse(row.dataset.keys),
    }));
";

/// What an action needs before it can run; with keys that are the same on every keyboard, if any.
pub(crate) async fn prepare(app: &App<'_>, id: &str, base_row: i64) {
    match id {
        "journal.csv" | "journal.json" | "tab.keys" => {
            app.press("tab", "Activity").await;
            app.wait_for_text("Export CSV").await;
        }
        "selection.clear" => {
            press(app, "space").await;
            app.find("[role=row][aria-selected=true]").await;
        }
        "zoom.reset" => {
            let before = noticed_width(app).await;
            press(app, "ctrl+KP_Add").await;
            app.until("the page is larger", async || {
                (noticed_width(app).await != before).then_some(())
            })
            .await;
        }
        "list.previous" => {
            press(app, "Down").await;
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

/// Where every firing begins: a freshly loaded page, the focus on a row that has a token in custody, something else on
/// the clipboard for as long as the answer is held.
pub(crate) async fn begin(app: &App<'_>, scene: &Scene, base_row: i64) -> Service {
    scene.faults().clear_requests();
    let _ = std::fs::remove_file(opened_file(scene));
    let reset = "const [command, done] = arguments; \
        window.__TAURI_INTERNALS__.invoke(command).then(() => done(true), () => done(false))";
    app.until("the preferences are the first ones", async || {
        // A page that is just being left answers with an error.
        let command = vec![json!(command::reset_preferences)];
        let is_reset = app.page().execute_async(reset, command).await.ok()?;
        is_reset.as_bool()?.then_some(())
    })
    .await;
    app.page().refresh().await.unwrap();
    app.find("[role=grid][aria-busy=false] [data-key]").await;
    app.click(&format!("{} [data-column=lastUsed]", row(base_row)))
        .await;
    app.find(&format!("{}:focus", row(base_row))).await;
    app.page().execute(COUNT_KEYS, vec![]).await.unwrap();
    app.screen().activate(app.screen().find(WINDOW));
    app.screen().copy("of another program")
}

fn opened_file(scene: &Scene) -> std::path::PathBuf {
    scene.desktop.home().join("opened")
}

pub(crate) async fn notice(app: &App<'_>, scene: &Scene) -> Noticed {
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

/// How often in a row an effect has to look the same before it counts as whole: on a busy machine it comes in steps, a
/// dialog first and the focus in it later.
const SETTLED_LOOKS: u32 = 4;

/// Waits for an effect, and until nothing changes any more.
pub(crate) async fn effect(app: &App<'_>, scene: &Scene, before: &Noticed, of: &str) -> Noticed {
    let (mut last, mut looks) = (before.clone(), 0);
    app.until(&format!("{of} does something"), async || {
        let now = notice(app, scene).await;
        looks = if now == last { looks + 1 } else { 1 };
        last = now;
        (last != *before && looks >= SETTLED_LOOKS).then(|| last.clone())
    })
    .await
}

/// Waits until an effect is the same as another one, and stays so.
async fn same_effect(app: &App<'_>, scene: &Scene, other: &Noticed, of: &str) {
    let (mut last, mut looks) = (None, 0);
    let is_same = app
        .within_wait(async || {
            let now = notice(app, scene).await;
            looks = if now == *other { looks + 1 } else { 0 };
            last = Some(now);
            (looks >= SETTLED_LOOKS).then_some(())
        })
        .await;
    if is_same.is_none() {
        assert_eq!(last.as_ref(), Some(other), "{of}, and from the menu");
    }
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

/// A user's way to write a chord, as the keyboard's tool takes it: "mod+Shift+R" is ctrl+shift+r.
pub(crate) fn pressed(chord: &str) -> String {
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
pub(crate) async fn listed(app: &App<'_>) -> Vec<Listed> {
    press(app, "ctrl+slash").await;
    app.find("[data-action]").await;
    let listed = app.page().execute(LISTED, vec![]).await.unwrap();
    let listed: Vec<Listed> = serde_json::from_value(listed).unwrap();
    press(app, "Escape").await;
    app.wait_until_gone("[data-action]").await;
    listed
}

/// Two accounts' worth of state in which as much as possible can be done.
pub(crate) async fn opened<'a>(scene: &'a Scene) -> (App<'a>, i64) {
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
    fire_every_second(0).await;
}

/// In two halves, so that they run side by side.
#[tokio::test(flavor = "multi_thread")]
async fn each_other_does_too() {
    fire_every_second(1).await;
}

async fn fire_every_second(first: usize) {
    let scene = Scene::new().await;
    let (app, key) = opened(&scene).await;
    drop(begin(&app, &scene, key).await);
    let all = listed(&app).await;
    assert!(all.len() > 25, "{} actions are listed", all.len());

    let fired = all.iter().filter(|action| action.id != QUIT);
    for action in fired.skip(first).step_by(2) {
        let title = &action.title;
        let clipboard = begin(&app, &scene, key).await;
        prepare(&app, &action.id, key).await;
        let before = notice(&app, &scene).await;
        choose(&app, action);
        let from_menu = effect(&app, &scene, &before, &format!("{title} in the menu")).await;
        leave(&app);
        drop(clipboard);

        if let Some(chord) = action.keys.first() {
            let clipboard = begin(&app, &scene, key).await;
            prepare(&app, &action.id, key).await;
            press(&app, &pressed(chord)).await;
            same_effect(&app, &scene, &from_menu, &format!("{title} by {chord}")).await;
            leave(&app);
            drop(clipboard);
        }
        let chord = action.keys.first().map_or("menu only", String::as_str);
        println!("  {:<18} {chord:<14} {}", action.id, from_menu.page);
    }

    let _clipboard = begin(&app, &scene, key).await;
    if first == 0 {
        app.screen().press("ctrl+q");
    } else {
        choose(&app, all.iter().find(|action| action.id == QUIT).unwrap());
    }
    wait::until_true("the app has ended", || app.processes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn delete_deletes_text_in_a_field_and_opens_the_card_in_the_list() {
    let scene = Scene::new().await;
    let (app, key) = opened(&scene).await;
    let _clipboard = begin(&app, &scene, key).await;
    press(&app, "slash").await;
    wait_for_focus(&app, "Search keys").await;
    app.screen().type_text("xDeploy");
    press(&app, "Home").await;
    press(&app, "Delete").await;
    let field = app.find("[role=search] input").await;
    app.until("the first letter is gone", async || {
        (field.prop("value").await.ok()?? == "Deploy").then_some(())
    })
    .await;
    assert!(
        app.look_for("[role=dialog]").await.is_none(),
        "a card opened over the field"
    );

    press(&app, "Down").await;
    app.find(&format!("{}:focus", row(key))).await;
    press(&app, "Delete").await;
    app.wait_for_text("Delete “Deploy bot”?").await;
    assert_eq!(field.prop("value").await.unwrap().unwrap(), "Deploy");
}

/// Opens the menu of an action by its letter and chooses it with the mouse. Assistive technology is asked about that
/// menu only, and after it is there: asked about closed menus again and again, GTK 3 confuses its own counts and ends
/// the app.
fn choose(app: &App<'_>, action: &Listed) {
    let screen = app.screen();
    let before = screen.shown_by(PROGRAM);
    let letter = action.group[..1].to_lowercase();
    screen.press(&format!("alt+{letter}"));
    wait::until_true("the menu is open", || screen.shown_by(PROGRAM) > before);
    screen.click(app.native().place_of_item(&action.group, &action.title));
}

/// Presses a key until it has come to the page: one that is pressed just when the window gets the keyboard back is lost
/// on its way there.
pub(crate) async fn press(app: &App<'_>, key: &str) {
    let mut has_arrived = false;
    for _ in 0..5 {
        if has_arrived {
            return;
        }
        app.screen().press(key);
        let arrived = "return new Promise((done) => { \
                let rounds = 0; \
                const look = () => window.arrivedKeys > 0 || rounds++ > 100 ? done(window.arrivedKeys) : setTimeout(look, 50); \
                look(); \
            }).then((keys) => { window.arrivedKeys = 0; return keys; })";
        // A page that is just being left, or an app that ends, has had it.
        let arrived = app.page().execute(arrived, vec![]).await;
        has_arrived = arrived.map_or(true, |keys| keys.as_u64() != Some(0));
    }
    assert!(has_arrived, "{key} never came to the page");
}

/// Native windows that an action has opened close again.
pub(crate) fn leave(app: &App<'_>) {
    let screen = app.screen();
    wait::until_true("only the app's window is there", || {
        let is_alone = screen.stacking().len() == 1;
        if !is_alone {
            screen.press("Escape");
        }
        is_alone
    });
}
