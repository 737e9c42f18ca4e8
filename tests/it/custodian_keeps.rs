//! A token that the keychain refuses while the app dies: the custodian keeps it and asks the keychain until it takes it.
//!
//! The app's core and its custodian are processes of their own, with a real keyring. Left out: kills at random instants
//! (`killed`).

use std::path::Path;

use sandbox::Settings;
use sandbox::faults::{Fault, Rule};
use secrecy::ExposeSecret as _;
use support::custody::CustodyProbe;
use support::desktop::{Desktop, Keyring};
use support::wait;

#[tokio::test(flavor = "multi_thread")]
async fn a_custodian_asks_the_keychain_until_it_takes_the_token() {
    let settings = Settings {
        faults: true,
        ..Settings::default()
    };
    let sandbox = sandbox::start(settings).await.unwrap();
    let desktop = Desktop::builder().keyring(Keyring::Unlocked).start();
    let home = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_custody-probe"));
    let app = || CustodyProbe::start(&desktop, program, home.path());
    let mut first = app();
    let credential = sandbox.mint_credential().await.unwrap();
    let order = format!(
        "connect {} {}",
        sandbox.base_url(),
        credential.expose_secret()
    );
    assert_eq!(first.order(&order), "connected");

    // The keyring goes away after it has shown that it stores, and the app dies before the answer comes.
    let faults = sandbox.faults().unwrap();
    let slow = Fault::Slow { seconds: 2 };
    faults
        .inject(Rule::once("POST", "/api-keys", slow))
        .unwrap();
    first.send("create CI");
    let has_sent = || {
        let seen = faults.requests();
        seen.iter()
            .any(|request| request.method == "POST")
            .then_some(())
    };
    wait::until("the request is sent", has_sent);
    desktop.keyring().stop();
    drop(first.kill());
    let notified = home.path().join("notified");
    let told = |what: &str| {
        let told = std::fs::read_to_string(&notified).unwrap_or_default();
        told.contains(what).then_some(())
    };
    wait::until("it is told", || told("is not in the keychain yet"));

    // The next start says that it is not done yet, and claims no loss.
    desktop.keyring().start(Keyring::Unlocked);
    wait::until("the keychain has it", || told("A fresh token is safe"));
    let mut second = app();
    let report = second.order("reconcile");
    assert_eq!(report["notices"].as_array().unwrap().len(), 0, "{report}");
    let tokens = report["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 1, "{report}");
    assert_eq!(tokens[0]["token"]["name"], "CI");
    assert_eq!(tokens[0]["tried"]["verdict"], "accepted");
}
