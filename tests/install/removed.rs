//! From the installation to the removal, as a user goes through it.

use std::fs;
use std::process::Command;

use rusqlite::Connection;
use support::wait;

use crate::machine::{Installed, PROGRAM, listing, package, run};
use crate::window::{App, TestHost};

/// A seeded key that nobody has used for long, so that no phrase is asked.
const IDLE: &str = "Status page (old)";

/// Another one, for the link.
const OTHER: &str = "Terraform provider";

#[test]
#[ignore = "installs a package into this machine: cargo xtask test install"]
fn an_installed_app_deletes_a_key_opens_a_link_and_leaves_only_what_is_the_users() {
    let before = listing();
    let installed = Installed::from(&package());
    answers_without_a_display();
    let host = TestHost::new();
    uses_it(&host);
    let said = installed.purge();

    for place in [
        "~/.config/pulse-keys",
        "~/.local/share/pulse-keys",
        vault::SERVICE,
    ] {
        assert!(said.contains(place), "{place} is not in: {said}");
    }
    assert!(host.config().join("accounts.json").exists());
    assert_eq!(journalled(&host, "delete_key"), 1, "the journal stays");
    assert!(!host.desktop.keyring().items(vault::SERVICE).is_empty());
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

fn uses_it(host: &TestHost) {
    let app = host.start();
    app.press("push button", "Try the sandbox");
    app.press("combo box", &format!("Actions for {IDLE}"));
    // With its key.
    app.press("menu item", "Delete… Delete");
    app.press("push button", "Delete key…");
    let dialog = app.native().dialog();
    assert!(dialog.labels().join(" ").contains(IDLE), "{dialog:?}");
    app.native().press_in_dialog("Delete key");
    app.wait_for(&format!("Deleted “{IDLE}”."));
    assert_eq!(id_of(host, IDLE), None, "the server has it still");

    is_the_launchers_window(host, &app);
    comes_back_at_a_second_start(host, &app);
    let link = format!("pulsekeys://key/{}", id_of(host, OTHER).unwrap());
    host.open(&link).wait_for_card_of(OTHER);
    assert_eq!(app.screen().stacking(), [app.window]);
    app.close();

    let app = host.open(&link);
    app.wait_for_card_of(OTHER);
    app.close();
}

/// So that it stands under the launcher's icon and not beside it.
fn is_the_launchers_window(host: &TestHost, app: &App<'_>) {
    let entry = fs::read_to_string("/usr/share/applications/pulse-keys.desktop").unwrap();
    let class = entry
        .lines()
        .find_map(|line| line.strip_prefix("StartupWMClass="));
    let mut command = host.command("xdotool");
    let active = host.desktop.output_of(command.arg("getactivewindow"));
    assert_eq!(app.screen().active(), Some(app.window));
    let mut command = host.command("xprop");
    let held = host
        .desktop
        .output_of(command.args(["-id", active.trim(), "WM_CLASS"]));
    assert!(held.contains(&format!("\"{}\"", class.unwrap())), "{held}");
}

fn comes_back_at_a_second_start(host: &TestHost, app: &App<'_>) {
    let mut command = host.command("xdotool");
    host.desktop
        .output_of(command.args(["getactivewindow", "windowminimize"]));
    wait::until_true("the window is out of sight", || {
        app.screen().active() != Some(app.window)
    });
    host.desktop.output_of(&mut host.command(PROGRAM));
    wait::until_true("the window is in front", || {
        app.screen().active() == Some(app.window)
    });
    assert_eq!(app.screen().stacking(), [app.window]);
}

/// The id of a key in the sandbox inside the app.
fn id_of(host: &TestHost, name: &str) -> Option<i64> {
    let connection = Connection::open(host.data().join("sandbox.sqlite")).unwrap();
    let sql = "SELECT id FROM api_keys WHERE name = ?1";
    connection.query_row(sql, [name], |row| row.get(0)).ok()
}

fn journalled(host: &TestHost, action: &str) -> i64 {
    let connection = Connection::open(host.database()).unwrap();
    let sql = "SELECT count(*) FROM journal WHERE action = ?1";
    connection
        .query_row(sql, [action], |row| row.get(0))
        .unwrap()
}
