//! What the user knows of a key: written, refused, among the details, in the list, the cards and the table.

use secrecy::ExposeSecret as _;
use support::driver::App;
use support::scene::{Scene, WINDOW, choose, choose_file, open_card, row, wait_for_focus};

use super::Gallery;

/// Opens the form for a key's note.
async fn open(app: &App<'_>, id: i64) {
    choose(app, id, "editNote").await;
    wait_for_focus(app, "What it is for").await;
}

async fn write(app: &App<'_>, id: i64, texts: [&str; 4]) {
    open(app, id).await;
    let fields = [
        "What it is for",
        "Owner",
        "Where its token is kept",
        "Review on",
    ];
    for (field, text) in fields.iter().zip(texts) {
        app.type_into(field, text).await;
    }
    app.press("button", "Save note").await;
    app.wait_until_gone("[role=dialog]").await;
}

impl Gallery {
    pub(crate) async fn notes(&self) {
        let scene = Scene::new().await;
        let key = scene.idle_key("Old importer").await;
        let other = scene.idle_key("Invoice sync").await;
        let app = self.connected(&scene).await;
        app.wait_for_text("Updated").await;
        open(&app, key.id).await;
        self.page(&app, "note-form").await;
        self.narrow(&app, "note-form-narrow").await;
        app.type_into("Where its token is kept", key.token.expose_secret())
            .await;
        app.type_into("Review on", "01/02/2027").await;
        app.press("button", "Save note").await;
        app.wait_for_text("A whole token does not belong here")
            .await;
        self.page(&app, "note-refused").await;
        app.press("button", "Cancel").await;
        app.wait_until_gone("[role=dialog]").await;
        let purpose =
            "Reads the invoices of the old shop at night, until the move to the new one is done";
        let note = [
            purpose,
            "Ada, Team Billing",
            "1Password, vault Ops",
            "2026-01-15",
        ];
        write(&app, key.id, note).await;
        write(&app, other.id, ["", "Olga", "", "in 3 months"]).await;

        app.native()
            .press("menu item", "Show or hide notes in the list");
        app.wait_for_text("Reads the invoices").await;
        self.page(&app, "list-with-notes").await;
        self.narrow(&app, "list-with-notes-narrow").await;
        app.click("[aria-label=Filters] [aria-haspopup]").await;
        app.find("[role=menu][aria-label=Filters]").await;
        app.click("[role=menuitemcheckbox][data-key='note:due']")
            .await;
        self.page(&app, "filter-menu-notes").await;
        app.screen().activate(app.screen().find(WINDOW));
        app.screen().press("Escape");
        app.wait_until_gone("[role=menu]").await;
        self.page(&app, "list-review-due").await;

        choose(&app, key.id, "details").await;
        app.wait_for_text("Record id").await;
        self.page(&app, "details-note").await;
        self.narrow(&app, "details-note-narrow").await;
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        open_card(&app, key.id).await;
        self.page(&app, "delete-card-note").await;
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        choose(&app, key.id, "rotate").await;
        app.wait_for_text("Why do you rotate it?").await;
        self.page(&app, "rotate-card-note").await;
        app.screen().press("Escape");
        app.wait_until_gone("[role=dialog]").await;
        app.find(&row(key.id)).await;
        self.importing(&scene, &app).await;
    }

    async fn importing(&self, scene: &Scene, app: &App<'_>) {
        app.native().press("menu item", "Import notes…");
        app.wait_for_text("Choose a CSV file…").await;
        self.page(app, "notes-import").await;
        let keys = scene.journal().await;
        let account = keys.first().unwrap().account_label.clone();
        let list = app.page().execute(KEYS, vec![]).await.unwrap();
        let [name, tail] = [0, 1].map(|place| list[place].as_str().unwrap().to_owned());
        let table = format!(
            "account,key_name,last_eight,purpose,owner,stored_in,review_on,cost\n\
             {account},{name},...{tail},Reads invoices,Bob,,2027-06-01,7\n\
             {account},Gone,...00000000,Was here,,,,\n\
             {account},{name},...{tail},Twice,,,,\n\
             {account},Leak,7|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,x,,,,\n\
             {account},Old importer,...11111111,,,,,\n"
        );
        let file = scene.desktop.home().join("notes.csv");
        std::fs::write(&file, table).unwrap();
        app.press("button", "Choose a CSV file…").await;
        choose_file(app, "Choose a table of notes", &file);
        app.wait_for_text("Replaces your note").await;
        self.page(app, "notes-import-review").await;
        self.narrow(app, "notes-import-review-narrow").await;
        std::fs::write(&file, "account,key_name,last_eight,purpose\n").unwrap();
        app.press("button", "Another file…").await;
        choose_file(app, "Choose a table of notes", &file);
        app.wait_for_text("Nothing in this file is new.").await;
        self.page(app, "notes-import-nothing").await;
    }
}

/// Name and last 8 of the first row.
const KEYS: &str = "
    const row = document.querySelector('[role=grid] [data-key]');
    const tail = /…([A-Za-z0-9]{8})/.exec(row.textContent)[1];
    return [row.querySelector('[role=rowheader]').textContent.trim(), tail];
";
