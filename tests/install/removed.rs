//! From the installation to the removal, as a person goes through it.

use std::process::Command;

use rusqlite::Connection;
use support::wait;

use crate::machine::{Installed, PROGRAM, listing, package, run};
use crate::window::{Person, WINDOW};

/// A seeded key that nobody has used for long, so that no phrase is asked.
const IDLE: &str = "Status page (old)";

/// Another one, for the link.
const OTHER: &str = "Terraform provider";

#[test]
#[ignore = "installs a package into this machine: cargo xtask test install"]
fn an_installed_app_deletes_a_key_opens_a_link_and_leaves_only_what_is_its_persons() {
    let before = listing();
    let installed = Installed::from(&package());
    answers_without_a_display();
    let person = Person::new();
    uses_it(&person);
    let said = installed.purge();

    for place in [
        "~/.config/pulse-keys",
        "~/.local/share/pulse-keys",
        vault::SERVICE,
    ] {
        assert!(said.contains(place), "{place} is not in: {said}");
    }
    assert!(person.config().join("accounts.json").exists());
    assert_eq!(journalled(&person, "delete_key"), 1, "the journal stays");
    assert!(!person.desktop.keyring().items(vault::SERVICE).is_empty());
    let after = listing();
    let stray: Vec<_> = after.difference(&before).collect();
    assert!(stray.is_empty(), "left behind: {stray:?}");
    let gone: Vec<_> = before.difference(&after).collect();
    assert!(gone.is_empty(), "taken away: {gone:?}");
}

fn answers_without_a_display() {
    let version = run(Command::new(PROGRAM).env_clear().arg("--version"));
    assert_eq!(
        version,
        concat!("pulse-keys ", env!("CARGO_PKG_VERSION"), "\n")
    );
    let help = run(Command::new(PROGRAM).env_clear().arg("--help"));
    for option in [
        "--sandbox",
        "--account",
        "--help",
        "--version",
        "pulsekeys://key/ID",
    ] {
        assert!(help.contains(option), "{option} is not in: {help}");
    }
    let page = run(Command::new("man").args(["--where", "pulse-keys"]));
    assert_eq!(page, "/usr/share/man/man1/pulse-keys.1.gz\n");
}

fn uses_it(person: &Person) {
    let app = person.app();
    app.press("push button", "Try the sandbox");
    app.press("combo box", &format!("Actions for {IDLE}"));
    app.press("menu item", "Delete…");
    app.press("push button", "Delete key…");
    let dialog = app.native.dialog();
    assert!(dialog.labels().join(" ").contains(IDLE), "{dialog:?}");
    app.native.press_in_dialog("Delete key");
    app.wait_for(&format!("Deleted “{IDLE}”."));
    assert_eq!(id_of(person, IDLE), None, "the server has it still");

    // A window that nobody sees is brought back by a second start.
    person.desktop.output_of(
        person
            .command("xdotool")
            .args(["getactivewindow", "windowminimize"]),
    );
    wait::until_true("no window has the keyboard", || {
        app.screen.active() != Some(app.window)
    });
    person.desktop.output_of(&mut person.command(PROGRAM));
    wait::until_true("the first window is in front", || {
        app.screen.active() == Some(app.window)
    });
    assert_eq!(app.screen.titles().len(), 1, "{:?}", app.screen.titles());

    // Through the desktop, which knows from the package who opens such links.
    let link = format!("pulsekeys://key/{}", id_of(person, OTHER).unwrap());
    person
        .desktop
        .output_of(person.command("gio").args(["open", &link]));
    wait::until_true("the key's card is open", || {
        let card = app.native.look_for("dialog", None);
        card.is_some_and(|card| card.all().iter().any(|part| part.name.contains(OTHER)))
    });
    assert_eq!(
        app.screen.titles().len(),
        1,
        "{:?} {WINDOW}",
        app.screen.titles()
    );
    app.close();
}

/// The id of a key in the sandbox inside the app.
fn id_of(person: &Person, name: &str) -> Option<i64> {
    let connection = Connection::open(person.data().join("sandbox.sqlite")).unwrap();
    let sql = "SELECT id FROM api_keys WHERE name = ?1";
    connection.query_row(sql, [name], |row| row.get(0)).ok()
}

fn journalled(person: &Person, action: &str) -> i64 {
    let connection = Connection::open(person.database()).unwrap();
    let sql = "SELECT count(*) FROM journal WHERE action = ?1";
    connection
        .query_row(sql, [action], |row| row.get(0))
        .unwrap()
}
