//! The test library's hands on a native dialog that isn't ours: what the window tests conclude from
//! a dialog is worth as much as these.

use std::fs;

use support::accessible::Program;
use support::desktop::Desktop;
use support::service::Service;
use support::window::Screen;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/message_dialog.py");

/// The name by which assistive technology knows the script.
const NAME: &str = "message-dialog";

fn open_dialog(desktop: &Desktop) -> Service {
    let mut command = desktop.command("/usr/bin/python3");
    desktop.start(NAME, command.arg(SCRIPT))
}

#[test]
fn a_dialog_is_read_and_its_button_pressed_through_accessibility() {
    let desktop = Desktop::builder().display().start();
    let mut script = open_dialog(&desktop);
    let program = Program::named(&desktop, NAME);

    let dialog = program.dialog();
    assert_eq!(dialog.buttons(), ["Rotate instead", "Delete key", "Cancel"]);
    assert!(
        dialog.labels().contains(&"Delete the key?"),
        "{:?}",
        dialog.labels()
    );
    assert!(dialog.is("modal"), "{:?}", dialog.states);

    program.press_in_dialog("Delete key");
    assert_eq!(script.first_line(), "Delete key");
    program.wait_for_no_dialog();
}

#[test]
fn keys_reach_the_dialog_as_a_users_would() {
    for (key, result) in [("Escape", "closed"), ("Return", "Rotate instead")] {
        let desktop = Desktop::builder().display().start();
        let mut script = open_dialog(&desktop);
        let screen = Screen::of(&desktop);
        let dialog = screen.find("Delete API key");
        screen.activate(dialog);
        screen.press(key);
        assert_eq!(script.first_line(), result, "after {key}");
        screen.wait_until_gone("Delete API key");
    }
}

#[test]
fn closing_a_dialog_as_its_close_button_would() {
    let desktop = Desktop::builder().display().start();
    let mut script = open_dialog(&desktop);
    let screen = Screen::of(&desktop);
    screen.close(screen.find("Delete API key"));
    assert_eq!(script.first_line(), "closed");
}

#[test]
fn the_order_of_windows_and_their_owner_are_seen() {
    let desktop = Desktop::builder().display().start();
    let _script = open_dialog(&desktop);
    let screen = Screen::of(&desktop);
    let dialog = screen.find("Delete API key");
    let window = screen.find("Main window");
    assert_eq!(screen.owner(dialog), Some(window));
    screen.ask_to_raise(window);
    // Transient for its window, the dialog stays above it even then.
    assert_eq!(screen.stacking().last(), Some(&dialog));
}

#[test]
fn a_picture_of_the_screen_shows_something() {
    let desktop = Desktop::builder().display().start();
    let _script = open_dialog(&desktop);
    let screen = Screen::of(&desktop);
    let _ = screen.find("Delete API key");
    let _ = Program::named(&desktop, NAME).dialog();
    let file = desktop.home().join("screen.png");
    screen.picture(&file);
    let picture = fs::read(&file).unwrap();
    assert_eq!(&picture[1..4], b"PNG");
}
