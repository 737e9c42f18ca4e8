//! The vault when the keyring asks the user something, in its own window.

use std::path::Path;

use support::desktop::{Desktop, Keyring};
use support::keyring::PASSWORD;
use support::probe::{Answer, VaultProbe};
use support::window::Screen;

fn keychain(desktop: &Desktop) -> VaultProbe {
    let program = Path::new(env!("CARGO_BIN_EXE_vault-probe"));
    VaultProbe::start(desktop, program, "keychain")
}

/// A desktop whose keyring holds a secret and is locked.
fn locked_desktop() -> Desktop {
    let desktop = Desktop::builder()
        .display()
        .keyring(Keyring::Unlocked)
        .start();
    assert_eq!(keychain(&desktop).store("one", "7|locked"), Answer::Done);
    desktop.keyring().lock();
    desktop
}

/// Waits for the keyring's window and does what the user does with it.
fn answer_prompt(screen: Screen<'_>, title: &str, act: impl FnOnce(Screen<'_>)) {
    screen.activate(screen.find(title));
    act(screen);
}

#[test]
fn a_locked_keyring_asks_and_opens_with_its_password() {
    let desktop = locked_desktop();
    let mut vault = keychain(&desktop);
    // It can ask when the time comes, so it counts as usable, and asks nothing yet.
    assert_eq!(vault.check(), Answer::Done);
    let screen = Screen::of(&desktop);
    assert_eq!(screen.titles(), Vec::<String>::new());

    vault.ask("load one");
    answer_prompt(screen, "Unlock Login Keyring", |screen| {
        screen.type_text(PASSWORD);
        screen.press("Return");
    });
    assert_eq!(vault.answer(), Answer::Secret("7|locked".to_owned()));
}

#[test]
fn what_is_not_worth_a_prompt_shows_none() {
    let desktop = locked_desktop();
    let mut vault = keychain(&desktop);
    let screen = Screen::of(&desktop);
    for order in [
        "load-unprompted one",
        "store-unprompted one 7|other",
        "store-unprompted two 7|new",
    ] {
        vault.ask(order);
        let answer = vault.answer();
        assert_eq!(answer.error(), "Locked", "{order}: {answer:?}");
        assert_eq!(screen.titles(), Vec::<String>::new(), "{order}");
    }
    desktop.keyring().unlock();
    vault.ask("load-unprompted one");
    assert_eq!(vault.answer(), Answer::Secret("7|locked".to_owned()));
    vault.ask("store-unprompted two 7|new");
    assert_eq!(vault.answer(), Answer::Done);
    assert_eq!(vault.load("two"), Answer::Secret("7|new".to_owned()));
}

#[test]
fn a_dismissed_prompt_is_a_refusal_and_may_be_repeated() {
    let desktop = locked_desktop();
    let mut vault = keychain(&desktop);
    let screen = Screen::of(&desktop);
    for _ in 0..2 {
        vault.ask("load one");
        answer_prompt(screen, "Unlock Login Keyring", |screen| {
            screen.press("Escape");
        });
        let answer = vault.answer();
        assert_eq!(answer.error(), "Denied", "{answer:?}");
    }
    desktop.keyring().unlock();
    assert_eq!(vault.load("one"), Answer::Secret("7|locked".to_owned()));
}

#[test]
fn a_desktop_without_a_keyring_is_asked_to_make_one() {
    let desktop = Desktop::builder().display().keyring(Keyring::Empty).start();
    let mut vault = keychain(&desktop);
    assert_eq!(vault.check(), Answer::Done);
    let screen = Screen::of(&desktop);
    let mut store = || {
        vault.ask("store one 7|first");
        // gnome-keyring gives this one of its windows no title.
        answer_prompt(screen, "", |screen| {
            screen.type_text(PASSWORD);
            screen.press("Tab");
            screen.type_text(PASSWORD);
            screen.press("Return");
        });
        vault.answer()
    };
    let mut answer = store();
    if desktop.keyring().lost_what_was_typed() {
        assert_eq!(answer.error(), "Denied", "{answer:?}");
        answer = store();
    }
    assert_eq!(answer, Answer::Done);
    assert_eq!(desktop.keyring().items(vault::SERVICE).len(), 1);
}
