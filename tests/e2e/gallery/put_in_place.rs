//! A new token on its way to where the old one stood: the plan, with what is done by hand, and what came of it.

use secrecy::ExposeSecret as _;
use support::scene::{Scene, choose, open_rotation, wait_for_reveal};

use super::Gallery;

impl Gallery {
    pub(crate) async fn placing(&self) {
        let scene = Scene::new().await;
        let key = scene.idle_key("Old importer").await;
        let token = key.token.expose_secret();
        let shop = scene.desktop.home().join("code/shop");
        std::fs::create_dir_all(&shop).unwrap();
        for (file, text) in [
            ("compose.yaml", "services: {}\n".to_owned()),
            (".env.production", format!("A=1\nPULSEAPI_TOKEN={token}\n")),
            ("settings.ini", format!("[api]\r\ntoken = \"{token}\"\r\n")),
            ("deploy.log", format!("curl -H 'Bearer {token}'\n")),
        ] {
            std::fs::write(shop.join(file), text).unwrap();
        }
        let app = self.connected(&scene).await;
        choose(&app, key.id, "rotate").await;
        app.wait_for_text("0 of 2 files ticked").await;
        app.press("button", "Tick all 2").await;
        app.tab_to("~/code/shop/settings.ini").await;
        self.page(&app, "rotate-plan").await;
        self.narrow(&app, "rotate-plan-narrow").await;
        app.press("button", "Cancel").await;
        app.wait_until_gone("[role=dialog]").await;
        open_rotation(&app, key.id).await;
        app.native().press_in_dialog("Rotate key");
        wait_for_reveal(&app, "Old importer").await;
        app.wait_for_text("Put it in place…").await;
        self.page(&app, "place-offered").await;
        app.tab_to("Put it in place…").await;
        app.screen().press("Return");
        app.wait_for_text("2 of 2 files ticked").await;
        self.page(&app, "place-plan").await;
        self.narrow(&app, "place-plan-narrow").await;
        app.press("button", "Write 2 files…").await;
        app.native().press_in_dialog("Write 2 files");
        app.wait_for_text("The new token is in 2 files").await;
        self.page(&app, "place-done").await;

        // All in one: the next rotation finds the token that it wrote.
        app.press("button", "Done").await;
        app.press("button", "I have stored it").await;
        app.wait_until_gone("[role=dialog]").await;
        choose(&app, key.id, "rotate").await;
        app.wait_for_text("0 of 2 files ticked").await;
        app.press("button", "Tick all 2").await;
        app.click("[role=dialog] input[type=radio]").await;
        app.press("button", "Rotate key, write 2 files…").await;
        app.native().press_in_dialog("Rotate key, write 2 files");
        app.wait_for_text("The new token is in 2 files").await;
        self.page(&app, "rotated-in-place").await;
    }
}
