//! A search that broke off, as a card tells it.

use secrecy::ExposeSecret as _;
use support::driver::{App, program};
use support::fake_git::{ENDLESS, FakeGit};
use support::scene::{Scene, choose, fill_in};
use support::{processes, wait};

use super::{Gallery, gtk};

impl Gallery {
    pub(crate) async fn searches(&self) {
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
}
