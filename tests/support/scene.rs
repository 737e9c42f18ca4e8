//! What the window tests and the pictures share: a private desktop, a real server beside it, and the way from the first start to the
//! native dialog.

#![expect(
    clippy::unwrap_used,
    reason = "this is test code outside #[test] functions: a scene that does not come about must stop the test"
)]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::desktop::{Compositor, Desktop, Keyring, Provider};
use crate::driver::App;
use crate::wait;
use fantoccini::elements::Element;
use jiff::{SignedDuration, Timestamp};
use pulse_keys_core::Database;
use pulse_keys_core::journal::{self, JournalRow};
use sandbox::faults::{Fault, Faults, InsertedKey, Rule, VerbatimKey};
use sandbox::{Sandbox, Settings};
use secrecy::{ExposeSecret as _, SecretString};

/// The title of the app's window.
pub const WINDOW: &str = "Pulse Keys";
/// The title of the native dialog before a deletion.
pub const DIALOG: &str = "Delete API key";

/// The title of the native dialog before a rotation.
pub const ROTATION: &str = "Rotate API key";

/// What the names of fresh tokens in the keychain begin with.
const IN_CUSTODY: &str = "token/";

/// A desktop, and a server that the app can be connected to.
pub struct Scene {
    /// Where the app runs.
    pub desktop: Desktop,
    /// What it talks to.
    pub sandbox: Sandbox,
    /// A credential that may manage keys.
    pub credential: SecretString,
    /// The server's clock.
    clock: Arc<AheadClock>,
}

/// The machine's clock, and further ahead each time a test says so.
#[derive(Debug, Default)]
struct AheadClock(Mutex<Duration>);

impl sandbox::Clock for AheadClock {
    fn now(&self) -> Timestamp {
        Timestamp::now() + *self.0.lock().unwrap()
    }
}

impl Scene {
    /// A desktop with an unlocked keyring, and a server with its dozen keys.
    pub async fn new() -> Scene {
        Scene::with(Keyring::Unlocked, Settings::default()).await
    }

    /// The same with so many keys beside the app's own.
    pub async fn with_keys(keys: u32) -> Scene {
        let settings = Settings {
            keys: Some(keys),
            ..Settings::default()
        };
        Scene::with(Keyring::Unlocked, settings).await
    }

    /// The same with other settings. Fault switches are always on.
    pub async fn with(keyring: Keyring, settings: Settings) -> Scene {
        let desktop = Desktop::builder().display().keyring(keyring).start();
        Scene::on(desktop, settings).await
    }

    /// The same with the secrets in the hands of another program.
    pub async fn with_provider(provider: Provider) -> Scene {
        let desktop = Desktop::builder().display().provider(provider);
        let desktop = desktop.keyring(Keyring::Unlocked).start();
        Scene::on(desktop, Settings::default()).await
    }

    /// The same on a Wayland desktop.
    pub async fn on_wayland(compositor: Compositor) -> Scene {
        let desktop = Desktop::builder().wayland(compositor);
        let desktop = desktop.keyring(Keyring::Unlocked).start();
        Scene::on(desktop, Settings::default()).await
    }

    /// The same on a desktop that has a portal for file dialogs.
    pub async fn with_portal() -> Scene {
        let desktop = Desktop::builder().display().portal();
        let desktop = desktop.keyring(Keyring::Unlocked).start();
        Scene::on(desktop, Settings::default()).await
    }

    /// A server beside this desktop.
    async fn on(desktop: Desktop, settings: Settings) -> Scene {
        let clock = Arc::new(AheadClock::default());
        let settings = Settings {
            faults: true,
            requests_per_minute: 100_000,
            clock: clock.clone(),
            ..settings
        };
        let sandbox = sandbox::start(settings).await.unwrap();
        let credential = sandbox.mint_credential().await.unwrap();
        Scene {
            desktop,
            sandbox,
            credential,
            clock,
        }
    }

    /// It is later now, for the app and for the server; the page goes by the machine's time.
    pub fn is_later(&self, by: Duration) {
        let ahead = {
            let mut ahead = self.clock.0.lock().unwrap();
            *ahead += by;
            *ahead
        };
        self.desktop.clock_is_ahead(ahead);
    }

    /// The server's test switches.
    pub fn faults(&self) -> &Faults {
        self.sandbox.faults().unwrap()
    }

    /// Requests that fit go wrong from now on.
    pub fn fault(&self, rule: Rule) {
        self.faults().inject(rule).unwrap();
    }

    /// A key that nothing has used for 200 days, so that no phrase is asked.
    pub async fn idle_key(&self, name: &str) -> InsertedKey {
        let used = Timestamp::now() - SignedDuration::from_hours(24 * 200);
        let key = VerbatimKey {
            last_used_at: Some(used.into()),
            ..VerbatimKey::named(name)
        };
        self.faults().insert_key(key).await.unwrap()
    }

