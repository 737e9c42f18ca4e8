//! A service without key endpoints, and the list that the user keeps.

use sandbox::Settings;
use sandbox::faults::{Fault, Rule, VerbatimKey};
use secrecy::{ExposeSecret as _, SecretString};
use support::desktop::Keyring;
use support::driver::App;
use support::scene::{Scene, WINDOW, delete, wait_for_focus, wait_for_reveal};

use super::Gallery;

/// As a browser copies the web screen's table, with a line that can't be understood.
const TABLE: &str = "Name\tToken\tAbilities\tLast used\tCreated\n\
    CI/CD Pipeline\t…ab12cd34\tmonitors:read, checks:run\t2 days ago\tJan 14, 2025\n\
    Status page\t…0f9e8d7c\tincidents:read\tNever\tMar 3, 2026\n\
    Backup\t…12\t*\tNever\tMar 3, 2026\n";

/// What pasting does in the page.
const PASTE: &str = "const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', arguments[0]);
    document.querySelector('[role=dialog] textarea')
        .dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));";

impl Gallery {
    /// A service without a call to delete: the refusal, what is done in the browser, and its own list as the proof.
    pub(crate) async fn partly_guided(&self) {
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
        let app = self.connected(&scene).await;
        delete(&app, key.id).await;
        app.wait_for_text("Go on in the browser…").await;
        app.tab_to("Go on in the browser…").await;
        self.page(&app, "refused-go-on-in-browser").await;
        app.screen().press("Return");
        app.wait_for_text("Delete in the browser…").await;
        self.page(&app, "delete-in-browser-partly").await;
        app.tab_to("Delete in the browser…").await;
        app.screen().press("Return");
        app.wait_for_text("Is it gone?").await;
        self.page(&app, "delete-in-browser-list-proves").await;
        app.tab_to("Check now").await;
        app.screen().press("Return");
        app.wait_for_text("PulseAPI still had “Old importer”").await;
        self.page(&app, "delete-in-browser-still-listed").await;
    }

    pub(crate) async fn guided(&self) {
        let settings = Settings {
            key_endpoints: false,
            ..Settings::default()
        };
        let scene = Scene::with(Keyring::Unlocked, settings).await;
        let app = self.connected(&scene).await;
        app.wait_for_text("No keys in your list yet").await;
        self.page(&app, "guided-empty").await;

        app.press("button", "Paste from the web screen…").await;
        app.find("[role=dialog] textarea").await;
        app.page().execute(PASTE, vec![TABLE.into()]).await.unwrap();
        app.wait_for_text("Add 2 keys").await;
        self.page(&app, "guided-table").await;
        app.press("button", "Add 2 keys").await;
        app.wait_for_text("2 keys in your own list").await;
        self.page(&app, "guided-list").await;
        self.narrow(&app, "guided-list-narrow").await;

        app.press("button", "Actions for CI/CD Pipeline").await;
        app.find("[role=menu]").await;
        self.page(&app, "guided-row-menu").await;
        app.screen().press("Escape");
        app.wait_until_gone("[role=menu]").await;

        app.press("button", "Add key…").await;
        wait_for_focus(&app, "Name").await;
        app.type_into("Last 8 characters", scene.credential.expose_secret())
            .await;
        app.press("button", "Add to list").await;
        app.wait_for_text("A whole token does not belong here")
            .await;
        self.page(&app, "guided-key").await;
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;

        // Tokens of which the list knows nothing.
        let home = scene.desktop.home();
        let (one, other) = (scene.idle_key("Zapier").await, scene.idle_key("Cron").await);
        let line = |name: &str, token: &SecretString| format!("{name}={}\n", token.expose_secret());
        std::fs::write(home.join(".env"), line("PULSEAPI_TOKEN", &one.token)).unwrap();
        std::fs::create_dir_all(home.join("deploy")).unwrap();
        std::fs::write(
            home.join("deploy/.env.production"),
            line("PULSE", &one.token),
        )
        .unwrap();
        std::fs::write(home.join("deploy/check.sh"), line("export T", &other.token)).unwrap();
        app.screen().press("ctrl+k");
        app.find("[role=combobox]").await;
        app.screen().type_text("find keys on");
        app.screen().press("Return");
        app.wait_for_text("2 tokens in 3 places").await;
        self.page(&app, "guided-find").await;
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        self.in_browser(&scene, &app).await;
        drop(app);
        self.deleted_in_browser().await;
    }

