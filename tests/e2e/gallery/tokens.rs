//! Where fresh tokens come from and go to: making and rotating keys, the reveal, what waits, the journal, and the
//! forms of accounts.

use rusqlite::Connection;
use sandbox::Settings;
use sandbox::faults::{Fault, Rule};
use secrecy::ExposeSecret as _;
use support::desktop::Keyring;
use support::keyring::Item;
use support::scene::{
    ROTATION, Scene, WINDOW, ask_to_rotate, choose, create, fill_in, key_of, leave_for_later,
    open_rotation, rotate, say_stored,
};
use support::{processes, wait};

use super::Gallery;

impl Gallery {
    pub(crate) async fn creation(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        let broken = Fault::Status {
            status: 403,
            retry_after: None,
        };
        scene.fault(Rule::once("GET", "/api-keys/abilities", broken));
        app.press("button", "Create API key").await;
        app.wait_for_text("could not be found out").await;
        self.page(&app, "create-without-abilities").await;
        app.press("button", "Retry").await;
        app.wait_for_text("chosen").await;
        self.page(&app, "create-empty").await;
        app.press("button", "Create key").await;
        app.wait_for_text("Give the key a name.").await;
        self.page(&app, "create-errors").await;
        app.type_into("Name", "CI/CD Pipeline").await;
        app.press("button", "Read-only dashboard").await;
        app.wait_for_text("There is a key of this name already.")
            .await;
        self.page(&app, "create-same-name").await;
        app.type_into("Name", "Deploy bot").await;
        self.page(&app, "create-filled").await;
        self.narrow(&app, "create-narrow").await;
        app.type_into("Search abilities", "alerts").await;
        self.page(&app, "create-searched").await;
        app.press("button", "Clear search").await;
        app.press("button", "Full access").await;
        app.wait_for_text("Most integrations need far less.").await;
        self.page(&app, "create-full-access").await;
        app.press("button", "Cancel").await;
        app.wait_for_text("Discard this key?").await;
        self.page(&app, "create-discard").await;
        app.press("button", "Keep editing").await;
        app.press("button", "CI pipeline").await;
        scene.fault(Rule::once("POST", "/api-keys", Fault::DropAfter));
        app.press("button", "Create key").await;
        app.wait_for_text("lost on the way").await;
        self.page(&app, "create-token-lost").await;
    }

    pub(crate) async fn rotation(&self) {
        let scene = Scene::new().await;
        let key = scene.idle_key("Old importer").await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        choose(&app, key.id, "rotate").await;
        app.wait_for_text("Why do you rotate it?").await;
        self.page(&app, "rotate-no-reason").await;
        app.click("[role=dialog] input[type=radio]").await;
        app.wait_for_text("whoever has it is locked out").await;
        self.page(&app, "rotate-reason").await;
        ask_to_rotate(&app).await;
        scene.renamed(&key, "production master").await;
        app.native().press_in_dialog("Rotate key");
        app.wait_for_text("It was called “Old importer” before.")
            .await;
        self.page(&app, "rotate-card-changed").await;
        scene.fault(Rule::once("POST", "/api-keys/*/rotate", Fault::DropAfter));
        ask_to_rotate(&app).await;
        let _ = app.screen().find(ROTATION);
        self.dialog(&app, "rotate-native-dialog").await;
        app.native().press_in_dialog("Rotate key");
        app.wait_for_text("did not arrive here").await;
        self.page(&app, "rotate-token-lost").await;
    }

