//! Secrets of pipelines beside a new token: what this machine tells, what the service lists, what stands in the way, and
//! what came of it.

use secrecy::ExposeSecret as _;
use support::github::{GitHub, repository};
use support::scene::{Scene, choose, open_rotation, wait_for_reveal};

use super::Gallery;

impl Gallery {
    pub(crate) async fn pipelines(&self) {
        let scene = Scene::new().await;
        let key = scene.idle_key("Old importer").await;
        let home = scene.desktop.home();
        let shop = home.join("code/shop");
        repository(&shop, "ada/shop", &["DEPLOY_KEY", "PULSE_API_KEY"]);
        repository(&home.join("code/worker"), "ada/worker", &["PULSE_API_KEY"]);
        let text = format!("PULSE_API_KEY={}\n", key.token.expose_secret());
        std::fs::write(shop.join(".env"), text).unwrap();
        std::fs::create_dir_all(home.join(".config")).unwrap();
        let github = GitHub::start(&home.join(".config"));
        for name in ["AWS_KEY", "DEPLOY_KEY", "NPM_TOKEN", "PULSE_API_KEY"] {
            github.add("ada/shop", name);
        }
        github.add("ada/worker", "PULSE_API_KEY");
        let app = self.connected(&scene).await;
        choose(&app, key.id, "rotate").await;
        app.wait_for_text("CI secrets").await;
        app.tab_to("~/code/shop/.env").await;
        app.screen().press("Next");
        self.page(&app, "ci-before-rotation").await;
        app.press("button", "Cancel").await;
        app.wait_until_gone("[role=dialog]").await;
        open_rotation(&app, key.id).await;
        app.native().press_in_dialog("Rotate key");
        wait_for_reveal(&app, "Old importer").await;
        app.wait_for_text("List their secrets").await;
        app.tab_to("List their secrets").await;
        self.page(&app, "ci-repositories").await;
        self.narrow(&app, "ci-repositories-narrow").await;

        github.answers(Some(401));
        app.press("button", "List their secrets").await;
        app.wait_for_text("gh auth login").await;
        app.tab_to("List again").await;
        self.page(&app, "ci-not-signed-in").await;
        github.answers(None);
        app.press("button", "List again").await;
        app.wait_for_text("Show 2 other secrets").await;
        app.tab_to("PULSE_API_KEY").await;
        app.screen().press("space");
        app.wait_for_text("Set 1 CI secret…").await;
        self.page(&app, "ci-secrets").await;
        self.narrow(&app, "ci-secrets-narrow").await;
        app.tab_to("Set 1 CI secret…").await;
        app.screen().press("Return");
        let _ = app.native().dialog();
        self.dialog(&app, "ci-question").await;
        app.native().press_in_dialog("Set 1 CI secret");
        app.wait_for_text("The token is in 1 CI secret.").await;
        app.tab_to("List again").await;
        self.page(&app, "ci-set").await;
    }
}