    /// From now on the next look at a key finds it called this, as if somebody had renamed it.
    pub async fn renamed(&self, key: &InsertedKey, name: &str) {
        let known = self.faults().key(key.id).await.unwrap();
        let mut described = serde_json::to_value(known).unwrap();
        described["name"] = name.into();
        let answer = Fault::Answer {
            status: 200,
            body: serde_json::json!({ "data": described }),
        };
        self.fault(Rule::once("GET", &format!("/api-keys/{}", key.id), answer));
    }

    /// The id of the key that the app signs in with.
    #[must_use]
    pub fn own_key(&self) -> i64 {
        key_of(&self.credential)
    }

    /// Whether the server still has a key.
    pub async fn has(&self, key: &InsertedKey) -> bool {
        self.faults().key(key.id).await.unwrap().is_some()
    }

    /// How many `DELETE`s reached the server.
    pub fn deletes_seen(&self) -> usize {
        self.faults()
            .requests()
            .iter()
            .filter(|request| request.method == "DELETE")
            .count()
    }

    /// How many requests for a fresh token reached the server: creations and rotations.
    pub fn writes_seen(&self) -> usize {
        let requests = self.faults().requests();
        let writes = requests.iter().filter(|request| request.method == "POST");
        writes.count()
    }

    /// The fresh tokens that the keychain holds now.
    pub fn in_custody(&self) -> Vec<SecretString> {
        let items = self.desktop.keyring().items(vault::SERVICE).into_iter();
        let fresh = items.filter(|item| {
            let name = item.attributes.get("username");
            name.is_some_and(|name| name.starts_with(IN_CUSTODY))
        });
        fresh.map(|item| item.secret.unwrap().into()).collect()
    }

    /// The one fresh token that the keychain holds.
    pub fn token(&self) -> SecretString {
        let mut tokens = self.in_custody();
        assert_eq!(tokens.len(), 1, "one token is in custody");
        tokens.remove(0)
    }

    /// What `curl` would get with a token: the status.
    pub async fn status_with(&self, token: &SecretString) -> u16 {
        let monitors = format!("{}/monitors", self.sandbox.base_url());
        let request = reqwest::Client::new()
            .get(monitors)
            .bearer_auth(token.expose_secret());
        request.send().await.unwrap().status().as_u16()
    }

    /// The journal's rows, oldest first, read from the app's file.
    pub async fn journal(&self) -> Vec<JournalRow> {
        let opened = Database::open(&self.database_file(), Timestamp::now()).unwrap();
        let journal = journal::read(&opened.database).await.unwrap();
        assert_eq!(journal.broken_at, None, "the journal's chain is whole");
        journal.rows
    }

    /// How the journal's rows about an action ended, oldest first.
    pub async fn journalled(&self, action: &str) -> Vec<String> {
        let rows = self.journal().await.into_iter();
        let rows = rows.filter(|row| row.action == action);
        rows.map(|row| row.outcome).collect()
    }

    /// The app's own database.
    pub fn database_file(&self) -> PathBuf {
        self.desktop.app_home().join("data/pulse-keys.sqlite")
    }

    /// A server without key endpoints, of which the app keeps the user's own list.
    pub async fn without_key_endpoints() -> Scene {
        let settings = Settings {
            key_endpoints: false,
            ..Settings::default()
        };
        Self::with(Keyring::Unlocked, settings).await
    }

    /// The app, connected to such a server, with nothing in the list.
    pub async fn with_an_empty_list(&self) -> App<'_> {
        let app = App::start(&self.desktop).await;
        fill_in(
            &app,
            &self.sandbox.base_url(),
            self.credential.expose_secret(),
        )
        .await;
        app.wait_for_text("No keys in your list yet").await;
        app
    }

    /// The app, connected to the server through its form, with the list in sight.
    pub async fn connected(&self) -> App<'_> {
        let app = App::start(&self.desktop).await;
        fill_in(
            &app,
            &self.sandbox.base_url(),
            self.credential.expose_secret(),
        )
        .await;
        app.find("[role=grid] [data-key]").await;
        app
    }
}

/// Fills in the form of the first start, and sends it.
pub async fn fill_in(app: &App<'_>, address: &str, credential: &str) {
    let field = app.find("input[inputmode=url]").await;
    field.clear().await.unwrap();
    field.send_keys(address).await.unwrap();
    let field = app.find("input[type=password]").await;
    field.clear().await.unwrap();
    field.send_keys(credential).await.unwrap();
    app.press("button", "Connect").await;
}

/// The id of a token's key.
#[must_use]
pub fn key_of(token: &SecretString) -> i64 {
    let (id, _) = token.expose_secret().split_once('|').unwrap();
    id.parse().unwrap()
}

/// The 40 random characters of a token: what may be nowhere, in whichever form it is written.
#[must_use]
pub fn body_of(token: &SecretString) -> &str {
    let token = token.expose_secret();
    let checksum = token.len() - 8;
    &token[checksum - 40..checksum]
}

