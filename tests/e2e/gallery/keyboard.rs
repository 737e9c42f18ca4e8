//! What the keyboard leads to: palette, cheat sheet, menus, filters, details, the selection and its deletion, and the
//! preferences with the looks that are chosen there.

use std::time::Duration;

use fantoccini::Locator;
use sandbox::faults::{Fault, Rule};
use secrecy::ExposeSecret as _;
use support::driver::App;
use support::scene::{Scene, WINDOW, wait_for_focus};

use super::{Gallery, NARROW, USUAL, resize};

/// What the palette is typed into.
const PALETTE: &str = "Search actions, keys, accounts and teams";
/// The title of the native dialog before several deletions.
const BULK: &str = "Delete API keys";

impl Gallery {
    pub(crate) async fn palette(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        press(&app, "ctrl+k");
        wait_for_focus(&app, PALETTE).await;
        self.page(&app, "palette").await;
        self.narrow(&app, "palette-narrow").await;
        app.screen().activate(app.screen().find(WINDOW));
        app.screen().type_text("cre");
        app.find("[role=option] mark").await;
        self.page(&app, "palette-searched").await;
        app.screen().type_text(" nobody");
        app.wait_until_gone("[role=option]").await;
        self.page(&app, "palette-nothing").await;
    }

    pub(crate) async fn cheat_sheet(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        press(&app, "ctrl+slash");
        app.find("[role=dialog] [data-action]").await;
        self.page(&app, "cheat-sheet").await;
        self.narrow(&app, "cheat-sheet-narrow").await;
    }

    pub(crate) async fn filters(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        open_filters(&app).await;
        self.page(&app, "filter-menu").await;
        app.click("[role=menuitemcheckbox][data-key='idle:30']")
            .await;
        let ability = "[role=menuitemcheckbox][data-key^='ability:']";
        let show = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
        app.page()
            .execute(show, vec![serde_json::json!(ability)])
            .await
            .unwrap();
        app.click(ability).await;
        leave_filters(&app).await;
        self.page(&app, "list-filtered").await;
        self.narrow(&app, "list-filtered-narrow").await;
        // A menu may close when the window changes its size.
        resize(&app, NARROW).await;
        open_filters(&app).await;
        self.page(&app, "filter-menu-narrow").await;
        leave_filters(&app).await;
        resize(&app, USUAL).await;
        app.type_into("Search keys", "nobody is called this").await;
        app.wait_for_text("Clear").await;
        self.page(&app, "list-nothing-found").await;
    }

    pub(crate) async fn row_and_details(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        focus_first_row(&app).await;
        press(&app, "shift+F10");
        app.find("[role=menu]").await;
        self.page(&app, "row-menu").await;
        press(&app, "Escape");
        app.wait_until_gone("[role=menu]").await;
        app.find("[data-key]:focus").await;
        press(&app, "Return");
        app.wait_for_text("Record id").await;
        self.page(&app, "details").await;
        self.narrow(&app, "details-narrow").await;
    }

    pub(crate) async fn bulk(&self) {
        let scene = Scene::new().await;
        for number in 1..=9 {
            scene.idle_key(&format!("old job {number}")).await;
        }
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        focus_first_row(&app).await;
        press(&app, "ctrl+a");
        app.wait_for_text("selected").await;
        self.page(&app, "list-selected").await;
        self.narrow(&app, "list-selected-narrow").await;
        press(&app, "Delete");
        app.wait_for_text("401 Unauthorized").await;
        self.page(&app, "bulk-choosing").await;
        self.narrow(&app, "bulk-choosing-narrow").await;
        app.click("[role=dialog] input[type=checkbox]:not(:checked):not([aria-disabled=true])")
            .await;
        app.wait_for_text("to delete them").await;
        self.page(&app, "bulk-risky").await;
        app.press("button", "Tick all but risky").await;
        app.find("[role=dialog] footer button:last-of-type:enabled")
            .await;
        let refused = Fault::Status {
            status: 500,
            retry_after: None,
        };
        scene.fault(Rule::once("DELETE", "/api-keys/*", refused));
        let slow = Fault::Delay {
            milliseconds: 5_000,
        };
        scene.fault(Rule {
            times: 99,
            ..Rule::once("DELETE", "/api-keys/*", slow)
        });
        app.click("[role=dialog] footer button:last-of-type:enabled")
            .await;
        let dialog = app.screen().find(BULK);
        app.screen().activate(dialog);
        self.dialog(&app, "bulk-native-dialog").await;
        let dialog = app.native().dialog();
        let buttons = dialog.buttons();
        let delete = buttons.iter().find(|label| label.starts_with("Delete"));
        app.native().press_in_dialog(delete.unwrap());
        app.wait_for_text("Cancel the rest").await;
        app.wait_for_text("2 of ").await;
        self.pending(&app, "bulk-running").await;
        app.press("button", "Cancel the rest").await;
        app.wait_for_text("Try the rest again").await;
        self.page(&app, "bulk-ended").await;
        self.narrow(&app, "bulk-ended-narrow").await;
    }

