//! The list as a screen reader meets it: roles, names and states in the AT-SPI tree of the real window.
//!
//! `WebKit` gives an ARIA grid the role `table`, and a button that opens a menu the role `combo box`. Cells and headings
//! of the table have no name of their own; their words are in what they hold. It tells the tree of a change some time
//! after the page shows it, so what is read is read again until it is as it should be.

use secrecy::ExposeSecret as _;
use support::accessible::Control;
use support::driver::App;
use support::scene::Scene;

/// What is wrong with a tree, in words.
type Reading = Result<(), String>;

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Reading {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// The one control of this role and name.
fn the<'a>(tree: &'a Control, role: &str, name: &str) -> Result<&'a Control, String> {
    let controls = tree.with_role(role).into_iter();
    let found: Vec<&Control> = controls.filter(|control| control.name == name).collect();
    match found[..] {
        [one] => Ok(one),
        _ => Err(format!("{} times {role} {name:?}", found.len())),
    }
}

/// The words that stand in a control.
fn words(control: &Control) -> String {
    let mut own = control.all().into_iter().map(|each| each.text.trim());
    own.find(|text| !text.is_empty())
        .unwrap_or_default()
        .to_owned()
}

/// Reads the page until nothing is wrong with it.
async fn read(app: &App<'_>, reading: impl Fn(&Control) -> Reading) {
    let mut wrong = String::new();
    let read = app.within_wait(async || {
        let page = app.native().look_for("document web", None);
        let read = page.map_or_else(|| Err("no page".to_owned()), |page| reading(&page));
        read.map_err(|error| wrong = error).ok()
    });
    assert!(read.await.is_some(), "{wrong}");
}

fn list_is_read(page: &Control, last_eight: &str) -> Reading {
    ensure(page.name == "Pulse Keys", || page.name.clone())?;
    let tabs = the(page, "page tab list", "Settings")?.with_role("page tab");
    let named: Vec<&str> = tabs.iter().map(|tab| tab.name.as_str()).collect();
    ensure(
        named.starts_with(&["API Keys", "Activity", "Accounts"]),
        || format!("{named:?}"),
    )?;
    let selected: Vec<bool> = tabs.iter().map(|tab| tab.is("selected")).collect();
    let is_first_alone = selected[0] && selected.iter().filter(|is| **is).count() == 1;
    ensure(is_first_alone, || format!("selected: {selected:?}"))?;
    let heading = the(page, "heading", "Settings")?;
    ensure(heading.is("showing"), || format!("{heading:?}"))?;
    let search = the(page, "entry", "Search keys")?;
    ensure(search.is("editable") && search.is("enabled"), || {
        format!("{search:?}")
    })?;
    let create = the(page, "push button", "Create API key")?;
    ensure(create.is("enabled"), || format!("{create:?}"))?;

    let table = the(page, "table", "API keys")?;
    let headings = table.with_role("column header");
    let sortable: Vec<&str> = headings
        .iter()
        .flat_map(|heading| heading.buttons())
        .collect();
    for heading in ["Name", "Token", "Abilities", "Team", "Last used", "Created"] {
        ensure(sortable.contains(&heading), || {
            format!("{heading} is not in {sortable:?}")
        })?;
    }
    rows_are_read(table, last_eight)?;
    status_says(page, "14 keys")
}

fn rows_are_read(table: &Control, last_eight: &str) -> Reading {
    let rows = table.with_role("table row").into_iter();
    let rows: Vec<&Control> = rows
        .filter(|row| !row.with_role("row header").is_empty())
        .collect();
    ensure(rows.len() == 14, || {
        format!(
            "{} rows, not one for each of the dozen keys, the new one and the app's own",
            rows.len()
        )
    })?;
    for row in &rows {
        let heads = row.with_role("row header");
        ensure(heads.len() == 1, || format!("{row:?}"))?;
        let name = words(heads[0]);
        ensure(!name.is_empty(), || format!("{row:?}"))?;
        let menu = the(row, "combo box", &format!("Actions for {name}"))?;
        ensure(menu.is("has popup") && menu.is("enabled"), || {
            format!("{menu:?}")
        })?;
    }
    let mut rows = rows.into_iter();
    let row = rows.find(|row| words(row.with_role("row header")[0]) == "Old importer");
    let cells = row
        .ok_or("no row of the old importer")?
        .with_role("table cell");
    let cells: Vec<String> = cells.into_iter().map(words).collect();
    for said in [last_eight, "200 days ago"] {
        ensure(cells.iter().any(|cell| cell == said), || {
            format!("{said} is not in {cells:?}")
        })?;
    }
    Ok(())
}

fn status_says(page: &Control, words: &str) -> Reading {
    let status = page.with_role("status bar");
    ensure(
        status.iter().any(|status| status.text.contains(words)),
        || format!("{status:?}"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_read_with_its_names_roles_and_states() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    app.wait_for_text("Updated").await;
    let token = key.token.expose_secret();
    let last_eight = format!("…{}", &token[token.len() - 8..]);
    read(&app, |page| list_is_read(page, &last_eight)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_searched_for_is_answered_in_the_status() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    app.wait_for_text("Updated").await;
    app.type_into("Search keys", "zapier").await;
    app.wait_for_text("1 of 13").await;
    let answered = |page: &Control| {
        let search = the(page, "entry", "Search keys")?;
        ensure(search.text == "zapier" && search.is("focused"), || {
            format!("{search:?}")
        })?;
        let clear = the(page, "push button", "Clear search")?;
        ensure(clear.is("enabled"), || format!("{clear:?}"))?;
        status_says(page, "1 of 13")
    };
    read(&app, answered).await;
}
