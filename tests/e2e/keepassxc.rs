//! The vault, and the window, in front of KeePassXC. It knows nothing of a database before it is open, and answers as if
//! it were empty: an answer that must not be taken for the truth.

use std::path::Path;

use support::desktop::{Desktop, Keyring, Provider};
use support::driver::App;
use support::keepassxc::{ACCESS_PROMPT, PROMPT};
use support::keyring::PASSWORD;
use support::probe::{Answer, VaultProbe};
use support::processes;
use support::scene::{Scene, create, leave_for_later, rotate, say_stored, wait_for_reveal};
use support::wait;
use support::window::Screen;

const KEPT: &str = "7|kept";

fn keychain(desktop: &Desktop) -> VaultProbe {
    let program = Path::new(env!("CARGO_BIN_EXE_vault-probe"));
    VaultProbe::start(desktop, program, "keychain")
}

/// A desktop with a database that holds a secret and is open.
fn with_a_secret() -> Desktop {
    let desktop = Desktop::builder().provider(Provider::KeePassXc);
    let desktop = desktop.keyring(Keyring::Unlocked).start();
    assert_eq!(keychain(&desktop).store("one", KEPT), Answer::Done);
    desktop
}

fn kept() -> Answer {
    Answer::Secret(KEPT.to_owned())
}

/// Gives an order that makes KeePassXC ask, does something with its window, and returns the answer.
fn prompted(
    vault: &mut VaultProbe,
    screen: Screen<'_>,
    order: &str,
    act: impl FnOnce(Screen<'_>),
) -> Answer {
    vault.ask(order);
    screen.activate(screen.find(PROMPT));
    act(screen);
    let answer = vault.answer();
    screen.wait_until_gone(PROMPT);
    answer
}

fn unlock(screen: Screen<'_>) {
    screen.type_text(PASSWORD);
    screen.press("Return");
}

#[test]
fn a_prompt_that_was_dismissed_is_no_answer_and_removes_nothing() {
    let desktop = with_a_secret();
    let screen = Screen::of(&desktop);
    let mut vault = keychain(&desktop);
    for order in ["load one", "forget one", "store one 8|other", "load two"] {
        desktop.keyring().lock();
        let answer = prompted(&mut vault, screen, order, |screen| screen.press("Escape"));
        assert_eq!(answer.error(), "Denied", "{order}: {answer:?}");
    }
    desktop.keyring().unlock();
    assert_eq!(vault.load("one"), kept());
}

/// By its window's own button: KeePassXC then never says that the prompt has ended.
#[test]
fn a_prompt_whose_window_was_closed_ends_when_the_database_is_opened_elsewhere() {
    let desktop = with_a_secret();
    let screen = Screen::of(&desktop);
    let mut vault = keychain(&desktop);
    desktop.keyring().lock();
    vault.ask("load one");
    screen.close(screen.find(PROMPT));
    screen.wait_until_gone(PROMPT);
    desktop.keyring().unlock();
    assert_eq!(vault.answer(), kept());
}

#[test]
fn a_locked_database_asks_and_goes_on_with_its_password() {
    let desktop = with_a_secret();
    let screen = Screen::of(&desktop);
    let mut vault = keychain(&desktop);

    desktop.keyring().lock();
    assert_eq!(vault.check(), Answer::Done);
    for order in [
        "load-unprompted one",
        "load-unprompted two",
        "store-unprompted two 7|x",
    ] {
        vault.ask(order);
        assert_eq!(vault.answer().error(), "Locked", "{order}");
    }
    assert_eq!(screen.look_for(PROMPT), None, "nothing has asked yet");

    assert_eq!(prompted(&mut vault, screen, "load one", unlock), kept());
    desktop.keyring().lock();
    let answer = prompted(&mut vault, screen, "load two", unlock);
    assert_eq!(answer.error(), "None", "{answer:?}");
    desktop.keyring().lock();
    let answer = prompted(&mut vault, screen, "store two 9|new", unlock);
    assert_eq!(answer, Answer::Done);
    desktop.keyring().lock();
    let answer = prompted(&mut vault, screen, "forget one", unlock);
    assert_eq!(answer, Answer::Done);
    assert_eq!(vault.load("one").error(), "None");
}

#[test]
fn closed_databases_are_missing_and_reopened_ones_are_found() {
    let desktop = with_a_secret();
    let mut vault = keychain(&desktop);
    desktop.keyring().close_databases();
    for order in ["load one", "forget one", "load-unprompted one"] {
        vault.ask(order);
        let answer = vault.answer();
        let kind = answer.error();
        assert!(
            kind == "LoginKeyringMissing" || kind == "Locked",
            "{order}: {answer:?}"
        );
    }
    desktop.keyring().unlock();
    assert_eq!(vault.load("one"), kept());
}

#[test]
fn a_second_database_that_is_locked_may_have_it() {
    let desktop = with_a_secret();
    let screen = Screen::of(&desktop);
    let mut vault = keychain(&desktop);
    desktop.keyring().open_another_database();
    desktop.keyring().lock_first_database();

    let answer = prompted(&mut vault, screen, "load one", |screen| {
        screen.press("Escape");
    });
    assert_eq!(answer.error(), "Denied", "{answer:?}");
    assert_eq!(prompted(&mut vault, screen, "load one", unlock), kept());
}

#[test]
fn an_entry_that_the_user_refuses_is_a_refusal() {
    let desktop = with_a_secret();
    let screen = Screen::of(&desktop);
    desktop.keyring().stop();
    desktop.keyring().start_keepassxc(Keyring::Unlocked, true);
    let mut vault = keychain(&desktop);
    for order in ["load one", "forget one"] {
        vault.ask(order);
        screen.activate(screen.find(ACCESS_PROMPT));
        screen.press("Escape");
        let answer = vault.answer();
        assert_eq!(answer.error(), "Denied", "{order}: {answer:?}");
        screen.wait_until_gone(ACCESS_PROMPT);
    }
}

#[test]
fn a_program_that_ends_while_it_asks_ends_the_waiting() {
    let desktop = with_a_secret();
    let screen = Screen::of(&desktop);
    let mut vault = keychain(&desktop);
    desktop.keyring().lock();
    vault.ask("load one");
    let _ = screen.find(PROMPT);
    desktop.keyring().stop();
    let answer = vault.answer();
    assert_ne!(answer.error(), "None", "{answer:?}");
    assert_ne!(answer.error(), "", "{answer:?}");

    let keyring = desktop.keyring();
    keyring.start_provider(Provider::KeePassXc, Keyring::Unlocked);
    assert_eq!(vault.load("one"), kept());
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_survive_a_kill_and_a_locked_database() {
    let scene = Scene::with_provider(Provider::KeePassXc).await;
    let rotating = scene.idle_key("rotating").await;
    let app = scene.connected().await;
    create(&app, "Deploy bot").await;
    say_stored(&app).await;
    rotate(&app, rotating.id, "rotating").await;
    let token = scene.token();
    assert_eq!(scene.status_with(&token).await, 200);
    app.processes().into_iter().for_each(processes::kill);
    drop(app);

    scene.desktop.keyring().lock();
    let app = App::start(&scene.desktop).await;
    let screen = app.screen();
    let prompt = screen.find(PROMPT);
    app.find("[role=grid] [data-key]").await;
    app.wait_for_text("Waiting for the keychain…").await;
    screen.activate(prompt);
    unlock(screen);
    wait_for_reveal(&app, "rotating").await;
    leave_for_later(&app).await;
    wait::until_true("the token is still in custody", || {
        scene.in_custody().len() == 1
    });
}
