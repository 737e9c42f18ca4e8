//! The vault when the keychain is missing, locked, confused or restarted: each trouble has its own
//! name and says what to do, and all of them heal.

use support::desktop::{Desktop, Keyring, Provider};
use support::probe::{Answer, VaultProbe};

use crate::vault_keychain::{SERVICE, each_provider, keychain, unlocked};

/// Asserts that every call of the vault ends in this error.
fn assert_every_call_fails_with(vault: &mut VaultProbe, kind: &str) {
    let calls = [
        ("check", vault.check()),
        ("store", vault.store("one", "7|x")),
        ("load", vault.load("one")),
        ("forget", vault.forget("one")),
    ];
    for (call, answer) in calls {
        assert_eq!(answer.error(), kind, "{call}: {answer:?}");
    }
}

#[test]
fn without_a_session_bus_the_bus_is_what_is_missing() {
    let desktop = Desktop::builder().no_bus().start();
    let mut vault = keychain(&desktop);
    assert_every_call_fails_with(&mut vault, "SessionBusMissing");
    let Answer::Error(_, text) = vault.check() else {
        panic!("the check passed without a bus");
    };
    assert!(text.contains("dbus-run-session"), "{text}");
}

#[test]
fn with_a_bus_but_no_daemon_the_packages_to_install_are_named() {
    let desktop = Desktop::builder().start();
    let mut vault = keychain(&desktop);
    assert_every_call_fails_with(&mut vault, "SecretServiceMissing");
    let Answer::Error(_, text) = vault.check() else {
        panic!("the check passed without a secret service");
    };
    assert!(text.contains("gnome-keyring"), "{text}");
}

each_provider! {
fn a_daemon_that_starts_later_is_found(provider) {
    let desktop = Desktop::builder().provider(provider).start();
    let mut vault = keychain(&desktop);
    assert_eq!(vault.check().error(), "SecretServiceMissing");
    desktop
        .keyring()
        .start_provider(provider, Keyring::Unlocked);
    assert_eq!(vault.check(), Answer::Done);
    assert_eq!(vault.store("one", "7|late"), Answer::Done);
}
}

#[test]
fn a_locked_keyring_without_a_display_is_called_locked_and_heals_when_unlocked() {
    let desktop = Desktop::builder().keyring(Keyring::Unlocked).start();
    let mut vault = keychain(&desktop);
    vault.store("one", "7|behindLock");

    desktop.keyring().lock();
    assert_every_call_fails_with(&mut vault, "Locked");

    desktop.keyring().unlock();
    assert_eq!(vault.load("one"), Answer::Secret("7|behindLock".to_owned()));
}

#[test]
fn a_keyring_that_was_locked_from_the_start_takes_nothing() {
    let desktop = Desktop::builder().keyring(Keyring::Locked).start();
    let mut vault = keychain(&desktop);
    assert_eq!(vault.check().error(), "Locked");
    assert_eq!(vault.store("one", "7|x").error(), "Locked");
    // Nothing of that name is there, locked or not: that is no trouble for reading.
    assert_eq!(vault.load("one").error(), "None");
    for order in ["load-unprompted one", "store-unprompted one 7|x"] {
        vault.ask(order);
        assert_eq!(vault.answer().error(), "Locked", "{order}");
    }
}

#[test]
fn without_a_default_keyring_and_a_display_the_keyring_is_what_is_missing() {
    let desktop = Desktop::builder().keyring(Keyring::Empty).start();
    let mut vault = keychain(&desktop);
    assert_eq!(vault.check().error(), "LoginKeyringMissing");
    assert_eq!(vault.store("one", "7|x").error(), "LoginKeyringMissing");
    assert_eq!(vault.load("one").error(), "None");
}

each_provider! {
fn a_daemon_restarted_in_between_goes_unnoticed(provider) {
    let desktop = unlocked(provider);
    let mut vault = keychain(&desktop);
    vault.store("one", "7|beforeRestart");

    desktop.keyring().stop();
    assert_eq!(vault.load("one").error(), "SecretServiceMissing");
    desktop
        .keyring()
        .start_provider(provider, Keyring::Unlocked);
    let kept = Answer::Secret("7|beforeRestart".to_owned());
    assert_eq!(vault.load("one"), kept);

    // Once more, with no call in between to notice that the session had ended.
    desktop.keyring().stop();
    desktop
        .keyring()
        .start_provider(provider, Keyring::Unlocked);
    assert_eq!(vault.load("one"), kept);
    assert_eq!(vault.store("one", "8|afterRestart"), Answer::Done);
}
}

/// Puts two items that both match one account into the keyring.
fn plant_two(desktop: &Desktop) {
    for (origin, secret) in [("backup", "7|old"), ("import", "8|older")] {
        let name = [("service", SERVICE), ("username", "account/one")];
        desktop
            .keyring()
            .plant(&[name[0], name[1], ("origin", origin)], secret);
    }
    assert_eq!(desktop.keyring().items(SERVICE).len(), 2);
}

each_provider! {
fn of_two_secrets_with_one_name_none_is_guessed(provider) {
    let desktop = unlocked(provider);
    plant_two(&desktop);
    assert_eq!(keychain(&desktop).load("one").error(), "Ambiguous");
    assert_eq!(desktop.keyring().items(SERVICE).len(), 2);
}
}

each_provider! {
fn storing_replaces_every_secret_of_the_name(provider) {
    let desktop = unlocked(provider);
    plant_two(&desktop);
    let mut vault = keychain(&desktop);
    assert_eq!(vault.store("one", "9|new"), Answer::Done);
    assert_eq!(vault.load("one"), Answer::Secret("9|new".to_owned()));
    assert_eq!(desktop.keyring().items(SERVICE).len(), 1);
}
}

each_provider! {
fn forgetting_removes_every_secret_of_the_name(provider) {
    let desktop = unlocked(provider);
    plant_two(&desktop);
    assert_eq!(keychain(&desktop).forget("one"), Answer::Done);
    assert_eq!(desktop.keyring().items(SERVICE), []);
}
}

#[test]
fn a_provider_that_takes_over_is_asked_from_then_on() {
    let desktop = Desktop::builder()
        .provider(Provider::KeePassXc)
        .keyring(Keyring::Absent)
        .start();
    let keyring = desktop.keyring();
    keyring.start_provider(Provider::GnomeKeyring, Keyring::Unlocked);
    let mut vault = keychain(&desktop);
    assert_eq!(vault.store("one", "7|inGnome"), Answer::Done);

    keyring.stop();
    keyring.start_provider(Provider::KeePassXc, Keyring::Unlocked);
    // It is open and whole, so what it says is the truth: it has no such secret.
    assert_eq!(vault.load("one").error(), "None");
    assert_eq!(vault.store("one", "8|inKeePass"), Answer::Done);

    keyring.stop();
    keyring.start_provider(Provider::GnomeKeyring, Keyring::Unlocked);
    assert_eq!(vault.load("one"), Answer::Secret("7|inGnome".to_owned()));
}
