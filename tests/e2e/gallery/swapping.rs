//! A key that is to go, at every point of its way.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sandbox::faults::VerbatimKey;
use secrecy::ExposeSecret as _;
use support::scene::{Scene, choose};

use super::Gallery;

const HOUR: Duration = Duration::from_secs(3600);

impl Gallery {
    pub(crate) async fn swaps(&self) {
        let scene = Scene::new().await;
        let key = VerbatimKey {
            last_used_at: Some((Timestamp::now() - SignedDuration::from_hours(1)).into()),
            ..VerbatimKey::named("CI runner")
        };
        let key = scene.faults().insert_key(key).await.unwrap();
        let token = key.token.expose_secret();
        let shop = scene.desktop.home().join("code/shop");
        std::fs::create_dir_all(&shop).unwrap();
        for (file, text) in [
            (".env", format!("A=1\nPULSEAPI_TOKEN={token}\n")),
            ("settings.ini", format!("[api]\r\ntoken = \"{token}\"\r\n")),
            ("terraform.tfstate", format!("{{\"t\": \"{token}\"}}\n")),
        ] {
            std::fs::write(shop.join(file), text).unwrap();
        }
        let app = self.connected(&scene).await;
        choose(&app, key.id, "retire").await;
        app.wait_for_text("Watch it").await;
        self.page(&app, "retire-begin").await;
        app.press("button", "Cancel").await;
        app.wait_until_gone("[role=dialog]").await;
        choose(&app, key.id, "swap").await;
        app.wait_for_text("PulseAPI can’t rename a key").await;
        self.page(&app, "swap-begin").await;
        self.narrow(&app, "swap-begin-narrow").await;
        app.press("button", "Make the sibling").await;
        app.wait_for_text("Update these 3 places").await;
        self.page(&app, "swap-sibling").await;
        // It may be below what is in sight, where the driver does not click.
        app.tab_to("Put it in place…").await;
        app.screen().press("Return");
        app.wait_for_text("2 of 2 files ticked").await;
        app.press("button", "Write 2 files…").await;
        app.native().press_in_dialog("Write 2 files");
        app.wait_for_text("The new token is in 2 files").await;
        self.page(&app, "swap-written").await;
        app.press("button", "Done").await;
        app.wait_for_text("In place (2 of 3)").await;
        self.page(&app, "swap-places").await;
        self.narrow(&app, "swap-places-narrow").await;
        app.tab_to("Put the old token back…").await;
        app.screen().press("Return");
        app.wait_for_text("2 of 2 files ticked").await;
        self.page(&app, "swap-back").await;
        app.press("button", "Write 2 files…").await;
        app.native().press_in_dialog("Write 2 files");
        app.wait_for_text("The old token is in 2 files").await;
        self.page(&app, "swap-put-back").await;
        app.press("button", "Done").await;
        app.wait_for_text("In place (0 of 3)").await;
        app.press("button", "All is in place: watch it").await;
        scene.is_later(30 * HOUR);
        app.wait_for_text("Quiet for 1 day of 7 days").await;
        self.page(&app, "swap-watching").await;
        scene.faults().somebody_uses(key.id).unwrap();
        scene.is_later(HOUR);
        app.wait_for_text("Used again").await;
        self.page(&app, "swap-woken").await;
        app.press("button", "Stop the swap…").await;
        app.wait_for_text("Stop the swap? Both keys").await;
        self.page(&app, "swap-stop").await;
        app.press("button", "Back").await;
        scene.is_later(8 * 24 * HOUR);
        app.wait_for_text("Nothing is deleted by itself").await;
        self.page(&app, "swap-ready").await;
        app.find_by_role("button", "Delete key…").await;
        app.tab_to("Delete key…").await;
        app.screen().press("Return");
        app.wait_for_text(": last used ").await;
        self.page(&app, "swap-delete-card").await;
        app.press("button", "Cancel").await;
        app.wait_for_text("Nothing is deleted by itself").await;
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        self.page(&app, "swap-list").await;
        scene.faults().delete_key(key.id).await.unwrap();
        scene.is_later(HOUR);
        choose(&app, key.id, "swap").await;
        app.wait_for_text("It was not deleted from here").await;
        self.page(&app, "swap-gone").await;
    }
}