/// A key's row in the table.
pub fn row(id: i64) -> String {
    format!("[role=row][data-key=\"{id}\"]")
}

/// Chooses from the … menu of a key's row: `token`, `rotate`, `duplicate` or `delete`.
pub async fn choose(app: &App<'_>, id: i64, action: &str) {
    app.click(&format!("{} button", row(id))).await;
    app.click(&format!("[role=menuitem][data-key={action}]"))
        .await;
}

/// Opens a key's card through its … menu.
pub async fn open_card(app: &App<'_>, id: i64) {
    choose(app, id, "delete").await;
    app.until("the card has its evidence", async || {
        let words = app.look_for("[role=dialog]").await?.text().await.ok()?;
        words.contains("401 Unauthorized").then_some(())
    })
    .await;
}

/// The button of the card that leads to the native dialog.
pub async fn delete_button(app: &App<'_>) -> Element {
    app.find_by_role("button", "Delete key…").await
}

/// Opens a key's card and goes on to the native dialog.
pub async fn open_native_dialog(app: &App<'_>, id: i64) {
    open_card(app, id).await;
    delete_button(app).await.click().await.unwrap();
    let _ = app.native().dialog();
}

/// Deletes a key, to the native dialog's *Delete key*.
pub async fn delete(app: &App<'_>, id: i64) {
    open_native_dialog(app, id).await;
    app.native().press_in_dialog("Delete key");
    app.native().wait_for_no_dialog();
}

/// Fills in the form for a new key, which can then be sent.
pub async fn fill_in_creation(app: &App<'_>, name: &str) {
    app.press("button", "Create API key").await;
    app.type_into("Name", name).await;
    app.press("button", "Read-only dashboard").await;
}

/// Makes a key; its reveal is open then.
pub async fn create(app: &App<'_>, name: &str) {
    fill_in_creation(app, name).await;
    app.press("button", "Create key").await;
    wait_for_reveal(app, name).await;
}

/// Opens a key's rotate card through its … menu, chooses the first reason, and goes on to the native dialog.
pub async fn open_rotation(app: &App<'_>, id: i64) {
    choose(app, id, "rotate").await;
    app.click("[role=dialog] input[type=radio]").await;
    ask_to_rotate(app).await;
}

/// Goes on to the native dialog from a rotate card whose reason is chosen.
pub async fn ask_to_rotate(app: &App<'_>) {
    app.click("[role=dialog] footer button:last-of-type:enabled")
        .await;
    let _ = app.native().dialog();
}

/// Waits until what is called `name` in the page has the focus.
pub async fn wait_for_focus(app: &App<'_>, name: &str) {
    app.until(&format!("{name:?} has the focus"), async || {
        (app.focused().await? == name).then_some(())
    })
    .await;
}

/// Presses Tab until a button of the native dialog has the focus.
pub fn tab_to_in_dialog(app: &App<'_>, button: &str) {
    let focus = || app.native().dialog().focused_button().map(str::to_owned);
    loop {
        let now = focus();
        if now.as_deref() == Some(button) {
            return;
        }
        app.screen().press("Tab");
        // Not pressed again before it has acted, or it would go past.
        wait::until_true("Tab moves the focus", || focus() != now);
    }
}

/// Rotates a key; the reveal of its token is open then.
pub async fn rotate(app: &App<'_>, id: i64, name: &str) {
    open_rotation(app, id).await;
    app.native().press_in_dialog("Rotate key");
    wait_for_reveal(app, name).await;
}

/// Waits until the reveal of a key's token is open.
pub async fn wait_for_reveal(app: &App<'_>, name: &str) {
    let title = format!("oken of “{name}”");
    app.until(&format!("the reveal of “{name}” is open"), async || {
        let words = app.look_for("[role=dialog]").await?.text().await.ok()?;
        (words.contains(&title) && words.contains("Test it")).then_some(())
    })
    .await;
}

/// Says that the token on screen is stored elsewhere.
pub async fn say_stored(app: &App<'_>) {
    app.press("button", "I have stored it").await;
    app.wait_until_gone("[role=dialog]").await;
}

/// Leaves the reveal without having stored its token.
pub async fn leave_for_later(app: &App<'_>) {
    app.press("button", "Close").await;
    app.press("button", "Leave it for later").await;
    app.wait_until_gone("[role=dialog]").await;
}

/// Chooses a file or folder in a native dialog of GTK, by keyboard.
pub fn choose_file(app: &App<'_>, dialog: &str, path: &Path) {
    let screen = app.screen();
    let window = screen.find(dialog);
    assert_eq!(screen.owner(window), Some(screen.find(WINDOW)));
    screen.activate(window);
    // A slash opens the line in which paths are typed.
    screen.type_text(&path.display().to_string());
    screen.press("Return");
    screen.wait_until_gone(dialog);
    screen.activate(screen.find(WINDOW));
}
