//! A service without key endpoints, and the list that the user keeps.

use sandbox::Settings;
use secrecy::{ExposeSecret as _, SecretString};
use support::desktop::Keyring;
use support::scene::{Scene, wait_for_focus};

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
        app.wait_for_text("A whole token stands here").await;
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
    }
}