    pub(crate) async fn reveal(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        create(&app, "Deploy bot").await;
        let first = scene.token();
        self.page(&app, "reveal-masked").await;
        app.press("button", "Copy the token").await;
        app.wait_for_text("The clipboard is cleared").await;
        app.press("button", "Reveal").await;
        app.wait_for_text(first.expose_secret()).await;
        self.page(&app, "reveal-shown").await;
        self.narrow(&app, "reveal-narrow").await;
        app.press("button", "Hide").await;
        app.press("button", "Test it").await;
        app.wait_for_text("this token works").await;
        self.page(&app, "reveal-tested").await;
        app.press("button", "Close").await;
        app.wait_for_text("has not been stored yet").await;
        self.page(&app, "reveal-leave").await;
        app.press("button", "Leave it for later").await;
        app.wait_until_gone("[role=dialog]").await;
        app.wait_for_text("1 token is waiting for you.").await;
        self.page(&app, "list-token-waiting").await;
        app.press("button", "Open").await;
        app.press("button", "Keep in keychain").await;
        app.wait_for_text("is kept in your keychain").await;
        self.page(&app, "list-token-kept").await;
        choose(&app, key_of(&first), "token").await;
        app.wait_for_text("until you remove it").await;
        self.page(&app, "reveal-kept").await;
        app.press("button", "Remove from keychain…").await;
        app.wait_for_text("Remove this copy of the token?").await;
        self.page(&app, "reveal-remove").await;
        app.press("button", "Back").await;
        app.press("button", "Done").await;
        app.wait_until_gone("[role=dialog]").await;

        rotate(&app, key_of(&first), "Deploy bot").await;
        app.press("button", "Test it").await;
        app.wait_for_text("as it should be").await;
        self.page(&app, "reveal-tested-both").await;
        scene.desktop.keyring().stop();
        app.press("button", "I have stored it").await;
        app.wait_for_text("No program on this desktop keeps secrets")
            .await;
        self.page(&app, "reveal-not-stored").await;
        scene.desktop.keyring().start(Keyring::Unlocked);
        leave_for_later(&app).await;
        app.press("tab", "Accounts").await;
        app.click("[aria-label^='Sign out of']").await;
        let _ = app.native().dialog();
        self.dialog(&app, "sign-out-native-dialog").await;
        app.native().press_in_dialog("Sign out, keep 1 token");
        app.wait_for_text("Connect to PulseAPI").await;
        app.wait_for_text("is waiting for you.").await;
        self.page(&app, "first-start-token-waiting").await;
    }

    pub(crate) async fn token_missing(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        create(&app, "Deploy bot").await;
        take_out(&scene, scene.token().expose_secret());
        app.press("button", "Reveal").await;
        app.wait_for_text("The keychain has no token of").await;
        self.page(&app, "reveal-missing").await;
        self.narrow(&app, "reveal-missing-narrow").await;
        app.press("button", "Remove from list…").await;
        app.wait_for_text("Remove this copy of the token?").await;
        self.page(&app, "reveal-missing-remove").await;
        app.press("button", "Remove").await;
        app.wait_for_text("is no longer in the list").await;
        self.page(&app, "list-token-removed").await;
    }

    pub(crate) async fn left_running(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        app.press("button", "Create API key").await;
        app.type_into("Name", "Deploy bot").await;
        app.press("button", "CI pipeline").await;
        let held_up = Fault::Delay {
            milliseconds: 30_000,
        };
        scene.fault(Rule::once("POST", "/api-keys", held_up));
        app.press("button", "Create key").await;
        app.wait_for_text("PulseAPI has not answered yet.").await;
        self.pending(&app, "create-slow").await;
        app.press("button", "Leave it running").await;
        app.wait_until_gone("[role=dialog]").await;
        app.wait_for_text("has arrived").await;
        app.wait_for_text("1 token is waiting for you.").await;
        self.page(&app, "list-token-arrived").await;
    }

    pub(crate) async fn own_key(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        let id = scene.own_key();
        choose(&app, id, "rotate").await;
        app.click("[role=dialog] input[type=radio]").await;
        app.wait_for_text("moves to the new token by itself").await;
        self.page(&app, "rotate-own-key").await;
        ask_to_rotate(&app).await;
        app.native().press_in_dialog("Rotate key");
        app.wait_for_text("already signs in with this token").await;
        self.page(&app, "reveal-own-key").await;
    }