    pub(crate) async fn preferences(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        press(&app, "ctrl+comma");
        app.wait_for_text("Where data lives").await;
        self.page(&app, "preferences").await;
        self.narrow(&app, "preferences-narrow").await;
        press_text(&app, "nav button", "Keyboard shortcuts").await;
        self.page(&app, "preferences-shortcuts").await;
        press_text(&app, "nav button", "About").await;
        self.page(&app, "preferences-end").await;
        press_text(&app, "nav button", "Appearance").await;
        press_text(&app, "label", "Compact").await;
        app.find("html[data-density=compact]").await;
        press(&app, "ctrl+1");
        app.wait_for_text("Updated").await;
        self.page(&app, "list-compact").await;
        press(&app, "ctrl+comma");
        app.wait_for_text("Where data lives").await;
        press_text(&app, "label", "Comfortable").await;
        press_text(&app, "label", "More").await;
        app.find("html[data-contrast=more]").await;
        self.page(&app, "preferences-high-contrast").await;
        press(&app, "ctrl+1");
        app.wait_for_text("Updated").await;
        self.page(&app, "list-high-contrast").await;
        focus_first_row(&app).await;
        press(&app, "Delete");
        app.wait_for_text("401 Unauthorized").await;
        self.page(&app, "delete-card-high-contrast").await;
    }

    pub(crate) async fn watching(&self) {
        const DAY: Duration = Duration::from_secs(24 * 3600);
        let scene = Scene::new().await;
        let key = scene.idle_key("Old importer").await;
        let home = scene.desktop.home();
        let line = format!("PULSEAPI_TOKEN={}\n", key.token.expose_secret());
        std::fs::write(home.join("first.env"), &line).unwrap();
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        press(&app, "ctrl+comma");
        app.wait_for_text("Where data lives").await;
        press_text(&app, "nav button", "Keep watch").await;
        press(&app, "Tab");
        press(&app, "Right");
        app.wait_for_text("The first search begins").await;
        scene.is_later(DAY);
        app.wait_for_text("and again a day later").await;
        self.page(&app, "preferences-watch").await;
        self.narrow(&app, "preferences-watch-narrow").await;
        std::fs::write(home.join("second.env"), &line).unwrap();
        press(&app, "ctrl+1");
        app.wait_for_text("Updated").await;
        scene.is_later(DAY + DAY);
        app.wait_for_text("turned up in a new place").await;
        self.page(&app, "notice-of-the-watch").await;
        self.narrow(&app, "notice-of-the-watch-narrow").await;
    }
}

/// Presses a key on the window, which gets the keyboard for it.
fn press(app: &App<'_>, key: &str) {
    app.screen().activate(app.screen().find(WINDOW));
    app.screen().press(key);
}

/// Down from the search: the mouse would leave its mark on the row.
async fn focus_first_row(app: &App<'_>) {
    press(app, "slash");
    wait_for_focus(app, "Search keys").await;
    app.screen().press("Down");
    app.find("[role=grid] [data-key]:focus").await;
}

/// Clicks what reads like this, where its role is that of something hidden.
async fn press_text(app: &App<'_>, css: &str, text: &str) {
    app.until(&format!("{css} {text:?} can be pressed"), async || {
        for element in app.page().find_all(Locator::Css(css)).await.ok()? {
            if element.text().await.ok()?.trim() == text {
                return element.click().await.ok();
            }
        }
        None
    })
    .await;
}

async fn open_filters(app: &App<'_>) {
    app.click("[aria-label=Filters] [aria-haspopup]").await;
    app.find("[role=menu][aria-label=Filters]").await;
}

async fn leave_filters(app: &App<'_>) {
    press(app, "Escape");
    app.wait_until_gone("[role=menu]").await;
}
