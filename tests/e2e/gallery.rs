//! Every screen and state of the app, each in a scene on a desktop of its own: photographed by one program, looked at
//! by axe in that one and in the window tests.
//!
//! A state is in its picture as a user comes to it. Left out: what is done with the findings.

mod ci_secrets;
mod key_notes;
mod keyboard;
mod own_list;
mod put_in_place;
mod swapping;
mod tokens;
mod usage;

use std::cell::RefCell;
use std::path::PathBuf;

use jiff::Timestamp;
use sandbox::Settings;
use sandbox::faults::{Fault, Rule, VerbatimKey};
use secrecy::ExposeSecret as _;
use support::axe::{Seen, Theme};
use support::desktop::Keyring;
use support::driver::{App, program};
use support::scene::{
    Scene, WINDOW, create, delete, fill_in, key_of, leave_for_later, open_card, open_native_dialog,
    row,
};

/// All parts of the walk through the app, for those who take it: `every_part!(then)` is `then!(first_start, …)`. Each
/// is a method of [`Gallery`] and can be visited without the others.
macro_rules! every_part {
    ($then:ident) => {
        $then!(
            first_start,
            list,
            deletion,
            revocation,
            accounts,
            no_keychain,
            keychain_waits,
            guided,
            partly_guided,
            few_and_many,
            hostile_names,
            failures,
            creation,
            rotation,
            reveal,
            placing,
            pipelines,
            swaps,
            token_missing,
            left_running,
            own_key,
            in_memory,
            notices,
            activity,
            account_forms,
            connection_report,
            palette,
            cheat_sheet,
            filters,
            notes,
            row_and_details,
            bulk,
            preferences,
            watching,
            broken_search,
            recognised
        );
    };
}
pub(crate) use every_part;

/// The window as large as it is at first, and as small as it can be; CSS pixels.
const USUAL: (u32, u32) = (1180, 760);
const NARROW: (u32, u32) = (720, 480);

/// GTK's theme, which the page follows.
pub(super) fn gtk(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "Adwaita",
        Theme::Dark => "Adwaita:dark",
    }
}

/// One walk through the app.
pub(crate) struct Gallery {
    theme: Theme,
    /// Where pictures go, if there shall be some.
    album: Option<PathBuf>,
    seen: RefCell<Vec<Seen>>,
}

impl Gallery {
    /// For a walk in one theme, with pictures when there is a folder for them.
    pub(crate) fn new(theme: Theme, album: Option<PathBuf>) -> Gallery {
        Gallery {
            theme,
            album,
            seen: RefCell::default(),
        }
    }

    /// The states that were looked at, in their order.
    pub(crate) fn seen(self) -> Vec<Seen> {
        self.seen.into_inner()
    }