    pub(crate) async fn in_memory(&self) {
        let scene = Scene::with(Keyring::Absent, Settings::default()).await;
        let app = self.start(&scene).await;
        app.press("button", "Continue for this session only").await;
        let base = scene.sandbox.base_url();
        fill_in(&app, &base, scene.credential.expose_secret()).await;
        app.wait_for_text("Updated").await;
        create(&app, "Deploy bot").await;
        self.page(&app, "reveal-session-only").await;
        app.press("button", "Keep in keychain").await;
        app.wait_for_text("There is no keychain in this session")
            .await;
        self.page(&app, "reveal-session-only-not-kept").await;
        app.press("button", "Close").await;
        app.wait_for_text("has not been stored yet").await;
        self.page(&app, "reveal-session-only-leave").await;
        app.press("button", "Leave it for later").await;
        app.wait_until_gone("[role=dialog]").await;
        app.wait_for_text("store it before you close it").await;
        self.page(&app, "list-token-in-memory").await;
        app.screen().close(app.screen().find(WINDOW));
        let _ = app.native().dialog();
        self.dialog(&app, "close-native-dialog").await;
        app.native().press_in_dialog("Close and lose 1 token");
        drop(app);

        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        app.press("button", "Create API key").await;
        app.type_into("Name", "Deploy bot").await;
        app.press("button", "CI pipeline").await;
        let held_up = Fault::Delay {
            milliseconds: 5_000,
        };
        scene.fault(Rule::once("POST", "/api-keys", held_up));
        app.press("button", "Create key").await;
        wait::until_true("the request arrives", || scene.writes_seen() == 1);
        // Before anyone looks, which may take longer than the answer.
        scene.desktop.keyring().stop();
        self.pending(&app, "create-pending").await;
        app.wait_for_text("Your keychain refused it.").await;
        self.page(&app, "reveal-in-memory").await;
    }

    pub(crate) async fn notices(&self) {
        let scene = Scene::new().await;
        let key = scene.idle_key("Old importer").await;
        let mut app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        for (path, notice) in [
            ("/api-keys/*/rotate", "that token did not arrive here"),
            ("/api-keys", "with what you asked for"),
        ] {
            let before = scene.writes_seen();
            scene.fault(Rule::once("POST", path, Fault::HangAfter));
            if path == "/api-keys" {
                app.press("button", "Create API key").await;
                app.type_into("Name", "Deploy bot").await;
                app.press("button", "CI pipeline").await;
                app.press("button", "Create key").await;
            } else {
                open_rotation(&app, key.id).await;
                app.native().press_in_dialog("Rotate key");
            }
            wait::until_true("the server has acted", || {
                let requests = scene.faults().requests().into_iter();
                let mut writes = requests.filter(|request| request.method == "POST");
                scene.writes_seen() > before && writes.all(|write| write.acted.is_some())
            });
            app.processes().into_iter().for_each(processes::kill);
            drop(app);
            app = self.start(&scene).await;
            // It comes after the list, and moves what is below it.
            app.wait_for_text(notice).await;
        }
        self.page(&app, "notices-tokens-lost").await;
    }

