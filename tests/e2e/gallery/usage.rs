//! Where a key is used: a search that broke off, as a card shows it; a string that was recognised, the details of its
//! key, and the folders that are searched for such strings.

use secrecy::ExposeSecret as _;
use support::driver::{App, program};
use support::fake_git::{ENDLESS, FakeGit};
use support::scene::{Scene, WINDOW, choose, fill_in, row};
use support::{processes, wait};

use super::{Gallery, gtk};

impl Gallery {
    pub(crate) async fn broken_search(&self) {
        let scene = Scene::new().await;
        let key = scene.idle_key("Old importer").await;
        let home = scene.desktop.home();
        let env = home.join(".env");
        let line = format!("PULSEAPI_TOKEN={}\n", key.token.expose_secret());
        std::fs::write(env, line).unwrap();
        let git = FakeGit::new(&home, &home, ENDLESS);
        let path = git.path();
        let environment = [("GTK_THEME", gtk(self.theme)), ("PATH", path.as_str())];
        let app = App::start_with(&scene.desktop, &program(), &[], &environment).await;
        fill_in(
            &app,
            &scene.sandbox.base_url(),
            scene.credential.expose_secret(),
        )
        .await;
        choose(&app, key.id, "delete").await;
        app.wait_for_text("Found in 1 place on this machine").await;
        wait::until_true("the search is under way", || git.is_running());
        for id in app.processes() {
            let words = std::fs::read_to_string(format!("/proc/{id}/cmdline"));
            if words.is_ok_and(|words| words.contains("--search-process")) {
                processes::kill(id);
            }
        }
        app.wait_for_text("The search broke off").await;
        self.page(&app, "delete-search-broke-off").await;
        self.narrow(&app, "delete-search-broke-off-narrow").await;
    }

    pub(crate) async fn recognised(&self) {
        let scene = Scene::new().await;
        let key = scene.idle_key("Old importer").await;
        let app = self.connected(&scene).await;
        let screen = app.screen();
        app.click(&format!("{} [data-column=lastUsed]", row(key.id)))
            .await;
        screen.activate(screen.find(WINDOW));
        screen.press("ctrl+shift+f");
        app.find("[role=dialog] input[type=password]:focus").await;
        self.page(&app, "recognise").await;
        screen.type_text("nothing of the kind");
        screen.press("Return");
        app.wait_for_text("No token of PulseAPI").await;
        self.page(&app, "recognise-nothing").await;
        screen.type_text(key.token.expose_secret());
        screen.press("Return");
        app.wait_for_text("Yes, by its checksum").await;
        self.page(&app, "recognise-key").await;
        self.narrow(&app, "recognise-key-narrow").await;

        app.press("button", "Details").await;
        app.wait_for_text("When it was used").await;
        self.page(&app, "details").await;
        app.press("button", "Search").await;
        app.wait_for_text("Search again").await;
        self.page(&app, "details-searched").await;
        screen.press("Escape");
        app.wait_until_gone("[role=dialog]").await;

        app.press("tab", "Preferences").await;
        app.wait_for_text("Always left out").await;
        // So far away that all of it is in sight: what is scrolled out of it names nothing, as axe has it.
        for _ in 0..4 {
            screen.press("ctrl+minus");
        }
        app.until("the page is small", async || {
            let width = app.page().execute("return innerWidth", vec![]).await.ok()?;
            (width.as_f64()? > 1900.0).then_some(())
        })
        .await;
        self.page(&app, "search-folders").await;
    }
}
