//! The scenes that are photographed, each on a desktop of its own.

mod tokens;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sandbox::Settings;
use sandbox::faults::{Fault, Rule, VerbatimKey};
use secrecy::ExposeSecret as _;
use support::desktop::Keyring;
use support::driver::{App, program};

use support::scene::{Scene, WINDOW, delete, fill_in, open_card, open_native_dialog, row};

/// GTK's themes, which the page follows.
const THEMES: [(&str, &str); 2] = [("light", "Adwaita"), ("dark", "Adwaita:dark")];

/// Takes every picture into `folder`.
pub(crate) async fn photograph(folder: &Path) {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    for (theme, gtk) in THEMES {
        let studio = Studio {
            folder: folder.to_owned(),
            theme,
            gtk,
        };
        studio.first_start().await;
        studio.list().await;
        studio.deletion().await;
        studio.accounts().await;
        studio.no_keychain().await;
        studio.few_and_many().await;
        studio.hostile_names().await;
        studio.failures().await;
        studio.tokens().await;
    }
}

struct Studio {
    folder: PathBuf,
    theme: &'static str,
    gtk: &'static str,
}

impl Studio {
    async fn start<'a>(&self, scene: &'a Scene) -> App<'a> {
        App::start_with(&scene.desktop, &program(), &[], &[("GTK_THEME", self.gtk)]).await
    }

    async fn connected<'a>(&self, scene: &'a Scene) -> App<'a> {
        let app = self.start(scene).await;
        fill_in(
            &app,
            &scene.sandbox.base_url(),
            scene.credential.expose_secret(),
        )
        .await;
        app
    }

    fn file(&self, name: &str) -> PathBuf {
        let file = self.folder.join(format!("{name}-{}.png", self.theme));
        println!("{}", file.display());
        file
    }

    async fn page(&self, app: &App<'_>, name: &str) {
        Self::at_rest(app).await;
        app.picture(&self.file(name)).await;
    }

    async fn at_rest(app: &App<'_>) {
        // At rest once no animation that ends is running and the engine has painted a few times since: on a busy
        // machine the picture may be some frames behind the page.
        let rest = "const done = arguments[0]; \
            const isMoving = () => document.getAnimations().some((each) => \
                each.playState === 'running' && each.effect.getComputedTiming().iterations !== Infinity); \
            const look = (frames) => requestAnimationFrame(() => \
                isMoving() ? look(12) : frames === 0 ? done(true) : look(frames - 1)); \
            look(12)";
        app.page().execute_async(rest, vec![]).await.unwrap();
    }

    /// The same state in the smallest window that everything is made for.
    async fn narrow(&self, app: &App<'_>, name: &str) {
        app.page().set_window_size(720, 480).await.unwrap();
        wait_for_width(app, 720).await;
        self.page(app, name).await;
        app.page().set_window_size(1180, 760).await.unwrap();
        wait_for_width(app, 1180).await;
    }

    async fn first_start(&self) {
        let scene = Scene::new().await;
        let app = self.start(&scene).await;
        app.wait_for_text("Connect to PulseAPI").await;
        self.page(&app, "first-start").await;
        fill_in(
            &app,
            "http://api.pulseapi.io/v1",
            "12|a-credential-that-is-kept",
        )
        .await;
        app.wait_for_text("for this machine alone").await;
        self.page(&app, "first-start-address-refused").await;
        fill_in(
            &app,
            &scene.sandbox.base_url(),
            "12|a-credential-that-is-kept",
        )
        .await;
        app.wait_for_text("does not accept this token").await;
        self.page(&app, "first-start-credential-refused").await;
    }

    async fn list(&self) {
        let scene = Scene::new().await;
        let app = self.start(&scene).await;
        app.press("button", "Try the sandbox").await;
        app.wait_for_text("Updated").await;
        self.page(&app, "list").await;
        self.narrow(&app, "list-narrow").await;
        let in_use = app.find("[role=row][aria-rowindex=\"3\"]").await;
        let id = in_use
            .attr("data-key")
            .await
            .unwrap()
            .and_then(|id| id.parse().ok());
        open_card(&app, id.expect("the row has a key")).await;
        self.page(&app, "delete-card-in-use").await;
    }

    async fn deletion(&self) {
        let scene = Scene::new().await;
        let idle = scene.idle_key("Old importer").await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        open_card(&app, idle.id).await;
        self.page(&app, "delete-card-idle").await;
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        open_native_dialog(&app, idle.id).await;
        Self::at_rest(&app).await;
        app.screen().picture(&self.file("native-dialog"));
        app.native().press_in_dialog("Cancel");
        app.native().wait_for_no_dialog();
        let refused = Fault::Status {
            status: 429,
            retry_after: Some(60),
        };
        scene.fault(Rule::once("DELETE", "/api-keys/*", refused));
        app.press("button", "Delete key…").await;
        let _ = app.native().dialog();
        app.native().press_in_dialog("Delete key");
        app.wait_for_text("The key was not deleted.").await;
        self.page(&app, "delete-card-refused").await;
        app.screen().activate(app.screen().find(WINDOW));
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        delete(&app, idle.id).await;
        app.wait_until_gone(&row(idle.id)).await;
        app.wait_for_text("Deleted “Old importer”.").await;
        self.page(&app, "list-after-delete").await;
        open_card(&app, scene.own_key()).await;
        self.page(&app, "delete-card-own-key").await;
    }

    async fn accounts(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        app.press("tab", "Accounts").await;
        app.press("button", "Add account").await;
        app.press("button", "Try the sandbox").await;
        app.wait_for_text("Sandbox").await;
        app.press("tab", "Accounts").await;
        self.page(&app, "accounts").await;
        app.press("button", "Add account").await;
        app.wait_for_text("Connect").await;
        self.page(&app, "accounts-add").await;
    }

    async fn no_keychain(&self) {
        let scene = Scene::with(Keyring::Absent, Settings::default()).await;
        let app = self.start(&scene).await;
        app.wait_for_text("The keychain can’t be reached").await;
        self.page(&app, "no-keychain").await;
        app.press("button", "Continue for this session only").await;
        app.press("button", "Try the sandbox").await;
        app.wait_for_text("Updated").await;
        self.page(&app, "session-only").await;
    }

    async fn few_and_many(&self) {
        for (name, keys) in [("list-one-key", 0), ("list-1000-keys", 1_000)] {
            let scene = Scene::with(
                Keyring::Unlocked,
                Settings {
                    keys: Some(keys),
                    ..Settings::default()
                },
            )
            .await;
            let app = self.connected(&scene).await;
            app.wait_for_text("Updated").await;
            self.page(&app, name).await;
        }
        let scene = Scene::new().await;
        let slow = Fault::Delay {
            milliseconds: 30_000,
        };
        let app = self.start(&scene).await;
        scene.fault(Rule {
            times: 1,
            ..Rule::once("GET", "/user", Fault::Delay { milliseconds: 0 })
        });
        let list = Fault::Answer {
            status: 200,
            body: serde_json::json!({ "data": [] }),
        };
        scene.fault(Rule::once("GET", "/api-keys", list.clone()));
        scene.fault(Rule {
            times: 9,
            ..Rule::once("GET", "/api-keys", slow)
        });
        fill_in(
            &app,
            &scene.sandbox.base_url(),
            scene.credential.expose_secret(),
        )
        .await;
        app.until("the skeleton shows", async || {
            let words = app
                .page()
                .execute("return document.body.innerText", vec![])
                .await
                .ok()?;
            words.as_str()?.contains("Loading keys…").then_some(())
        })
        .await;
        self.page(&app, "list-loading").await;
        drop(app);

        let scene = Scene::new().await;
        scene.fault(Rule {
            times: 9,
            ..Rule::once("GET", "/api-keys", list)
        });
        let app = self.connected(&scene).await;
        app.wait_for_text("No API keys").await;
        self.page(&app, "list-empty").await;
    }

    async fn hostile_names(&self) {
        let scene = Scene::new().await;
        let long = "Very long name ".repeat(20);
        for name in [
            "<b>bold</b> & <script>",
            "invoice\u{202E}fdp.exe",
            "עברית ltr",
            "👩\u{200D}💻🔥",
            &long,
            "",
        ] {
            let used = Some(Timestamp::now().into());
            let key = VerbatimKey {
                last_used_at: used,
                ..VerbatimKey::named(name)
            };
            scene.faults().insert_key(key).await.unwrap();
        }
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        self.page(&app, "list-hostile-names").await;
    }

    async fn failures(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        drop(app);
        let gone = Fault::Status {
            status: 401,
            retry_after: None,
        };
        scene.fault(Rule {
            times: 50,
            ..Rule::once("GET", "/api-keys", gone)
        });
        let app = self.start(&scene).await;
        app.wait_for_text("Shown as of").await;
        self.page(&app, "list-signed-out-by-service").await;
        drop(app);

        let scene = Scene::new().await;
        let app = self.start(&scene).await;
        let ok = Fault::Delay { milliseconds: 0 };
        let broken = Fault::Status {
            status: 503,
            retry_after: None,
        };
        scene.fault(Rule::once("GET", "/api-keys", ok));
        scene.fault(Rule {
            times: 50,
            ..Rule::once("GET", "/api-keys", broken)
        });
        fill_in(
            &app,
            &scene.sandbox.base_url(),
            scene.credential.expose_secret(),
        )
        .await;
        app.wait_for_text("The keys couldn’t be loaded").await;
        self.page(&app, "list-failed").await;
    }
}

async fn wait_for_width(app: &App<'_>, width: i64) {
    app.until(&format!("the window is {width} wide"), async || {
        let inner = app
            .page()
            .execute("return window.innerWidth", vec![])
            .await
            .ok()?
            .as_i64()?;
        ((inner - width).abs() < 4).then_some(())
    })
    .await;
}