    /// What is done in the browser, and pasted here.
    async fn in_browser(&self, scene: &Scene, app: &App<'_>) {
        app.screen().press("ctrl+n");
        wait_for_focus(app, "Name").await;
        self.page(app, "guided-create").await;
        app.type_into("Name", "Zapier").await;
        let field = app.find("[role=dialog] input[type=password]").await;
        field.send_keys("1042|pulse_cut").await.unwrap();
        app.press("button", "Keep the token").await;
        app.wait_for_text("This token is cut off").await;
        self.page(app, "guided-create-refused").await;
        field.clear().await.unwrap();
        let older = "1042|aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8n";
        field.send_keys(older).await.unwrap();
        app.press("button", "Keep the token").await;
        app.wait_for_text("so nothing proves that it is whole")
            .await;
        self.page(app, "guided-create-doubt").await;
        field.clear().await.unwrap();
        let key = scene.idle_key("Zapier").await;
        field.send_keys(key.token.expose_secret()).await.unwrap();
        app.press("button", "Keep the token").await;
        wait_for_reveal(app, "Zapier").await;
        app.wait_for_text("200: this token works.").await;
        self.page(app, "guided-create-taken").await;
        app.press("button", "Keep in keychain").await;
        app.wait_until_gone("[role=dialog]").await;

        app.find("[role=grid] [role=row]:focus").await;
        app.screen().press("ctrl+shift+r");
        app.find("[role=dialog] input[type=radio]").await;
        app.press("radio", "The token leaked, or may have").await;
        self.page(app, "guided-rotate").await;
        let new = scene.faults().rotates_in_browser(key.id).unwrap().unwrap();
        let field = app.find("[role=dialog] input[type=password]").await;
        field.send_keys(new.expose_secret()).await.unwrap();
        self.page(app, "guided-rotate-steps").await;
        app.press("button", "Keep the new token").await;
        wait_for_reveal(app, "Zapier").await;
        app.wait_for_text("401: the token before it").await;
        self.page(app, "guided-rotate-taken").await;
    }

    /// A key that is deleted in the browser: with proof, and without.
    async fn deleted_in_browser(&self) {
        let settings = Settings {
            key_endpoints: false,
            ..Settings::default()
        };
        let scene = Scene::with(Keyring::Unlocked, settings).await;
        let key = VerbatimKey::named("Zapier");
        let key = scene.faults().insert_key(key).await;
        let key = key.expect("the server takes it");
        let token = key.token.expose_secret();
        let app = self.connected(&scene).await;
        for (name, last_eight) in [
            ("Zapier", &token[token.len() - 8..]),
            ("Backup", "0f9e8d7c"),
        ] {
            app.press("button", "Add key…").await;
            wait_for_focus(&app, "Name").await;
            app.type_into("Name", name).await;
            app.type_into("Last 8 characters", last_eight).await;
            app.type_into("Last used", "2 days ago").await;
            app.press("button", "Add to list").await;
            app.wait_until_gone("[role=dialog]").await;
        }
        to_the_card(&app, "Zapier").await;
        self.page(&app, "guided-delete-card").await;
        to_the_browser(&app, "Zapier").await;
        self.page(&app, "guided-delete-steps").await;
        self.narrow(&app, "guided-delete-steps-narrow").await;

        // Cut at its beginning: refused by the server, and no proof.
        paste(&app, &token[1..]).await;
        app.wait_for_text("does not prove that the key is deleted")
            .await;
        self.page(&app, "guided-delete-not-proved").await;
        paste(&app, "0000|not-the-token-of-this-key").await;
        app.wait_for_text("This is not the token of").await;
        self.page(&app, "guided-delete-refused").await;
        paste(&app, token).await;
        app.wait_for_text("still accepts its token").await;
        self.page(&app, "guided-delete-still-accepted").await;
        self.narrow(&app, "guided-delete-still-accepted-narrow")
            .await;
        app.screen().activate(app.screen().find(WINDOW));
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        app.wait_for_text("still accepts its token").await;
        self.page(&app, "guided-delete-goes-on").await;
        let is_gone = scene.faults().delete_key(key.id).await;
        assert!(is_gone.expect("the server answers"));
        app.press("button", "Try now").await;
        app.wait_for_text("has left your list as deleted").await;
        self.page(&app, "guided-delete-proved").await;

        to_the_card(&app, "Backup").await;
        to_the_browser(&app, "Backup").await;
        app.press("button", "I have deleted it…").await;
        let _ = app.native().dialog();
        self.dialog(&app, "guided-delete-question").await;
        app.native().press_in_dialog("I have deleted it");
        app.wait_for_text("as you say. It was not checked.").await;
        self.page(&app, "guided-delete-by-word").await;
    }
}

async fn to_the_card(app: &App<'_>, name: &str) {
    app.press("button", &format!("Actions for {name}")).await;
    app.find("[role=menu]").await;
    app.at_rest().await;
    app.click("[role=menuitem][data-key=delete]").await;
    app.wait_for_text("401 Unauthorized").await;
}

async fn to_the_browser(app: &App<'_>, name: &str) {
    app.type_into(&format!("Type {name} to delete it"), name)
        .await;
    app.press("button", "Delete in the browser…").await;
    app.wait_for_text("Is it gone?").await;
}

async fn paste(app: &App<'_>, token: &str) {
    let field = app.find("[role=dialog] input[type=password]").await;
    field.send_keys(token).await.expect("the field takes text");
    app.press("button", "Check now").await;
}
