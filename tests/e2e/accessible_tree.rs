//! The list as a screen reader meets it: roles, names and states in the AT-SPI tree of the real window.
//!
//! `WebKit` gives an ARIA grid the role `table`, and a button that opens a menu the role `combo box`. Cells and headings
//! of the table have no name of their own; their words are in what they hold.

use secrecy::ExposeSecret as _;
use support::accessible::Control;
use support::driver::App;
use support::scene::Scene;

/// The one control of this role and name.
fn the<'a>(tree: &'a Control, role: &str, name: &str) -> &'a Control {
    let controls = tree.with_role(role).into_iter();
    let found: Vec<&Control> = controls.filter(|control| control.name == name).collect();
    assert_eq!(found.len(), 1, "{role} {name:?}");
    found[0]
}

/// The words that stand in a control.
fn words(control: &Control) -> String {
    let mut own = control.all().into_iter().map(|each| each.text.trim());
    own.find(|text| !text.is_empty())
        .unwrap_or_default()
        .to_owned()
}

fn page(app: &App<'_>) -> Control {
    app.native().find("document web", None)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_read_with_its_names_roles_and_states() {
    let scene = Scene::new().await;
    let key = scene.idle_key("Old importer").await;
    let app = scene.connected().await;
    app.wait_for_text("Updated").await;
    let page = page(&app);
    assert_eq!(page.name, "Pulse Keys");

    let tabs = the(&page, "page tab list", "Settings").with_role("page tab");
    let named: Vec<&str> = tabs.iter().map(|tab| tab.name.as_str()).collect();
    assert_eq!(
        named[..3],
        ["API Keys", "Activity", "Accounts"],
        "{named:?}"
    );
    let selected: Vec<bool> = tabs.iter().map(|tab| tab.is("selected")).collect();
    assert!(selected[0] && selected.iter().filter(|is| **is).count() == 1);
    assert!(the(&page, "heading", "Settings").is("showing"));

    let search = the(&page, "entry", "Search keys");
    assert!(search.is("editable") && search.is("enabled"), "{search:?}");
    assert!(the(&page, "push button", "Create API key").is("enabled"));

    let table = the(&page, "table", "API keys");
    let headings = table.with_role("column header");
    let sortable: Vec<&str> = headings
        .iter()
        .flat_map(|heading| heading.buttons())
        .collect();
    for heading in ["Name", "Token", "Abilities", "Team", "Last used", "Created"] {
        assert!(
            sortable.contains(&heading),
            "{heading} is not in {sortable:?}"
        );
    }

    let rows = table.with_role("table row");
    let rows: Vec<&&Control> = rows
        .iter()
        .filter(|row| !row.with_role("row header").is_empty())
        .collect();
    assert_eq!(
        rows.len(),
        14,
        "a row for each of the dozen keys, the new one and the app's own"
    );
    for row in &rows {
        let heads = row.with_role("row header");
        assert_eq!(heads.len(), 1, "{row:?}");
        let name = words(heads[0]);
        assert!(!name.is_empty(), "{row:?}");
        let menu = the(row, "combo box", &format!("Actions for {name}"));
        assert!(menu.is("has popup") && menu.is("enabled"), "{menu:?}");
    }
    let token = key.token.expose_secret();
    let last_eight = format!("…{}", &token[token.len() - 8..]);
    let row = rows
        .iter()
        .find(|row| words(row.with_role("row header")[0]) == "Old importer")
        .unwrap();
    let cells: Vec<String> = row.with_role("table cell").into_iter().map(words).collect();
    for said in [last_eight.as_str(), "200 days ago"] {
        assert!(
            cells.iter().any(|cell| cell == said),
            "{said} is not in {cells:?}"
        );
    }

    let status = page.with_role("status bar");
    assert!(
        status.iter().any(|status| status.text.contains("14 keys")),
        "{status:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_searched_for_is_answered_in_the_status() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    app.wait_for_text("Updated").await;
    app.type_into("Search keys", "zapier").await;
    app.wait_for_text("1 of 13").await;
    let page = page(&app);
    let search = the(&page, "entry", "Search keys");
    assert_eq!(
        (search.text.as_str(), search.is("focused")),
        ("zapier", true)
    );
    assert!(the(&page, "push button", "Clear search").is("enabled"));
    let status = page.with_role("status bar");
    assert!(
        status.iter().any(|status| status.text.contains("1 of 13")),
        "{status:?}"
    );
}
