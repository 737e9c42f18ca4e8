//! The vault in front of a real gnome-keyring-daemon, and of a real KeePassXC: what it keeps, and that it keeps it there
//! and nowhere else.

use std::fs;
use std::path::Path;

use support::desktop::{Desktop, Keyring, Provider};
use support::probe::{Answer, VaultProbe};

pub(crate) const SERVICE: &str = vault::SERVICE;

/// Starts a vault on the keychain of `desktop`.
pub(crate) fn keychain(desktop: &Desktop) -> VaultProbe {
    let program = Path::new(env!("CARGO_BIN_EXE_vault-probe"));
    VaultProbe::start(desktop, program, "keychain")
}

/// A test once for each program that keeps secrets.
macro_rules! each_provider {
    (fn $name:ident($provider:ident) $body:block) => {
        mod $name {
            #[allow(
                clippy::wildcard_imports,
                reason = "the test is written in the module above"
            )]
            use super::*;

            fn run($provider: Provider) {
                $body
            }

            #[test]
            fn gnome_keyring() {
                run(Provider::GnomeKeyring);
            }

            #[test]
            fn keepassxc() {
                run(Provider::KeePassXc);
            }
        }
    };
}
pub(crate) use each_provider;

/// A desktop with an open keyring.
pub(crate) fn unlocked(provider: Provider) -> Desktop {
    let desktop = Desktop::builder().provider(provider);
    desktop.keyring(Keyring::Unlocked).start()
}

fn session_only(desktop: &Desktop) -> VaultProbe {
    let program = Path::new(env!("CARGO_BIN_EXE_vault-probe"));
    VaultProbe::start(desktop, program, "session-only")
}

fn secret(text: &str) -> Answer {
    Answer::Secret(text.to_owned())
}

each_provider! {
fn a_secret_is_kept_replaced_and_forgotten(provider) {
    let desktop = unlocked(provider);
    let mut vault = keychain(&desktop);

    assert_eq!(vault.check(), Answer::Done);
    assert_eq!(vault.load("one").error(), "None");

    assert_eq!(vault.store("one", "7|firstSecret"), Answer::Done);
    assert_eq!(vault.store("one", "8|secondSecret"), Answer::Done);
    assert_eq!(vault.load("one"), secret("8|secondSecret"));

    // The same, through a program that shares no code with the vault.
    let attributes = [("service", SERVICE), ("username", "account/one")];
    assert_eq!(desktop.keyring().lookup(&attributes), "8|secondSecret");
    let items = desktop.keyring().items(SERVICE);
    assert_eq!(items.len(), 1, "replacing left an item behind: {items:?}");
    assert_eq!(items[0].label, "Pulse Keys account/one");

    assert_eq!(vault.forget("one"), Answer::Done);
    assert_eq!(vault.forget("one"), Answer::Done);
    assert_eq!(vault.load("one").error(), "None");
    assert_eq!(desktop.keyring().items(SERVICE), []);
}
}

each_provider! {
fn accounts_do_not_see_each_other(provider) {
    let desktop = unlocked(provider);
    let mut vault = keychain(&desktop);
    vault.store("one", "7|ofOne");
    vault.store("two", "8|ofTwo");
    vault.forget("one");
    assert_eq!(vault.load("one").error(), "None");
    assert_eq!(vault.load("two"), secret("8|ofTwo"));
}
}

each_provider! {
fn a_secret_outlives_the_process_that_kept_it(provider) {
    let desktop = unlocked(provider);
    assert_eq!(keychain(&desktop).store("one", "7|kept"), Answer::Done);
    assert_eq!(keychain(&desktop).load("one"), secret("7|kept"));
}
}

each_provider! {
fn a_check_leaves_nothing_in_the_keyring(provider) {
    let desktop = unlocked(provider);
    assert_eq!(keychain(&desktop).check(), Answer::Done);
    assert_eq!(desktop.keyring().items(SERVICE), []);
}
}

each_provider! {
fn the_secret_is_in_no_file(provider) {
    let desktop = unlocked(provider);
    assert_eq!(keychain(&desktop).store("one", "7|inNoFile"), Answer::Done);
    assert_in_no_file(&desktop, "7|inNoFile");
}
}

#[test]
fn a_session_only_vault_leaves_nothing_in_the_keyring_or_on_disk() {
    let desktop = Desktop::builder().keyring(Keyring::Unlocked).start();
    let mut vault = session_only(&desktop);
    assert_eq!(vault.check(), Answer::Done);
    assert_eq!(vault.store("one", "7|forThisSession"), Answer::Done);
    assert_eq!(vault.load("one"), secret("7|forThisSession"));

    assert_eq!(desktop.keyring().items(SERVICE), []);
    assert_in_no_file(&desktop, "7|forThisSession");
    drop(vault);
    assert_eq!(session_only(&desktop).load("one").error(), "None");
}

#[test]
fn a_session_only_vault_needs_no_keychain_at_all() {
    let desktop = Desktop::builder().no_bus().start();
    let mut vault = session_only(&desktop);
    assert_eq!(vault.check(), Answer::Done);
    assert_eq!(vault.store("one", "7|anywhere"), Answer::Done);
    assert_eq!(vault.load("one"), secret("7|anywhere"));
}

/// Reads every file that the desktop holds. (The keyring's own file is there too, encrypted.)
fn assert_in_no_file(desktop: &Desktop, secret: &str) {
    let files = desktop.files();
    assert!(!files.is_empty(), "the logs at least are files");
    for file in files {
        let bytes = fs::read(&file).unwrap_or_default();
        let found = bytes
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(!found, "{} holds the secret", file.display());
    }
}