    pub(crate) async fn activity(&self) {
        let scene = Scene::new().await;
        let key = scene.idle_key("Old importer").await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        app.press("tab", "Activity").await;
        app.wait_for_text("its 1 row").await;
        self.page(&app, "activity-one-row").await;
        app.press("tab", "API Keys").await;
        rotate(&app, key.id, "Old importer").await;
        say_stored(&app).await;
        create(&app, "Deploy bot").await;
        app.press("button", "Keep in keychain").await;
        app.wait_until_gone("[role=dialog]").await;
        support::scene::delete(&app, key.id).await;
        app.wait_for_text("Deleted “Old importer”.").await;
        app.press("tab", "Activity").await;
        app.wait_for_text("Journal verified: all 6 rows").await;
        self.page(&app, "activity").await;
        self.narrow(&app, "activity-narrow").await;
        app.click("[aria-label='Details of row 4']").await;
        app.wait_for_text("Hash of the row before").await;
        self.page(&app, "activity-details").await;
        app.screen().activate(app.screen().find(WINDOW));
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        app.type_into("Search the journal by key", "old").await;
        app.wait_for_text("3 of 6 rows").await;
        self.page(&app, "activity-filtered").await;
        app.click("[role=tabpanel] [aria-haspopup=listbox]").await;
        app.find("[role=option]").await;
        self.page(&app, "activity-actions").await;
        app.screen().press("Escape");
        app.wait_until_gone("[role=option]").await;
        app.type_into("Search the journal by key", "nobody").await;
        app.wait_for_text("Nothing matches").await;
        self.page(&app, "activity-nothing").await;
        app.close();

        let database = Connection::open(scene.database_file()).unwrap();
        database
            .execute_batch(
                "DROP TRIGGER journal_rows_stay; DROP TRIGGER journal_rows_do_not_change;
                 UPDATE journal SET outcome = 'not rotated' WHERE number = 2",
            )
            .unwrap();
        drop(database);
        let app = self.start(&scene).await;
        app.wait_for_text("Updated").await;
        app.press("tab", "Activity").await;
        app.wait_for_text("Row 2 was changed").await;
        self.page(&app, "activity-broken").await;
        self.narrow(&app, "activity-broken-narrow").await;
    }

    pub(crate) async fn account_forms(&self) {
        let scene = Scene::new().await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        app.press("tab", "Accounts").await;
        app.click("[aria-label^='Rename ']").await;
        app.find("[aria-label^='Rename '] input").await;
        self.page(&app, "accounts-rename").await;
        app.type_into("Name", " ").await;
        app.press("button", "Save").await;
        app.wait_for_text("Type a name.").await;
        self.page(&app, "accounts-rename-refused").await;
        app.press("button", "Cancel").await;
        app.click("[aria-label^='Replace credential of']").await;
        let field = app.find("input[type=password]").await;
        self.page(&app, "accounts-replace").await;
        field.send_keys("1|wrongwrongwrongwrong").await.unwrap();
        app.press("button", "Replace credential").await;
        app.wait_for_text("does not accept this token").await;
        self.page(&app, "accounts-replace-refused").await;
    }
}

impl Gallery {
    pub(crate) async fn connection_report(&self) {
        let scene = Scene::new().await;
        let app = self.start(&scene).await;
        fill_in(&app, &scene.sandbox.base_url(), "1|wrongwrongwrongwrong").await;
        app.wait_for_text("does not accept this token").await;
        self.page(&app, "connect-refused").await;
        app.press("button", "Check the connection…").await;
        app.wait_for_text("does not accept the token").await;
        self.page(&app, "connection-refused").await;
        app.press("button", "Close").await;
        fill_in(
            &app,
            &scene.sandbox.base_url(),
            scene.credential.expose_secret(),
        )
        .await;
        app.wait_for_text("Updated").await;
        app.press("tab", "Accounts").await;
        app.click("[aria-label^='Check the connection of']").await;
        app.wait_for_text("Everything that Pulse Keys needs").await;
        self.page(&app, "connection-well").await;
        self.narrow(&app, "connection-well-narrow").await;
    }
}

/// Takes a token out of the keychain, as another program can.
fn take_out(scene: &Scene, token: &str) {
    let items = scene.desktop.keyring().items(vault::SERVICE);
    let holds_it = |item: &&Item| item.secret.as_deref() == Some(token);
    let item = items.iter().find(holds_it).expect("the keychain has it");
    let mut command = scene.desktop.command("secret-tool");
    command.arg("clear");
    for name in ["service", "username"] {
        command.args([name, &item.attributes[name]]);
    }
    scene.desktop.output_of(&mut command);
}