    async fn start<'a>(&self, scene: &'a Scene) -> App<'a> {
        let environment = [("GTK_THEME", gtk(self.theme))];
        App::start_with(&scene.desktop, &program(), &[], &environment).await
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

    /// A state of the page.
    async fn page(&self, app: &App<'_>, name: &'static str) {
        Self::settled(app, name).await;
        self.look_at(app, name).await;
    }

    /// A state of the page that is about waiting for something.
    async fn pending(&self, app: &App<'_>, name: &'static str) {
        self.look_at(app, name).await;
    }

    async fn look_at(&self, app: &App<'_>, name: &'static str) {
        app.at_rest().await;
        let verdict = app.axe().await;
        self.seen.borrow_mut().push(Seen {
            name,
            theme: self.theme,
            verdict,
        });
        if let Some(file) = self.file(name) {
            app.picture(&file).await;
        }
    }

    /// A native dialog, over the page as it is then. axe sees pages only.
    async fn dialog(&self, app: &App<'_>, name: &str) {
        if let Some(file) = self.file(name) {
            app.at_rest().await;
            app.screen().picture(&file);
        }
    }

    fn file(&self, name: &str) -> Option<PathBuf> {
        let file = format!("{name}-{}.png", self.theme.name());
        let file = self.album.as_ref()?.join(file);
        println!("{}", file.display());
        Some(file)
    }

    /// Until nothing on the page is under way: a button that still turns belongs to the state before.
    async fn settled(app: &App<'_>, name: &str) {
        let idle = "return !document.querySelector('[aria-busy=true], [data-pending]')";
        app.until(&format!("nothing of {name} is under way"), async || {
            let idle = app.page().execute(idle, vec![]).await.ok()?;
            (idle == true).then_some(())
        })
        .await;
    }

    /// The same state in the smallest window that everything is made for.
    async fn narrow(&self, app: &App<'_>, name: &'static str) {
        resize(app, NARROW).await;
        self.page(app, name).await;
        resize(app, USUAL).await;
    }

    pub(crate) async fn first_start(&self) {
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

    pub(crate) async fn list(&self) {
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

    pub(crate) async fn deletion(&self) {
        let scene = Scene::new().await;
        let idle = scene.idle_key("Old importer").await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        open_card(&app, idle.id).await;
        self.page(&app, "delete-card-idle").await;
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        open_native_dialog(&app, idle.id).await;
        self.dialog(&app, "native-dialog").await;
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
        app.press("button", "Delete key…").await;
        let _ = app.native().dialog();
        scene.renamed(&idle, "production master").await;
        app.native().press_in_dialog("Delete key");
        app.wait_for_text("It was called “Old importer” before.")
            .await;
        self.page(&app, "delete-card-changed").await;
        let nowhere = Fault::Answer {
            status: 404,
            body: serde_json::json!({"message": "Not Found"}),
        };
        scene.fault(Rule::once("GET", "/api-keys/*", nowhere));
        app.press("button", "Delete key…").await;
        app.wait_for_text("It is not known whether").await;
        self.page(&app, "delete-card-not-known").await;
        app.screen().activate(app.screen().find(WINDOW));
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        delete(&app, idle.id).await;
        // The toast first, which does not stay.
        app.wait_for_text("Deleted “Old importer”.").await;
        app.wait_until_gone(&row(idle.id)).await;
        self.page(&app, "list-after-delete").await;
        open_card(&app, scene.own_key()).await;
        self.page(&app, "delete-card-own-key").await;
    }

    pub(crate) async fn revocation(&self) {
        let scene = Scene::with_keys(0).await;
        let app = self.connected(&scene).await;
        create(&app, "CI").await;
        leave_for_later(&app).await;
        let id = key_of(&scene.token());
        let known = scene.faults().keep_accepting(id, 1_000).await;
        assert!(known.expect("the server answers"));
        delete(&app, id).await;
        app.wait_for_text("still accepts its token").await;
        app.wait_until_gone(&row(id)).await;
        self.page(&app, "token-still-accepted").await;
        self.narrow(&app, "token-still-accepted-narrow").await;
        let known = scene.faults().forget_accepted(id);
        assert!(known, "its token was accepted");
        app.press("button", "Try now").await;
        app.wait_for_text("gets 401 now").await;
        self.page(&app, "token-401-confirmed").await;
    }

    pub(crate) async fn accounts(&self) {
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

    pub(crate) async fn no_keychain(&self) {
        let scene = Scene::with(Keyring::Absent, Settings::default()).await;
        let app = self.start(&scene).await;
        app.wait_for_text("The keychain can’t be reached").await;
        self.page(&app, "no-keychain").await;
        app.press("button", "Continue for this session only").await;
        app.press("button", "Try the sandbox").await;
        app.wait_for_text("Updated").await;
        self.page(&app, "session-only").await;
    }

    pub(crate) async fn keychain_waits(&self) {
        let words = "Waiting for the keychain…";
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        app.close();
        scene.desktop.keyring().lock();
        let app = self.start(&scene).await;
        app.wait_for_text(words).await;
        self.page(&app, "keychain-waits").await;
        self.narrow(&app, "keychain-waits-narrow").await;
        drop(app);
        let scene = Scene::with(Keyring::Empty, Settings::default()).await;
        let environment = [("GTK_THEME", gtk(self.theme))];
        let arguments = ["--sandbox"];
        let app = App::start_with(&scene.desktop, &program(), &arguments, &environment).await;
        app.wait_for_text(words).await;
        self.page(&app, "first-start-waits").await;
    }

    pub(crate) async fn few_and_many(&self) {
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
        self.pending(&app, "list-loading").await;
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

    pub(crate) async fn hostile_names(&self) {
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

    pub(crate) async fn failures(&self) {
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

        scene.faults().clear();
        scene.fault(Rule {
            times: 500,
            ..Rule::once("GET", "/api-keys", Fault::DropBefore)
        });
        let app = self.start(&scene).await;
        app.wait_for_text("Shown as of").await;
        self.page(&app, "list-offline").await;
        self.narrow(&app, "list-offline-narrow").await;
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

/// Makes the window this large, in CSS pixels.
async fn resize(app: &App<'_>, (width, height): (u32, u32)) {
    app.page().set_window_size(width, height).await.unwrap();
    wait_for_width(app, i64::from(width)).await;
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
